//! Tokens, and the holes that a template leaves in a text.

use glueline_base::TextRange;

use crate::keyword::Keyword;

/// A piece of a text that is not SQL itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes.
    pub range: TextRange,
    /// What it comes to.
    pub kind: HoleKind,
}

/// What stands in the place of a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoleKind {
    /// Nothing: a comment, a tag, a call that prints nothing.
    Blank,
    /// The name of a relation.
    Relation,
    /// Some text: an expression, a part of a name, several columns, a whole query.
    Text,
}

/// A token of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub range: TextRange,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or keyword without quotes; which keyword, where the reader knows it.
    Word(Option<Keyword>),
    /// `` `name` ``
    Quoted,
    /// A name of which a hole is a part: `total_{{ currency }}`, `` `{{ name }}` ``.
    Templated,
    /// A hole that stands alone, by its number in the list given.
    Hole(u32),
    /// `'text'`, `"text"`, `r'text'`
    String,
    /// `1`, `1.5e3`, `10L`
    Number,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `*`
    Star,
    /// `;`
    Semicolon,
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    /// `::`
    DoubleColon,
    /// Any other sign.
    Operator,
}

impl TokenKind {
    /// Whether the token can be a name, or a part of one.
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Word(_) | Self::Quoted | Self::Templated)
    }

    /// Whether the token is this keyword.
    pub fn is(self, keyword: Keyword) -> bool {
        self == Self::Word(Some(keyword))
    }

    /// The keyword that the token may be.
    pub const fn keyword(self) -> Option<Keyword> {
        match self {
            Self::Word(keyword) => keyword,
            _ => None,
        }
    }
}
