//! `corrupted-tags`.

use glueline_base::{Diagnostic, Fix};

use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "corrupted-tags",
    Ineffective,
    Warning,
    "corrupted_tags.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "tags") else {
        return;
    };
    for pair in pairs::pairs(scalar.text)
        .filter(|pair| pair.fault().is_none())
        .take(super::MOST_FINDINGS)
    {
        let mut parts = pair.text.split('=');
        let (key, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (message, part) = if let Some(lost) = pair.lost() {
            (
                format!(
                    "The tag is cut at its second `=`: it is sent as `{}={}`.",
                    key.trim(),
                    value.trim()
                ),
                lost,
            )
        } else if key.trim() != key || value.trim() != value {
            let message = format!(
                "Blanks are kept in tags: this one is sent with the key `\"{key}\"` and the value `\"{value}\"`. Write \
                 `{}={}`, without blanks around it.",
                key.trim(),
                value.trim()
            );
            (message, pair.trimmed_range())
        } else {
            continue;
        };
        let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(part), message);
        if let Some(at) = scalar.exact(pair.range()).filter(|_| pair.lost().is_none()) {
            let text = format!("{}={}", key.trim(), value.trim());
            diagnostic = diagnostic.fix(Fix::safe("Take the blanks out").replace(at, text));
        }
        cx.report(sink, diagnostic);
    }
}
