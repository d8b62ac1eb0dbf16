//! A text as Python reads it in a literal, with the way back; and the queries that a program sends.

use super::SPLITS;
use super::literal::escape_at;
use super::reading::{Read, first_argument};
use crate::run::python::constants;

/// What Python makes of a text that stands between three quotes, with the way back to the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    text: String,
    /// Where what follows differs: an offset of what is read, and that of the text behind the difference.
    shifts: Vec<(usize, usize)>,
}

impl Pasted {
    /// Reads a text: line ends become one character, and escapes what they stand for. An escape that Python refuses, or that cannot
    /// be told, stays as it is.
    pub fn new(text: &str) -> Self {
        let mut read = Self {
            text: String::with_capacity(text.len()),
            shifts: Vec::new(),
        };
        let mut rest = text;
        while let Some(at) = rest.find(['\\', '\r']) {
            let (plain, special) = rest.split_at(at);
            read.text.push_str(plain);
            let (stands_for, after) = special_at(special);
            read.text.push_str(&stands_for);
            rest = after;
            read.shifts.push((read.text.len(), text.len() - rest.len()));
        }
        read.text.push_str(rest);
        read
    }

    /// What is read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the text of what stands at an offset of what is read.
    pub fn back(&self, offset: usize) -> usize {
        let before = self.shifts.partition_point(|(read, _)| *read <= offset);
        let last = before.checked_sub(1).and_then(|index| self.shifts.get(index));
        last.map_or(offset, |(read, text)| text + (offset - read))
    }
}

/// What a text that begins with a backslash or a carriage return begins with, and what is left of it.
fn special_at(text: &str) -> (String, &str) {
    let line_end = |text: &str| ["\r\n", "\r", "\n"].into_iter().find(|end| text.starts_with(end));
    if let Some(end) = line_end(text) {
        return ("\n".to_owned(), text.get(end.len()..).unwrap_or_default());
    }
    let after = text.get(1..).unwrap_or_default();
    if let Some(end) = line_end(after) {
        return (String::new(), after.get(end.len()..).unwrap_or_default());
    }
    match escape_at(text) {
        Some((stands_for, length)) => (stands_for, text.get(length..).unwrap_or_default()),
        None => ("\\".to_owned(), after),
    }
}

/// The queries that Spark gets of the `Code` of a statement, in order: what Python reads of the call of `SqlWrapper2`, split where the
/// session splits it, or of what a program hands to `spark.sql`. Nothing where Python cannot read it.
pub fn queries(code: &str) -> Vec<String> {
    if code.starts_with("SqlWrapper2.execute(") {
        return match first_argument(code) {
            Read::Text(text) => text
                .split(SPLITS)
                .filter(|query| !query.is_empty())
                .map(str::to_owned)
                .collect(),
            Read::Refused(_) | Read::Other | Read::Unknown => Vec::new(),
        };
    }
    constants(code, "spark.sql(")
        .into_iter()
        .chain(constants(code, "\nSqlWrapper2.execute("))
        .map(|text| Pasted::new(text).text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Pasted, queries};

    #[test]
    fn every_character_knows_where_it_stood() {
        for (text, read) in [
            ("select 1", "select 1"),
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            (r"'\\d+' x", r"'\d+' x"),
            (r"'\n' x\x41\u00e9y", "'\n' xA\u{e9}y"),
            ("a\\\nb\\\r\nc", "abc"),
            (r"\q\N{DIGIT ONE} \x4", r"\q\N{DIGIT ONE} \x4"),
            ("größer\\t世", "größer\t世"),
            ("\\", "\\"),
        ] {
            let pasted = Pasted::new(text);
            assert_eq!(pasted.text(), read);
            for (at, c) in read.char_indices() {
                let back = pasted.back(at);
                let there = text.get(back..).unwrap().chars().next().unwrap();
                assert!(
                    there == c || matches!(there, '\\' | '\r'),
                    "{text:?}: {c:?} at {at} is {there:?}"
                );
            }
            assert_eq!(pasted.back(read.len()), text.len(), "{text:?}");
        }
    }

    #[test]
    fn queries_are_what_spark_gets() {
        let wrapped = |sql: &str| format!("SqlWrapper2.execute('''{sql}''', use_arrow=False, location='x')");
        assert_eq!(queries(&wrapped("select '\\n' ")), ["select '\n' "]);
        assert_eq!(
            queries(&wrapped("set a=b\ndbt_next_query\nselect 1")),
            ["set a=b\n", "\nselect 1"]
        );
        assert!(queries(&wrapped("select '''x''' y")).is_empty());
        let program = "\nspark.sql(\"\"\"\nselect 1\"\"\").write\nSqlWrapper2.execute(\"\"\"select 2\"\"\")";
        assert_eq!(queries(program), ["\nselect 1", "select 2"]);
        assert!(queries("").is_empty());
    }
}
