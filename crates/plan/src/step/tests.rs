//! What statements do, as it is told.

use glueline_render::{Event, Found, Reading as SparkReading, SparkError, Standing, Statement};

use super::*;

mod python;
mod whose;

/// How `a.t` and `a.v` stand.
#[derive(Clone, Copy)]
enum At {
    Nothing,
    Absent,
    View,
    Plain,
    Parted,
    Iceberg,
}

fn standing(at: At) -> Standing {
    let table = |format: &str, partitions: &[&str]| Standing::Table {
        format: Some(format.to_owned()),
        location: Some("s3://b/a/t".to_owned()),
        partitions: partitions.iter().map(|name| (*name).to_owned()).collect(),
    };
    match at {
        At::Nothing => Standing::Unknown,
        At::Absent => Standing::Absent,
        At::View => Standing::View,
        At::Plain => table("parquet", &[]),
        At::Parted => table("parquet", &["ds"]),
        At::Iceberg => table("iceberg", &[]),
    }
}

fn found(at: At) -> Found {
    Found {
        schema: "a".to_owned(),
        name: "t".to_owned(),
        standing: standing(at),
    }
}

fn statement(sql: Option<&str>, code: &str, at: At) -> Statement {
    Statement {
        sql: sql.map(str::to_owned),
        code: code.to_owned(),
        reading: SparkReading::Same,
        error: None,
        found: vec![found(at)],
        node: None,
    }
}

fn reading(before: &Found, subject: Subject) -> Reading<'_> {
    Reading {
        subject,
        before: Some(before),
        conf: Conf::default(),
        dropped: BTreeSet::new(),
        staged: BTreeSet::new(),
    }
}

fn model(materialized: &str) -> Subject {
    Subject {
        kind: Kind::Sql,
        materialized: materialized.to_owned(),
        seeds_overwrite: true,
        schema: "a".to_owned(),
        temp_schema: None,
    }
}

/// A step on one line: title, effect, danger.
fn told(step: &Step) -> String {
    let danger = step.danger.as_ref().map(|danger| {
        let rule = danger.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
        format!(" ! {} {}{rule}", danger.harm.name(), danger.extent)
    });
    format!(
        "{} ({}){}",
        step.title,
        step.effect.name(),
        danger.unwrap_or_default()
    )
}

fn sql(query: &str, at: At) -> String {
    let before = found(at);
    let mut reading = reading(&before, model("table"));
    told(&reading.event(&Event::Statement(statement(Some(query), "", at))))
}

#[test]
fn making_and_dropping_is_told() {
    for (query, at, wanted) in [
        (
            "/* {} */\ncreate table a.t using PARQUET partitioned by (months(x), y) LOCATION 's3://b' as select 1",
            At::Absent,
            "Create the parquet table a.t, partitioned by months(x), y (creates)",
        ),
        (
            "create or replace table a.t using iceberg as select 1",
            At::Absent,
            "Create the iceberg table a.t (creates)",
        ),
        (
            "create or replace table c.a.t using iceberg as select 1",
            At::Iceberg,
            "Replace the iceberg table c.a.t (replaces) ! replaces every row of c.a.t; earlier snapshots stay until they are expired",
        ),
        (
            "create or replace table a.t as select 1",
            At::Nothing,
            "Create the table a.t, or replace it (replaces) ! replaces every row of a.t, where it is there",
        ),
        (
            "create table if not exists a.t (x int)",
            At::Plain,
            "Leave a.t as it is: it is there (settles)",
        ),
        (
            "create or replace table a.t_tmp as select 1",
            At::Plain,
            "Stage the rows of the query in the table a.t_tmp (creates)",
        ),
        (
            "create or replace temporary view t_tmp as select 1",
            At::Plain,
            "Stage the rows of the query in the temporary view t_tmp (settles)",
        ),
        (
            "create or replace view a.t as select 1",
            At::View,
            "Replace view a.t (replaces)",
        ),
        (
            "create or replace view a.t as select 1",
            At::Absent,
            "Create view a.t (creates)",
        ),
        (
            "create view a.t as select 1",
            At::Plain,
            "Create view a.t where a table of that name is (creates)",
        ),
        ("create database x", At::Absent, "Create database x (creates)"),
        (
            "drop table if exists a.t",
            At::Absent,
            "Drop table a.t if it is there: it is not (settles)",
        ),
        (
            "drop table if exists a.t",
            At::Plain,
            "Drop table a.t (deletes) ! deletes table a.t as a whole, until it is created anew; the files at s3://b/a/t stay on S3 [table-rerun-needs-conf]",
        ),
        (
            "drop table a.t purge",
            At::Iceberg,
            "Drop table a.t with its files (deletes) ! deletes every row of a.t, and the files at s3://b/a/t",
        ),
        ("drop view if exists a.t", At::View, "Drop view a.t (deletes)"),
        (
            "drop view if exists t_tmp",
            At::Plain,
            "Drop the temporary view t_tmp (settles)",
        ),
        (
            "drop table if exists a.t_tmp",
            At::Plain,
            "Drop the staging table a.t_tmp (settles)",
        ),
        (
            "drop table other.x",
            At::Plain,
            "Drop table other.x (deletes) ! deletes table other.x, if it is there: nothing tells",
        ),
        (
            "drop schema x cascade",
            At::Absent,
            "Drop database x (deletes) ! deletes database x, with every table in it where it says cascade",
        ),
    ] {
        assert_eq!(sql(query, at), wanted, "{query}");
    }
}

