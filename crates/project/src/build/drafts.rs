//! The nodes that files define, before their configs are known.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, Value, range};
use rustc_hash::FxHashMap;

use crate::facts::properties::{self, Patch, PatchKind, SourceTable};
use crate::files::{FileKind, PackageId};
use crate::generic_test;
use crate::node::{EntryList, Language, NodeVersion, PatchRef, ResourceType};
use crate::project::Inputs;
use crate::values::Text;

/// A node before its config is known.
pub(crate) struct Draft {
    pub(crate) kind: ResourceType,
    pub(crate) name: Arc<str>,
    pub(crate) source_name: Option<Arc<str>>,
    pub(crate) package: PackageId,
    pub(crate) at: FileRange,
    pub(crate) block: Option<usize>,
    pub(crate) fqn: Vec<Arc<str>>,
    pub(crate) unique_id: Arc<str>,
    pub(crate) language: Language,
    pub(crate) patch: Option<PatchRef>,
    pub(crate) version: Option<NodeVersion>,
    pub(crate) generic_test: Option<GenericTest>,
}

/// What makes a generic test of a properties entry.
pub(crate) struct GenericTest {
    pub(crate) test: Arc<str>,
    pub(crate) config: Vec<(Text, Spanned<Value>)>,
    pub(crate) alias: Option<Arc<str>>,
}

/// The nodes of a file, configs left aside.
pub(crate) fn of_file(inputs: &Inputs<'_>, patches: &Patches, file: FileId) -> Vec<Draft> {
    let whole = |kind, language| {
        let draft = from_file(inputs, patches, file, kind, language);
        draft.into_iter().collect()
    };
    match inputs.files.info(file).kind {
        FileKind::Model => whole(ResourceType::Model, Language::Sql),
        FileKind::PythonModel => whole(ResourceType::Model, Language::Python),
        FileKind::Seed => whole(ResourceType::Seed, Language::None),
        FileKind::Analysis => whole(ResourceType::Analysis, Language::Sql),
        FileKind::SingularTest => whole(ResourceType::Test, Language::Sql),
        FileKind::Snapshot => snapshots(inputs, patches, file),
        FileKind::Properties => from_properties(inputs, patches, file),
        _ => Vec::new(),
    }
}

/// Where each properties entry is, by what it describes.
#[derive(Debug)]
pub(crate) struct Patches {
    by_name: FxHashMap<(PackageId, PatchKind, Arc<str>), PatchRef>,
    /// Models by the name of the file that holds a version of them.
    by_version_file: FxHashMap<(PackageId, String), PatchRef>,
}

