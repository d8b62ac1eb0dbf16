//! The config of a hook of a run: dbt reads it from `models:` (`dbt/parser/hooks.py`; `get_config_dict` in
//! `dbt/context/context_config.py`).

use std::sync::Arc;

use glueline_project::{ConfigTree, Project, ResourceType, TreeKind, canonical_key};
use glueline_template::{Dict, Value};

use super::{fields, finish, merge};
use crate::compile::Operation;
use crate::context::from_file;

/// The kind of node whose fields a hook of a run has: none beyond those of every node.
const LIKE: ResourceType = ResourceType::Analysis;

/// The parts of a hook's name that folders of `models:` are looked up by.
pub(crate) fn fqn(project: &Project, operation: &Operation) -> [Arc<str>; 3] {
    let package = project.packages().get(operation.package);
    let package = package.map_or_else(|| "".into(), |package| package.name.clone());
    [package, "hooks".into(), operation.name.clone()]
}

/// What `models:` of the hook's own package and then of the root project say.
pub(crate) fn written(project: &Project, operation: &Operation) -> Vec<(Arc<str>, Value)> {
    let fqn = fqn(project, operation);
    let mut packages = vec![operation.package, 0];
    packages.dedup();
    let mut found = Vec::new();
    for package in packages {
        let file = project.packages().get(package).map(|package| &package.project);
        let mut level: Option<&ConfigTree> = file.and_then(|file| file.tree(TreeKind::Models));
        let mut names = fqn.iter();
        while let Some(tree) = level {
            found.extend(
                tree.own()
                    .iter()
                    .map(|(key, value)| (key.value.clone(), from_file(&value.value))),
            );
            level = names.next().and_then(|name| {
                let named = tree
                    .folders()
                    .iter()
                    .rev()
                    .find(|(folder, _)| folder.value == *name);
                named.map(|(_, tree)| tree)
            });
        }
    }
    found
}

/// What `config.get()` reads in a hook of a run.
pub(crate) fn of_operation(project: &Project, operation: &Operation) -> Arc<Dict> {
    let fields = fields::of(LIKE);
    let config = fields::defaults(&fields);
    for (key, value) in written(project, operation) {
        let key = canonical_key(&key);
        let Some(field) = fields.iter().find(|field| field.key() == key) else {
            config.insert_str(key, value);
            continue;
        };
        let before = config.get_str(field.name).unwrap_or_default();
        config.insert_str(field.name, merge::merge(field.merge, &before, value));
    }
    finish::finish(LIKE, &config);
    Arc::new(config)
}

/// The same as `model.config` holds it.
pub(crate) fn dict_of_operation(config: &Dict, omit_none: bool) -> Value {
    finish::to_dict(LIKE, config, omit_none)
}
