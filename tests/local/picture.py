"""All that a build has left behind, as plain data: tables, rows, histories, files, permissions. `alike.py` compares two of them.

A picture is a name of a thing → its fields → what it says there. Columns are not part of `rows`: each has its values as a field of its
own, so that one that tells the time can be told from one that is wrong.
"""
import json
import os
import re

from common import client, run, text

# Fields of a table or a partition in the catalog that tell when and where it was made, not what it is.
LEFT_OUT = {
    "CreateTime": "when it was made",
    "UpdateTime": "when it was last written",
    "LastAccessTime": "when it was last read",
    "CreationTime": "when it was made",
    "CatalogId": "whose account it is",
    "DatabaseName": "it is in the name of the thing",
    "TableName": "it is in the name of the thing",
    "Name": "it is in the name of the thing",
    "VersionId": "counts up with every commit, of anybody's",
    "CreatedBy": "who made it",
}
# Parameters of tables and partitions, and properties of Iceberg, of which the same is true.
LEFT_OUT_PARAMETERS = {
    "transient_lastDdlTime": "when Hive last wrote the entry",
    "metadata_location": "Iceberg: the file has a random name",
    "previous_metadata_location": "Iceberg: the file has a random name",
    "uuid": "Iceberg: drawn at random",
    "current-snapshot-id": "Iceberg: drawn at random",
    "current-snapshot-timestamp-ms": "Iceberg: the time of the commit",
    "current-snapshot-summary": "Iceberg: names the application; its counts are compared as `snapshots`",
    "last_commit_time_sync": "Hudi: the time of the commit",
    "last_commit_completion_time_sync": "Hudi: the time of the commit",
    "totalSize": "bytes: what is compressed holds times",
    "delta.lastCommitTimestamp": "Delta: the time of the commit",
}
# Of `hoodie.properties`.
LEFT_OUT_HUDI = {
    "hoodie.table.checksum": "of the name alone",
}
# Of the summary of a snapshot of Iceberg these are compared: what was written, but not how many bytes it took.
SUMMARY = (
    "added-data-files",
    "deleted-data-files",
    "added-records",
    "deleted-records",
    "total-records",
    "total-data-files",
    "changed-partition-count",
)
# Of the metrics of a commit of Delta.
METRICS = re.compile(r"num(?!\w*Bytes)(Output|Inserted|Updated|Deleted|Target|Source|Copied|Files|Added|Removed)\w*(Rows|Files|Inserted|Updated|Deleted)?")

# What a session says of each table: its columns, its rows, and what its format keeps of what was done to it.
LOOK = """
import json
found = {}
for name, (path, kind) in json.loads(%r).items():
    seen = found[name] = {}
    try:
        # Another session may have written other files since this one last looked.
        spark.catalog.refreshTable(path)
        frame = spark.table(path)
        seen["columns in Spark"] = [
            [f.name, f.dataType.simpleString(), f.nullable, f.metadata.get("comment")] for f in frame.schema.fields
        ]
        seen["rows"] = [[None if value is None else str(value) for value in row] for row in frame.collect()]
    except Exception as error:
        seen["error in Spark"] = type(error).__name__
    try:
        if kind == "iceberg":
            snapshots = spark.table(path + ".snapshots").orderBy("committed_at").collect()
            seen["snapshots"] = [[s["operation"], dict(s["summary"])] for s in snapshots]
            properties = spark.sql("show tblproperties " + path).collect()
            seen["properties"] = {row["key"]: row["value"] for row in properties}
            seen["partition spec"] = [
                line for line in spark.sql("show create table " + path).collect()[0][0].splitlines() if line.startswith("PARTITIONED BY")
            ]
            if "partition" in spark.table(path + ".partitions").columns:
                rows = spark.table(path + ".partitions").select("partition", "record_count", "file_count").collect()
                seen["partitions of Iceberg"] = sorted(str(row.asDict(True)) for row in rows)
        if kind == "delta":
            detail = spark.sql("describe detail " + path).collect()[0]
            for key in ("partitionColumns", "properties", "minReaderVersion", "minWriterVersion", "location", "description"):
                seen["Delta: " + key] = detail[key]
            history = spark.sql("describe history " + path).orderBy("version").collect()
            seen["history"] = [[h["operation"], dict(h["operationParameters"]), dict(h["operationMetrics"])] for h in history]
    except Exception as error:
        seen["error in Spark"] = "%%s: %%s" %% (type(error).__name__, str(error)[:300])
with open(%r, "w") as file:
    json.dump(found, file)
print(len(found))
"""


def pages(operation, key, **arguments):
    for page in client("glue").get_paginator(operation).paginate(**arguments):
        yield from page[key]


def without(found, left_out):
    return {key: value for key, value in found.items() if key not in left_out}


