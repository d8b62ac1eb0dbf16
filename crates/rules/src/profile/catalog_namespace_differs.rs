//! `catalog-namespace-differs`.

use glueline_base::Diagnostic;
use glueline_catalog::FileFormat;

use super::lake::Conf;
use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "catalog-namespace-differs",
    Fails,
    Warning,
    "catalog_namespace_differs.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected {
        return;
    }
    let (Some(conf), Some(catalog)) = (Conf::of(cx), output::iceberg_catalog(cx)) else {
        return;
    };
    let Some(scalar) = conf.scalar else { return };
    if catalog.is_empty() || conf.settings().any(|setting| setting.catalog() == Some(catalog)) {
        return;
    }
    // The session catalog is no name that dbt-glue would write in front of a schema.
    let Some((declared, setting)) = conf.iceberg_catalogs().find(|(name, _)| *name != "spark_catalog") else {
        return;
    };
    let Some(node) = output::writer_in(cx.project, &[FileFormat::Iceberg, FileFormat::S3tables]) else {
        return;
    };
    let place = scalar.place(setting.key_range());
    let at = cx
        .target
        .entry(KEY)
        .map_or(place, |entry| output::at(cx, &entry.value));
    let message = format!(
        "dbt-glue writes Iceberg tables through the catalog `{catalog}`, and `conf` declares `{declared}` alone: Spark \
         does not find the catalog. Give both the same name, in `conf` or in `{KEY}`."
    );
    let diagnostic = Diagnostic::new(&RULE.meta, at, message);
    cx.report(
        sink,
        diagnostic
            .related(place, "the catalog that is declared")
            .related(node.at, "written as Iceberg"),
    );
}

const KEY: &str = "custom_iceberg_catalog_namespace";
