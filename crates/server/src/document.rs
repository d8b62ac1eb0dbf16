//! Open documents: texts as the client has them.

use std::sync::{Arc, OnceLock};

use ropey::Rope;
use tower_lsp_server::ls_types::{Position, TextDocumentContentChangeEvent, Uri};

use glueline_base::Utf8PathBuf;

use crate::position::{Encoding, within};

/// A document at one instant. A copy costs nothing and sees no later edit.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// The name that the client gave it; answers use the same.
    pub(crate) uri: Uri,
    /// Where it is saved; `None` for what has no file.
    pub(crate) path: Option<Utf8PathBuf>,
    /// The version that the client counts.
    pub(crate) version: i32,
    /// The language that the client takes it for.
    pub(crate) language: String,
    rope: Rope,
    /// The text in one piece, made when somebody asks.
    text: Arc<OnceLock<Arc<str>>>,
}

impl Document {
    pub(crate) fn new(
        uri: Uri,
        path: Option<Utf8PathBuf>,
        version: i32,
        language: String,
        text: &str,
    ) -> Self {
        Self {
            uri,
            path,
            version,
            language,
            rope: Rope::from_str(text),
            text: Arc::default(),
        }
    }

    /// The text in one piece. Made once for each version; costs as much as the text is long.
    pub(crate) fn text(&self) -> Arc<str> {
        self.text
            .get_or_init(|| {
                let mut text = String::with_capacity(self.rope.len_bytes());
                self.rope.chunks().for_each(|chunk| text.push_str(chunk));
                text.into()
            })
            .clone()
    }

    /// The document after edits, applied one after the other as the protocol has it.
    pub(crate) fn edited(
        &self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Self {
        let mut rope = self.rope.clone();
        for change in changes {
            match change.range {
                None => rope = Rope::from_str(&change.text),
                Some(range) => {
                    let (start, end) = (
                        character(&rope, range.start, encoding),
                        character(&rope, range.end, encoding),
                    );
                    let (start, end) = (start.min(end), start.max(end));
                    // Both lie inside the text, so neither can fail.
                    let _ = rope.try_remove(start..end);
                    let _ = rope.try_insert(start, &change.text);
                }
            }
        }
        Self {
            version,
            rope,
            text: Arc::default(),
            ..self.clone()
        }
    }
}

/// The number of the character at a position; see [`crate::position::Lines::offset`] for positions that do not exist.
fn character(rope: &Rope, position: Position, encoding: Encoding) -> usize {
    let line = usize::try_from(position.line).unwrap_or(usize::MAX);
    let (Some(text), Ok(start)) = (rope.get_line(line), rope.try_line_to_char(line)) else {
        return rope.len_chars();
    };
    let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
    // Most lines lie in one piece of the rope, and are short.
    let line: std::borrow::Cow<'_, str> = text.into();
    let line = line.trim_end_matches(['\r', '\n']);
    let bytes = within(line, wanted, encoding);
    start + line.get(..bytes).map_or(0, |before| before.chars().count())
}

#[cfg(test)]
mod tests {
    use tower_lsp_server::ls_types::Range;

    use super::*;
    use crate::position::Lines;

    fn document(text: &str) -> Document {
        let uri = "file:///a.sql".parse().unwrap();
        Document::new(uri, None, 1, "sql".to_owned(), text)
    }

    fn change(range: Option<[u32; 4]>, text: &str) -> TextDocumentContentChangeEvent {
        TextDocumentContentChangeEvent {
            range: range.map(|[a, b, c, d]| Range::new(Position::new(a, b), Position::new(c, d))),
            range_length: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_applied_in_their_order() {
        for (before, changes, after) in [
            ("", vec![(Some([0, 0, 0, 0]), "x")], "x"),
            ("abc", vec![(None, "new"), (Some([0, 3, 0, 3]), "er")], "newer"),
            ("a\r\nb", vec![(Some([0, 9, 1, 0]), "")], "ab"),
            ("😀x", vec![(Some([0, 2, 0, 3]), "y")], "😀y"),
            ("😀x", vec![(Some([0, 1, 0, 2]), "")], "x"),
            ("a\nb", vec![(Some([0, 0, 99, 0]), "z")], "z"),
            ("abc", vec![(Some([0, 3, 0, 1]), "-")], "a-"),
            (
                "a\u{2028}b\u{c}c\nd",
                vec![(Some([1, 0, 1, 1]), "e")],
                "a\u{2028}b\u{c}c\ne",
            ),
        ] {
            let changes = changes
                .into_iter()
                .map(|(range, text)| change(range, text))
                .collect();
            let found = document(before).edited(2, changes, Encoding::Utf16);
            assert_eq!(&*found.text(), after, "{before:?}");
        }
    }

    /// Ropes and texts have to agree on every position, or an edit lands elsewhere than it was meant.
    #[test]
    fn ropes_and_texts_count_alike() {
        let text = "a😀\r\n\ré\u{2028}\u{85}\u{b}\u{c}x\n\n\r\r\nend";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines::new(text.into(), encoding);
            let rope = Rope::from_str(text);
            for line in 0..9 {
                for column in 0..12 {
                    let position = Position::new(line, column);
                    let byte = rope.char_to_byte(character(&rope, position, encoding));
                    assert_eq!(
                        byte,
                        usize::from(lines.offset(position)),
                        "{encoding:?} {position:?}"
                    );
                }
            }
        }
    }
}
