//! `"name"`: a text, though a column has that name.
//!
//! Some write all their texts in double quotes, so that the name alone says little. What convinces is a place where a constant is of no
//! use: nobody compares two constants, adds up one, or orders by it.

use glueline_base::{TextRange, slice};

use super::Suspect;
use super::part::meaning;
use crate::analyze::Analyzer;
use crate::analyze::expr::Around;
use crate::analyze::scope::{Scope, equal};
use crate::analyze::value::Value;
use crate::syntax::ast::{Call, Expr, ExprKind, Literal, Over, SelectItem};
use crate::types::DataType;

/// Functions of one argument, of which nobody asks for a constant.
const OF_ONE: &[&str] = &[
    "abs",
    "approx_count_distinct",
    "avg",
    "bigint",
    "bool_and",
    "bool_or",
    "boolean",
    "ceil",
    "collect_list",
    "collect_set",
    "count",
    "count_if",
    "date",
    "day",
    "dayofmonth",
    "decimal",
    "double",
    "explode",
    "first",
    "first_value",
    "float",
    "floor",
    "hour",
    "initcap",
    "int",
    "isnan",
    "isnotnull",
    "isnull",
    "last",
    "last_value",
    "lcase",
    "length",
    "lower",
    "ltrim",
    "max",
    "mean",
    "median",
    "min",
    "month",
    "quarter",
    "round",
    "rtrim",
    "size",
    "std",
    "stddev",
    "string",
    "sum",
    "timestamp",
    "to_date",
    "to_timestamp",
    "trim",
    "ucase",
    "upper",
    "variance",
    "weekofyear",
    "year",
];

/// Functions whose first argument nobody gives as a constant.
const FIRST: &[&str] = &[
    "coalesce",
    "date_add",
    "date_format",
    "date_sub",
    "datediff",
    "ifnull",
    "lag",
    "lead",
    "max_by",
    "min_by",
    "nullif",
    "nvl",
    "nvl2",
    "percentile",
    "percentile_approx",
    "regexp_extract",
    "regexp_replace",
    "round",
    "split",
    "substr",
    "substring",
    "to_date",
    "to_timestamp",
];

impl Analyzer<'_> {
    /// An operand, or what is grouped or ordered by, that should have been a column.
    pub(in crate::analyze) fn quoted(&mut self, expr: &Expr, around: Around<'_>) {
        if let Some(column) = self.column_in_quotes(expr, around) {
            self.in_quotes(column, expr.range);
        }
    }

    fn in_quotes(&mut self, column: Box<str>, range: TextRange) {
        let edits = vec![(range, format!("`{column}`").into())];
        self.suspect_with(Suspect::ColumnInQuotes { column }, range, None, edits);
    }

    /// A comparison of two constants, or one with a type that a name has no value of.
    pub(super) fn quoted_comparison(&mut self, sides: [&Expr; 2], value: &Value, around: Around<'_>) {
        for (side, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            let Some(column) = self.column_in_quotes(side, around) else {
                continue;
            };
            let type_of_other = meaning(value, other).map(|part| &part.ty);
            let foreign = type_of_other.is_some_and(|ty| {
                ty.is_numeric() || matches!(ty, DataType::Date | DataType::Timestamp | DataType::TimestampNtz)
            });
            let constant = matches!(other.kind, ExprKind::Literal(_));
            if foreign || constant {
                self.in_quotes(column, side.range);
            }
        }
    }

    /// An item of a `select` that is nothing but a text.
    pub(in crate::analyze) fn quoted_item(&mut self, item: &SelectItem, around: Around<'_>) {
        if item.alias.is_none() {
            self.quoted(&item.expr, around);
        }
    }

    /// An argument of a function that should have been a column.
    pub(super) fn quoted_arguments(&mut self, call: &Call, around: Around<'_>) {
        if let Some(Over::Spec(spec)) = &call.over {
            let ordered = spec.order.iter().map(|item| &item.expr);
            for expr in spec.partition.iter().chain(ordered) {
                self.quoted(expr, around);
            }
        }
        let ([name], Some(first)) = (call.name.as_slice(), call.args.first()) else {
            return;
        };
        let is = |names: &[&str]| names.iter().any(|known| equal(known, &name.text));
        if (call.args.len() == 1 && is(OF_ONE)) || (call.args.len() > 1 && is(FIRST)) {
            self.quoted(&first.value, around);
        }
    }

    /// The column that has the name of a text in double quotes, as the text writes it.
    fn column_in_quotes(&self, expr: &Expr, around: Around<'_>) -> Option<Box<str>> {
        let ExprKind::Literal(Literal::String(text)) = &expr.kind else {
            return None;
        };
        let written = slice(self.text, expr.range);
        let inner = written.strip_prefix('"')?.strip_suffix('"')?;
        if inner != &**text || inner.contains(['"', '`']) {
            return None;
        }
        let has = |scope: &Scope| scope.columns.iter().any(|column| equal(&column.name, text));
        let known = has(around.scope)
            || around.below.is_some_and(has)
            || around.aliases.iter().any(|alias| equal(&alias.name, text));
        known.then(|| text.clone())
    }
}
