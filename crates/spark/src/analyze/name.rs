//! Names of columns.

use super::Analyzer;
use crate::syntax::ast::{Expr, ExprKind, SelectItem};

impl Analyzer<'_> {
    /// The name of an item, and whether it is one that somebody gave.
    pub(super) fn item_name(&self, item: &SelectItem) -> (String, bool) {
        if let Some(alias) = &item.alias {
            return (alias.text.to_string(), true);
        }
        (self.expr_name(&item.expr), is_named(&item.expr))
    }

    /// Spark's name of an expression.
    pub(super) fn expr_name(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Column(path) => path.last().map_or_else(String::new, |name| name.text.to_string()),
            ExprKind::Field { name, .. } => name.text.to_string(),
            ExprKind::Cast { expr, .. } if is_named(expr) => self.expr_name(expr),
            _ => self.spelled(expr.range),
        }
    }
}

/// Whether an expression has a name of its own, so that Spark makes up none.
fn is_named(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column(_) | ExprKind::Field { .. } => true,
        ExprKind::Cast { expr, .. } => matches!(expr.kind, ExprKind::Column(_)),
        ExprKind::Index { base, index } => {
            is_named(base) && (matches!(index.kind, ExprKind::Literal(_)) || is_named(index))
        }
        _ => false,
    }
}
