//! Queries within expressions.

use std::sync::Arc;

use glueline_base::TextRange;

use super::Analyzer;
use super::correlated::Within;
use super::expr::Around;
use super::scope::{Output, Scope};
use super::value::{Kind, Value, hash};
use crate::syntax::ast::{Expr, ExprKind, Query, SelectItem};
use crate::types::{DataType, Field, operators};

impl Analyzer<'_> {
    /// A query whose expressions may name what is around; with the columns around that it names.
    fn inner(
        &mut self,
        query: &Query,
        within: Within,
        range: TextRange,
        around: Around<'_>,
    ) -> (Output, Vec<Value>) {
        let mut scope: Scope = around.scope.clone();
        if let Some(below) = around.below {
            scope = scope.beside(below.clone());
        }
        let variables = std::mem::take(&mut self.variables);
        let taken = std::mem::replace(&mut self.taken, self.taken_inside.clone());
        let (output, outer) = self.within(query, within, range, scope, |analyzer| analyzer.query(query));
        self.taken = taken;
        self.variables = variables;
        (output, outer)
    }

    /// Looks at a query with these columns around it; and the columns of them that it names.
    pub(super) fn within(
        &mut self,
        query: &Query,
        within: Within,
        range: TextRange,
        scope: Scope,
        look: impl FnOnce(&mut Self) -> Output,
    ) -> (Output, Vec<Value>) {
        self.outer.push(Arc::new(scope));
        let (errors, names, shapes) = (self.errors.len(), self.named.len(), self.shapes.len());
        let output = look(self);
        let depth = self.outer.len();
        let named = self.named.split_off(names);
        if self.errors.len() == errors {
            self.correlations(query, within, &named, depth, range);
        }
        self.shapes.truncate(shapes);
        self.outer.pop();
        let mut named = named;
        named.retain(|named| named.outer && named.depth == depth);
        let outer = named.iter().map(|named| Value {
            kind: Kind::Column(named.id),
            ..named.value.clone()
        });
        let outer = outer.collect();
        if !self.outer.is_empty() {
            // to the query around, they are its own
            self.named.append(&mut named);
        }
        (output, outer)
    }

    /// A query among expressions; the last of its parts are the columns around that it names.
    fn query_value(
        &self,
        ty: DataType,
        range: TextRange,
        predicate: bool,
        mut parts: Vec<Value>,
        outer: Vec<Value>,
    ) -> Value {
        let kind = Kind::Query {
            correlated: !outer.is_empty(),
            predicate,
        };
        parts.extend(outer);
        let keys: Vec<u64> = parts.iter().map(|part| part.key).collect();
        let key = hash(&("query", self.spelled(range).to_lowercase(), keys));
        Value::new(ty, range, kind, parts, key)
    }

    pub(super) fn exists(&mut self, query: &Query, range: TextRange, around: Around<'_>) -> Value {
        let (_, outer) = self.inner(query, Within::Predicate, range, around);
        self.query_value(DataType::Boolean, range, true, Vec::new(), outer)
    }

    pub(super) fn scalar_query(&mut self, query: &Query, range: TextRange, around: Around<'_>) -> Value {
        let (output, outer) = self.inner(query, Within::Scalar, range, around);
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
        self.query_value(ty, range, false, Vec::new(), outer)
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
        let (output, outer) = self.inner(query, Within::Predicate, range, around);
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
        self.query_value(DataType::Boolean, range, true, values, outer)
    }

    /// Queries stand in few places: not where rows are ordered or made.
    pub(super) fn no_queries(&mut self, value: &Value) {
        let found = value.first(&|part| matches!(part.kind, Kind::Query { predicate: true, .. }));
        let Some(query) = found else {
            return self.no_correlated_value(value);
        };
        self.error(
            "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY",
            "Unsupported subquery expression: IN/EXISTS predicate subqueries can only be used in filters, joins, aggregations, window \
             functions, projections, and UPDATE/MERGE/DELETE commands.",
            query.range,
        );
    }

    /// A query that gives one value for each row stands in even fewer.
    pub(super) fn no_correlated_value(&mut self, value: &Value) {
        let is_one = Kind::Query {
            correlated: true,
            predicate: false,
        };
        let Some(query) = value.first(&|part| part.kind == is_one) else {
            return;
        };
        self.error(
            "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY",
            "Unsupported subquery expression: Correlated scalar subqueries can only be used in filters, aggregations, projections, and \
             UPDATE/MERGE/DELETE commands.",
            query.range,
        );
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
