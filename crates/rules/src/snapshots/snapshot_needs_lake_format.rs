//! `snapshot-needs-lake-format`.

use glueline_base::{Fix, nearest};
use glueline_catalog::{FileFormat, KeySpec, Scope, lookup};
use glueline_project::Setting;

use super::place;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "snapshot-needs-lake-format",
    Fails,
    Error,
    "snapshot_needs_lake_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_snapshot() {
        return;
    }
    let Some(key) = lookup(Scope::SnapshotConfig, "file_format") else {
        return;
    };
    let set = match cx.config("file_format") {
        Setting::Unknown => return,
        Setting::Unset => None,
        Setting::Set(set) => Some(set),
    };
    // Every empty value counts as unset.
    let Some(set) = set.filter(|set| set.value.value.truthy() != Some(false)) else {
        let message = format!(
            "The snapshot `{}` has no `file_format`, and the default, parquet, is refused: each run fails. Set it to \
             `iceberg` or `delta`.",
            cx.node.name
        );
        sink.push(cx.diagnostic(&RULE.meta, place::config_call(cx), message));
        return;
    };
    if set.value.value.as_str().is_some_and(|format| key.allows(format)) {
        return;
    }
    let meant = set.value.value.as_str().and_then(|format| meant(key, format));
    let message = format!(
        "dbt-glue refuses snapshots with the `file_format` `{}`: each run fails. Set it to `{}`.",
        set.value.value.display(),
        meant.unwrap_or("iceberg` or `delta")
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(meant) = meant {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

fn meant(key: &KeySpec, written: &str) -> Option<&'static str> {
    let by_case = FileFormat::parse_any_case(written).map(FileFormat::name);
    by_case.filter(|name| key.allows(name)).or_else(|| match by_case {
        Some(_) => None,
        None => nearest(written, key.allowed.iter().copied()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_no_slip() {
        let key = lookup(Scope::SnapshotConfig, "file_format").unwrap();
        assert_eq!(meant(key, "Iceberg"), Some("iceberg"));
        assert_eq!(meant(key, "icberg"), Some("iceberg"));
        assert_eq!(meant(key, "parquet"), None);
        assert_eq!(meant(key, "avro"), None);
    }
}
