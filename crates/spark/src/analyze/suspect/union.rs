//! Set operations whose sides have their columns in another order.

use std::collections::HashMap;

use super::Suspect;
use crate::analyze::Analyzer;
use crate::analyze::scope::{Column, Output, equal};
use crate::syntax::ast::{Body, RelationKind, SetOp, SetOperation};

impl Analyzer<'_> {
    /// Columns that stand in the place of each other.
    pub(in crate::analyze) fn swapped(&mut self, set: &SetOperation, left: &Output, right: &Output) {
        let operator = match set.op {
            SetOp::Union => "union",
            SetOp::Except => "except",
            SetOp::Intersect => "intersect",
        };
        let pairs = || left.columns.iter().zip(&right.columns);
        if pairs().all(|(mine, other)| equal(&mine.name, &other.name)) {
            return;
        }
        let [lefts, rights] = [left, right].map(places);
        let mut crossed = 0;
        let mut first: Option<(&Column, &Column)> = None;
        for (mine, other) in pairs() {
            let moved = !equal(&mine.name, &other.name) && rights.contains_key(&other.name.to_lowercase());
            if moved && mine.named && is_displaced(other, &lefts, right) {
                crossed += 1;
                first = first.or(Some((mine, other)));
            }
        }
        let Some((mine, other)) = first else { return };
        // both ways of a pair, as of the edges of a graph, are meant
        if crossed == 2 && reads_the_same(set) {
            return;
        }
        let related = (!mine.range.is_empty()).then_some(mine.range);
        let range = if other.range.is_empty() {
            self.head(set.right.range())
        } else {
            other.range
        };
        let what = Suspect::Swapped {
            first: (&*mine.name).into(),
            second: (&*other.name).into(),
            operator,
        };
        self.suspect_with(what, range, related, Vec::new());
    }
}

/// Where each name stands that is given once.
fn places(output: &Output) -> HashMap<String, usize> {
    let mut found: HashMap<String, Option<usize>> = HashMap::new();
    for (at, column) in output.columns.iter().enumerate() {
        let at = column.named.then_some(at);
        found
            .entry(column.name.to_lowercase())
            .and_modify(|known| *known = None)
            .or_insert(at);
    }
    found
        .into_iter()
        .filter_map(|(name, at)| at.map(|at| (name, at)))
        .collect()
}

/// Whether a column of the right side has a namesake on the left whose place on the right another takes, which has one as well.
fn is_displaced(column: &Column, lefts: &HashMap<String, usize>, right: &Output) -> bool {
    let Some(home) = lefts.get(&column.name.to_lowercase()) else {
        return false;
    };
    let in_its_place = right.columns.get(*home).filter(|other| other.named);
    in_its_place.is_some_and(|other| lefts.get(&other.name.to_lowercase()).is_some_and(|at| at != home))
}

/// Whether both sides read one relation, and the same.
fn reads_the_same(set: &SetOperation) -> bool {
    let read = |body: &Body| match body {
        Body::Select(select) => match select.from.as_slice() {
            [relation] => match &relation.kind {
                RelationKind::Table { name, .. } => {
                    let parts: Vec<String> = name.iter().map(|part| part.text.to_lowercase()).collect();
                    Some(parts)
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let left = read(&set.left);
    left.is_some() && left == read(&set.right)
}
