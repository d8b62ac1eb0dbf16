"""A small client of the Language Server Protocol over stdio: nothing but the standard library, and nothing of the server's."""
import json
import os
import subprocess
import threading
import time

ENCODINGS = ["utf-8", "utf-16"]


class ServerGone(Exception):
    """The server ended, or does not answer."""


class Client:
    """A server's process and what it said, each message with the instant at which it had been read whole."""

    def __init__(self, command, cwd=None, log=None):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log or subprocess.DEVNULL, bufsize=0)
        self.news = threading.Condition()
        self.answers = {}
        self.published = {}
        self.counts = {}
        self.capabilities = {}
        self.refreshes = 0
        self.busy = {}
        self.last_id = 0
        self.alive = True
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        stream = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=1 << 20)
        while True:
            length = 0
            while line := stream.readline():
                if line in (b"\r\n", b"\n"):
                    break
                name, _, value = line.partition(b":")
                if name.strip().lower() == b"content-length":
                    length = int(value)
            body = stream.read(length) if line else b""
            if not body:
                break
            self._take(json.loads(body), time.perf_counter())
        with self.news:
            self.alive = False
            self.news.notify_all()

    def _take(self, message, now):
        method = message.get("method")
        if method and "id" in message:
            asked = message.get("params") or {}
            result = [None] * len(asked.get("items", [])) if method == "workspace/configuration" else None
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        with self.news:
            if method == "textDocument/publishDiagnostics":
                params = message["params"]
                self.published.setdefault(params["uri"], []).append((now, params.get("version"), params["diagnostics"]))
            elif method == "workspace/diagnostic/refresh":
                self.refreshes += 1
            elif method == "$/progress":
                kind = message["params"]["value"].get("kind")
                self.busy[str(message["params"]["token"])] = kind != "end"
            elif method is None:
                self.answers[message["id"]] = (now, message)
            if method:
                self.counts[method] = self.counts.get(method, 0) + 1
            self.news.notify_all()

    def _send(self, message):
        body = json.dumps(message, separators=(",", ":")).encode()
        data = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        try:
            while data:
                data = data[os.write(self.process.stdin.fileno(), data):]
        except OSError as error:
            raise ServerGone(str(error)) from error

    def notify(self, method, params):
        """Sends a notification; the instant before it was sent."""
        now = time.perf_counter()
        self._send({"jsonrpc": "2.0", "method": method, "params": params})
        return now

    def ask(self, method, params):
        """Sends a request without waiting; its number and the instant before it was sent."""
        self.last_id += 1
        number, now = self.last_id, time.perf_counter()
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number, now

    def wait(self, what, found, timeout=120.0):
        """Waits until `found()` gives something, looked at whenever a message arrives."""
        end = time.perf_counter() + timeout
        with self.news:
            while (result := found()) is None:
                rest = end - time.perf_counter()
                if not self.alive:
                    raise ServerGone(f"the server ended with {self.process.wait()} while {what} was waited for")
                if rest <= 0:
                    raise ServerGone(f"no {what} within {timeout:.0f} s")
                self.news.wait(rest)
        return result

    def answer(self, number, timeout=120.0):
        """The answer to a request: the instant, and the result."""
        now, message = self.wait("answer", lambda: self.answers.pop(number, None), timeout)
        if "error" in message:
            raise ServerGone(f"the server answered {message['error']}")
        return now, message["result"]

    def timed(self, method, params):
        """A request answered: seconds, result."""
        number, sent = self.ask(method, params)
        now, result = self.answer(number)
        return now - sent, result

    def resident(self):
        """Resident memory now and at its highest, in MiB."""
        values = {}
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                name, _, value = line.partition(":")
                if name in ("VmRSS", "VmHWM"):
                    values[name] = int(value.split()[0]) / 1024
        return values["VmRSS"], values["VmHWM"]

    def initialize(self, root, pull):
        """Says who we are; the result."""
        text = {
            "synchronization": {},
            "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
            "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
            "definition": {"linkSupport": True},
        }
        workspace = {"configuration": False, "didChangeWatchedFiles": {"dynamicRegistration": True}}
        if pull:
            text["diagnostic"] = {"relatedDocumentSupport": True}
            workspace["diagnostics"] = {"refreshSupport": True}
        _, result = self.timed("initialize", {
            "processId": os.getpid(),
            "clientInfo": {"name": "lsp_bench"},
            "rootUri": root.as_uri(),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": {
                "general": {"positionEncodings": ENCODINGS},
                "textDocument": text,
                "workspace": workspace,
                "window": {"workDoneProgress": True},
            },
        })
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})
        return result

    def close(self):
        """Ends the server as a client should; its exit status."""
        number, _ = self.ask("shutdown", None)
        self.answer(number)
        self.notify("exit", None)
        return self.process.wait(timeout=20)


class Document:
    """An open document that is edited one keystroke at a time."""

    def __init__(self, client, path, language="sql", text=None):
        self.client, self.path, self.uri = client, path, path.as_uri()
        self.text = path.read_text(encoding="utf-8") if text is None else text
        self.version = 1
        self.opened = client.notify("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "languageId": language, "version": 1, "text": self.text}})

    def place(self, offset):
        """The position of an offset; the texts are ASCII, so that no encoding matters."""
        before = self.text[:offset]
        line = before.count("\n")
        return {"line": line, "character": offset - (before.rfind("\n") + 1)}

    def find(self, needle, inside=0):
        """The offset of a text in the document, and so many characters into it."""
        return self.text.index(needle) + inside

    def edit(self, start, end, new):
        """Replaces a stretch; the instant before it was sent."""
        span = {"start": self.place(start), "end": self.place(end)}
        self.text = self.text[:start] + new + self.text[end:]
        self.version += 1
        return self.client.notify("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version},
            "contentChanges": [{"range": span, "text": new}]})

    def at(self, offset):
        """Parameters of a request about a place."""
        return {"textDocument": {"uri": self.uri}, "position": self.place(offset)}

    def diagnostics(self):
        """The instant, version and findings that were last published for it."""
        return (self.client.published.get(self.uri) or [(None, None, [])])[-1]
