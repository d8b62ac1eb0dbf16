//! `invalid-packages-file`.

use glueline_base::{Diagnostic, FileId, FileRange, Spanned, TextRange, Value};
use glueline_catalog::{Scope, lookup, suggest};
use glueline_project::{FileKind, Project};

use super::keys::shown;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-packages-file",
    Fails,
    Error,
    "invalid_packages_file.md",
    Check::Project(check), Project: "DbtProjectError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut with_packages: Option<FileRange> = None;
    for file in cx.project.files().of_kind(FileKind::Packages) {
        let Some(facts) = cx
            .project
            .facts(file)
            .yaml()
            .filter(|facts| facts.errors.is_empty())
        else {
            continue;
        };
        let root = &facts.value.value;
        let mut report = |range: TextRange, message: String| sink.push(finding(file, range, &message));
        if is_packages_yml(cx.project, file) {
            for entry in root.as_map().unwrap_or_default() {
                if lookup(Scope::PackagesFile, &entry.key.value).is_none() {
                    let key = &entry.key.value;
                    report(
                        entry.key.range,
                        format!("`packages.yml` takes `packages` alone, and here stands `{key}`."),
                    );
                }
            }
        }
        let Some(packages) = root.entry("packages") else {
            continue;
        };
        match &packages.value.value {
            Value::List(items) => {
                for item in items {
                    if let Some((range, message)) = wrong(item) {
                        report(range, message);
                    }
                }
            }
            Value::Null | Value::Unknown => {}
            other => report(
                packages.value.range,
                format!("`packages` takes a list, and here stands {}.", shown(other)),
            ),
        }
        let at = FileRange {
            file,
            range: packages.key.range,
        };
        if let Some(first) = with_packages.replace(at) {
            let message = "`packages` stands in `packages.yml` and in `dependencies.yml`, and dbt takes it from one of them.";
            sink.push(finding(file, packages.key.range, message).related(first, "the other one"));
        }
    }
}

fn is_packages_yml(project: &Project, file: FileId) -> bool {
    project.files().source(file).path.file_name() == Some("packages.yml")
}

fn finding(file: FileId, range: TextRange, message: &str) -> Diagnostic {
    let message = format!("{message} dbt refuses the project, and no command runs.");
    Diagnostic::new(&RULE.meta, FileRange { file, range }, message)
}

/// The forms of a package, each with what it needs beside (`dbt/contracts/project.py`).
const FORMS: [(&str, Option<&str>); 5] = [
    ("local", None),
    ("package", Some("version")),
    ("git", None),
    ("tarball", Some("name")),
    ("private", None),
];

/// What is wrong with one item of `packages`.
fn wrong(item: &Spanned<Value>) -> Option<(TextRange, String)> {
    let entries = match &item.value {
        Value::Map(entries) => entries,
        Value::Unknown => return None,
        other => {
            return Some((
                item.range,
                format!("A package is a mapping, and here stands {}.", shown(other)),
            ));
        }
    };
    if let Some(entry) = entries
        .iter()
        .find(|entry| lookup(Scope::Package, &entry.key.value).is_none())
    {
        let key = &entry.key.value;
        let hint = suggest(Scope::Package, key)
            .map(|meant| format!(" Did you mean `{meant}`?"))
            .unwrap_or_default();
        return Some((entry.key.range, format!("`{key}` is no key of a package.{hint}")));
    }
    let form = FORMS.iter().find(|(form, _)| item.value.get(form).is_some());
    match form {
        None => {
            let names = FORMS.map(|(form, _)| format!("`{form}`")).join(", ");
            Some((item.range, format!("A package needs one of {names}.")))
        }
        Some((form, Some(needed))) if item.value.get(needed).is_none() => {
            let at = item.value.entry(form).map_or(item.range, |entry| entry.key.range);
            Some((at, format!("A package with `{form}` needs `{needed}`.")))
        }
        Some(_) => None,
    }
}
