//! Where a column that gets another name is found in a query, and what a name in it means.

use std::cmp::Reverse;

use glueline_base::{FileId, FileRange, TextRange, TextSize, slice};
use glueline_project::NodeId;
use glueline_sql::{
    Branch, ClauseKind, Column, Columns, FromItem, Item, ItemKind, Known, Name, Path, PathKind, Query,
    QueryId, Relation, Select, SelectId, Source,
};

use super::Target;
use crate::columns::{self, ColumnId, same};
use crate::query::Fragment;

/// Whether something has a column of the old name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Has {
    /// It is the one that gets another name.
    Ours,
    /// It is another one.
    Other,
    /// There is none.
    Nothing,
    /// That is not known.
    Unknown,
}

/// What a name in an expression means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The column, by the number of the part that names it.
    Ours(usize),
    /// Something else.
    Other,
    /// That cannot be told.
    Unsure,
}

/// A fragment, with what of it has the column.
pub(super) struct Flow<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) fragment: &'a Fragment,
    pub(super) known: Known<ColumnId>,
    /// For each query, whether it reads what has the column, at first hand or through others.
    reads: Vec<bool>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(target: &'a Target<'a>, file: FileId, fragment: &'a Fragment) -> Self {
        let mut flow = Self {
            target,
            file,
            text: target.analysis.text(file),
            fragment,
            known: columns::of_fragment(target.analysis, fragment),
            reads: vec![false; fragment.sql.queries.len()],
        };
        // What a query reads ends before the query does.
        let mut order: Vec<(usize, &Query)> = fragment.sql.queries.iter().enumerate().collect();
        order.sort_by_key(|(place, query)| (query.range.end(), Reverse(*place)));
        for (place, query) in order {
            let reads = flow.reads_at_first(query);
            if let Some(slot) = flow.reads.get_mut(place) {
                *slot = reads;
            }
        }
        flow
    }

    fn reads_at_first(&self, query: &Query) -> bool {
        query.branches.iter().any(|branch| match branch {
            Branch::Select(id) => self.fragment.sql.select(*id).is_some_and(|select| {
                let made = self.made_in(select).is_some();
                made || select.from.iter().any(|item| self.item_reads(select.query, item))
            }),
            Branch::Query(id) => self.query_reads(*id),
            Branch::Other(range) => self.holds_relation(*range),
        })
    }

    /// Whether a query reads what has the column.
    pub(super) fn query_reads(&self, id: QueryId) -> bool {
        self.reads.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// Whether an item of a `from` reads what has the column.
    pub(super) fn item_reads(&self, query: QueryId, item: &FromItem) -> bool {
        let sql = &self.fragment.sql;
        match &item.relation {
            Relation::Hole { hole, .. } => self.is_node(self.fragment.meant(*hole).node()),
            Relation::Named(parts) => match sql.cte_of(query, item).and_then(|id| sql.cte(id)) {
                Some(cte) => {
                    let listed = cte.columns.iter().flatten();
                    let made = listed.into_iter().any(|name| self.is_made(name.range));
                    made || cte.query.is_some_and(|id| self.query_reads(id))
                }
                None => self.is_node(columns::node_of_table(self.target.analysis, parts)),
            },
            Relation::Query(id) => self.query_reads(*id),
            Relation::View(_) | Relation::Function(_) | Relation::Values(_) => {
                item.columns.iter().flatten().any(|name| self.is_made(name.range))
            }
            Relation::Unknown(range) => self.holds_relation(*range),
        }
    }

    fn is_node(&self, node: Option<NodeId>) -> bool {
        node.is_some() && node == self.target.node.map(|column| column.node)
    }

    /// Whether the relation that has the column is named in a stretch.
    fn holds_relation(&self, range: TextRange) -> bool {
        let mut holes = self.fragment.holes.iter();
        holes.any(|(hole, meant)| range.contains_range(hole.range) && self.is_node(meant.node()))
    }

    /// Whether the fragment has anything to do with the column.
    pub(super) fn touches(&self) -> bool {
        self.reads.contains(&true) || self.makes().is_some()
    }

    /// The place where the fragment makes the column: itself, and no block in it that is read alone.
    pub(super) fn makes(&self) -> Option<FileRange> {
        let made = self.target.made.filter(|made| made.file == self.file)?;
        let is_here = self.fragment.range.contains_range(made.range);
        (is_here && self.fragment.hole_in(made.range).is_none()).then_some(made)
    }

    /// Whether a name is the one by which the column is made.
    pub(super) fn is_made(&self, at: TextRange) -> bool {
        self.target
            .made
            .is_some_and(|made| made.file == self.file && made.range == at)
    }

    /// The item of a select list that makes the column.
    pub(super) fn made_in<'s>(&self, select: &'s Select) -> Option<&'s Item> {
        let is_it = |item: &&Item| {
            let bare = item.name().filter(|_| item.aliases.is_empty());
            item.aliases
                .iter()
                .chain(bare)
                .any(|name| self.is_made(name.range))
        };
        select.items.iter().find(is_it)
    }

    /// Whether a column of a query or a relation is the one that gets another name: it is made here, or comes from the node
    /// without being named on the way.
    fn is_ours(&self, column: &Column<ColumnId>) -> bool {
        if self.is_made(column.at) {
            return true;
        }
        let written = slice(self.text, column.at).trim_matches('`');
        column.origin.is_some() && column.origin == self.target.node && !same(written, &column.name)
    }

    pub(super) fn has(&self, columns: &Columns<ColumnId>, name: &str) -> Has {
        let mut found = Has::Nothing;
        for column in columns.list.iter().filter(|column| same(&column.name, name)) {
            if self.is_ours(column) {
                return Has::Ours;
            }
            found = Has::Other;
        }
        match found {
            Has::Nothing if !columns.is_complete => Has::Unknown,
            found => found,
        }
    }

    /// Whether what a select reads has a column.
    pub(super) fn source(&self, source: Source, name: &str) -> Has {
        match self.known.source(source.select, source.index) {
            Some(columns) => self.has(columns, name),
            None => Has::Unknown,
        }
    }

    /// The same for what a select reads by itself, in the order of its `from`.
    pub(super) fn own_sources(&self, id: SelectId) -> Vec<Has> {
        let count = self.fragment.sql.select(id).map_or(0, |select| select.from.len());
        let source = |index| Source {
            select: id,
            index,
            distance: 0,
        };
        (0..count)
            .map(|index| self.source(source(index), self.target.old))
            .collect()
    }

    /// Whether a query gives a column.
    pub(super) fn query(&self, id: QueryId, name: &str) -> Has {
        self.known
            .query(id)
            .map_or(Has::Unknown, |columns| self.has(columns, name))
    }

    /// Whether the columns of a source that are not known may be the one that gets another name.
    fn may_have(&self, source: Source) -> bool {
        let sql = &self.fragment.sql;
        let select = sql.select(source.select);
        select
            .zip(sql.source(source))
            .is_none_or(|(select, item)| self.item_reads(select.query, item))
    }

    /// What a path means, as far as the column is concerned.
    pub(super) fn meaning(&self, path: &Path) -> Meaning {
        let old = self.target.old;
        let is_old = |name: &Name| name.is(old);
        if path.kind != PathKind::Column || !path.parts.iter().any(is_old) {
            return Meaning::Other;
        }
        let (Some(select), Some(first)) = (path.select, path.parts.first()) else {
            return Meaning::Unsure;
        };
        let Some(written) = first.text.as_deref() else {
            return Meaning::Unsure;
        };
        let sources = self.fragment.sql.sources(select);
        let named = |name: &str| {
            let mut all = sources.iter();
            all.find(|source| {
                let item = self.fragment.sql.source(**source);
                item.and_then(FromItem::name).is_some_and(|own| own.is(name))
            })
        };
        if let Some(second) = path.parts.get(1)
            && let Some(source) = named(written)
        {
            if !is_old(second) {
                return Meaning::Other;
            }
            return match self.source(*source, old) {
                Has::Ours => Meaning::Ours(1),
                Has::Other | Has::Nothing => Meaning::Other,
                Has::Unknown if self.may_have(*source) => Meaning::Unsure,
                Has::Unknown => Meaning::Other,
            };
        }
        if !is_old(first) {
            // A field, or a column of a relation that is named with its schema.
            let mut pairs = path.parts.windows(2);
            let is_column = pairs.any(|pair| match pair {
                [relation, column] => {
                    is_old(column) && relation.text.as_deref().is_some_and(|name| named(name).is_some())
                }
                _ => false,
            });
            return if is_column {
                Meaning::Unsure
            } else {
                Meaning::Other
            };
        }
        self.unqualified(path, select, &sources)
    }

    fn unqualified(&self, path: &Path, id: SelectId, sources: &[Source]) -> Meaning {
        let Some(select) = self.fragment.sql.select(id) else {
            return Meaning::Unsure;
        };
        let alias = self.output_item(select);
        match path.clause {
            Some(ClauseKind::OrderBy | ClauseKind::DistributeBy) => {
                if let Some(meaning) = self.of_output(select, alias) {
                    return meaning;
                }
            }
            Some(ClauseKind::Having | ClauseKind::Qualify) => {
                // Spark looks at the select list and at the relations; which wins depends on the aggregates.
                let is_other = alias.is_some_and(|item| !matches!(item.kind, ItemKind::Column(_)));
                let own = self.own_sources(id);
                if is_other && own.iter().any(|has| *has != Has::Nothing) {
                    let concerns = own.contains(&Has::Ours) || self.made_in(select).is_some();
                    return if concerns { Meaning::Unsure } else { Meaning::Other };
                }
            }
            _ => {}
        }
        for distance in 0..=sources.last().map_or(0, |last| last.distance) {
            let here = || sources.iter().filter(move |source| source.distance == distance);
            let found: Vec<Has> = here()
                .map(|source| self.source(*source, self.target.old))
                .collect();
            let has = |wanted: Has| found.contains(&wanted);
            if has(Has::Ours) {
                let is_only = found.iter().filter(|has| **has != Has::Nothing).count() == 1;
                return if is_only {
                    Meaning::Ours(0)
                } else {
                    Meaning::Unsure
                };
            }
            if has(Has::Other) {
                return Meaning::Other;
            }
            if has(Has::Unknown) {
                let may_be_here = here().any(|source| {
                    self.source(*source, self.target.old) == Has::Unknown && self.may_have(*source)
                });
                let further = sources.iter().filter(|source| source.distance > distance);
                let may_be_further = further
                    .into_iter()
                    .any(|source| self.source(*source, self.target.old) == Has::Ours);
                let may_be_alias = self.is_alias_seen(path, select);
                return if may_be_here || may_be_further || may_be_alias {
                    Meaning::Unsure
                } else {
                    Meaning::Other
                };
            }
        }
        self.of_alias(path, select)
    }

    /// Whether a place can name the alias that makes the column.
    fn is_alias_seen(&self, path: &Path, select: &Select) -> bool {
        let at = path
            .parts
            .first()
            .map_or(TextSize::new(0), |name| name.range.start());
        let alias = self.made_in(select).filter(|item| !item.aliases.is_empty());
        alias.is_some_and(|item| match path.clause {
            Some(ClauseKind::Select) => item.range.end() <= at,
            Some(ClauseKind::Where | ClauseKind::From) => false,
            _ => true,
        })
    }

    /// The item of a select list that gives a column of the old name.
    fn output_item<'s>(&self, select: &'s Select) -> Option<&'s Item> {
        let is_it = |item: &&Item| item.name().is_some_and(|name| name.is(self.target.old));
        select.items.iter().find(is_it)
    }

    /// A name that `order by` finds in what the query gives, before it looks at what the select reads.
    fn of_output(&self, select: &Select, item: Option<&Item>) -> Option<Meaning> {
        let parts = self
            .fragment
            .sql
            .query(select.query)
            .map_or(1, |query| query.branches.len());
        if parts > 1 {
            return Some(match self.query(select.query, self.target.old) {
                Has::Ours => Meaning::Ours(0),
                Has::Unknown if self.query_reads(select.query) => Meaning::Unsure,
                Has::Other | Has::Nothing | Has::Unknown => Meaning::Other,
            });
        }
        let is_made = |item: &Item| item.name().is_some_and(|name| self.is_made(name.range));
        item.map(|item| {
            if is_made(item) {
                Meaning::Ours(0)
            } else {
                Meaning::Other
            }
        })
    }

    /// A name that no relation has: the alias of an item, which those behind it and some clauses can name.
    fn of_alias(&self, path: &Path, select: &Select) -> Meaning {
        let at = path
            .parts
            .first()
            .map_or(TextSize::new(0), |name| name.range.start());
        let before = |item: &&Item| item.range.end() <= at || path.clause != Some(ClauseKind::Select);
        let mut items = select.items.iter().filter(before);
        let found = items.find(|item| item.aliases.iter().any(|alias| alias.is(self.target.old)));
        let is_made = |item: &Item| item.aliases.iter().any(|alias| self.is_made(alias.range));
        match found {
            Some(item) if !is_made(item) => Meaning::Other,
            Some(_) if matches!(path.clause, Some(ClauseKind::Where | ClauseKind::From)) => Meaning::Unsure,
            Some(_) => Meaning::Ours(0),
            // Nothing has it, and what is wrong stays wrong.
            None => Meaning::Other,
        }
    }

    /// Whether the names of a query's columns are seen by anything: not where it stands in an expression.
    pub(super) fn is_named(&self, id: QueryId) -> bool {
        let sql = &self.fragment.sql;
        let mut next = id;
        loop {
            let Some(outer) = sql.query(next).and_then(|query| query.outer) else {
                return true;
            };
            let is_branch = sql
                .query(outer.query)
                .is_some_and(|query| query.branches.contains(&Branch::Query(next)));
            if !is_branch {
                let is_read =
                    |item: &FromItem| matches!(item.relation, Relation::Query(read) if read == next);
                let select = outer.select.and_then(|select| sql.select(select));
                return select.is_none_or(|select| select.from.iter().any(is_read));
            }
            next = outer.query;
        }
    }
}
