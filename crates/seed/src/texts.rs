//! The fields of a text of CSV as they stand, without types: fixtures of unit tests (`csv.reader` of Python).

use crate::decode::Char;
use crate::records::{Event, Records};

/// Reads every record of a text, the header among them; one of a blank line has no fields.
pub fn texts(text: &str) -> Vec<Vec<String>> {
    let mut records = Records::new(',');
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut event = |event: Event<'_>| match event {
        Event::Field { text, .. } => row.push(text.to_owned()),
        Event::Record { .. } => rows.push(std::mem::take(&mut row)),
    };
    // Python opens files so that every kind of line end is one.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for (start, value) in text.char_indices() {
        let end = (start + value.len_utf8()) as u64;
        let start = start as u64;
        records.next(Char { value, start, end }, &mut event);
    }
    records.finish(&mut event);
    rows
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn fields_are_kept_as_they_stand() {
        for (text, expected) in [
            ("", "[]"),
            ("a,b\n1,\n", r#"[["a", "b"], ["1", ""]]"#),
            ("a\r\n\r\n\"x,\"\"y\"\"\n z\"", r#"[["a"], [], ["x,\"y\"\n z"]]"#),
            ("a, b\n'1',\t2", r#"[["a", " b"], ["'1'", "\t2"]]"#),
        ] {
            assert_eq!(format!("{:?}", texts(text)), expected, "{text:?}");
        }
    }
}
