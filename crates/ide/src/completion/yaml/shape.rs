//! What the keys above the caret say of what can stand there.

use glueline_catalog::{KeySpec, Scope, ValueType, lookup};
use glueline_project::{FileKind, TreeKind};
use glueline_yaml::cursor::{Cursor, Level, Place};

use super::super::cx::Cx;

/// What the caret stands in.
#[derive(Debug, Clone)]
pub(in crate::completion) enum Shape<'a> {
    /// A mapping with the keys of a scope.
    Scope(Scope),
    /// The value of a key of a scope.
    Value { scope: Scope, spec: &'static KeySpec },
    /// An item of the list that a key takes.
    Item { scope: Scope, spec: &'static KeySpec },
    /// The profiles of `profiles.yml`, by name.
    Profiles,
    /// The outputs of a profile, by name.
    Outputs,
    /// The configs of a resource type by folder: the names of the folders down to here, the package's first.
    Tree {
        scope: Scope,
        kind: TreeKind,
        folders: Vec<&'a str>,
    },
    /// A list of data tests.
    Tests,
    /// A data test: its name, or a mapping of it.
    Test,
    /// The arguments of a data test, with the keys that stand beside them.
    Arguments { test: &'a str, alone: bool },
    /// The value of an argument of a data test.
    Argument { test: &'a str, name: &'a str },
    /// A node's `meta`.
    Meta,
    /// Variables by name.
    Vars,
    /// A mapping from names of columns.
    Columns,
    /// A Jinja expression without braces.
    Expression,
    /// Anything.
    Free,
}

impl Shape<'_> {
    /// Whether a Jinja expression stands here without braces.
    pub(super) fn is_expression(&self) -> bool {
        matches!(self, Self::Expression) || matches!(self, Self::Argument { name, .. } if *name == "to")
    }
}

/// What the caret stands in.
pub(super) fn at<'a>(cx: &Cx<'_>, cursor: &Cursor<'a>) -> Shape<'a> {
    let mut shape = root(cx);
    let Some((last, outer)) = cursor.levels.split_last() else {
        return shape;
    };
    for level in outer {
        shape = step(shape, level);
    }
    match cursor.place {
        Place::Key => shape,
        _ => step(shape, last),
    }
}

fn root<'a>(cx: &Cx<'_>) -> Shape<'a> {
    match cx.info.kind {
        FileKind::ProjectFile => Shape::Scope(Scope::ProjectFile),
        FileKind::Profiles => Shape::Profiles,
        FileKind::Packages if cx.info.shown.as_str().ends_with("dependencies.yml") => {
            Shape::Scope(Scope::DependenciesFile)
        }
        FileKind::Packages => Shape::Scope(Scope::PackagesFile),
        FileKind::Selectors => Shape::Scope(Scope::SelectorsFile),
        FileKind::Properties => Shape::Scope(Scope::PropertiesFile),
        _ => Shape::Free,
    }
}

/// From a mapping or list to what stands in it.
fn step<'a>(shape: Shape<'a>, level: &Level<'a>) -> Shape<'a> {
    if level.is_list {
        return item(&shape);
    }
    match level.lines.last() {
        Some(line) => key(shape, line.key),
        None => Shape::Free,
    }
}

fn item<'a>(shape: &Shape<'a>) -> Shape<'a> {
    match *shape {
        Shape::Value { scope, spec } => match spec.value {
            ValueType::Objects(inner) => Shape::Scope(inner),
            ValueType::DataTests => Shape::Test,
            _ if is_definitions(scope, spec.name) => Shape::Scope(Scope::SelectorDefinition),
            _ if scope == Scope::Exposure && spec.name == "depends_on" => Shape::Expression,
            _ => Shape::Item { scope, spec },
        },
        Shape::Tests => Shape::Test,
        Shape::Argument { test, name } => Shape::Argument { test, name },
        _ => Shape::Free,
    }
}

fn is_definitions(scope: Scope, name: &str) -> bool {
    scope == Scope::SelectorDefinition && matches!(name, "union" | "intersection" | "exclude")
}

