#!/usr/bin/env python3
"""Compares `target/glueline/manifest.json` with the manifest of the real dbt, key by key, and has the real dbt read our files.

    compare.py --glueline BINARY --played BINARY --oracle FOLDER --venv VENV PROJECT...

`--played` is the example of that name of glueline-artifacts, which makes artifacts of a run that is played through.

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
import threading

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
    Difference(r"nodes/[^/]*/config/sql_header",
               "a macro sets it while dbt parses the node; Glueline asks for it where the node is run, and not before"),
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
        import fake_glue
        import record

        self.record = record
        self.home = tempfile.TemporaryDirectory(prefix="dbt-")
        state = os.path.join(self.home.name, "state.json")
        with open(state, "w", encoding="utf-8") as file:
            json.dump({"account": "123456789012", "region": "us-east-1", "databases": {}}, file)
        server = fake_glue.serve(state, os.path.join(self.home.name, "requests.jsonl"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.endpoint = f"127.0.0.1:{server.server_address[1]}"
        self.zygote = record.Zygote(os.path.join(venv, "bin", "python"))

    def run(self, project, *argv, **env):
        """Runs a command of dbt; gives what it printed."""
        logs = os.path.join(project, "dbt-logs")
        argv = [*argv, "--project-dir", project, "--profiles-dir", project, "--no-partial-parse", "--no-use-colors",
                "--no-version-check", "--no-static-parser", "--log-path", logs]
        result = os.path.join(project, "dbt-result.json")
        environment = self.record.clean_env({
            "HOME": project, "ORACLE_RESULT": result, "ORACLE_ENDPOINT": self.endpoint,
            "AWS_ENDPOINT_URL": f"http://{self.endpoint}", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "fake", "AWS_SECRET_ACCESS_KEY": "fake", **env})
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


# Read as the real dbt reads them: it takes a manifest apart into its classes, and has no other check of one.
VALIDATE = """
import json, sys
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.artifacts.schemas.run import RunResultsArtifact
from dbt.contracts.graph.manifest import Manifest
import dbt.adapters.glue
folder = sys.argv[1]
manifest = WritableManifest.read_and_check_versions(folder + "/manifest.json")
nodes = Manifest.from_writable_manifest(manifest).nodes
again = json.loads(json.dumps(manifest.to_dict(omit_none=False, context={"artifact": True}), default=str))
ours = json.load(open(folder + "/manifest.json"))
for section in ours:
    if section != "metadata":
        for key, entry in ours[section].items():
            assert entry == again[section][key], (section, key, entry, again[section][key])
if len(sys.argv) > 2:
    results = RunResultsArtifact.read_and_check_versions(folder + "/run_results.json")
    RunResultsArtifact.validate(results.to_dict(omit_none=False))
    assert len(results) > 5
print("read", len(nodes))
"""


def validate(venv, folder, *more):
    """Whether dbt's own classes take the files and give them back as they are; why not."""
    python = os.path.join(venv, "bin", "python")
    done = subprocess.run([python, "-c", VALIDATE, folder, *more], capture_output=True, text=True)
    return None if done.stdout.startswith("read") else done.stderr.strip()[-2000:]


def listed(dbt, project, selection, **env):
    """The nodes that `dbt ls` selects, with our artifacts for its state."""
    talk = dbt.run(project, "ls", "--quiet", "--output", "name", "--state", os.path.join("target", "glueline"),
                   "--indirect-selection", "empty", "--select", selection, **env)
    lines = [line.strip() for line in talk.splitlines()]
    # What is said besides has spaces; what went wrong is not passed over.
    return sorted(line for line in lines if line and (" " not in line or "ERROR" in line))


