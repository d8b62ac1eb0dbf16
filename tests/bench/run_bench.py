#!/usr/bin/env python3
"""`glueline run` and `show` side by side with `dbt run` and `show`, on one warm session of `glueline local`; prints a Markdown table.

    run_bench.py --glueline FILE --tools DIR --dbt VENV [--models N] [--rounds N] [--threads N] [--json FILE] [--check]

A project of incremental models is made: in turn insert_overwrite by day on parquet, append on parquet, merge on Iceberg and append on
Iceberg, each reading the last two days of one source. It is built once by each of the two, so that tables are there and both sessions'
halves are warm; then both run it in turn, in the same session, with the same profile, settings as they come. Calls are counted by a proxy
on loopback, jobs by Spark's own scheduler, times are those of whole processes; medians of the rounds.

Runs in the environment that has dbt (boto3 is there). With --check it fails where a run makes more than a third of dbt's calls, those left
out that ask whether a statement is over, or where a command has more Spark jobs than dbt's: these are counts. How often it is asked whether
a statement is over depends on how long the statement takes, on the machine, that is. No time ever fails.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "local"))

from common import CONF, Endpoint, run, session, text  # noqa: E402
from counting import Counting  # noqa: E402

# Asks whether a statement is over.
ASKING = "glue:GetStatement"
LAKE = "s3://bench-lake"
SESSION = "bench"
KINDS = (
    ("overwrite", "incremental_strategy='insert_overwrite', partition_by=['day'], file_format='parquet'"),
    ("append", "incremental_strategy='append', file_format='parquet'"),
    ("merge", "incremental_strategy='merge', unique_key='id', file_format='iceberg'"),
    ("iceberg", "incremental_strategy='append', file_format='iceberg'"),
)
MODEL = """{{{{ config(materialized='incremental', {config}) }}}}
select id, amount * {number} as amount, amount > 500 as is_large, day
from {{{{ source('raw', 'sales') }}}}
{{% if is_incremental() %}}
where day >= '29'
{{% endif %}}
"""
FILL = """
spark.sql("create database if not exists raw location '%s/raw'")
spark.sql("create table raw.sales using parquet location '%s/raw/sales' as "
          "select id, cast(id * 7 %% 1000 as double) as amount, lpad(cast(id %% 30 + 1 as string), 2, '0') as day from range(3000)")
