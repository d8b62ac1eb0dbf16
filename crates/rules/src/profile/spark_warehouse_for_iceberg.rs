//! `spark-warehouse-for-iceberg`.

use glueline_base::{Diagnostic, Fix};

use super::lake::Conf;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "spark-warehouse-for-iceberg",
    Ineffective,
    Warning,
    "spark_warehouse_for_iceberg.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(conf) = Conf::of(cx) else { return };
    let (Some(scalar), Some(setting)) = (conf.scalar, conf.setting(super::MISPLACED_WAREHOUSE)) else {
        return;
    };
    let mut catalogs = conf.iceberg_catalogs();
    let first = catalogs.next().map(|(name, _)| name);
    let key = format!("spark.sql.catalog.{}.warehouse", first.unwrap_or("glue_catalog"));
    let message = format!(
        "Spark has no setting `{}`, so nothing reads it. Iceberg looks for its warehouse in `{key}`.",
        setting.key
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(setting.key_range()), message);
    let certain = first.is_some() && catalogs.next().is_none() && conf.setting(&key).is_none();
    if let Some(at) = scalar.exact(setting.key_range()).filter(|_| certain) {
        diagnostic = diagnostic.fix(Fix::safe(format!("Call it `{key}`")).replace(at, key));
    }
    cx.report(sink, diagnostic);
}
