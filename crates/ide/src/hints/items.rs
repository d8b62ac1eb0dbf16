//! Hints in the select list of a model: types of columns, and what a star stands for.

use std::fmt::Write as _;

use glueline_base::{TextRange, TextSize, slice};
use glueline_project::{Node, ResourceType};
use glueline_schema::Field;
use glueline_spark::types::DataType;
use rustc_hash::FxHashSet;

use super::{Hint, HintKind};
use crate::columns::{self, ColumnId, TypeSource};
use crate::{Analysis, inferred, nodes, query};

/// How many letters a hint has at the most; more is told beside it.
const WIDTH: usize = 60;

/// What is told of the columns that a model or a snapshot makes, behind the items of its select list: what Spark infers, else what is
/// written down elsewhere.
pub(super) fn hints(analysis: &Analysis, node: &Node, range: TextRange) -> Vec<Hint> {
    if !node.enabled || !matches!(node.kind, ResourceType::Model | ResourceType::Snapshot) {
        return Vec::new();
    }
    let names = inferred::names(analysis, node.id);
    let is_shown = |item: &&inferred::Item| nodes::touches(range, item.end);
    let mut casts = None;
    let mut out: Vec<Hint> = Vec::new();
    for item in names.items.iter().filter(is_shown) {
        let casts = casts.get_or_insert_with(|| ends_of_casts(analysis, node));
        if item.is_star {
            out.push(star(item));
        } else if let [field] = item.columns.as_slice()
            && field.ty.is_certain()
            && !casts.contains(&item.end)
        {
            out.push(of_type(item.end, &field.ty, "inferred from the query".to_owned()));
        }
    }
    let known: FxHashSet<TextSize> = names.items.iter().map(|item| item.end).collect();
    let mut written = written(analysis, node, range);
    written.retain(|hint| !known.contains(&hint.at));
    out.append(&mut written);
    out
}

fn of_type(at: TextSize, ty: &DataType, tooltip: String) -> Hint {
    let text = ty.to_string();
    let is_long = text.chars().count() > WIDTH;
    let shown: String = text.chars().take(WIDTH).collect();
    Hint {
        at,
        label: format!(": {shown}{}", if is_long { "\u{2026}" } else { "" }),
        tooltip: if is_long {
            format!("{text}, {tooltip}")
        } else {
            tooltip
        },
        target: None,
        kind: HintKind::Type,
    }
}

/// The names that a star stands for, as many as there is room for.
fn star(item: &inferred::Item) -> Hint {
    let mut label = ":".to_owned();
    for (place, field) in item.columns.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        if place > 0 && label.chars().count() + field.name.chars().count() > WIDTH {
            let _ = write!(label, "{comma} \u{2026} {} more", item.columns.len() - place);
            break;
        }
        let _ = write!(label, "{comma} {}", field.name);
    }
    let line = |field: &Field| match field.ty {
        DataType::Unknown => field.name.to_string(),
        _ => format!("{} {}", field.name, field.ty),
    };
    Hint {
        at: item.end,
        label,
        tooltip: item.columns.iter().map(line).collect::<Vec<_>>().join("\n"),
        target: None,
        kind: HintKind::Columns,
    }
}

/// Where the items end that say their type themselves.
fn ends_of_casts(analysis: &Analysis, node: &Node) -> FxHashSet<TextSize> {
    let fragment = query::of_node(analysis, node.id);
    let items = fragment
        .iter()
        .flat_map(|fragment| &fragment.sql.selects)
        .flat_map(|select| &select.items);
    items
        .filter(|item| item.cast.is_some())
        .map(|item| item.range.end())
        .collect()
}

/// The types that are written down of the columns that a text names in its select list.
fn written(analysis: &Analysis, node: &Node, range: TextRange) -> Vec<Hint> {
    let text = analysis.text(node.file());
    let known = columns::of(analysis, node.id);
    let mut out = Vec::new();
    for (column, index) in known.list.iter().zip(0..) {
        let Some(at) = column.at.filter(|at| at.file == node.file()) else {
            continue;
        };
        let written = slice(text, at.range).trim_matches('`');
        // A star brings in more than one.
        if !nodes::touches(range, at.range.end()) || !written.eq_ignore_ascii_case(&column.name) {
            continue;
        }
        let found = columns::type_of(analysis, ColumnId { node: node.id, index });
        let Some((data_type, from)) = found else { continue };
        // A cast says it right there.
        if from == node.id && data_type.source == TypeSource::Cast {
            continue;
        }
        let from = analysis.project().node(from);
        out.push(Hint {
            at: at.range.end(),
            label: format!(": {}", data_type.text),
            tooltip: format!("known from {}", from.unique_id),
            target: None,
            kind: HintKind::Type,
        });
    }
    out
}
