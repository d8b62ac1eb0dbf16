//! Whose data a step takes away.

use super::*;

fn strikes(query: &str, subject: Subject, before: Option<&Found>) -> Option<(Strikes, bool)> {
    let mut reading = Reading {
        subject,
        before,
        ..Reading::default()
    };
    let sent = Statement {
        found: Vec::new(),
        ..statement(Some(query), "", At::Nothing)
    };
    let danger = reading.event(&Event::Statement(sent)).danger?;
    Some((danger.strikes, danger.asks()))
}

#[test]
fn what_a_model_does_to_its_own_table_is_its_own() {
    let own = found(At::Iceberg);
    for query in [
        "drop table if exists a.t",
        "drop table `c`.`A`.`T`",
        "drop table t",
        "drop table a.t__dbt_backup",
        "create or replace table a.t as select 1",
        "insert overwrite table a.t select 1",
        "delete from a.t where id < 0",
        "delete from delta.`s3://b/a/t/` where id < 0",
        "truncate table a.t",
        "alter table a.t drop column x",
        "alter table a.t rename to a.t__dbt_backup",
        "vacuum a.t",
        "insert into a.t replace where id < 0 select 1",
        "call c.system.expire_snapshots('a.t', timestamp '2024-01-01')",
    ] {
        let known = strikes(query, model("table"), Some(&own));
        assert_eq!(known, Some((Strikes::Own, false)), "{query}");
    }
}

#[test]
fn what_is_not_the_models_own_has_to_be_asked_about() {
    let own = found(At::Iceberg);
    for query in [
        "drop table if exists a.other",
        // Of the same name, elsewhere.
        "drop table if exists other.t",
        "drop table if exists other.t_tmp",
        // Of a name like it.
        "drop table if exists a.t_daily_tmp",
        "drop table if exists a.t2",
        "drop table if exists a.t_daily purge",
        "drop schema a cascade",
        "create or replace table a.other as select 1",
        "replace table a.other as select 1",
        "insert overwrite table a.other select 1",
        "insert overwrite directory 's3://b/a/t' using parquet select 1",
        "insert into a.other replace where id < 0 select 1",
        "load data inpath 's3://b/x' overwrite into table a.other",
        "delete from a.other where id < 0",
        "delete from delta.`s3://b/a/other` where id < 0",
        "merge into a.other using a.t on a.id = b.id when matched then delete",
        "truncate table a.other",
        "alter table a.other drop partition (x = 1)",
        "alter table a.other rename to a.t",
        "alter table a.other set location 's3://b/x'",
        "vacuum a.other",
        "call c.system.remove_orphan_files(table => 'a.other')",
        // The second thing that it does.
        "delete from a.t dbt_next_query delete from a.other",
    ] {
        let known = strikes(query, model("table"), Some(&own));
        assert_eq!(known, Some((Strikes::Other, true)), "{query}");
        // Nothing is a hook's own.
        let known = strikes(&query.replace("other", "t"), Subject::default(), None);
        assert_eq!(known, Some((Strikes::Other, true)), "{query}");
    }
}

#[test]
fn what_takes_nothing_away_is_not_asked_about() {
    let own = found(At::Iceberg);
    for query in [
        "select 1",
        "create table a.other as select 1",
        "insert into a.other select 1",
        "load data inpath 's3://b/x' into table a.other",
        "drop table if exists a.t_tmp",
        "drop table if exists staging.t__dbt_tmp",
    ] {
        let staging = Subject {
            temp_schema: Some("staging".to_owned()),
            ..model("table")
        };
        assert_eq!(strikes(query, staging, Some(&own)), None, "{query}");
    }
    // Rows that are there twice are no loss.
    let merge = "merge into a.other using x on false when not matched then insert *";
    let known = strikes(merge, model("table"), Some(&own));
    assert_eq!(known, Some((Strikes::Other, false)));
}

#[test]
fn a_name_without_a_schema_is_in_that_of_the_profile() {
    let own = found(At::Iceberg);
    let elsewhere = Subject {
        schema: "other".to_owned(),
        ..model("table")
    };
    let known = strikes("delete from t", elsewhere, Some(&own));
    assert_eq!(known, Some((Strikes::Other, true)));
}
