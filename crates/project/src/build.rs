//! From the facts of all files to nodes.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, Value, range};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Contribution, Layer};
use crate::facts::FileFacts;
use crate::facts::properties::{self, Patch, PatchKind, SourceFacts, SourceTable};
use crate::facts::sql::{ConfigCall, Site};
use crate::files::{FileKind, PackageId};
use crate::fold::Scope;
use crate::generic_test;
use crate::node::{EntryList, Language, Node, NodeId, NodeVersion, PatchRef, ResourceType};
use crate::project::Inputs;
use crate::project_file::TreeKind;
use crate::values::Text;

/// A node before its config is known.
struct Draft {
    kind: ResourceType,
    name: Arc<str>,
    source_name: Option<Arc<str>>,
    package: PackageId,
    at: FileRange,
    block: Option<usize>,
    fqn: Vec<Arc<str>>,
    unique_id: Arc<str>,
    language: Language,
    patch: Option<PatchRef>,
    version: Option<NodeVersion>,
    generic_test: Option<GenericTest>,
}

/// What makes a generic test of a properties entry.
struct GenericTest {
    test: Arc<str>,
    config: Vec<(Text, Spanned<Value>)>,
    alias: Option<Arc<str>>,
}

/// Makes the nodes, sorted by unique id, configs resolved and names given; what they read is filled in later.
pub(crate) fn nodes(inputs: &Inputs<'_>) -> Vec<Node> {
    let mut drafts = drafts(inputs);
    drafts.sort_by(|a, b| {
        a.unique_id
            .cmp(&b.unique_id)
            .then_with(|| a.at.file.cmp(&b.at.file))
    });
    let configuring = ConfigMacros::new(inputs);
    drafts
        .into_par_iter()
        .enumerate()
        .map(|(number, draft)| node(inputs, &configuring, number, draft))
        .collect()
}

fn drafts(inputs: &Inputs<'_>) -> Vec<Draft> {
    let patches = Patches::new(inputs);
    let mut drafts = Vec::new();
    for file in inputs.files.ids() {
        let info = inputs.files.info(file);
        match info.kind {
            FileKind::Model => drafts.extend(from_file(
                inputs,
                &patches,
                file,
                ResourceType::Model,
                Language::Sql,
            )),
            FileKind::PythonModel => {
                drafts.extend(from_file(
                    inputs,
                    &patches,
                    file,
                    ResourceType::Model,
                    Language::Python,
                ));
            }
            FileKind::Seed => drafts.extend(from_file(
                inputs,
                &patches,
                file,
                ResourceType::Seed,
                Language::None,
            )),
            FileKind::Analysis => {
                drafts.extend(from_file(
                    inputs,
                    &patches,
                    file,
                    ResourceType::Analysis,
                    Language::Sql,
                ));
            }
            FileKind::SingularTest => {
                drafts.extend(from_file(
                    inputs,
                    &patches,
                    file,
                    ResourceType::Test,
                    Language::Sql,
                ));
            }
            FileKind::Snapshot => drafts.extend(snapshots(inputs, &patches, file)),
            FileKind::Properties => drafts.extend(from_properties(inputs, file)),
            _ => {}
        }
    }
    drafts
}

/// Where each properties entry is, by what it describes.
struct Patches<'a> {
    by_name: FxHashMap<(PackageId, PatchKind, &'a str), PatchRef>,
    /// Models by the name of the file that holds a version of them.
    by_version_file: FxHashMap<(PackageId, String), PatchRef>,
}

impl<'a> Patches<'a> {
    fn new(inputs: &Inputs<'a>) -> Self {
        let mut out = Self {
            by_name: FxHashMap::default(),
            by_version_file: FxHashMap::default(),
        };
        for file in inputs.files.of_kind(FileKind::Properties) {
            let package = inputs.files.info(file).package;
            let Some(facts) = inputs.facts(file).yaml() else {
                continue;
            };
            for (index, patch) in facts.properties.patches.iter().enumerate() {
                let reference = PatchRef {
                    file,
                    list: EntryList::Patches,
                    index,
                    inner: None,
                };
                // Two entries for one name are an error that a rule reports; the first one is kept here.
                out.by_name
                    .entry((package, patch.kind, &*patch.name.value))
                    .or_insert(reference);
                if patch.kind != PatchKind::Model {
                    continue;
                }
                for (inner, version) in patch.versions.iter().enumerate() {
                    let stem = match &version.defined_in {
                        Some(name) => name.value.to_string(),
                        None => format!("{}_v{}", patch.name.value, version.v.value),
                    };
                    let reference = PatchRef {
                        file,
                        list: EntryList::Patches,
                        index,
                        inner: Some(inner),
                    };
                    out.by_version_file.entry((package, stem)).or_insert(reference);
                }
            }
        }
        out
    }

