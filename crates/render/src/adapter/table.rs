//! What dbt-glue does to tables and views with statements of its own: expiring snapshots, renaming (`dbt/adapters/glue/impl.py`).

use glueline_catalog::Change;
use glueline_template::{Args, Cx, Error, ErrorKind, Value};

use super::account::connect;
use super::knowledge::iceberg_catalog;
use super::names::location_of;
use super::python::{text, text_attr};
use super::{code, relations};
use crate::host::NodeHost;
use crate::introspect;
use crate::run::{Kind, make, send};

/// Expires the snapshots of an Iceberg table but the latest.
pub(super) fn iceberg_expire_snapshots(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    const SAMPLE: &str = "SELECT 1";
    let [relation] = args.bind("GlueAdapter.iceberg_expire_snapshots", ["relation"], 1)?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    connect(host);
    connect(host);
    let relation = text(&relation.unwrap_or_default());
    let by_macros = host.version().has(Change::IcebergInMacros);
    let catalog = match iceberg_catalog(&host.shared.project) {
        Some(catalog) => format!("{catalog}."),
        None if by_macros => String::new(),
        None => "glue_catalog.".to_owned(),
    };
    let table = if by_macros {
        relation.clone()
    } else {
        format!("{catalog}{relation}")
    };
    let source = format!(
        "\nsnapshots = spark.sql(\"select committed_at from {table}.snapshots order by committed_at desc\")\n\
         latest = str(snapshots.first().committed_at)\n\
         spark.sql(\"CALL {catalog}system.expire_snapshots('{relation}', timestamp '\" + latest + \"')\")\n\
         SqlWrapper2.execute(\"\"\"{SAMPLE}\"\"\")\n"
    );
    code::send(cx, host, &source, &[], "GlueIcebergExpireSnapshotsFailed")
}

/// Copies a table under another name, as Parquet, and drops it.
pub(super) fn glue_rename_relation(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "GlueAdapter.glue_rename_relation",
        ["from_relation", "to_relation"],
        2,
    )?;
    let [from, to] = bound.map(Option::unwrap_or_default);
    let Some(run) = host.run() else {
        return Ok(Value::None);
    };
    let schema = text_attr(cx, &from, "schema")?;
    let to_name = text_attr(cx, &to, "identifier")?;
    connect(host);
    let to_schema = text_attr(cx, &to, "schema")?;
    let path = location_of(host, &to_schema, &to_name, None, true)?;
    let name = text_attr(cx, &from, "name")?;
    let sample = format!("select * from {to_schema}.{to_name} limit 1");
    let source = format!(
        r#"
rows = spark.sql("""select * from {schema}.{name}""")
rows.createOrReplaceTempView("df")
rows.write.mode("append").format("parquet").option("path", "{path}").saveAsTable('{to_schema}.{to_name}')
spark.sql("""drop table {schema}.{name}""")
SqlWrapper2.execute("""{sample}""")
"#
    );
    let current = relations::current_schema(&host.shared.project);
    {
        let mut warehouse = run.warehouse();
        warehouse.drop_relation(host, &[schema, name], &current);
        let parts = [to_schema, to_name];
        make(
            &mut warehouse,
            host,
            &parts,
            &current,
            Kind::Table(Some("parquet")),
            Some(&path),
        );
    }
    code::send(cx, host, &source, &[], "GlueRenameRelationFailed")
}

/// The text of a view, for another name.
pub(super) fn duplicate_view(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("GlueAdapter.duplicate_view", ["from_relation", "to_relation"], 2)?;
    let [from, to] = bound.map(Option::unwrap_or_default);
    if host.run().is_none() {
        cx.note(format!("the text of the view `{}`", text(&from)));
        return Ok(Value::str(""));
    }
    connect(host);
    let schema = text_attr(cx, &from, "schema")?;
    let name = text_attr(cx, &from, "identifier")?;
    let asked = format!("SHOW CREATE TABLE {schema}.{name}");
    if introspect::told(cx, host, &introspect::squash(&asked))?.is_none() {
        cx.note(format!("the text of the view `{}`", text(&from)));
    }
    let answer = send(cx, host, &asked).map_err(|error| code::failed(error, "GlueDuplicateViewFailed"))?;
    let rows = answer.iter().flat_map(|answer| &answer.rows);
    let Some(definition) = rows.last().and_then(|row| row.first()) else {
        return Err(Error::new(
            ErrorKind::Python("UnboundLocalError"),
            "cannot access local variable 'create_view_statement' where it is not associated with a value",
        ));
    };
    let definition = text(definition).replace(&schema, &text_attr(cx, &to, "schema")?);
    let definition = definition.replace(&name, &text_attr(cx, &to, "identifier")?);
    Ok(Value::from(definition))
}
