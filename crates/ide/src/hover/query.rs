//! What is told of names that a query gives.

use glueline_base::{FileId, TextSize, slice};
use glueline_sql::{Columns, QueryId};

use crate::Analysis;
use crate::card::{Card, code};
use crate::columns::{ColumnId, of_fragment, type_of};
use crate::query::fragments;

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
        Some(columns) => card.and(listed(analysis, file, columns)),
        None => card,
    })
}

fn listed(analysis: &Analysis, file: FileId, columns: &Columns<ColumnId>) -> Card {
    let mut lines: Vec<(String, String)> = Vec::new();
    for column in columns.list.iter().take(COLUMNS) {
        let cast = column.cast.map(|cast| slice(analysis.text(file), cast));
        let origin = column.origin.and_then(|origin| type_of(analysis, origin));
        let data_type = cast
            .map(ToOwned::to_owned)
            .or_else(|| Some(origin?.0.text.to_string()));
        lines.push(match data_type {
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
