//! One tag: where it ends, what it was meant to be, what stands in it.

use glueline_base::{Spanned, SyntaxError, TextRange, range, slice};

use super::Builder;
use super::parser::{Parser, is_operator_word, shown};
use super::tags::{end_name, is_end, is_tag, nearest_tag, tag_name};
use crate::scan::{EndFault, Scanner, TagEnd, TagKind, trim_at};
use crate::token::{Kind, Token};
use crate::{Branch, Expr, ExprKind, StatementKind, Tag, Trim};

/// What one tag turned out to be.
pub(super) enum Parsed<'a> {
    Output(Expr<'a>),
    /// A statement, and the tag it was taken for.
    Statement(Tag<'a>, &'static str, StatementKind<'a>),
    /// `elif` with its condition, or `else`.
    Branch(Tag<'a>, Option<Expr<'a>>),
    /// An end tag, by the name of the end tag it was taken for.
    End(Tag<'a>, &'static str),
    Unknown(Tag<'a>),
}

/// Where a tag stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    open: usize,
    inside: usize,
    pub(super) before: Trim,
    pub(super) end: TagEnd,
}

impl Place {
    pub(super) fn range(&self) -> TextRange {
        range(self.open, self.end.end)
    }

    pub(super) fn opener(&self) -> TextRange {
        range(self.open, self.open + 2)
    }
}

impl<'a> Builder<'a> {
    /// Reads the tag that opens at `open`; where the text goes on.
    pub(super) fn tag(&mut self, open: usize, kind: TagKind) -> usize {
        let (before, inside) = trim_at(self.text, open + 2);
        let mut scanner = std::mem::take(&mut self.scanner);
        let (place, parsed) = self.read_tag(&mut scanner, open, inside, before, kind);
        self.scanner = scanner;
        self.place(&place, parsed);
        place.end.end
    }

    /// Reads a tag as Jinja2 would; where that leads nowhere, line by line.
    fn read_tag(
        &mut self,
        scanner: &mut Scanner,
        open: usize,
        inside: usize,
        before: Trim,
        kind: TagKind,
    ) -> (Place, Parsed<'a>) {
        let place = |end| Place {
            open,
            inside,
            before,
            end,
        };
        if self.budget > 0 {
            match scanner.read(self.text, inside, kind) {
                Ok(end) => {
                    let errors = self.errors.len();
                    let parsed = self.parse_tag(&scanner.tokens, place(end), kind);
                    if self.errors.len() == errors || !swallows_tags(self.text, &scanner.tokens) {
                        return (place(end), parsed);
                    }
                    self.errors.truncate(errors);
                    self.budget = self.budget.saturating_sub(end.end - open);
                }
                Err(reached) => self.budget = self.budget.saturating_sub(reached - open),
            }
        }
        let end = scanner.read_lines(self.text, inside, kind);
        let parsed = self.parse_tag(&scanner.tokens, place(end), kind);
        (place(end), parsed)
    }

    fn parse_tag(&mut self, tokens: &[Token], place: Place, written: TagKind) -> Parsed<'a> {
        let text = self.text;
        let kind = self.meant_kind(tokens, &place, written);
        let muted = self.report_end(&place, written, kind)
            || report_broken_string(text, tokens, &mut self.errors)
            || (written != kind && place.end.fault.is_none() && {
                self.report_statement_in_output(&place);
                true
            });
        if tokens.is_empty() {
            return self.parse_empty(&place, kind, muted);
        }
        let mut parser = Parser::new(text, tokens, place.end.inside, &mut self.errors, muted);
        if kind == TagKind::Output {
            let expr = parser.tuple(true);
            parser.finish();
            parser.settle();
            return Parsed::Output(expr);
        }
        let first = parser.take();
        let name = if first.kind == Kind::Name {
            Spanned::new(parser.text_of(first), first.range())
        } else {
            Spanned::new("", range(first.start, first.start))
        };
        let tag = Tag {
            range: place.range(),
            before: place.before,
            after: place.end.trim,
            name,
        };
        if first.kind != Kind::Name {
            let found = shown(parser.text_of(first));
            parser.fail(
                format!("`{found}` cannot stand here: the name of a statement is expected"),
                first.range(),
            );
            return Parsed::Unknown(tag);
        }
        let parsed = parse_statement(&mut parser, tag, &self.unknown);
        parser.settle();
        parsed
    }

    fn parse_empty(&mut self, place: &Place, kind: TagKind, muted: bool) -> Parsed<'a> {
        let at = range(place.inside, place.inside);
        if kind == TagKind::Output {
            if !muted {
                self.error("`{{ }}` is empty: an expression is missing", place.range());
            }
            return Parsed::Output(Expr {
                range: at,
                kind: ExprKind::Error,
                height: 0,
            });
        }
        if !muted {
            self.error(
                "`{% %}` is empty: the name of a statement is missing",
                place.range(),
            );
        }
        Parsed::Unknown(Tag {
            range: place.range(),
            before: place.before,
            after: place.end.trim,
            name: Spanned::new("", at),
        })
    }

    /// Which tag was meant: a statement may stand in `{{ }}` by mistake, and an expression in `{% %}`.
    fn meant_kind(&self, tokens: &[Token], place: &Place, written: TagKind) -> TagKind {
        let Some(first) = tokens.first().filter(|token| token.kind == Kind::Name) else {
            return written;
        };
        let word = |token: &Token| self.text.get(token.start..token.end).unwrap_or("");
        let known = is_tag(word(first));
        let second = tokens.get(1);
        let other_end = matches!(place.end.fault, Some(EndFault::Other(_)));
        match written {
            TagKind::Output if known && other_end => TagKind::Statement,
            // No expression is a name after a name, but for operators.
            TagKind::Output if known && place.end.fault.is_none() => {
                let follows = second.is_some_and(|token| {
                    matches!(token.kind, Kind::Name | Kind::Str | Kind::Int | Kind::Float)
                        && !(token.kind == Kind::Name && is_operator_word(word(token)))
                });
                if follows {
                    TagKind::Statement
                } else {
                    TagKind::Output
                }
            }
            TagKind::Statement if !known => {
                let value = second.is_none_or(|token| {
                    matches!(token.kind, Kind::LParen | Kind::LBracket | Kind::Dot | Kind::Pipe)
                });
                let called = second.is_some_and(|token| token.kind == Kind::LParen);
                if (other_end && value) || called {
                    TagKind::Output
                } else {
                    TagKind::Statement
                }
            }
            kind => kind,
        }
    }

    /// Reports the end of the tag, if something is wrong with it.
    fn report_end(&mut self, place: &Place, written: TagKind, meant: TagKind) -> bool {
        let opener = |kind| if kind == TagKind::Output { "{{" } else { "{%" };
        let (message, at, text) = match place.end.fault {
            None if written == TagKind::Statement && meant == TagKind::Output => {
                let message =
                    "no statement has this name: to print a value write `{{ }}`, to only run it `{% do %}`";
                self.error(message, place.range());
                return true;
            }
            None => return false,
            Some(EndFault::Missing) => {
                let message = format!(
                    "`{}` is never closed: `{}` is missing",
                    opener(written),
                    written.closer()
                );
                self.error(message, place.opener());
                return true;
            }
            Some(EndFault::Comment(at)) => {
                let message = format!(
                    "no comment can stand inside `{} {}`: move it out",
                    opener(written),
                    written.closer()
                );
                self.error(message, at);
                return true;
            }
            Some(EndFault::Other(at)) if written == meant => {
                let found = slice(self.text, at);
                let message = format!(
                    "`{}` is closed by `{found}`: write `{}`",
                    opener(written),
                    written.closer()
                );
                (message, at, written.closer())
            }
            Some(EndFault::Other(_)) => {
                let message = format!(
                    "`{}` is closed by `{}`: write `{}`",
                    opener(written),
                    meant.closer(),
                    opener(meant)
                );
                (message, place.opener(), opener(meant))
            }
            Some(EndFault::Half(at)) => {
                let message = format!(
                    "`{}` is closed by a single `}}`: write `{}`",
                    opener(written),
                    written.closer()
                );
                (message, at, written.closer())
            }
        };
        self.errors.push(SyntaxError {
            message,
            range: at,
            fix: Some((at, text.to_owned())),
        });
        true
    }

    fn report_statement_in_output(&mut self, place: &Place) {
        let whole = place.range();
        let inside = self.text.get(place.inside..place.end.inside).unwrap_or("");
        let mark = |trim| if trim == Trim::Strip { "-" } else { "" };
        let fix = format!("{{%{}{inside}{}%}}", mark(place.before), mark(place.end.trim));
        self.errors.push(SyntaxError {
            message: "a statement stands in `{{ }}`: write `{% %}`".to_owned(),
            range: whole,
            fix: Some((whole, fix)),
        });
    }
}

