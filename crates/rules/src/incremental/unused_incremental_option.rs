//! `unused-incremental-option`.

use glueline_catalog::{KeySpec, Language, Materialization, Situation, model_key};

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unused-incremental-option",
    Ineffective,
    Info,
    "unused_incremental_option.md",
    Check::GlueNode(check)
);

/// What other rules of this part speak of.
const OTHERS: [&str; 6] = [
    "buckets",
    "full_refresh",
    "on_schema_change",
    "persist_docs",
    "unique_key",
    "use_iceberg_temp_views",
];

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let (Some(format), Some(strategy)) = (model::format(cx), model::strategy(cx)) else {
        return;
    };
    if !model::is_sql_incremental(cx) {
        return;
    }
    let somewhere = Situation {
        materialization: Some(Materialization::Incremental),
        language: Some(Language::Sql),
        ..Situation::default()
    };
    let here = Situation {
        format: Some(format),
        strategy: Some(strategy),
        ..somewhere
    };
    for set in cx.node.config.entries().filter(|set| !model::is_folder_wide(set)) {
        let Some(key) = model_key(&set.key.value).filter(|key| !OTHERS.contains(&key.name)) else {
            continue;
        };
        let is_effective = cx.config(key.name).set() == Some(set) && set.value.value.truthy() == Some(true);
        if !is_effective || key.is_read(&here) || !key.is_read(&somewhere) {
            continue;
        }
        let message = format!(
            "`{}` is not read here: it is for incremental models with {}. Take it out, or change the model.",
            key.name,
            needs(key)
        );
        sink.push(cx.diagnostic(&RULE.meta, set.key_at(), message));
    }
}

/// What an incremental model must have to read a key, in words.
fn needs(key: &KeySpec) -> String {
    let cases = key.applies.iter().filter(|case| {
        case.materializations.is_empty() || case.materializations.contains(&Materialization::Incremental)
    });
    let mut formats: Vec<&str> = Vec::new();
    let mut strategies: Vec<&str> = Vec::new();
    for case in cases {
        formats.extend(case.formats.iter().map(|format| format.name()));
        strategies.extend(case.strategies.iter().map(|strategy| strategy.name()));
    }
    let part = |what: &str, names: Vec<&str>| {
        (!names.is_empty()).then(|| format!("{what} `{}`", names.join("`, `")))
    };
    let parts = [part("the strategy", strategies), part("the format", formats)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
