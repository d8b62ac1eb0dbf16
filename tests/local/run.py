"""`glueline local` from end to end: what its answers are, and the bundled project `shop` built twice by the real dbt-glue on it.

    run.py --glueline BINARY --tools DIR --dbt VENV [--record] [--show] [PART...]

The parts are `answers`, `dbt`, `end`, `hazards` and `alike`; what `hazards` are is said in `hazards.py`. `alike` builds the project by
`glueline run`, too, and compares with what `dbt` has left behind: see `alike.py`.

`expected.json` beside this file holds what the builds have to come to: each node that does not succeed, and each table with its
type, its format and its rows. With --record it is written anew.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from alike import alike, node_results
from common import HERE, Endpoint, check, client, ended, failures, refused, run, session, text
from hazards import hazards
from picture import picture
from shop import prepare, results

EXPECTED = os.path.join(HERE, "expected.json")


def answers():
    """What a client of Glue is answered, apart from dbt."""
    glue, sts, lake = client("glue"), client("sts"), client("lakeformation")
    check("who one is", sts.get_caller_identity()["Account"], "000000000000")
    check("no session", refused(glue.get_session, Id="nobody"), "EntityNotFoundException")
    check("no operation", refused(glue.list_jobs), "UnknownOperationException")
    idle = session("idle", idle=1)
    check("a session to leave alone", idle["Status"], "READY")
    check("ready", session("one")["Status"], "READY")
    check("twice", refused(session, name="one"), "AlreadyExistsException")
    check("a value", text(run("one", "x = 20\nx + 1")), "21\n")
    check("what is printed", text(run("one", "print(x)\nprint('ä', x)")), "20\nä 20\n")
    wrong = run("one", "def f():\n    1 / 0\nf()")["Output"]
    check("an error", (wrong["Status"], wrong["ErrorName"]), ("error", "ZeroDivisionError"))
    check("its place", wrong["Traceback"][1], '  File "<stdin>", line 3, in <module>\n')
    missing = run("one", "spark.sql('select * from nothing.here')")["Output"]
    check("an error of Spark", "TABLE_OR_VIEW_NOT_FOUND" in missing["ErrorValue"], True)
    long = run("one", "print(len(%r))" % ("x" * 60000))
    check("a long statement", text(long), "60000\n")
    check("a longer one", refused(glue.run_statement, SessionId="one", Code="#" * 68001), "ValidationException")

    for what, code in (
        ("a job", "spark.range(10**13).selectExpr('sum(id % 7 * id)').collect()"),
        ("Python", "import time\nwhile True:\n    time.sleep(1)"),
    ):
        running = glue.run_statement(SessionId="one", Code=code)["Id"]
        waiting = glue.run_statement(SessionId="one", Code="print('never')")["Id"]
        time.sleep(2)
        glue.cancel_statement(SessionId="one", Id=waiting)
        glue.cancel_statement(SessionId="one", Id=running)
        check("%s is cancelled" % what, ended("one", running)["State"], "CANCELLED")
        check("what waits behind %s" % what, ended("one", waiting)["State"], "CANCELLED")
        check("after %s" % what, text(run("one", "print(x)")), "20\n")

    check("another session", session("two", "spark.sql.shuffle.partitions=7")["Status"], "READY")
    check("its conf", text(run("two", "print(spark.conf.get('spark.sql.shuffle.partitions'))")), "7\n")
    # Each waits for the other: they end only if they run at the same time.
    meeting = {name: glue.run_statement(SessionId=name, Code=MEET % (name, other))["Id"] for name, other in (("one", "two"), ("two", "one"))}
    for name, statement in meeting.items():
        check("two sessions at once: %s" % name, text(ended(name, statement)), "met\n")
    check("its names", run("two", "x")["Output"].get("ErrorName"), "NameError")
    check("its grammar", run("two", "spark.sql('call s.system.f()')")["Output"].get("ErrorName"), "ParseException")
    broken = session("three", "spark.sql.shuffle.partitions=many")
    check("a wrong conf", (broken["Status"], "many" in broken["ErrorMessage"]), ("FAILED", True))
    check("a session that failed", refused(glue.run_statement, SessionId="three", Code="1"), "IllegalSessionStateException")
    check("still there", refused(glue.delete_session, Id="two"), "IllegalSessionStateException")
    glue.stop_session(Id="two")
    while glue.get_session(Id="two")["Session"]["Status"] == "STOPPING":
        time.sleep(0.1)
    glue.delete_session(Id="two")
    check("deleted", refused(glue.get_session, Id="two"), "EntityNotFoundException")

    glue.create_database(DatabaseInput={"Name": "Made", "LocationUri": "s3://by-the-api/made"})
    check("made twice", refused(glue.create_database, DatabaseInput={"Name": "made"}), "AlreadyExistsException")
    columns = [{"Name": "a", "Type": "int", "Comment": "first"}]
    storage = {
        "Columns": columns,
        "Location": "s3://by-the-api/made/t",
        "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    }
    table = {"Name": "t", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage, "PartitionKeys": [{"Name": "d", "Type": "string"}]}
    glue.create_table(DatabaseName="made", TableInput=table)
    run("one", "spark.sql(\"insert into made.t partition (d='x') values (1), (2)\")")
    check("Spark sees it", text(run("one", "print(spark.table('made.t').count())")), "2\n")
    partitions = glue.get_partitions(DatabaseName="made", TableName="t")["Partitions"]
    check("partitions", [partition["Values"] for partition in partitions], [["x"]])
    columns.append({"Name": "b", "Type": "string"})
    glue.update_table(DatabaseName="made", TableInput=table)
    found = glue.get_table(DatabaseName="made", Name="t")["Table"]
    check("its columns", [c["Name"] for c in found["StorageDescriptor"]["Columns"]], ["a", "b"])

    resource = {"Table": {"DatabaseName": "made", "Name": "t"}}
    tag = [{"TagKey": "team", "TagValues": ["web"]}]
    check("no such tag", len(lake.add_lf_tags_to_resource(Resource=resource, LFTags=tag)["Failures"]), 1)
    lake.create_lf_tag(TagKey="team", TagValues=["web"])
    check("a tag", lake.add_lf_tags_to_resource(Resource=resource, LFTags=tag)["Failures"], [])
    carried = lake.get_resource_lf_tags(Resource=resource)["LFTagsOnTable"]
    check("what carries it", [(t["TagKey"], t["TagValues"]) for t in carried], [("team", ["web"])])
    glue.delete_table(DatabaseName="made", Name="t")
    check("no table", refused(lake.get_resource_lf_tags, Resource=resource), "EntityNotFoundException")
    objects()
    glue.delete_database(Name="made")
    check("no database", refused(glue.get_database, Name="made"), "EntityNotFoundException")
    glue.stop_session(Id="one")
    while glue.get_session(Id="idle")["Session"]["Status"] == "READY":
        time.sleep(0.5)
    check("a session left alone", glue.get_session(Id="idle")["Session"]["Status"], "TIMEOUT")


MEET = """
import os, time
open("%s.here", "w").close()
end = time.time() + 60
while not os.path.exists("%s.here") and time.time() < end:
    time.sleep(0.05)
