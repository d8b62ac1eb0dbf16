//! Set operations whose sides have their columns in another order.

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
        let pairs: Vec<(&Column, &Column)> = left.columns.iter().zip(&right.columns).collect();
        let mut crossed = 0;
        let mut first: Option<(&Column, &Column)> = None;
        for (mine, other) in &pairs {
            if mine.named
                && other.named
                && !equal(&mine.name, &other.name)
                && is_displaced(other, left, right)
            {
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

/// Whether a column of the right side has a namesake on the left whose place on the right another takes, which has one as well.
fn is_displaced(column: &Column, left: &Output, right: &Output) -> bool {
    let at = |name: &str| {
        let mut found = left
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.named && equal(&column.name, name))
            .map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(at), None) => Some(at),
            _ => None,
        }
    };
    let once = right
        .columns
        .iter()
        .filter(|other| equal(&other.name, &column.name))
        .count()
        == 1;
    let Some(home) = at(&column.name).filter(|_| once) else {
        return false;
    };
    let in_its_place = right.columns.get(home);
    in_its_place.is_some_and(|other| other.named && at(&other.name).is_some_and(|at| at != home))
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
