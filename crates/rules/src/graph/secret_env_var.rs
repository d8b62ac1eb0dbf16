//! `secret-env-var`.

use glueline_base::{Diagnostic, FileRange};
use glueline_project::FileKind;

use super::is_secret;
use super::moment::moment;
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "secret-env-var",
    Fails,
    Error,
    "secret_env_var.md",
    Check::File(check), Parse: "SecretEnvVarLocationError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let kind = cx.project.files().info(cx.file).kind;
    let is_node = matches!(
        kind,
        FileKind::Model | FileKind::Snapshot | FileKind::Analysis | FileKind::SingularTest
    );
    let Some(facts) = cx.facts().sql().filter(|_| is_node) else {
        return;
    };
    for call in facts.env_vars.iter().filter(|call| call.site.in_macro.is_none()) {
        let Some(name) = call.name.as_ref().filter(|name| is_secret(&name.value)) else {
            continue;
        };
        if moment(cx.text(), &call.site).is_none() {
            continue;
        }
        let message = format!(
            "`{}` is a secret, and dbt gives secrets to `profiles.yml` and `packages.yml` alone: it stops here. In \
             compiled SQL a secret would end up in logs, artifacts and Glue's history.",
            name.value
        );
        let at = FileRange {
            file: cx.file,
            range: name.range,
        };
        sink.push(Diagnostic::new(&RULE.meta, at, message));
    }
}