impl Patches {
    pub(crate) fn new(inputs: &Inputs<'_>) -> Self {
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
                let name = inputs.entry_name(package, &patch.name.value);
                // Two entries for one name are an error that a rule reports; the first one is kept here.
                out.by_name
                    .entry((package, patch.kind, name.clone()))
                    .or_insert(reference);
                if patch.kind != PatchKind::Model {
                    continue;
                }
                for (inner, version) in patch.versions.iter().enumerate() {
                    let stem = match &version.defined_in {
                        Some(name) => name.value.to_string(),
                        None => format!("{name}_v{}", version.v.value),
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
        self.by_name.get(&(package, kind, name.into())).copied()
    }
}

/// The node that a whole file is.
fn from_file(
    inputs: &Inputs<'_>,
    patches: &Patches,
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
            name = inputs.entry_name(info.package, &entry.name.value);
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

fn snapshots(inputs: &Inputs<'_>, patches: &Patches, file: FileId) -> Vec<Draft> {
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
fn from_properties(inputs: &Inputs<'_>, patches: &Patches, file: FileId) -> Vec<Draft> {
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
        let name = &*inputs.entry_name(package, &patch.name.value);
        if patch.kind == PatchKind::Snapshot && patch.relation.is_some() {
            let unique_id = format!("snapshot.{package_name}.{name}");
            let stem = inputs.files.info(file).below.file_stem().unwrap_or_default();
            drafts.push(draft(
                ResourceType::Snapshot,
                &Spanned::new(name.into(), patch.name.range),
                &[stem, name],
                unique_id,
                reference,
            ));
        }
        drafts.extend(patch_tests(&draft, &package_name, patch, name, reference));
    }
    for (index, source) in facts.properties.sources.iter().enumerate() {
        let source_name = inputs.entry_name(package, &source.name.value);
        for (inner, table) in source.tables.iter().enumerate() {
            let reference = entry(EntryList::Sources, index, Some(inner));
            let (source_name, table_name) = (&*source_name, &*inputs.entry_name(package, &table.name.value));
            let unique_id = format!("source.{package_name}.{source_name}.{table_name}");
            let mut made = draft(
                ResourceType::Source,
                &Spanned::new(table_name.into(), table.name.range),
                &[source_name, table_name],
                unique_id,
                reference,
            );
            made.source_name = Some(source_name.into());
            drafts.push(made);
            let target = generic_test::Target {
                name: table_name,
                version: None,
                source: Some(source_name),
                column: None,
            };
            drafts.extend(source_tests(&draft, &package_name, target, table, reference));
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
        let make = |unique_id| {
            draft(
                ResourceType::UnitTest,
                &test.name,
                &[model, name],
                unique_id,
                reference,
            )
        };
        let described = patches.find(package, PatchKind::Model, model);
        let versions = tested_versions(described.and_then(|patch| inputs.patch(patch)), test);
        drafts.extend(versions.iter().map(|version| Draft {
            version: Some(version.clone()),
            ..make(format!("{unique_id}_v{}", version.v))
        }));
        if versions.is_empty() {
            drafts.push(make(unique_id));
        }
    }
    drafts
}

/// The versions of a model that a unit test is made for, each a test of its own (`process_models_for_unit_test` in
/// `dbt/parser/unit_tests.py`).
fn tested_versions(model: Option<&Patch>, test: &properties::UnitTest) -> Vec<NodeVersion> {
    let Some(model) = model else {
        return Vec::new();
    };
    let is_meant = |v: &Arc<str>| match (&test.exclude, &test.include) {
        (Some(exclude), _) => !exclude.contains(v),
        (None, Some(include)) => include.contains(v),
        (None, None) => true,
    };
    let versions = model.versions.iter().map(|version| &version.v.value);
    versions
        .filter(|v| is_meant(v))
        .map(|v| node_version(model, v))
        .collect()
}

type MakeDraft<'a> = dyn Fn(ResourceType, &Text, &[&str], String, PatchRef) -> Draft + 'a;

fn patch_tests(
    make: &MakeDraft<'_>,
    package: &str,
    patch: &Patch,
    name: &str,
    reference: PatchRef,
) -> Vec<Draft> {
    if matches!(
        patch.kind,
        PatchKind::Macro | PatchKind::Analysis | PatchKind::SingularTest
    ) {
        return Vec::new();
    }
    // The tests of a versioned model are put on each of its versions.
    let versions: Vec<(Option<usize>, Option<&properties::Version>)> = if patch.versions.is_empty() {
        vec![(None, None)]
    } else {
        let numbered = patch.versions.iter().enumerate();
        numbered
            .map(|(inner, version)| (Some(inner), Some(version)))
            .collect()
    };
    let mut drafts = Vec::new();
    for (inner, version) in versions {
        let reference = PatchRef { inner, ..reference };
        let target = generic_test::Target {
            name,
            version: version.map(|version| &*version.v.value),
            source: None,
            column: None,
        };
        let of_columns = patch.columns_of(version).flat_map(|column| {
            let target = generic_test::Target {
                column: Some(&*column.tested_name),
                ..target
            };
            column.tests.iter().map(move |test| (test, target))
        });
        let all = patch
            .tests_of(version)
            .iter()
            .map(|test| (test, target))
            .chain(of_columns);
        drafts.extend(all.map(|(test, target)| test_draft(make, package, test, target, reference)));
    }
    drafts
}

fn source_tests(
    make: &MakeDraft<'_>,
    package: &str,
    target: generic_test::Target<'_>,
    table: &SourceTable,
    reference: PatchRef,
) -> Vec<Draft> {
    let of_columns = table.columns.iter().flat_map(|column| {
        let target = generic_test::Target {
            column: Some(&*column.tested_name),
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