#[test]
fn writing_is_told() {
    let no_partitions = "Overwrite all rows of a.t (replaces) ! replaces every row of a.t: only what the query returns is left \
                         [insert-overwrite-without-partitions]";
    let all = "Overwrite all partitions (ds) of a.t (replaces) ! replaces every partition (ds) of a.t, also those that the query \
               does not return: spark.sql.sources.partitionOverwriteMode is not dynamic [static-insert-overwrite]";
    let merge = "as D using t_tmp as S on S.id = D.id and D.x = S.x when matched then update set id = S.id";
    for (query, at, wanted) in [
        (
            "insert into table a.t select id from t_tmp",
            At::Plain,
            "Add the rows of t_tmp to a.t (adds)",
        ),
        (
            "insert into a.t (x, y) select id from t_tmp",
            At::Plain,
            "Add the rows of t_tmp to a.t (adds)",
        ),
        (
            "insert into a.t values ('x')",
            At::Plain,
            "Add rows to a.t (adds)",
        ),
        (
            "insert into a.t select id from x join y",
            At::Plain,
            "Add rows to a.t (adds)",
        ),
        ("insert overwrite table a.t select 1", At::Plain, no_partitions),
        (
            "insert overwrite table a.t partition (ds) select 1",
            At::Plain,
            all,
        ),
        ("insert overwrite table a.t select 1", At::Parted, all),
        (
            "insert overwrite table a.t partition (ds='x') select 1",
            At::Plain,
            "Overwrite one partition (ds) of a.t (replaces) ! replaces every row of that partition of a.t",
        ),
        (
            "set hive.exec.dynamic.partition.mode=nonstrict dbt_next_query set spark.sql.sources.partitionOverwriteMode = dynamic; \
             dbt_next_query insert overwrite table a.t partition (ds) select 1",
            At::Plain,
            "Set hive.exec.dynamic.partition.mode to nonstrict, then set spark.sql.sources.partitionOverwriteMode to dynamic, then \
             overwrite partitions (ds) of a.t (replaces) ! replaces the partitions (ds) of a.t for which the query returns rows",
        ),
        (
            &format!("merge into a.t {merge}"),
            At::Plain,
            "Merge t_tmp into a.t on id, x (changes)",
        ),
        (
            "merge into a.t using (select 1 as id) s on s.id > 1 when not matched by source then delete",
            At::Plain,
            "Merge the query into a.t on a condition of its own (deletes) ! deletes the rows of a.t that the source has not",
        ),
        (
            "merge into a.t as D using t_tmp as S on FALSE when not matched then insert *",
            At::Plain,
            "Merge t_tmp into a.t, matching no row (adds) ! duplicates every row of t_tmp is added to a.t, also those that are \
             there [merge-without-unique-key]",
        ),
        (
            "delete from a.t where id < 0;",
            At::Plain,
            "Delete rows of a.t (deletes) ! deletes the rows of a.t where id < 0",
        ),
        (
            "delete from a.t",
            At::Plain,
            "Delete all rows of a.t (deletes) ! deletes every row of a.t",
        ),
        (
            "truncate table a.t",
            At::Plain,
            "Delete all rows of a.t (deletes) ! deletes every row of a.t",
        ),
        ("update a.t set x = 1", At::Plain, "Change rows of a.t (changes)"),
    ] {
        assert_eq!(sql(query, at), wanted, "{query}");
    }
}

