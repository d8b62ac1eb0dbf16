//! As much of Python's grammar as it takes to read one call (`Grammar/python.gram` of CPython 3.11). Words for failures are
//! found in [`explain`](super::explain).

use rustc_hash::FxHashMap;

use super::literal::{self, Literal};
use super::tokens::{Kind, Token};

/// Why reading ends early.
pub(super) enum Raised {
    /// A rule found the words.
    Syntax(String),
    /// Nested deeper than is read here.
    TooDeep,
}

/// The token behind what was read; `None` where it is not there.
pub(super) type Found = Result<Option<usize>, Raised>;

/// The token that the arguments of `SqlWrapper2.execute(` start at.
pub(super) const ARGUMENTS: usize = 4;
/// How deep expressions may be nested.
const DEEPEST: usize = 150;

pub(super) struct Parser<'t> {
    pub(super) tokens: &'t [Token<'t>],
    /// Whether rules that only find words for a failure are tried.
    pub(super) explains: bool,
    pub(super) known: FxHashMap<(Rule, usize), Option<usize>>,
    depth: usize,
    /// What literals stand for, by the token at which they start.
    pub(super) literals: FxHashMap<usize, Literal>,
    /// The furthest token that was looked at.
    pub(super) furthest: std::cell::Cell<usize>,
    /// Where the first argument ends.
    pub(super) argument: Option<usize>,
}

