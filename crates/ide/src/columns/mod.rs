//! The columns of nodes, as far as they are known without running anything.
//!
//! What is not known is not guessed: a list says whether it is complete, and a type is one that somebody wrote down. Columns are
//! found on demand and kept with the analysis. Names are found first ([`of`]), and only for names do stars make others be read;
//! where a column comes from is asked for one node at a time ([`origin`]).

mod declared;
mod flow;
mod memo;
mod read;
pub(crate) mod readers;

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_project::NodeId;
use glueline_sql::{Known, Name, Relations};

use crate::Analysis;
use crate::inferred;
use crate::query::Fragment;

pub(crate) use flow::told;
pub use flow::{Source, comes_from};
pub(crate) use memo::Memo;

/// A column of a node: the node, and the number of the column in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId {
    /// The node.
    pub node: NodeId,
    /// Its number in [`NodeColumns::list`].
    pub index: u32,
}

/// The columns of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NodeColumns {
    /// Those that are known, in the order in which the relation has them.
    pub list: Vec<NodeColumn>,
    /// Whether these are all.
    pub is_complete: bool,
}

/// A column of a node.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeColumn {
    /// Its name.
    pub name: Arc<str>,
    /// How it is known.
    pub source: ColumnSource,
    /// Where the text of the node makes it: an alias in the select list, the star that brings it in, a name of a header.
    pub at: Option<FileRange>,
    /// Its name in the properties entry of the node.
    pub declared: Option<FileRange>,
    /// Its type, where it is written down for this node itself; [`type_of`] also looks where the column comes from.
    pub data_type: Option<ColumnType>,
    /// `description:` of the properties entry, as written.
    pub description: Option<Arc<str>>,
    /// Whether a condition or a loop of the template is around it, so that it may not be there.
    pub is_conditional: bool,
}

/// How a column is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnSource {
    /// The select list of the model.
    Query,
    /// The header of the seed.
    Seed,
    /// The contract of the model, which dbt enforces.
    Contract,
    /// The catalog file.
    Catalog,
    /// The properties entry.
    Properties,
    /// dbt adds it to every snapshot.
    Snapshot,
    /// Spark finds it in what the node is rendered to.
    Rendered,
}

/// The type of a column, in the words of who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnType {
    /// The type.
    pub text: Arc<str>,
    /// Who says it.
    pub source: TypeSource,
}

/// Who says what type a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeSource {
    /// `data_type:` in the properties entry.
    Properties,
    /// The catalog file.
    Catalog,
    /// A cast in the select list.
    Cast,
    /// `column_types` of a seed.
    Config,
    /// The values of a seed.
    Values,
    /// dbt, for the columns that it adds to snapshots.
    Dbt,
    /// Spark, as far as its rules tell.
    Spark,
}

impl NodeColumns {
    /// The first column of a name, whatever the case of its letters.
    pub fn named(&self, name: &str) -> Option<(usize, &NodeColumn)> {
        let is_it = |(_, column): &(usize, &NodeColumn)| same(&column.name, name);
        self.list.iter().enumerate().find(is_it)
    }
}

/// Whether two names are one to Spark.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!one.is_ascii() && one.to_lowercase() == other.to_lowercase())
}

/// The columns of a node. Where its text does not tell all of them, those are among them that Spark finds in what is rendered, behind
/// the others.
pub fn of(analysis: &Analysis, node: NodeId) -> Arc<NodeColumns> {
    let written = memo::names(analysis, node);
    if written.is_complete {
        return written;
    }
    let schema = inferred::schema(analysis, node);
    match schema.as_ref().and_then(|schema| schema.columns.as_deref()) {
        Some(columns) => memo::joined(analysis, node, &written, columns),
        None => written,
    }
}

/// The column of another node that a column hands on as it is.
pub fn origin(analysis: &Analysis, column: ColumnId) -> Option<ColumnId> {
    memo::origins(analysis, column.node)
        .get(column.index as usize)
        .copied()
        .flatten()
}

/// The type of a column, and the node that has it: the node itself, where Spark's type is known, else where it is written down, which may
/// be the nearest that the column comes from as it is.
pub fn type_of(analysis: &Analysis, column: ColumnId) -> Option<(ColumnType, NodeId)> {
    let own = of(analysis, column.node);
    let name = &own.list.get(column.index as usize)?.name;
    if let Some(inferred) = inferred::type_of(analysis, column.node, name) {
        let data_type = ColumnType {
            text: inferred.to_string().into(),
            source: TypeSource::Spark,
        };
        return Some((data_type, column.node));
    }
    declared_type(analysis, column)
}

/// The type that is written down of a column: for its node itself, or for the nearest that the column comes from as it is.
fn declared_type(analysis: &Analysis, column: ColumnId) -> Option<(ColumnType, NodeId)> {
    /// Longer chains are circles, or nobody's.
    const MAX_HOPS: usize = 200;
    let mut next = column;
    for _ in 0..MAX_HOPS {
        let columns = of(analysis, next.node);
        let own = columns.list.get(next.index as usize)?;
        if let Some(data_type) = &own.data_type {
            return Some((data_type.clone(), next.node));
        }
        next = origin(analysis, next)?;
    }
    None
}

/// The columns of every query of a fragment, and of what each reads.
pub fn of_fragment(analysis: &Analysis, fragment: &Fragment) -> Known<ColumnId> {
    fragment.sql.columns(&Nodes { analysis, fragment })
}

/// The node that a table named in SQL is made, or read, by.
pub fn node_of_table(analysis: &Analysis, parts: &[Name]) -> Option<NodeId> {
    let (name, rest) = parts.split_last()?;
    let schema = rest.last()?;
    analysis
        .renderer()
        .node_named(schema.text.as_deref()?, name.text.as_deref()?)
}

/// The relations that a fragment reads, their columns looked up in the project.
struct Nodes<'a> {
    analysis: &'a Analysis,
    fragment: &'a Fragment,
}

impl Relations for Nodes<'_> {
    type Origin = ColumnId;

    fn hole(&self, hole: u32) -> Option<(Vec<(Arc<str>, ColumnId)>, bool)> {
        let node = self.fragment.meant(hole).node()?;
        Some(as_given(node, &of(self.analysis, node)))
    }

    fn table(&self, parts: &[Name]) -> Option<(Vec<(Arc<str>, ColumnId)>, bool)> {
        let node = node_of_table(self.analysis, parts)?;
        Some(as_given(node, &of(self.analysis, node)))
    }
}

fn as_given(node: NodeId, columns: &NodeColumns) -> (Vec<(Arc<str>, ColumnId)>, bool) {
    let numbered = columns.list.iter().zip(0_u32..);
    let list = numbered.map(|(column, index)| (column.name.clone(), ColumnId { node, index }));
    (list.collect(), columns.is_complete)
}
