#!/usr/bin/env python3
"""Runs Glueline's language server in real editors, and checks every message that it sends them.

    run.py [--server FILE] [--tools DIR] [--keep] NAME...      protocol, neovim, emacs, helix, configs, or all

Editors are installed below `--tools` where they are missing. Status 0 where everything holds.
"""
import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import configs
import helix
import tools

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODEL = Path(os.environ.get("GLUELINE_LSP_MODEL", ROOT.parent / "shared" / "lsp"))
LIMIT = 300


class Place:
    """A directory for one run: copies of projects, a home, the log of messages, and a Glue of the loopback."""

    def __init__(self, options, name):
        self.path = Path(tempfile.mkdtemp(prefix=f"glueline-{name}-"))
        self.log = self.path / "messages.jsonl"
        self.server = [sys.executable, str(HERE / "tee.py"), str(self.log), str(options.server), "lsp"]
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "NVIM", "VIM"))}
        self.environment |= {"HOME": str(self.path / "home"), "TERM": "xterm-256color", "T_SERVER": json.dumps(self.server)}
        (self.path / "home").mkdir()
        for project in ("shop", "shop-faulty"):
            copied = shutil.copytree(ROOT / "fixtures" / project, self.path / "work" / project)
            self.environment[f"T_{project.removeprefix('shop-').upper()}"] = str(copied)
        self.account = subprocess.Popen([sys.executable, str(HERE / "glue.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.environment = {name: value for name, value in self.environment.items() if not name.startswith("AWS_")}
        self.environment |= {"AWS_ENDPOINT_URL": self.account.stdout.readline().strip(), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "USER": "me"}
        self.shop, self.faulty = self.path / "work" / "shop", self.path / "work" / "shop-faulty"

    def run(self, command, **options):
        """Runs a command here; whether it succeeded."""
        try:
            done = subprocess.run(command, env=self.environment, cwd=self.path, timeout=LIMIT, check=False, **options)
        except subprocess.TimeoutExpired:
            print(f"not done within {LIMIT} s")
            return False
        return done.returncode == 0


def faults_of(log, leaves=False):
    """What is wrong with the messages that a server sent to an editor that waits for its last answer, or leaves at once."""
    checker = MODEL / "check_messages.py"
    if not checker.is_file():
        return [f"{checker} is missing (GLUELINE_LSP_MODEL names its directory)"]
    if not log.is_file():
        return ["no message was exchanged"]
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    found = [f"{line['from']} sent no message: {line['fault']}" for line in lines if "fault" in line]
    answers = sum(1 for line in lines if line["from"] == "server")
    if answers < 3:
        found.append(f"the server sent {answers} messages")
    spec = importlib.util.spec_from_file_location("check_messages", checker)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    faults = module.check(str(log))
    if leaves and ends_with_farewell(lines):
        faults = [fault for fault in faults if not fault.endswith("no answer to shutdown")]
    return found or faults


def ends_with_farewell(lines):
    """Whether `shutdown` is the last that was said, but for `exit`: the editor kills what it started before more is written down."""
    said = [(line["from"], line["message"].get("method")) for line in lines]
    if said[-1:] == [("client", "exit")]:
        said.pop()
    return said[-1:] == [("client", "shutdown")]


def neovim(options, place, version):
    """The script that does what a user does, in one version of Neovim."""
    editor = tools.install(options.tools, version)
    plugin = shutil.copytree(ROOT / "editors" / "neovim", place.path / "plugin")
    place.environment["T_PLUGIN"] = str(plugin)
    return place.run([str(editor), "--clean", "-n", "--headless", "-S", str(HERE / "neovim.lua")])


def emacs(options, place):
    """Eglot, in a batch."""
    editor = tools.install(options.tools, "emacs")
    place.environment["T_CONFIG"] = str(ROOT / "editors" / "emacs" / "glueline.el")
    return place.run([str(editor), "-Q", "--batch", "-l", str(HERE / "emacs.el")])


def protocol(options, place):
    """The tests of the protocol, with capabilities of three editors."""
    python = options.tools / "pytest-lsp" / "bin" / "python"
    requirements = HERE / "protocol" / "requirements.txt"
    installed = options.tools / "pytest-lsp" / "installed"
    if not installed.exists() or installed.read_text(encoding="utf-8") != requirements.read_text(encoding="utf-8"):
        if not python.exists():
            tools.run([sys.executable, "-m", "venv", str(python.parents[1])])
        tools.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)])
        shutil.copyfile(requirements, installed)
    place.environment |= {"GLUELINE_SERVER": str(options.server), "GLUELINE_LSP_MODEL": str(MODEL), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(python), "-m", "pytest", "--rootdir", str(HERE / "protocol"), str(HERE / "protocol"), "--numprocesses", "auto", *options.pytest]
    return place.run(command)


CHECKS = {
    "protocol": [("protocol", protocol, False)],
    "neovim": [(version, lambda options, place, version=version: neovim(options, place, version), True) for version in ("nvim-0.10", "nvim-0.12")],
    "emacs": [("emacs", emacs, True)],
    "helix": [("helix", lambda options, place: helix.check(tools.install(options.tools, "helix"), place), True)],
    "configs": [("configs", lambda options, place: configs.check(ROOT / "editors"), False)],
}


def one(options, name, check, talks):
    """Runs one check; whether it holds."""
    print(f"== {name}", flush=True)
    place, began = Place(options, name), time.monotonic()
    held = check(options, place)
    place.account.communicate()
    # Helix waits for nothing when it is told to quit.
    faults = faults_of(place.log, leaves=name == "helix") if talks else []
    for fault in faults[:20]:
        print(fault)
    held = held and not faults
    print(f"{'holds  ' if held else 'FAILED '} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if held and not options.keep:
        shutil.rmtree(place.path, ignore_errors=True)
    else:
        print(f"what is left of it: {place.path}")
    return held


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=Path, default=ROOT / "target" / "debug" / "glueline")
    parser.add_argument("--tools", type=Path, default=ROOT / "target" / "tools" / "editors")
    parser.add_argument("--keep", action="store_true", help="keep the directory of each run")
    parser.add_argument("--pytest", nargs=argparse.REMAINDER, default=[], help="arguments of pytest")
    parser.add_argument("names", nargs="+", choices=[*CHECKS, "all"], metavar="NAME")
    options = parser.parse_args()
    options.server, options.tools = options.server.resolve(), options.tools.resolve()
    if not options.server.is_file():
        sys.exit(f"{options.server} is missing; build it, or name it with --server")
    options.tools.mkdir(parents=True, exist_ok=True)
    names = list(CHECKS) if "all" in options.names else options.names
    held = [one(options, *check) for name in names for check in CHECKS[name]]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
