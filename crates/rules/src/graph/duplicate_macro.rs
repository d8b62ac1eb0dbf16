//! `duplicate-macro`.

use glueline_base::{Diagnostic, FileRange};
use rustc_hash::FxHashMap;

use super::called::macro_files;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "duplicate-macro",
    Fails,
    Error,
    "duplicate_macro.md",
    Check::Project(check), Parse: "DuplicateMacroInPackageError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut seen: FxHashMap<&str, FileRange> = FxHashMap::default();
    for file in macro_files(cx.project) {
        for definition in cx
            .project
            .facts(file)
            .sql()
            .into_iter()
            .flat_map(|facts| &facts.macros)
        {
            let at = definition.written.in_file(file);
            let Some(first) = seen.insert(&definition.name.value, at) else {
                continue;
            };
            let message = format!(
                "There are two macros `{}` in the project: dbt stops when it parses it, and no command runs. Rename or \
                 remove one of them.",
                definition.name.value
            );
            sink.push(Diagnostic::new(&RULE.meta, at, message).related(first, "the other one"));
        }
    }
}
