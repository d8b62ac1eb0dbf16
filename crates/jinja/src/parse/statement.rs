//! What stands inside `{% %}`: the head of each statement, its body still empty.

use glueline_base::{Spanned, SyntaxError, range};

use super::parser::{Brackets, NEAR, Parser};
use crate::token::Kind;
use crate::{Arg, ArgKind, Definition, ExprKind, Filter, Loop, Param, StatementKind};

/// The arguments that dbt reads after the name of a materialization.
const MATERIALIZATION_ARGS: [&str; 3] = ["default", "adapter", "supported_languages"];

impl<'a> Parser<'a, '_> {
    /// The rest of a tag whose name was just taken; `None` for a name that is no statement.
    pub(super) fn statement(&mut self, name: &str) -> Option<StatementKind<'a>> {
        Some(match name {
            "if" => return None,
            "for" => self.for_head(),
            "set" => self.set_head(),
            "macro" => StatementKind::Macro(self.definition("the name of the macro")),
            "test" => StatementKind::Test(self.definition("the name of the test")),
            "materialization" => self.materialization_head(),
            "snapshot" => {
                let name = self.defined_name("the name of the snapshot");
                // dbt finds this tag by a pattern that takes anything after the name.
                self.skip_rest();
                StatementKind::Snapshot {
                    name,
                    body: Vec::new(),
                }
            }
            "docs" => {
                let name = self.defined_name("the name of the docs block");
                self.finish_block();
                StatementKind::Docs {
                    name,
                    body: Vec::new(),
                }
            }
            "call" => self.call_head(),
            "filter" => {
                let mut filters: Vec<_> = self.filter().into_iter().collect();
                filters.append(&mut self.filters());
                self.finish_block();
                StatementKind::FilterBlock {
                    filters,
                    body: Vec::new(),
                }
            }
            "do" => StatementKind::Do(self.tuple(true)),
            "print" => self.print(),
            "break" => StatementKind::Break,
            "continue" => StatementKind::Continue,
            "block" => self.block_head(),
            "with" => self.with_head(),
            "autoescape" => {
                let value = self.expression();
                self.finish_block();
                StatementKind::Autoescape {
                    value,
                    body: Vec::new(),
                }
            }
            "include" => {
                let template = self.expression();
                if self.at_word("ignore") && self.word_ahead(1) == Some("missing") {
                    self.take();
                    self.take();
                }
                self.import_context();
                StatementKind::Include(template)
            }
            "extends" => StatementKind::Extends(self.expression()),
            "import" => self.import(),
            "from" => self.import_from(),
            _ => return None,
        })
    }

    fn for_head(&mut self) -> StatementKind<'a> {
        let target = self.target(false);
        if !self.take_word("in") {
            self.fail_missing("`in`");
        }
        let iter = self.tuple(false);
        let filter = self.take_word("if").then(|| self.loop_condition());
        let recursive = self.take_word("recursive");
        self.finish_block();
        StatementKind::For(Box::new(Loop {
            target,
            iter,
            filter,
            recursive,
            body: Vec::new(),
            otherwise: None,
        }))
    }

    fn set_head(&mut self) -> StatementKind<'a> {
        let target = self.target(true);
        let token = self.peek();
        match token.kind {
            Kind::Assign => {
                self.take();
            }
            Kind::Eq => {
                self.take();
                self.error(SyntaxError {
                    message: "`==` compares: to set a value write `=`".to_owned(),
                    range: token.range(),
                    fix: Some((token.range(), "=".to_owned())),
                });
            }
            Kind::LBracket => {
                self.fail(
                    "`set` cannot set an item: write `{% do name.update({key: value}) %}`",
                    token.range(),
                );
                self.skip_rest();
                let value = self.error_expr();
                return StatementKind::Set { target, value };
            }
            Kind::Pipe | Kind::Colon | Kind::End => {
                let filters = self.filters();
                self.finish_block();
                return StatementKind::SetBlock {
                    target,
                    filters,
                    body: Vec::new(),
                };
            }
            _ => self.fail_missing("`=`"),
        }
        let value = self.tuple(true);
        StatementKind::Set { target, value }
    }

    /// Filters, each after its `|`.
    fn filters(&mut self) -> Vec<Filter<'a>> {
        let mut filters = Vec::new();
        while self.take_if(Kind::Pipe).is_some() {
            match self.filter() {
                Some(filter) => filters.push(filter),
                None => break,
            }
        }
        filters
    }

    fn definition(&mut self, what: &str) -> Definition<'a> {
        let name = self.defined_name(what);
        let params = if self.at(Kind::LParen) {
            self.params()
        } else {
            self.missing_params();
            Vec::new()
        };
        self.finish_block();
        Definition {
            name,
            params,
            body: Vec::new(),
        }
    }

    fn missing_params(&mut self) {
        let Some(previous) = self.previous() else { return };
        let place = range(previous.end, previous.end);
        let certain = self.at(Kind::End);
        self.error(SyntaxError {
            message: format!("`(` is missing after `{}`", self.text_of(previous)),
            range: previous.range(),
            fix: certain.then(|| (place, "()".to_owned())),
        });
        if !certain {
            self.skip_rest();
        }
    }

    /// The name of what is defined; empty where none is written.
    fn defined_name(&mut self, what: &str) -> Spanned<&'a str> {
        let token = self.peek();
        let Some(name) = self.name(what) else {
            return Spanned::new("", range(token.start, token.start));
        };
        if is_constant(name.value) {
            self.error(SyntaxError::new(
                format!("`{}` is a value and cannot be a name", name.value),
                name.range,
            ));
        }
        name
    }

    /// Parameters in parentheses, which come next; dbt lets a type stand after a colon.
    fn params(&mut self) -> Vec<Param<'a>> {
        self.take();
        let mut has_default = false;
        let params = self.list(
            Brackets {
                close: Kind::RParen,
                trailing_comma: false,
            },
            |parser| {
                let name = parser.name("the name of a parameter")?;
                if is_constant(name.value) {
                    parser.fail(
                        format!("`{}` is a value and cannot be a name", name.value),
                        name.range,
                    );
                }
                let annotation = parser.take_if(Kind::Colon).and_then(|_| parser.annotation());
                let default = parser.take_if(Kind::Assign).map(|_| parser.expression());
                if default.is_none() && has_default {
                    parser.error(SyntaxError::new(
                        format!(
                            "`{}` needs a default, since a parameter before it has one",
                            name.value
                        ),
                        name.range,
                    ));
                }
                has_default |= default.is_some();
                Some(Param {
                    name,
                    annotation,
                    default,
                })
            },
        );
        let repeats = |(index, param): (usize, &Param<'a>)| {
            let before = params.get(index.saturating_sub(NEAR)..index)?;
            let repeats = before
                .iter()
                .any(|earlier| earlier.name.value == param.name.value);
            repeats.then_some(param.name)
        };
        if let Some(name) = params.iter().enumerate().find_map(repeats) {
            self.error(SyntaxError::new(
                format!("`{}` is a parameter twice", name.value),
                name.range,
            ));
        }
        params
    }

    /// A type: a name, and perhaps types in brackets.
    fn annotation(&mut self) -> Option<glueline_base::TextRange> {
        let start = self.peek().start;
        self.name("a type")?;
        if self.take_if(Kind::LBracket).is_some() {
            self.list(
                Brackets {
                    close: Kind::RBracket,
                    trailing_comma: true,
                },
                Self::annotation,
            );
        }
        Some(self.range_from(start))
    }

    fn materialization_head(&mut self) -> StatementKind<'a> {
        let name = self.defined_name("the name of the materialization");
        let mut args = Vec::new();
        while self.take_if(Kind::Comma).is_some() {
            let Some(arg) = self.materialization_arg() else {
                break;
            };
            args.push(arg);
        }
        self.finish_block();
        StatementKind::Materialization {
            name,
            args,
            body: Vec::new(),
        }
    }

    fn materialization_arg(&mut self) -> Option<Arg<'a>> {
        let key = self.name("`default` or `adapter`")?;
        if !MATERIALIZATION_ARGS.contains(&key.value) {
            let mut message = format!("a materialization takes no `{}`", key.value);
            if let Some(meant) = glueline_base::nearest(key.value, MATERIALIZATION_ARGS) {
                message = format!("{message}: did you mean `{meant}`?");
            }
            self.error(SyntaxError::new(message, key.range));
        }
        if self.take_if(Kind::Assign).is_some() {
            let value = self.expression();
            if key.value == "adapter" && !matches!(value.kind, ExprKind::Str(_) | ExprKind::Error) {
                self.error(SyntaxError::new("the name of an adapter is a text", value.range));
            }
            return Some(Arg {
                range: key.range.cover(value.range),
                kind: ArgKind::Keyword(key),
                value,
            });
        }
        if matches!(key.value, "adapter" | "supported_languages") {
            self.fail_missing("`=`");
        }
        let value = Self::leaf(ExprKind::Name(key), key.range);
        Some(Arg {
            range: key.range,
            kind: ArgKind::Positional,
            value,
        })
    }

    fn call_head(&mut self) -> StatementKind<'a> {
        let params = if self.at(Kind::LParen) {
            self.params()
        } else {
            Vec::new()
        };
        let call = self.expression();
        if call.as_call().is_none() && call.kind != ExprKind::Error {
            self.error(SyntaxError::new(
                "`call` needs a call: write `()` after the name",
                call.range,
            ));
        }
        self.finish_block();
        StatementKind::CallBlock {
            params,
            call,
            body: Vec::new(),
        }
    }

    fn print(&mut self) -> StatementKind<'a> {
        let mut values = Vec::new();
        while !self.at(Kind::End) {
            values.push(self.expression());
            if self.take_if(Kind::Comma).is_none() {
                break;
            }
            if self.at(Kind::End) {
                self.fail_missing("an expression");
            }
        }
        StatementKind::Print(values)
    }

    fn block_head(&mut self) -> StatementKind<'a> {
        let name = self.defined_name("the name of the block");
        self.take_word("scoped");
        self.take_word("required");
        self.finish_block();
        StatementKind::Block {
            name,
            body: Vec::new(),
        }
    }

    fn with_head(&mut self) -> StatementKind<'a> {
        let mut bindings = Vec::new();
        while !self.at(Kind::End) && !self.at(Kind::Colon) {
            let target = self.target(false);
            if self.take_if(Kind::Assign).is_none() {
                self.fail_missing("`=`");
                break;
            }
            let value = self.expression();
            bindings.push((target, value));
            if self.take_if(Kind::Comma).is_none() {
                break;
            }
            if self.at(Kind::End) {
                self.fail_missing("a name");
            }
        }
        self.finish_block();
        StatementKind::With {
            bindings,
            body: Vec::new(),
        }
    }

    fn import(&mut self) -> StatementKind<'a> {
        let template = self.expression();
        if !self.take_word("as") {
            self.fail_missing("`as` and a name");
        }
        let alias = self.defined_name("a name");
        self.import_context();
        StatementKind::Import { template, alias }
    }

    fn import_from(&mut self) -> StatementKind<'a> {
        let template = self.expression();
        if !self.take_word("import") {
            self.fail_missing("`import`");
        }
        let mut names = Vec::new();
        while !self.import_context() {
            let Some(name) = self.name("a name") else { break };
            if name.value.starts_with('_') {
                self.error(SyntaxError::new(
                    "a name that starts with `_` cannot be imported",
                    name.range,
                ));
            }
            let alias = if self.take_word("as") {
                self.name("a name")
            } else {
                None
            };
            names.push((name, alias));
            if self.import_context() || self.take_if(Kind::Comma).is_none() {
                break;
            }
        }
        StatementKind::FromImport { template, names }
    }

    /// Takes `with context` or `without context`.
    fn import_context(&mut self) -> bool {
        let found =
            matches!(self.word_ahead(0), Some("with" | "without")) && self.word_ahead(1) == Some("context");
        if found {
            self.take();
            self.take();
        }
        found
    }
}

fn is_constant(name: &str) -> bool {
    matches!(name, "true" | "True" | "false" | "False" | "none" | "None")
}
