//! `missing-version`.

use glueline_project::{DependencyKind, Resolution};

use super::{consequence, target_not_found};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-version",
    Fails,
    Error,
    "missing_version.md",
    Check::Node(check), Link: "TargetNotFoundError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    for dependency in &cx.node.dependencies {
        let DependencyKind::Ref {
            package: None,
            name: Some(name),
            version: Some(version),
        } = &dependency.kind
        else {
            continue;
        };
        if dependency.resolution != Resolution::Missing || !dependency.certain {
            continue;
        }
        let lookup = cx.project.lookup();
        let versions = lookup.versions(name);
        let there = if versions.is_empty() {
            if lookup.find_ref(cx.node.package, None, name, None) == Resolution::Missing {
                continue;
            }
            "it has no versions; leave `v=` out".to_owned()
        } else {
            format!(
                "there is {}",
                versions
                    .iter()
                    .map(|v| format!("`{v}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        };
        let (severity, follows) = consequence(cx.node);
        let message = format!("`{name}` has no version `{version}`: {there}. So {follows}.");
        sink.push(
            cx.diagnostic(&RULE.meta, dependency.at, message)
                .severity(severity)
                .words(target_not_found(cx, dependency)),
        );
    }
}