def picture(name, data):
    """What there is in the databases of the project now, as a session of this name and the folder of the data tell it."""
    things, look = {}, {}
    for database in pages("get_databases", "DatabaseList"):
        if not database["Name"].startswith("shop_dev"):
            continue
        thing = things["database " + database["Name"]] = without(database, LEFT_OUT)
        thing["tables"] = []
        for table in pages("get_tables", "TableList", DatabaseName=database["Name"]):
            thing["tables"].append(table["Name"])
            full = "%s.%s" % (database["Name"], table["Name"])
            things[full] = entry(database["Name"], table)
            kind = kind_of(table)
            if kind != "symlinks":
                look[full] = ("glue_catalog." + full if kind == "iceberg" else full, kind)
    out = os.path.join(data, "picture.json")
    counted = text(run(name, LOOK % (json.dumps(look), out)))
    if counted != "%d\n" % len(look):
        raise SystemExit("the tables cannot be looked at: %r" % counted)
    with open(out, encoding="utf-8") as file:
        for full, seen in json.load(file).items():
            things[full].update(of_spark(seen))
    for full, (_, kind) in look.items():
        if kind == "hudi":
            things[full].update(of_hudi(data, things[full]["StorageDescriptor.Location"]))
    things.update(buckets(data))
    # Where the data lie differs by the folder alone.
    return json.loads(json.dumps(things, default=str).replace(data, "DATA"))


def kind_of(table):
    parameters = table.get("Parameters", {})
    if "Symlink" in table.get("StorageDescriptor", {}).get("InputFormat", ""):
        return "symlinks"
    return (parameters.get("table_type") or parameters.get("spark.sql.sources.provider") or "-").lower()


def entry(database, table):
    """The table as the catalog has it, field by field."""
    fields = without(table, LEFT_OUT)
    for key, value in fields.pop("StorageDescriptor", {}).items():
        fields["StorageDescriptor." + key] = value
    for key, value in without(fields.pop("Parameters", {}), LEFT_OUT_PARAMETERS).items():
        fields["Parameters." + key] = value
    fields["partitions"] = sorted(
        (
            [p["Values"], p["StorageDescriptor"]["Location"], without(p.get("Parameters", {}), LEFT_OUT_PARAMETERS)]
            for p in pages("get_partitions", "Partitions", DatabaseName=database, TableName=table["Name"])
        ),
        key=str,
    )
    lake = client("lakeformation")
    resource = {"Table": {"DatabaseName": database, "Name": table["Name"]}}
    tags = lake.get_resource_lf_tags(Resource=resource)
    fields["tags"] = {key: tags[key] for key in ("LFTagsOnTable", "LFTagsOnColumns") if tags.get(key)}
    named = dict(resource["Table"], CatalogId="000000000000")
    filters = lake.list_data_cells_filter(Table=named)["DataCellsFilters"]
    fields["filters"] = sorted((without(f, ("VersionId", "TableCatalogId")) for f in filters), key=str)
    return fields


def of_spark(seen):
    fields = dict(seen)
    rows = fields.pop("rows", None)
    if rows is not None:
        fields["number of rows"] = len(rows)
        names = [column[0] for column in seen["columns in Spark"]]
        fields["rows"] = {"columns": names, "rows": rows}
    if "properties" in fields:
        fields["properties"] = without(fields["properties"], LEFT_OUT_PARAMETERS)
    if "snapshots" in fields:
        fields["snapshots"] = [[op, {key: s[key] for key in SUMMARY if key in s}] for op, s in fields["snapshots"]]
    if "history" in fields:
        # Spark counts its expressions: `id#27L`.
        fields["history"] = [
            [op, json.loads(re.sub(r"#\d+L?", "", json.dumps(parameters))), {key: value for key, value in metrics.items() if METRICS.fullmatch(key)}]
            for op, parameters, metrics in fields["history"]
        ]
    return fields


def of_hudi(data, location):
    """The timeline, without its times, and what the table says of itself."""
    folder = os.path.join(data, "s3", re.sub(r"^s3[an]?://", "", location), ".hoodie")
    timeline = sorted(name for name in os.listdir(folder) if re.match(r"\d{17}\.", name))
    with open(os.path.join(folder, "hoodie.properties"), encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("=", 1) for line in file if "=" in line and not line.startswith("#")]
    return {
        "timeline": [name.split(".", 1)[1] for name in timeline],
        "hoodie.properties": without(dict(pairs), LEFT_OUT_HUDI),
    }


def buckets(data):
    """The folders of each bucket, and how many files with data lie in each: names of files are drawn at random."""
    found = {}
    root = os.path.join(data, "s3")
    for place, folders, names in os.walk(root):
        if place == root:
            # What other parts of the test have put elsewhere is no part of the project.
            folders[:] = [name for name in folders if name.startswith("example-shop")]
        # What formats keep there is compared as what it says.
        folders[:] = [f for f in folders if f not in ("metadata", ".hoodie", "_delta_log")]
        here = [n for n in names if not n.startswith((".", "_"))]
        if here:
            found["files in s3://" + os.path.relpath(place, root)] = {"number": len(here)}
    return found