fn key<'a>(shape: Shape<'a>, name: &'a str) -> Shape<'a> {
    match shape {
        Shape::Scope(scope) => key_of(scope, name),
        Shape::Value { scope, spec } | Shape::Item { scope, spec } => match spec.value {
            ValueType::ObjectMap(inner) => Shape::Scope(inner),
            _ => match spec.value.scope() {
                Some(inner) => key_of(inner, name),
                None if is_definitions(scope, spec.name) => key_of(Scope::SelectorDefinition, name),
                None => Shape::Free,
            },
        },
        Shape::Profiles => match name {
            "config" => Shape::Free,
            _ => Shape::Scope(Scope::Profile),
        },
        Shape::Outputs => Shape::Scope(Scope::ProfileOutput),
        Shape::Tree {
            scope,
            kind,
            mut folders,
        } => {
            let bare = name.strip_prefix('+');
            let found = lookup(scope, bare.unwrap_or(name));
            match (bare, found) {
                (Some(_), Some(spec)) => value(scope, spec),
                (Some(_), None) => Shape::Free,
                // A name without `+` may be a folder's as well; folders have mappings, and hardly any config is called so.
                (None, Some(spec)) if spec.value.scope().is_none() && spec.value != ValueType::Mapping => {
                    value(scope, spec)
                }
                (None, _) => {
                    folders.push(name);
                    Shape::Tree { scope, kind, folders }
                }
            }
        }
        Shape::Test => match name {
            "name" | "test_name" | "description" | "column_name" => Shape::Free,
            "config" => Shape::Scope(Scope::TestConfig),
            test => Shape::Arguments { test, alone: false },
        },
        Shape::Arguments { test, alone } => match name {
            "arguments" if !alone => Shape::Arguments { test, alone: true },
            "config" if !alone => Shape::Scope(Scope::TestConfig),
            name => match lookup(Scope::DataTest, name).filter(|_| !alone) {
                Some(spec) => value(Scope::DataTest, spec),
                None => Shape::Argument { test, name },
            },
        },
        Shape::Meta => match glueline_catalog::profile_key(name) {
            Some(spec) if glueline_catalog::is_session_setting(name) => Shape::Value {
                scope: Scope::ProfileOutput,
                spec,
            },
            _ => Shape::Free,
        },
        _ => Shape::Free,
    }
}

fn key_of(scope: Scope, name: &str) -> Shape<'_> {
    if scope == Scope::ProjectFile {
        let found = TreeKind::ALL.into_iter().find(|(_, keys)| keys.contains(&name));
        if let Some((kind, _)) = found {
            return Shape::Tree {
                scope: config_of(kind),
                kind,
                folders: Vec::new(),
            };
        }
    }
    match (scope, name) {
        (_, "config") if let Some(inner) = config_below(scope) => Shape::Scope(inner),
        (Scope::ProjectFile | Scope::UnitTestOverrides, "vars") => Shape::Vars,
        (Scope::Profile, "outputs") => Shape::Outputs,
        (
            Scope::Model
            | Scope::ModelConfig
            | Scope::Seed
            | Scope::SeedConfig
            | Scope::Snapshot
            | Scope::SnapshotConfig,
            "meta",
        ) => Shape::Meta,
        (Scope::SeedConfig, "column_types") | (Scope::LfTags, "tags_columns") => Shape::Columns,
        (Scope::UnitTestInput, "input") | (Scope::Snapshot, "relation") => Shape::Expression,
        (Scope::Constraint, "to") => Shape::Expression,
        _ => lookup(scope, name).map_or(Shape::Free, |spec| value(scope, spec)),
    }
}

fn value<'a>(scope: Scope, spec: &'static KeySpec) -> Shape<'a> {
    match spec.value {
        ValueType::DataTests => Shape::Tests,
        _ => Shape::Value { scope, spec },
    }
}

/// The configs of a tree in `dbt_project.yml`.
pub(super) const fn config_of(kind: TreeKind) -> Scope {
    match kind {
        TreeKind::Models => Scope::ModelConfig,
        TreeKind::Seeds => Scope::SeedConfig,
        TreeKind::Snapshots => Scope::SnapshotConfig,
        TreeKind::Sources => Scope::SourceConfig,
        TreeKind::DataTests => Scope::TestConfig,
        TreeKind::UnitTests => Scope::UnitTestConfig,
        TreeKind::Exposures => Scope::ExposureConfig,
    }
}

/// The scope of `config:` in an entry.
const fn config_below(scope: Scope) -> Option<Scope> {
    Some(match scope {
        Scope::Model | Scope::ModelVersion => Scope::ModelConfig,
        Scope::Seed => Scope::SeedConfig,
        Scope::Snapshot => Scope::SnapshotConfig,
        Scope::Source | Scope::SourceTable => Scope::SourceConfig,
        Scope::Column => Scope::ColumnConfig,
        Scope::DataTest | Scope::SingularTest => Scope::TestConfig,
        Scope::UnitTest => Scope::UnitTestConfig,
        Scope::Exposure => Scope::ExposureConfig,
        Scope::Analysis => Scope::AnalysisConfig,
        Scope::Macro => Scope::MacroConfig,
        Scope::Group => Scope::GroupConfig,
        Scope::Metric => Scope::MetricConfig,
        Scope::SemanticModel => Scope::SemanticModelConfig,
        Scope::SavedQuery => Scope::SavedQueryConfig,
        Scope::Function => Scope::FunctionConfig,
        _ => return None,
    })
}
