//! The columns of every query, those first that others read.

use std::cmp::Reverse;
use std::sync::Arc;

use glueline_base::TextRange;

use super::join::{given, joined, listed, renamed};
use super::needed::Needed;
use super::{Column, Columns, Known, MAX_COLUMNS, Relations};
use crate::tree::{
    Branch, ClauseKind, FromItem, Item, ItemKind, Name, Path, PathKind, Query, QueryId, Relation, Select,
    SelectId, Sql,
};

impl Sql {
    /// The columns of every query of the text.
    pub fn columns<R: Relations>(&self, relations: &R) -> Known<R::Origin> {
        self.read_columns(relations, None)
    }

    /// The columns of one query; of the others and of relations only what its names depend on. Where no star needs them, no
    /// relation is asked for.
    pub fn columns_of<R: Relations>(&self, query: QueryId, relations: &R) -> Known<R::Origin> {
        self.read_columns(relations, Some(Needed::by(self, query)))
    }

    fn read_columns<R: Relations>(&self, relations: &R, needed: Option<Needed>) -> Known<R::Origin> {
        let unknown = Arc::new(Columns::unknown());
        let mut reader = Reader {
            sql: self,
            relations,
            needed,
            known: Known {
                queries: vec![unknown; self.queries.len()],
                sources: vec![Vec::new(); self.selects.len()],
            },
        };
        // What a query reads ends before the query does. So none waits for another, however long the chain.
        let mut order: Vec<(usize, &Query)> = self.queries.iter().enumerate().collect();
        order.sort_by_key(|(place, query)| (query.range.end(), Reverse(*place)));
        for (place, query) in order {
            if reader
                .needed
                .as_ref()
                .is_some_and(|needed| !needed.has_query(place))
            {
                continue;
            }
            let columns = reader.query(query);
            if let Some(slot) = reader.known.queries.get_mut(place) {
                *slot = Arc::new(columns);
            }
        }
        reader.known
    }
}

struct Reader<'a, R: Relations> {
    sql: &'a Sql,
    relations: &'a R,
    /// What has to be read; everything where `None`.
    needed: Option<Needed>,
    known: Known<R::Origin>,
}

