//! Configs that macros and adapter code read, and the closed sets they compare them with.

use std::collections::{BTreeMap, BTreeSet};

use glueline_catalog::{
    Choice, FileFormat, KeySpec, Language, Materialization, Scope, Strategy, keys, lookup, refused,
    wrong_name,
};

use super::known::Known;
use crate::jinja::{config_reads, list_after};
use crate::report::Report;
use crate::upstream::Upstream;

const VALIDATE: &str = "dbt/include/glue/macros/materializations/incremental/validate.sql";
const SNAPSHOT: &str = "dbt/include/glue/macros/materializations/snapshot.sql";
const BASE_ADAPTER: &str = "dbt/adapters/base/impl.py";

/// The scopes whose configs the macros read.
const NODES: [Scope; 5] = [
    Scope::ModelConfig,
    Scope::SeedConfig,
    Scope::SnapshotConfig,
    Scope::TestConfig,
    Scope::FunctionConfig,
];

/// Compares what is read with what is described, both ways.
pub(super) fn compare(upstream: &Upstream<'_>, report: &mut Report, known: &mut Known) -> Result<(), String> {
    let mut texts = upstream.texts("dbt/include/glue", ".sql")?;
    texts.extend(upstream.texts("dbt/include/spark/macros", ".sql")?);
    texts.extend(upstream.texts("dbt/include/global_project", ".sql")?);
    texts.extend(upstream.texts("dbt/adapters/glue", ".py")?);
    texts.push((BASE_ADAPTER.to_owned(), upstream.text(BASE_ADAPTER)?));

    let mut reads: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in &texts {
        for (name, _) in config_reads(text) {
            reads.entry(name).or_default().push(path);
        }
    }
    for (name, paths) in &reads {
        let described = NODES.iter().any(|scope| lookup(*scope, name).is_some());
        // dbt-glue's own macros stand in for dbt-spark's; what those alone read is described as another adapter's.
        let foreign = NODES.iter().any(|scope| wrong_name(*scope, name).is_some());
        if !described && !foreign {
            let handle = format!("config read: {name}");
            let paths: Vec<_> = paths.iter().copied().take(2).collect();
            known.note(
                report,
                &handle,
                format!(
                    "the config `{name}` is read by {} and not described",
                    paths.join(", ")
                ),
            );
        }
    }
    report.compared("configs that macros and adapters read", reads.len());

    let described: BTreeMap<&str, &KeySpec> = NODES
        .iter()
        .flat_map(|scope| keys(*scope))
        .filter(|key| is_macros(key.source) && key.dead.is_none())
        .map(|key| (key.name, key))
        .collect();
    for (name, key) in &described {
        let read = reads.contains_key(*name) || key.aliases.iter().any(|alias| reads.contains_key(*alias));
        if !read {
            let handle = format!("config described: {name}");
            let what = format!(
                "the config `{name}` ({}) is described and nothing reads it",
                key.source
            );
            known.note(report, &handle, what);
        }
    }
    report.compared("configs that are described as read by macros", described.len());
    defaults(&texts, report);
    sets(upstream, report)
}

fn is_macros(source: &str) -> bool {
    source.starts_with("dbt/include/glue") || source.starts_with("dbt/include/spark")
}

/// The defaults that dbt-glue's macros give, where they are plain literals.
fn defaults(texts: &[(String, String)], report: &mut Report) {
    let mut compared = 0;
    for (path, text) in texts
        .iter()
        .filter(|(path, _)| path.starts_with("dbt/include/glue"))
    {
        for (name, default) in config_reads(text) {
            let Some(default) = default else { continue };
            let Some(key) = lookup(Scope::ModelConfig, &name) else {
                continue;
            };
            // dbt's own fields have a default of their own, which always wins; texts such as `empty` stand for "not set".
            let own = !is_macros(key.source) || name == "incremental_strategy" || name == "on_schema_change";
            let bare = default.trim_matches(['"', '\'']);
            if own || matches!(bare, "empty" | "none" | "" | "{}" | "[]") {
                continue;
            }
            compared += 1;
            if key.default.trim_matches(['"', '\'']) != bare {
                report.differs(format!(
                    "`{name}` is {default} by default in {path} and `{}` here",
                    key.default
                ));
            }
        }
    }
    report.compared("literal defaults in macros", compared);
}

/// Formats and strategies that dbt-glue accepts.
fn sets(upstream: &Upstream<'_>, report: &mut Report) -> Result<(), String> {
    let validate = upstream.text(VALIDATE)?;
    let snapshot = upstream.text(SNAPSHOT)?;
    let list = |text: &str, phrase: &str, file: &str| {
        list_after(text, phrase).ok_or_else(|| format!("{file} has no list after `{phrase}`"))
    };
    let accepts = |materialization, format: &str, strategy: &str| {
        let choice = Choice {
            materialization,
            language: Language::Sql,
            file_format: Some(format),
            strategy: Some(strategy),
            has_unique_key: true,
        };
        refused(&choice).is_none_or(|refusal| refusal.id == "snapshot-hudi-again")
    };
    let formats = |accepted: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
        let names = FileFormat::ALL.iter().map(|format| format.name());
        names.filter(|name| accepted(name)).map(str::to_owned).collect()
    };
    let incremental = Materialization::Incremental;
    let compared = [
        (
            "formats of incremental models",
            list(&validate, "accepted_formats =", VALIDATE)?,
            formats(&|format| accepts(incremental, format, "append")),
        ),
        (
            "strategies",
            list(&validate, "raw_strategy not in", VALIDATE)?,
            Strategy::ALL
                .iter()
                .map(|strategy| strategy.name().to_owned())
                .collect(),
        ),
        (
            "formats that can be merged into",
            list(&validate, "and file_format not in", VALIDATE)?,
            formats(&|format| accepts(incremental, format, "merge")),
        ),
        (
            "formats of snapshots",
            list(&snapshot, "file_format not in", SNAPSHOT)?,
            formats(&|format| accepts(Materialization::Snapshot, format, "")),
        ),
    ];
    for (what, upstream, here) in compared {
        report.compared(what, upstream.len());
        for name in upstream.symmetric_difference(&here) {
            let side = if here.contains(name) {
                "only here"
            } else {
                "only upstream"
            };
            report.differs(format!("{what}: `{name}` is {side}"));
        }
    }
    Ok(())
}
