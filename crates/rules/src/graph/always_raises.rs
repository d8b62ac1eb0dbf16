//! `always-raises`.

use super::moment::{Moment, is_in, moment};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "always-raises",
    Fails,
    Error,
    "always_raises.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    for call in &facts.calls {
        if &*call.path.value != "exceptions.raise_compiler_error" || !is_in(cx.node, &call.site) {
            continue;
        }
        let when = match moment(text, &call.site) {
            None => continue,
            Some(Moment::Always) => "dbt stops when it parses the project, and no command runs.",
            Some(Moment::Run) => "The node fails each time it is compiled.",
            Some(Moment::Later) => "From the second run on, the node fails.",
        };
        let at = glueline_base::FileRange {
            file,
            range: call.path.range,
        };
        let message = format!("This is reached whenever `{}` is built. {when}", cx.node.name);
        sink.push(cx.diagnostic(&RULE.meta, at, message));
    }
}
