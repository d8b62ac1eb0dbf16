//! What the names of a query's columns depend on.

use crate::tree::{Branch, FromItem, ItemKind, Name, QueryId, Relation, Select, SelectId, Sql};

/// The queries, and the items of `from`, whose columns have to be known.
pub(super) struct Needed {
    queries: Vec<bool>,
    sources: Vec<Vec<bool>>,
}

impl Needed {
    pub(super) fn by(sql: &Sql, query: QueryId) -> Self {
        let mut needed = Self {
            queries: vec![false; sql.queries.len()],
            sources: sql
                .selects
                .iter()
                .map(|select| vec![false; select.from.len()])
                .collect(),
        };
        let mut open = vec![query];
        while let Some(id) = open.pop() {
            match needed.queries.get_mut(id.0 as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            let Some(query) = sql.query(id) else { continue };
            // A union has the names of its first part; of parts that stand side by side all count.
            let parts = if query.is_ambiguous {
                query.branches.len()
            } else {
                1
            };
            for branch in query.branches.iter().take(parts) {
                match branch {
                    Branch::Query(inner) => open.push(*inner),
                    Branch::Select(select) => needed.select(sql, *select, &mut open),
                    Branch::Other(_) => {}
                }
            }
        }
        needed
    }

    pub(super) fn has_query(&self, place: usize) -> bool {
        self.queries.get(place).copied().unwrap_or(false)
    }

    pub(super) fn has_source(&self, select: SelectId, index: usize) -> bool {
        let sources = self.sources.get(select.0 as usize);
        sources
            .and_then(|sources| sources.get(index))
            .copied()
            .unwrap_or(false)
    }

    fn select(&mut self, sql: &Sql, id: SelectId, open: &mut Vec<QueryId>) {
        let Some(select) = sql.select(id) else { return };
        for (index, item) in select.from.iter().enumerate() {
            if !select
                .items
                .iter()
                .any(|star| is_star_of(select, &star.kind, item))
            {
                continue;
            }
            let slot = self
                .sources
                .get_mut(id.0 as usize)
                .and_then(|sources| sources.get_mut(index));
            if let Some(slot) = slot {
                *slot = true;
            }
            let inner = match &item.relation {
                Relation::Query(inner) => Some(*inner),
                Relation::Named(_) => sql
                    .cte_of(select.query, item)
                    .and_then(|cte| sql.cte(cte))
                    .and_then(|cte| cte.query),
                _ => None,
            };
            open.extend(inner);
        }
    }
}

/// Whether an item of the select list is a star that takes the columns of an item of `from`.
fn is_star_of(select: &Select, kind: &ItemKind, item: &FromItem) -> bool {
    let ItemKind::Star { qualifier, .. } = kind else {
        return false;
    };
    match qualifier.as_slice() {
        [] => true,
        [Name { text: Some(text), .. }] => item.name().is_some_and(|name| name.is(text)),
        // Which one is meant is not known, and nothing comes of it.
        _ => select.from.is_empty(),
    }
}
