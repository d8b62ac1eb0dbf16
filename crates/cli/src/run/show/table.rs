//! Rows for people.

use std::io::{self, Write};

use glueline_run::Table;
use serde_json::Value as Json;

use crate::report::clean;

/// A value is cut off behind this many characters.
const WIDEST: usize = 60;

/// Prints a table: names, a line, the rows. Numbers stand to the right.
pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> = table.columns.iter().map(|column| short(&column.name)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(text).collect())
        .collect();
    let width = |at: usize| {
        let of_rows = rows.iter().filter_map(|row| row.get(at));
        of_rows
            .chain(names.get(at))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let is_number: Vec<bool> = table
        .columns
        .iter()
        .map(|column| counts(&column.data_type))
        .collect();
    let mut line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).zip(&is_number);
        let cells = cells.map(|((cell, width), right)| match right {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())
    };
    line(&names)?;
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    line(&dashes)?;
    rows.iter().try_for_each(|row| line(row))
}

/// Whether values of a type are numbers.
fn counts(data_type: &str) -> bool {
    const NUMBERS: [&str; 6] = ["tinyint", "smallint", "int", "bigint", "float", "double"];
    NUMBERS.contains(&data_type) || data_type.starts_with("decimal")
}

fn text(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::String(text) => short(text),
        other => short(&other.to_string()),
    }
}

/// A text on one line, harmless for a terminal, and not too long.
fn short(text: &str) -> String {
    let text: String = clean(text).replace(['\n', '\r', '\t'], " ");
    if text.chars().count() <= WIDEST {
        return text;
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use glueline_run::Column;
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let column = |name: &str, data_type: &str| Column {
            name: name.to_owned(),
            python_type: String::new(),
            data_type: data_type.to_owned(),
        };
        let table = Table {
            columns: vec![
                column("id", "bigint"),
                column("name", "string"),
                column("at", "array<int>"),
            ],
            rows: vec![
                vec![json!(1), json!("a\nb"), json!([1, 2])],
                vec![json!(1000), json!(null), json!("x".repeat(70))],
            ],
        };
        let mut out = Vec::new();
        write(&table, &mut out).unwrap();
        let want = format!(
            "  id  name  at\n----  ----  {}\n   1  a b   [1,2]\n1000  null  {}…\n",
            "-".repeat(60),
            "x".repeat(59)
        );
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
