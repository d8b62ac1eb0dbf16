//! What a selection says, whether it was written on the command line or in `selectors.yml`.

use std::fmt;

use glueline_base::{TextRange, Value};

/// A selection expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// One criterion: `+tag:nightly`.
    Criterion(Criterion),
    /// Every node that one of the parts selects.
    Union(Group),
    /// The nodes that all parts select.
    Intersection(Group),
    /// The nodes of the first part that none of the others selects.
    Difference(Group),
    /// An expression that cannot be known without running something, and where it stands.
    Unknown(TextRange),
}

/// The parts of a composed selection.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The parts, as written.
    pub parts: Vec<Spec>,
    /// How tests whose parents are selected by different parts come in.
    pub indirect: IndirectSelection,
    /// The text to report where the group selects nothing; dbt warns of the command line's criteria alone.
    pub must_match: Option<String>,
}

impl Group {
    /// Parts combined without further ado, as in `selectors.yml`.
    pub const fn new(parts: Vec<Spec>) -> Self {
        Self {
            parts,
            indirect: IndirectSelection::Eager,
            must_match: None,
        }
    }
}

/// One criterion with the relatives it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// How it was written, for messages.
    pub raw: String,
    /// Where it stands in `selectors.yml`; `None` on the command line.
    pub range: Option<TextRange>,
    /// What is compared.
    pub method: Method,
    /// What follows the method after dots: `materialized` in `config.materialized:table`.
    pub arguments: Vec<String>,
    /// What it is compared with: a text on the command line, any value in `selectors.yml`.
    pub value: Value,
    /// `@`: the descendants, and all ancestors of both.
    pub childrens_parents: bool,
    /// `+` before: the ancestors.
    pub parents: Option<Reach>,
    /// `+` after: the descendants.
    pub children: Option<Reach>,
    /// Which tests come in with their parents.
    pub indirect: IndirectSelection,
}

/// How far relatives are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the end of the graph.
    All,
    /// At most so many edges.
    Steps(u32),
}

/// Which tests a selection brings in although they are not named (`--indirect-selection`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IndirectSelection {
    /// Tests with any parent selected.
    #[default]
    Eager,
    /// Tests with all parents selected.
    Cautious,
    /// Tests whose parents are selected, or are ancestors of what is selected.
    Buildable,
    /// None.
    Empty,
}

impl IndirectSelection {
    /// Every mode, in the order of dbt's help.
    pub const ALL: [Self; 4] = [Self::Eager, Self::Cautious, Self::Buildable, Self::Empty];

    /// The word on the command line and in `selectors.yml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eager => "eager",
            Self::Cautious => "cautious",
            Self::Buildable => "buildable",
            Self::Empty => "empty",
        }
    }

    /// The mode of a word, which has to be in lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What a criterion compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are dbt's own")]
pub enum Method {
    Fqn,
    Tag,
    Group,
    Access,
    Source,
    Path,
    File,
    Package,
    Config,
    TestName,
    TestType,
    ResourceType,
    State,
    Exposure,
    Metric,
    Result,
    SourceStatus,
    Version,
    SemanticModel,
    SavedQuery,
    UnitTest,
    Selector,
}

impl Method {
    /// Every method of dbt-core 1.12.
    pub const ALL: [Self; 22] = [
        Self::Fqn,
        Self::Tag,
        Self::Group,
        Self::Access,
        Self::Source,
        Self::Path,
        Self::File,
        Self::Package,
        Self::Config,
        Self::TestName,
        Self::TestType,
        Self::ResourceType,
        Self::State,
        Self::Exposure,
        Self::Metric,
        Self::Result,
        Self::SourceStatus,
        Self::Version,
        Self::SemanticModel,
        Self::SavedQuery,
        Self::UnitTest,
        Self::Selector,
    ];

    /// The word before the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fqn => "fqn",
            Self::Tag => "tag",
            Self::Group => "group",
            Self::Access => "access",
            Self::Source => "source",
            Self::Path => "path",
            Self::File => "file",
            Self::Package => "package",
            Self::Config => "config",
            Self::TestName => "test_name",
            Self::TestType => "test_type",
            Self::ResourceType => "resource_type",
            Self::State => "state",
            Self::Exposure => "exposure",
            Self::Metric => "metric",
            Self::Result => "result",
            Self::SourceStatus => "source_status",
            Self::Version => "version",
            Self::SemanticModel => "semantic_model",
            Self::SavedQuery => "saved_query",
            Self::UnitTest => "unit_test",
            Self::Selector => "selector",
        }
    }

    /// The method of a word, which has to be in lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The method dbt takes where none is named: a path where there is a separator, a file where it ends like
    /// one, else the qualified name.
    pub fn guess(value: &str) -> Self {
        let is_file = || {
            let lower = value.to_lowercase();
            [".sql", ".py", ".csv"].iter().any(|end| lower.ends_with(end))
        };
        if value.contains('/') {
            Self::Path
        } else if is_file() {
            Self::File
        } else {
            Self::Fqn
        }
    }
}

/// Why dbt refuses a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectError {
    /// One sentence without a full stop, fit to stand alone.
    pub message: String,
    /// The part to blame, as written.
    pub part: String,
    /// Where it stands in `selectors.yml`; `None` on the command line.
    pub range: Option<TextRange>,
}

impl SelectError {
    pub(crate) fn new(message: impl Into<String>, part: impl Into<String>, range: Option<TextRange>) -> Self {
        Self {
            message: message.into(),
            part: part.into(),
            range,
        }
    }
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
