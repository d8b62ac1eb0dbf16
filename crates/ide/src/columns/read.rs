//! The columns of one node, where those of the nodes it reads are known.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, TextRange, slice};
use glueline_project::{Language, Node, NodeId, ResourceType};
use glueline_sql::{Branch, Column, Columns, ItemKind, Name, QueryId, Relations, Select, Sql};

use super::declared::{self, Declared};
use super::{ColumnId, ColumnSource, ColumnType, NodeColumn, NodeColumns, TypeSource, as_given, same};
use crate::Analysis;
use crate::query::{self, Fragment};

/// The text of a node, read.
pub(super) struct Reading(Option<Fragment>);

impl Reading {
    pub(super) fn new(analysis: &Analysis, node: NodeId) -> Self {
        let found = analysis.project().node(node);
        let has_query = matches!(
            found.kind,
            ResourceType::Model | ResourceType::Snapshot | ResourceType::Analysis | ResourceType::Test
        ) && found.language == Language::Sql;
        Self(if has_query {
            query::of_node(analysis, node)
        } else {
            None
        })
    }
}

/// Looks up the columns of a node.
type LookUp<'a> = &'a dyn Fn(NodeId) -> Option<Arc<NodeColumns>>;

/// What stands in the holes of a fragment.
struct Given<'a> {
    analysis: &'a Analysis,
    fragment: &'a Fragment,
    look_up: LookUp<'a>,
}

impl Relations for Given<'_> {
    type Origin = ColumnId;

    fn hole(&self, hole: u32) -> Option<(Vec<(Arc<str>, ColumnId)>, bool)> {
        let node = self.fragment.meant(hole).node()?;
        Some(as_given(node, &*(self.look_up)(node)?))
    }

    fn table(&self, parts: &[Name]) -> Option<(Vec<(Arc<str>, ColumnId)>, bool)> {
        let node = super::node_of_table(self.analysis, parts)?;
        Some(as_given(node, &*(self.look_up)(node)?))
    }
}

/// The columns of a node.
pub(super) fn columns(
    analysis: &Analysis,
    id: NodeId,
    reading: &Reading,
    look_up: LookUp<'_>,
) -> NodeColumns {
    let project = analysis.project();
    let node = project.node(id);
    let declared = declared::of(project, node);
    let mut out = match node.kind {
        ResourceType::Source => declared::of_source(project, node),
        ResourceType::Seed => declared::of_seed(project, node),
        _ => match &reading.0 {
            Some(fragment) => of_query(analysis, node, fragment, look_up),
            None => copied(node, look_up),
        },
    };
    if node.kind == ResourceType::Snapshot {
        add_columns_of_dbt(&mut out, node);
    }
    if declared::has_contract(node) {
        out = under_contract(&declared, &out);
    } else {
        declared::add(&mut out, declared);
    }
    if !out.is_complete {
        declared::add_from_catalog(project, node, &mut out);
    }
    out
}

/// For each column, the one that it hands on.
pub(super) fn origins(analysis: &Analysis, id: NodeId) -> Vec<Option<ColumnId>> {
    let columns = super::of(analysis, id);
    let node = analysis.project().node(id);
    let by_name = |list: &[Column<ColumnId>]| {
        let origin = |name: &str| list.iter().find(|column| same(&column.name, name))?.origin;
        columns.list.iter().map(|column| origin(&column.name)).collect()
    };
    if let Some(fragment) = Reading::new(analysis, id).0 {
        let known = super::of_fragment(analysis, &fragment);
        let list = only_query(&fragment.sql).and_then(|query| known.query(query));
        return by_name(list.map_or(&[], |columns| &columns.list));
    }
    // A snapshot that is written as properties hands on all of what it reads.
    let parent = copied_node(node);
    let origin = |column: &NodeColumn| {
        let parent = parent?;
        let columns = super::of(analysis, parent);
        let (index, _) = columns.named(&column.name)?;
        (column.source != ColumnSource::Snapshot).then_some(ColumnId {
            node: parent,
            index: u32::try_from(index).ok()?,
        })
    };
    columns.list.iter().map(origin).collect()
}

/// The query that a text consists of; `None` where there are several, or none.
fn only_query(sql: &Sql) -> Option<QueryId> {
    match sql.statements.as_slice() {
        [query] => Some(*query),
        _ => None,
    }
}

