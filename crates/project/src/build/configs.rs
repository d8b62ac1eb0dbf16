//! The layers of a node's config, in dbt's order.

use std::sync::Arc;

use glueline_base::{FileId, Spanned, Value, range};
use rustc_hash::FxHashSet;

use crate::build::drafts::Draft;
use crate::config::{Config, Contribution, Layer};
use crate::facts::FileFacts;
use crate::facts::properties;
use crate::facts::sql::{ConfigCall, Site};
use crate::files::{FileKind, PackageId};
use crate::fold::Scope;
use crate::node::{Language, Node, ResourceType};
use crate::project::Inputs;
use crate::project_file::TreeKind;
use crate::values::Text;

fn tree_kind(kind: ResourceType) -> TreeKind {
    match kind {
        ResourceType::Model | ResourceType::Analysis => TreeKind::Models,
        ResourceType::Seed => TreeKind::Seeds,
        ResourceType::Snapshot => TreeKind::Snapshots,
        ResourceType::Source => TreeKind::Sources,
        ResourceType::UnitTest => TreeKind::UnitTests,
        ResourceType::Exposure => TreeKind::Exposures,
        ResourceType::Test => TreeKind::DataTests,
    }
}

/// The layers in dbt's order.
pub(crate) fn resolve_config(inputs: &Inputs<'_>, configuring: &ConfigMacros, draft: &Draft) -> Config {
    let mut config = Config::default();
    let scope = inputs.scope(draft.package);
    let tree = tree_kind(draft.kind);
    push_tree(
        inputs,
        &mut config,
        &draft.fqn,
        draft.package,
        tree,
        Layer::ProjectFile,
    );
    push_properties(inputs, &scope, &mut config, draft);
    if draft.language == Language::Python && !set_by(&config, "materialized", Layer::Properties) {
        // dbt gives a Python model this before its own `dbt.config()` is looked at, and after the project file
        // (`dbt/parser/base.py`, `update_parsed_node_config`).
        push(
            &mut config,
            &at_start("materialized"),
            at_start_value("table"),
            draft.at.file,
            Layer::Properties,
        );
    }
    push_in_file(inputs, configuring, &scope, &mut config, draft);
    if draft.package != 0 {
        push_tree(inputs, &mut config, &draft.fqn, 0, tree, Layer::RootProjectFile);
    }
    config.settle_nulls();
    config
}

/// The config of a node of which the trees of project files set something else than before, and nobody else does; `None` where they
/// set the same.
pub(crate) fn replanted(inputs: &Inputs<'_>, node: &Node) -> Option<Config> {
    let tree = tree_kind(node.kind);
    let mut config = Config::default();
    push_tree(
        inputs,
        &mut config,
        &node.fqn,
        node.package,
        tree,
        Layer::ProjectFile,
    );
    config.push_own(&node.config);
    if node.package != 0 {
        push_tree(inputs, &mut config, &node.fqn, 0, tree, Layer::RootProjectFile);
    }
    (config != node.config).then_some(config)
}

fn at_start(text: &str) -> Text {
    Spanned::new(text.into(), range(0, 0))
}

fn at_start_value(text: &str) -> Spanned<Value> {
    Spanned::new(Value::str(text), range(0, 0))
}

fn set_by(config: &Config, key: &str, layer: Layer) -> bool {
    config.all(key).any(|contribution| contribution.layer == layer)
}

fn push(config: &mut Config, key: &Text, value: Spanned<Value>, file: FileId, layer: Layer) {
    config.push(Arc::new(Contribution {
        key: key.clone(),
        value,
        file,
        layer,
    }));
}

fn push_tree(
    inputs: &Inputs<'_>,
    config: &mut Config,
    fqn: &[Arc<str>],
    package: PackageId,
    kind: TreeKind,
    layer: fn(u16) -> Layer,
) {
    let Some(project) = inputs.packages.get(package).map(|package| &package.project) else {
        return;
    };
    let Some(tree) = project.tree(kind) else { return };
    for (depth, level) in tree.levels(fqn) {
        for (key, value) in level.own() {
            push(config, key, value.clone(), project.file, layer(depth));
        }
    }
}

