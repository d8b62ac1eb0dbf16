//! `schema-quoting-breaks-iceberg`.

use glueline_base::{Diagnostic, FileRange, Fix};
use glueline_project::ResourceType;

use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "schema-quoting-breaks-iceberg",
    Sql,
    Error,
    "schema_quoting_breaks_iceberg.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some(quoting) = &cx.project.project_file().quoting else {
        return;
    };
    let Some(schema) = quoting
        .value
        .get("schema")
        .filter(|schema| schema.value.as_bool() == Some(true))
    else {
        return;
    };
    let Some(target) = cx.project.target().filter(|target| target.is_glue()) else {
        return;
    };
    let catalog = match target.get("custom_iceberg_catalog_namespace") {
        None => "glue_catalog",
        Some(value) => match value.as_str() {
            Some(catalog) if !catalog.is_empty() => catalog,
            _ => return,
        },
    };
    let mut own = cx.project.own_nodes();
    let first = own.find(|node| {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        model::format(&cx).is_some_and(glueline_catalog::FileFormat::has_catalog_prefix)
            && match node.kind {
                ResourceType::Snapshot => cx.is_snapshot(),
                _ => model::is_sql_incremental(&cx) || model::is_sql_model(&cx, "table"),
            }
    });
    let Some(first) = first else { return };
    let message = format!(
        "Quoting the schema breaks Iceberg tables such as `{}`: catalogue and schema are one name to dbt-glue, and come out \
         as `` `{catalog}.{}` ``, a schema that does not exist. Switch it off.",
        first.name,
        first.schema.as_deref().unwrap_or("...")
    );
    let at = FileRange {
        file: cx.project.project_file().file,
        range: schema.range,
    };
    let fix = Fix::needs_consent("Do not quote schemas").replace(at, "false");
    sink.push(
        Diagnostic::new(&RULE.meta, at, message)
            .related(first.at, "such a table")
            .fix(fix),
    );
}