print("met" if time.time() < end else "alone")
"""


def objects():
    """What `use_arrow` asks of S3, and that Spark sees the same files. Session `one` is there."""
    s3 = client("s3")
    check("no list of S3", refused(s3.list_buckets), "NotImplemented")
    check("no object", refused(s3.get_object, Bucket="by-the-api", Key="a/b c.txt"), "NoSuchKey")
    body = b"first\nsecond\n"
    s3.put_object(Bucket="by-the-api", Key="a/b c.txt", Body=body)
    check("an object", s3.get_object(Bucket="by-the-api", Key="a/b c.txt")["Body"].read(), body)
    check("its end", s3.get_object(Bucket="by-the-api", Key="a/b c.txt", Range="bytes=6-")["Body"].read(), b"second\n")
    check("its length", s3.head_object(Bucket="by-the-api", Key="a/b c.txt")["ContentLength"], len(body))
    check("Spark reads it", text(run("one", "print(spark.read.text('s3://by-the-api/a/').count())")), "2\n")
    s3.delete_object(Bucket="by-the-api", Key="a/b c.txt")
    check("deleted object", refused(s3.head_object, Bucket="by-the-api", Key="a/b c.txt"), "404")
    code = "import boto3\nboto3.client('s3').put_object(Bucket='by-the-api', Key='c', Body=b'x')\nprint('put')"
    check("a session puts an object", text(run("one", code)), "put\n")
    check("and it is there", s3.get_object(Bucket="by-the-api", Key="c")["Body"].read(), b"x")


COUNT = """
import json
import re
found = {}
for name in %r:
    try:
        # Another session may have written other files since this one last looked.
        spark.catalog.refreshTable(name)
        found[name] = spark.table(name).count()
    except Exception as error:
        found[name] = type(error).__name__
        # What Java threw, and why: the error of the bridge says neither.
        cause = getattr(error, "java_exception", None)
        while cause is not None:
            found[name] = re.sub(r"s3://\\S+", "PATH", cause.toString()).split(". ")[0][:100]
            cause = cause.getCause()
