//! What Python code does, as it is told.

use super::*;

#[test]
fn python_is_told_by_what_it_says() {
    let seed = || Subject {
        kind: Kind::Seed,
        ..model("seed")
    };
    let python = |materialized| Subject {
        kind: Kind::PythonModel,
        ..model(materialized)
    };
    let delta = "spark.sql(q).write.format(\"delta\").mode(\"overwrite\").save(\"s3://b/a/t\")";
    let hudi = "o = {'hoodie.table.name': 't'}\ndf.write.format('hudi').options(**o).mode('MODE').save('s3://b/a/t/')";
    let (appends, overwrites) = (hudi.replace("MODE", "Append"), hudi.replace("MODE", "Overwrite"));
    for (subject, code, at, wanted) in [
        (
            model("incremental"),
            "history = spark.sql(\"select committed_at from c.a.t.snapshots\")\nf\"CALL c.system.expire_snapshots('c.a.t', x)\"",
            At::Iceberg,
            "Expire all snapshots of c.a.t but the last (deletes) ! deletes the history of c.a.t: no earlier version can be read, \
             and readers of one fail [expire-snapshots-by-default]",
        ),
        (
            model("incremental"),
            "spark.sql(\"CALL c.system.expire_snapshots('c.a.t', x)\")",
            At::Absent,
            "Expire all snapshots of c.a.t but the last (deletes)",
        ),
        (
            python("incremental"),
            "spark.sql(\"merge into a.t\")",
            At::Absent,
            "Run the Python model and write its rows to a.t (creates)",
        ),
        (
            model("table"),
            delta,
            At::Absent,
            "Write the rows of the query as a Delta table at s3://b/a/t (creates)",
        ),
        (
            model("table"),
            delta,
            At::Plain,
            "Overwrite the Delta table at s3://b/a/t (replaces) ! replaces every row of a.t; earlier versions stay until they are \
             vacuumed",
        ),
        (
            model("incremental"),
            &appends,
            At::Plain,
            "Upsert the rows of the query into the Hudi table at s3://b/a/t/ (changes)",
        ),
        (
            model("table"),
            &overwrites,
            At::Plain,
            "Overwrite the Hudi table at s3://b/a/t/ (replaces) ! replaces every row of a.t",
        ),
        (
            seed(),
            "df = spark.createDataFrame(rows)",
            At::Absent,
            "Write the rows of the file into the new table a.t (creates)",
        ),
        (
            seed(),
            "df = spark.createDataFrame(rows)\ndf.write.mode(\"overwrite\").insertInto(t, overwrite=True)",
            At::Plain,
            "Replace the rows of a.t by those of the file (replaces) ! replaces every row of a.t",
        ),
        (
            seed(),
            "df = spark.createDataFrame(rows)\ndf.write.mode(\"append\").insertInto(t)",
            At::Plain,
            "Add the rows of the file to a.t (adds) ! duplicates every row of the file that is in a.t already \
             [seed-mode-means-append]",
        ),
        (
            python("incremental"),
            "spark.sql(\"merge into a.t\")",
            At::Iceberg,
            "Run the Python model and merge its rows into a.t (changes)",
        ),
        (
            python("incremental"),
            "df.write.mode('overwrite').saveAsTable('a.t')",
            At::Plain,
            "Run the Python model and replace a.t by its rows (replaces) ! replaces every row of a.t [python-incremental-overwrites]",
        ),
        (
            python("incremental"),
            "spark.sql('CREATE OR REPLACE TABLE a.t')",
            At::Iceberg,
            "Run the Python model and replace a.t by its rows (replaces) ! replaces every row of a.t [python-strategy-rebuilds]",
        ),
        (
            python("table"),
            "",
            At::Absent,
            "Run the Python model and write its rows to a.t (creates)",
        ),
        (
            model("view"),
            "spark.table('a').write.saveAsTable('b')",
            At::Plain,
            "Copy a table to another name as parquet (moves) ! moves the table as a whole: its copy is parquet, without partitions \
             [rename-relation-in-macros]",
        ),
        (model("view"), "print(1)", At::Plain, "Run Python code (unknown)"),
    ] {
        let before = found(at);
        let mut reading = reading(&before, subject);
        let step = reading.event(&Event::Statement(statement(None, code, at)));
        assert_eq!(told(&step), wanted, "{code}");
    }
}
