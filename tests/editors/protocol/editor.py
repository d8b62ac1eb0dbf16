"""An editor as a test sees it: opens files, types, and knows the findings of each, pushed or pulled."""
import asyncio
import os
import time

from lsprotocol import types as t
from pytest_lsp import make_test_lsp_client

NAMES = {"vscode": "Visual Studio Code", "neovim": "Neovim", "emacs": "Eglot"}
PATIENCE = float(os.environ.get("T_PATIENCE", "30"))


class Editor:
    """A client with the capabilities of a real one, and a server of its own."""

    def __init__(self, kind, capabilities):
        self.kind = kind
        self.capabilities = capabilities
        self.client = make_test_lsp_client()
        self.texts = {}
        self.versions = {}
        self.published = {}
        self.registered = []
        self.notes = []
        self.asked = []
        self.answer = None
        self.result = None
        self._listen()

    def _listen(self):
        client = self.client
        client.protocol.fm.features.pop(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)

        @client.feature(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _publish(params: t.PublishDiagnosticsParams):
            self.published.setdefault(params.uri, []).append(params)

        @client.feature(t.CLIENT_REGISTER_CAPABILITY)
        def _register(params: t.RegistrationParams):
            self.registered.extend(params.registrations)

        @client.feature(t.WINDOW_SHOW_MESSAGE_REQUEST)
        def _ask(params: t.ShowMessageRequestParams):
            self.asked.append(params.message)
            return next((action for action in params.actions or [] if action.title == self.answer), None)

        @client.feature("glueline/documentChanged")
        def _changed(params):
            self.notes.append(params.uri)

    @property
    def pulls(self):
        """Whether this editor asks for findings, and can be told to ask again."""
        diagnostics = self.capabilities.workspace.diagnostics
        return self.capabilities.text_document.diagnostic is not None and bool(diagnostics and diagnostics.refresh_support)

    async def start(self, command, folders, options=None, environment=None):
        """Starts the server and shakes hands."""
        await self.client.start_io(*command, env=os.environ | (environment or {}))
        self.folders = folders
        self.result = await self.client.initialize_session(t.InitializeParams(
            capabilities=self.capabilities,
            process_id=os.getpid(),
            client_info=t.ClientInfo(name=NAMES[self.kind]),
            root_uri=folders[0].as_uri() if folders else None,
            workspace_folders=[t.WorkspaceFolder(uri=folder.as_uri(), name=folder.name) for folder in folders],
            initialization_options=options,
        ))

    async def stop(self):
        """Ends the server as the protocol says; its status."""
        await asyncio.wait_for(self.client.shutdown_session(), PATIENCE)
        status = self.client._server.returncode
        await self.client.stop()
        return status

    @property
    def unit(self):
        """The encoding that was agreed on."""
        return str(self.result.capabilities.position_encoding or "utf-16").rsplit(".", maxsplit=1)[-1].lower().replace("_", "-").replace("utf8", "utf-8").replace("utf16", "utf-16").replace("utf32", "utf-32")

    def units(self, text):
        """The length of a text in the units that were agreed on."""
        return {"utf-8": lambda: len(text.encode()), "utf-16": lambda: len(text.encode("utf-16-le")) // 2, "utf-32": lambda: len(text)}[self.unit]()

    def open(self, path, text=None, language="sql"):
        """Opens a file, with its text from the disk where none is given; its address."""
        uri = path if isinstance(path, str) else path.as_uri()
        self.texts[uri] = path.read_bytes().decode() if text is None else text
        self.versions[uri] = 1
        document = t.TextDocumentItem(uri=uri, language_id=language, version=1, text=self.texts[uri])
        self.client.text_document_did_open(t.DidOpenTextDocumentParams(text_document=document))
        return uri

    def close(self, uri):
        """Closes a file."""
        self.client.text_document_did_close(t.DidCloseTextDocumentParams(text_document=self.id(uri)))

    @staticmethod
    def id(uri):
        """The name of a document."""
        return t.TextDocumentIdentifier(uri=uri)

    def position(self, uri, offset):
        """Where a character of the text is."""
        before = self.texts[uri][:offset]
        return t.Position(line=before.count("\n"), character=self.units(before[before.rfind("\n") + 1 :]))

    def offset(self, uri, position):
        """Which character of the text is at a position."""
        lines = self.texts[uri].split("\n")
        start = sum(len(line) + 1 for line in lines[: position.line])
        line = lines[position.line]
        return start + next(count for count in range(len(line) + 1) if self.units(line[:count]) >= position.character)

    def at(self, uri, needle, inside=0):
        """Where a text stands in a document, and so many characters into it."""
        return self.position(uri, self.texts[uri].index(needle) + inside)

    def span(self, uri, needle):
        """The range of a text."""
        return t.Range(start=self.at(uri, needle), end=self.at(uri, needle, len(needle)))

    def covered(self, uri, span):
        """The text of a range."""
        return self.texts[uri][self.offset(uri, span.start) : self.offset(uri, span.end)]

    def edit(self, uri, needle, new):
        """Replaces the first occurrence of a text."""
        start = self.texts[uri].index(needle)
        self.replace(uri, start, start + len(needle), new)

    def replace(self, uri, start, end, new):
        """Replaces a stretch of a text."""
        span = t.Range(start=self.position(uri, start), end=self.position(uri, end))
        self.texts[uri] = self.texts[uri][:start] + new + self.texts[uri][end:]
        self.versions[uri] += 1
        self.client.text_document_did_change(t.DidChangeTextDocumentParams(
            text_document=t.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri]),
            content_changes=[t.TextDocumentContentChangePartial(range=span, text=new)],
        ))

    def apply(self, edit):
        """Applies a workspace edit to the open documents; the addresses of those that it changes."""
        changes = {uri: list(edits) for uri, edits in (edit.changes or {}).items()}
        for change in edit.document_changes or []:
            changes.setdefault(change.text_document.uri, []).extend(change.edits)
        for uri, edits in changes.items():
            spans = [(self.offset(uri, one.range.start), self.offset(uri, one.range.end), one.new_text) for one in edits]
            for start, end, new in sorted(spans, reverse=True):
                self.replace(uri, start, end, new)
        return sorted(changes)

    async def diagnostics(self, uri):
        """The findings of a file as this editor has them now."""
        if not self.pulls:
            seen = self.published.get(uri)
            return seen[-1].diagnostics if seen else []
        report = await self.client.text_document_diagnostic_async(t.DocumentDiagnosticParams(text_document=self.id(uri)))
        return report.items

    async def until(self, uri, wanted):
        """Waits until the findings of a file are as wanted; the findings."""
        return await self.eventually(f"the findings of {uri}", lambda: self.diagnostics(uri), wanted)

    @staticmethod
    async def eventually(what, look, wanted):
        """Looks again and again until something is as wanted."""
        end = time.monotonic() + PATIENCE
        while not wanted(value := await look()):
            assert time.monotonic() < end, f"{what} never were as they should; last: {value}"
            await asyncio.sleep(0.02)
        return value

    def place(self, uri, needle, inside=0):
        """The document and position of a request."""
        return {"text_document": self.id(uri), "position": self.at(uri, needle, inside)}


def codes(diagnostics):
    """The rules of findings, in order."""
    return sorted(str(one.code) for one in diagnostics)
