//! Folding expressions into values, as far as they are known, by the rules of Python.

mod calls;
mod filters;
mod literal;
mod methods;
mod numbers;
mod operators;
mod sequences;
mod text;

use std::borrow::Cow;
use std::sync::Arc;

use glueline_base::{MapEntry, Node, Spanned, TextRange, Value};

use crate::{BinaryOp, Condition, Expr, ExprKind, UnaryOp};

/// How many bytes of texts and lists one evaluation may make.
const BUDGET: usize = 1 << 20;

/// The attributes that a mapping has of itself.
const MAPPING_METHODS: [&str; 11] = [
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

/// What names, attributes and functions stand for. What is not known is [`Value::Unknown`], which is also what the
/// methods answer unless they are implemented.
pub trait Scope {
    /// The value of a name.
    fn name(&self, _name: &str, _range: TextRange) -> Value {
        Value::Unknown
    }

    /// The value at a dotted path whose base has no known value: `target.name`, also written `target['name']`.
    fn attribute(&self, _path: &str, _range: TextRange) -> Value {
        Value::Unknown
    }

    /// What a call by a dotted path gives: `var`, `env_var`, `config.get`.
    fn call(&self, _callee: &str, _args: &[Node], _kwargs: &[(&str, Node)], _range: TextRange) -> Value {
        Value::Unknown
    }

    /// Whether `as_bool`, `as_number`, `as_native` and `as_text` turn texts into values, as they do in dbt's YAML
    /// files. In SQL they do nothing.
    fn native(&self) -> bool {
        false
    }
}

/// A scope in which nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoScope;

impl Scope for NoScope {}

/// Whether code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It runs.
    Always,
    /// It does not.
    Never,
    /// It is not known.
    Maybe,
}

/// What an expression stands for. Parts of lists and mappings that are written out keep their own ranges.
///
/// An expression that Python would fail on, or one whose value is undefined, is unknown.
pub fn eval(expr: &Expr<'_>, scope: &dyn Scope) -> Node {
    let mut evaluator = Evaluator {
        scope,
        budget: BUDGET,
    };
    evaluator.node(expr)
}

/// Whether an expression is true; `None` where that is not known. Knows more than the truth of [`eval`]: of
/// `unknown and false` the value is not known, but it is not true.
pub fn truth(expr: &Expr<'_>, scope: &dyn Scope) -> Option<bool> {
    let mut evaluator = Evaluator {
        scope,
        budget: BUDGET,
    };
    evaluator.truth(expr)
}

/// Whether code behind conditions runs.
pub fn reach(conditions: &[Condition<'_, '_>], scope: &dyn Scope) -> Reach {
    let mut out = Reach::Always;
    for condition in conditions {
        match truth(condition.expr, scope) {
            Some(holds) if holds == condition.holds => {}
            Some(_) => return Reach::Never,
            None => out = Reach::Maybe,
        }
    }
    out
}

/// Evaluates; `None` is unknown.
struct Evaluator<'s> {
    scope: &'s dyn Scope,
    budget: usize,
}