print(json.dumps(found))
"""


def tables(name):
    """Every table of the project, as the catalog and Spark tell it."""
    glue = client("glue")
    found = {}
    for page in glue.get_paginator("get_databases").paginate():
        for database in page["DatabaseList"]:
            if not database["Name"].startswith("shop_dev"):
                continue
            for listed in glue.get_paginator("get_tables").paginate(DatabaseName=database["Name"]):
                for table in listed["TableList"]:
                    parameters = table["Parameters"]
                    kind = parameters.get("table_type") or parameters.get("spark.sql.sources.provider") or "-"
                    found["%s.%s" % (database["Name"], table["Name"])] = [table["TableType"], kind.lower()]
    paths = {("glue_catalog." + n if kind[1] == "iceberg" else n): n for n, kind in found.items()}
    counts = run(name, COUNT % sorted(paths))
    for path, rows in json.loads(text(counts)).items():
        found[paths[path]].append(rows)
    return dict(sorted(found.items()))


def dbt(options, folder, endpoint):
    """The bundled project, built twice by the real dbt-glue; a picture of what each build left behind, where it is compared."""
    project = prepare(folder)
    binary = os.path.join(options.dbt, "bin", "dbt")
    found, pictures = {}, {}
    for time_of_run in ("first", "second"):
        command = [binary, "--quiet", "build", "--profiles-dir", project, "--project-dir", project]
        if time_of_run == "second":
            # The rows are compared below; what the tests say of the same rows is known.
            command += ["--exclude-resource-type", "test"]
        subprocess.run(command, cwd=project, check=False)
        came = results(project, "target")
        spent = {"test": 0, "other": 0}
        for result in came:
            spent["test" if result["unique_id"].startswith("test.") else "other"] += result["execution_time"]
        print("%s build: %d s in tests, %d s in other nodes" % (time_of_run, spent["test"], spent["other"]), flush=True)
        not_well = {r["unique_id"]: r["status"] for r in came if r["status"] not in ("success", "pass")}
        found[time_of_run] = {"nodes": len(came), "not well": dict(sorted(not_well.items())), "tables": tables("sources")}
        if "alike" in options.parts:
            pictures[time_of_run] = dict(picture("sources", endpoint.data), **node_results(came))
    if options.record:
        with open(EXPECTED, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1, ensure_ascii=False)
            file.write("\n")
        return pictures
    with open(EXPECTED, encoding="utf-8") as file:
        expected = json.load(file)
    for time_of_run, wanted in expected.items():
        have = found[time_of_run]
        check("%s run: nodes" % time_of_run, have["nodes"], wanted["nodes"])
        check("%s run: nodes that are not well" % time_of_run, have["not well"], wanted["not well"])
        check("%s run: names of tables" % time_of_run, sorted(have["tables"]), sorted(wanted["tables"]))
        for name, table in wanted["tables"].items():
            # One row per month: how many months there are depends on the day.
            shown = 2 if "month" in name else 3
            check("%s run: %s" % (time_of_run, name), have["tables"].get(name, [])[:shown], table[:shown])
    return pictures


def end(options, folder, endpoint):
    """Killed without a word while a session lives, then ended as a terminal does it on the same folder: nothing may be left."""
    check("a session to leave behind", session("left")["Status"], "READY")
    check("processes", len(endpoint.offspring()) >= 3, True)
    endpoint.process.send_signal(signal.SIGKILL)
    endpoint.process.wait()
    check("what is left after kill -9", endpoint.gone(), [])
    again = Endpoint(options, folder)
    try:
        check("a session to end", session("left")["Status"], "READY")
        again.process.send_signal(signal.SIGINT)
        check("its status", again.process.wait(timeout=60), 0)
    finally:
        again.close()
    check("what is left after Ctrl-C", again.gone(), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--glueline", required=True)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--dbt", required=True, help="a virtual environment with dbt-glue in it")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what each hazard came to")
    parser.add_argument("--only", default="", help="beginnings of the names of hazards, with commas between them")
    parser.add_argument("parts", nargs="*", default=["answers", "dbt", "hazards", "end", "alike"])
    options = parser.parse_args()
    if "alike" in options.parts and "dbt" not in options.parts:
        parser.error("alike compares with what dbt has built: both parts are needed")
    # Whoever runs out of patience ends what was started here, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="glueline-local-")
    endpoint = Endpoint(options, folder)
    done = False
    pictures = {}
    try:
        parts = {
            "answers": answers,
            "dbt": lambda: pictures.update(dbt(options, folder, endpoint)),
            "hazards": lambda: hazards(options, folder),
            "end": lambda: end(options, folder, endpoint),
            # One endpoint at a time: the other one is of no more use.
            "alike": lambda: (endpoint.close(), alike(options, folder, pictures)),
        }
        for name, part in parts.items():
            if name in options.parts:
                began = time.monotonic()
                part()
                print("%s: %d s" % (name, time.monotonic() - began), flush=True)
        done = True
    finally:
        endpoint.close()
        if failures or not done:
            print("kept: %s" % folder)
        else:
            # Whatever it started clears away its own files as it ends.
            endpoint.gone()
            shutil.rmtree(folder)


main()
sys.exit(1 if failures else 0)
