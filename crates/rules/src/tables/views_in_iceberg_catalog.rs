//! `views-in-iceberg-catalog`.

use glueline_base::{Diagnostic, Value};
use glueline_catalog::{FileFormat, GlueVersion, conf_needs};
use glueline_project::conf;

use crate::context::{NodeCx, ProjectCx};
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "views-in-iceberg-catalog",
    Sql,
    Warning,
    "views_in_iceberg_catalog.md",
    Check::Project(check)
);

const DEFAULT_CATALOG: &str = "spark.sql.defaultCatalog";

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some(target) = cx.project.target().filter(|target| target.is_glue()) else {
        return;
    };
    let Some(Value::Str(text)) = target.get("conf") else {
        return;
    };
    let Some(catalog) = conf::setting(text, DEFAULT_CATALOG).map(|setting| setting.text().trim()) else {
        return;
    };
    if !is_iceberg_on_glue(text, catalog) {
        return;
    }
    let own = cx.project.own_nodes();
    let mut views = own.filter(|node| {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        model::is_sql_model(&cx, "view")
            && model::format(&cx).is_some_and(|format| !format.has_catalog_prefix())
            && cx.node.config.all("meta").next().is_none()
    });
    let Some(first) = views.next() else { return };
    let more = match views.count() {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    let message = format!(
        "With `{DEFAULT_CATALOG}={catalog}` views (`{}`{more}) are created in Iceberg's catalogue, which has none on Glue: \
         `Replacing a view is not supported by catalog`. Make them tables, or leave the default catalogue alone.",
        first.name
    );
    let finding = Diagnostic::new(&RULE.meta, target.value_at("conf"), message);
    sink.push(finding.related(first.at, "such a view"));
}

/// Whether a catalogue is Iceberg's own, on the Glue Data Catalog.
fn is_iceberg_on_glue(text: &str, catalog: &str) -> bool {
    let is_set = |key: &str| {
        conf_needs(FileFormat::Iceberg, GlueVersion::DEFAULT)
            .filter(|need| need.key == key)
            .any(|need| {
                conf::setting(text, &need.key_for(catalog))
                    .is_some_and(|setting| need.value.accepts(setting.text()))
            })
    };
    is_set("spark.sql.catalog.{catalog}") && is_set("spark.sql.catalog.{catalog}.catalog-impl")
}