fn of_query(analysis: &Analysis, node: &Node, fragment: &Fragment, look_up: LookUp<'_>) -> NodeColumns {
    let Some(query) = only_query(&fragment.sql) else {
        return NodeColumns::default();
    };
    let given = Given {
        analysis,
        fragment,
        look_up,
    };
    let known = fragment.sql.columns_of(query, &given);
    let Some(columns) = known.query(query) else {
        return NodeColumns::default();
    };
    let text = analysis.text(node.file());
    NodeColumns {
        list: columns
            .list
            .iter()
            .map(|column| column_of_query(column, node.file(), text, fragment))
            .collect(),
        is_complete: columns.is_complete && is_sure(fragment, columns),
    }
}

fn column_of_query(column: &Column<ColumnId>, file: FileId, text: &str, fragment: &Fragment) -> NodeColumn {
    NodeColumn {
        name: column.name.clone(),
        source: ColumnSource::Query,
        at: Some(FileRange {
            file,
            range: column.at,
        }),
        declared: None,
        data_type: column.cast.map(|cast| ColumnType {
            text: slice(text, cast).into(),
            source: TypeSource::Cast,
        }),
        description: None,
        is_conditional: fragment.is_conditional(column.at),
    }
}

/// Whether no condition or loop of the template decides on columns: none is around a column, in a select list, or around a query
/// that is more than a condition itself.
fn is_sure(fragment: &Fragment, columns: &Columns<ColumnId>) -> bool {
    if fragment.conditional.is_empty() {
        return true;
    }
    let is_free = |range: TextRange| !fragment.is_conditional(range);
    columns.list.iter().all(|column| is_free(column.at))
        && fragment.sql.queries.iter().all(|query| {
            let is_in_expression = query.outer.is_some_and(|outer| outer.select.is_some());
            is_in_expression
                || query.branches.iter().all(|branch| match branch {
                    Branch::Select(id) => fragment
                        .sql
                        .select(*id)
                        .is_none_or(|select| is_free_select(fragment, select)),
                    Branch::Query(_) => true,
                    Branch::Other(range) => is_free(*range),
                })
        })
}

fn is_free_select(fragment: &Fragment, select: &Select) -> bool {
    let has_star = select
        .items
        .iter()
        .any(|item| matches!(item.kind, ItemKind::Star { .. }));
    let touches = |range: TextRange| {
        let overlaps =
            |condition: &TextRange| condition.intersect(range).is_some_and(|both| !both.is_empty());
        fragment.conditional.iter().any(overlaps)
    };
    let deciding = select.clauses.iter().filter(|clause| match clause.kind {
        glueline_sql::ClauseKind::Select => true,
        glueline_sql::ClauseKind::From => has_star,
        _ => false,
    });
    deciding.into_iter().all(|clause| !touches(clause.content))
}

/// The node of which a snapshot that is written as properties keeps the rows.
fn copied_node(node: &Node) -> Option<NodeId> {
    let is_yaml = node.kind == ResourceType::Snapshot && node.block.is_none();
    is_yaml.then(|| node.parents().next()).flatten()
}

fn copied(node: &Node, look_up: LookUp<'_>) -> NodeColumns {
    let Some(known) = copied_node(node).and_then(look_up) else {
        return NodeColumns::default();
    };
    let list = known.list.iter().map(|column| NodeColumn {
        source: ColumnSource::Query,
        at: None,
        declared: None,
        data_type: None,
        description: None,
        ..column.clone()
    });
    NodeColumns {
        list: list.collect(),
        is_complete: known.is_complete,
    }
}

fn add_columns_of_dbt(out: &mut NodeColumns, node: &Node) {
    for added in glueline_render::columns_of_snapshot(node) {
        if out.named(&added.name).is_none() {
            out.list.push(NodeColumn {
                name: added.name.into(),
                source: ColumnSource::Snapshot,
                at: None,
                declared: None,
                data_type: Some(ColumnType {
                    text: added.data_type.into(),
                    source: TypeSource::Dbt,
                }),
                description: None,
                is_conditional: false,
            });
        }
    }
}

/// dbt selects the columns of an enforced contract by name, in the order of the properties.
fn under_contract(declared: &[Declared], query: &NodeColumns) -> NodeColumns {
    let list = declared.iter().map(|declared| {
        let own = query.named(&declared.name).map(|(_, column)| column);
        NodeColumn {
            at: own.and_then(|column| column.at),
            is_conditional: false,
            ..declared.column(ColumnSource::Contract)
        }
    });
    NodeColumns {
        list: list.collect(),
        is_complete: true,
    }
}
