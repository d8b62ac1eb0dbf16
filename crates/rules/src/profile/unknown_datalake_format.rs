//! `unknown-datalake-format`.

use glueline_base::{Diagnostic, Fix, nearest};

use super::lake;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-datalake-format",
    Fails,
    Warning,
    "unknown_datalake_format.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(formats) = Scalar::of(cx, "datalake_formats") else {
        return;
    };
    for piece in pairs::pairs(formats.text).take(super::MOST_FINDINGS) {
        let word = piece.text.trim();
        if word.is_empty() || lake::words().any(|known| known == word) {
            continue;
        }
        let message = format!(
            "Glue brings no lake format `{word}`: it loads {}, and nothing checks the word before the session starts.",
            super::list(lake::words())
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, formats.place(piece.trimmed_range()), message);
        if let (Some(meant), Some(at)) = (nearest(word, lake::words()), formats.exact(piece.trimmed_range()))
        {
            diagnostic = diagnostic.fix(Fix::safe(format!("Write `{meant}`")).replace(at, meant));
        }
        cx.report(sink, diagnostic);
    }
}
