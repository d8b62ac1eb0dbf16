//! `config-breaks-adapter`.

use std::cmp::Reverse;

use glueline_base::{Severity, Value};
use glueline_catalog::{FileFormat, Strategy};
use glueline_project::Contribution;

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "config-breaks-adapter",
    Fails,
    Error,
    "config_breaks_adapter.md",
    Check::GlueNode(check)
);

/// What the adapter does with a value.
#[derive(Debug, Clone, Copy)]
enum Use {
    /// A loop over it, unless it is null.
    Loop,
    /// A loop over it, null or not, that looks every item up in it.
    LoopOverKeys,
    /// A loop over it, unless it is empty.
    LoopUnlessEmpty,
    /// Its entries, unless it is empty.
    Entries,
    /// Its entries, unless it is null.
    Unpacked,
}

/// A config that a run reads.
#[derive(Debug, Clone, Copy)]
struct Reader {
    key: &'static str,
    usage: Use,
    /// The macro that reads it; empty where Python does.
    by: &'static str,
    severity: Severity,
}

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let mut failing: Vec<(Reader, &Contribution)> = readers(cx)
        .into_iter()
        .filter_map(|reader| Some((reader, cx.config(reader.key).set()?)))
        .filter(|(reader, set)| reader.usage.fails_on(&set.value.value))
        .filter(|(reader, _)| !model::replaces(cx, &[reader.by, "create_table_as"]))
        .collect();
    // What fails in two places is said once, as loud as the louder of them.
    failing.sort_by_key(|(reader, _)| (reader.key, Reverse(reader.severity)));
    failing.dedup_by_key(|(reader, _)| reader.key);
    for (reader, set) in failing {
        let when = if reader.severity == Severity::Error {
            "as the node runs"
        } else {
            "on some runs of the node"
        };
        let message = format!(
            "`{}` takes {}, and this is {}: Python fails on it {when}.",
            reader.key,
            reader.usage.wanted(),
            set.value.value.kind(),
        );
        let at = set.value_at();
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(reader.severity));
    }
}

fn readers(cx: &NodeCx<'_>) -> Vec<Reader> {
    let mut found = Vec::new();
    let mut reads = |key, usage, by, severity| {
        found.push(Reader {
            key,
            usage,
            by,
            severity,
        });
    };
    let creating = || model::when_creating(cx);
    if is_created_as_select(cx) {
        let severity = if cx.is_model("table") {
            Severity::Error
        } else {
            creating()
        };
        reads(
            "table_properties",
            Use::LoopOverKeys,
            "set_table_properties",
            severity,
        );
        reads("partition_by", Use::Loop, "partition_cols", severity);
        let buckets = cx.config("buckets").set();
        if buckets.is_some_and(|set| !matches!(set.value.value, Value::Null | Value::Unknown)) {
            reads("clustered_by", Use::Loop, "clustered_cols", severity);
        }
    }
    if !model::is_sql_incremental(cx) {
        return found;
    }
    let format = model::format(cx);
    match format {
        Some(FileFormat::Hudi) => {
            reads("partition_by", Use::LoopUnlessEmpty, "", Severity::Error);
            reads("hudi_options", Use::Unpacked, "", Severity::Error);
        }
        Some(FileFormat::Delta) => {
            reads("partition_by", Use::Loop, "", creating());
            reads("write_options", Use::Entries, "", creating());
        }
        _ => {}
    }
    if let Some(severity) = model::when_adding(cx) {
        if model::strategy(cx) == Some(Strategy::InsertOverwrite) && format != Some(FileFormat::Hudi) {
            reads("partition_by", Use::Loop, "partition_cols", severity);
        }
        if model::merges_with_sql(cx) && model::is_falsy(cx, "merge_exclude_columns") {
            reads(
                "merge_update_columns",
                Use::LoopUnlessEmpty,
                "get_merge_update_columns",
                severity,
            );
        }
    }
    found
}

impl Use {
    fn fails_on(self, value: &Value) -> bool {
        let is_empty = value.truthy() == Some(false);
        let is_scalar = matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
        match self {
            Self::Loop => is_scalar,
            Self::LoopOverKeys => {
                is_scalar
                    || *value == Value::Null
                    || (matches!(value, Value::Str(_) | Value::List(_)) && !is_empty)
            }
            Self::LoopUnlessEmpty => is_scalar && !is_empty,
            Self::Entries => !is_empty && !matches!(value, Value::Map(_) | Value::Unknown),
            Self::Unpacked => !matches!(value, Value::Map(_) | Value::Null | Value::Unknown),
        }
    }

    const fn wanted(self) -> &'static str {
        match self {
            Self::Loop | Self::LoopUnlessEmpty => "a list of columns",
            Self::LoopOverKeys | Self::Entries | Self::Unpacked => "a mapping",
        }
    }
}
