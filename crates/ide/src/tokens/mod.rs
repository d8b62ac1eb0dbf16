//! Semantic tokens: what names stand for. Keywords of SQL, texts and numbers are left to the grammar of the editor; what only an
//! analysis knows is told: which name is a macro and which a variable, which `ref()` leads somewhere, which word of a query is a
//! common table expression, which key dbt reads.

mod sql;
mod symbols;
mod tags;

use glueline_base::{FileId, TextRange, slice};

use crate::Analysis;

/// What a token is. The names are those of the Language Server Protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A package, or a source as a whole.
    Namespace,
    /// A node: a model, a seed, a table of a source.
    Class,
    /// A common table expression.
    Type,
    /// A parameter of a macro.
    Parameter,
    /// A variable of a template, a name of dbt's context, an alias of a relation.
    Variable,
    /// A column, or a key.
    Property,
    /// A value out of a closed set.
    EnumMember,
    /// A function of dbt's context, a filter, a test of Jinja.
    Function,
    /// A macro, a generic test, a materialization.
    Macro,
    /// The word of a tag.
    Keyword,
    /// The part of a comment that speaks to Glueline.
    Decorator,
}

impl TokenKind {
    /// Every kind, in the order of the legend.
    pub const ALL: [Self; 11] = [
        Self::Namespace,
        Self::Class,
        Self::Type,
        Self::Parameter,
        Self::Variable,
        Self::Property,
        Self::EnumMember,
        Self::Function,
        Self::Macro,
        Self::Keyword,
        Self::Decorator,
    ];

    /// The name in the legend.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Class => "class",
            Self::Type => "type",
            Self::Parameter => "parameter",
            Self::Variable => "variable",
            Self::Property => "property",
            Self::EnumMember => "enumMember",
            Self::Function => "function",
            Self::Macro => "macro",
            Self::Keyword => "keyword",
            Self::Decorator => "decorator",
        }
    }
}

/// What else is true of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// The name comes to be here.
    Definition,
    /// The thing is described here, and defined elsewhere.
    Declaration,
    /// The name should not be used any more, or the node is disabled.
    Deprecated,
    /// dbt brings it.
    DefaultLibrary,
    /// Nothing has that name.
    Unresolved,
}

impl Modifier {
    /// Every modifier, in the order of the legend.
    pub const ALL: [Self; 5] = [
        Self::Definition,
        Self::Declaration,
        Self::Deprecated,
        Self::DefaultLibrary,
        Self::Unresolved,
    ];

    /// The name in the legend. `unresolved` is none of the protocol's own.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Declaration => "declaration",
            Self::Deprecated => "deprecated",
            Self::DefaultLibrary => "defaultLibrary",
            Self::Unresolved => "unresolved",
        }
    }

    /// The bit that stands for it.
    pub const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its bytes, which are on one line.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// The bits of what else is true of it.
    pub modifiers: u32,
}

impl Token {
    const fn new(range: TextRange, kind: TokenKind) -> Self {
        Self {
            range,
            kind,
            modifiers: 0,
        }
    }

    const fn with(mut self, modifier: Modifier) -> Self {
        self.modifiers |= modifier.bit();
        self
    }

    /// Whether something else is true of it.
    pub const fn has(self, modifier: Modifier) -> bool {
        self.modifiers & modifier.bit() != 0
    }
}

/// The tokens of a file, in the order of the text; none touches another's bytes.
pub fn tokens(analysis: &Analysis, file: FileId) -> Vec<Token> {
    let text = analysis.text(file);
    let mut found = symbols::read(analysis, file);
    found.extend(tags::read(analysis, file));
    // What the symbols say of a place goes before what its syntax says.
    let known = found.len();
    found.extend(sql::read(analysis, file));
    let mut ranked: Vec<(usize, Token)> = found.into_iter().enumerate().collect();
    ranked.sort_by_key(|(rank, token)| (token.range.start(), *rank >= known, token.range.len()));
    let mut out: Vec<Token> = Vec::with_capacity(ranked.len());
    for (_, token) in ranked {
        let is_free = out
            .last()
            .is_none_or(|last| last.range.end() <= token.range.start());
        let written = slice(text, token.range);
        if is_free && !written.is_empty() && !written.contains('\n') {
            out.push(token);
        }
    }
    out
}

/// The tokens of a part of a file.
pub fn tokens_in(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<Token> {
    let mut found = tokens(analysis, file);
    found.retain(|token| token.range.intersect(range).is_some());
    found
}