impl<R: Relations> Reader<'_, R> {
    fn query(&mut self, query: &Query) -> Columns<R::Origin> {
        for branch in &query.branches {
            if let Branch::Select(id) = branch {
                self.sources(*id);
            }
        }
        // A union has the names of its first part.
        let mut columns = match query.branches.first() {
            Some(Branch::Select(id)) => self
                .sql
                .select(*id)
                .map_or_else(Columns::unknown, |select| self.select(*id, select)),
            Some(Branch::Query(id)) => self.known.query(*id).cloned().unwrap_or_default(),
            Some(Branch::Other(_)) | None => Columns::unknown(),
        };
        columns.is_complete &= !query.is_ambiguous;
        if query.is_ambiguous {
            columns.list.retain(|column| self.is_in_all(query, &column.name));
        }
        columns
    }

    /// Whether each of several alternative parts has a column.
    fn is_in_all(&self, query: &Query, name: &str) -> bool {
        query.branches.iter().all(|branch| match branch {
            Branch::Select(id) => self.sql.select(*id).is_some_and(|select| {
                select
                    .items
                    .iter()
                    .any(|item| item.name().is_some_and(|own| own.is(name)))
            }),
            Branch::Query(id) => self.known.query(*id).is_some_and(|columns| columns.has(name)),
            Branch::Other(_) => false,
        })
    }

    fn sources(&mut self, id: SelectId) {
        let Some(select) = self.sql.select(id) else { return };
        let columns = select
            .from
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let needed = self.needed.as_ref();
                if needed.is_none_or(|needed| needed.has_source(id, index)) {
                    self.source(select.query, item)
                } else {
                    Arc::new(Columns::unknown())
                }
            })
            .collect();
        if let Some(slot) = self.known.sources.get_mut(id.0 as usize) {
            *slot = columns;
        }
    }

    fn source(&self, query: QueryId, item: &FromItem) -> Arc<Columns<R::Origin>> {
        if item.is_reshaped {
            return Arc::new(Columns::unknown());
        }
        let columns = self.relation(query, item);
        match &item.columns {
            Some(names) if !matches!(item.relation, Relation::View(_)) => Arc::new(renamed(&columns, names)),
            _ => columns,
        }
    }

    fn relation(&self, query: QueryId, item: &FromItem) -> Arc<Columns<R::Origin>> {
        let unknown = || Arc::new(Columns::unknown());
        match &item.relation {
            Relation::Hole { hole, range } => given(self.relations.hole(*hole), *range),
            Relation::Named(parts) => match self.sql.cte_of(query, item).and_then(|id| self.sql.cte(id)) {
                Some(cte) => {
                    let own = cte.query.and_then(|id| self.known.queries.get(id.0 as usize));
                    match (own, &cte.columns) {
                        (Some(columns), Some(names)) => Arc::new(renamed(columns, names)),
                        (Some(columns), None) => columns.clone(),
                        (None, _) => unknown(),
                    }
                }
                None => given(self.relations.table(parts), item.range),
            },
            Relation::Query(id) => self
                .known
                .queries
                .get(id.0 as usize)
                .map_or_else(unknown, Arc::clone),
            Relation::View(_) => Arc::new(match &item.columns {
                Some(names) => listed(names),
                None => Columns::unknown(),
            }),
            Relation::Values(width) => {
                let names = (1..=(*width).min(MAX_COLUMNS)).map(|number| Column {
                    name: format!("col{number}").into(),
                    at: item.range,
                    origin: None,
                    cast: None,
                });
                Arc::new(Columns {
                    list: names.collect(),
                    is_complete: *width <= MAX_COLUMNS,
                })
            }
            Relation::Function(_) | Relation::Unknown(_) => unknown(),
        }
    }

    fn select(&self, id: SelectId, select: &Select) -> Columns<R::Origin> {
        let mut out = Columns {
            list: Vec::new(),
            is_complete: !select.items.is_empty(),
        };
        for item in &select.items {
            match &item.kind {
                ItemKind::Star { qualifier, except } => {
                    self.star(&mut out, id, select, item, qualifier, except);
                }
                _ => self.item(&mut out, id, select, item),
            }
            if out.list.len() > MAX_COLUMNS {
                out.list.truncate(MAX_COLUMNS);
                out.is_complete = false;
                break;
            }
        }
        out
    }

    fn item(&self, out: &mut Columns<R::Origin>, id: SelectId, select: &Select, item: &Item) {
        let names = match item.name() {
            Some(name) => std::slice::from_ref(name),
            None => item.aliases.as_slice(),
        };
        out.is_complete &= !names.is_empty();
        let handed_on = match &item.kind {
            ItemKind::Column(parts) => self.handed_on(id, select, parts),
            _ => None,
        };
        for name in names {
            let Some(text) = &name.text else {
                out.is_complete = false;
                continue;
            };
            out.list.push(Column {
                name: (**text).into(),
                at: name.range,
                origin: handed_on.as_ref().and_then(|column| column.origin.clone()),
                cast: item.cast.or_else(|| handed_on.as_ref()?.cast),
            });
        }
    }

    /// The column that a path names and that is nothing but a column.
    fn handed_on(&self, id: SelectId, select: &Select, parts: &[Name]) -> Option<Column<R::Origin>> {
        let path = Path {
            parts: parts.to_vec(),
            kind: PathKind::Column,
            query: select.query,
            select: Some(id),
            clause: Some(ClauseKind::Select),
        };
        let meaning = self.sql.meaning(&self.known, &path)?;
        (meaning.part + 1 == parts.len()).then_some(meaning.column)
    }

    fn star(
        &self,
        out: &mut Columns<R::Origin>,
        id: SelectId,
        select: &Select,
        item: &Item,
        qualifier: &[Name],
        except: &[Name],
    ) {
        let sources = self
            .known
            .sources
            .get(id.0 as usize)
            .map_or(&[][..], Vec::as_slice);
        let all = match qualifier {
            [] => joined(select, sources),
            [name] => {
                let is_it = |from: &FromItem| {
                    let own = from.name();
                    name.text
                        .as_deref()
                        .is_some_and(|text| own.is_some_and(|own| own.is(text)))
                };
                let place = select.from.iter().position(is_it);
                let columns = place.and_then(|place| sources.get(place));
                columns.map_or_else(Columns::unknown, |columns| (**columns).clone())
            }
            _ => Columns::unknown(),
        };
        out.is_complete &= all.is_complete && except.iter().all(|name| name.text.is_some());
        let is_kept = |column: &Column<R::Origin>| !except.iter().any(|name| name.is(&column.name));
        // What another text brings in comes in here by the star.
        let is_written = |at: TextRange| {
            select
                .from
                .iter()
                .all(|from| from.range != at && hole_at(from) != Some(at))
        };
        out.list
            .extend(all.list.into_iter().filter(is_kept).map(|column| Column {
                at: if is_written(column.at) {
                    column.at
                } else {
                    item.range
                },
                ..column
            }));
    }
}

fn hole_at(item: &FromItem) -> Option<TextRange> {
    match item.relation {
        Relation::Hole { range, .. } => Some(range),
        _ => None,
    }
}