""" % (LAKE, LAKE)
# All jobs of the one Spark, of whatever session, as its scheduler has numbered them.
JOBS = "print(spark.sparkContext._jsc.sc().dagScheduler().numTotalJobs())"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def make(project, models, threads):
    """The project; JSON is YAML, too."""
    write(project / "dbt_project.yml", {"name": "bench", "version": "1.0", "profile": "bench", "flags": {"send_anonymous_usage_stats": False}})
    output = {
        "type": "glue",
        "role_arn": "arn:aws:iam::123456789012:role/bench",
        "region": "eu-west-1",
        "schema": "bench",
        "location": LAKE + "/bench",
        "glue_version": "5.0",
        "worker_type": "G.1X",
        "workers": 2,
        "threads": threads,
        "glue_session_reuse": True,
        "glue_session_id": SESSION,
        "datalake_formats": "iceberg",
        "conf": CONF
        + " --conf spark.sql.sources.partitionOverwriteMode=dynamic --conf spark.sql.legacy.allowNonEmptyLocationInCTAS=true",
    }
    write(project / "profiles.yml", {"bench": {"target": "dev", "outputs": {"dev": output}}})
    write(project / "models" / "sources.yml", {"version": 2, "sources": [{"name": "raw", "schema": "raw", "tables": [{"name": "sales"}]}]})
    for number in range(models):
        kind, config = KINDS[number % len(KINDS)]
        write(project / "models" / ("m%02d_%s.sql" % (number, kind)), MODEL.format(config=config, number=number + 1))


class Bench:
    def __init__(self, options, project, counting):
        self.options, self.project, self.counting = options, project, counting
        self.environment = dict(os.environ, AWS_ENDPOINT_URL=counting.url, DBT_SEND_ANONYMOUS_USAGE_STATS="false")
        self.found = {}

    def command(self, who, *words):
        if who == "dbt":
            place = ("--profiles-dir", str(self.project), "--project-dir", str(self.project))
            return [str(Path(self.options.dbt) / "bin" / "dbt"), "--quiet", *words, *place]
        return [self.options.glueline, *words, "--quiet", "--project-dir", str(self.project)]

    def once(self, who, words, counts):
        """Runs a command; what it cost, taken down where it `counts`."""
        before = int(text(run("count", JOBS)))
        self.counting.take()
        began = time.perf_counter()
        done = subprocess.run(self.command(who, *words), cwd=self.project, env=self.environment, capture_output=True, text=True)
        seconds = time.perf_counter() - began
        calls = self.counting.take()
        jobs = int(text(run("count", JOBS))) - before
        if done.returncode:
            raise SystemExit("%s %s failed:\n%s\n%s" % (who, " ".join(words), done.stdout, done.stderr))
        row = {"seconds": seconds, "calls": sum(calls.values()), "jobs": jobs, "by operation": dict(calls.most_common())}
        print("%-8s %s: %.2f s, %d calls, %d jobs %s" % (who, words[0], seconds, row["calls"], jobs, row["by operation"]), file=sys.stderr, flush=True)
        if counts:
            self.found.setdefault(words[0], {}).setdefault(who, []).append(row)

    def rounds(self, theirs, ours):
        """Both in turn, each first in every other round, after one that does not count."""
        for number in range(self.options.rounds + 1):
            sides = [("dbt", theirs), ("glueline", ours)]
            for who, words in sides if number % 2 else reversed(sides):
                self.once(who, words, number > 0)


def medians(rows):
    return {key: statistics.median(row[key] for row in rows) for key in ("seconds", "calls", "jobs")}


def table(found):
    lines = ["| command | who | wall time | calls of AWS | Spark jobs |", "|---|---|---:|---:|---:|"]
    for command, sides in found.items():
        costs = {who: medians(rows) for who, rows in sides.items()}
        for who, cost in costs.items():
            lines.append("| %s | %s | %.2f s | %d | %d |" % (command, who, cost["seconds"], cost["calls"], cost["jobs"]))
        dbt, ours = costs["dbt"], costs["glueline"]
        ratios = ["%.1f×" % (dbt[key] / ours[key]) if ours[key] else "" for key in ("seconds", "calls", "jobs")]
        lines.append("| %s | ratio | %s |" % (command, " | ".join(ratios)))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--glueline", required=True)
    parser.add_argument("--tools", required=True, help="where `glueline local` has Spark")
    parser.add_argument("--dbt", required=True, help="a virtual environment with dbt-glue in it")
    parser.add_argument("--models", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1, help="threads of dbt: one session runs one statement at a time")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="glueline-bench-"))
    endpoint = Endpoint(options, str(folder))
    counting = Counting(endpoint.url)
    try:
        project = folder / "project"
        make(project, options.models, options.threads)
        session("count")
        if run("count", FILL)["Output"]["Status"] != "ok":
            raise SystemExit("the source cannot be made")
        bench = Bench(options, project, counting)
        bench.rounds(("run",), ("run",))
        # What a developer looks at: the rows of a model.
        shown = ("show", "--select", "m00_overwrite", "--limit", "100")
        bench.rounds(shown, shown)
    finally:
        counting.close()
        endpoint.close()
        # Whatever it started clears away its own files as it ends.
        endpoint.gone()
        shutil.rmtree(folder)
    print(table(bench.found))
    if options.json:
        write(options.json, bench.found)
    if not options.check:
        return 0
    wrong = []
    for command, sides in bench.found.items():
        dbt, ours = medians(sides["dbt"]), medians(sides["glueline"])
        if ours["jobs"] > dbt["jobs"]:
            wrong.append("%s: %d Spark jobs, dbt has %d" % (command, ours["jobs"], dbt["jobs"]))
    theirs, ours = (statistics.median(row["calls"] - row["by operation"].get(ASKING, 0) for row in bench.found["run"][who]) for who in ("dbt", "glueline"))
    if 3 * ours > theirs:
        wrong.append("run: %d calls besides %s, dbt makes %d" % (ours, ASKING, theirs))
    for line in wrong:
        print("FAILED " + line)
    return 1 if wrong else 0


sys.exit(main())
