//! `yaml-syntax`.

use super::fault;
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule =
    rule!("yaml-syntax", Fails, Error, "yaml_syntax.md", Check::File(check), Parse: "YamlLoadError");

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(facts) = cx.facts().yaml() else { return };
    for error in &facts.errors {
        sink.push(fault(
            cx,
            &RULE.meta,
            error,
            "dbt cannot read this file, and no command runs.",
        ));
    }
}
