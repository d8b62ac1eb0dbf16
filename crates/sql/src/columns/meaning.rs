//! What the names in expressions mean.

use super::{Column, Known};
use crate::scope::Source;
use crate::tree::{ClauseKind, FromItem, Item, Name, Path, PathKind, SelectId, Sql};

/// What a name in an expression means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning<O> {
    /// The relation that it is a column of: a select and the number of the item of its `from`; `None` for the alias of an item of
    /// the select list.
    pub source: Option<(SelectId, usize)>,
    /// The number of the part of the path that names the column; those behind it are fields.
    pub part: usize,
    /// The column.
    pub column: Column<O>,
}

impl Sql {
    /// What a path of an expression means; `None` where that cannot be told for sure.
    pub fn meaning<O: Clone>(&self, known: &Known<O>, path: &Path) -> Option<Meaning<O>> {
        let first = path.parts.first()?.text.as_deref()?;
        if path.kind != PathKind::Column {
            return None;
        }
        let sources = self.sources(path.select?);
        if let Some(second) = path.parts.get(1) {
            let is_named = |name: &Name| name.is(first);
            let named = sources.iter().find(|source| {
                self.source(**source)
                    .and_then(FromItem::name)
                    .is_some_and(is_named)
            });
            if let Some(source) = named {
                let column = known
                    .source(source.select, source.index)?
                    .named(second.text.as_deref()?)?;
                return Some(Meaning {
                    source: Some((source.select, source.index)),
                    part: 1,
                    column: column.clone(),
                });
            }
        }
        self.unqualified(known, path, first, &sources)
    }

    fn unqualified<O: Clone>(
        &self,
        known: &Known<O>,
        path: &Path,
        name: &str,
        sources: &[Source],
    ) -> Option<Meaning<O>> {
        for distance in 0..=sources.last()?.distance {
            let mut here = sources.iter().filter(|source| source.distance == distance);
            let mut found = None;
            let mut is_complete = true;
            for source in here.by_ref() {
                let columns = known.source(source.select, source.index)?;
                is_complete &= columns.is_complete;
                if let Some(column) = columns.named(name) {
                    // With `using` both sides have it, and it is one.
                    let is_joined = self.source(*source).is_some_and(|item| joins_by(item, name));
                    if found.is_some() && !is_joined {
                        return None;
                    }
                    found.get_or_insert((source, column));
                } else if columns.has(name) {
                    return None;
                }
            }
            if let Some((source, column)) = found {
                return Some(Meaning {
                    source: Some((source.select, source.index)),
                    part: 0,
                    column: column.clone(),
                });
            }
            if !is_complete {
                return None;
            }
        }
        self.lateral_alias(path, name)
    }

    /// The alias of an item of the select list, which other clauses can name, and the items behind it.
    fn lateral_alias<O>(&self, path: &Path, name: &str) -> Option<Meaning<O>> {
        let at = path.parts.first()?.range;
        let select = self.select(path.select?)?;
        let is_it = |item: &&Item| {
            let is_before = item.range.end() <= at.start() || path.clause != Some(ClauseKind::Select);
            is_before && item.aliases.iter().any(|alias| alias.is(name))
        };
        let item = select.items.iter().find(is_it)?;
        let alias = item.aliases.iter().find(|alias| alias.is(name))?;
        Some(Meaning {
            source: None,
            part: 0,
            column: Column {
                name: alias.text.as_deref()?.into(),
                at: alias.range,
                origin: None,
                cast: item.cast,
            },
        })
    }
}

fn joins_by(item: &FromItem, name: &str) -> bool {
    item.join.as_ref().is_some_and(|join| {
        let has = |using: &Vec<Name>| using.iter().any(|column| column.is(name));
        join.is_natural || join.using.as_ref().is_some_and(has)
    })
}
