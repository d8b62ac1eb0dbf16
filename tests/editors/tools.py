#!/usr/bin/env python3
"""Installs real editors below a directory, from Debian's own packages, without touching the system.

    tools.py DIR EDITOR...      prints one line `EDITOR PATH` each

An editor is unpacked with all that it links to, its libc included, so that releases newer than the system run beside it.
What is there already is kept. The mirror and its key are those that the system's own apt uses.
"""
import fcntl
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
LIBRARIES = "usr/lib/x86_64-linux-gnu"

NEOVIM = """export VIMRUNTIME="$R/usr/share/nvim/runtime"
export LUA_PATH="$R/usr/share/lua/5.1/?.lua;;" LUA_CPATH="$L/lua/5.1/?.so;;"
exec "$R/usr/bin/nvim" "$@"
"""
HELIX = """export HELIX_RUNTIME="$R/usr/lib/hx/runtime"
exec "$R/usr/lib/hx/hx" "$@"
"""
EMACS = """V=$(ls "$R/usr/share/emacs" | grep '^[0-9]' | head -n 1)
X=$(ls -d "$R"/usr/libexec/emacs/$V/*)
export EMACSDATA="$R/usr/share/emacs/$V/etc" EMACSDOC="$R/usr/share/emacs/$V/etc" EMACSPATH="$X"
export EMACSLOADPATH="$(find "$R/usr/share/emacs/$V/lisp" -type d | tr '\\n' ':')"
exec "$R/usr/bin/emacs-nox" --dump-file="$(ls "$X"/*.pdmp | head -n 1)" "$@"
"""

# Name: suite, packages, executable to mend, what the wrapper does with the root `$R` and its libraries `$L`.
EDITORS = {
    "nvim-0.10": ("trixie", ["neovim"], ["usr/bin/nvim"], NEOVIM),
    "nvim-0.12": ("sid", ["neovim"], ["usr/bin/nvim"], NEOVIM),
    "helix": ("sid", ["hx", "libc6", "libgcc-s1"], ["usr/lib/hx/hx"], HELIX),
    "emacs": ("trixie", ["emacs-nox"], ["usr/bin/emacs-nox"], EMACS),
}


def run(command, **options):
    """Runs a command; its output is shown where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"`{' '.join(map(str, command))}` failed with {done.returncode}:\n{done.stdout}")
    return done.stdout


def mirror():
    """Where the system's own apt takes Debian's packages from."""
    listed = run(["apt-get", "indextargets", "--format", "$(ORIGIN) $(SUITE) $(REPO_URI)"])
    for line in sorted(set(listed.splitlines())):
        origin, _, rest = line.partition(" ")
        suite, _, address = rest.partition(" ")
        if origin == "Debian" and "security" not in suite:
            return address
    sys.exit("The system's apt knows no mirror of Debian; run `apt-get update`.")


def unpack(place, suite, packages):
    """Downloads packages with all that they need, and unpacks them below `place/root`."""
    apt = place / "apt"
    for folder in ("state/lists/partial", "archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    (apt / "apt.conf").write_text(
        f'Dir::State "{apt}/state"; Dir::State::status "{apt}/status"; Dir::Cache "{apt}";'
        f'Dir::Cache::archives "{apt}/archives"; Dir::Etc::sourcelist "{apt}/sources.list";'
        'Dir::Etc::sourceparts "-"; Dir::Etc::preferencesparts "-"; APT::Architecture "amd64";'
        'APT::Sandbox::User ""; Acquire::Languages "none"; Acquire::Retries "3";\n'
    )
    environment = os.environ | {"APT_CONFIG": str(apt / "apt.conf")}
    run(["apt-get", "update"], env=environment)
    run(["apt-get", "-y", "--no-install-recommends", "--download-only", "install", *packages], env=environment)
    for archive in sorted((apt / "archives").glob("*.deb")):
        run(["dpkg", "-x", str(archive), str(place / "root")])
    shutil.rmtree(apt)


def patchelf(tools):
    """The tool that rewrites which loader and libraries a program uses."""
    found = shutil.which("patchelf")
    if found:
        return found
    place = tools / "patchelf"
    program = place / "usr" / "bin" / "patchelf"
    if not program.exists():
        archives = place / "archives"
        archives.mkdir(parents=True, exist_ok=True)
        run(["apt-get", "download", "patchelf"], cwd=archives)
        for archive in archives.glob("*.deb"):
            run(["dpkg", "-x", str(archive), str(place)])
    return str(program)


def system(program):
    """A program of the system, installed by apt where it is missing."""
    if not shutil.which(program):
        run(["apt-get", "install", "-y", "--no-install-recommends", program])
    return shutil.which(program)


def is_program(path):
    """Whether a file is an ELF file."""
    with open(path, "rb") as handle:
        return handle.read(4) == b"\x7fELF"


def mend(tools, root, programs):
    """Makes programs and libraries use the loader and libraries that were unpacked with them."""
    tool, libraries = patchelf(tools), root / LIBRARIES
    loader = next(path for path in (libraries / "ld-linux-x86-64.so.2", root / "usr/lib64/ld-linux-x86-64.so.2") if path.exists())
    for program in programs:
        path = root / program
        if path.exists() and not path.is_symlink() and is_program(path):
            run([tool, "--set-interpreter", str(loader), "--force-rpath", "--set-rpath", str(libraries), str(path)])
    for library in sorted(libraries.rglob("*.so*")):
        if library.is_symlink() or not library.is_file() or not is_program(library):
            continue
        if "ld-linux" in library.name or "gconv" in library.parts or library.name.startswith(("libc.so", "libm.so")):
            continue
        run([tool, "--force-rpath", "--set-rpath", str(libraries), str(library)])


def install(tools, name):
    """The path of an editor's wrapper, installed where it is missing."""
    suite, packages, programs, body = EDITORS[name]
    place = tools / name
    wrapper = place / "run"
    if wrapper.exists():
        return wrapper
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    unpack(place, suite, packages)
    mend(tools, place / "root", programs)
    draft = place / "run.new"
    draft.write_text(f'#!/bin/sh\nR="{place / "root"}" L="{place / "root" / LIBRARIES}"\n{body}')
    draft.chmod(draft.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    run([str(draft), "--version"])
    draft.rename(wrapper)
    return wrapper


def main():
    if len(sys.argv) < 3 or any(name not in EDITORS for name in sys.argv[2:]):
        sys.exit(f"{__doc__}\nEditors: {', '.join(EDITORS)}")
    tools = Path(sys.argv[1]).resolve()
    tools.mkdir(parents=True, exist_ok=True)
    with open(tools / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in sys.argv[2:]:
            print(name, install(tools, name), flush=True)


if __name__ == "__main__":
    main()