def read_by_dbt(dbt, options, project, model, macro):
    """What the real dbt makes of the state of a project that did not change, and of one that did; what is wrong."""
    wrong = []

    def expect(what, found, expected):
        if found != expected:
            wrong.append(f"{what}: {found} instead of {expected}")

    folder = os.path.join(project, "target", "glueline")
    expect("dbt's classes", validate(options.venv, folder), None)
    expect("an unchanged project", listed(dbt, project, "state:modified"), [])
    path = os.path.join(project, model)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n-- changed")
    name = os.path.basename(model).removesuffix(".sql")
    expect("a changed model", listed(dbt, project, "state:modified"), [name])
    expect("a changed model, by its body", listed(dbt, project, "state:modified.body"), [name])
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    name = os.path.basename(macro).removesuffix(".sql")
    nodes = read(os.path.join(project, "target", "manifest.json"))["nodes"].values()
    calls = [node["depends_on"]["macros"] for node in nodes]
    users = sorted(node["name"] for node, ids in zip(nodes, calls) if any(one.endswith(f".{name}") for one in ids))
    path = os.path.join(project, macro)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("{%- endmacro", "{# changed #}{%- endmacro"))
    expect("a changed macro", listed(dbt, project, "state:modified.macros"), users)
    return wrong


def results(dbt, options):
    """What the real dbt selects by our `run_results.json`; what is wrong."""
    recorded = os.path.join(os.path.dirname(os.path.abspath(__file__)), *RECORDED)
    recorded = read(recorded)
    with tempfile.TemporaryDirectory(prefix="results-") as directory:
        project = os.path.join(os.path.realpath(directory), "small")
        for path, text in recorded["files"].items():
            path = os.path.join(project, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        state = os.path.join(project, "state.json")
        with open(state, "w", encoding="utf-8") as file:
            json.dump(recorded["state"], file)
        done = subprocess.run([options.played, project, state], env={**os.environ, "VIRTUAL_ENV": options.venv},
                              capture_output=True, text=True)
        if done.returncode:
            return [f"nothing was played: {done.stderr}"]
        folder = os.path.join(project, "target", "glueline")
        os.makedirs(folder)
        for name, line in zip(["manifest.json", "run_results.json"], done.stdout.splitlines()):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(line)
        wrong = []
        fault = validate(options.venv, folder, "results")
        if fault:
            wrong.append(f"dbt's classes: {fault}")
        for status in ["error", "fail", "warn", "skipped", "success", "pass"]:
            of_status = [one["unique_id"] for one in recorded["run_results"]["results"] if one["status"] == status]
            # Hooks are not listed.
            expected = sorted(one.split(".")[2] for one in of_status if not one.startswith("operation."))
            expected = sorted(EXPOSURE if one == "page" else one for one in expected)
            found = listed(dbt, project, f"result:{status}")
            if found != expected:
                wrong.append(f"result:{status}: {found} instead of {expected}")
        found = listed(dbt, project, "state:modified")
        if found:
            wrong.append(f"an unchanged project: {found}")
        return wrong


# A project that the real dbt built, with what it left behind.
RECORDED = ["..", "..", "crates", "artifacts", "tests", "recorded", "build.json"]
# How `dbt ls` names the exposure of it.
EXPOSURE = "page"
# In the bundled project: a model, and a macro that models call.
CHANGED = ("models/marts/core/dim_countries.sql", "macros/newest_first.sql")


def main():
    parser = argparse.ArgumentParser()
    for name in ["--glueline", "--played", "--oracle", "--venv"]:
        parser.add_argument(name, required=True, type=os.path.abspath)
    parser.add_argument("--show", type=int, default=12)
    parser.add_argument("--width", type=int, default=300)
    parser.add_argument("projects", nargs="+", type=os.path.abspath)
    options = parser.parse_args()
    dbt = Dbt(options.oracle, options.venv)
    wrong = right = skipped = 0
    told = []
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
            if all(os.path.exists(os.path.join(project, path)) for path in CHANGED):
                told.append((name, read_by_dbt(dbt, options, project, *CHANGED)))
            for path, one, other in differing[: options.show]:
                print(f"  {path}\n    glueline: {json.dumps(one)[:options.width]}\n    dbt:      {json.dumps(other)[:options.width]}")
    print(f"{right} manifests as dbt writes them, {wrong} not, {skipped} that dbt does not write")
    for what, faults in [("run results", results(dbt, options)), *told]:
        wrong += bool(faults)
        print(f"{what}, read by dbt: {'as they should be' if not faults else ''}")
        for fault in faults:
            print(f"  {fault}")
    dbt.zygote.close()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
