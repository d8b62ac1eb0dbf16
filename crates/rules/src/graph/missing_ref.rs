//! `missing-ref`.

use glueline_base::nearest;
use glueline_project::{DependencyKind, Resolution};

use super::{consequence, did_you_mean, target_not_found, with_suggestion};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule =
    rule!("missing-ref", Fails, Error, "missing_ref.md", Check::Node(check), Link: "TargetNotFoundError");

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // A macro of that name is called instead, and may do what it likes.
    if !cx.project.macros().definitions("ref").is_empty() {
        return;
    }
    for dependency in &cx.node.dependencies {
        let DependencyKind::Ref {
            package,
            name: Some(name),
            ..
        } = &dependency.kind
        else {
            continue;
        };
        let lookup = cx.project.lookup();
        if dependency.resolution != Resolution::Missing
            || !dependency.certain
            || !lookup.versions(name).is_empty()
        {
            continue;
        }
        // A version of a model that has none is another rule's.
        if package.is_none() && lookup.find_ref(cx.node.package, None, name, None) != Resolution::Missing {
            continue;
        }
        let (severity, follows) = consequence(cx.node);
        let meant = nearest(name, lookup.ref_names());
        let place = match package {
            None => String::new(),
            Some(package) if cx.project.packages().iter().any(|found| found.name == *package) => {
                format!(" in the package `{package}`")
            }
            Some(package) => format!(", for there is no package `{package}`"),
        };
        let hint = did_you_mean(meant);
        let message = format!("There is no model, seed or snapshot `{name}`{place}: {follows}.{hint}");
        let diagnostic = cx
            .diagnostic(&RULE.meta, dependency.at, message)
            .severity(severity)
            .words(target_not_found(cx, dependency));
        sink.push(with_suggestion(cx.project, dependency, name, meant, diagnostic));
    }
}
