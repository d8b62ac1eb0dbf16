//! `lf-tag-value-not-text`.

use glueline_base::{Fix, Spanned, Value};
use glueline_catalog::{Scope, ValueType, keys};
use glueline_project::Contribution;

use super::acts;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-tag-value-not-text",
    Fails,
    Error,
    "lf_tag_value_not_text.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = acts::tags(cx) else { return };
    for spec in keys(Scope::LfTags).filter(|spec| spec.value == ValueType::TextMap) {
        let tags = set
            .value
            .value
            .get(spec.name)
            .and_then(|tags| tags.value.as_map());
        for tag in tags.unwrap_or_default() {
            if matches!(tag.value.value, Value::Str(_) | Value::Unknown) {
                continue;
            }
            let message = format!(
                "The tag `{}` in `{}` needs one text as its value, and this is {}: the node fails with `Invalid type for \
                 parameter LFTags[0].TagValues[0]`, after its data was written.",
                tag.key.value,
                spec.name,
                tag.value.value.kind()
            );
            let mut finding = at_setting(cx, &RULE.meta, set, set.at(tag.value.range), message);
            if let Some(fix) = mend(cx, set, &tag.value) {
                finding = finding.fix(fix);
            }
            sink.push(finding);
        }
    }
}

/// A number is quoted, and the only item of a list taken out of it.
fn mend(cx: &NodeCx<'_>, set: &Contribution, value: &Spanned<Value>) -> Option<Fix> {
    let at = set.at(value.range);
    match &value.value {
        Value::Int(_) | Value::Float(_) => {
            let written = edit::written(cx, set, value.range);
            let plain = value.value.display() == written;
            plain.then(|| Fix::safe(format!("Quote `{written}`")).replace(at, edit::text(cx, set, written)))
        }
        Value::List(items) => {
            let [only] = items.as_slice() else { return None };
            let text = only.value.as_str()?;
            Some(Fix::safe(format!("Write `{text}`")).replace(at, edit::text(cx, set, text)))
        }
        _ => None,
    }
}
