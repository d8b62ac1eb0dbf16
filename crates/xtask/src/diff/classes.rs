//! Keys of the catalogue against the fields of Python classes: names, types, defaults, merging.

use std::collections::{BTreeMap, BTreeSet};

use glueline_catalog::{KeySpec, Scope, keys, lookup, profile_keys};

use super::known::Known;
use super::types::{alias_of, default_of, fits, merge_of, same_default, without_none};
use crate::python::{Class, Field, classes, fields_of, string_list};
use crate::report::Report;
use crate::upstream::Upstream;

const CREDENTIALS: &str = "dbt/adapters/glue/credentials.py";
const LAKE_FORMATION: &str = "dbt/adapters/glue/lakeformation.py";
const RESOURCES: &str = "dbt/artifacts/resources/v1";
const UNPARSED: &str = "dbt/contracts/graph/unparsed.py";
const PROJECT: &str = "dbt/contracts/project.py";
const SELECTION: &str = "dbt/contracts/selection.py";
const CONNECTION: &str = "dbt/adapters/contracts/connection.py";
const CONSTRAINTS: &str = "dbt_common/contracts/constraints.py";
const RESOURCE_BASE: &str = "dbt/artifacts/resources/base.py";

/// How much of a class is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Names, types, defaults and merging.
    Full,
    /// Names alone: upstream types these loosely, or turns them into something else before the class is filled.
    Names,
}

/// The scopes whose keys are exactly the fields of classes.
const CLOSED: &[(Scope, Depth, &[(&str, &str)])] = &[
    (Scope::Contract, Depth::Full, &[(RESOURCES, "ContractConfig")]),
    (Scope::Docs, Depth::Full, &[(RESOURCE_BASE, "Docs")]),
    (Scope::Hook, Depth::Full, &[(RESOURCES, "Hook")]),
    (
        Scope::SnapshotColumns,
        Depth::Full,
        &[(RESOURCES, "SnapshotMetaColumnNames")],
    ),
    (
        Scope::LatestVersionPointer,
        Depth::Full,
        &[(RESOURCES, "LatestVersionPointer")],
    ),
    (
        Scope::ModelFreshness,
        Depth::Full,
        &[(RESOURCES, "ModelFreshness")],
    ),
    (Scope::BuildAfter, Depth::Full, &[(RESOURCES, "ModelBuildAfter")]),
    (
        Scope::Freshness,
        Depth::Full,
        &[(RESOURCES, "FreshnessThreshold")],
    ),
    (Scope::FreshnessTime, Depth::Full, &[(RESOURCES, "Time")]),
    (Scope::External, Depth::Full, &[(RESOURCES, "ExternalTable")]),
    (Scope::Quoting, Depth::Full, &[(RESOURCES, "Quoting")]),
    (Scope::TimeSpine, Depth::Full, &[(RESOURCES, "TimeSpine")]),
    (Scope::Owner, Depth::Full, &[(RESOURCES, "Owner")]),
    (
        Scope::Constraint,
        Depth::Names,
        &[(CONSTRAINTS, "ModelLevelConstraint")],
    ),
    (
        Scope::UnitTestInput,
        Depth::Names,
        &[(RESOURCES, "UnitTestInputFixture")],
    ),
    (
        Scope::UnitTestOutput,
        Depth::Names,
        &[(RESOURCES, "UnitTestOutputFixture")],
    ),
    (
        Scope::UnitTestOverrides,
        Depth::Full,
        &[(RESOURCES, "UnitTestOverrides")],
    ),
    (
        Scope::UnitTestVersions,
        Depth::Full,
        &[(RESOURCES, "UnitTestNodeVersions")],
    ),
    (Scope::MacroArgument, Depth::Full, &[(RESOURCES, "MacroArgument")]),
    (Scope::Model, Depth::Names, &[(UNPARSED, "UnparsedModelUpdate")]),
    (
        Scope::ModelVersion,
        Depth::Names,
        &[(UNPARSED, "UnparsedVersion")],
    ),
    (Scope::Column, Depth::Names, &[(UNPARSED, "UnparsedColumn")]),
    (Scope::Seed, Depth::Names, &[(UNPARSED, "UnparsedNodeUpdate")]),
    (Scope::Snapshot, Depth::Names, &[(UNPARSED, "UnparsedNodeUpdate")]),
    (
        Scope::Source,
        Depth::Names,
        &[(UNPARSED, "UnparsedSourceDefinition")],
    ),
    (
        Scope::SourceTable,
        Depth::Names,
        &[(UNPARSED, "UnparsedSourceTableDefinition")],
    ),
    (Scope::Macro, Depth::Names, &[(UNPARSED, "UnparsedMacroUpdate")]),
    (Scope::Exposure, Depth::Names, &[(UNPARSED, "UnparsedExposure")]),
    (
        Scope::Analysis,
        Depth::Names,
        &[(UNPARSED, "UnparsedAnalysisUpdate")],
    ),
    (
        Scope::SingularTest,
        Depth::Names,
        &[(UNPARSED, "UnparsedSingularTestUpdate")],
    ),
    (Scope::Group, Depth::Names, &[(UNPARSED, "UnparsedGroup")]),
    (Scope::UnitTest, Depth::Names, &[(UNPARSED, "UnparsedUnitTest")]),
    (
        Scope::SemanticModel,
        Depth::Names,
        &[(UNPARSED, "UnparsedSemanticModel")],
    ),
    (
        Scope::SavedQuery,
        Depth::Names,
        &[(UNPARSED, "UnparsedSavedQuery")],
    ),
    (
        Scope::Function,
        Depth::Names,
        &[(UNPARSED, "UnparsedFunctionUpdate")],
    ),
    (
        Scope::Metric,
        Depth::Names,
        &[(UNPARSED, "UnparsedMetric"), (UNPARSED, "UnparsedMetricV2")],
    ),
    (Scope::ProjectFile, Depth::Names, &[(PROJECT, "Project")]),
    (Scope::ProjectQuoting, Depth::Full, &[(PROJECT, "Quoting")]),
    (Scope::Flags, Depth::Full, &[(PROJECT, "ProjectFlags")]),
    (
        Scope::Package,
        Depth::Names,
        &[
            (PROJECT, "LocalPackage"),
            (PROJECT, "TarballPackage"),
            (PROJECT, "GitPackage"),
            (PROJECT, "PrivatePackage"),
            (PROJECT, "RegistryPackage"),
        ],
    ),
    (Scope::QueryComment, Depth::Names, &[(CONNECTION, "QueryComment")]),
    (
        Scope::Selector,
        Depth::Names,
        &[(SELECTION, "SelectorDefinition")],
    ),
    (Scope::SelectorsFile, Depth::Names, &[(SELECTION, "SelectorFile")]),
];

