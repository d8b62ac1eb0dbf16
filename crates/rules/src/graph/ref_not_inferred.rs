//! `ref-not-inferred`.

use glueline_base::{FileRange, Severity};
use glueline_project::{Dependency, Resolution, ResourceType};

use super::moment::{Moment, is_in, moment};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "ref-not-inferred",
    Fails,
    Error,
    "ref_not_inferred.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    for call in facts
        .refs
        .iter()
        .filter(|call| !call.site.conditions.is_empty() && is_in(cx.node, &call.site))
    {
        let (Some(name), Some(moment)) = (&call.name, moment(text, &call.site)) else {
            continue;
        };
        if moment == Moment::Always {
            continue;
        }
        let at = FileRange {
            file,
            range: name.range,
        };
        let Some(here) = cx.node.dependencies.iter().find(|dependency| dependency.at == at) else {
            continue;
        };
        if is_known_elsewhere(cx, here) {
            continue;
        }
        let when = match moment {
            Moment::Later => "once the table exists, from the second run on, and the run fails then",
            _ => "when the node runs, which fails then",
        };
        let message = match here.resolution {
            Resolution::Node(_) => format!(
                "dbt evaluates this `ref()` only {when}: \"unable to infer all dependencies\". It learns what a \
                 node reads when it parses the project. Add `-- depends_on: {{{{ ref('{}') }}}}` outside the condition.",
                name.value
            ),
            Resolution::Missing | Resolution::Disabled(_) => format!(
                "There is no enabled model, seed or snapshot `{}`. dbt evaluates this `ref()` only {when}.",
                name.value
            ),
            Resolution::Unknown => continue,
        };
        let severity = match (cx.node.kind, moment) {
            (ResourceType::Analysis, _) => Severity::Warning,
            (_, Moment::Later) => cx.later_severity(),
            _ => Severity::Error,
        };
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
    }
}

/// Whether another call, which dbt is sure to see when it parses or which cannot be judged, names the same node.
fn is_known_elsewhere(cx: &NodeCx<'_>, here: &Dependency) -> bool {
    let Resolution::Node(_) = here.resolution else {
        return false;
    };
    let mut others = cx.node.dependencies.iter().filter(|other| other.at != here.at);
    others.any(|other| other.resolution == here.resolution && other.certain)
}
