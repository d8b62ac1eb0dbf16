//! `dbt_project.yml`.

use std::sync::Arc;

use glueline_base::{FileId, Spanned, TextRange, Value};

use crate::config::ConfigTree;
use crate::files::SearchPaths;
use crate::values::{Text, as_text, as_texts, boolean, maps, text, texts};

/// The trees of configs by resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TreeKind {
    /// `models:`; analyses read it too.
    Models,
    /// `seeds:`.
    Seeds,
    /// `snapshots:`.
    Snapshots,
    /// `sources:`.
    Sources,
    /// `data_tests:`, formerly `tests:`.
    DataTests,
    /// `unit_tests:`.
    UnitTests,
    /// `exposures:`.
    Exposures,
}

impl TreeKind {
    /// Every tree, with the keys it stands under.
    pub const ALL: [(Self, &'static [&'static str]); 7] = [
        (Self::Models, &["models"]),
        (Self::Seeds, &["seeds"]),
        (Self::Snapshots, &["snapshots"]),
        (Self::Sources, &["sources"]),
        (Self::DataTests, &["data_tests", "tests"]),
        (Self::UnitTests, &["unit_tests"]),
        (Self::Exposures, &["exposures"]),
    ];
}

/// A `dispatch:` entry.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// `macro_namespace`.
    pub namespace: Text,
    /// `search_order`.
    pub search_order: Vec<Text>,
}

/// What a project file says, Jinja rendered.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    /// The file.
    pub file: FileId,
    /// The whole content.
    pub value: Spanned<Value>,
    /// `name:`.
    pub name: Option<Text>,
    /// `profile:`.
    pub profile: Option<Text>,
    /// Where dbt looks for files.
    pub paths: SearchPaths,
    /// `packages-install-path`.
    pub install_path: String,
    /// `vars:`.
    pub vars: Option<Spanned<Value>>,
    /// `dispatch:`.
    pub dispatch: Vec<Dispatch>,
    /// `flags:`.
    pub flags: Option<Spanned<Value>>,
    /// `quoting:`.
    pub quoting: Option<Spanned<Value>>,
    /// `on-run-start:` and `on-run-end:`, each with its key and hooks.
    pub run_hooks: Vec<(Text, Vec<Text>)>,
    trees: Vec<(TreeKind, TextRange, ConfigTree)>,
}

impl ProjectFile {
    /// Reads a project file from its rendered value.
    pub fn read(file: FileId, value: Spanned<Value>) -> Self {
        let root = &value.value;
        let trees = TreeKind::ALL
            .into_iter()
            .flat_map(|(kind, keys)| keys.iter().map(move |key| (kind, *key)))
            .filter_map(|(kind, key)| {
                let entry = root.entry(key)?;
                Some((kind, entry.key.range, ConfigTree::read(&entry.value.value)))
            })
            .collect();
        Self {
            file,
            name: text(root, "name"),
            profile: text(root, "profile"),
            paths: search_paths(root),
            install_path: path_text(root, &["packages-install-path"])
                .unwrap_or_else(|| "dbt_packages".to_owned()),
            vars: root.get("vars").cloned(),
            dispatch: maps(root, "dispatch")
                .filter_map(|entry| dispatch(&entry.value))
                .collect(),
            flags: root.get("flags").cloned(),
            quoting: root.get("quoting").cloned(),
            run_hooks: ["on-run-start", "on-run-end"]
                .into_iter()
                .filter_map(|key| root.entry(key))
                .map(|entry| (entry.key.clone(), as_texts(&entry.value)))
                .collect(),
            trees,
            value,
        }
    }

    /// The config tree of a resource type.
    pub fn tree(&self, kind: TreeKind) -> Option<&ConfigTree> {
        self.trees
            .iter()
            .find(|(found, _, _)| *found == kind)
            .map(|(_, _, tree)| tree)
    }

    /// Every config tree with its type.
    pub fn trees(&self) -> impl Iterator<Item = (TreeKind, &ConfigTree)> {
        self.trees.iter().map(|(kind, _, tree)| (*kind, tree))
    }

    /// A behaviour flag, where set.
    pub fn flag(&self, name: &str) -> Option<bool> {
        boolean(&self.flags.as_ref()?.value, name)
    }
}

fn path_text(root: &Value, keys: &[&str]) -> Option<String> {
    keys.iter()
        .find_map(|key| as_text(&root.entry(key)?.value))
        .map(|found| found.value.to_string())
}

fn search_paths(root: &Value) -> SearchPaths {
    let defaults = SearchPaths::default();
    let list = |keys: &[&str]| -> Option<Vec<String>> {
        let entry = keys.iter().find_map(|key| root.entry(key))?;
        let found = as_texts(&entry.value);
        Some(found.into_iter().map(|path| path.value.to_string()).collect())
    };
    SearchPaths {
        // The second spelling is dbt's old one, still read.
        models: list(&["model-paths", "source-paths"]).unwrap_or(defaults.models),
        seeds: list(&["seed-paths", "data-paths"]).unwrap_or(defaults.seeds),
        snapshots: list(&["snapshot-paths"]).unwrap_or(defaults.snapshots),
        analyses: list(&["analysis-paths"]).unwrap_or(defaults.analyses),
        macros: list(&["macro-paths"]).unwrap_or(defaults.macros),
        tests: list(&["test-paths"]).unwrap_or(defaults.tests),
        docs: list(&["docs-paths"]),
    }
}

fn dispatch(entry: &Value) -> Option<Dispatch> {
    Some(Dispatch {
        namespace: text(entry, "macro_namespace")?,
        search_order: texts(entry, "search_order").unwrap_or_default(),
    })
}

/// Whether the values below a path of keys are rendered when the project file is loaded
/// (`dbt/config/renderer.py`, `DbtProjectYamlRenderer.should_render_keypath`).
pub fn is_rendered(path: &[Arc<str>]) -> bool {
    let Some(first) = path.first() else { return true };
    match &**first {
        "on-run-start" | "on-run-end" | "query-comment" | "vars" => false,
        "seeds" | "models" | "snapshots" | "tests" | "data_tests" => {
            let hooks = ["pre-hook", "post-hook", "pre_hook", "post_hook"];
            !path
                .iter()
                .any(|key| hooks.contains(&key.trim_start_matches(['+', ' '])))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_and_vars_are_rendered_later() {
        let path = |keys: &[&str]| keys.iter().map(|key| Arc::from(*key)).collect::<Vec<Arc<str>>>();
        assert!(is_rendered(&path(&["models", "shop", "+schema"])));
        assert!(!is_rendered(&path(&["models", "shop", "+pre-hook"])));
        assert!(!is_rendered(&path(&["vars", "x"])));
        assert!(is_rendered(&path(&["name"])));
    }
}
