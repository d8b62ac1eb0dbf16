//! `iceberg-conf-incomplete`.

use glueline_catalog::{ConfNeed, FileFormat};

use super::lake::{self, Conf};
use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "iceberg-conf-incomplete",
    Fails,
    Warning,
    "iceberg_conf_incomplete.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for format in [FileFormat::Iceberg, FileFormat::S3tables] {
        // Both formats need the same: one finding says it.
        if lake::report_missing(cx, sink, &RULE.meta, format, |need| matters(cx, need)) {
            return;
        }
    }
}

/// What belongs to a catalog that is there has rules of its own.
fn matters(cx: &TargetCx<'_>, need: &ConfNeed) -> bool {
    if need.key.starts_with(lake::CATALOG_PART) {
        return false;
    }
    if need.key != "spark.sql.catalog.{catalog}" {
        return true;
    }
    let (Some(conf), Some(catalog)) = (Conf::of(cx), output::iceberg_catalog(cx)) else {
        return false;
    };
    // Without a prefix there is no catalog to declare; one of another name, or of a class of one's own, is declared.
    !catalog.is_empty()
        && conf.setting(&need.key_for(catalog)).is_none()
        && conf.iceberg_catalogs().next().is_none()
}
