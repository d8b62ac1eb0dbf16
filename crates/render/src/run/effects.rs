//! What a statement does to the warehouse, as far as dbt-glue can notice.

use std::collections::BTreeMap;

use glueline_project::{StateColumn, Table};

use super::found::skip;
use super::warehouse::{Warehouse, is_stand_in, place};
use crate::host::NodeHost;
use crate::introspect::{name, word};

/// Changes the warehouse as a statement does. `asked` is the statement with white space squeezed.
pub(super) fn apply(warehouse: &mut Warehouse, host: &NodeHost, asked: &str, current: &str) {
    if !has_effects(host) {
        return;
    }
    if let Some(rest) = word(asked, "create") {
        create(warehouse, host, rest, current);
    } else if let Some(rest) = word(asked, "drop") {
        let rest = word(rest, "table").or_else(|| word(rest, "view"));
        if let Some((parts, _)) = rest.and_then(|rest| name(skip(rest, &["if", "exists"]))) {
            warehouse.drop_relation(host, &parts, current);
        }
    } else if let Some(rest) = word(asked, "alter") {
        alter(warehouse, host, rest, current);
    }
}

/// Whether statements change the warehouse; the catalog file may say that they do not.
fn has_effects(host: &NodeHost) -> bool {
    host.shared
        .project
        .state()
        .is_none_or(|state| state.session.has_effects)
}

fn create(warehouse: &mut Warehouse, host: &NodeHost, rest: &str, current: &str) {
    let rest = skip(rest, &["or", "replace"]);
    let temporary = word(rest, "temporary").or_else(|| word(rest, "temp"));
    if let Some(view) = temporary.and_then(|rest| word(rest, "view")) {
        if let Some((parts, _)) = name(skip(view, &["if", "not", "exists"])) {
            warehouse.put_temporary(host, &parts, current);
        }
        return;
    }
    let rest = skip(rest, &["external"]);
    let (is_view, rest) = match (word(rest, "view"), word(rest, "table")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return,
    };
    let Some((parts, clauses)) = name(skip(rest, &["if", "not", "exists"])) else {
        return;
    };
    let format = value_behind(clauses, "using").map(str::to_lowercase);
    let location = clauses
        .to_lowercase()
        .find(" location '")
        .and_then(|at| clauses.get(at + " location '".len()..))
        .and_then(|rest| rest.split('\'').next());
    let kind = if is_view {
        Kind::View
    } else {
        Kind::Table(format.as_deref())
    };
    make(warehouse, host, &parts, current, kind, location);
}

/// What is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind<'a> {
    View,
    /// A table of a format.
    Table(Option<&'a str>),
}

/// Puts a relation in place that a statement makes.
pub(crate) fn make(
    warehouse: &mut Warehouse,
    host: &NodeHost,
    parts: &[String],
    current: &str,
    kind: Kind<'_>,
    location: Option<&str>,
) {
    if !has_effects(host) {
        return;
    }
    let columns = warehouse.columns_of_new(host, parts, current);
    let parameter = match kind {
        Kind::View => None,
        Kind::Table(Some("iceberg")) => Some(("table_type", "ICEBERG")),
        Kind::Table(format) => Some(("spark.sql.sources.provider", format.unwrap_or("parquet"))),
    };
    let parameters: BTreeMap<String, Option<String>> = parameter
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
        .collect();
    let table = Table {
        kind: Some(match kind {
            Kind::View => "VIRTUAL_VIEW".to_owned(),
            Kind::Table(_) => "EXTERNAL_TABLE".to_owned(),
        }),
        parameters: Some(parameters),
        columns: columns.unwrap_or_default(),
        location: location.map(str::to_owned),
        ..Table::default()
    };
    let (schema, name) = place(parts, current);
    warehouse.put(schema, name, table);
}

/// The word behind another, anywhere in a text.
fn value_behind<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut words = text.split(' ');
    words.find(|word| word.eq_ignore_ascii_case(wanted))?;
    words.next()
}

fn alter(warehouse: &mut Warehouse, host: &NodeHost, rest: &str, current: &str) {
    let rest = word(rest, "table").or_else(|| word(rest, "view"));
    let Some((parts, rest)) = rest.and_then(name) else {
        return;
    };
    let Some(rest) = word(rest.trim_start(), "add") else {
        return;
    };
    let Some(list) = word(rest, "columns").or_else(|| word(rest, "column")) else {
        return;
    };
    let list = list.trim();
    let within = list.strip_prefix('(').and_then(|list| list.strip_suffix(')'));
    let list = within.unwrap_or(list);
    let (schema, name) = place(&parts, current);
    warehouse.add_columns(host, schema, name, columns(list));
}

/// Columns of a list: names with types, commas within brackets left alone.
fn columns(list: &str) -> Vec<StateColumn> {
    let mut pieces = vec![String::new()];
    let mut depth = 0_i32;
    for c in list.chars() {
        match c {
            '(' | '<' => depth += 1,
            ')' | '>' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    let made = pieces.iter().filter_map(|piece| {
        let piece = piece.trim();
        if is_stand_in(piece.trim_start_matches('`')) {
            // Which they are nobody knows, and that is what the table says of itself already.
            return None;
        }
        let (name, data_type) = piece.split_once(' ')?;
        Some(StateColumn {
            name: name.trim_matches('`').to_owned(),
            data_type: Some(data_type.trim().to_owned()),
        })
    });
    made.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_with_their_types() {
        for (list, wanted) in [
            ("a int, b decimal(10,2)", "a:int b:decimal(10,2)"),
            ("`a` map<string,int>", "a:map<string,int>"),
            ("/* every column of s.t */, b int", "b:int"),
            ("`/* every column of s.t */`, c int", "c:int"),
            ("/* every column of s.t */", ""),
            ("a", ""),
            ("", ""),
        ] {
            let found: Vec<String> = columns(list)
                .into_iter()
                .map(|column| format!("{}:{}", column.name, column.data_type.unwrap_or_default()))
                .collect();
            assert_eq!(found.join(" "), wanted, "{list}");
        }
    }
}