#[test]
fn changing_is_told() {
    for (query, wanted) in [
        (
            "alter table a.t add columns (x int, y decimal(1, 2))",
            "Add columns x, y to a.t (changes)",
        ),
        (
            "alter table a.t add column x int",
            "Add column x to a.t (changes)",
        ),
        (
            "alter table a.t drop column x",
            "Drop column x of a.t (deletes) ! deletes column x of a.t",
        ),
        (
            "alter table a.t add constraint c check (id > 0);",
            "Add a constraint to a.t (changes)",
        ),
        (
            "alter table a.t rename to a.u",
            "Rename table a.t to a.u (moves) ! moves table a.t as a whole",
        ),
        ("alter view a.t rename to a.u", "Rename view a.t to a.u (moves)"),
        (
            "alter table a.t change column x comment 'y'",
            "Change a column of a.t (changes)",
        ),
        (
            "alter table a.t set tblproperties ('a' = 'b')",
            "Set properties of a.t (changes)",
        ),
        (
            "call c.system.expire_snapshots('a.t', timestamp '2024-01-01')",
            "Expire all snapshots of a.t but the last (deletes) ! deletes the history of a.t: no earlier version can be read, and \
             readers of one fail [expire-snapshots-by-default]",
        ),
        (
            "call c.system.rewrite_data_files('a.t')",
            "Rewrite the files of a.t (changes)",
        ),
        ("call c.system.other()", "Call c.system.other (unknown)"),
    ] {
        assert_eq!(sql(query, At::Iceberg), wanted, "{query}");
    }
}

#[test]
fn what_touches_no_data_is_told() {
    for (query, wanted) in [
        ("describe extended a.t", "Read the columns of a.t (reads)"),
        (
            "SELECT * FROM (\n select 1\n) AS _dbt_temp LIMIT 0",
            "Ask for the columns of the query, without rows (reads)",
        ),
        (
            "/* {\"app\"} */\nselect max(x)\nfrom a.t",
            "Ask `select max(x) from a.t` (reads)",
        ),
        (
            "select count(*) as failures, count(*) != 0 as should_error from (select 1)",
            "Count the rows that the test finds (reads)",
        ),
        ("show tables in a", "List: `show tables in a` (reads)"),
        (
            "refresh table a.t",
            "Forget what Spark remembers of a.t (settles)",
        ),
        (
            "msck repair table a.t",
            "Add the partitions that are found on S3 to a.t (changes)",
        ),
        ("grant select on a.t to `x`", "Grant rights (grants)"),
        ("use a", "Use a (settles)"),
        ("set x", "Set x (settles)"),
        ("frobnicate the table", "Run `frobnicate the table` (unknown)"),
        ("'", "Run `'` (unknown)"),
        ("-- nothing", "Run `` (unknown)"),
        ("create", "Run `create` (unknown)"),
        ("", "Run an empty statement (settles)"),
    ] {
        assert_eq!(sql(query, At::Plain), wanted, "{query}");
    }
}

#[test]
fn what_stood_there_before_is_remembered() {
    let before = found(At::Plain);
    let mut reading = reading(&before, model("table"));
    let mut run = |sql: &str, at| told(&reading.event(&Event::Statement(statement(Some(sql), "", at))));
    run("drop table if exists a.t", At::Plain);
    let create = "create table a.t using parquet location 's3://b/a/t' as select 1";
    assert_eq!(
        run(create, At::Absent),
        "Create the parquet table a.t (creates) ! replaces the files at s3://b/a/t, which the dropped table left there; Spark \
         refuses that while spark.sql.legacy.allowNonEmptyLocationInCTAS is not true [table-rerun-needs-conf]"
    );
    run(
        "set spark.sql.legacy.allowNonEmptyLocationInCTAS=true",
        At::Absent,
    );
    assert!(run(create, At::Absent).contains("left there [table-rerun-needs-conf]"));
    run(
        "create or replace temporary view rows_of_today as select 1",
        At::Absent,
    );
    assert_eq!(
        run("drop view rows_of_today", At::Absent),
        "Drop the temporary view rows_of_today (settles)"
    );
}

#[test]
fn what_the_session_refuses_does_no_harm() {
    let before = found(At::Plain);
    let mut reading = reading(&before, model("table"));
    let mut refused = statement(Some("truncate table a.t"), "", At::Plain);
    refused.error = Some(SparkError::new("AnalysisException", "no"));
    let step = reading.event(&Event::Statement(refused));
    assert_eq!((step.effect, step.danger), (Effect::Reads, None));
}
