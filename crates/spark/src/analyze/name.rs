//! Names of columns.

use glueline_base::TextRange;

use super::scope::equal;
use super::value::{Kind, Value};
use super::window::spec_of;
use crate::naming::{Names, column_name};
use crate::syntax::ast::{CallForm, Expr, ExprKind, Name, NamedWindow, SelectItem, WindowSpec};
use crate::types::DataType;

/// The name of an item with that meaning, and whether Spark takes it for one that a view may have.
pub(super) fn item_name(item: &SelectItem, value: &Value, windows: &[NamedWindow]) -> (String, bool) {
    match &item.alias {
        Some(alias) => (alias.text.to_string(), true),
        None => (expr_name(&item.expr, value, windows), is_named(&item.expr, value)),
    }
}

/// Spark's name of an expression with that meaning.
pub(super) fn expr_name(expr: &Expr, value: &Value, windows: &[NamedWindow]) -> String {
    column_name(expr, &Meaning { value, windows })
}

/// Whether an expression has a name of its own, so that Spark makes up none (`ResolveAliases`).
fn is_named(expr: &Expr, value: &Value) -> bool {
    match &expr.kind {
        ExprKind::Cast { expr, .. } => is_column(expr, value),
        // `int(x)` is a cast as well.
        ExprKind::Call(call) => match call.args.as_slice() {
            [] => call.form == CallForm::Bare,
            [argument] => call.name.len() == 1 && is_cast(&call.name) && is_column(&argument.value, value),
            _ => false,
        },
        _ => is_part(expr),
    }
}

fn is_cast(name: &[Name]) -> bool {
    let function = name
        .first()
        .and_then(|name| crate::functions::function(&name.text, crate::functions::Version::V3_5));
    function.is_some_and(|function| function.class == "Cast")
}

/// A column, not a field of one.
fn is_column(expr: &Expr, value: &Value) -> bool {
    match &expr.kind {
        ExprKind::Column(_) => value
            .first(&|value| value.range == expr.range)
            .is_some_and(|value| !matches!(value.kind, Kind::Other)),
        _ => false,
    }
}

/// A column, a constant, or what is taken out of one by a field or an index.
fn is_part(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Literal(_) => true,
        ExprKind::Unary { expr, .. } => matches!(expr.kind, ExprKind::Literal(_)),
        ExprKind::Field { base, .. } => is_part(base),
        ExprKind::Index { base, index } => is_part(base) && is_part(index),
        _ => false,
    }
}

/// What is known of the parts of an expression.
struct Meaning<'v> {
    value: &'v Value,
    windows: &'v [NamedWindow],
}

impl Meaning<'_> {
    fn at(&self, range: TextRange) -> Option<&Value> {
        self.value.first(&|value| value.range == range)
    }

    /// What the fields of a path are taken of, the last field first: each is a value of the same bytes around its base.
    fn bases(&self, range: TextRange) -> Vec<&Value> {
        let mut bases = Vec::new();
        let mut value = self.at(range);
        while let Some(base) = value
            .and_then(|value| value.parts.first())
            .filter(|base| base.range == range)
        {
            bases.push(base);
            value = Some(base);
        }
        bases
    }
}

impl Names for Meaning<'_> {
    fn is_column(&self, range: TextRange) -> bool {
        let is = |value: &Value| matches!(value.kind, Kind::Column(_) | Kind::Outer | Kind::Unknown);
        self.at(range).is_some_and(is)
    }

    fn qualifiers(&self, path: &[Name], range: TextRange) -> usize {
        path.len().saturating_sub(self.bases(range).len() + 1)
    }

    fn is_key(&self, _path: &[Name], range: TextRange, last: usize) -> bool {
        let bases = self.bases(range);
        bases
            .get(last.saturating_sub(1))
            .is_some_and(|base| matches!(base.ty, DataType::Map(_)))
    }

    fn star(&self, range: TextRange) -> Vec<&str> {
        let mut names = Vec::new();
        self.value.each(&mut |value| {
            if value.range == range {
                names.extend(value.name.as_deref());
            }
        });
        names
    }

    fn outer(&self, range: TextRange, skip: usize) -> Vec<&str> {
        let is_query = |value: &Value| value.range == range && matches!(value.kind, Kind::Query { .. });
        let query = self.value.first(&is_query);
        query.map_or_else(Vec::new, |query| {
            let outer = query.parts.iter().skip(skip);
            outer.filter_map(|column| column.name.as_deref()).collect()
        })
    }

    fn window(&self, name: &str) -> Option<&WindowSpec> {
        let named = self
            .windows
            .iter()
            .find(|window| equal(&window.name.text, name))?;
        spec_of(&named.over, self.windows)
    }

    fn data_type(&self, range: TextRange) -> DataType {
        self.at(range).map_or(DataType::Unknown, |value| value.ty.clone())
    }
}
