"""The same tables: the bundled project `shop`, built twice by `glueline run` on an endpoint of its own, against what two builds by the
real dbt-glue have left behind.

What `picture.py` sees of both has to be equal after each build, and what both say of each node. A difference that is right stands in
`EXPLAINED`, with why; an entry there that explains nothing any more fails.
"""
import fnmatch
import json
import os
import subprocess
from collections import Counter

from common import Endpoint, check
from picture import picture
from shop import prepare, results
from shown import shown

# Thing and field, as patterns of a shell, → why the two may differ there.
EXPLAINED = {
    ("*", "column update_iceberg_ts"): "the macro of dbt-glue writes the time of the run into each row",
    ("*", "column update_hudi_ts"): "the macro of dbt-glue writes the time of the run into each row",
    ("*", "column _hoodie_commit_time"): "Hudi names a commit by its time",
    ("*", "column _hoodie_commit_seqno"): "Hudi counts rows from the time of the commit on",
    ("*", "column _hoodie_file_name"): "Hudi draws names of files at random, and puts the time of the commit into them",
    ("shop_dev_history.snap_shipment_status", "column dbt_updated_at"): "the strategy `check` takes the time of the run",
    ("shop_dev_history.snap_shipment_status", "column dbt_valid_from"): "the strategy `check` takes the time of the run",
    ("shop_dev_history.snap_shipment_status", "column dbt_scd_id"): "a hash of the key and of the time of the run",
    **{
        ("shop_dev_staging.stg_*", "Parameters.view.sqlConfig." + key): "Spark keeps the settings of the session with a view; Delta and Hudi"
        " leave some behind when they write, and Glueline puts a session back at the beginning of a command"
        for key in (
            "spark.databricks.delta.lastCommitVersionInSession",
            "spark.sql.parquet.filterPushdown",
            "spark.sql.parquet.recordLevelFilter.enabled",
        )
    },
}
# How much of a difference is printed.
SHOWN = 600


def node_results(found):
    """What `run_results.json` says of each node, as fields of a thing; when and how long is left out."""
    return {
        result["unique_id"]: {key: result[key] for key in ("status", "message", "failures", "relation_name")}
        for result in found
    }


def rows_differ(theirs, ours):
    """The columns whose values differ as multisets; then whether the rows do in what is left of them."""
    if theirs["columns"] != ours["columns"]:
        yield "rows", theirs["columns"], ours["columns"]
        return
    same = []
    for index, name in enumerate(theirs["columns"]):
        left, right = (Counter(row[index] for row in side["rows"]) for side in (theirs, ours))
        if left == right:
            same.append(index)
        else:
            yield "column " + name, list((left - right).items()), list((right - left).items())
    left, right = (Counter(tuple(row[i] for i in same) for row in side["rows"]) for side in (theirs, ours))
    if left != right:
        yield "rows", list((left - right).items()), list((right - left).items())


def differences(theirs, ours):
    """Thing, field and both values of all that is not equal."""
    for thing in sorted(set(theirs) | set(ours)):
        left, right = theirs.get(thing), ours.get(thing)
        if left is None or right is None:
            yield thing, "is there", left is not None, right is not None
            continue
        for field in sorted(set(left) | set(right)):
            one, other = left.get(field), right.get(field)
            if field == "rows" and one and other:
                for name, a, b in rows_differ(one, other):
                    yield thing, name, a, b
            elif one != other:
                yield thing, field, one, other


def build(options, project, time_of_run):
    command = [options.glueline, "run", "--command", "build", "--yes", "--quiet", "--project-dir", project]
    if time_of_run == "second":
        # As dbt does it in `run.py`.
        command += ["--exclude", "resource_type:test"]
    status = subprocess.run(command, cwd=project, check=False).returncode
    check("status of the %s build by glueline" % time_of_run, status, 0)
    return node_results(results(project, "target", "glueline"))


def alike(options, folder, theirs):
    """Builds it by glueline, and compares with the pictures of what dbt-glue built, by the time of the run."""
    folder = os.path.join(folder, "glueline")
    endpoint = Endpoint(options, folder)
    used, compared = set(), 0
    try:
        project = prepare(folder)
        for time_of_run, wanted in theirs.items():
            nodes = build(options, project, time_of_run)
            found = dict(picture("sources", endpoint.data), **nodes)
            # For whoever looks at what differs: the folder is kept then.
            for name, side in (("dbt-glue", wanted), ("glueline", found)):
                with open(os.path.join(folder, "%s build by %s.json" % (time_of_run, name)), "w", encoding="utf-8") as file:
                    json.dump(side, file, indent=1)
            compared += sum(len(fields) for fields in wanted.values())
            for thing, field, left, right in differences(wanted, found):
                entries = {
                    entry
                    for entry in EXPLAINED
                    if fnmatch.fnmatchcase(thing, entry[0]) and fnmatch.fnmatchcase(field, entry[1])
                }
                used |= entries
                if not entries:
                    what = "%s build: %s, %s (found by glueline, wanted as by dbt-glue)" % (time_of_run, thing, field)
                    check(what, str(right)[:SHOWN], str(left)[:SHOWN])
                    # Beyond what is shown they may look the same.
                    if str(right)[:SHOWN] == str(left)[:SHOWN]:
                        check(what, "something else further on", "the same")
        shown(options, project)
    finally:
        endpoint.close()
    for entry in EXPLAINED:
        check("a difference that %s, %s explains" % entry, entry in used, True)
    print("alike: %d fields compared" % compared, flush=True)
