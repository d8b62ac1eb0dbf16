//! The nodes of a project and how they hang together.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use glueline_base::{FileId, FileRange, SharedVec};
use rayon::prelude::*;

use crate::config::Config;
use crate::files::PackageId;

/// A node, numbered in the order of unique ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What kind of thing a node is (`dbt/artifacts/resources/types.py`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// A model in SQL or Python.
    Model,
    /// A CSV file.
    Seed,
    /// A snapshot.
    Snapshot,
    /// A table that dbt reads and does not make.
    Source,
    /// A generic or singular data test.
    Test,
    /// A unit test.
    UnitTest,
    /// An analysis.
    Analysis,
    /// A use of the data outside dbt.
    Exposure,
}

impl ResourceType {
    /// dbt's word for it, as unique ids begin.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Source => "source",
            Self::Test => "test",
            Self::UnitTest => "unit_test",
            Self::Analysis => "analysis",
            Self::Exposure => "exposure",
        }
    }

    /// Whether `ref()` can name it.
    pub const fn is_refable(self) -> bool {
        matches!(self, Self::Model | Self::Seed | Self::Snapshot)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The language of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// SQL with Jinja.
    Sql,
    /// Python.
    Python,
    /// None: seeds, sources, exposures.
    None,
}

/// Which version of a model a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeVersion {
    /// `v:` as dbt prints it.
    pub v: Arc<str>,
    /// Whether `ref()` without a version means this one.
    pub latest: bool,
    /// Whether it is older than the latest. `None` where the two cannot be compared.
    pub old: Option<bool>,
}

/// Which list of a properties file an entry stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryList {
    /// Entries that describe models, seeds, snapshots, analyses, macros, singular tests.
    Patches,
    /// Sources.
    Sources,
    /// Exposures.
    Exposures,
    /// Unit tests.
    UnitTests,
}

/// Where a properties entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatchRef {
    /// The properties file.
    pub file: FileId,
    /// The list it stands in.
    pub list: EntryList,
    /// Its number in that list.
    pub index: usize,
    /// For a source table, the number of the table; for a versioned model, of the version.
    pub inner: Option<usize>,
}

/// What a name in a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// An enabled node.
    Node(NodeId),
    /// Only a disabled node has that name.
    Disabled(NodeId),
    /// Nothing has that name.
    Missing,
    /// It cannot be known: a package is not installed, the name is computed, ...
    Unknown,
}

/// What a node says it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependency {
    /// Where it says so: the name in the `ref()`, or the whole call.
    pub at: FileRange,
    /// Whether `ref` or `source` was called.
    pub kind: DependencyKind,
    /// What was named.
    pub resolution: Resolution,
    /// Whether dbt is sure to evaluate the call when it parses the project.
    pub certain: bool,
}

/// How a node names what it reads.
#[derive(Debug, Clone, PartialEq)]
pub enum DependencyKind {
    /// `ref('name')`, `ref('package', 'name')`, `ref('name', v=2)`.
    Ref {
        /// The package, where given.
        package: Option<Arc<str>>,
        /// The name; `None` where it is computed.
        name: Option<Arc<str>>,
        /// The version, where given.
        version: Option<Arc<str>>,
    },
    /// `source('source', 'table')`.
    Source {
        /// The source; `None` where it is computed.
        source: Option<Arc<str>>,
        /// The table; `None` where it is computed.
        table: Option<Arc<str>>,
    },
}

/// The nodes of a project, sorted by unique id, each at the place that is its number. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Nodes(pub(crate) SharedVec<Arc<Node>>);

impl Nodes {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The node at a place.
    pub fn get(&self, index: usize) -> Option<&Node> {
        self.0.get(index).map(|node| &**node)
    }

    /// The first node.
    pub fn first(&self) -> Option<&Node> {
        self.get(0)
    }

    /// The node of a unique id; the first where several claim it.
    pub fn by_unique_id(&self, unique_id: &str) -> Option<&Node> {
        let place = self.binary_search_by(|node| match (*node.unique_id).cmp(unique_id) {
            Ordering::Less => Ordering::Less,
            Ordering::Equal | Ordering::Greater => Ordering::Greater,
        });
        let first = place.unwrap_or_else(|first| first);
        self.get(first).filter(|node| *node.unique_id == *unique_id)
    }

