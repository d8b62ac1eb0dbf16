//! `invalid-project-file`.

use glueline_base::{Diagnostic, FileRange, MapEntry, Spanned, TextRange, Value, range};
use glueline_catalog::{Checked, RESERVED_PROJECT_NAMES, Scope, lookup};
use glueline_project::FileKind;

use super::keys::{RENAMED, shown};
use super::versions;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-project-file",
    Fails,
    Error,
    "invalid_project_file.md",
    Check::Project(check), Project: "ProjectContractError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project.project_file();
    let Some(facts) = cx
        .project
        .facts(project.file)
        .yaml()
        .filter(|facts| facts.errors.is_empty())
    else {
        return;
    };
    let mut report = |range: TextRange, message: String| {
        let message = format!("{message} dbt refuses the project, and no command runs.");
        sink.push(Diagnostic::new(
            &RULE.meta,
            FileRange {
                file: project.file,
                range,
            },
            message,
        ));
    };
    let root = &project.value;
    let entries = match &root.value {
        Value::Map(entries) => entries.as_slice(),
        Value::Unknown => return,
        _ => {
            let start = facts.value.range.start();
            report(
                TextRange::empty(start),
                "`dbt_project.yml` is no mapping of keys to values.".to_owned(),
            );
            return;
        }
    };
    if root.value.get("name").is_none() {
        report(range(0, 0), "The project has no `name`.".to_owned());
    }
    for entry in entries {
        if let Some(message) = wrong(entry) {
            report(entry.value.range, message);
        }
    }
    for (new, old) in RENAMED {
        // Of the old paths the mere presence counts, of the tests what they hold.
        let is_path = new.ends_with("-paths");
        let is_set = |key: &str| {
            let entry = root.value.entry(key)?;
            (is_path || entry.value.value.truthy() == Some(true)).then_some(entry)
        };
        if let (Some(_), Some(old_entry)) = (is_set(new), is_set(old)) {
            report(
                old_entry.key.range,
                format!("`{old}` is the old name of `{new}`, and both are set."),
            );
        }
    }
    let has_file = cx.project.files().of_kind(FileKind::Vars).next().is_some();
    if let Some(vars) = root
        .value
        .entry("vars")
        .filter(|entry| has_file && entry.value.value.truthy() == Some(true))
    {
        report(
            vars.key.range,
            "Variables stand here and in `vars.yml`, and dbt takes them from one of the two.".to_owned(),
        );
    }
}

/// What is wrong with a key of the project file.
fn wrong(entry: &MapEntry) -> Option<String> {
    let key = &*entry.key.value;
    let spec = lookup(Scope::ProjectFile, key)?;
    if spec.checked == Checked::AtParse && spec.accepts(&entry.value.value) == Some(false) {
        return Some(format!(
            "`{key}` takes {}, and here stands {}.",
            spec.value.words(),
            shown(&entry.value.value)
        ));
    }
    match key {
        "vars" => {
            let mut entries = entry.value.value.as_map()?.iter();
            let typed = entries.find_map(|entry| entry.typed.as_deref())?;
            Some(format!(
                "The names of variables are texts, and here stands {}.",
                shown(typed)
            ))
        }
        "name" => invalid_name(&entry.value),
        "version" => invalid_version(&entry.value),
        "dispatch" => {
            let items = entry.value.value.as_list().unwrap_or_default();
            let is_whole = |item: &Spanned<Value>| {
                item.value.get("macro_namespace").is_some()
                    && item.value.get("search_order").is_some_and(|order| {
                        matches!(order.value, Value::List(_) | Value::Unknown)
                    })
            };
            let is_broken = items.iter().any(|item| item.value != Value::Unknown && !is_whole(item));
            is_broken.then(|| "Each item of `dispatch` needs `macro_namespace` and a list `search_order`.".to_owned())
        }
        "require-dbt-version" => versions::texts(&entry.value)
            .into_iter()
            .find(|text| versions::requirements(text).is_none())
            .map(|text| {
                format!(
                    "`{text}` is no range of versions: dbt reads an operator of `>=`, `<=`, `>`, `<`, `=` and three \
                     numbers, as `>=1.10.0`."
                )
            }),
        _ => None,
    }
}

fn invalid_name(value: &Spanned<Value>) -> Option<String> {
    let name = value.value.as_str()?;
    let mut letters = name.chars();
    let is_name = letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_');
    if !is_name {
        return Some(format!(
            "`{name}` is no name of a project: it has letters, digits and `_`, and no digit first."
        ));
    }
    RESERVED_PROJECT_NAMES
        .contains(&name)
        .then(|| format!("`{name}` is a name that dbt keeps for itself."))
}

/// A number, or a semantic version of two or three numbers.
fn invalid_version(value: &Spanned<Value>) -> Option<String> {
    let text = value.value.as_str()?;
    let core = text.split(['-', '+']).next().unwrap_or(text);
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part.len() == 1 || !part.starts_with('0'))
    };
    let is_version = matches!(numbers.len(), 2 | 3) && numbers.iter().all(is_number);
    (!is_version).then(|| format!("`{text}` is no version: write three numbers in quotes, as `\"1.0.0\"`."))
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    fn found(text: &str) -> usize {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", text);
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let mut sink = Sink::default();
        check(&ProjectCx { project: &project }, &mut sink);
        sink.take().len()
    }

    #[test]
    fn what_dbt_refuses() {
        // Each tried with dbt-core 1.12.6.
        for text in [
            "version: '1.0.0'",
            "name: my-shop",
            "name: 1shop",
            "name: 12",
            "name: dbt",
            "name: dbt_glue",
            "name: shop\nversion: '1'",
            "name: shop\nversion: abc",
            "name: shop\nconfig-version: '2'",
            "name: shop\nmodel-paths: models",
            "name: shop\nmodel-paths: [1]",
            "name: shop\nsource-paths: [a]\nmodel-paths: [a]",
            "name: shop\nmodels: [a]",
            "name: shop\nseeds: x",
            "name: shop\nflags:",
            "name: shop\ndispatch:",
            "name: shop\ndispatch: [{macro_namespace: x}]",
            "name: shop\nvars: [a]",
            "name: shop\ntests: {+severity: warn}\ndata_tests: {+severity: warn}",
            "name: shop\nrequire-dbt-version: abc",
            "name: shop\nrequire-dbt-version: '1.12'",
            "name: shop\nrequire-dbt-version: '==1.12.6'",
            "- a",
            "",
        ] {
            assert_eq!(found(text), 1, "{text}");
        }
    }

    #[test]
    fn what_dbt_takes() {
        for text in [
            "name: shop",
            "name: Shop",
            "name: shop\nversion: 1.0",
            "name: shop\nversion: '1.0'",
            "name: shop\nconfig-version: 3",
            "name: shop\nmodels:",
            "name: shop\nmodel-paths:",
            "name: shop\nquoting:",
            "name: shop\non-run-start: select 1",
            "name: shop\nsource-paths: [models]",
            "name: shop\nrequire-dbt-version: '>=1.0.0,<2.0.0'",
            "name: shop\nrequire-dbt-version: ['>=1.0.0', '<2.0.0']",
            "name: \"{{ var('x') }}\"",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }

    #[test]
    fn every_prefix_is_read() {
        let text =
            "name: shop\nversion: '1.é'\nmodels: {+x: 1}\ndispatch: [{a: b}]\nrequire-dbt-version: ['>=1']\n";
        for (at, _) in text.char_indices() {
            let _ = found(text.get(..at).unwrap()) > 0;
        }
    }
}
