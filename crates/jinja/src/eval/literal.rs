//! Python literals in texts, as dbt's native filters read them.

use glueline_base::{MapEntry, Node, Spanned, TextRange, Value, range};

use crate::{Expr, ExprKind, UnaryOp, parse_expression};

/// The value that a text is the Python literal of; `None` where it is none. Every part gets the range `at`.
pub(super) fn python_literal(text: &str, at: TextRange) -> Option<Value> {
    // Python does not take a literal that is indented.
    if text.starts_with([' ', '\t']) {
        return None;
    }
    let (expr, errors) = parse_expression(text, range(0, text.len()));
    if !errors.is_empty() {
        return None;
    }
    literal(&expr, text, at)
}

fn literal(expr: &Expr<'_>, text: &str, at: TextRange) -> Option<Value> {
    let node = |expr: &Expr<'_>| Some(Spanned::new(literal(expr, text, at)?, at));
    let written = glueline_base::slice(text, expr.range).trim_matches(['(', ')', ' ']);
    Some(match &expr.kind {
        // `true` is Jinja's spelling, not Python's.
        ExprKind::None if written == "None" => Value::Null,
        ExprKind::Bool(value) if matches!(written, "True" | "False") => Value::Bool(*value),
        ExprKind::Int(value) => Value::Int((*value)?),
        ExprKind::Float(value) => Value::Float(*value),
        ExprKind::Str(value) => Value::str(value.text().as_ref()),
        ExprKind::List(items) | ExprKind::Tuple(items) => {
            Value::List(items.iter().map(node).collect::<Option<Vec<Node>>>()?)
        }
        ExprKind::Dict(entries) => {
            let entry = |(key, value): &(Expr<'_>, Expr<'_>)| {
                let key = Spanned::new(literal(key, text, at)?, at);
                Some(MapEntry::of(key, node(value)?))
            };
            Value::Map(entries.iter().map(entry).collect::<Option<Vec<MapEntry>>>()?)
        }
        ExprKind::Unary { op, operand } => match (op, literal(operand, text, at)?) {
            (UnaryOp::Minus, Value::Int(value)) => Value::Int(value.checked_neg()?),
            (UnaryOp::Minus, Value::Float(value)) => Value::Float(-value),
            (UnaryOp::Plus, value @ (Value::Int(_) | Value::Float(_))) => value,
            _ => return None,
        },
        _ => return None,
    })
}
