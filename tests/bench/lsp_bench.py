#!/usr/bin/env python3
"""Measures a language server on a large dbt project, as an editor would feel it, and prints a Markdown table.

    lsp_bench.py [--server FILE] [--project DIR | --models N [--generator FILE]] [--edits N] [--rounds N] [--json FILE]

The project is copied; a macro is added that every model calls, and a misspelt key in twenty models, so that there is
something to find and to move. Times are taken in the client, from the moment before a message is sent to the moment
when the answer has been read whole. Where the server says that it waits before it publishes, that wait is subtracted.
Nothing here fails because it is slow: the table says what a target is and whether it is met.
"""
import argparse
import collections
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client import Client, Document

ROOT = Path(__file__).resolve().parents[2]
OPEN_PER_LAYER = 4
# Answers at rest take less than a millisecond, so that the p99 of a few hundred is the machine's own hiccups.
AT_REST = 1000
FOOTER = "\n-- {{ model_footer() }}\n"
FOOTER_MACRO = "\n{% macro model_footer() -%}\nend of {{ this.name }}\n{%- endmacro %}\n"
TYPO = "file_fromat='parquet', "


def percentile(values, share):
    """The smallest value that at least this share of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Report:
    """What was measured: rows of name, milliseconds or MiB, and target."""

    def __init__(self):
        self.rows = []

    def times(self, name, seconds, target=None, of="p99"):
        """A row of times; `of` says which of its figures the target is about."""
        values = [1000 * second for second in seconds]
        row = {"name": name, "n": len(values), "unit": "ms", "target": target, "of": of}
        row |= {f"p{share}": percentile(values, share / 100) for share in (50, 95, 99)}
        self._add(row)

    def amount(self, name, value, unit, target=None):
        """A row of one figure."""
        self._add({"name": name, "n": 1, "unit": unit, "target": target, "of": "p99", "p50": value, "p95": value, "p99": value})

    def _add(self, row):
        self.rows.append(row)
        print(self.line(row), file=sys.stderr, flush=True)

    @staticmethod
    def line(row):
        """A row of the table."""
        figures = [f"{row[key]:.1f}" for key in ("p50", "p95", "p99")] if row["n"] > 1 else ["", "", f"{row['p99']:.1f}"]
        target = ""
        if row["target"] is not None:
            met = "met" if row[row["of"]] <= row["target"] else "**missed**"
            target = f"≤ {row['target']} {row['unit']}: {met}"
        return f"| {row['name']} | {row['n']} | {' | '.join(figures)} | {target} |"

    def table(self):
        """The whole table."""
        head = "| | n | p50 | p95 | p99 | target (ms, or as said) |\n|---|---:|---:|---:|---:|---|"
        return "\n".join([head, *map(self.line, self.rows)])


def models(project, layer):
    """Paths of the models of a layer, in order."""
    return sorted((project / "models" / layer).rglob("*.sql"))


def prepare(options, place):
    """The project to measure on: a copy with a macro that all models call, and a few misspelt keys."""
    project = place / "project"
    if options.project:
        shutil.copytree(options.project, project, ignore=shutil.ignore_patterns("target", "logs"))
    else:
        generator = [sys.executable, str(options.generator), str(project), "--models", str(options.models)]
        subprocess.run(generator, check=True, stdout=subprocess.DEVNULL)
    for path in (project / "models").rglob("*.sql"):
        path.write_text(path.read_text(encoding="utf-8") + FOOTER, encoding="utf-8")
    macros = project / "macros" / "helpers.sql"
    macros.write_text(macros.read_text(encoding="utf-8") + FOOTER_MACRO, encoding="utf-8")
    faulty = [path for layer in ("intermediate", "marts") for path in models(project, layer)]
    faulty = faulty[:: max(1, len(faulty) // 20)][:20]
    for path in faulty:
        path.write_text(path.read_text(encoding="utf-8").replace("config(", f"config({TYPO}", 1), encoding="utf-8")
    return project, faulty


class Session:
    """A server with some documents open."""

    def __init__(self, options, project, faulty, pull):
        self.client = Client([str(options.server), *options.arguments], cwd=project, log=options.log)
        self.project, self.faulty, self.pull = project, faulty, pull
        self.random = random.Random(7)
        self.result = self.client.initialize(project, pull)
        own = (self.client.capabilities.get("experimental") or {}).get("glueline") or {}
        self.debounce = own.get("debounceMilliseconds", 0) / 1000
        self.document = Document(self.client, faulty[0])

    def open_all(self):
        """Opens some models of each layer besides."""
        paths = [path for layer in ("staging", "intermediate", "marts") for path in models(self.project, layer)[5 : 5 + OPEN_PER_LAYER]]
        self.documents = [Document(self.client, path) for path in paths]
        self.settings = Document(self.client, self.project / "dbt_project.yml", "yaml")
        self.macros = Document(self.client, self.project / "macros" / "helpers.sql")
        self.properties = Document(self.client, models(self.project, "marts")[0].parent / "_models.yml", "yaml")
        self.rest()

    def rest(self, quiet=0.7, timeout=120.0):
        """Waits until the server has had nothing to say for a while."""
        end, last = time.perf_counter() + timeout, None
        while time.perf_counter() < end:
            seen = (sum(self.client.counts.values()), any(self.client.busy.values()), self.client.last_id)
            if seen == last and not seen[1]:
                return
            last = seen
            time.sleep(quiet)

    def pulled(self, documents):
        """Asks for the findings of documents; when the last answer was there, and the findings."""
        asked = [self.client.ask("textDocument/diagnostic", {"textDocument": {"uri": document.uri}})[0] for document in documents]
        answers = [self.client.answer(number) for number in asked]
        return max(now for now, _ in answers), [result.get("items") for _, result in answers]

    def settle(self, edit, documents, wanted):
        """Seconds from an edit until each of the documents shows what `wanted` says of its findings."""
        if self.pull:
            sent = edit()
            end = time.perf_counter() + 60
            while True:
                now, findings = self.pulled(documents)
                if all(items is not None and wanted(items) for items in findings):
                    return now - sent
                if time.perf_counter() > end:
                    raise SystemExit(f"the findings of {documents[0].path} never changed as they should: {findings[0]}")
        before = [len(self.client.published.get(document.uri, [])) for document in documents]
        sent = edit()

        def found():
            last = [next((now for now, _, items in self.client.published.get(document.uri, [])[count:] if wanted(items)), None)
                    for document, count in zip(documents, before)]
            return None if None in last else max(last)

        return self.client.wait(f"findings of {documents[0].path.name}", found, 60) - sent - self.debounce


def says(text):
    """Whether some finding has this in its message."""
    return lambda items: any(text in item["message"] for item in items)


def silent(text):
    """Whether no finding has this in its message."""
    return lambda items: not any(text in item["message"] for item in items)


def torn(options, project, path, report):
    """From the start of the server to what an open text says by itself, for a client that does not ask."""
    client = Client([str(options.server), *options.arguments], cwd=project, log=options.log)
    client.initialize(project, False)
    document = Document(client, path, text=path.read_text(encoding="utf-8") + "{{ ref('a')\n")
    found = says("never closed")

    def shown():
        return next((now for now, _, items in client.published.get(document.uri, []) if found(items)), None)

    now = client.wait("what the text says", shown)
    report.times("start → what the text of the open file says (push)", [now - client.started], 300)
    client.close()


def opening(session, report):
    """From the start of the server to the first findings of the open file, and to those of all files."""
    client, start = session.client, session.client.started
    fault = says("file_fromat")
    if session.pull:
        now, _ = session.pulled([session.document])
        report.times("start → answer for the open file (pull)", [now - start], 300)
        number, _ = client.ask("workspace/diagnostic", {"previousResultIds": []})
        now, result = client.answer(number)
        report.times(f"start → all files ({len(result['items'])} reports, pull)", [now - start], 3000)
        return
    uris = [path.as_uri() for path in session.faulty]

    def shown(uri):
        return next((now for now, _, items in client.published.get(uri, []) if fault(items)), None)

    first = client.wait("first findings", lambda: shown(uris[0]))
    report.times("start → what the project says of the open file (push)", [first - start], 300)
    whole = client.wait("all findings", lambda: None if None in (last := [shown(uri) for uri in uris]) else max(last))
    report.times("start → findings of all files (push)", [whole - start], 3000)


def typing(session, rounds):
    """Seconds from a keystroke in a model to its findings, which the keystroke moves."""
    document, times = session.document, []
    for turn in range(rounds):
        time.sleep(session.random.uniform(0.03, 0.2))
        place = document.find(TYPO)
        if session.pull:
            sent = document.edit(place, place, " ") if turn % 2 == 0 else document.edit(place - 1, place, "")
            now, _ = session.pulled([document])
            times.append(now - sent)
            continue
        count = len(session.client.published[document.uri])
        sent = document.edit(place, place, " ") if turn % 2 == 0 else document.edit(place - 1, place, "")

        def found():
            return next((now for now, version, _ in session.client.published[document.uri][count:] if version == document.version), None)

        times.append(session.client.wait("findings of that version", found, 20) - sent - session.debounce)
    return times


def typing_properties(session, rounds):
    """Seconds from a keystroke in a properties file to its findings, asked for."""
    document, times = session.properties, []
    for turn in range(rounds):
        time.sleep(session.random.uniform(0.03, 0.2))
        place = document.find("description: Synthetic", len("description: "))
        sent = document.edit(place, place, "x") if turn % 2 == 0 else document.edit(place - 1, place, "")
        place = document.text.index("description: ")
        times.append(session.pulled([document])[0] - sent)
        if turn % 2 == 0:
            document.edit(document.find("description: x", 13), document.find("description: x", 14), "")
    return times


def places(session):
    """Documents, and in each where a name of another model stands."""
    return [(document, document.find(needle, len(needle))) for document in session.documents
            for needle in ("ref('", "source('") if needle in document.text]


def asking(session, method, rounds, edited):
    """Seconds for a request about a place, at rest or right after a keystroke."""
    times, spots = [], places(session)
    for turn in range(rounds):
        document, offset = spots[turn % len(spots)]
        if edited:
            time.sleep(session.random.uniform(0.0, 0.05))
            end = len(document.text)
            document.edit(end, end, " ")
        params = document.at(offset)
        if method == "textDocument/completion":
            params["context"] = {"triggerKind": 1}
        seconds, result = session.client.timed(method, params)
        if not result:
            raise SystemExit(f"{method} says nothing at {document.path}:{params['position']}")
        times.append(seconds)
    return times


def wide(session, rounds):
    """Seconds until open files show what an edit of the project's settings, and of a macro that all call, makes of them."""
    settings, macros, times = session.settings, session.macros, ([], [])
    staging = [document for document in session.documents if '"start_date"' in document.text]
    for _ in range(rounds):
        for there, here, wanted in (("start_date", "start_datx", says("start_date")), ("start_datx", "start_date", silent("start_date"))):
            place = settings.find(f"{there}:", 9)
            times[0].append(session.settle(lambda: settings.edit(place, place + 1, here[9]), staging, wanted))
            session.rest(0.3)
        for there, here, wanted in (("footer", "footex", says("model_footer")), ("footex", "footer", silent("model_footer"))):
            place = macros.find(f"macro model_{there}", 17)
            times[1].append(session.settle(lambda: macros.edit(place, place + 1, here[5]), session.documents, wanted))
            session.rest(0.3)
    return times


