//! What a properties file declares.

use std::sync::Arc;

use glueline_base::{Spanned, TextRange, Value};

use crate::values::{Text, as_text, boolean, maps, text, texts};

/// The kind of resource that an entry of a properties file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PatchKind {
    /// Under `models:`.
    Model,
    /// Under `seeds:`.
    Seed,
    /// Under `snapshots:`.
    Snapshot,
    /// Under `analyses:`.
    Analysis,
    /// Under `macros:`.
    Macro,
    /// Under `data_tests:` or `tests:` at the top: a singular test.
    SingularTest,
}

impl PatchKind {
    /// Every kind, with the keys it stands under.
    pub const ALL: [(Self, &'static [&'static str]); 6] = [
        (Self::Model, &["models"]),
        (Self::Seed, &["seeds"]),
        (Self::Snapshot, &["snapshots"]),
        (Self::Analysis, &["analyses"]),
        (Self::Macro, &["macros"]),
        (Self::SingularTest, &["data_tests", "tests"]),
    ];
}

/// An entry that describes a resource defined elsewhere; a snapshot with `relation:` is defined here.
#[derive(Debug, Clone)]
pub struct Patch {
    /// What it describes.
    pub kind: PatchKind,
    /// The name it gives.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// `meta:`, `tags:`, `group:`, `access:`, `docs:` beside `config:`, as dbt still reads them.
    pub loose: Vec<(Text, Spanned<Value>)>,
    /// `description:`.
    pub description: Option<Text>,
    /// `columns:`.
    pub columns: Vec<Column>,
    /// `data_tests:` of the resource itself.
    pub tests: Vec<TestUse>,
    /// `constraints:` of the resource itself.
    pub constraints: Vec<Constraint>,
    /// `latest_version:`.
    pub latest_version: Option<Text>,
    /// `versions:`.
    pub versions: Vec<Version>,
    /// `relation:` of a snapshot: a Jinja expression.
    pub relation: Option<Text>,
}

/// A column of a resource.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: Text,
    /// Its name as generic tests take it: in back-ticks where it says `quote: true`.
    pub tested_name: std::sync::Arc<str>,
    /// `data_type:`.
    pub data_type: Option<Text>,
    /// `description:`.
    pub description: Option<Text>,
    /// `data_tests:`.
    pub tests: Vec<TestUse>,
    /// `constraints:`.
    pub constraints: Vec<Constraint>,
}

/// A constraint of a contract.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// `type:`.
    pub kind: Text,
    /// The whole entry.
    pub range: TextRange,
}

/// A version of a model.
#[derive(Debug, Clone)]
pub struct Version {
    /// `v:`.
    pub v: Text,
    /// `defined_in:`: the file's name without its ending.
    pub defined_in: Option<Text>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// `columns:` with `include`/`exclude` left aside.
    pub columns: Vec<Column>,
    /// Which columns of the model the version takes over.
    pub included: Included,
    /// Its own generic tests, which then stand in place of the model's.
    pub tests: Option<Vec<TestUse>>,
    /// The whole entry.
    pub range: TextRange,
}

/// Which columns of a model one of its versions takes over: `include:` and `exclude:` among its columns
/// (`dbt_common/helper_types.py`, `IncludeExclude`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Included {
    /// All, but for these.
    AllBut(Vec<std::sync::Arc<str>>),
    /// These.
    Only(Vec<std::sync::Arc<str>>),
}

impl Included {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::AllBut(names) => names.iter().all(|other| **other != *name),
            Self::Only(names) => names.iter().any(|other| **other == *name),
        }
    }
}

impl Patch {
    /// The generic tests of the model itself, or of one of its versions (`UnparsedModelUpdate.get_tests_for_version`).
    pub fn tests_of<'a>(&'a self, version: Option<&'a Version>) -> &'a [TestUse] {
        version
            .and_then(|version| version.tests.as_deref())
            .unwrap_or(&self.tests)
    }

    /// The columns of the model itself, or of one of its versions (`UnparsedModelUpdate.get_columns_for_version`).
    pub fn columns_of<'a>(&'a self, version: Option<&'a Version>) -> impl Iterator<Item = &'a Column> {
        let taken =
            move |column: &&Column| version.is_none_or(|version| version.included.has(&column.name.value));
        let own = version.map_or(&[][..], |version| &version.columns);
        self.columns.iter().filter(taken).chain(own)
    }
}

