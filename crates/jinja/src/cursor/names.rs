//! The blocks that are open at an offset, and the names that the file binds before it.

use glueline_base::{TextRange, range};

use crate::parse::{end_tag, is_end};
use crate::token::{Kind, Token};

/// A block without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBlock {
    /// The tag that would end it: `endif`.
    pub end: &'static str,
    /// The keyword of the tag that opened it.
    pub keyword: TextRange,
}

/// How a name is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalKind {
    /// `{% set %}`
    Set,
    /// `{% for %}`
    Loop,
    /// A parameter of a macro, a test or a call block.
    Parameter,
    /// `{% macro %}`
    Macro,
}

/// A name that a file binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalName {
    /// How.
    pub kind: LocalKind,
    /// The name where it is bound.
    pub name: TextRange,
    /// What stands in the tag that binds it.
    pub tag: TextRange,
}

/// Gathers both while tags are read in their order.
#[derive(Debug, Default)]
pub(super) struct Names {
    open: Vec<(OpenBlock, usize)>,
    names: Vec<LocalName>,
}

/// How many blocks are followed into one another.
const MAX_OPEN: usize = 512;

impl Names {
    /// Takes in a statement that ends before the offset.
    pub(super) fn statement(&mut self, text: &str, start: usize, tokens: &[Token]) {
        let Some(first) = tokens.first().filter(|token| token.kind == Kind::Name) else {
            return;
        };
        let word = |token: &Token| text.get(token.start..token.end).unwrap_or("");
        let keyword = word(first);
        let tag = range(start, tokens.last().map_or(first.end, |token| token.end));
        if is_end(keyword) {
            self.close(keyword);
            return;
        }
        let rest = tokens.get(1..).unwrap_or_default();
        let assigns = rest.iter().position(|token| token.kind == Kind::Assign);
        let Some(end) = end_tag(keyword) else { return };
        let mark = self.names.len();
        let mut bind = |token: &Token, kind| {
            self.names.push(LocalName {
                kind,
                name: token.range(),
                tag,
            });
        };
        match keyword {
            "set" => {
                let targets = rest
                    .get(..assigns.unwrap_or(rest.len().min(1)))
                    .unwrap_or_default();
                // `set ns.total = 1` binds nothing new.
                if targets.iter().all(|token| token.kind != Kind::Dot) {
                    for token in targets.iter().filter(|token| token.kind == Kind::Name) {
                        bind(token, LocalKind::Set);
                    }
                }
                if assigns.is_some() {
                    return;
                }
                self.open(end, first, self.names.len());
                return;
            }
            "for" => {
                let is_in = |token: &Token| token.kind == Kind::Name && word(token) == "in";
                let until = rest.iter().position(is_in).unwrap_or(rest.len());
                let targets = rest.get(..until).unwrap_or_default();
                for token in targets.iter().filter(|token| token.kind == Kind::Name) {
                    bind(token, LocalKind::Loop);
                }
            }
            "macro" => {
                if let Some(name) = rest.first().filter(|token| token.kind == Kind::Name) {
                    bind(name, LocalKind::Macro);
                }
                self.open(end, first, self.names.len());
                self.parameters(rest.get(1..).unwrap_or_default(), tag);
                return;
            }
            "test" => {
                self.open(end, first, mark);
                self.parameters(rest.get(1..).unwrap_or_default(), tag);
                return;
            }
            "call" => {
                self.open(end, first, mark);
                self.parameters(rest, tag);
                return;
            }
            _ => {}
        }
        self.open(end, first, mark);
    }

    /// The names in the parentheses that come first: those that stand at their start or behind a comma.
    fn parameters(&mut self, tokens: &[Token], tag: TextRange) {
        if tokens.first().is_none_or(|token| token.kind != Kind::LParen) {
            return;
        }
        let mut depth = 0_usize;
        let mut starts = false;
        for token in tokens {
            match token.kind {
                Kind::LParen | Kind::LBracket | Kind::LBrace => {
                    depth += 1;
                    starts = depth == 1;
                    continue;
                }
                kind if kind.is_closer() => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                Kind::Comma if depth == 1 => {
                    starts = true;
                    continue;
                }
                Kind::Name if starts && depth == 1 => self.names.push(LocalName {
                    kind: LocalKind::Parameter,
                    name: token.range(),
                    tag,
                }),
                _ => {}
            }
            starts = false;
        }
    }

    fn open(&mut self, end: &'static str, keyword: &Token, mark: usize) {
        if self.open.len() < MAX_OPEN {
            let block = OpenBlock {
                end,
                keyword: keyword.range(),
            };
            self.open.push((block, mark));
        }
    }

    fn close(&mut self, end: &str) {
        let Some(at) = self.open.iter().rposition(|(block, _)| block.end == end) else {
            return;
        };
        // A condition has no scope of its own; every other block has.
        if let Some((block, mark)) = self.open.get(at)
            && block.end != "endif"
        {
            self.names.truncate(*mark);
        }
        self.open.truncate(at);
    }

    pub(super) fn finish(self) -> (Vec<OpenBlock>, Vec<LocalName>) {
        let open = self.open.into_iter().map(|(block, _)| block).collect();
        (open, self.names)
    }
}