def readers(project):
    """The staging model that most models read one of whose columns by name, directly or through others, and those that read it directly."""
    children = collections.defaultdict(set)
    paths = {path.stem: path for path in (project / "models").rglob("*.sql")}
    for name, path in paths.items():
        for read in re.findall(r"ref\('(\w+)'\)", path.read_text(encoding="utf-8")):
            children[read].add(name)

    def below(name):
        met, waiting = set(), [name]
        while waiting:
            for child in children[waiting.pop()] - met:
                met.add(child)
                waiting.append(child)
        return met

    staging = [path.stem for path in models(project, "staging")]
    most = max(staging, key=lambda name: (len(below(name)), name))
    naming = [paths[name] for name in sorted(children[most]) if ".event_date" in paths[name].read_text(encoding="utf-8")]
    return paths[most], naming, len(below(most))


def column(session, rounds):
    """Seconds until the models that read a column show that it is gone, and that it is back; and how many models are below it."""
    path, naming, count = readers(session.project)
    document, others, times = Document(session.client, path), [Document(session.client, path) for path in naming], []
    session.rest()
    alias = " as gone"
    for _ in range(rounds):
        place = document.find("event_date,", len("event_date"))
        times.append(session.settle(lambda: document.edit(place, place, alias), others, says("event_date")))
        session.rest(0.3)
        times.append(session.settle(lambda: document.edit(place, place + len(alias), ""), others, silent("event_date")))
        session.rest(0.3)
    return times, count


