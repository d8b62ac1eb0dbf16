//! Files that dbt cannot read.

pub(crate) mod duplicate_yaml_key;
pub(crate) mod jinja_syntax;
pub(crate) mod not_utf8;
pub(crate) mod python_syntax;
pub(crate) mod unknown_jinja_filter;
pub(crate) mod unreadable_file;
pub(crate) mod yaml_jinja_fails;
pub(crate) mod yaml_syntax;

use glueline_base::{Diagnostic, Fix, RuleMeta, SyntaxError};

use crate::context::FileCx;
use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &duplicate_yaml_key::RULE,
    &jinja_syntax::RULE,
    &not_utf8::RULE,
    &python_syntax::RULE,
    &unknown_jinja_filter::RULE,
    &unreadable_file::RULE,
    &yaml_jinja_fails::RULE,
    &yaml_syntax::RULE,
];

/// A fault that a parser found, as a finding, with what follows from it.
fn fault(cx: &FileCx<'_>, rule: &RuleMeta, error: &SyntaxError, consequence: &str) -> Diagnostic {
    let message = format!("{}. {consequence}", capitalized(&error.message));
    let diagnostic = Diagnostic::new(rule, cx.at(error.range), message);
    let Some((range, text)) = &error.fix else {
        return diagnostic;
    };
    let title = if text.trim().is_empty() {
        "Remove it".to_owned()
    } else {
        format!("Write `{}`", text.trim())
    };
    diagnostic.fix(Fix::safe(title).replace(cx.at(*range), text.clone()))
}

/// A sentence with a capital letter at its start.
pub(crate) fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