    fn find(&self, package: PackageId, kind: PatchKind, name: &str) -> Option<PatchRef> {
        self.by_name.get(&(package, kind, name)).copied()
    }
}

/// The node that a whole file is.
fn from_file(
    inputs: &Inputs<'_>,
    patches: &Patches<'_>,
    file: FileId,
    kind: ResourceType,
    language: Language,
) -> Option<Draft> {
    let info = inputs.files.info(file);
    let stem: Arc<str> = info.below.file_stem()?.into();
    let package_name = inputs.package_name(info.package);
    let mut fqn = fqn_prefix(inputs, file);
    let patch_kind = match kind {
        ResourceType::Model => PatchKind::Model,
        ResourceType::Seed => PatchKind::Seed,
        ResourceType::Analysis => PatchKind::Analysis,
        _ => PatchKind::SingularTest,
    };
    let mut patch = patches.find(info.package, patch_kind, &stem);
    let mut name = stem.clone();
    let mut version = None;
    let mut unique_id = format!("{kind}.{package_name}.{stem}");
    if kind == ResourceType::Model {
        let by_file = patches
            .by_version_file
            .get(&(info.package, stem.to_string()))
            .copied();
        let found = by_file.or_else(|| latest_unsuffixed(inputs, patch));
        if let Some(reference) = found
            && let Some((entry, v)) = versioned(inputs, reference)
        {
            name = entry.name.value.clone();
            unique_id = format!("{kind}.{package_name}.{name}.v{v}");
            version = Some(node_version(entry, &v));
            patch = Some(reference);
        } else if let Some(reference) = patch
            && inputs
                .patch(reference)
                .is_some_and(|entry| !entry.versions.is_empty())
        {
            // A versioned model's entry describes its versions, not a file of its plain name.
            patch = None;
        }
    }
    fqn.push(name.clone());
    if let Some(version) = &version {
        fqn.push(format!("v{}", version.v).into());
    }
    Some(Draft {
        kind,
        name,
        source_name: None,
        package: info.package,
        at: FileRange {
            file,
            range: range(0, 0),
        },
        block: None,
        fqn,
        unique_id: unique_id.into(),
        language,
        patch,
        version,
        generic_test: None,
    })
}

/// The latest version may live in a file of the model's plain name (`dbt/parser/schemas.py`, `parse_patch`).
fn latest_unsuffixed(inputs: &Inputs<'_>, patch: Option<PatchRef>) -> Option<PatchRef> {
    let reference = patch?;
    let entry = inputs.patch(reference)?;
    let latest = latest_version(entry)?;
    let inner = entry
        .versions
        .iter()
        .position(|version| version.v.value == latest && version.defined_in.is_none())?;
    Some(PatchRef {
        inner: Some(inner),
        ..reference
    })
}

fn versioned<'a>(inputs: &Inputs<'a>, reference: PatchRef) -> Option<(&'a Patch, Arc<str>)> {
    let entry = inputs.patch(reference)?;
    let version = entry.versions.get(reference.inner?)?;
    Some((entry, version.v.value.clone()))
}

/// `latest_version:`, or the greatest: numbers by value, anything else by its letters
/// (`dbt/contracts/graph/unparsed.py`, `UnparsedVersion.__lt__`).
pub(crate) fn latest_version(entry: &Patch) -> Option<Arc<str>> {
    if let Some(latest) = &entry.latest_version {
        return Some(latest.value.clone());
    }
    let versions = entry.versions.iter().map(|version| &version.v.value);
    versions
        .reduce(|best, other| if is_older(best, other) { other } else { best })
        .cloned()
}

fn is_older(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a < b,
        _ => a < b,
    }
}

fn node_version(entry: &Patch, v: &Arc<str>) -> NodeVersion {
    let latest = latest_version(entry);
    NodeVersion {
        v: v.clone(),
        latest: latest.as_ref() == Some(v),
        old: latest.as_ref().map(|latest| is_older(v, latest)),
    }
}

/// Package, then folders (`dbt/parser/base.py`, `get_fqn_prefix`).
fn fqn_prefix(inputs: &Inputs<'_>, file: FileId) -> Vec<Arc<str>> {
    let info = inputs.files.info(file);
    let mut fqn = vec![inputs.package_name(info.package)];
    if let Some(parent) = info.below.parent() {
        fqn.extend(parent.components().map(|part| Arc::from(part.as_str())));
    }
    fqn
}