/// A generic test put on a resource or a column.
#[derive(Debug, Clone)]
pub struct TestUse {
    /// The generic test: `not_null`, `dbt_utils.at_least_one`.
    pub test: Text,
    /// `name:`, where given.
    pub name: Option<Text>,
    /// Its arguments.
    pub arguments: Vec<(Text, Spanned<Value>)>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// The whole entry.
    pub range: TextRange,
}

/// A source and its tables.
#[derive(Debug, Clone)]
pub struct SourceFacts {
    /// Its name.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
    /// `schema:`; the name where not set.
    pub schema: Option<Text>,
    /// `database:`, with the range of its key.
    pub database: Option<(TextRange, Text)>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// `meta:` and `tags:` beside `config:`.
    pub loose: Vec<(Text, Spanned<Value>)>,
    /// `overrides:`: the package whose source this replaces.
    pub overrides: Option<Text>,
    /// `tables:`.
    pub tables: Vec<SourceTable>,
}

/// A table of a source.
#[derive(Debug, Clone)]
pub struct SourceTable {
    /// Its name.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
    /// `identifier:`; the name where not set.
    pub identifier: Option<Text>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// `meta:` and `tags:` beside `config:`.
    pub loose: Vec<(Text, Spanned<Value>)>,
    /// `columns:`.
    pub columns: Vec<Column>,
    /// `data_tests:`.
    pub tests: Vec<TestUse>,
}

/// A use of the data outside dbt.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Its name.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
    /// `depends_on:`: Jinja expressions.
    pub depends_on: Vec<Text>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
    /// `meta:` and `tags:` beside `config:`.
    pub loose: Vec<(Text, Spanned<Value>)>,
}

/// A unit test.
#[derive(Debug, Clone)]
pub struct UnitTest {
    /// Its name.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
    /// `model:`.
    pub model: Option<Text>,
    /// `given:` inputs: Jinja expressions (`ref('x')`, `source('a', 'b')`, `this`).
    pub inputs: Vec<Text>,
    /// `versions:` `include:` of the model, as dbt prints them; `None` where every version is meant.
    pub include: Option<Vec<Arc<str>>>,
    /// `versions:` `exclude:` of the model, as dbt prints them.
    pub exclude: Option<Vec<Arc<str>>>,
    /// `config:`.
    pub config: Option<Spanned<Value>>,
}

/// A group of models.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: Text,
    /// The whole entry.
    pub range: TextRange,
}

/// All that a properties file declares.
#[derive(Debug, Clone, Default)]
pub struct Properties {
    /// Entries that describe models, seeds, snapshots, analyses, macros and singular tests.
    pub patches: Vec<Patch>,
    /// Under `sources:`.
    pub sources: Vec<SourceFacts>,
    /// Under `exposures:`.
    pub exposures: Vec<Exposure>,
    /// Under `groups:`.
    pub groups: Vec<Group>,
    /// Under `unit_tests:`.
    pub unit_tests: Vec<UnitTest>,
}

impl Properties {
    /// Whether both declare the same resources in the same order, whatever they say of them: then nodes elsewhere cannot tell them
    /// apart.
    pub(crate) fn names_the_same(&self, other: &Self) -> bool {
        fn value(text: Option<&Text>) -> Option<&str> {
            text.map(|text| &*text.value)
        }
        fn alike<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        let patches = |one: &Patch, other: &Patch| {
            one.kind == other.kind
                && one.name.value == other.name.value
                && one.relation.is_some() == other.relation.is_some()
                && value(one.latest_version.as_ref()) == value(other.latest_version.as_ref())
                && alike(&one.versions, &other.versions, |one, other| {
                    one.v.value == other.v.value
                        && value(one.defined_in.as_ref()) == value(other.defined_in.as_ref())
                })
        };
        let sources = |one: &SourceFacts, other: &SourceFacts| {
            one.name.value == other.name.value
                && alike(&one.tables, &other.tables, |one, other| {
                    one.name.value == other.name.value
                })
        };
        alike(&self.patches, &other.patches, patches) && alike(&self.sources, &other.sources, sources)
    }

