//! Rows of a query, for people.

use serde_json::Value as Json;

/// A value is cut off behind this many characters.
const WIDEST: usize = 60;

/// A table as text: names, a line, the rows. Numbers stand to the right. Columns are names with Spark's types; `harmless` takes out of
/// a text what steers whatever shows it.
pub fn table(columns: &[(&str, &str)], rows: &[Vec<Json>], harmless: impl Fn(&str) -> String) -> String {
    let short = |text: &str| short(&harmless(text));
    let names: Vec<String> = columns.iter().map(|(name, _)| short(name)).collect();
    let cell = |value: &Json| match value {
        Json::Null => "null".to_owned(),
        Json::String(text) => short(text),
        other => short(&other.to_string()),
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let width = |at: usize| {
        let of_rows = rows.iter().filter_map(|row| row.get(at));
        of_rows
            .chain(names.get(at))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let is_number: Vec<bool> = columns.iter().map(|(_, data_type)| counts(data_type)).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).zip(&is_number);
        let cells = cells.map(|((cell, width), right)| match right {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("{}\n", line.trim_end())
    };
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let head = [line(&names), line(&dashes)];
    head.into_iter().chain(rows.iter().map(|row| line(row))).collect()
}

/// Whether values of a type are numbers.
fn counts(data_type: &str) -> bool {
    const NUMBERS: [&str; 6] = ["tinyint", "smallint", "int", "bigint", "float", "double"];
    NUMBERS.contains(&data_type) || data_type.starts_with("decimal")
}

/// A text on one line, and not too long.
fn short(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    if text.chars().count() <= WIDEST {
        return text;
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let columns = [("id", "bigint"), ("name", "string"), ("at", "array<int>")];
        let rows = [
            vec![json!(1), json!("a\nb"), json!([1, 2])],
            vec![json!(1000), json!(null), json!("x".repeat(70))],
            vec![json!(2), json!("\u{1b}"), json!([])],
        ];
        let want = format!(
            "  id  name  at\n----  ----  {}\n   1  a b   [1,2]\n1000  null  {}…\n   2  ?     []\n",
            "-".repeat(60),
            "x".repeat(59)
        );
        let harmless = |text: &str| text.replace('\u{1b}', "?");
        assert_eq!(table(&columns, &rows, harmless), want);
        assert_eq!(table(&[], &[], harmless), "\n\n");
    }
}
