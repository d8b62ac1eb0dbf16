//! Variables of the environment that files ask for, and whether they are set.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_base::{FileId, FileRange, SharedVec, Spanned, System, Value};

use crate::facts::{self, FileFacts};
use crate::files::{FileKind, Files};
use crate::project_file::ProjectFile;
use crate::values::Text;

/// Lists of a properties file whose texts dbt renders whenever it parses the project, be they configs, descriptions,
/// hooks or arguments of tests (`dbt/parser/schemas.py`, `dbt/parser/manifest.py`).
const RENDERED_LISTS: [&str; 6] = ["models", "seeds", "snapshots", "analyses", "sources", "exposures"];

/// The names that are not set among those that files of Jinja and SQL ask for without a default, and those of which the dbt project's
/// files of YAML make a boolean or a number.
pub(crate) fn unset(system: &dyn System, files: &Files, facts: &SharedVec<FileFacts>) -> BTreeSet<Arc<str>> {
    let in_sql = facts
        .iter()
        .filter_map(FileFacts::sql)
        .flat_map(|facts| &facts.env_vars)
        .filter(|call| !call.has_default)
        .filter_map(|call| Some(call.name.as_ref()?.value.clone()));
    let mut names: BTreeSet<Arc<str>> = in_sql.collect();
    for file in files.ids().filter(|file| converts(files, *file)) {
        let mut texts = Vec::new();
        let facts = facts.get(file.0 as usize).and_then(FileFacts::yaml);
        facts
            .into_iter()
            .for_each(|facts| templates(&facts.value, &mut texts));
        for text in texts {
            let calls = facts::read_expression(&text.value).env_vars;
            names.extend(calls.into_iter().filter_map(|call| Some(call.name?.value)));
        }
    }
    names.retain(|name| system.env_var(name).is_none());
    names
}

/// Whether a file of YAML makes booleans or numbers of variables of the environment.
pub(crate) fn converts(files: &Files, file: FileId) -> bool {
    let is_yaml = matches!(
        files.info(file).kind,
        FileKind::Properties | FileKind::ProjectFile
    );
    let text = files.text(file);
    is_yaml && text.contains("env_var") && (text.contains("as_bool") || text.contains("as_number"))
}

/// What YAML files and the hooks of the root project ask for without a default, and is not set, with where.
/// `dbt_project.yml` and `profiles.yml` are rendered elsewhere.
pub(crate) fn unset_in_yaml(
    system: &dyn System,
    files: &Files,
    all_facts: &SharedVec<FileFacts>,
    project: &ProjectFile,
) -> Vec<(FileRange, String)> {
    let mut found = Vec::new();
    for file in files.ids() {
        let kind = files.info(file).kind;
        let is_rendered = matches!(
            kind,
            FileKind::Properties | FileKind::Packages | FileKind::Selectors
        );
        if !is_rendered || !files.text(file).contains("env_var") {
            continue;
        }
        let Some(facts) = all_facts.get(file.0 as usize).and_then(FileFacts::yaml) else {
            continue;
        };
        let mut texts = Vec::new();
        if kind == FileKind::Properties {
            for list in RENDERED_LISTS {
                let node = facts.value.value.get(list);
                node.into_iter().for_each(|node| templates(node, &mut texts));
            }
        } else {
            templates(&facts.value, &mut texts);
        }
        for text in &texts {
            unset_in_text(system, file, text, &mut found);
        }
    }
    for hook in project.run_hooks.iter().flat_map(|(_, hooks)| hooks) {
        unset_in_text(system, project.file, hook, &mut found);
    }
    found
}

fn unset_in_text(system: &dyn System, file: FileId, text: &Text, out: &mut Vec<(FileRange, String)>) {
    if !is_template(&text.value) {
        return;
    }
    for call in facts::read_expression(&text.value).env_vars {
        let Some(name) = call
            .name
            .filter(|_| !call.has_default && call.site.is_unconditional())
        else {
            continue;
        };
        if system.env_var(&name.value).is_none() {
            let range = facts::inside(text, name.range);
            out.push((FileRange { file, range }, name.value.to_string()));
        }
    }
}

