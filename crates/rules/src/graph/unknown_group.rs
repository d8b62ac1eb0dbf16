//! `unknown-group`.

use glueline_base::{Diagnostic, Fix, nearest};
use glueline_project::ResourceType;

use super::properties::group_names;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-group",
    Fails,
    Error,
    "unknown_group.md",
    Check::Project(check), Link: "ParsingError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut groups = None;
    for node in cx.project.own_nodes() {
        let has_group = matches!(
            node.kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
        );
        let Some(set) = node.config.get("group").set().filter(|_| has_group) else {
            continue;
        };
        let Some(group) = set.value.value.as_str().filter(|name| !name.is_empty()) else {
            continue;
        };
        let groups = groups.get_or_insert_with(|| group_names(cx.project));
        if !cx.project.all_packages_present() || groups.iter().any(|found| **found == *group) {
            continue;
        }
        let meant = nearest(group, groups.iter().map(|name| &**name));
        let hint = match meant {
            Some(meant) => format!(" Did you mean `{meant}`?"),
            None => " Define it under `groups:` in a properties file.".to_owned(),
        };
        let message = format!(
            "There is no group `{group}`: dbt stops when it parses the project, and no command runs.{hint}"
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, set.value_at(), message).node(&*node.unique_id);
        let written = glueline_base::slice(cx.project.files().text(set.file), set.value.range);
        if let Some(meant) = meant {
            let quote = written.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let text = quote.map_or_else(|| meant.to_owned(), |quote| format!("{quote}{meant}{quote}"));
            if group == written.trim_matches(['\'', '"']) {
                diagnostic = diagnostic
                    .fix(Fix::needs_consent(format!("Name `{meant}`")).replace(set.value_at(), text));
            }
        }
        sink.push(diagnostic);
    }
}
