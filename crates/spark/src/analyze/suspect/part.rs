//! Parts of expressions with what they mean. Each is found beside its whole, so that long chains cost no more than their length.

use crate::analyze::value::Value;
use crate::syntax::ast::{Binary, Expr, ExprKind};

/// An expression and what it means.
pub(super) type Part<'a> = (&'a Expr, &'a Value);

/// What an operand of an expression means.
pub(super) fn meaning<'v>(whole: &'v Value, operand: &Expr) -> Option<&'v Value> {
    whole.parts.iter().find(|part| part.range == operand.range)
}

/// What stands between the same operators, `and` or `or`, in order; the whole where it is none of them.
pub(super) fn links(whole: Part<'_>, operator: Binary) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    collect(whole, operator, &mut found);
    found
}

fn collect<'a>(whole: Part<'a>, operator: Binary, found: &mut Vec<Part<'a>>) {
    // chains grow to the left
    let mut rights = Vec::new();
    let (mut expr, mut value) = whole;
    while let ExprKind::Binary { op, left, right } = &expr.kind
        && *op == operator
        && let [first, second] = value.parts.as_slice()
    {
        rights.push((&**right, second));
        (expr, value) = (&**left, first);
    }
    found.push((expr, value));
    for right in rights.into_iter().rev() {
        if matches!(&right.0.kind, ExprKind::Binary { op, .. } if *op == operator) {
            collect(right, operator, found);
        } else {
            found.push(right);
        }
    }
}
