//! Queries within expressions.

use std::sync::Arc;

use glueline_base::TextRange;

use super::Analyzer;
use super::expr::Around;
use super::scope::{Output, Scope};
use super::value::{Kind, Value, hash};
use crate::syntax::ast::{Body, Expr, ExprKind, Query, SelectItem};
use crate::types::{DataType, Field, operators};

impl Analyzer<'_> {
    /// A query whose expressions may name what is around; and whether it does.
    fn inner(&mut self, query: &Query, around: Around<'_>) -> (Output, bool) {
        let mut scope: Scope = around.scope.clone();
        if let Some(below) = around.below {
            scope = scope.beside(below.clone());
        }
        self.outer.push(Arc::new(scope));
        let before = self.outer_named;
        let variables = std::mem::take(&mut self.variables);
        let taken = std::mem::replace(&mut self.taken, self.taken_inside.clone());
        let output = self.query(query);
        self.taken = taken;
        self.variables = variables;
        self.outer.pop();
        (output, self.outer_named > before)
    }

    fn query_value(
        ty: DataType,
        range: TextRange,
        correlated: bool,
        predicate: bool,
        parts: Vec<Value>,
    ) -> Value {
        let kind = Kind::Query {
            correlated,
            predicate,
        };
        Value::new(ty, range, kind, parts, hash(&range.start()))
    }

    pub(super) fn exists(&mut self, query: &Query, range: TextRange, around: Around<'_>) -> Value {
        let (_, correlated) = self.inner(query, around);
        if correlated && query.limit.is_some() {
            self.limit_over_outer(range);
        }
        Self::query_value(DataType::Boolean, range, correlated, true, Vec::new())
    }

    /// A limit cannot stand over conditions on the query around.
    fn limit_over_outer(&mut self, range: TextRange) {
        self.error(
            "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED",
            "Unsupported subquery expression: Accessing outer query column is not allowed in this location.",
            range,
        );
    }

    pub(super) fn scalar_query(&mut self, query: &Query, range: TextRange, around: Around<'_>) -> Value {
        let (output, correlated) = self.inner(query, around);
        let mut ty = DataType::Unknown;
        if output.complete() {
            if output.columns.len() > 1 {
                self.error(
                    "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                    format!(
                        "Invalid subquery: Scalar subquery must return only one column, but got {}.",
                        output.columns.len()
                    ),
                    range,
                );
            } else if let Some(column) = output.columns.first() {
                ty = column.ty.in_expressions();
            }
        }
        if correlated && query.limit.is_some() {
            self.limit_over_outer(range);
        } else if correlated && returns_rows(query) {
            self.error(
                "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY",
                "Unsupported subquery expression: Correlated scalar subqueries must be aggregated to return at most one row.",
                range,
            );
        }
        Self::query_value(ty, range, correlated, false, Vec::new())
    }

    pub(super) fn in_query(
        &mut self,
        expr: &Expr,
        query: &Query,
        negated: bool,
        range: TextRange,
        around: Around<'_>,
    ) -> Value {
        let values: Vec<Value> = match &expr.kind {
            ExprKind::Row(items) => items.iter().map(|item| self.expr(&item.expr, around)).collect(),
            _ => vec![self.expr(expr, around)],
        };
        let (output, correlated) = self.inner(query, around);
        if negated {
            self.not_in_nullable(&output, range);
        }
        if output.complete() {
            let left: Vec<DataType> = values.iter().map(|value| value.ty.clone()).collect();
            let right: Vec<DataType> = output
                .columns
                .iter()
                .map(|column| column.ty.in_expressions())
                .collect();
            if let Err(mismatch) = operators::in_subquery(&left, &right) {
                self.mismatch(&mismatch, range);
            }
        }
        Self::query_value(DataType::Boolean, range, correlated, true, values)
    }

    /// `(a, b)`
    pub(super) fn row(&mut self, items: &[SelectItem], range: TextRange, around: Around<'_>) -> Value {
        let mut fields = Vec::new();
        let mut parts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let value = self.expr(&item.expr, around);
            let alias = item.alias.as_ref().map(|alias| alias.text.clone());
            let name = alias.or_else(|| value.name.clone());
            let name = name.unwrap_or_else(|| format!("col{}", index + 1).into());
            fields.push(Field::new(name, value.ty.clone()));
            parts.push(value);
        }
        self.typed(Ok(DataType::structure(fields)), range, "row", parts)
    }
}

/// Whether a query surely may give several rows: a plain `select` that neither groups nor aggregates nor is cut to one row.
fn returns_rows(query: &Query) -> bool {
    let Body::Select(select) = &query.body else {
        return false;
    };
    query.limit.is_none()
        && query.ctes.is_empty()
        && select.group.is_none()
        && select.having.is_none()
        && !select.from.is_empty()
        && select
            .items
            .iter()
            .all(|item| matches!(item.expr.kind, ExprKind::Column(_) | ExprKind::Literal(_)))
}
