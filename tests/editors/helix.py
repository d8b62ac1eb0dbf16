"""What a user of Helix sees: a terminal of tmux is typed into and read."""
import os
import re
import subprocess
import time
from pathlib import Path

import tools

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = float(os.environ.get("T_PATIENCE", "30"))


class Terminal:
    """A terminal of a tmux server of its own."""

    def __init__(self, place, command):
        self.socket, self.environment = place.path / "tmux", place.environment
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "45", "-c", str(place.faulty), *command)

    def tmux(self, *arguments):
        """Runs a command of tmux; its output."""
        done = subprocess.run(["tmux", "-S", str(self.socket), *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def screen(self):
        """What stands in the terminal."""
        return self.tmux("capture-pane", "-p")

    def type(self, *keys):
        """Presses keys, by their names in tmux."""
        for key in keys:
            self.tmux("send-keys", key)
            time.sleep(0.05)

    def see(self, what, pattern, gone=False):
        """Waits until a pattern stands in the terminal, or no more."""
        end = time.monotonic() + PATIENCE
        while bool(re.search(pattern, screen := self.screen())) == gone:
            if time.monotonic() > end:
                raise AssertionError(f"{what}: {pattern!r} is {'still' if gone else 'not'} there:\n{screen}")
            time.sleep(0.05)
        print(f"ok      {what}", flush=True)

    def close(self):
        """Ends the terminal and all that runs in it."""
        subprocess.run(["tmux", "-S", str(self.socket), "kill-server"], env=self.environment, capture_output=True, check=False)


def configure(place):
    """The configuration that is shipped, with a server that writes its messages down in the place of `glueline`."""
    home = place.path / "home" / ".config" / "helix"
    home.mkdir(parents=True)
    shipped = (ROOT / "editors" / "helix" / "languages.toml").read_text(encoding="utf-8")
    command, *arguments = place.server
    needle = 'command = "glueline"\nargs = ["lsp"]\n'
    assert needle in shipped
    quoted = ", ".join(f'"{argument}"' for argument in arguments)
    (home / "languages.toml").write_text(shipped.replace(needle, f'command = "{command}"\nargs = [{quoted}]\n'), encoding="utf-8")
    (home / "config.toml").write_text('[editor]\nend-of-line-diagnostics = "hint"\n[editor.inline-diagnostics]\ncursor-line = "hint"\nother-lines = "error"\n', encoding="utf-8")


def check(editor, place):
    """Diagnostics, hover, definition, a code action and the end, as they are seen."""
    tools.system("tmux")
    configure(place)
    terminal = Terminal(place, [str(editor), "models/marts/fct_orders.sql"])
    try:
        terminal.see("diagnostics", r"merges without a")
        terminal.type("/", "temp_views=false", "Enter", "g", "l", "h", "h")
        terminal.see("the cursor is in the key", r"6:\d+")
        terminal.type("Space", "a")
        terminal.see("code actions", r"Write `'False'`")
        terminal.type("Enter")
        terminal.see("the fix", r"use_iceberg_temp_views='False'")
        terminal.type("Escape", "/", "stg_orders", "Enter", "Space", "k")
        terminal.see("hover", r"(?s)stg_orders.*stg_orders")
        terminal.type("Escape", "g", "d")
        terminal.see("definition", r"stg_orders\.sql")
        terminal.type("Escape", ":", "qa!", "Enter")
        ends(place)
        return True
    except AssertionError as problem:
        print(f"FAILED  {problem}")
        return False
    finally:
        terminal.close()


def ends(place):
    """Waits until no process of this run is left."""
    end = time.monotonic() + PATIENCE
    while left := [pid for pid in os.listdir("/proc") if pid.isdigit() and str(place.log) in command_line(pid)]:
        assert time.monotonic() < end, f"the server still runs: {left}"
        time.sleep(0.05)
    print("ok      the server ends with the editor", flush=True)


def command_line(pid):
    """The command line of a process, or nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
