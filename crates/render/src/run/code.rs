//! How the text of a statement becomes what is sent, and what Spark reads of it.
//!
//! dbt-glue pastes SQL into a literal of Python without escaping anything (`execute` in `dbt/adapters/glue/gluedbapi/cursor.py`).
//! So Python reads it first: escapes are taken, three quotes in a row end the literal, and much is no Python at all.

mod arguments;
mod explain;
mod grammar;
mod literal;
mod numbers;
mod pasted;
mod reading;
mod tokens;

pub use self::pasted::{Pasted, queries};

/// The word that makes a statement Python code as it stands.
pub const AS_IT_STANDS: &str = "custom_glue_code_for_dbt_adapter";
/// The word at which the session splits a statement (`SqlWrapper2.execute` in `dbt/adapters/glue/gluedbapi/connection.py`).
pub const SPLITS: &str = "dbt_next_query";
/// The view that tells the columns of a table of S3 Tables, as a plan has it: dbt-glue draws a number for its name each time
/// (`dbt/include/glue/macros/adapters.sql`).
pub const STAGED: &str = "temp_schema_view_<RANDOM>";

/// What is sent for a statement: `Code` of `RunStatement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// All of it.
    pub(crate) text: String,
    /// The SQL as it stands in the literal; `None` where the text is Python as it stands.
    pub(crate) sql: Option<String>,
}

/// What Spark gets of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The SQL as it was pasted.
    Same,
    /// Other SQL, or several queries.
    Pieces(Vec<String>),
    /// Nothing: Python cannot read the code. The message of Python 3.11's `SyntaxError`.
    Refused(String),
    /// Something that is Python, but not one call with a literal.
    Other,
    /// What cannot be known here: a character by its Unicode name, half of a surrogate pair, code of the user's own.
    Unknown,
}

/// What is sent for the text of a statement.
///
/// `use_arrow` and `location` are written as Python prints them: `True`, `None`.
///
/// # Errors
///
/// With Python's message where a text starts with a comment that does not end with its line (`remove_comments_header`).
pub(crate) fn code(sql: &str, use_arrow: &str, location: &str) -> Result<Code, &'static str> {
    if sql.starts_with("/*") && !sql.contains("*/\n") {
        return Err("substring not found");
    }
    let space = if sql.ends_with('\'') { " " } else { "" };
    let sql = format!("{sql}{space}");
    if sql.contains(AS_IT_STANDS) {
        let text = dedent(&sql.replace(AS_IT_STANDS, ""));
        return Ok(Code { text, sql: None });
    }
    Ok(Code {
        text: format!("SqlWrapper2.execute('''{sql}''', use_arrow={use_arrow}, location='{location}')"),
        sql: Some(sql),
    })
}

/// What Spark reads of SQL that is sent with the usual rest of the call.
#[cfg(test)]
pub(crate) fn spark_reads(sql: &str) -> Reading {
    code(sql, "False", "None").map_or(Reading::Unknown, |code| code.reading())
}

impl Code {
    /// What Spark gets.
    pub(crate) fn reading(&self) -> Reading {
        let Some(sql) = &self.sql else {
            return reading::refusal(&self.text).map_or(Reading::Unknown, Reading::Refused);
        };
        if is_plain(sql) && self.text.matches(['\'', '\\', '\n', '\r']).count() == quotes_of_plain(sql) {
            return pieces(sql, sql.clone());
        }
        match reading::first_argument(&self.text) {
            reading::Read::Text(value) => pieces(sql, value),
            reading::Read::Refused(message) => Reading::Refused(message),
            reading::Read::Other => Reading::Other,
            reading::Read::Unknown => Reading::Unknown,
        }
    }
}

/// Whether Python takes a text in three quotes as it stands.
fn is_plain(sql: &str) -> bool {
    !sql.contains(['\\', '\r', '\0']) && !sql.contains("'''")
}

/// How many quotes and line ends the code has where only those of the SQL and of the call itself are in it.
fn quotes_of_plain(sql: &str) -> usize {
    const OF_THE_CALL: usize = 8;
    sql.matches(['\'', '\n']).count() + OF_THE_CALL
}

fn pieces(sql: &str, value: String) -> Reading {
    if value.contains(SPLITS) {
        let queries = value.split(SPLITS).filter(|query| !query.is_empty());
        return Reading::Pieces(queries.map(str::to_owned).collect());
    }
    if value == sql {
        return Reading::Same;
    }
    Reading::Pieces(vec![value])
}

/// Why Python refuses code that is sent as it stands, where that is certain without reading all of Python.
pub(crate) fn refusal(code: &str) -> Option<String> {
    reading::refusal(code)
}

/// Why Python refuses a text that is pasted between three double quotes.
pub(crate) fn refusal_of_pasted(text: &str) -> Option<String> {
    match reading::first_argument(&format!("SqlWrapper2.execute(\"\"\"{text}\"\"\")")) {
        reading::Read::Refused(message) => Some(message),
        _ => None,
    }
}

/// Python's `textwrap.dedent`.
pub(crate) fn dedent(text: &str) -> String {
    const BLANKS: [char; 2] = [' ', '\t'];
    let indent = |line: &str| line.len() - line.trim_start_matches(BLANKS).len();
    let lines: Vec<&str> = text
        .split('\n')
        .map(|line| if indent(line) == line.len() { "" } else { line })
        .collect();
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let own = line.get(..indent(line)).unwrap_or_default();
        let common = |margin: &str| {
            let shared = margin.bytes().zip(own.bytes()).take_while(|(a, b)| a == b);
            shared.count()
        };
        margin = Some(margin.map_or(own, |margin| own.get(..common(margin)).unwrap_or_default()));
    }
    let margin = margin.unwrap_or_default();
    let cut = |line: &&str| line.strip_prefix(margin).unwrap_or(line).to_owned();
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