    /// The place of a node in nodes that are sorted as `compare` says, or where it would stand.
    pub fn binary_search_by(&self, mut compare: impl FnMut(&Node) -> Ordering) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).map(&mut compare) {
                Some(Ordering::Less) => low = middle + 1,
                Some(Ordering::Equal) => return Ok(middle),
                Some(Ordering::Greater) | None => high = middle,
            }
        }
        Err(low)
    }

    /// The nodes in order.
    pub fn iter(&self) -> NodeIter<'_> {
        self.0.iter().map(|node| &**node)
    }

    /// The nodes of a kind in order: they stand side by side, as unique ids begin with the kind. Takes no longer than there are some.
    pub fn of_kind(&self, kind: ResourceType) -> impl Iterator<Item = &Node> {
        let is_before = |node: &Node| {
            let first = node.unique_id.split('.').next().unwrap_or_default();
            first.cmp(kind.name()).then(Ordering::Greater)
        };
        let first = self.binary_search_by(is_before).unwrap_or_else(|first| first);
        (first..self.len())
            .map_while(|index| self.get(index))
            .take_while(move |node| node.kind == kind)
    }

    /// The nodes in order, on all threads.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = &Node> {
        (0..self.len())
            .into_par_iter()
            .filter_map(|index| self.get(index))
    }
}

/// Nodes in order.
pub type NodeIter<'a> =
    std::iter::Map<glueline_base::SharedVecIter<'a, Arc<Node>>, fn(&'a Arc<Node>) -> &'a Node>;

impl<'a> IntoIterator for &'a Nodes {
    type Item = &'a Node;
    type IntoIter = NodeIter<'a>;

    fn into_iter(self) -> NodeIter<'a> {
        self.iter()
    }
}

impl std::ops::Index<usize> for Nodes {
    type Output = Node;

    fn index(&self, index: usize) -> &Node {
        self.get(index)
            .unwrap_or_else(|| unreachable!("a node number of another project"))
    }
}

/// A node of the project.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its number.
    pub id: NodeId,
    /// What it is.
    pub kind: ResourceType,
    /// dbt's id for it: `model.shop.orders`.
    pub unique_id: Arc<str>,
    /// Its name: `orders`; for a source table, the table's.
    pub name: Arc<str>,
    /// For a source table, the source's name.
    pub source_name: Option<Arc<str>>,
    /// The package it belongs to.
    pub package: PackageId,
    /// Where it is defined: the name of a block or entry, or the start of a file.
    pub at: FileRange,
    /// The block it is written in, for snapshots: an index into the file's blocks.
    pub block: Option<usize>,
    /// What config trees and selectors know it by.
    pub fqn: Vec<Arc<str>>,
    /// What it is written in.
    pub language: Language,
    /// Its config.
    pub config: Config,
    /// `false` where a config says `enabled: false`; dbt then leaves it out.
    pub enabled: bool,
    /// Its entry in a properties file.
    pub patch: Option<PatchRef>,
    /// Its version, for a versioned model.
    pub version: Option<NodeVersion>,
    /// The schema it is made in; `None` where that cannot be known.
    pub schema: Option<Arc<str>>,
    /// The name it is made under; `None` where that cannot be known.
    pub identifier: Option<Arc<str>>,
    /// What it reads, in the order written.
    pub dependencies: Vec<Dependency>,
    /// For a test: the generic test's name, or `None` for a singular one.
    pub generic_test: Option<Arc<str>>,
    /// Whether a variable was asked for to find any of this out.
    pub(crate) asks_for_vars: bool,
}

impl Node {
    /// The file it is defined in.
    pub const fn file(&self) -> FileId {
        self.at.file
    }

    /// `schema.identifier`, where both are known.
    pub fn relation(&self) -> Option<String> {
        Some(format!(
            "{}.{}",
            self.schema.as_deref()?,
            self.identifier.as_deref()?
        ))
    }

    /// Whether dbt leaves it out with a warning: a test that reads what is not there, or is disabled
    /// (`dbt/parser/manifest.py`, `invalid_target_fail_unless_test`).
    pub fn is_dropped(&self) -> bool {
        // Where a package is missing, what has a name and cannot be found is not there either.
        let is_named = |kind: &DependencyKind| match kind {
            DependencyKind::Ref { name, .. } => name.is_some(),
            DependencyKind::Source { source, table } => source.is_some() && table.is_some(),
        };
        let gone = |dependency: &Dependency| match dependency.resolution {
            Resolution::Missing | Resolution::Disabled(_) => dependency.certain,
            Resolution::Unknown => dependency.certain && is_named(&dependency.kind),
            Resolution::Node(_) => false,
        };
        self.kind == ResourceType::Test && self.dependencies.iter().any(gone)
    }

    /// The enabled nodes it reads.
    pub fn parents(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.dependencies
            .iter()
            .filter_map(|dependency| match dependency.resolution {
                Resolution::Node(node) => Some(node),
                Resolution::Disabled(_) | Resolution::Missing | Resolution::Unknown => None,
            })
    }
}