/// A rule whose results are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rule {
    Expression,
    Disjunction,
    Primary,
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token<'t>]) -> Self {
        Self {
            tokens,
            explains: false,
            known: FxHashMap::default(),
            depth: 0,
            literals: FxHashMap::default(),
            furthest: std::cell::Cell::new(0),
            argument: None,
        }
    }

    pub(super) fn token(&self, at: usize) -> Option<&'t Token<'t>> {
        self.furthest.set(self.furthest.get().max(at));
        self.tokens.get(at)
    }

    pub(super) fn is(&self, at: usize, text: &str) -> bool {
        self.token(at)
            .is_some_and(|token| matches!(token.kind, Kind::Mark | Kind::Name) && token.text == text)
    }

    pub(super) fn is_kind(&self, at: usize, kind: Kind) -> bool {
        self.token(at).is_some_and(|token| token.kind == kind)
    }

    /// A name that is no keyword.
    pub(super) fn name(&self, at: usize) -> Option<&'t str> {
        let token = self.token(at)?;
        (token.kind == Kind::Name && !is_keyword(token.text)).then_some(token.text)
    }

    /// Tries a rule without those that find words.
    pub(super) fn quietly(&mut self, rule: impl FnOnce(&mut Self) -> Found) -> Found {
        let (explains, known) = (self.explains, std::mem::take(&mut self.known));
        self.explains = false;
        let found = rule(self);
        self.explains = explains;
        self.known = known;
        found
    }

    /// Tries a rule once at each token.
    pub(super) fn once(&mut self, rule: Rule, at: usize, read: impl FnOnce(&mut Self) -> Found) -> Found {
        if let Some(known) = self.known.get(&(rule, at)) {
            return Ok(*known);
        }
        if self.depth >= DEEPEST {
            return Err(Raised::TooDeep);
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        let found = found?;
        self.known.insert((rule, at), found);
        Ok(found)
    }

    /// The call, and what may follow it in its expression.
    pub(super) fn program(&mut self) -> Found {
        self.argument = None;
        let Some(end) = self.expression(0)? else {
            return Ok(None);
        };
        Ok(self.is_kind(end, Kind::Newline).then_some(end))
    }

    /// `disjunction ['if' disjunction 'else' expression]`
    pub(super) fn expression(&mut self, at: usize) -> Found {
        self.once(Rule::Expression, at, |parser| {
            if parser.explains {
                parser.explain_expression(at)?;
            }
            if parser.is(at, "lambda") {
                return parser.lambda(at + 1);
            }
            let Some(end) = parser.disjunction(at)? else {
                return Ok(None);
            };
            if parser.is(end, "if")
                && let Some(condition) = parser.disjunction(end + 1)?
                && parser.is(condition, "else")
                && let Some(end) = parser.expression(condition + 1)?
            {
                return Ok(Some(end));
            }
            Ok(Some(end))
        })
    }

    /// What stands behind `lambda`: parameters, with defaults or without, and what is given.
    pub(super) fn lambda(&mut self, at: usize) -> Found {
        let mut end = at;
        while !self.is(end, ":") {
            let star = usize::from(self.is(end, "*") || self.is(end, "**"));
            if self.name(end + star).is_none() {
                return Ok(None);
            }
            end += star + 1;
            if self.is(end, "=") {
                let Some(default) = self.expression(end + 1)? else {
                    return Ok(None);
                };
                end = default;
            }
            if self.is(end, ",") {
                end += 1;
            } else if !self.is(end, ":") {
                return Ok(None);
            }
        }
        self.expression(end + 1)
    }

    /// Operands with operators between them. What each binds does not matter here.
    pub(super) fn disjunction(&mut self, at: usize) -> Found {
        self.once(Rule::Disjunction, at, |parser| {
            let Some(mut end) = parser.operand(at, true)? else {
                return Ok(None);
            };
            while let Some((next, takes_not)) = parser.operator(end) {
                let Some(more) = parser.operand(next, takes_not)? else {
                    break;
                };
                end = more;
            }
            Ok(Some(end))
        })
    }

    /// The token behind an operator, and whether `not` may follow it.
    pub(super) fn operator(&self, at: usize) -> Option<(usize, bool)> {
        const MARKS: [&str; 20] = [
            "+", "-", "*", "/", "//", "%", "@", "**", "|", "^", "&", "<<", ">>", "==", "!=", "<", "<=", ">",
            ">=", "in",
        ];
        if self.is(at, "and") || self.is(at, "or") {
            return Some((at + 1, true));
        }
        if self.is(at, "is") {
            return Some((at + 1 + usize::from(self.is(at + 1, "not")), false));
        }
        if self.is(at, "not") && self.is(at + 1, "in") {
            return Some((at + 2, false));
        }
        MARKS
            .iter()
            .any(|mark| self.is(at, mark))
            .then_some((at + 1, false))
    }

    pub(super) fn operand(&mut self, at: usize, takes_not: bool) -> Found {
        let mut start = at;
        while takes_not && self.is(start, "not") {
            start += 1;
        }
        while ["+", "-", "~"].iter().any(|sign| self.is(start, sign)) {
            start += 1;
        }
        if self.is(start, "await") {
            start += 1;
        }
        self.primary(start)
    }

    /// An atom with attributes, calls and subscripts behind it.
    pub(super) fn primary(&mut self, at: usize) -> Found {
        self.once(Rule::Primary, at, |parser| {
            let Some(mut end) = parser.atom(at)? else {
                return Ok(None);
            };
            loop {
                let next = if parser.is(end, ".") && parser.name(end + 1).is_some() {
                    Some(end + 2)
                } else if parser.is(end, "(") {
                    parser.call(end)?
                } else if parser.is(end, "[") {
                    parser.list(end + 1, "]", true)?.filter(|close| *close > end + 2)
                } else {
                    None
                };
                let Some(next) = next else {
                    return Ok(Some(end));
                };
                end = next;
            }
        })
    }

    pub(super) fn atom(&mut self, at: usize) -> Found {
        let Some(token) = self.token(at) else {
            return Ok(None);
        };
        match token.kind {
            Kind::Name => {
                let is_atom = !is_keyword(token.text) || is_constant(token.text);
                Ok(is_atom.then_some(at + 1))
            }
            Kind::Number => Ok(Some(at + 1)),
            Kind::Text => self.texts(at),
            Kind::Mark => match token.text {
                "..." => Ok(Some(at + 1)),
                "(" => self.list(at + 1, ")", false),
                "[" => self.list(at + 1, "]", false),
                "{" => self.list(at + 1, "}", true),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Literals that stand side by side: they are joined when they are read, and so fail before anything behind them does.
    pub(super) fn texts(&mut self, at: usize) -> Found {
        let mut end = at;
        while self.is_kind(end, Kind::Text) {
            end += 1;
        }
        if !self.literals.contains_key(&at) {
            let tokens = self.tokens.get(at..end).unwrap_or_default();
            let read = literal::read(tokens.iter().map(|token| token.text)).map_err(Raised::Syntax)?;
            self.literals.insert(at, read);
        }
        Ok(Some(end))
    }

    /// Items between brackets, up to behind the closing one. `pairs` takes `a: b` too, as subscripts and braces do.
    pub(super) fn list(&mut self, at: usize, close: &str, pairs: bool) -> Found {
        let mut next = at;
        loop {
            if self.is(next, close) {
                return Ok(Some(next + 1));
            }
            let Some(end) = self.item(next, pairs)? else {
                return Ok(None);
            };
            if let Some(clauses) = self.for_clauses(end)?
                && self.is(clauses, close)
            {
                return Ok(Some(clauses + 1));
            }
            if self.is(end, ",") {
                next = end + 1;
            } else {
                return Ok(self.is(end, close).then_some(end + 1));
            }
        }
    }

    pub(super) fn item(&mut self, at: usize, pairs: bool) -> Found {
        let star = usize::from(self.is(at, "*") || (pairs && self.is(at, "**")));
        let colon = |parser: &Self, at| pairs && parser.is(at, ":");
        let start = if colon(self, at) {
            Some(at)
        } else {
            self.named(at + star)?
        };
        let Some(mut end) = start else {
            return Ok(None);
        };
        while colon(self, end) {
            end = self.expression(end + 1)?.unwrap_or(end + 1);
        }
        Ok(Some(end))
    }

    /// `NAME ':=' expression | expression`
    pub(super) fn named(&mut self, at: usize) -> Found {
        if self.name(at).is_some()
            && self.is(at + 1, ":=")
            && let Some(end) = self.expression(at + 2)?
        {
            return Ok(Some(end));
        }
        if self.explains {
            self.explain_named(at)?;
        }
        let end = self.expression(at)?;
        Ok(end.filter(|end| !self.is(*end, ":=")))
    }

    /// Operands with operators of arithmetic between them.
    pub(super) fn bitwise_or(&mut self, at: usize) -> Found {
        let Some(mut end) = self.operand(at, false)? else {
            return Ok(None);
        };
        while let Some((next, false)) = self.operator(end) {
            let is_comparison = self.tokens.get(end).is_some_and(|token| {
                matches!(
                    token.text,
                    "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "is" | "not"
                )
            });
            if is_comparison {
                break;
            }
            let Some(more) = self.operand(next, false)? else {
                break;
            };
            end = more;
        }
        Ok(Some(end))
    }

    /// `('for' targets 'in' disjunction ('if' disjunction)*)+`
    pub(super) fn for_clauses(&mut self, at: usize) -> Found {
        let mut end = at;
        loop {
            let start = end + usize::from(self.is(end, "async"));
            if !self.is(start, "for") {
                return Ok((end > at).then_some(end));
            }
            if self.explains {
                self.explain_target(start + 1)?;
            }
            let Some(mut target) = self.bitwise_target(start + 1)? else {
                return Ok(None);
            };
            while self.is(target, ",") {
                target = self.bitwise_target(target + 1)?.unwrap_or(target + 1);
            }
            if !self.is(target, "in") {
                return Ok(None);
            }
            let Some(mut source) = self.disjunction(target + 1)? else {
                return Ok(None);
            };
            while self.is(source, "if")
                && let Some(more) = self.disjunction(source + 1)?
            {
                source = more;
            }
            end = source;
        }
    }

    /// A target of `for`.
    pub(super) fn bitwise_target(&mut self, at: usize) -> Found {
        let is_target = self.name(at).is_some() || self.is(at, "(") || self.is(at, "[");
        if is_target { self.primary(at) } else { Ok(None) }
    }
}

pub(super) fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
        "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in",
        "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    KEYWORDS.binary_search(&name).is_ok()
}

pub(super) fn is_constant(name: &str) -> bool {
    matches!(name, "False" | "None" | "True")
}

/// Names that are keywords in some places.
pub(super) fn is_soft(name: &str) -> bool {
    matches!(name, "_" | "case" | "match")
}

/// Statements of Python 2.
pub(super) fn is_legacy(name: &str) -> bool {
    matches!(name, "print" | "exec")
}