def flood(session, edits, report):
    """Resident memory over many edits."""
    session.rest()
    begin = session.client.resident()[0]
    report.amount("resident memory, all files checked", begin, "MiB", 400)
    samples = []
    for turn in range(edits):
        document = session.documents[turn % len(session.documents)]
        end = len(document.text)
        if turn // len(session.documents) % 2 == 0:
            document.edit(end, end, "-- x\n")
        else:
            document.edit(end - 5, end, "")
        if turn % 10 == 9:
            session.client.timed("textDocument/hover", document.at(0))
        if (turn + 1) % max(1, edits // 10) == 0:
            samples.append(round(session.client.resident()[0]))
    session.rest()
    now, highest = session.client.resident()
    report.amount(f"resident memory after {edits} edits", now, "MiB", 400)
    report.amount("highest resident memory", highest, "MiB")
    print(f"resident memory while editing, MiB: {samples}", file=sys.stderr)


def measure(options, project, faulty, pull, report):
    """One session from start to end."""
    if not pull:
        torn(options, project, faulty[1], report)
    session = Session(options, project, faulty, pull)
    kind = "pull" if pull else "push"
    opening(session, report)
    session.open_all()
    report.times(f"keystroke in a model → its findings ({kind})", typing(session, options.rounds), 16)
    if pull:
        report.times("keystroke in a properties file → its findings (pull)", typing_properties(session, options.rounds // 4), 50)
        for name, method, target in (("completion", "textDocument/completion", 10), ("definition", "textDocument/definition", 2), ("hover", "textDocument/hover", None)):
            session.rest()
            report.times(f"{name}, at rest", asking(session, method, max(options.rounds, AT_REST), False), target)
            report.times(f"{name}, right after a keystroke", asking(session, method, options.rounds, True), target if name == "completion" else None)
    settings, macros = wide(session, max(1, options.rounds // 40))
    report.times(f"edit of `dbt_project.yml` → open files ({kind})", settings, 100)
    report.times(f"edit of a macro that all models call → open files ({kind})", macros, 100)
    gone, below = column(session, max(1, options.rounds // 40))
    # A server that publishes by itself waits for the typing to pause before it looks at other files.
    report.times(f"edit of a column that {below} models lie below → open readers ({kind})", gone, 20 if pull else None)
    if not pull:
        flood(session, options.edits, report)
    status = session.client.close()
    if status != 0:
        raise SystemExit(f"the server ended with {status}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", type=Path, default=ROOT / "target" / "release" / "glueline")
    parser.add_argument("--arguments", nargs="*", default=["lsp"], help="arguments of the server")
    parser.add_argument("--project", type=Path, help="a project as the generator makes it")
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--generator", type=Path, default=ROOT.parent / "shared" / "bench" / "gen_project.py")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--only", choices=["push", "pull"])
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--log", type=Path, help="write what the server says on stderr there")
    options = parser.parse_args()
    options.server = options.server.resolve()
    options.log = open(options.log, "wb") if options.log else None
    report = Report()
    with tempfile.TemporaryDirectory(prefix="lsp-bench-") as place:
        project, faulty = prepare(options, Path(place))
        for pull in (False, True):
            if options.only in (None, "pull" if pull else "push"):
                measure(options, project, faulty, pull, report)
    print(report.table())
    if options.json:
        options.json.write_text(json.dumps(report.rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
