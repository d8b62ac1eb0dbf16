"""Configurations of editors that do not run here: they are read, and hold the keys that the editors document."""
import json
import os
import subprocess
import tomllib

COMMAND = ["glueline", "lsp"]
# Of a client in the settings of Sublime's LSP package.
SUBLIME_KEYS = {
    "enabled", "command", "env", "settings", "initializationOptions", "selector", "priority_selector", "diagnostics_mode",
    "tcp_port", "experimental_capabilities", "disabled_capabilities",
}  # fmt: skip
LANGUAGE_IDS = {"sql", "yaml", "python", "markdown", "toml", "csv"}


def helix(editors):
    """`languages.toml`: each language names servers that are there or Helix's own."""
    config = tomllib.loads((editors / "helix" / "languages.toml").read_text(encoding="utf-8"))
    server = config["language-server"]["glueline"]
    assert [server["command"], *server["args"]] == COMMAND
    for language in config["language"]:
        assert language["language-servers"][0] == "glueline", language


def sublime(editors):
    """`LSP.sublime-settings`."""
    [(name, client)] = json.loads((editors / "sublime" / "LSP.sublime-settings").read_text(encoding="utf-8"))["clients"].items()
    assert name == "glueline" and client["enabled"] is True and client["command"] == COMMAND
    assert set(client) <= SUBLIME_KEYS, set(client) - SUBLIME_KEYS
    assert all(scope.strip().startswith("source.") for scope in client["selector"].split("|"))
    assert client["diagnostics_mode"] in ("open_files", "workspace")


def jetbrains(editors):
    """The template of LSP4IJ."""
    template = json.loads((editors / "jetbrains" / "glueline" / "template.json").read_text(encoding="utf-8"))
    assert set(template) == {"id", "name", "programArgs", "fileTypeMappings"}
    assert template["programArgs"]["default"].split() == COMMAND
    for mapping in template["fileTypeMappings"]:
        assert set(mapping) == {"fileType", "languageId"} and mapping["languageId"] in LANGUAGE_IDS
        assert set(mapping["fileType"]) == {"name", "patterns"}


def zed(editors):
    """The extension: its manifest, and that its code compiles."""
    manifest = tomllib.loads((editors / "zed" / "extension.toml").read_text(encoding="utf-8"))
    assert {"id", "name", "version", "schema_version", "authors", "description"} <= set(manifest)
    server = manifest["language_servers"]["glueline"]
    assert set(server) == {"name", "languages", "language_ids"} and set(server["language_ids"]) == set(server["languages"])
    package = tomllib.loads((editors / "zed" / "Cargo.toml").read_text(encoding="utf-8"))
    assert package["package"]["version"] == manifest["version"] and package["lib"]["crate-type"] == ["cdylib"]
    target = os.environ.get("CARGO_TARGET_DIR", str(editors.parent / "target"))
    environment = os.environ | {"CARGO_TARGET_DIR": os.path.join(target, "zed")}
    subprocess.run(["cargo", "check", "--quiet", "--locked"], cwd=editors / "zed", env=environment, check=True)


def check(editors):
    """Whether all of them hold."""
    held = True
    for config in (helix, sublime, jetbrains, zed):
        try:
            config(editors)
            print(f"ok      {config.__name__}")
        except (AssertionError, KeyError, ValueError, subprocess.CalledProcessError) as problem:
            print(f"FAILED  {config.__name__}: {problem!r}")
            held = False
    return held
