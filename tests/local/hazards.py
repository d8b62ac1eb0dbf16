"""What loses data: the small projects of `hazards/`, run twice by the real dbt-glue on `glueline local`.

A file there has `models`, with FORMAT in place of each of `formats`, and what has to come out `under` a profile: `first` and `second`
are the two runs, of which only the models that are named there are part, and `changed` has models that differ in the second. Between
the runs the source gets other rows. A model is looked at by its status (`success` where nothing else is said) and error, by its rows
("id day amount"; null where there is no table), by the number of its data files, of its snapshots and of the files of its temporary
table. What a file does not name is not looked at.
"""
import glob
import json
import os
import subprocess

import yaml
from common import CONF, HERE, check, client, run, session, text

FOLDER = os.path.join(HERE, "hazards")
SAFE = CONF + " --conf spark.sql.sources.partitionOverwriteMode=dynamic --conf spark.sql.legacy.allowNonEmptyLocationInCTAS=true"
LAKE = "s3://hazards-lake"
# What a profile says besides what all of them say.
PROFILES = {
    "static": {"conf": CONF},
    "dynamic": {"conf": SAFE},
    # One model after the other: some change what the session does.
    "root": {"conf": SAFE, "root_location": True, "threads": 1},
}
SOURCE = {
    "first": "(1, '01', 10), (2, '02', 20), (3, '03', 30)",
    "second": "(1, '01', 10), (2, '02', 20), (3, '03', 33), (4, '04', 40)",
}
# Delta, so that a session that read it before sees what another one wrote.
FILL = """
spark.sql("create database if not exists raw location '%s/raw'")
spark.sql("create or replace table raw.sales using delta location '%s/raw/sales' as select * from values %s as t(id, day, amount)")
"""
LOOK = """
import json
found = {}
for name, path in %r.items():
    try:
        spark.catalog.refreshTable(path)
        frame = spark.table(path)
        columns = [c for c in ("id", "day", "amount") if c in frame.columns]
        rows = sorted(" ".join(str(row[c]) for c in columns) for row in frame.collect())
        found[name] = {"rows": rows}
        if path.startswith("glue_catalog."):
            found[name]["snapshots"] = spark.table(path + ".snapshots").count()
    except Exception as error:
        found[name] = {"rows": None if "TABLE_OR_VIEW_NOT_FOUND" in str(error) else str(error)[:300]}
print(json.dumps(found))
"""


def cases(only):
    found = {}
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.yml"))):
        if not os.path.basename(path).startswith(tuple(only.split(","))):
            continue
        with open(path, encoding="utf-8") as file:
            found[os.path.splitext(os.path.basename(path))[0]] = yaml.safe_load(file)
    return found