fn snapshots(inputs: &Inputs<'_>, patches: &Patches<'_>, file: FileId) -> Vec<Draft> {
    let info = inputs.files.info(file);
    let Some(facts) = inputs.facts(file).sql() else {
        return Vec::new();
    };
    let package_name = inputs.package_name(info.package);
    let blocks = facts.snapshots.iter().enumerate();
    blocks
        .map(|(block, snapshot)| {
            let name = snapshot.name.value.clone();
            let mut fqn = fqn_prefix(inputs, file);
            // The fqn of a snapshot has the file's name too (`dbt/parser/snapshots.py`, `get_fqn`).
            fqn.extend(info.below.file_stem().map(Arc::from));
            fqn.push(name.clone());
            Draft {
                kind: ResourceType::Snapshot,
                unique_id: format!("snapshot.{package_name}.{name}").into(),
                source_name: None,
                package: info.package,
                at: snapshot.name.in_file(file),
                block: Some(block),
                fqn,
                language: Language::Sql,
                patch: patches.find(info.package, PatchKind::Snapshot, &name),
                version: None,
                generic_test: None,
                name,
            }
        })
        .collect()
}

/// The nodes that a properties file defines: snapshots with a relation, sources, exposures, unit tests, and the generic
/// tests of everything.
fn from_properties(inputs: &Inputs<'_>, file: FileId) -> Vec<Draft> {
    let Some(facts) = inputs.facts(file).yaml() else {
        return Vec::new();
    };
    let mut drafts = Vec::new();
    let package = inputs.files.info(file).package;
    let package_name = inputs.package_name(package);
    let prefix = fqn_prefix(inputs, file);
    let draft = |kind: ResourceType, name: &Text, tail: &[&str], unique_id: String, patch: PatchRef| Draft {
        kind,
        name: name.value.clone(),
        source_name: None,
        package,
        at: name.in_file(file),
        block: None,
        fqn: prefix
            .iter()
            .cloned()
            .chain(tail.iter().map(|part| Arc::from(*part)))
            .collect(),
        unique_id: unique_id.into(),
        language: Language::None,
        patch: Some(patch),
        version: None,
        generic_test: None,
    };
    let entry = |list, index, inner| PatchRef {
        file,
        list,
        index,
        inner,
    };
    for (index, patch) in facts.properties.patches.iter().enumerate() {
        let reference = entry(EntryList::Patches, index, None);
        let name = &*patch.name.value;
        if patch.kind == PatchKind::Snapshot && patch.relation.is_some() {
            let unique_id = format!("snapshot.{package_name}.{name}");
            let stem = inputs.files.info(file).below.file_stem().unwrap_or_default();
            drafts.push(draft(
                ResourceType::Snapshot,
                &patch.name,
                &[stem, name],
                unique_id,
                reference,
            ));
        }
        drafts.extend(patch_tests(&draft, &package_name, patch, reference));
    }
    for (index, source) in facts.properties.sources.iter().enumerate() {
        for (inner, table) in source.tables.iter().enumerate() {
            let reference = entry(EntryList::Sources, index, Some(inner));
            let (source_name, table_name) = (&*source.name.value, &*table.name.value);
            let unique_id = format!("source.{package_name}.{source_name}.{table_name}");
            let mut made = draft(
                ResourceType::Source,
                &table.name,
                &[source_name, table_name],
                unique_id,
                reference,
            );
            made.source_name = Some(source.name.value.clone());
            drafts.push(made);
            drafts.extend(source_tests(&draft, &package_name, source, table, reference));
        }
    }
    for (index, exposure) in facts.properties.exposures.iter().enumerate() {
        let reference = entry(EntryList::Exposures, index, None);
        let name = &*exposure.name.value;
        let unique_id = format!("exposure.{package_name}.{name}");
        drafts.push(draft(
            ResourceType::Exposure,
            &exposure.name,
            &[name],
            unique_id,
            reference,
        ));
    }
    for (index, test) in facts.properties.unit_tests.iter().enumerate() {
        let reference = entry(EntryList::UnitTests, index, None);
        let name = &*test.name.value;
        let model = test.model.as_ref().map_or("", |model| &*model.value);
        let unique_id = format!("unit_test.{package_name}.{model}.{name}");
        drafts.push(draft(
            ResourceType::UnitTest,
            &test.name,
            &[model, name],
            unique_id,
            reference,
        ));
    }
    drafts
}

type MakeDraft<'a> = dyn Fn(ResourceType, &Text, &[&str], String, PatchRef) -> Draft + 'a;

