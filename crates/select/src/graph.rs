//! What the selection has to know of a project.

use std::borrow::Cow;

use glueline_base::Value;

/// The nodes of a project, numbered from 0, without those that are disabled.
pub trait Graph {
    /// How many nodes there are.
    fn node_count(&self) -> usize;

    /// The name of the root project: what `package:this` means.
    fn project(&self) -> &str;

    /// Whether a file or directory of this path (relative, with `/`) stands in the root project. dbt looks for
    /// `path:` on the disk of the root project, even for the nodes of packages.
    fn is_in_project(&self, path: &str) -> bool;

    /// `model.shop.orders`.
    fn unique_id(&self, node: usize) -> &str;

    /// The name without version and package; the table's name for a source.
    fn name(&self, node: usize) -> &str;

    /// The package it belongs to.
    fn package(&self, node: usize) -> &str;

    /// What kind of resource it is.
    fn resource_type(&self, node: usize) -> ResourceType;

    /// The parts of the fully qualified name, the package first.
    fn fqn(&self, node: usize) -> impl Iterator<Item = &str>;

    /// The file that defines it, relative to its package, with `/`.
    fn path(&self, node: usize) -> &str;

    /// The properties file that describes it, relative to its package.
    fn patch_path(&self, node: usize) -> Option<&str>;

    /// Its tags, those of its directories included.
    fn tags(&self, node: usize) -> impl Iterator<Item = &str>;

    /// Its group; `None` for sources, exposures and unit tests.
    fn group(&self, node: usize) -> Option<&str>;

    /// A model's access, `protected` where nothing is said; `None` for everything else.
    fn access(&self, node: usize) -> Option<&str>;

    /// Where a versioned model stands to the latest version; `None` where there are no versions.
    fn standing(&self, node: usize) -> Option<Standing>;

    /// A config value by its path (`["meta", "owner"]`), with dbt's defaults; `None` where there is none, and for
    /// exposures and unit tests.
    fn config(&self, node: usize, path: &[String]) -> Option<Cow<'_, Value>>;

    /// The name of the source a table belongs to.
    fn source_name(&self, node: usize) -> Option<&str>;

    /// What kind of test it is.
    fn test_kind(&self, node: usize) -> Option<TestKind>;

    /// The name of the generic test: `not_null`, without a package.
    fn test_name(&self, node: usize) -> Option<&str>;

    /// The nodes it depends on.
    fn parents(&self, node: usize) -> impl Iterator<Item = usize>;

    /// The nodes that depend on it.
    fn children(&self, node: usize) -> impl Iterator<Item = usize>;

    /// Whether there is an earlier manifest to compare with (`--state`).
    fn has_state(&self) -> bool {
        false
    }

    /// The answer to a question about the node against the earlier manifest.
    fn state(&self, _node: usize, _question: StateQuestion) -> bool {
        false
    }
}

/// The kinds of nodes that can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are dbt's own")]
pub enum ResourceType {
    Model,
    Analysis,
    Test,
    Snapshot,
    Operation,
    Seed,
    SqlOperation,
    Source,
    Exposure,
    Metric,
    SavedQuery,
    SemanticModel,
    UnitTest,
    Function,
}

impl ResourceType {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Model,
        Self::Analysis,
        Self::Test,
        Self::Snapshot,
        Self::Operation,
        Self::Seed,
        Self::SqlOperation,
        Self::Source,
        Self::Exposure,
        Self::Metric,
        Self::SavedQuery,
        Self::SemanticModel,
        Self::UnitTest,
        Self::Function,
    ];

    /// The word in unique ids and after `resource_type:`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Analysis => "analysis",
            Self::Test => "test",
            Self::Snapshot => "snapshot",
            Self::Operation => "operation",
            Self::Seed => "seed",
            Self::SqlOperation => "sql_operation",
            Self::Source => "source",
            Self::Exposure => "exposure",
            Self::Metric => "metric",
            Self::SavedQuery => "saved_query",
            Self::SemanticModel => "semantic_model",
            Self::UnitTest => "unit_test",
            Self::Function => "function",
        }
    }

    /// The kind of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a versioned model stands to the latest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the latest version.
    Latest,
    /// It is newer than the latest version.
    Prerelease,
    /// It is older than the latest version.
    Old,
}

/// The kinds of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKind {
    /// A test of a properties file.
    Generic,
    /// A query of the tests directory.
    Singular,
    /// A unit test.
    Unit,
}

/// What `state:` can ask about a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateQuestion {
    /// Not in the earlier manifest.
    New,
    /// In the earlier manifest.
    Old,
    /// Anything of it, of its macros or of its contract changed.
    Modified,
    /// The opposite of [`StateQuestion::Modified`].
    Unmodified,
    /// Its code changed.
    ModifiedBody,
    /// Its config changed.
    ModifiedConfigs,
    /// A description that is persisted changed.
    ModifiedPersistedDescriptions,
    /// Its database, schema or alias changed.
    ModifiedRelation,
    /// A macro it uses changed.
    ModifiedMacros,
    /// Its contract changed.
    ModifiedContract,
}

impl StateQuestion {
    /// Every question of dbt-core 1.12.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Old,
        Self::Modified,
        Self::Unmodified,
        Self::ModifiedBody,
        Self::ModifiedConfigs,
        Self::ModifiedPersistedDescriptions,
        Self::ModifiedRelation,
        Self::ModifiedMacros,
        Self::ModifiedContract,
    ];

    /// The word after `state:`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Old => "old",
            Self::Modified => "modified",
            Self::Unmodified => "unmodified",
            Self::ModifiedBody => "modified.body",
            Self::ModifiedConfigs => "modified.configs",
            Self::ModifiedPersistedDescriptions => "modified.persisted_descriptions",
            Self::ModifiedRelation => "modified.relation",
            Self::ModifiedMacros => "modified.macros",
            Self::ModifiedContract => "modified.contract",
        }
    }

    /// The question of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.name() == name)
    }
}