fn push_properties(inputs: &Inputs<'_>, scope: &Scope<'_>, config: &mut Config, draft: &Draft) {
    let Some(reference) = draft.patch else { return };
    let file = reference.file;
    let mut add = |key: &Text, value: &Spanned<Value>| {
        push(config, key, scope.render(value), file, Layer::Properties);
    };
    let add_config = |value: Option<&Spanned<Value>>, add: &mut dyn FnMut(&Text, &Spanned<Value>)| {
        for entry in properties::config_entries(value) {
            add(&entry.key, &entry.value);
        }
    };
    if let Some(test) = &draft.generic_test {
        for (key, value) in &test.config {
            add(key, value);
        }
        return;
    }
    let Some(facts) = inputs.facts(file).yaml() else {
        return;
    };
    let properties = &facts.properties;
    match draft.kind {
        ResourceType::Source => {
            let Some(source) = properties.sources.get(reference.index) else {
                return;
            };
            let Some(table) = reference.inner.and_then(|inner| source.tables.get(inner)) else {
                return;
            };
            source.loose.iter().for_each(|(key, value)| add(key, value));
            add_config(source.config.as_ref(), &mut add);
            table.loose.iter().for_each(|(key, value)| add(key, value));
            add_config(table.config.as_ref(), &mut add);
        }
        ResourceType::Exposure => {
            let Some(exposure) = properties.exposures.get(reference.index) else {
                return;
            };
            exposure.loose.iter().for_each(|(key, value)| add(key, value));
            add_config(exposure.config.as_ref(), &mut add);
        }
        ResourceType::UnitTest => {
            let Some(test) = properties.unit_tests.get(reference.index) else {
                return;
            };
            add_config(test.config.as_ref(), &mut add);
        }
        _ => {
            let Some(patch) = properties.patches.get(reference.index) else {
                return;
            };
            patch.loose.iter().for_each(|(key, value)| add(key, value));
            add_config(patch.config.as_ref(), &mut add);
            if let Some(version) = reference.inner.and_then(|inner| patch.versions.get(inner)) {
                add_config(version.config.as_ref(), &mut add);
            }
        }
    }
}

fn push_in_file(
    inputs: &Inputs<'_>,
    configuring: &ConfigMacros,
    scope: &Scope<'_>,
    config: &mut Config,
    draft: &Draft,
) {
    let file = draft.at.file;
    match inputs.facts(file) {
        FileFacts::Python(model) => {
            for call in model
                .calls
                .iter()
                .filter(|call| call.kind == glueline_python::CallKind::Config)
            {
                for argument in &call.arguments {
                    match &argument.name {
                        Some(key) => push(config, key, argument.value.clone(), file, Layer::InFile),
                        None => config.make_opaque(),
                    }
                }
            }
        }
        FileFacts::Sql(facts) => {
            let in_node = |site: &Site| site.in_macro.is_none() && site.in_snapshot == draft.block;
            for call in facts.configs.iter().filter(|call| in_node(&call.site)) {
                push_call(inputs, scope, config, file, call);
            }
            if facts
                .calls
                .iter()
                .any(|call| in_node(&call.site) && configuring.sets_config(&call.path.value))
            {
                config.make_opaque();
            }
        }
        _ => {}
    }
}

fn push_call(inputs: &Inputs<'_>, scope: &Scope<'_>, config: &mut Config, file: FileId, call: &ConfigCall) {
    let text = inputs.files.text(file);
    let reach = scope.reach(text, &call.site);
    if reach == glueline_jinja::Reach::Never {
        return;
    }
    let certain = reach == glueline_jinja::Reach::Always && !call.site.in_loop;
    for (key, value) in &call.entries {
        let value = if certain {
            scope.expression(text, value)
        } else {
            Spanned::new(Value::Unknown, value.range)
        };
        push(config, key, value, file, Layer::InFile);
    }
    if call.opaque {
        config.make_opaque();
    }
}

/// Macros that call `config()`, themselves or through others: a model that calls one may be configured by it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ConfigMacros {
    names: FxHashSet<Arc<str>>,
}

impl ConfigMacros {
    pub(crate) fn new(inputs: &Inputs<'_>) -> Self {
        let mut names: FxHashSet<&str> = FxHashSet::default();
        let mut calls: Vec<(&str, &str)> = Vec::new();
        for file in inputs.files.of_kind(FileKind::Macro) {
            let Some(facts) = inputs.facts(file).sql() else {
                continue;
            };
            let name_of = |site: &Site| {
                facts
                    .macros
                    .get(site.in_macro?)
                    .map(|definition| &*definition.name.value)
            };
            names.extend(facts.configs.iter().filter_map(|call| name_of(&call.site)));
            calls.extend(facts.calls.iter().filter_map(|call| {
                let callee = call.path.value.rsplit('.').next()?;
                Some((name_of(&call.site)?, callee))
            }));
        }
        loop {
            let before = names.len();
            for (caller, callee) in &calls {
                if names.contains(callee) {
                    names.insert(caller);
                }
            }
            if names.len() == before {
                break;
            }
        }
        Self {
            names: names.into_iter().map(Arc::from).collect(),
        }
    }

    fn sets_config(&self, path: &str) -> bool {
        !self.names.is_empty()
            && path
                .rsplit('.')
                .next()
                .is_some_and(|name| self.names.contains(name))
    }
}
