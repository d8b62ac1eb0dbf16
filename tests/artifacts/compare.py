#!/usr/bin/env python3
"""Compares `target/glueline/manifest.json` with the manifest of the real dbt, key by key, and has the real dbt read it.

    compare.py --glueline BINARY --oracle FOLDER --venv VENV PROJECT...

`--oracle` is the folder with `record.py`, which starts dbt once and forks it for each project. What is allowed to differ is named in
`DIFFERENCES`, each with its reason.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Keys that hold the time or the place of the command.
OF_THE_COMMAND = {"created_at", "generated_at", "invocation_id", "invocation_started_at", "run_started_at", "root_path"}
# What only `glueline compile` adds to what `dbt parse` writes.
OF_COMPILING = {"compiled_path", "compiled", "compiled_code", "extra_ctes_injected", "extra_ctes"}


class Difference:
    """A difference that is allowed: keys by a pattern, and why."""

    def __init__(self, pattern, why):
        self.pattern = re.compile(pattern)
        self.why = why
        self.seen = 0

    def holds(self, path):
        found = self.pattern.fullmatch(path) is not None
        self.seen += found
        return found


DIFFERENCES = [
]


def flat(value, path=""):
    """Leaves by their paths. Lists of texts without an order of their own count as one leaf."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            if key in OF_THE_COMMAND or key in OF_COMPILING:
                continue
            yield from flat(inner, f"{path}/{key}" if path else key)
    elif isinstance(value, list) and UNORDERED.fullmatch(path):
        yield path, sorted(value)
    elif isinstance(value, list) and path.startswith("disabled/"):
        for number, inner in enumerate(value):
            yield from flat(inner, f"{path}/{number}")
    else:
        yield path, value


# Lists whose order dbt leaves to the order in which it happens to read files.
UNORDERED = re.compile(r"group_map/.*")

SECTIONS = ["metadata", "nodes", "sources", "macros", "docs", "exposures", "metrics", "groups", "selectors", "disabled",
            "parent_map", "child_map", "group_map", "saved_queries", "semantic_models", "unit_tests", "functions"]


def compare(ours, theirs):
    """What differs: paths with both values."""
    found = []
    for section in SECTIONS:
        one, other = dict(flat(ours[section], section)), dict(flat(theirs[section], section))
        for path in sorted(set(one) | set(other)):
            ours_value, theirs_value = one.get(path, "<none>"), other.get(path, "<none>")
            if ours_value != theirs_value:
                found.append((path, ours_value, theirs_value))
    return found


class Dbt:
    def __init__(self, oracle, venv):
        sys.path.insert(0, oracle)
        sys.dont_write_bytecode = True
        import record

        self.record = record
        self.zygote = record.Zygote(os.path.join(venv, "bin", "python"))

    def run(self, project, *argv, **env):
        """Runs a command of dbt; gives what it printed."""
        logs = os.path.join(project, "dbt-logs")
        argv = [*argv, "--project-dir", project, "--profiles-dir", project, "--no-partial-parse", "--no-use-colors",
                "--no-version-check", "--no-static-parser", "--log-path", logs]
        result = os.path.join(project, "dbt-result.json")
        environment = self.record.clean_env({"HOME": project, "ORACLE_RESULT": result, "ORACLE_ENDPOINT": "127.0.0.1:9", "AWS_DEFAULT_REGION": "us-east-1", **env})
        console = os.path.join(project, "dbt-console.txt")
        self.zygote.run(json.dumps(argv), project, environment, console, 300)
        with open(console, encoding="utf-8") as file:
            return file.read()


def glueline(binary, venv, project, *arguments, **env):
    environment = {**os.environ, "VIRTUAL_ENV": venv, **env}
    environment.pop("DBT_PROFILES_DIR", None)
    done = subprocess.run([binary, *arguments, "--project-dir", project, "--profiles-dir", project],
                          env=environment, capture_output=True, text=True)
    return done.stderr


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    for name in ["--glueline", "--oracle", "--venv"]:
        parser.add_argument(name, required=True, type=os.path.abspath)
    parser.add_argument("--show", type=int, default=12)
    parser.add_argument("--width", type=int, default=300)
    parser.add_argument("projects", nargs="+", type=os.path.abspath)
    options = parser.parse_args()
    dbt = Dbt(options.oracle, options.venv)
    wrong = right = skipped = 0
    for source in options.projects:
        with tempfile.TemporaryDirectory(prefix="manifest-") as directory:
            project = os.path.join(os.path.realpath(directory), os.path.basename(source))
            shutil.copytree(source, project, ignore=shutil.ignore_patterns("target", "logs"))
            env = {}
            case = os.path.join(project, "case.json")
            if os.path.exists(case):
                env = read(case)["runs"][0].get("env") or {}
            talk = dbt.run(project, "parse", **env)
            theirs = os.path.join(project, "target", "manifest.json")
            said = glueline(options.glueline, options.venv, project, "compile", "--write", **env)
            ours = os.path.join(project, "target", "glueline", "manifest.json")
            name = os.path.basename(source)
            if not os.path.exists(theirs):
                skipped += 1
                print(f"{name}: dbt writes none: {talk.strip().splitlines()[-1:]}; Glueline {os.path.exists(ours)}")
                continue
            if not os.path.exists(ours):
                wrong += 1
                print(f"{name}: Glueline writes none: {said.strip()[-300:]}")
                continue
            found = compare(read(ours), read(theirs))
            differing = [one for one in found if not any(known.holds(one[0]) for known in DIFFERENCES)]
            print(f"{name}: {len(differing)} differences, {len(found) - len(differing)} allowed")
            wrong += bool(differing)
            right += not differing
            for path, one, other in differing[: options.show]:
                print(f"  {path}\n    glueline: {json.dumps(one)[:options.width]}\n    dbt:      {json.dumps(other)[:options.width]}")
    print(f"{right} manifests as dbt writes them, {wrong} not, {skipped} that dbt does not write")
    dbt.zygote.close()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