    /// Whether a name of something is a template, so that it can be another where variables are.
    pub(crate) fn has_made_names(&self) -> bool {
        let tables = self.sources.iter().flat_map(|source| &source.tables);
        let mut names = self
            .patches
            .iter()
            .map(|patch| &patch.name)
            .chain(self.sources.iter().map(|source| &source.name))
            .chain(tables.map(|table| &table.name));
        names.any(|name| name.value.contains('{'))
    }

    /// Reads a properties file from its value. Entries without a name are passed over: rules report them.
    pub fn read(root: &Value) -> Self {
        let mut out = Self::default();
        for (kind, keys) in PatchKind::ALL {
            for key in keys {
                out.patches
                    .extend(maps(root, key).filter_map(|entry| patch(kind, entry)));
            }
        }
        out.sources = maps(root, "sources").filter_map(source).collect();
        out.exposures = maps(root, "exposures").filter_map(exposure).collect();
        out.unit_tests = maps(root, "unit_tests").filter_map(unit_test).collect();
        out.groups = maps(root, "groups")
            .filter_map(|entry| {
                Some(Group {
                    name: text(&entry.value, "name")?,
                    range: entry.range,
                })
            })
            .collect();
        out
    }
}

/// Keys that dbt reads beside `config:` as if they stood in it (`dbt/parser/schemas.py`).
const LOOSE: [&str; 7] = ["meta", "tags", "group", "access", "docs", "enabled", "freshness"];

fn loose(map: &Value) -> Vec<(Text, Spanned<Value>)> {
    LOOSE
        .iter()
        .filter_map(|key| map.entry(key))
        .map(|entry| (entry.key.clone(), entry.value.clone()))
        .collect()
}

fn config(map: &Value) -> Option<Spanned<Value>> {
    map.get("config")
        .filter(|node| node.value.as_map().is_some())
        .cloned()
}

fn patch(kind: PatchKind, entry: &Spanned<Value>) -> Option<Patch> {
    let map = &entry.value;
    Some(Patch {
        kind,
        name: text(map, "name")?,
        range: entry.range,
        config: config(map),
        loose: loose(map),
        description: text(map, "description"),
        columns: columns(map),
        tests: tests(map),
        constraints: constraints(map),
        latest_version: text(map, "latest_version"),
        versions: maps(map, "versions").filter_map(version).collect(),
        relation: text(map, "relation"),
    })
}

fn version(entry: &Spanned<Value>) -> Option<Version> {
    Some(Version {
        v: text(&entry.value, "v")?,
        defined_in: text(&entry.value, "defined_in"),
        config: config(&entry.value),
        columns: columns(&entry.value),
        included: included(&entry.value),
        tests: ["data_tests", "tests"]
            .iter()
            .any(|key| entry.value.get(key).is_some())
            .then(|| tests(&entry.value)),
        range: entry.range,
    })
}

/// The first entry with `include:` counts; without one, all columns are taken over.
fn included(map: &Value) -> Included {
    let Some(entry) = maps(map, "columns").find(|entry| entry.value.get("include").is_some()) else {
        return Included::AllBut(Vec::new());
    };
    let names = |key: &str| {
        texts(&entry.value, key)
            .into_iter()
            .flatten()
            .map(|name| name.value)
            .collect()
    };
    match entry.value.get("include").map(|node| &node.value) {
        Some(Value::List(_)) => Included::Only(names("include")),
        _ => Included::AllBut(names("exclude")),
    }
}

fn columns(map: &Value) -> Vec<Column> {
    let mut columns: Vec<Column> = maps(map, "columns")
        .filter_map(|entry| {
            let name = text(&entry.value, "name")?;
            let is_quoted = boolean(&entry.value, "quote") == Some(true);
            Some(Column {
                tested_name: if is_quoted {
                    format!("`{}`", name.value).into()
                } else {
                    name.value.clone()
                },
                name,
                data_type: text(&entry.value, "data_type"),
                description: text(&entry.value, "description"),
                tests: tests(&entry.value),
                constraints: constraints(&entry.value),
            })
        })
        .collect();
    // Thousands of them are kept; the room that growing left is not needed.
    columns.shrink_to_fit();
    columns
}

fn constraints(map: &Value) -> Vec<Constraint> {
    maps(map, "constraints")
        .filter_map(|entry| {
            Some(Constraint {
                kind: text(&entry.value, "type")?,
                range: entry.range,
            })
        })
        .collect()
}

