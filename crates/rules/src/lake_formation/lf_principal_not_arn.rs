//! `lf-principal-not-arn`.

use glueline_base::{Fix, Severity, Spanned, Value};
use glueline_project::Contribution;

use super::acts;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-principal-not-arn",
    Access,
    Warning,
    "lf_principal_not_arn.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((set, data_cell_filters)) = acts::data_cell_filters(cx) else {
        return;
    };
    for filter in acts::filters(data_cell_filters) {
        let Some(principals) = filter.value.value.get("principals") else {
            continue;
        };
        if let Some(text) = principals.value.as_str().filter(|text| !text.is_empty()) {
            one_text(cx, set, principals, text, sink);
        }
        for principal in principals.value.as_list().unwrap_or_default() {
            let Some(name) = principal.value.as_str().filter(|name| !is_principal(name)) else {
                continue;
            };
            let message = format!(
                "`{name}` is no ARN: Lake Formation knows principals by ARN or account, and dbt-glue does not look at \
                 what it answers. The run succeeds, and nobody gets access."
            );
            sink.push(at_setting(cx, &RULE.meta, set, set.at(principal.range), message));
        }
    }
}

/// An ARN, an account, the principals of an account, or the group that switches Lake Formation off.
fn is_principal(name: &str) -> bool {
    name.contains(':')
        || name == "IAM_ALLOWED_PRINCIPALS"
        || (name.len() == 12 && name.bytes().all(|b| b.is_ascii_digit()))
}

fn one_text(cx: &NodeCx<'_>, set: &Contribution, value: &Spanned<Value>, text: &str, sink: &mut Sink) {
    let at = set.at(value.range);
    let message = "`principals` must be a list: of a text, each letter is taken for a principal. The run succeeds, and \
                   nobody gets access.";
    let fix = Fix::safe("Make it a list").replace(at, edit::list(cx, set, [text]));
    sink.push(
        at_setting(cx, &RULE.meta, set, at, message)
            .severity(Severity::Error)
            .fix(fix),
    );
}