impl Evaluator<'_> {
    fn node(&mut self, expr: &Expr<'_>) -> Node {
        Spanned::new(self.value(expr).unwrap_or_default(), expr.range)
    }

    fn value(&mut self, expr: &Expr<'_>) -> Option<Value> {
        Some(match &expr.kind {
            ExprKind::Error | ExprKind::Slice { .. } => return None,
            ExprKind::None => Value::Null,
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int((*value)?),
            ExprKind::Float(value) => Value::Float(*value),
            ExprKind::Str(literal) => self.text(literal.text())?,
            ExprKind::Name(name) => return known(self.scope.name(name.value, expr.range)),
            ExprKind::List(items) | ExprKind::Tuple(items) => {
                self.spend(items.len() * size_of::<Node>())?;
                Value::List(items.iter().map(|item| self.node(item)).collect())
            }
            ExprKind::Dict(entries) => self.dict(entries)?,
            ExprKind::Attribute { base, name } => {
                if let Some(base) = self.value(base) {
                    // Jinja finds the method before the entry.
                    if MAPPING_METHODS.contains(&name.value) {
                        return None;
                    }
                    return base.get(name.value).and_then(|node| known(node.value.clone()));
                }
                return self.at_path(base, name.value, expr.range);
            }
            ExprKind::Item { base, index } => return self.item(base, index, expr.range),
            ExprKind::Call { callee, args } => return self.call(callee, args, expr.range),
            ExprKind::Filter { base, filter } => return self.filter(base, filter),
            ExprKind::Test {
                base,
                name,
                negated,
                args,
            } => Value::Bool(self.test(base, name.value, args)? != *negated),
            ExprKind::Unary { op, operand } => return self.unary(*op, operand),
            ExprKind::Binary { op, left, right } => return self.binary(*op, left, right),
            ExprKind::Compare { first, rest } => return self.compare(first, rest),
            ExprKind::And(items) => return self.first_with(items, false),
            ExprKind::Or(items) => return self.first_with(items, true),
            ExprKind::Concat(items) => self.concat(items)?,
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                let chosen = if self.truth(condition)? {
                    Some(then)
                } else {
                    otherwise.as_ref()
                };
                return self.value(chosen?);
            }
        })
    }

    fn truth(&mut self, expr: &Expr<'_>) -> Option<bool> {
        match &expr.kind {
            ExprKind::And(items) => self.all_are(items, true),
            ExprKind::Or(items) => self.all_are(items, false).map(|none| !none),
            ExprKind::Unary {
                op: UnaryOp::Not,
                operand,
            } => self.truth(operand).map(|holds| !holds),
            ExprKind::Conditional {
                then,
                condition,
                otherwise: Some(otherwise),
            } => match self.truth(condition) {
                Some(true) => self.truth(then),
                Some(false) => self.truth(otherwise),
                None => {
                    let then = self.truth(then)?;
                    (self.truth(otherwise)? == then).then_some(then)
                }
            },
            _ => self.value(expr)?.truthy(),
        }
    }

    /// Whether the truth of every item is `wanted`: one that is not settles it, whatever the others are.
    fn all_are(&mut self, items: &[Expr<'_>], wanted: bool) -> Option<bool> {
        let mut all = Some(true);
        for item in items {
            match self.truth(item) {
                Some(holds) if holds == wanted => {}
                Some(_) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// The first item whose truth is `wanted`, else the last one: what `and` and `or` give.
    fn first_with(&mut self, items: &[Expr<'_>], wanted: bool) -> Option<Value> {
        let (last, before) = items.split_last()?;
        for item in before {
            let value = self.value(item)?;
            if value.truthy()? == wanted {
                return Some(value);
            }
        }
        self.value(last)
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr<'_>) -> Option<Value> {
        if op == UnaryOp::Not {
            return Some(Value::Bool(!self.truth(operand)?));
        }
        let value = operators::integer_of_bool(self.value(operand)?);
        match (op, value) {
            (UnaryOp::Minus, Value::Int(value)) => value.checked_neg().map(Value::Int),
            (UnaryOp::Minus, Value::Float(value)) => Some(Value::Float(-value)),
            (_, value @ (Value::Int(_) | Value::Float(_))) => Some(value),
            _ => None,
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr<'_>, right: &Expr<'_>) -> Option<Value> {
        let value = self.value(left)?;
        if let (BinaryOp::Mod, Value::Str(format)) = (op, &value) {
            return self.percent(format, right);
        }
        let right = self.value(right)?;
        self.arithmetic(op, value, right)
    }

    fn compare(&mut self, first: &Expr<'_>, rest: &[(crate::CompareOp, Expr<'_>)]) -> Option<Value> {
        let mut left = self.operand(first);
        let mut all = Some(true);
        for (op, operand) in rest {
            let right = self.operand(operand);
            let holds = match (&left, &right) {
                (Some(left), Some(right)) => operators::compare(*op, left, right),
                _ => None,
            };
            match holds {
                Some(true) => {}
                Some(false) => return Some(Value::Bool(false)),
                None => all = None,
            }
            left = right;
        }
        all.map(Value::Bool)
    }

    /// A side of a comparison. `as_bool` and its kin bind closer than the operator and make a text, which is read as a
    /// literal only where it is all that a template renders: `x == 'y' | as_bool` compares with `'y'`
    /// (`dbt_common/clients/jinja.py`, `NativeMarker`).
    fn operand(&mut self, expr: &Expr<'_>) -> Option<Value> {
        match &expr.kind {
            ExprKind::Filter { base, filter }
                if self.scope.native()
                    && matches!(
                        filter.name.value,
                        "as_bool" | "as_number" | "as_native" | "as_text"
                    ) =>
            {
                let value = self.value(base)?;
                let text = self.display(&value)?.into_owned();
                self.text(text)
            }
            _ => self.value(expr),
        }
    }

    fn concat(&mut self, items: &[Expr<'_>]) -> Option<Value> {
        let mut out = String::new();
        for item in items {
            let value = self.value(item)?;
            out.push_str(&self.display(&value)?);
        }
        Some(Value::Str(out.into()))
    }

    fn dict(&mut self, entries: &[(Expr<'_>, Expr<'_>)]) -> Option<Value> {
        self.spend(entries.len() * size_of::<MapEntry>())?;
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let key = Spanned::new(self.value(key)?, key.range);
            // What cannot be printed is no key.
            self.display(&key.value)?;
            out.push(MapEntry::of(key, self.node(value)));
        }
        Some(Value::Map(out))
    }

    /// Asks the scope for what stands under a name of something that has no known value itself.
    fn at_path(&mut self, base: &Expr<'_>, name: &str, range: TextRange) -> Option<Value> {
        let mut path = base.path()?.into_owned();
        path.push('.');
        path.push_str(name);
        known(self.scope.attribute(&path, range))
    }

    /// The text as Python's `str` gives it.
    fn display<'v>(&mut self, value: &'v Value) -> Option<Cow<'v, str>> {
        let text = match value {
            Value::Str(text) => Cow::Borrowed(&**text),
            value if value.is_known() => Cow::Owned(value.display()),
            _ => return None,
        };
        self.spend(text.len())?;
        Some(text)
    }

    fn text(&mut self, text: impl Into<Arc<str>> + AsRef<str>) -> Option<Value> {
        self.spend(text.as_ref().len())?;
        Some(Value::Str(text.into()))
    }

    /// Counts bytes that are about to be made; `None` where they are too many.
    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(bytes)?;
        Some(())
    }
}

/// About how many bytes a copy of a value takes.
fn weight(value: &Value) -> usize {
    let below: usize = match value {
        Value::Str(text) => text.len(),
        Value::List(items) => items.iter().map(|item| weight(&item.value)).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| size_of::<MapEntry>() + entry.key.value.len() + weight(&entry.value.value))
            .sum(),
        _ => 0,
    };
    size_of::<Node>() + below
}

/// The value, unless it is unknown.
fn known(value: Value) -> Option<Value> {
    (value != Value::Unknown).then_some(value)
}

#[cfg(test)]
mod tests;
