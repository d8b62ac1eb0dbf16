//! `name-with-space`.

use glueline_base::Severity;
use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "name-with-space",
    Fails,
    Error,
    "name_with_space.md",
    Check::Node(check), Link: "DbtValidationError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.node.name.contains(' ') {
        return;
    }
    let is_node = matches!(
        cx.node.kind,
        ResourceType::Model
            | ResourceType::Seed
            | ResourceType::Snapshot
            | ResourceType::Analysis
            | ResourceType::Test
    );
    let is_refused = is_node
        && cx
            .project
            .project_file()
            .flag("require_resource_names_without_spaces")
            != Some(false);
    let kind = match cx.node.kind {
        ResourceType::Test => "data test",
        other => other.name(),
    };
    let (severity, follows) = if is_refused {
        (
            Severity::Error,
            "dbt stops when it parses the project, and no command runs.",
        )
    } else {
        (Severity::Info, "dbt warns that it will refuse this one day.")
    };
    let message = format!(
        "The name of the {kind} `{}` has a space: {follows} Write `_` for it.",
        cx.node.name
    );
    sink.push(cx.diagnostic(&RULE.meta, cx.node.at, message).severity(severity));
}
