//! Stands in until the evaluator lands.
use std::sync::Arc;

use glueline_base::{MapEntry, Node, Spanned, TextRange, Value};
use glueline_jinja::{Expr, ExprKind, UnaryOp};
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach { Always, Never, Maybe }
pub(crate) trait Scope {
    fn name(&self, _n: &str, _r: TextRange) -> Value { Value::Unknown }
    fn call(&self, _c: &str, _a: &[Value], _k: &[(&str, Value)]) -> Value { Value::Unknown }
}
pub(crate) struct NoScope;
impl Scope for NoScope {}
pub(crate) fn evaluate(e: &Expr<'_>, s: &dyn Scope) -> Node {
    let v = match &e.kind {
        ExprKind::None => Value::Null,
        ExprKind::Bool(b) => Value::Bool(*b),
        ExprKind::Int(Some(i)) => Value::Int(*i),
        ExprKind::Float(f) => Value::Float(*f),
        ExprKind::Str(_) => Value::str(e.as_text().unwrap_or_default().into_owned()),
        ExprKind::List(i) | ExprKind::Tuple(i) => Value::List(i.iter().map(|x| evaluate(x, s)).collect()),
        ExprKind::Dict(d) => Value::Map(d.iter().filter_map(|(k, v)| {
            let k2 = evaluate(k, s);
            Some(MapEntry { key: Spanned::new(Arc::from(k2.value.display()), k.range), value: evaluate(v, s) })
        }).collect()),
        ExprKind::Name(n) => s.name(n.value, n.range),
        ExprKind::Unary { op: UnaryOp::Not, operand } => evaluate(operand, s).value.truthy().map_or(Value::Unknown, |b| Value::Bool(!b)),
        ExprKind::Unary { op: UnaryOp::Minus, operand } => match evaluate(operand, s).value { Value::Int(i) => Value::Int(-i), _ => Value::Unknown },
        ExprKind::Attribute { base, name } => evaluate(base, s).value.get(name.value).map_or(Value::Unknown, |n| n.value.clone()),
        ExprKind::Compare { first, rest } => match rest.as_slice() {
            [(glueline_jinja::CompareOp::Eq, r)] => { let (a, b) = (evaluate(first, s).value, evaluate(r, s).value); if a.is_known() && b.is_known() { Value::Bool(a == b) } else { Value::Unknown } }
            [(glueline_jinja::CompareOp::Ne, r)] => { let (a, b) = (evaluate(first, s).value, evaluate(r, s).value); if a.is_known() && b.is_known() { Value::Bool(a != b) } else { Value::Unknown } }
            _ => Value::Unknown },
        ExprKind::Conditional { then, condition, otherwise } => match (evaluate(condition, s).value.truthy(), otherwise) { (Some(true), _) => return evaluate(then, s), (Some(false), Some(o)) => return evaluate(o, s), _ => Value::Unknown },
        ExprKind::Call { callee, args } => match callee.path() { Some(p) => { let a: Vec<Value> = args.iter().filter(|a| a.is_positional()).map(|a| evaluate(&a.value, s).value).collect(); let k: Vec<(&str, Value)> = args.iter().filter_map(|a| Some((a.keyword()?, evaluate(&a.value, s).value))).collect(); s.call(&p, &a, &k) } None => Value::Unknown },
        ExprKind::Filter { base, filter } => match (filter.name.value, evaluate(base, s).value) { ("as_number" | "int", Value::Str(t)) => t.parse().map_or(Value::Unknown, Value::Int), ("trim", Value::Str(t)) => Value::str(t.trim()), ("lower", Value::Str(t)) => Value::str(t.to_lowercase()), ("as_bool", Value::Str(t)) => match &*t { "True" => Value::Bool(true), "False" => Value::Bool(false), _ => Value::Unknown }, ("as_text", v) => v, _ => Value::Unknown },
        ExprKind::Or(items) => { for i in items { let v = evaluate(i, s).value; match v.truthy() { Some(true) => return Spanned::new(v, e.range), Some(false) => {} None => return Spanned::new(Value::Unknown, e.range) } } Value::Bool(false) }
        ExprKind::And(items) => { for i in items { let v = evaluate(i, s).value; match v.truthy() { Some(false) => return Spanned::new(v, e.range), Some(true) => {} None => return Spanned::new(Value::Unknown, e.range) } } Value::Bool(true) }
        ExprKind::Test { base, name, negated, .. } => match (name.value, evaluate(base, s).value) { (_, Value::Unknown) => Value::Unknown, ("none", v) => Value::Bool((v == Value::Null) != *negated), _ => Value::Unknown },
        ExprKind::Concat(items) => { let mut o = String::new(); for i in items { let v = evaluate(i, s).value; if !v.is_known() { return Spanned::new(Value::Unknown, e.range); } o.push_str(&v.display()); } Value::str(o) }
        _ => Value::Unknown,
    };
    Spanned::new(v, e.range)
}
