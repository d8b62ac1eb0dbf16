//! The rules of Python's grammar that only find words for a failure (`invalid_...` in `Grammar/python.gram`).

use super::grammar::{Parser, Raised, is_constant, is_legacy, is_soft};
use super::tokens::Kind;

impl Parser<'_> {
    /// `invalid_expression` and `invalid_legacy_expression`.
    pub(super) fn explain_expression(&mut self, at: usize) -> Result<(), Raised> {
        let name = self.name(at);
        let is_prefix = name.is_some() && self.is_kind(at + 1, Kind::Text);
        if !is_prefix && !name.is_some_and(is_soft) {
            if let Some(end) = self.disjunction(at)?
                && let Some(more) = self.quietly(|parser| parser.expression(end))?
            {
                let is_legacy = end == at + 1 && name.is_some_and(is_legacy);
                let level = self.tokens.get(more - 1).map_or(0, |token| token.level);
                if !is_legacy && level > 0 {
                    return Err(syntax("invalid syntax. Perhaps you forgot a comma?"));
                }
            }
            if let Some(end) = self.disjunction(at)?
                && self.is(end, "if")
                && let Some(condition) = self.disjunction(end + 1)?
                && !self.is(condition, "else")
                && !self.is(condition, ":")
            {
                return Err(syntax("expected 'else' after 'if' expression"));
            }
        }
        if let Some(name) = name.filter(|name| is_legacy(name))
            && !self.is(at + 1, "(")
            && self.expression(at + 1)?.is_some()
        {
            return Err(syntax(&format!(
                "Missing parentheses in call to '{name}'. Did you mean {name}(...)?"
            )));
        }
        Ok(())
    }

    /// `invalid_named_expression`
    pub(super) fn explain_named(&mut self, at: usize) -> Result<(), Raised> {
        self.expression(at)?;
        let Some(end) = self.bitwise_or(at)? else {
            return Ok(());
        };
        if !self.is(end, "=") {
            return Ok(());
        }
        let Some(more) = self.bitwise_or(end + 1)? else {
            return Ok(());
        };
        if self.is(more, "=") || self.is(more, ":=") {
            return Ok(());
        }
        if end == at + 1 && self.name(at).is_some() {
            return Err(syntax(
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
            ));
        }
        let what = self.what(at, end);
        what.map_or(Ok(()), |what| {
            Err(syntax(&format!(
                "cannot assign to {what} here. Maybe you meant '==' instead of '='?"
            )))
        })
    }

    /// What CPython calls an expression (`_PyPegen_get_expr_name`); `None` where these words are not used for it.
    pub(super) fn what(&self, at: usize, end: usize) -> Option<&'static str> {
        let tokens = self.tokens.get(at..end)?;
        let [first, .., last] = tokens else {
            let [only] = tokens else { return None };
            return match (only.kind, only.text) {
                (Kind::Text | Kind::Number, _) => Some("literal"),
                (_, "False") => Some("False"),
                _ => None,
            };
        };
        if tokens.iter().all(|token| token.kind == Kind::Text) {
            return Some("literal");
        }
        if matches!(first.text, "+" | "-" | "~") {
            return Some("expression");
        }
        let outer = first.level;
        let is_joined = tokens.iter().any(|token| {
            token.level == outer
                && [
                    "+", "-", "*", "/", "//", "%", "@", "**", "|", "^", "&", "<<", ">>",
                ]
                .contains(&token.text)
        });
        if is_joined {
            return Some("expression");
        }
        match last.text {
            ")" if first.text != "(" => Some("function call"),
            "]" if first.text != "[" => Some("subscript"),
            _ if tokens.get(tokens.len().saturating_sub(2))?.text == "." => Some("attribute"),
            _ => None,
        }
    }

    /// `invalid_for_target`
    pub(super) fn explain_target(&mut self, at: usize) -> Result<(), Raised> {
        self.expression(at)?;
        if let Some(end) = self.bitwise_or(at)?
            && let Some(what @ ("literal" | "expression" | "function call")) = self.what(at, end)
        {
            return Err(syntax(&format!("cannot assign to {what}")));
        }
        Ok(())
    }

    /// `invalid_kwarg`
    pub(super) fn explain_keyword(&mut self, at: usize) -> Result<(), Raised> {
        let Some(token) = self.token(at) else {
            return Ok(());
        };
        if is_constant(token.text) && self.is(at + 1, "=") {
            return Err(syntax(&format!("cannot assign to {}", token.text)));
        }
        if self.name(at).is_some() && self.is(at + 1, "=") {
            if let Some(end) = self.expression(at + 2)?
                && self.for_clauses(end)?.is_some()
            {
                return Err(syntax(
                    "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
                ));
            }
            return Ok(());
        }
        if let Some(end) = self.expression(at)?
            && self.is(end, "=")
        {
            return Err(syntax(
                "expression cannot contain assignment, perhaps you meant \"==\"?",
            ));
        }
        Ok(())
    }

    /// `invalid_arguments`
    pub(super) fn explain_arguments(&mut self, at: usize) -> Result<(), Raised> {
        const GENERATOR: &str = "Generator expression must be parenthesized";
        let arguments = self.arguments(at)?;
        if let Some((end, _)) = arguments
            && self.is(end, ",")
            && self.is(end + 1, "*")
        {
            return Err(syntax(
                "iterable argument unpacking follows keyword argument unpacking",
            ));
        }
        if let Some(end) = self.expression(at)?
            && let Some(clauses) = self.for_clauses(end)?
            && self.is(clauses, ",")
        {
            return Err(syntax(GENERATOR));
        }
        let Some((end, count)) = arguments else {
            return Ok(());
        };
        if count > 1 && self.for_clauses(end)?.is_some() {
            return Err(syntax(GENERATOR));
        }
        if !self.is(end, ",") {
            return Ok(());
        }
        if let Some(more) = self.expression(end + 1)?
            && self.for_clauses(more)?.is_some()
        {
            return Err(syntax(GENERATOR));
        }
        if self.arguments(end + 1)?.is_some() {
            return Err(syntax("positional argument follows keyword argument"));
        }
        Ok(())
    }
}

pub(super) fn syntax(message: &str) -> Raised {
    Raised::Syntax(message.to_owned())
}
