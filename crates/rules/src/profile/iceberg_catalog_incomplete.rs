//! `iceberg-catalog-incomplete`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::{FileFormat, GlueVersion, conf_needs};

use super::lake::{self, Conf};
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "iceberg-catalog-incomplete",
    Fails,
    Warning,
    "iceberg_catalog_incomplete.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(conf) = Conf::of(cx) else { return };
    let Some(scalar) = conf.scalar else { return };
    for (catalog, declaration) in conf.iceberg_catalogs().take(super::MOST_FINDINGS) {
        if is_of_another_kind(&conf, catalog) {
            continue;
        }
        let needs = conf_needs(FileFormat::Iceberg, GlueVersion::DEFAULT)
            .filter(|need| need.key.starts_with(lake::CATALOG_PART) && need.fails_without);
        for need in needs.filter(|need| conf.setting(&need.key_for(catalog)).is_none()) {
            // A rule of its own says where this one's value belongs.
            if need.key.ends_with(".warehouse") && conf.setting(super::MISPLACED_WAREHOUSE).is_some() {
                continue;
            }
            let key = need.key_for(catalog);
            let message = format!(
                "The catalog `{catalog}` is declared in `conf` without `{key}`. {}",
                need.why
            );
            let at = scalar.place(declaration.key_range());
            let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
            if let Some(value) = lake::value(cx, need)
                && let Some(fix) = conf.add(
                    cx,
                    &[(key.clone(), value)],
                    Fix::needs_consent(format!("Set `{key}`")),
                )
            {
                diagnostic = diagnostic.fix(fix);
            }
            cx.report(sink, diagnostic);
        }
    }
}

/// Whether the catalog is not read from the Glue Data Catalog, so that it needs other settings.
fn is_of_another_kind(conf: &Conf<'_>, catalog: &str) -> bool {
    let part = |part: &str| conf.setting(&format!("spark.sql.catalog.{catalog}.{part}"));
    let glue = conf_needs(FileFormat::Iceberg, GlueVersion::DEFAULT)
        .find(|need| need.key.ends_with(".catalog-impl"));
    part("type").is_some()
        || part("catalog-impl").is_some_and(|found| {
            glue.is_some_and(|glue| !conf.meets(glue, catalog)) && !found.text().is_empty()
        })
}