fn parse_statement<'a>(parser: &mut Parser<'a, '_>, tag: Tag<'a>, unknown: &[&str]) -> Parsed<'a> {
    let written = tag.name.value;
    let known = is_tag(written);
    let meant = if known {
        None
    } else {
        report_unknown(parser, &tag, unknown)
    };
    let name = match meant {
        Some(meant) => meant,
        None if known => written,
        None => return Parsed::Unknown(tag),
    };
    if name == "else" || name == "elif" {
        return parse_branch(parser, tag, name);
    }
    if is_end(name) {
        if name == "endblock" {
            parser.take_if(Kind::Name);
        }
        if name != "endsnapshot" {
            parser.finish();
        }
        return match end_name(name) {
            Some(end) => Parsed::End(tag, end),
            None => Parsed::Unknown(tag),
        };
    }
    let kind = if name == "if" {
        let condition = Some(parser.condition());
        parser.finish_block();
        Some(StatementKind::If {
            branches: vec![Branch {
                tag,
                condition,
                body: Vec::new(),
            }],
        })
    } else {
        parser.statement(name)
    };
    parser.finish();
    match (kind, tag_name(name)) {
        (Some(kind), Some(name)) => Parsed::Statement(tag, name, kind),
        _ => Parsed::Unknown(tag),
    }
}