/// The configs, whose classes keep keys they do not know: only the fields are compared here.
const OPEN: &[(Scope, &str)] = &[
    (Scope::ModelConfig, "ModelConfig"),
    (Scope::SeedConfig, "SeedConfig"),
    (Scope::SnapshotConfig, "SnapshotConfig"),
    (Scope::AnalysisConfig, "NodeConfig"),
    (Scope::FunctionConfig, "FunctionConfig"),
    (Scope::TestConfig, "TestConfig"),
    (Scope::SourceConfig, "SourceConfig"),
    (Scope::UnitTestConfig, "UnitTestConfig"),
    (Scope::ExposureConfig, "ExposureConfig"),
    (Scope::MacroConfig, "MacroConfig"),
    (Scope::GroupConfig, "GroupConfig"),
    (Scope::MetricConfig, "MetricConfig"),
    (Scope::SemanticModelConfig, "SemanticModelConfig"),
    (Scope::SavedQueryConfig, "SavedQueryConfig"),
    (Scope::ColumnConfig, "ColumnConfig"),
];

/// Classes by file (or folder) and name.
type Modules = BTreeMap<&'static str, BTreeMap<String, Class>>;

/// Compares every scope that has a class.
pub(super) fn compare(upstream: &Upstream<'_>, report: &mut Report, known: &mut Known) -> Result<(), String> {
    let modules = modules(upstream)?;
    profile(upstream, &modules, report, known)?;
    for (scope, depth, sources) in CLOSED {
        let fields = fields(&modules, sources)?;
        let found = compare_fields(*scope, *depth, &fields, report, known);
        only_in_catalogue(*scope, &found, &fields, report, known);
    }
    for (scope, class) in OPEN {
        let fields = fields(&modules, &[(RESOURCES, class)])?;
        compare_fields(*scope, Depth::Full, &fields, report, known);
    }
    lake_formation(&modules, report)
}

fn modules(upstream: &Upstream<'_>) -> Result<Modules, String> {
    let mut modules = Modules::new();
    let by_name = |text: &str| classes(text).into_iter().map(|class| (class.name.clone(), class));
    for file in [
        CREDENTIALS,
        LAKE_FORMATION,
        UNPARSED,
        PROJECT,
        SELECTION,
        CONNECTION,
        CONSTRAINTS,
        RESOURCE_BASE,
    ] {
        modules.insert(file, by_name(&upstream.text(file)?).collect());
    }
    let mut resources = BTreeMap::new();
    for (_, text) in upstream.texts(RESOURCES, ".py")? {
        resources.extend(by_name(&text));
    }
    modules.insert(RESOURCES, resources);
    Ok(modules)
}

