//! Columns side by side, and under other names.

use std::sync::Arc;

use glueline_base::TextRange;

use super::{Column, Columns, MAX_COLUMNS};
use crate::tree::{JoinKind, Name, Select, same};

/// What `*` gives of joined relations.
pub(super) fn joined<O: Clone>(select: &Select, sources: &[Arc<Columns<O>>]) -> Columns<O> {
    let mut out = Columns {
        list: Vec::<Column<O>>::new(),
        is_complete: !select.from.is_empty(),
    };
    for (item, columns) in select.from.iter().zip(sources) {
        let join = item.join.as_ref();
        if matches!(join.map(|join| join.kind), Some(JoinKind::Semi | JoinKind::Anti)) {
            continue;
        }
        let is_natural = join.is_some_and(|join| join.is_natural);
        let both = is_natural && out.is_complete && columns.is_complete;
        // Which columns the two sides share is not known.
        out.is_complete &= columns.is_complete && (!is_natural || both);
        let by_name = |column: &Column<O>, left: &[Column<O>]| match join.and_then(|join| join.using.as_ref())
        {
            Some(using) => using.iter().any(|name| name.is(&column.name)),
            None => is_natural && left.iter().any(|other| same(&other.name, &column.name)),
        };
        let (shared, own): (Vec<_>, Vec<_>) = columns
            .list
            .iter()
            .cloned()
            .partition(|column| by_name(column, &out.list));
        if !shared.is_empty() {
            let is_right = join.is_some_and(|join| join.kind == JoinKind::Right);
            let is_full = join.is_some_and(|join| join.kind == JoinKind::Full);
            out.list = with_shared_first(std::mem::take(&mut out.list), shared, is_right, is_full);
        }
        out.list.extend(own);
        if out.list.len() > MAX_COLUMNS {
            out.list.truncate(MAX_COLUMNS);
            out.is_complete = false;
            break;
        }
    }
    out
}

/// Spark puts the columns of `using` first: those of the left side, of the right side for a right join, and of both, which is
/// neither, for a full one.
pub(super) fn with_shared_first<O: Clone>(
    left: Vec<Column<O>>,
    shared: Vec<Column<O>>,
    is_right: bool,
    is_full: bool,
) -> Vec<Column<O>> {
    let mut first: Vec<Column<O>> = Vec::with_capacity(left.len() + shared.len());
    for column in shared {
        let other = left.iter().find(|other| same(&other.name, &column.name));
        let mut chosen = match other {
            Some(other) if !is_right => other.clone(),
            _ => column,
        };
        if is_full {
            chosen.origin = None;
            chosen.cast = None;
        }
        first.push(chosen);
    }
    let count = first.len();
    let is_new = |column: &Column<O>, first: &[Column<O>]| {
        !first
            .iter()
            .take(count)
            .any(|other| same(&other.name, &column.name))
    };
    for column in left {
        if is_new(&column, &first) {
            first.push(column);
        }
    }
    first
}

pub(super) fn given<O>(columns: Option<(Vec<(Arc<str>, O)>, bool)>, at: TextRange) -> Arc<Columns<O>> {
    Arc::new(match columns {
        None => Columns::unknown(),
        Some((list, is_complete)) => Columns {
            list: list
                .into_iter()
                .map(|(name, origin)| Column {
                    name,
                    at,
                    origin: Some(origin),
                    cast: None,
                })
                .collect(),
            is_complete,
        },
    })
}

pub(super) fn listed<O>(names: &[Name]) -> Columns<O> {
    let column = |name: &Name| {
        Some(Column {
            name: (**name.text.as_ref()?).into(),
            at: name.range,
            origin: None,
            cast: None,
        })
    };
    Columns {
        list: names.iter().filter_map(column).collect(),
        is_complete: !names.is_empty() && names.iter().all(|name| name.text.is_some()),
    }
}

/// The columns under the names that an alias gives them.
pub(super) fn renamed<O: Clone>(columns: &Columns<O>, names: &[Name]) -> Columns<O> {
    if !columns.is_complete {
        return listed(names);
    }
    let mut out = listed(names);
    out.is_complete &= names.len() == columns.list.len();
    if out.list.len() == columns.list.len() {
        for (new, old) in out.list.iter_mut().zip(&columns.list) {
            new.origin.clone_from(&old.origin);
            new.cast = old.cast;
        }
    }
    out
}