fn parse_branch<'a>(parser: &mut Parser<'a, '_>, tag: Tag<'a>, name: &str) -> Parsed<'a> {
    let else_if = name == "else" && parser.at_word("if");
    if else_if {
        let word = parser.take();
        let both = tag.name.range.cover(word.range());
        parser.error(SyntaxError {
            message: "`else` takes no condition: write `elif`".to_owned(),
            range: both,
            fix: Some((both, "elif".to_owned())),
        });
    }
    let condition = (else_if || name == "elif").then(|| parser.condition());
    parser.finish_block();
    Parsed::Branch(tag, condition)
}

/// Reports a tag that does not exist; the one that was meant, if that is known.
fn report_unknown(parser: &mut Parser<'_, '_>, tag: &Tag<'_>, unknown: &[&str]) -> Option<&'static str> {
    let written = tag.name.value;
    if written
        .strip_prefix("end")
        .is_some_and(|opened| unknown.contains(&opened))
    {
        return None;
    }
    let meant = nearest_tag(written);
    let message = match meant {
        Some(meant) => format!("no statement is called `{written}`: did you mean `{meant}`?"),
        None => format!("no statement is called `{written}`"),
    };
    parser.error(SyntaxError::new(message, tag.name.range));
    meant
}

/// Whether a string over several lines holds tags: then its quote most likely belongs elsewhere.
fn swallows_tags(text: &str, tokens: &[Token]) -> bool {
    tokens
        .iter()
        .filter(|token| token.kind == Kind::Str)
        .any(|token| {
            let string = text.get(token.start..token.end).unwrap_or("");
            string.contains('\n') && ["}}", "%}", "{{", "{%"].iter().any(|mark| string.contains(mark))
        })
}

/// Reports a string that is not closed. Blames the string before it whose closing quote is followed at once by a
/// word: there the quotes went out of step.
pub(super) fn report_broken_string(text: &str, tokens: &[Token], errors: &mut Vec<SyntaxError>) -> bool {
    let Some(broken) = tokens.iter().find(|token| token.kind == Kind::BrokenStr) else {
        return false;
    };
    let out_of_step = tokens.windows(2).find_map(|pair| match pair {
        [string, next] if string.kind == Kind::Str => {
            let touches = string.end == next.start && matches!(next.kind, Kind::Name | Kind::Int);
            touches.then_some(string)
        }
        _ => None,
    });
    let blamed = out_of_step.unwrap_or(broken);
    let quote = text.get(blamed.start..blamed.start + 1).unwrap_or("");
    errors.push(SyntaxError::new(
        format!("the text that starts here is never closed: `{quote}` is missing"),
        blamed.range(),
    ));
    true
}