fn class<'a>(modules: &'a Modules, file: &str, name: &str) -> Result<&'a Class, String> {
    modules
        .get(file)
        .and_then(|classes| classes.get(name))
        .ok_or_else(|| format!("{file} has no class {name}"))
}

/// The fields of some classes, each name once. None at all would mean that the reader no longer understands the file.
fn fields(modules: &Modules, sources: &[(&str, &str)]) -> Result<Vec<Field>, String> {
    let mut all: Vec<Field> = Vec::new();
    for (file, name) in sources {
        let class = class(modules, file, name)?;
        let own = modules
            .get(file)
            .map(|known| fields_of(known, class))
            .unwrap_or_default();
        if own.is_empty() {
            return Err(format!("{name} in {file} has no fields that can be read"));
        }
        for field in own {
            if all.iter().all(|other| other.name != field.name) {
                all.push(field);
            }
        }
    }
    Ok(all)
}

/// The key that a field is read from: of its own name, or of the one with hyphens that many classes translate it to.
fn key_of(scope: Scope, field: &str) -> Option<&'static KeySpec> {
    lookup(scope, field).or_else(|| lookup(scope, &field.replace('_', "-")))
}

/// Compares fields with keys and returns the names that were found.
fn compare_fields(
    scope: Scope,
    depth: Depth,
    fields: &[Field],
    report: &mut Report,
    known: &mut Known,
) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for field in fields {
        let handle = format!("{scope}: {}", field.name);
        let Some(key) = key_of(scope, &field.name) else {
            known.note(report, &handle, format!("{handle} is missing in the catalogue"));
            continue;
        };
        found.insert(key.name);
        if depth == Depth::Full {
            compare_field(scope, field, key, report, known);
        }
    }
    report.compared(format!("fields of {scope}"), fields.len());
    found
}

fn compare_field(scope: Scope, field: &Field, key: &KeySpec, report: &mut Report, known: &mut Known) {
    let handle = |what: &str| format!("{scope}: {} {what}", field.name);
    let (annotation, optional) = without_none(&field.annotation);
    if !fits(&annotation, key.value) {
        let what = format!(
            "{} is {} here and {annotation} upstream",
            handle("type"),
            key.value.words()
        );
        known.note(report, &handle("type"), what);
    }
    // What stands for "anything" takes null as well, whatever the annotation says.
    if annotation != "Any" && optional != key.nullable {
        let what = format!(
            "{} is {} here and {optional} upstream",
            handle("null"),
            key.nullable
        );
        known.note(report, &handle("null"), what);
    }
    match default_of(field) {
        Some(default) if !same_default(key.default, &default) => {
            let what = format!(
                "{} is `{}` here and `{default}` upstream",
                handle("default"),
                key.default
            );
            known.note(report, &handle("default"), what);
        }
        None if key.required.is_none() => {
            let what = format!("{} upstream and not here", handle("required"));
            known.note(report, &handle("required"), what);
        }
        _ => {}
    }
    if scope.is_open() && merge_of(field) != key.merge {
        let what = format!(
            "{} is {:?} here and {:?} upstream",
            handle("merge"),
            key.merge,
            merge_of(field)
        );
        known.note(report, &handle("merge"), what);
    }
    if let Some(alias) = alias_of(field)
        && lookup(scope, &alias).map(|other| other.name) != Some(key.name)
    {
        known.note(
            report,
            &handle("alias"),
            format!("{} `{alias}` is missing", handle("alias")),
        );
    }
}

fn only_in_catalogue(
    scope: Scope,
    found: &BTreeSet<&'static str>,
    fields: &[Field],
    report: &mut Report,
    known: &mut Known,
) {
    for key in keys(scope) {
        let is_field = found.contains(key.name)
            || fields
                .iter()
                .any(|field| key_of(scope, &field.name).is_some_and(|other| other.name == key.name));
        if !is_field {
            let handle = format!("{scope}: {}", key.name);
            known.note(report, &handle, format!("{handle} is unknown upstream"));
        }
    }
}

