//! `ref-arguments`.

use glueline_base::slice;

use super::moment::{is_in, moment};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "ref-arguments",
    Fails,
    Error,
    "ref_arguments.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    let refs = facts.refs.iter().filter(|call| !matches!(call.arguments, 1 | 2));
    let refs = refs.map(|call| {
        (
            &call.site,
            "ref",
            "one text, or a package and a name",
            call.arguments,
        )
    });
    let sources = facts.sources.iter().filter(|call| call.arguments != 2);
    let sources = sources.map(|call| (&call.site, "source", "a source and a table", call.arguments));
    for (site, function, takes, arguments) in refs.chain(sources) {
        // Spread arguments cannot be counted.
        let written = slice(text, site.range);
        if !is_in(cx.node, site) || moment(text, site).is_none() || written.contains('*') {
            continue;
        }
        let message = format!(
            "`{function}()` takes {takes}, without keywords but `v`; here it gets {arguments} arguments by \
             position. dbt stops when it evaluates the call."
        );
        let at = glueline_base::FileRange {
            file,
            range: site.range,
        };
        sink.push(cx.diagnostic(&RULE.meta, at, message));
    }
}
