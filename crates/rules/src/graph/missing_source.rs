//! `missing-source`.

use glueline_base::nearest;
use glueline_project::{DependencyKind, Resolution};

use super::{consequence, did_you_mean, target_not_found, with_suggestion};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-source",
    Fails,
    Error,
    "missing_source.md",
    Check::Node(check), Link: "TargetNotFoundError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // A macro of that name is called instead, and may do what it likes.
    if !cx.project.macros().definitions("source").is_empty() {
        return;
    }
    for dependency in &cx.node.dependencies {
        let DependencyKind::Source {
            source: Some(source),
            table: Some(table),
        } = &dependency.kind
        else {
            continue;
        };
        if dependency.resolution != Resolution::Missing || !dependency.certain {
            continue;
        }
        let names = cx.project.lookup().source_names();
        let tables = names
            .iter()
            .filter(|(found, _)| *found == &**source)
            .map(|(_, table)| *table);
        let is_known = tables.clone().next().is_some();
        let meant_table = nearest(table, tables);
        let (severity, follows) = consequence(cx.node);
        let meant_source = nearest(source, names.iter().map(|(source, _)| *source));
        let hint = match did_you_mean(if is_known { meant_table } else { meant_source }) {
            hint if hint.is_empty() => " Declare it under `sources:` in a properties file.".to_owned(),
            hint => hint,
        };
        let message = if is_known {
            format!("The source `{source}` has no table `{table}`: {follows}.{hint}")
        } else {
            format!("There is no source `{source}`: {follows}.{hint}")
        };
        let diagnostic = cx
            .diagnostic(&RULE.meta, dependency.at, message)
            .severity(severity)
            .words(target_not_found(cx, dependency));
        sink.push(with_suggestion(
            cx.project,
            dependency,
            table,
            meant_table,
            diagnostic,
        ));
    }
}
