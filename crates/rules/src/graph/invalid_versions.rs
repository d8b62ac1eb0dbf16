//! `invalid-versions`.

use glueline_base::Diagnostic;

use super::properties::entries;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-versions",
    Fails,
    Error,
    "invalid_versions.md",
    Check::Project(check), Parse: "ParsingError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for (file, patch) in entries(cx.project) {
        let (name, versions) = (&patch.name.value, patch.versions.as_slice());
        for (number, version) in versions.iter().enumerate() {
            let same = versions
                .iter()
                .take(number)
                .find(|other| other.v.value == version.v.value);
            if let Some(first) = same {
                let message = format!("`{name}` has the version `{}` twice: {STOPS}", version.v.value);
                let diagnostic = Diagnostic::new(&RULE.meta, version.v.in_file(file), message);
                sink.push(diagnostic.related(first.v.in_file(file), "the other one"));
            }
        }
        let Some(latest) = &patch.latest_version else {
            continue;
        };
        if versions.is_empty() || versions.iter().any(|version| version.v.value == latest.value) {
            continue;
        }
        let there: Vec<_> = versions
            .iter()
            .map(|version| format!("`{}`", version.v.value))
            .collect();
        let message = format!(
            "`latest_version` of `{name}` is none of its versions ({}): {STOPS}",
            there.join(", ")
        );
        sink.push(Diagnostic::new(&RULE.meta, latest.in_file(file), message));
    }
}

const STOPS: &str = "dbt stops when it parses the project, and no command runs.";