fn tests(map: &Value) -> Vec<TestUse> {
    let both = ["data_tests", "tests"];
    let lists = both
        .iter()
        .filter_map(|key| map.get(key))
        .filter_map(|node| node.value.as_list());
    lists.flatten().filter_map(test_use).collect()
}

/// A test is written as a name, as `name: {arguments}`, or as `{name, test_name, ...}`
/// (`dbt/parser/generic_test_builders.py`, `extract_test_args`).
fn test_use(entry: &Spanned<Value>) -> Option<TestUse> {
    let bare = |test: Text| TestUse {
        test,
        name: None,
        arguments: Vec::new(),
        config: None,
        range: entry.range,
    };
    let map = match &entry.value {
        Value::Str(name) => return Some(bare(Spanned::new(name.clone(), entry.range))),
        Value::Map(map) => map,
        _ => return None,
    };
    let (test, body) = match (map.as_slice(), entry.value.get("test_name")) {
        (_, Some(name)) => (as_text(name)?, entry),
        ([only], None) => (only.key.clone(), &only.value),
        // `- unique:` with `config:` wrongly beside it: dbt takes the first key.
        ([first, ..], None) => (first.key.clone(), &first.value),
        ([], None) => return None,
    };
    let mut use_ = bare(test);
    use_.name = text(&body.value, "name");
    use_.config = config(&body.value);
    // What stands below `arguments:` is merged with what stands beside it, a `config:` and a `name:` too.
    let nested = body.value.get("arguments").map(|node| &node.value);
    if let Some(nested) = nested {
        use_.name = text(nested, "name").or(use_.name);
        use_.config = config(nested).or(use_.config);
    }
    let all = body
        .value
        .as_map()
        .into_iter()
        .chain(nested.and_then(Value::as_map));
    for argument in all.flatten() {
        match &*argument.key.value {
            "name" | "test_name" | "config" | "description" | "arguments" => {}
            _ => use_
                .arguments
                .push((argument.key.clone(), argument.value.clone())),
        }
    }
    Some(use_)
}

fn source(entry: &Spanned<Value>) -> Option<SourceFacts> {
    let map = &entry.value;
    let database = map
        .entry("database")
        .and_then(|found| Some((found.key.range, as_text(&found.value)?)));
    Some(SourceFacts {
        name: text(map, "name")?,
        range: entry.range,
        schema: text(map, "schema"),
        database,
        config: config(map),
        loose: loose(map),
        overrides: text(map, "overrides"),
        tables: maps(map, "tables").filter_map(source_table).collect(),
    })
}

fn source_table(entry: &Spanned<Value>) -> Option<SourceTable> {
    let map = &entry.value;
    Some(SourceTable {
        name: text(map, "name")?,
        range: entry.range,
        identifier: text(map, "identifier"),
        config: config(map),
        loose: loose(map),
        columns: columns(map),
        tests: tests(map),
    })
}

fn exposure(entry: &Spanned<Value>) -> Option<Exposure> {
    let map = &entry.value;
    Some(Exposure {
        name: text(map, "name")?,
        range: entry.range,
        depends_on: texts(map, "depends_on").unwrap_or_default(),
        config: config(map),
        loose: loose(map),
    })
}

fn unit_test(entry: &Spanned<Value>) -> Option<UnitTest> {
    let map = &entry.value;
    Some(UnitTest {
        name: text(map, "name")?,
        range: entry.range,
        model: text(map, "model"),
        inputs: maps(map, "given")
            .filter_map(|given| text(&given.value, "input"))
            .collect(),
        include: versions_of_test(map, "include"),
        exclude: versions_of_test(map, "exclude"),
        config: config(map),
    })
}

/// The versions of a model that a unit test names.
fn versions_of_test(test: &Value, key: &str) -> Option<Vec<Arc<str>>> {
    let listed = test.get("versions")?.value.get(key)?.value.as_list()?;
    let versions = listed.iter().map(|version| version.value.display().into());
    Some(versions.collect()).filter(|versions: &Vec<_>| !versions.is_empty())
}

/// The entries of `config:`.
pub(crate) fn config_entries(config: Option<&Spanned<Value>>) -> &[glueline_base::MapEntry] {
    config
        .and_then(|config| config.value.as_map())
        .unwrap_or_default()
}
