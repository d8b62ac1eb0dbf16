//! `unsupported-dbt-version`.

use glueline_base::{Diagnostic, FileRange};
use glueline_catalog::AdapterVersion;

use super::versions;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unsupported-dbt-version",
    Project,
    Info,
    "unsupported_dbt_version.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project.project_file();
    let Some(required) = project.value.value.get("require-dbt-version") else {
        return;
    };
    let Some(described) = versions::version(AdapterVersion::DBT_CORE) else {
        return;
    };
    let texts = versions::texts(required);
    let bounds: Option<Vec<_>> = texts.iter().map(|text| versions::requirements(text)).collect();
    let Some(bounds) = bounds else { return };
    if bounds.into_iter().flatten().all(|bound| bound.allows(described)) {
        return;
    }
    let message = format!(
        "The project asks for a dbt other than {}, which is what Glueline knows: dbt {} refuses the project, and what is \
         said here may not hold for yours.",
        AdapterVersion::DBT_CORE,
        AdapterVersion::DBT_CORE
    );
    let at = FileRange {
        file: project.file,
        range: required.range,
    };
    sink.push(Diagnostic::new(&RULE.meta, at, message));
}
