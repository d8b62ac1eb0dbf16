//! Finding the calls of dbt's functions, and whether dbt finds them too.
//!
//! Expressions are read as *chains*: a name, literal or bracket followed by attributes, calls and subscripts.
//! Whatever stands between chains is operators and keywords, so that chains can be told apart without a grammar.

use std::sync::Arc;

use glueline_base::Spanned;

use crate::literals;
use crate::model::{Argument, Call, CallKind, Star};
use crate::tokens::{Kind, MAX_DEPTH, Span, Tokens, is_keyword};

pub(crate) struct Found {
    pub(crate) calls: Vec<Call>,
    pub(crate) accesses: Vec<Spanned<Arc<str>>>,
}

/// Finds the calls on an object: the first parameter of `model`.
pub(crate) fn read(tokens: &Tokens<'_>, receiver: &str) -> Found {
    let mut walker = Walker {
        tokens,
        receiver,
        calls: Vec::new(),
        depth: 0,
    };
    for line in &tokens.lines {
        let span = Span {
            start: line.start,
            end: line.end,
        };
        // Whatever the parameter is called, dbt looks for `dbt`.
        walker.walk(span, receiver == "dbt");
    }
    let mut calls = walker.calls;
    calls.sort_by_key(|call| (call.range.start(), call.range.end()));
    Found {
        calls,
        accesses: accesses(tokens, receiver),
    }
}

fn accesses(tokens: &Tokens<'_>, receiver: &str) -> Vec<Spanned<Arc<str>>> {
    let mut found = Vec::new();
    for line in &tokens.lines {
        for token in line.start..line.end {
            let is_receiver = tokens.kind_at(token) == Some(Kind::Name)
                && tokens.text_at(token) == receiver
                && (token == line.start || tokens.text_at(token - 1) != ".");
            let has_name = tokens.text_at(token + 1) == "." && tokens.kind_at(token + 2) == Some(Kind::Name);
            if is_receiver && has_name && token + 2 < line.end {
                found.push(tokens.name_at(token + 2));
            }
        }
    }
    found
}

/// A part of a chain behind its first operand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trailer {
    Attribute(usize),
    Call(usize),
    Subscript(usize),
}

struct Chain {
    start: usize,
    end: usize,
    trailers: Vec<Trailer>,
}

struct Walker<'a, 't> {
    tokens: &'a Tokens<'t>,
    receiver: &'a str,
    calls: Vec<Call>,
    depth: usize,
}

