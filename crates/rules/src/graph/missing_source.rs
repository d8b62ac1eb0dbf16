//! `missing-source`.

use glueline_base::nearest;
use glueline_project::{DependencyKind, Resolution};

use super::{consequence, with_suggestion};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-source",
    Fails,
    Error,
    "missing_source.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
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
        let mut message = if is_known {
            format!("The source `{source}` has no table `{table}`: {follows}.")
        } else {
            format!("There is no source `{source}`: {follows}.")
        };
        let meant_source = nearest(source, names.iter().map(|(source, _)| *source));
        match (is_known, meant_table, meant_source) {
            (true, Some(meant), _) | (false, _, Some(meant)) => {
                message.push_str(&format!(" Did you mean `{meant}`?"));
            }
            _ => message.push_str(" Declare it under `sources:` in a properties file."),
        }
        let diagnostic = cx
            .diagnostic(&RULE.meta, dependency.at, message)
            .severity(severity);
        sink.push(with_suggestion(
            cx.project,
            dependency,
            table,
            meant_table,
            diagnostic,
        ));
    }
}