class Project:
    """One project with the models of all cases under a profile."""

    def __init__(self, options, folder, profile, given):
        self.options = options
        self.folder = os.path.join(folder, "hazards", profile)
        self.data = os.path.join(folder, "data")
        self.profile = profile
        self.cases = {name: case for name, case in given.items() if profile in case["under"]}
        # Models of which nothing is said under this profile are not built.
        self.named = {
            model for case in self.cases.values() for wanted in case["under"][profile].values() for model in wanted
        }
        os.makedirs(os.path.join(self.folder, "models"))
        self.write("dbt_project.yml", {"name": "hazards", "version": "1.0", "profile": "hazards"})
        output = {
            "type": "glue",
            "role_arn": "arn:aws:iam::123456789012:role/hazards",
            "region": "eu-west-1",
            "schema": profile,
            "location": "%s/%s" % (LAKE, profile),
            "glue_version": "5.0",
            "worker_type": "G.1X",
            "workers": 2,
            # dbt-glue looks once a second whether a statement is done: the threads wait side by side, for the one session.
            "threads": 8,
            "glue_session_reuse": True,
            "glue_session_id": profile,
            "statement_poll_interval": 1,
            "datalake_formats": "iceberg,delta,hudi",
        }
        output.update(PROFILES[profile])
        self.write("profiles.yml", {"hazards": {"target": profile, "outputs": {profile: output}}})
        source = {"name": "raw", "schema": "raw", "tables": [{"name": "sales"}]}
        self.write("models/sources.yml", {"version": 2, "sources": [source]})

    def write(self, path, content):
        with open(os.path.join(self.folder, path), "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else yaml.safe_dump(content))

    def build(self, which):
        """Runs dbt, and tells what has become of each model."""
        for case in self.cases.values():
            models = dict(case["models"], **(case.get("changed", {}) if which == "second" else {}))
            for name, code in models.items():
                for form in case.get("formats", [""]):
                    if full(name, form) in self.named:
                        self.write("models/%s.sql" % full(name, form), code.replace("FORMAT", form))
        dbt = os.path.join(self.options.dbt, "bin", "dbt")
        command = [dbt, "--quiet", "run", "--profiles-dir", self.folder, "--project-dir", self.folder]
        with open(os.path.join(self.folder, which + ".log"), "w", encoding="utf-8") as log:
            subprocess.run(command, cwd=self.folder, stdout=log, stderr=log, check=False)
        with open(os.path.join(self.folder, "target", "manifest.json"), encoding="utf-8") as file:
            nodes = json.load(file)["nodes"]
        with open(os.path.join(self.folder, "target", "run_results.json"), encoding="utf-8") as file:
            results = json.load(file)["results"]
        found = {r["unique_id"].split(".")[-1]: {"status": r["status"], "error": r["message"] or ""} for r in results}
        paths = {}
        for node in nodes.values():
            place = "%s.%s" % (node["schema"], node["alias"])
            iceberg = node["config"].get("file_format") == "iceberg"
            paths[node["name"]] = "glue_catalog." + place if iceberg else place
        for name, seen in json.loads(text(run("look", LOOK % paths))).items():
            found[name].update(seen)
        for node in nodes.values():
            usual = "/".join((LAKE, self.profile, node["schema"], node["alias"]))
            if PROFILES[self.profile].get("root_location"):
                usual = "/".join((LAKE, self.profile, node["alias"]))
            where = node["config"].get("custom_location") or usual
            found[node["name"]]["files"] = self.files(where)
            found[node["name"]]["temporary files"] = self.files(where + "_tmp") + self.files(
                "s3://example-shop-lake/warehouse/%s.db/%s_tmp" % (node["schema"], node["alias"])
            )
        return found

    def files(self, uri):
        """How many files with data lie below; logs and metadata of the formats are none."""
        count = 0
        for place, folders, names in os.walk(os.path.join(self.data, "s3", uri[len("s3://"):])):
            folders[:] = [f for f in folders if f != "metadata" and not f.startswith((".", "_"))]
            count += sum(not n.startswith((".", "_")) for n in names)
        return count

    def compare(self, which, found):
        for name, case in self.cases.items():
            for model, wanted in case["under"][self.profile].get(which, {}).items():
                have = found.get(model, {})
                wanted = dict({"status": "success"}, **wanted)
                shown = {key: have.get(key) for key in wanted}
                if "error" in wanted and wanted["error"] in (have.get("error") or ""):
                    shown["error"] = wanted["error"]
                check("%s, under %s, %s run: %s" % (name, self.profile, which, model), shown, wanted)


def full(name, form):
    return "%s_%s" % (name, form) if form else name


def hazards(options, folder):
    given = cases(options.only)
    session("look")
    for profile in PROFILES:
        project = Project(options, folder, profile, given)
        if not project.named:
            continue
        for which, rows in SOURCE.items():
            filled = run("look", FILL % (LAKE, LAKE, rows))
            check("source", filled["Output"]["Status"], "ok")
            found = project.build(which)
            if options.show:
                for name, seen in sorted(found.items()):
                    print(profile, which, name, json.dumps(seen), flush=True)
            project.compare(which, found)
        client("glue").stop_session(Id=profile)
