//! `undefined-name`.

use glueline_base::{FileRange, Severity, nearest};
use glueline_catalog::jinja::{self, shipped_macro};
use glueline_project::ResourceType;

use super::moment::{Moment, is_in, moment};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "undefined-name",
    Fails,
    Error,
    "undefined_name.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    for used in facts.names.iter().filter(|used| is_in(cx.node, &used.site)) {
        let Some((head, attribute)) = used.path.value.split_once('.') else {
            continue;
        };
        if !is_undefined(cx, head) {
            continue;
        }
        let Some(moment) = moment(cx.project.files().text(file), &used.site) else {
            continue;
        };
        let when = match moment {
            Moment::Later => "From the second run on, the node fails.",
            Moment::Always | Moment::Run => "Parsing succeeds; the node fails when it is compiled.",
        };
        let hint = nearest(head, jinja::names().map(|known| known.name))
            .map(|meant| format!(" Did you mean `{meant}`?"))
            .unwrap_or_default();
        let message = format!("There is no `{head}`, so `{attribute}` cannot be taken of it.{hint} {when}");
        let severity = if cx.node.kind == ResourceType::Analysis {
            Severity::Warning
        } else {
            Severity::Error
        };
        let at = FileRange {
            file,
            range: used.path.range,
        };
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
    }
}

/// Whether nothing has the name: no object of dbt, no macro, no package, and no package that could bring it is missing.
pub(super) fn is_undefined(cx: &NodeCx<'_>, head: &str) -> bool {
    let project = cx.project;
    jinja::name(head).is_none()
        && project.all_packages_present()
        && project.macros().definitions(head).is_empty()
        && shipped_macro(head).is_empty()
        && head != "dbt"
        && !project.packages().iter().any(|package| *package.name == *head)
}
