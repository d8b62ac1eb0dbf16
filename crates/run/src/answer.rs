//! What a session prints, read: only what says of itself that it is whole is an answer.

use glueline_render::Rows;
use serde_json::Value as Json;

/// How many characters of an answer come at once. What is longer is asked for piece by piece, for whatever hands texts over may cut
/// them.
pub(crate) const PIECE: usize = 400_000;

/// Stands before a piece of an answer, in a line of its own.
const MARK: &str = "GLUELINE ";

/// A piece of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    /// Which one, from 0.
    pub(crate) number: usize,
    /// How many characters the answer has, all of them ASCII.
    pub(crate) total: usize,
    /// The piece.
    pub(crate) text: &'a str,
}

impl Piece<'_> {
    /// How many pieces there are.
    pub(crate) fn count(&self) -> usize {
        self.total.div_ceil(PIECE)
    }
}

/// Finds the first piece of an answer in what was printed; `None` where there is none. Code of the user's own may print what it likes
/// before and behind.
///
/// # Errors
///
/// Where the piece is cut off, or says nothing of its length.
pub(crate) fn piece(printed: &str) -> Result<Option<Piece<'_>>, String> {
    let starts = printed.match_indices(MARK).map(|(at, _)| at);
    let mut starts = starts.filter(|at| *at == 0 || printed.as_bytes().get(at - 1) == Some(&b'\n'));
    let Some(rest) = starts.next().and_then(|at| printed.get(at + MARK.len()..)) else {
        return Ok(None);
    };
    let cut = || "the answer of the session is cut off".to_owned();
    let (head, body) = rest.split_once('\n').ok_or_else(cut)?;
    let mut numbers = head.split_whitespace().map(str::parse::<usize>);
    let (Some(Ok(number)), Some(Ok(total)), None) = (numbers.next(), numbers.next(), numbers.next()) else {
        return Err("the answer of the session does not say how long it is".to_owned());
    };
    let length = total.saturating_sub(number.saturating_mul(PIECE)).min(PIECE);
    match body.get(..length).filter(|text| text.is_ascii()) {
        Some(text) => Ok(Some(Piece { number, total, text })),
        None => Err(format!(
            "{}: {} of {length} characters came",
            cut(),
            body.chars().count()
        )),
    }
}

/// A table, as a session hands it over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with a value for each column.
    pub rows: Vec<Vec<Json>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as Python prints that of Spark: `IntegerType()`.
    pub python_type: String,
    /// Its type in Spark's DDL: `int`.
    pub data_type: String,
}

impl Table {
    /// Reads an answer; `None` where the statement gives no rows, not even none.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, String> {
        let wrong = |why: &str| format!("the answer of the session cannot be read: {why}");
        let answer: Json = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        if answer.is_null() {
            return Ok(None);
        }
        let list = |name: &str| {
            let found = answer.get(name).and_then(Json::as_array);
            found.ok_or_else(|| wrong(&format!("it has no {name}")))
        };
        let columns = list("columns")?.iter().map(column).collect::<Option<Vec<_>>>();
        let columns = columns.ok_or_else(|| wrong("a column has no name and types"))?;
        let rows = list("rows")?.iter().map(|row| {
            let row = row.as_array().filter(|row| row.len() == columns.len());
            row.cloned()
                .ok_or_else(|| wrong("a row has not one value for each column"))
        });
        let rows = rows.collect::<Result<_, _>>()?;
        Ok(Some(Self { columns, rows }))
    }
}

fn column(column: &Json) -> Option<Column> {
    let text = |at: usize| column.get(at).and_then(Json::as_str).map(str::to_owned);
    Some(Column {
        name: text(0)?,
        python_type: text(1)?,
        data_type: text(2)?,
    })
}

impl From<Table> for Rows {
    fn from(table: Table) -> Self {
        let columns = table.columns.into_iter();
        Self {
            columns: columns.map(|column| (column.name, column.python_type)).collect(),
            rows: table.rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_piece_is_whole_or_none() {
        for (printed, want) in [
            ("", Ok(None)),
            ("hello\n", Ok(None)),
            ("say GLUELINE 0 4\nnull\n", Ok(None)),
            ("GLUELINE 0 4\nnull\n", Ok(Some((0, "null")))),
            ("hello\nGLUELINE 0 4\nnull\nbye", Ok(Some((0, "null")))),
            ("GLUELINE 0 4\nnull\nGLUELINE 0 2\n{}", Ok(Some((0, "null")))),
            ("GLUELINE 1 400004\nnull", Ok(Some((1, "null")))),
            (
                "GLUELINE 0 4\nnul",
                Err("the answer of the session is cut off: 3 of 4 characters came"),
            ),
            ("GLUELINE 0 4", Err("the answer of the session is cut off")),
            (
                "GLUELINE x 4\n",
                Err("the answer of the session does not say how long it is"),
            ),
            (
                "GLUELINE 0 99999999999999999999\n",
                Err("the answer of the session does not say how long it is"),
            ),
            (
                "GLUELINE 0 4\n\u{e9}\u{e9}l",
                Err("the answer of the session is cut off: 3 of 4 characters came"),
            ),
        ] {
            let found = piece(printed);
            let found = found
                .as_ref()
                .map(|piece| piece.map(|piece| (piece.number, piece.text)));
            assert_eq!(found.map_err(String::as_str), want, "{printed}");
        }
    }

    #[test]
    fn an_answer_has_a_value_for_each_column() {
        let read = |text: &str| Table::read(text).map(|table| table.map(Rows::from));
        assert_eq!(read("null"), Ok(None));
        let rows = Rows {
            columns: vec![("a".to_owned(), "IntegerType()".to_owned())],
            rows: vec![vec![json!(1)], vec![json!(null)]],
        };
        let text = r#"{"columns": [["a", "IntegerType()", "int"]], "rows": [[1], [null]]}"#;
        assert_eq!(read(text), Ok(Some(rows)));
        for (text, why) in [
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("{}", "it has no columns"),
            (
                r#"{"columns": [["a", "b"]], "rows": []}"#,
                "a column has no name and types",
            ),
            (r#"{"columns": [["a", "b", "c"]]}"#, "it has no rows"),
            (
                r#"{"columns": [["a", "b", "c"]], "rows": [[1, 2]]}"#,
                "a row has not one value for each column",
            ),
        ] {
            assert_eq!(
                read(text),
                Err(format!("the answer of the session cannot be read: {why}"))
            );
        }
    }
}