fn is_template(text: &str) -> bool {
    text.contains("env_var") && (text.contains("{{") || text.contains("{%"))
}

fn templates(node: &Spanned<Value>, out: &mut Vec<Text>) {
    match &node.value {
        Value::Str(text) if is_template(text) => out.push(Spanned::new(text.clone(), node.range)),
        Value::List(items) => items.iter().for_each(|item| templates(item, out)),
        Value::Map(entries) => entries
            .iter()
            // A query of its own, rendered when freshness is asked for.
            .filter(|entry| &*entry.key.value != "loaded_at_query")
            .for_each(|entry| templates(&entry.value, out)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::{MemSystem, slice};

    use crate::{LoadOptions, load};

    fn missing(properties: &str) -> Vec<String> {
        let mut system = MemSystem::new();
        system.set_env("IS_SET", "x");
        system.write("p/dbt_project.yml", "name: shop\n");
        system.write("p/models/a.yml", properties);
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let of_file = project.missing_env().iter();
        of_file
            .map(|(at, name)| {
                assert_eq!(slice(project.files().text(at.file), at.range), name);
                name.clone()
            })
            .collect()
    }

    #[test]
    fn what_properties_files_lack_is_placed() {
        let cases = [
            (
                "models: [{name: a, config: {alias: \"{{ env_var('X') }}\"}}]",
                vec!["X"],
            ),
            (
                "models: [{name: a, description: \"{{ env_var('X') }}\"}]",
                vec!["X"],
            ),
            (
                "sources: [{name: a, schema: \"{{ env_var('X') ~ env_var('Y') }}\"}]",
                vec!["X", "Y"],
            ),
            (
                "models: [{name: a, description: \"{{ env_var('X', 'y') }} {{ env_var('IS_SET') }}\"}]",
                vec![],
            ),
            (
                "models: [{name: a, data_tests: [{x: {arguments: {y: \"{{ env_var('X') }}\"}}}]}]",
                vec!["X"],
            ),
            (
                "models: [{name: a, config: {post_hook: \"select {{ env_var('X') }}\"}}]",
                vec!["X"],
            ),
            (
                "sources: [{name: a, loaded_at_query: \"{{ env_var('X') }}\"}]",
                vec![],
            ),
            ("models: [{name: a, description: \"env_var('X')\"}]", vec![]),
        ];
        for (properties, expected) in cases {
            assert_eq!(missing(properties), expected, "{properties}");
        }
    }

    #[test]
    fn what_files_of_sql_lack_is_known_by_name() {
        let mut system = MemSystem::new();
        system.set_env("IS_SET", "x");
        system.write("p/dbt_project.yml", "name: shop\n");
        system.write(
            "p/models/a.sql",
            "{{ env_var('A') }} {{ env_var('B', '') }} {{ env_var('IS_SET') }}",
        );
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        assert!(project.lacks_env("A"));
        assert!(!project.lacks_env("B") && !project.lacks_env("IS_SET"));
    }

    #[test]
    fn vars_come_from_the_command_line_the_project_and_vars_yml() {
        let mut system = MemSystem::new();
        system.write(
            "p/dbt_project.yml",
            "name: shop\nvars: {a: 1, shop: {b: null}, other: {c: 1}}\n",
        );
        let mut options = LoadOptions::new("p");
        options.vars = crate::parse_vars("{d: 1}").unwrap();
        let project = load(&system, &options).unwrap();
        let has = |name| project.has_var(0, name);
        assert!(has("a") && has("b") && has("d"));
        assert!(!has("c") && !has("e"));

        system.write("p/dbt_project.yml", "name: shop\n");
        system.write("p/vars.yml", "vars: {e: 1}\n");
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        assert!(project.has_var(0, "e") && !project.has_var(0, "a"));
    }
}
