//! `hudi-extension-after-iceberg`.

use glueline_base::{Diagnostic, Fix, Value};
use glueline_catalog::{FileFormat, HUDI_EXTENSION, ICEBERG_EXTENSIONS, ValueType, model_key};
use glueline_project::{Node, Project, Setting};

use super::lake::Conf;
use super::pairs;
use crate::context::{NodeCx, TargetCx};
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-extension-after-iceberg",
    Fails,
    Warning,
    "hudi_extension_after_iceberg.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected {
        return;
    }
    let Some(conf) = Conf::of(cx) else { return };
    let (Some(scalar), Some(setting)) = (conf.scalar, conf.setting("spark.sql.extensions")) else {
        return;
    };
    let from = setting.value_range().start;
    let place = |name: &str| {
        pairs::pairs(setting.text())
            .take(super::MOST_FINDINGS)
            .find(|class| class.text.trim() == name)
            .map(|class| class.trimmed_range())
            .map(|part| from + part.start..from + part.end)
    };
    let (Some(iceberg), Some(hudi)) = (place(ICEBERG_EXTENSIONS), place(HUDI_EXTENSION)) else {
        return;
    };
    if hudi.start < iceberg.start {
        return;
    }
    let Some((node, what)) = caller(cx.project) else {
        return;
    };
    let message = format!(
        "Hudi's extension stands behind Iceberg's and takes every `CALL`, so that {what} of the {} `{}` fails: \
         `procedure: expire_snapshots is not exists`, or whatever its name is. Put Hudi's extension before Iceberg's.",
        node.kind, node.name
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(hudi.clone()), message)
        .related(node.at, "calls a procedure of Iceberg");
    if let (Some(first), Some(second)) = (scalar.exact(iceberg), scalar.exact(hudi)) {
        let fix = Fix::needs_consent("Put Hudi's extension before Iceberg's");
        diagnostic = diagnostic.fix(
            fix.replace(first, HUDI_EXTENSION)
                .replace(second, ICEBERG_EXTENSIONS),
        );
    }
    cx.report(sink, diagnostic);
}

/// The first node that calls a procedure of Iceberg, and by what.
fn caller(project: &Project) -> Option<(&Node, &'static str)> {
    project
        .nodes()
        .iter()
        .filter(|node| node.enabled)
        .find_map(|node| {
            let cx = NodeCx { project, node };
            if expires(&cx) {
                Some((node, "the expiry of snapshots after each run"))
            } else {
                calls(&cx).then_some((node, "a hook"))
            }
        })
}

/// Whether dbt-glue calls `expire_snapshots` after each run.
fn expires(cx: &NodeCx<'_>) -> bool {
    const KEY: &str = "iceberg_expire_snapshots";
    let is_on = || match (cx.config(KEY), model_key(KEY).map(|key| key.value)) {
        (Setting::Unset, _) => true,
        (Setting::Set(set), Some(ValueType::TextBool(reading))) => {
            reading.effect(&set.value.value) == Some(true)
        }
        _ => false,
    };
    model::format(cx) == Some(FileFormat::Iceberg) && model::is_sql_incremental(cx) && is_on()
}

/// Whether a hook of the node's calls one: those of Iceberg are in the schema `system`, those of Hudi in none.
fn calls(cx: &NodeCx<'_>) -> bool {
    let hooks = ["pre-hook", "post-hook"];
    hooks
        .iter()
        .flat_map(|key| cx.node.config.all(key))
        .any(|set| is_call(&set.value.value))
}

fn is_call(hook: &Value) -> bool {
    match hook {
        Value::Str(text) => {
            let mut words = text.split_whitespace();
            words.next().is_some_and(|word| word.eq_ignore_ascii_case("call"))
                && words.next().is_some_and(|name| name.contains("system."))
        }
        Value::List(items) => items.iter().any(|item| is_call(&item.value)),
        Value::Map(_) => hook.get("sql").is_some_and(|sql| is_call(&sql.value)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Date(_) | Value::Unknown => {
            false
        }
    }
}