fn patch_tests(make: &MakeDraft<'_>, package: &str, patch: &Patch, reference: PatchRef) -> Vec<Draft> {
    if matches!(
        patch.kind,
        PatchKind::Macro | PatchKind::Analysis | PatchKind::SingularTest
    ) {
        return Vec::new();
    }
    // The tests of a versioned model are put on each of its versions.
    let versions: Vec<(Option<usize>, Option<&str>)> = if patch.versions.is_empty() {
        vec![(None, None)]
    } else {
        let numbered = patch.versions.iter().enumerate();
        numbered
            .map(|(inner, version)| (Some(inner), Some(&*version.v.value)))
            .collect()
    };
    let mut drafts = Vec::new();
    for (inner, version) in versions {
        let reference = PatchRef { inner, ..reference };
        let target = generic_test::Target {
            name: &patch.name.value,
            version,
            source: None,
            column: None,
        };
        let of_columns = patch.columns.iter().flat_map(|column| {
            let target = generic_test::Target {
                column: Some(&*column.name.value),
                ..target
            };
            column.tests.iter().map(move |test| (test, target))
        });
        let all = patch.tests.iter().map(|test| (test, target)).chain(of_columns);
        drafts.extend(all.map(|(test, target)| test_draft(make, package, test, target, reference)));
    }
    drafts
}

fn source_tests(
    make: &MakeDraft<'_>,
    package: &str,
    source: &SourceFacts,
    table: &SourceTable,
    reference: PatchRef,
) -> Vec<Draft> {
    let target = generic_test::Target {
        name: &table.name.value,
        version: None,
        source: Some(&source.name.value),
        column: None,
    };
    let of_columns = table.columns.iter().flat_map(|column| {
        let target = generic_test::Target {
            column: Some(&*column.name.value),
            ..target
        };
        column.tests.iter().map(move |test| (test, target))
    });
    let all = table.tests.iter().map(|test| (test, target)).chain(of_columns);
    all.map(|(test, target)| test_draft(make, package, test, target, reference))
        .collect()
}

fn test_draft(
    make: &MakeDraft<'_>,
    package: &str,
    test: &properties::TestUse,
    target: generic_test::Target<'_>,
    reference: PatchRef,
) -> Draft {
    let named = generic_test::name(test, target);
    let name = Spanned::new(named.name.clone(), test.test.range);
    let unique_id = format!("test.{package}.{}.{}", named.name, named.hash);
    let mut draft = make(ResourceType::Test, &name, &[&named.name], unique_id, reference);
    draft.language = Language::Sql;
    let inline = test
        .arguments
        .iter()
        .filter(|(key, _)| generic_test::CONFIG_ARGUMENTS.contains(&&*key.value));
    let config = properties::config_entries(test.config.as_ref()).iter();
    draft.generic_test = Some(GenericTest {
        test: test.test.value.clone(),
        config: inline
            .cloned()
            .chain(config.map(|entry| (entry.key.clone(), entry.value.clone())))
            .collect(),
        alias: named.alias,
    });
    draft
}

fn node(inputs: &Inputs<'_>, configuring: &ConfigMacros<'_>, number: usize, draft: Draft) -> Node {
    let config = resolve_config(inputs, configuring, &draft);
    let enabled = config.get("enabled").value() != Some(&Value::Bool(false));
    let mut node = Node {
        id: NodeId(u32::try_from(number).unwrap_or(u32::MAX)),
        kind: draft.kind,
        unique_id: draft.unique_id,
        name: draft.name,
        source_name: draft.source_name,
        package: draft.package,
        at: draft.at,
        block: draft.block,
        fqn: draft.fqn,
        language: draft.language,
        config,
        enabled,
        patch: draft.patch,
        version: draft.version,
        schema: None,
        identifier: None,
        dependencies: Vec::new(),
        generic_test: None,
    };
    if let Some(test) = draft.generic_test {
        node.identifier = test.alias;
        node.generic_test = Some(test.test);
    }
    crate::relation::name(inputs, &mut node);
    node
}

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
fn resolve_config(inputs: &Inputs<'_>, configuring: &ConfigMacros<'_>, draft: &Draft) -> Config {
    let mut config = Config::default();
    let scope = inputs.scope(draft.package);
    let tree = tree_kind(draft.kind);
    push_tree(
        inputs,
        &mut config,
        draft,
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
        push_tree(inputs, &mut config, draft, 0, tree, Layer::RootProjectFile);
    }
    config
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
    draft: &Draft,
    package: PackageId,
    kind: TreeKind,
    layer: fn(u16) -> Layer,
) {
    let Some(project) = inputs.packages.get(package).map(|package| &package.project) else {
        return;
    };
    let Some(tree) = project.tree(kind) else { return };
    for (depth, level) in tree.levels(&draft.fqn) {
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
    configuring: &ConfigMacros<'_>,
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
struct ConfigMacros<'a> {
    names: FxHashSet<&'a str>,
}

impl<'a> ConfigMacros<'a> {
    fn new(inputs: &Inputs<'a>) -> Self {
        let mut names: FxHashSet<&'a str> = FxHashSet::default();
        let mut calls: Vec<(&'a str, &'a str)> = Vec::new();
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
        Self { names }
    }

    fn sets_config(&self, path: &str) -> bool {
        !self.names.is_empty()
            && path
                .rsplit('.')
                .next()
                .is_some_and(|name| self.names.contains(name))
    }
}
