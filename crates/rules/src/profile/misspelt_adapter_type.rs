//! `misspelt-adapter-type`.

use glueline_base::{Diagnostic, FileRange, Fix, Value, slice};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "misspelt-adapter-type",
    Fails,
    Error,
    "misspelt_adapter_type.md",
    Check::Project(check), Profile: "DbtProfileError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some(target) = cx.project.target() else { return };
    let profile = cx
        .project
        .profile()
        .profile()
        .map_or("", |profile| &profile.name.value);
    match target.entry("type").map(|entry| &entry.value) {
        None => {
            let message = format!(
                "The output `{}` has no `type`: dbt stops with `required field \"type\" not found in profile {profile} \
                 and target {}`. Write `type: glue`.",
                target.name.value, target.name.value
            );
            sink.push(Diagnostic::new(&RULE.meta, target.name_at(), message));
        }
        Some(value) => {
            let Value::Str(adapter) = &value.value else { return };
            // Another adapter may be installed under any other name.
            let folded = adapter.to_ascii_lowercase();
            let meant = matches!(
                folded.as_str(),
                "glue" | "awsglue" | "aws_glue" | "aws-glue" | "dbt-glue" | "dbt_glue"
            );
            if !meant || **adapter == *"glue" {
                return;
            }
            let at = FileRange {
                file: target.file,
                range: value.range,
            };
            let message = format!(
                "There is no adapter `{adapter}`: dbt stops with `Could not find adapter type {adapter}!`. Write `glue`."
            );
            let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
            if slice(cx.project.files().text(target.file), value.range) == &**adapter {
                diagnostic = diagnostic.fix(Fix::safe("Write `glue`").replace(at, "glue"));
            }
            sink.push(diagnostic);
        }
    }
}
