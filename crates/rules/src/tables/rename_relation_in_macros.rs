//! `rename-relation-in-macros`.

use glueline_base::Diagnostic;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "rename-relation-in-macros",
    Data,
    Warning,
    "rename_relation_in_macros.md",
    Check::File(check)
);

/// What ends in dbt-glue's way to rename.
const RENAMES: [&str; 3] = [
    "adapter.rename_relation",
    "adapter.glue_rename_relation",
    "rename_relation",
];

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(facts) = cx.facts().sql() else { return };
    let calls = facts
        .calls
        .iter()
        .filter(|call| !call.is_local && RENAMES.contains(&&*call.path.value));
    for call in calls {
        let own = cx.project.macros();
        if !cx.project.is_glue() || own.override_of("rename_relation", 0).is_some() {
            return;
        }
        let message = "dbt-glue renames a table by copying it: into parquet, without partitions, appended to what is there, \
                       and then drops the old one, whatever format it had. Create the table under its name instead.";
        sink.push(Diagnostic::new(&RULE.meta, cx.at(call.path.range), message));
    }
}
