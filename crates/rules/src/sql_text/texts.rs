//! The SQL of a file as it is written between the Jinja.

use glueline_base::{FileRange, TextRange, TextSize, range, slice};
use glueline_jinja::{Piece, StatementKind};
use glueline_project::facts::sql::SqlFacts;
use glueline_project::{Node, ResourceType};

use crate::context::NodeCx;

/// The texts of a node: those of its snapshot block, or those of its file outside of macros.
pub(crate) fn of_node<'a>(node: &Node, facts: &'a SqlFacts) -> impl Iterator<Item = TextRange> + 'a {
    let block = node.block.and_then(|block| facts.snapshots.get(block));
    let within = block.map(|block| block.range);
    let is_definition = move |text: &TextRange| {
        let macros = facts.macros.iter().map(|definition| definition.range);
        macros.into_iter().any(|range| range.contains_range(*text))
    };
    let in_block = move |text: &TextRange| within.is_none_or(|within| within.contains_range(*text));
    facts
        .texts
        .iter()
        .copied()
        .filter(move |text| in_block(text) && !is_definition(text))
}

/// Whether dbt-glue sends the node's SQL to Glue as it is rendered, inside a statement of its own.
pub(crate) fn is_sent(cx: &NodeCx<'_>) -> bool {
    match cx.node.kind {
        ResourceType::Model => ["view", "table", "incremental"]
            .iter()
            .any(|kind| cx.is_model(kind)),
        ResourceType::Snapshot => cx.is_snapshot(),
        ResourceType::Test => cx.node.generic_test.is_none(),
        _ => false,
    }
}

/// Whether a place is in text that is rendered whatever conditions, loops and blocks do.
pub(crate) fn is_always_rendered(text: &str, at: TextSize) -> bool {
    fn has(pieces: &[Piece<'_>], at: TextSize) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Text(range) => range.contains(at),
            Piece::Statement(statement) => match &statement.kind {
                StatementKind::Snapshot { body, .. } => has(body, at),
                _ => false,
            },
            _ => false,
        })
    }
    has(&glueline_jinja::parse(text).body, at)
}

/// Where a word first stands in a node's SQL.
pub(crate) fn find(cx: &NodeCx<'_>, word: &str) -> Option<FileRange> {
    let file = cx.node.file();
    let text = cx.project.files().text(file);
    if !text.contains(word) {
        return None;
    }
    let facts = cx.project.facts(file).sql()?;
    of_node(cx.node, facts).find_map(|part| {
        let at = usize::from(part.start()) + slice(text, part).find(word)?;
        Some(FileRange {
            file,
            range: range(at, at + word.len()),
        })
    })
}

/// What a place in SQL belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lexed {
    /// Names, keywords, operators.
    #[default]
    Code,
    /// A literal in single quotes.
    Literal,
    /// In double quotes, which Spark reads as a literal too.
    DoubleQuoted,
    /// A name in back-ticks.
    Name,
    /// A comment to the end of its line.
    LineComment,
    /// A comment between `/*` and `*/`.
    BlockComment,
}

/// Follows SQL through texts with gaps of Jinja between them.
#[derive(Debug, Default)]
pub(crate) struct Lexer {
    /// What the next byte belongs to.
    pub(crate) state: Lexed,
}

impl Lexer {
    /// Reads one text; calls `see` for each byte with what it belongs to. A quote belongs to what it encloses.
    pub(crate) fn read(&mut self, text: &str, mut see: impl FnMut(usize, u8, Lexed)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied();
            let (width, within, after) = step(self.state, byte, next);
            for offset in 0..width {
                if let Some(&byte) = bytes.get(at + offset) {
                    see(at + offset, byte, within);
                }
            }
            self.state = after;
            at += width;
        }
    }
}

/// How many bytes belong together, to what, and what comes after them.
fn step(state: Lexed, byte: u8, next: Option<u8>) -> (usize, Lexed, Lexed) {
    use Lexed::{BlockComment, Code, DoubleQuoted, LineComment, Literal, Name};
    match (state, byte, next) {
        (Code, b'\'', _) => (1, Literal, Literal),
        (Code, b'"', _) => (1, DoubleQuoted, DoubleQuoted),
        (Code, b'`', _) => (1, Name, Name),
        (Code, b'-', Some(b'-')) => (2, LineComment, LineComment),
        (Code, b'/', Some(b'*')) => (2, BlockComment, BlockComment),
        (Literal | DoubleQuoted, b'\\', Some(_)) => (2, state, state),
        (Literal, b'\'', _) | (DoubleQuoted, b'"', _) | (Name, b'`', _) | (LineComment, b'\n', _) => {
            (1, state, Code)
        }
        (BlockComment, b'*', Some(b'/')) => (2, BlockComment, Code),
        _ => (1, state, state),
    }
}

/// The texts with what stands in front of each, from the end of the text before.
pub(crate) fn with_gaps(
    text: &str,
    texts: impl Iterator<Item = TextRange>,
) -> impl Iterator<Item = (&str, TextRange)> {
    let mut end = None;
    texts.map(move |range| {
        let gap = end.map_or("", |end: TextSize| {
            if end <= range.start() {
                slice(text, TextRange::new(end, range.start()))
            } else {
                ""
            }
        });
        end = Some(range.end());
        (gap, range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexed(text: &str) -> String {
        let mut lexer = Lexer::default();
        let mut out = String::new();
        lexer.read(text, |_, _, state| {
            out.push(match state {
                Lexed::Code => '.',
                Lexed::Literal => 'l',
                Lexed::DoubleQuoted => 'd',
                Lexed::Name => 'n',
                Lexed::LineComment => 'c',
                Lexed::BlockComment => 'b',
            });
        });
        out
    }

    #[test]
    fn sql_is_told_apart() {
        assert_eq!(lexed("a 'b' \"c\" `d`"), "..lll.ddd.nnn");
        assert_eq!(lexed("a -- b'\nc"), "..cccccc.");
        assert_eq!(lexed("/* ' */ x"), "bbbbbbb..");
        assert_eq!(lexed(r"'it\'s' x"), "lllllll..");
        assert_eq!(lexed("'a''b'"), "llllll");
    }

    #[test]
    fn every_prefix_is_read() {
        let text = "select 'é\\'x' -- y\n/* z */ \"a\\\" `b`";
        for (at, _) in text.char_indices() {
            let mut seen = 0;
            Lexer::default().read(text.get(..at).unwrap(), |_, _, _| seen += 1);
            assert_eq!(seen, at);
        }
    }
}
