//! The common table expressions of a file's SQL, each in what it stands in.

use glueline_base::FileId;
use glueline_sql::{Cte, QueryId, Sql};

use super::{Item, ItemKind};
use crate::Analysis;
use crate::query::fragments;

/// How deeply common table expressions are looked for in one another.
const DEPTH: usize = 32;

/// Adds the common table expressions of a file to the items of its template.
pub(super) fn add(analysis: &Analysis, file: FileId, items: &mut Vec<Item>) {
    for fragment in fragments(analysis, file) {
        for query in &fragment.sql.statements {
            for cte in ctes(&fragment.sql, *query, DEPTH) {
                place(items, cte);
            }
        }
    }
}

fn ctes(sql: &Sql, query: QueryId, depth: usize) -> Vec<Item> {
    let Some((depth, query)) = depth.checked_sub(1).zip(sql.query(query)) else {
        return Vec::new();
    };
    let item = |cte: &Cte| {
        let name = cte.name.text.as_deref()?;
        let inner = cte.query.map(|inner| ctes(sql, inner, depth));
        let item = Item::new(ItemKind::Cte, name, cte.range, cte.name.range);
        Some(item.with("", inner.unwrap_or_default()))
    };
    query.ctes.iter().filter_map(item).collect()
}

/// Puts an item into the innermost of what is around it.
fn place(items: &mut Vec<Item>, item: Item) {
    let around = items
        .iter_mut()
        .find(|outer| outer.range != item.range && outer.range.contains_range(item.range));
    match around {
        Some(outer) => place(&mut outer.children, item),
        None => items.push(item),
    }
}
