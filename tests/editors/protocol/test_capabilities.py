"""The table of `editors/README.md` says what the server says of itself."""
import json
import re

from conftest import MODEL, ROOT
from lsprotocol import types as t
from pygls.protocol import default_converter

ROW = re.compile(r"^\| `(?P<method>[\w/$]+)` \| (?P<own>[^|]+) \|", re.MULTILINE)


def known():
    """Each method that a server announces, and the path in its capabilities."""
    model = json.loads((MODEL / "metaModel.json").read_text(encoding="utf-8"))
    return {one["method"]: one["serverCapability"] for one in model["requests"] + model["notifications"]
            if "serverCapability" in one and not one["method"].startswith("textDocument/did")}


def announced(capabilities, registered):
    """The methods that a server announced, at once or later."""
    methods = set(registered)
    for method, path in known().items():
        value = capabilities
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None and value is not False:
            methods.add(method)
    return methods


def table():
    """What the table says of the server."""
    text = (ROOT / "editors" / "README.md").read_text(encoding="utf-8")
    rows = {match["method"]: match["own"].strip() for match in ROW.finditer(text)}
    assert len(rows) > 20 and set(rows.values()) <= {"yes", "no"}, rows
    return rows


async def test_the_table_is_what_the_server_announces(start, projects):
    editor = await start("vscode", projects("shop"), capabilities={"workspace": {"textDocumentContent": {"dynamicRegistration": True}}})
    capabilities = default_converter().unstructure(editor.result.capabilities, t.ServerCapabilities)
    said = announced(capabilities, [one.method for one in editor.registered])
    rows = table()
    assert set(rows) <= set(known())
    wrong = {method: own for method, own in rows.items() if (own == "yes") != (method in said)}
    assert not wrong, f"the table is wrong about {wrong}"
    watched = {t.WORKSPACE_DID_CHANGE_WATCHED_FILES, "textDocument/semanticTokens", t.WORKSPACE_DID_CHANGE_CONFIGURATION}
    # The server announces that it knows folders, which the row of their changes says; it asks for none.
    folders = {t.WORKSPACE_WORKSPACE_FOLDERS}
    assert not said - set(rows) - watched - folders - {"textDocument/willSave", "textDocument/willSaveWaitUntil"}, said - set(rows)
