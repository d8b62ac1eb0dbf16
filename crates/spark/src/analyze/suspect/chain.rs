//! Conditions that never hold, or always do.

use glueline_base::TextRange;

use super::Suspect;
use super::constant::is_constant;
use crate::analyze::Analyzer;
use crate::analyze::value::{Kind, Value};
use crate::syntax::ast::{Binary, Expr, ExprKind, Literal};

/// As many links of a chain are looked at.
const MOST: usize = 64;

impl Analyzer<'_> {
    /// `a = 1 and a = 2`, `a <> 1 or a <> 2`
    pub(super) fn contradiction(&mut self, op: Binary, whole: &Expr, value: &Value) {
        let ExprKind::Binary { left, right, .. } = &whole.kind else {
            return;
        };
        let wanted = if op == Binary::And {
            Binary::Equal
        } else {
            Binary::NotEqual
        };
        // the chain grows to the left: each of its nodes looks at what it adds
        let Some(last) = compared(right, wanted) else {
            return;
        };
        let mut before = Vec::new();
        links(left, op, &mut before);
        let Some(subject) = meaning(value, last.0.range) else {
            return;
        };
        if !is_stable(subject) {
            return;
        }
        for link in before {
            let Some(other) = compared(link, wanted) else {
                continue;
            };
            let same = meaning(value, other.0.range).is_some_and(|other| other.key == subject.key);
            if same && differs(last.1, other.1) {
                let expr = self.spelled(last.0.range).into();
                let what = if op == Binary::And {
                    Suspect::NeverBoth { expr }
                } else {
                    Suspect::AlwaysEither { expr }
                };
                return self.suspect_with(what, right.range, Some(link.range), Vec::new());
            }
        }
    }

    /// `a = a`
    pub(super) fn compared_with_itself(&mut self, sides: [&Expr; 2], value: &Value, range: TextRange) {
        let [Some(left), Some(right)] =
            sides.map(|side| value.parts.iter().find(|part| part.range == side.range))
        else {
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

fn meaning(value: &Value, range: TextRange) -> Option<&Value> {
    value.first(&|part| part.range == range)
}

fn links<'e>(expr: &'e Expr, wanted: Binary, found: &mut Vec<&'e Expr>) {
    let mut expr = expr;
    while let ExprKind::Binary { op, left, right } = &expr.kind
        && *op == wanted
    {
        if found.len() > MOST {
            return;
        }
        found.push(right);
        expr = left;
    }
    found.push(expr);
}

/// What is compared with a constant, and the constant.
fn compared(expr: &Expr, wanted: Binary) -> Option<(&Expr, &Expr)> {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if *op == wanted => {
            match (is_constant(left), is_constant(right)) {
                (false, true) => Some((left, right)),
                (true, false) => Some((right, left)),
                _ => None,
            }
        }
        _ => None,
    }
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
