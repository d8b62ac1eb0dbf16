"""The bundled project `shop` on an endpoint: what it reads, and a copy of it to build."""
import json
import os
import shutil

from common import HERE, check, client, run, session, text

PROJECT = os.path.join(HERE, "..", "..", "fixtures", "shop")
# What a project's administrator makes before dbt can give it.
TAGS = {"domain": ["customers"], "layer": ["mart"], "personal_data": ["yes"], "sensitivity": ["high", "low"]}


def prepare(folder):
    """Makes the tables that the project reads and the tags that it gives, by a session `sources`; the folder of a copy of the project."""
    session("sources")
    with open(os.path.join(HERE, "sources.py"), encoding="utf-8") as file:
        check("sources", text(run("sources", file.read())), "8\n")
    lake = client("lakeformation")
    for key, values in TAGS.items():
        lake.create_lf_tag(TagKey=key, TagValues=values)
    project = os.path.join(folder, "shop")
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    return project


def results(project, *folders):
    """What `run_results.json` below the project says of each node."""
    with open(os.path.join(project, *folders, "run_results.json"), encoding="utf-8") as file:
        return json.load(file)["results"]
