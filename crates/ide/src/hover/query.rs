//! What is told of names that a query gives.

use glueline_base::{FileId, FileRange, TextRange, TextSize, slice};
use glueline_project::NodeId;
use glueline_sql::{Column, Columns, QueryId};

use super::Hover;
use crate::card::{Card, code};
use crate::columns::{self, ColumnId, of_fragment, type_of};
use crate::query::fragments;
use crate::{Analysis, FilePosition, inferred, nodes};

/// How many columns are listed.
const COLUMNS: usize = 40;

/// A common table expression, by where its name stands; `None` for an alias.
pub(super) fn cte(analysis: &Analysis, file: FileId, first: TextSize) -> Option<Card> {
    let all = fragments(analysis, file);
    let (fragment, name, query) = all.iter().find_map(|fragment| {
        let mut ctes = fragment.sql.ctes().map(|(_, cte)| cte);
        let cte = ctes.find(|cte| cte.name.range.start() == first)?;
        Some((fragment, cte.name.text.as_deref()?, cte.query))
    })?;
    let card = Card::new().text(format!("{}: a common table expression.", code(name)));
    let known = of_fragment(analysis, fragment);
    let columns = query.and_then(|query: QueryId| known.query(query));
    Some(match columns {
        Some(columns) => card.and(listed(
            analysis,
            fragment.node.filter(|_| fragment.is_main),
            file,
            columns,
        )),
        None => card,
    })
}

/// A column that a query makes for itself, by where it gets its name; `None` where nothing is known of it.
pub(super) fn column(analysis: &Analysis, file: FileId, first: TextSize, name: &str) -> Option<Card> {
    let node = nodes::at(analysis, FilePosition { file, offset: first })?;
    let range = TextRange::at(first, TextSize::of(name));
    let names = inferred::names(analysis, node);
    card_of(analysis, name, names.written(range)?)
}

/// The name of a column at a place, as Spark reads what is rendered of it.
pub(super) fn rendered(analysis: &Analysis, position: FilePosition) -> Option<Hover> {
    let FilePosition { file, offset } = position;
    let node = nodes::defined_in(analysis.project(), file)
        .first()
        .and_then(|_| nodes::at(analysis, position))?;
    let names = inferred::names(analysis, node);
    let found = names.at(offset)?;
    Some(Hover {
        range: FileRange {
            file,
            range: found.range,
        },
        card: card_of(analysis, slice(analysis.text(file), found.range), found)?,
    })
}

fn card_of(analysis: &Analysis, name: &str, found: &inferred::Named) -> Option<Card> {
    let origin = found.origin.clone();
    let comes_from = origin.map(|origin| {
        let chain = columns::comes_from(analysis, origin);
        ("Comes from".to_owned(), code(&columns::told(analysis, &chain)))
    });
    let data_type = match found.ty.is_unknown() {
        true if comes_from.is_none() => return None,
        true => String::new(),
        false => format!(" {}", found.ty),
    };
    let facts = comes_from.into_iter().collect();
    Some(Card::new().code("sql", format!("{name}{data_type}")).facts(facts))
}

/// The type of a column of a query: what Spark gives it, else what is written down.
fn type_text(
    analysis: &Analysis,
    node: Option<NodeId>,
    file: FileId,
    column: &Column<ColumnId>,
) -> Option<String> {
    let names = node.map(|node| inferred::names(analysis, node));
    let inferred = names.as_ref().and_then(|names| names.written(column.at));
    if let Some(found) = inferred.filter(|found| found.ty.is_certain()) {
        return Some(found.ty.to_string());
    }
    let cast = column
        .cast
        .map(|cast| slice(analysis.text(file), cast).to_owned());
    cast.or_else(|| Some(type_of(analysis, column.origin?)?.0.text.to_string()))
}

fn listed(analysis: &Analysis, node: Option<NodeId>, file: FileId, columns: &Columns<ColumnId>) -> Card {
    let mut lines: Vec<(String, String)> = Vec::new();
    for column in columns.list.iter().take(COLUMNS) {
        lines.push(match type_text(analysis, node, file, column) {
            Some(data_type) => (code(&column.name), code(&data_type)),
            None => (String::new(), code(&column.name)),
        });
    }
    let more = columns.list.len().saturating_sub(COLUMNS);
    if more > 0 {
        lines.push((String::new(), format!("and {more} more")));
    }
    if lines.is_empty() {
        return Card::new();
    }
    let heading = if columns.is_complete {
        "Columns:"
    } else {
        "Columns that are known, perhaps not all:"
    };
    Card::new().text(heading).facts(lines)
}
