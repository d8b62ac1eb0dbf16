//! Conditions that never hold, or always do.

use glueline_base::TextRange;

use super::Suspect;
use super::constant::is_constant;
use super::part::{Part, links, meaning};
use crate::analyze::Analyzer;
use crate::analyze::value::{Kind, Value};
use crate::syntax::ast::{Binary, Expr, ExprKind, Literal};

/// As many links of a chain are looked at.
const MOST: usize = 64;

impl Analyzer<'_> {
    /// `a = 1 and a = 2`, `a <> 1 or a <> 2`
    pub(super) fn contradiction(&mut self, op: Binary, whole: &Expr, value: &Value) {
        let wanted = if op == Binary::And {
            Binary::Equal
        } else {
            Binary::NotEqual
        };
        // the chain grows to the left: each of its nodes looks at what it adds
        if is_long(whole, op) {
            return;
        }
        let mut before = links((whole, value), op);
        let last = before.pop().and_then(|last| compared(last, wanted));
        let Some(last) = last.filter(|last| is_stable(last.value)) else {
            return;
        };
        let other = before.into_iter().find_map(|link| {
            compared(link, wanted)
                .filter(|other| other.value.key == last.value.key && differs(other.constant, last.constant))
        });
        if let Some(other) = other {
            let expr = self.spelled(last.value.range).into();
            let what = if op == Binary::And {
                Suspect::NeverBoth { expr }
            } else {
                Suspect::AlwaysEither { expr }
            };
            self.suspect_with(what, last.range, Some(other.range), Vec::new());
        }
    }

    /// `a = a`
    pub(super) fn compared_with_itself(&mut self, sides: [&Expr; 2], value: &Value, range: TextRange) {
        let [Some(left), Some(right)] = sides.map(|side| meaning(value, side)) else {
            return;
        };
        if left.key == right.key && is_stable(left) {
            let expr = self.spelled(sides[0].range).into();
            self.suspect(Suspect::ComparedWithItself { expr }, range);
        }
    }
}

/// A column, or a field of one: it is the same wherever it stands in a row.
fn is_stable(value: &Value) -> bool {
    match value.kind {
        Kind::Column(_) => true,
        Kind::Other => {
            value.name.is_some()
                && matches!(value.parts.as_slice(), [base] if base.range == value.range && is_stable(base))
        }
        _ => false,
    }
}

/// Whether a chain has more links than are looked at.
fn is_long(whole: &Expr, operator: Binary) -> bool {
    let mut expr = whole;
    for _ in 0..MOST {
        match &expr.kind {
            ExprKind::Binary { op, left, .. } if *op == operator => expr = left,
            _ => return false,
        }
    }
    true
}

/// A comparison with a constant.
struct Compared<'a> {
    /// What is compared.
    value: &'a Value,
    constant: &'a Expr,
    /// The bytes of it all.
    range: TextRange,
}

fn compared((expr, value): Part<'_>, wanted: Binary) -> Option<Compared<'_>> {
    let ExprKind::Binary { op, left, right } = &expr.kind else {
        return None;
    };
    let (subject, constant) = match (is_constant(left), is_constant(right)) {
        (false, true) => (left, right),
        (true, false) => (right, left),
        _ => return None,
    };
    (*op == wanted).then_some(Compared {
        value: meaning(value, subject)?,
        constant,
        range: expr.range,
    })
}

/// Two constants that surely are not equal.
fn differs(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Literal(Literal::String(one)), ExprKind::Literal(Literal::String(other))) => {
            // numbers and times have several spellings
            let word = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
            one.trim() != other.trim() && word(one) && word(other) && !one.eq_ignore_ascii_case(other)
        }
        (
            ExprKind::Literal(Literal::Number { digits: one, .. }),
            ExprKind::Literal(Literal::Number { digits: other, .. }),
        ) => {
            matches!((one.parse::<i64>(), other.parse::<i64>()), (Ok(one), Ok(other)) if one != other)
        }
        (ExprKind::Literal(Literal::Boolean(one)), ExprKind::Literal(Literal::Boolean(other))) => {
            one != other
        }
        _ => false,
    }
}
