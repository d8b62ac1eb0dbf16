//! `lake-format-not-loaded`.

use glueline_base::{Diagnostic, Fix, Value};
use glueline_catalog::FileFormat;

use super::lake;
use super::output;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lake-format-not-loaded",
    Fails,
    Warning,
    "lake_format_not_loaded.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected
        || brings_jars(cx)
        || matches!(cx.target.get("datalake_formats"), Some(Value::Unknown))
    {
        return;
    }
    let loaded = Scalar::of(cx, "datalake_formats");
    let text = loaded.map_or("", |loaded| loaded.text);
    for word in lake::words() {
        if pairs::pairs(text).any(|piece| piece.text.trim().eq_ignore_ascii_case(word)) {
            continue;
        }
        let formats: Vec<_> = FileFormat::ALL
            .iter()
            .copied()
            .filter(|format| format.datalake_format() == Some(word))
            .collect();
        let Some(node) = output::writer_in(cx.project, &formats) else {
            continue;
        };
        let message = format!(
            "The {} `{}` is written as {word}, and the session does not load {word}: Spark does not find the data \
             source. Add `{word}` to `datalake_formats`.",
            node.kind, node.name
        );
        let at = loaded.map_or(cx.target.name_at(), |loaded| loaded.at());
        let mut diagnostic =
            Diagnostic::new(&RULE.meta, at, message).related(node.at, "written in this format");
        if let Some(fix) = add(cx, loaded, word) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// Whether the format may come by another way: a connector, a jar, an argument.
fn brings_jars(cx: &TargetCx<'_>) -> bool {
    let arguments = Scalar::of(cx, "default_arguments");
    let by_argument = arguments.is_some_and(|arguments| arguments.text.contains("--datalake-formats"));
    by_argument
        || ["connections", "extra_jars"]
            .iter()
            .any(|key| !cx.target.lacks(key))
        || matches!(cx.target.get("default_arguments"), Some(Value::Unknown))
}

fn add(cx: &TargetCx<'_>, loaded: Option<Scalar<'_>>, word: &str) -> Option<Fix> {
    let fix = Fix::needs_consent(format!("Load `{word}`"));
    match loaded {
        Some(loaded) => {
            let at = loaded.exact(0..loaded.text.len())?;
            Some(fix.insert_after(at, format!(",{word}")))
        }
        None if cx.target.entry("datalake_formats").is_none() => {
            output::insert_line(cx, &format!("datalake_formats: {word}"), fix)
        }
        None => None,
    }
}
