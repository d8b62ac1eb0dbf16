//! `private-ref`.

use glueline_base::Value;
use glueline_project::{Node, Resolution, ResourceType, Setting};

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule =
    rule!("private-ref", Fails, Error, "private_ref.md", Check::Node(check), Link: "DbtReferenceError");

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // A generic test belongs to the group of what it is put on.
    if cx.node.generic_test.is_some() || cx.node.kind == ResourceType::UnitTest {
        return;
    }
    for dependency in &cx.node.dependencies {
        let Resolution::Node(id) = dependency.resolution else {
            continue;
        };
        let target = cx.project.node(id);
        let is_private = target.kind == ResourceType::Model
            && target.config.get("access").value().and_then(Value::as_str) == Some("private");
        if !is_private || !dependency.certain {
            continue;
        }
        let (own, theirs) = (group(cx.node), group(target));
        if own == Group::Unknown || theirs == Group::Unknown || (own == theirs && own != Group::None) {
            continue;
        }
        let whose = match theirs {
            Group::Of(group) => format!("private to the group `{group}`"),
            Group::None | Group::Unknown => "private, and in no group".to_owned(),
        };
        let message = format!(
            "The model `{}` is {whose}, and this {} is not in it: dbt stops when it parses the project, and no command \
             runs. Put both into one group, or make the model `protected`.",
            target.name, cx.node.kind
        );
        let mut diagnostic = cx.diagnostic(&RULE.meta, dependency.at, message);
        if let Some(set) = target.config.get("access").set() {
            diagnostic = diagnostic.related(set.value_at(), "made private here");
        }
        sink.push(diagnostic);
    }
}

/// The group of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group<'a> {
    Unknown,
    None,
    Of(&'a str),
}

fn group(node: &Node) -> Group<'_> {
    match node.config.get("group") {
        Setting::Unknown => Group::Unknown,
        // An exposure cannot be in a group.
        Setting::Set(set) if node.kind != ResourceType::Exposure => {
            let name = set.value.value.as_str().filter(|name| !name.is_empty());
            name.map_or(Group::None, Group::Of)
        }
        Setting::Set(_) | Setting::Unset => Group::None,
    }
}