fn profile(
    upstream: &Upstream<'_>,
    modules: &Modules,
    report: &mut Report,
    known: &mut Known,
) -> Result<(), String> {
    let scope = Scope::ProfileOutput;
    let fields = fields(modules, &[(CREDENTIALS, "GlueCredentials")])?;
    let found = compare_fields(scope, Depth::Full, &fields, report, known);
    only_in_catalogue(scope, &found, &fields, report, known);

    let source = upstream.text(CREDENTIALS)?;
    let shown: BTreeSet<String> = source
        .split_once("def _connection_keys")
        .map(|(_, body)| string_list(body).into_iter().collect())
        .filter(|shown: &BTreeSet<String>| !shown.is_empty())
        .ok_or_else(|| format!("{CREDENTIALS} has no list of connection keys"))?;
    for key in profile_keys() {
        let listed = shown.contains(key.name);
        if listed != key.profile.meta_override {
            report.differs(format!(
                "profile output: {} is overridable upstream: {listed}",
                key.name
            ));
        }
        if listed != key.profile.in_target {
            let handle = format!("profile output: {} in target", key.name);
            known.note(report, &handle, format!("{handle} is {listed} upstream"));
        }
    }
    report.compared("connection keys", shown.len());
    Ok(())
}

/// The constructors that take `lf_tags_config` and `lf_grants` apart.
fn lake_formation(modules: &Modules, report: &mut Report) -> Result<(), String> {
    let constructors = [
        (Scope::LfTags, "LfTagsConfig"),
        (Scope::LfGrants, "LfGrantsConfig"),
        (Scope::DataCellFilters, "DataCellFiltersConfig"),
        (Scope::DataCellFilter, "FilterConfig"),
    ];
    for (scope, name) in constructors {
        let class = class(modules, LAKE_FORMATION, name)?;
        let constructor = class
            .methods
            .iter()
            .find(|method| method.name == "__init__")
            .ok_or_else(|| format!("{name} in {LAKE_FORMATION} has no constructor"))?;
        let parameters: Vec<&Field> = constructor
            .parameters
            .iter()
            .filter(|p| p.name != "self")
            .collect();
        for parameter in &parameters {
            match lookup(scope, &parameter.name) {
                None => report.differs(format!("{scope}: {} is missing in the catalogue", parameter.name)),
                Some(key) => compare_parameter(scope, parameter, key, report),
            }
        }
        for key in keys(scope) {
            if parameters.iter().all(|parameter| parameter.name != key.name) {
                report.differs(format!("{scope}: {} is unknown upstream", key.name));
            }
        }
        report.compared(format!("constructor parameters of {scope}"), parameters.len());
    }
    Ok(())
}

fn compare_parameter(scope: Scope, parameter: &Field, key: &KeySpec, report: &mut Report) {
    let (annotation, optional) = without_none(&parameter.annotation);
    let name = &parameter.name;
    if !annotation.is_empty() && !fits(&annotation, key.value) {
        report.differs(format!("{scope}: {name} is {annotation} upstream"));
    }
    if optional != key.nullable {
        report.differs(format!("{scope}: {name} may be null upstream: {optional}"));
    }
    match default_of(parameter) {
        Some(default) if !same_default(key.default, &default) => {
            report.differs(format!("{scope}: {name} is `{default}` by default upstream"));
        }
        None if key.required.is_none() => report.differs(format!("{scope}: {name} is required upstream")),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(scope: Scope, depth: Depth, body: &str) -> Vec<String> {
        let class = classes(&format!("class C:\n{body}")).remove(0);
        let mut report = Report::default();
        compare_fields(scope, depth, &class.fields, &mut report, &mut Known::default());
        report.differences().to_vec()
    }

    #[test]
    fn a_field_that_agrees_is_silent() {
        let body = "    idle_timeout: int = 10\n    glue_version: Optional[str] = \"5.0\"\n";
        assert!(differences(Scope::ProfileOutput, Depth::Full, body).is_empty());
    }

    #[test]
    fn each_side_of_a_field_can_differ() {
        let cases = [
            ("idle_timeout: int = 11", "default"),
            ("idle_timeout: str = \"10\"", "type"),
            ("idle_timeout: Optional[int] = 10", "null"),
            ("idle_timeout: int", "required"),
            ("brand_new: int = 1", "missing in the catalogue"),
        ];
        for (line, expected) in cases {
            let found = differences(Scope::ProfileOutput, Depth::Full, &format!("    {line}\n"));
            assert!(
                found.iter().any(|text| text.contains(expected)),
                "{line}: {found:?}"
            );
        }
        let merged = differences(
            Scope::ModelConfig,
            Depth::Full,
            "    meta: Dict[str, Any] = field(default_factory=dict)\n",
        );
        assert!(merged.iter().any(|text| text.contains("merge")), "{merged:?}");
    }

    #[test]
    fn names_alone_where_upstream_is_loose() {
        assert!(differences(Scope::Model, Depth::Names, "    columns: int = 3\n").is_empty());
        assert_eq!(
            differences(Scope::Model, Depth::Names, "    colums: int = 3\n").len(),
            1
        );
    }
}