impl Walker<'_, '_> {
    /// Looks at every chain of a span. `is_seen`: dbt looks there as well.
    fn walk(&mut self, span: Span, is_seen: bool) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let mut at = span.start;
        while at < span.end {
            if matches!(self.tokens.text_at(at), "def" | "class") {
                // The name behind is defined, not called.
                at += 2;
                continue;
            }
            match self.chain(at, span.end) {
                Some(chain) => {
                    at = chain.end;
                    self.visit(&chain, is_seen);
                }
                None => at += 1,
            }
        }
        self.depth -= 1;
    }

    /// The chain that starts at a token.
    fn chain(&self, start: usize, limit: usize) -> Option<Chain> {
        let tokens = self.tokens;
        match tokens.kind_at(start)? {
            Kind::Name if is_keyword(tokens.text_at(start)) => return None,
            Kind::Operator | Kind::Close => return None,
            _ => {}
        }
        let mut at = tokens.after(start);
        while tokens.kind_at(start) == Some(Kind::Str) && tokens.kind_at(at) == Some(Kind::Str) && at < limit
        {
            at += 1;
        }
        let mut trailers = Vec::new();
        while at < limit {
            match (tokens.text_at(at), tokens.kind_at(at)) {
                (".", _) if at + 1 < limit && tokens.kind_at(at + 1) == Some(Kind::Name) => {
                    trailers.push(Trailer::Attribute(at + 1));
                    at += 2;
                }
                ("(", Some(Kind::Open)) => {
                    trailers.push(Trailer::Call(at));
                    at = tokens.after(at);
                }
                ("[", Some(Kind::Open)) => {
                    trailers.push(Trailer::Subscript(at));
                    at = tokens.after(at);
                }
                _ => break,
            }
        }
        Some(Chain {
            start,
            end: at.min(limit),
            trailers,
        })
    }

    /// A chain in a place where dbt looks at everything, or at nothing.
    fn visit(&mut self, chain: &Chain, is_seen: bool) {
        let last_call = chain
            .trailers
            .iter()
            .rposition(|trailer| matches!(trailer, Trailer::Call(_)));
        for (index, trailer) in chain.trailers.iter().enumerate() {
            if let Trailer::Subscript(open) = trailer
                && last_call.is_none_or(|call| index > call)
            {
                self.walk(self.tokens.inside(*open), is_seen);
            }
        }
        match last_call {
            Some(call) => self.visit_call(chain, call, is_seen),
            None => self.visit_operand(chain, is_seen),
        }
    }

    fn visit_operand(&mut self, chain: &Chain, is_seen: bool) {
        if self.tokens.kind_at(chain.start) == Some(Kind::Open) {
            self.walk(self.tokens.inside(chain.start), is_seen);
        }
    }

    /// A call as dbt visits it: its arguments, then the call it is an attribute of.
    fn visit_call(&mut self, chain: &Chain, mut call: usize, mut is_seen: bool) {
        loop {
            self.record(chain, call, is_seen);
            if let Some(Trailer::Call(open)) = chain.trailers.get(call) {
                for argument in self.tokens.split(self.tokens.inside(*open), ",") {
                    self.visit_argument(argument, is_seen);
                }
            }
            // Through the attributes before the call.
            let mut before = call;
            while before > 0 && matches!(chain.trailers.get(before - 1), Some(Trailer::Attribute(_))) {
                before -= 1;
            }
            // What is called without being an attribute is not visited.
            is_seen &= before < call;
            let Some(index) = before.checked_sub(1) else {
                let operand = Span {
                    start: chain.start,
                    end: self.tokens.after(chain.start),
                };
                self.visit_expression(operand, is_seen, true);
                return;
            };
            call = index;
            if let Some(Trailer::Subscript(open)) = chain.trailers.get(index) {
                is_seen = false;
                self.walk(self.tokens.inside(*open), false);
            }
        }
    }

    fn visit_argument(&mut self, argument: Span, is_seen: bool) {
        let (_, star, value) = split_argument(self.tokens, argument);
        if star == Star::List {
            self.walk(value, false);
        } else {
            self.visit_value(value, is_seen);
        }
    }

    /// A value in which dbt looks for a call, or for a list, tuple or mapping of calls.
    fn visit_value(&mut self, value: Span, is_seen: bool) {
        let value = self.without_parentheses(value);
        let is_display = self.tokens.kind_at(value.start) == Some(Kind::Open)
            && self.tokens.after(value.start) == value.end
            && value.start < value.end;
        if !is_display {
            self.visit_expression(value, is_seen, false);
            return;
        }
        let inside = self.tokens.inside(value.start);
        let is_comprehension = self.tokens.find(inside, "for").is_some();
        let is_map = self.tokens.text_at(value.start) == "{";
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        for item in self.tokens.split(inside, ",") {
            let mut value = item;
            let mut is_value = !is_comprehension;
            if is_map {
                let colon = self.tokens.find(item, ":");
                if let Some(colon) = colon {
                    self.walk(Span { end: colon, ..item }, false);
                }
                let is_spread = self.tokens.text_at(item.start) == "**";
                is_value &= colon.is_some() || is_spread;
                value.start = colon.map_or(item.start + usize::from(is_spread), |colon| colon + 1);
            }
            self.visit_expression(value, is_seen && is_value, false);
        }
        self.depth -= 1;
    }

    /// An expression that dbt looks at only where it is a call as a whole, or attributes of one.
    fn visit_expression(&mut self, span: Span, is_seen: bool, through_attributes: bool) {
        let span = self.without_parentheses(span);
        let call = self
            .chain(span.start, span.end)
            .filter(|chain| chain.end == span.end)
            .and_then(|chain| {
                let is_attribute = |trailer: &Trailer| matches!(trailer, Trailer::Attribute(_));
                let last = chain
                    .trailers
                    .iter()
                    .rposition(|trailer| !through_attributes || !is_attribute(trailer))?;
                let is_call = matches!(chain.trailers.get(last), Some(Trailer::Call(_)));
                is_call.then_some((chain, last))
            });
        let Some((chain, last)) = call else {
            self.walk(span, false);
            return;
        };
        if self.depth <= MAX_DEPTH {
            self.depth += 1;
            self.visit_call(&chain, last, is_seen);
            self.depth -= 1;
        }
    }

    fn without_parentheses(&self, mut span: Span) -> Span {
        let tokens = self.tokens;
        while tokens.opener_at(span.start) == "(" && tokens.after(span.start) == span.end {
            let inside = tokens.inside(span.start);
            let is_plain = inside.start < inside.end
                && tokens.split(inside, ",").nth(1).is_none()
                && tokens.find(inside, "for").is_none();
            if !is_plain {
                break;
            }
            span = inside;
        }
        span
    }

    /// Keeps the call of a chain if it is one of dbt's functions.
    fn record(&mut self, chain: &Chain, call: usize, is_seen: bool) {
        let tokens = self.tokens;
        let is_receiver =
            tokens.kind_at(chain.start) == Some(Kind::Name) && tokens.text_at(chain.start) == self.receiver;
        if !is_receiver {
            return;
        }
        let name = |trailer: &Trailer| match trailer {
            Trailer::Attribute(token) => tokens.text_at(*token),
            _ => "",
        };
        let (kind, open) = match chain.trailers.get(..=call) {
            Some([function, Trailer::Call(open)]) => match name(function) {
                "ref" => (CallKind::Ref, *open),
                "source" => (CallKind::Source, *open),
                "config" => (CallKind::Config, *open),
                _ => return,
            },
            Some([object, function, Trailer::Call(open)]) if name(object) == "config" => match name(function)
            {
                "get" => (CallKind::ConfigGet, *open),
                "meta_get" => (CallKind::ConfigMetaGet, *open),
                _ => return,
            },
            _ => return,
        };
        let whole = Span {
            start: chain.start,
            end: tokens.after(open),
        };
        self.calls.push(Call {
            kind,
            range: tokens.range_of(whole),
            callee: tokens.range_of(Span { end: open, ..whole }),
            arguments: tokens
                .split(tokens.inside(open), ",")
                .filter(|part| part.start < part.end)
                .map(|part| read_argument(tokens, part))
                .collect(),
            is_seen,
        });
    }
}

fn read_argument(tokens: &Tokens<'_>, span: Span) -> Argument {
    let (name, star, value) = split_argument(tokens, span);
    let literal = literals::read(tokens, value);
    Argument {
        name: name.map(|token| tokens.name_at(token)),
        value: literal.node,
        star,
        is_literal: literal.is_literal && star == Star::None,
    }
}

/// The name, the stars and the value of an argument.
fn split_argument(tokens: &Tokens<'_>, span: Span) -> (Option<usize>, Star, Span) {
    let from = |start| Span { start, end: span.end };
    match tokens.text_at(span.start) {
        "*" => return (None, Star::List, from(span.start + 1)),
        "**" => return (None, Star::Map, from(span.start + 1)),
        _ => {}
    }
    let is_named = span.start + 1 < span.end
        && tokens.kind_at(span.start) == Some(Kind::Name)
        && tokens.text_at(span.start + 1) == "=";
    if is_named {
        return (Some(span.start), Star::None, from(span.start + 2));
    }
    (None, Star::None, span)
}
