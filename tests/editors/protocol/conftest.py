"""Drives the real server as three editors would, and checks every message that it sends."""
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio
from editor import Editor
from lsprotocol import types as t
from pygls.protocol import default_converter
from pytest_lsp import client_capabilities

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SERVER = Path(os.environ.get("GLUELINE_SERVER", ROOT / "target" / "debug" / "glueline")).resolve()
MODEL = Path(os.environ.get("GLUELINE_LSP_MODEL", ROOT.parent / "shared" / "lsp"))

# What VS Code 1.139 says beside what the library recorded of 1.65.
VSCODE = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False},
        "inlayHint": {"dynamicRegistration": True, "resolveSupport": {"properties": ["tooltip", "label.tooltip", "label.location", "label.command", "textEdits"]}},
        "typeHierarchy": {"dynamicRegistration": True},
        "publishDiagnostics": {"versionSupport": False},
    },
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "semanticTokens": {"refreshSupport": True},
    },
}

EDITORS = ("emacs", "neovim", "vscode")


def checker():
    """The checker of recorded messages, which knows the protocol's own model."""
    path = MODEL / "check_messages.py"
    assert path.is_file(), f"{path} is missing (GLUELINE_LSP_MODEL names its directory)"
    spec = importlib.util.spec_from_file_location("check_messages", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def merged(base, more):
    """A value with another laid over it."""
    if not isinstance(base, dict) or not isinstance(more, dict):
        return more
    return base | {key: merged(base.get(key), value) for key, value in more.items()}


@pytest.fixture(scope="session")
def check_messages():
    """The checker, loaded once."""
    return checker()


@pytest.fixture
def projects(tmp_path):
    """Copies of bundled projects, by name."""

    def copy(*names):
        return [Path(shutil.copytree(ROOT / "fixtures" / name, tmp_path / "work" / name)) for name in names]

    return copy


@pytest.fixture
def findings():
    """What `check` says about a project: the findings of each file."""

    def check(project):
        command = [str(SERVER), "check", "--project-dir", str(project), "--output-format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        found = {}
        for finding in json.loads(done.stdout)["diagnostics"]:
            found.setdefault(finding["path"], []).append(finding)
        return found

    return check


@pytest_asyncio.fixture
async def start(tmp_path, check_messages):
    """Starts an editor of a kind on some folders. At the end, all that the servers said is checked."""
    editors, logs = [], []

    async def begin(kind, folders, **options):
        log = tmp_path / f"messages-{len(logs)}.jsonl"
        logs.append(log)
        tee = HERE.parent / "tee.py"
        editor = Editor(kind, capabilities_of(kind, options.pop("capabilities", {})))
        editors.append(editor)
        await editor.start([sys.executable, str(tee), str(log), str(SERVER), "lsp"], folders, **options)
        return editor

    yield begin
    statuses = [await editor.stop() for editor in editors]
    assert all(status == 0 for status in statuses), f"the servers ended with {statuses}"
    faults = [fault for log in logs for fault in check_messages.check(log)]
    assert not faults, "\n".join(faults)


def capabilities_of(kind, more):
    """What an editor can do: as Neovim 0.12.4 and Emacs 30.1 said when they were recorded, and VS Code as the library knows it."""
    converter = default_converter()
    recorded = HERE / "capabilities" / f"{kind}.json"
    if recorded.is_file():
        base = json.loads(recorded.read_text(encoding="utf-8"))["capabilities"]
    else:
        base = merged(converter.unstructure(client_capabilities("visual-studio-code"), t.ClientCapabilities), VSCODE)
    return converter.structure(merged(base, more), t.ClientCapabilities)


@pytest.fixture(params=EDITORS)
def kind(request):
    """Each kind of editor in turn."""
    return request.param
