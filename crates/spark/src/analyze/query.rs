//! Queries: `with`, set operations, limits.

use std::sync::Arc;

use glueline_base::{TextRange, TextSize};

use super::Analyzer;
use super::aggregate::position;
use super::expr::Around;
use super::from::qualifier;
use super::scope::{Output, Scope, equal};
use super::value::{Constant, Kind, Value};
use crate::syntax::ast::{Body, Cte, Expr, Name, Query, SetOp, SetOperation};
use crate::types::cast::has_map;
use crate::types::{DataType, operators};

impl Analyzer<'_> {
    /// What a query gives.
    pub(super) fn query(&mut self, query: &Query) -> Output {
        let depth = self.ctes.len();
        let inside = self.named_queries(&query.ctes);
        let mut output = if let Body::Select(select) = &query.body {
            self.select(select, Some(query))
        } else {
            let output = self.body(&query.body);
            self.order_output(query, &output);
            output
        };
        self.ctes.truncate(depth);
        self.taken_inside.truncate(inside);
        self.limit(query.limit.as_ref(), &output);
        output.one_row |= query.limit.as_ref().and_then(position) == Some(1);
        self.limit(query.offset.as_ref(), &output);
        self.newer_offset(query);
        output
    }

    /// The queries of a `with`; how many names were taken within expressions before it.
    ///
    /// A name is taken where a query with a name before it, or an expression of a query after it, has a `with` of its own.
    fn named_queries(&mut self, ctes: &[Cte]) -> usize {
        let taken = self.taken.len();
        for cte in ctes {
            self.no_conflict(&cte.name);
            let inside = std::mem::replace(&mut self.taken_inside, self.taken.clone());
            let output = self.cte(cte);
            self.taken_inside = inside;
            self.taken.push(cte.name.text.clone());
            self.ctes.push((cte.name.text.clone(), Arc::new(output)));
        }
        let inside = self.taken_inside.len();
        self.taken_inside.extend(self.taken.drain(taken..));
        inside
    }

    fn no_conflict(&mut self, name: &Name) {
        if self.taken.iter().any(|other| equal(other, &name.text)) {
            self.error(
                "AMBIGUOUS_ALIAS_IN_NESTED_CTE",
                format!("Name `{}` is ambiguous in nested CTE.", name.text),
                name.range,
            );
        }
    }

    fn cte(&mut self, cte: &Cte) -> Output {
        let mut output = self.query(&cte.query).qualified(&qualifier([&*cte.name.text]));
        if cte.columns.is_empty() || !output.complete() {
            return output;
        }
        if cte.columns.len() == output.columns.len() {
            self.renamed(&mut output, &cte.columns);
        } else {
            self.error(
                "_LEGACY_ERROR_TEMP_1028",
                format!(
                    "Number of column aliases does not match number of columns. Number of column aliases: {}; number of columns: {}.",
                    cte.columns.len(),
                    output.columns.len()
                ),
                cte.name.range,
            );
        }
        output
    }

    /// What a part of a query gives.
    pub(super) fn body(&mut self, body: &Body) -> Output {
        match body {
            Body::Select(select) => self.select(select, None),
            Body::Set(set) => self.set(set),
            Body::Values(values) => self.values(values),
            Body::Table(path) => self.table(path, false),
            Body::Query(query) => self.query(query),
            Body::Hole(_) => Scope::unknown(),
        }
    }

    fn set(&mut self, set: &SetOperation) -> Output {
        let left = self.body(&set.left);
        let right = self.body(&set.right);
        let name = match set.op {
            SetOp::Union => "UNION",
            SetOp::Except => "EXCEPT",
            SetOp::Intersect => "INTERSECT",
        };
        if !left.complete() || !right.complete() {
            let mut output = left;
            output.one_row = false;
            output.open = vec![qualifier([])];
            for column in &mut output.columns {
                column.ty = DataType::Unknown;
            }
            return output;
        }
        let start = self.head(set.range);
        if left.columns.len() != right.columns.len() {
            self.error(
                "NUM_COLUMNS_MISMATCH",
                format!(
                    "{name} can only be performed on inputs with the same number of columns, but the first input has {} columns and the \
                     second input has {} columns.",
                    left.columns.len(),
                    right.columns.len()
                ),
                start,
            );
            return Scope::unknown();
        }
        self.swapped(set, &left, &right);
        let types = |output: &Output| -> Vec<DataType> {
            output
                .columns
                .iter()
                .map(|column| column.ty.in_expressions())
                .collect()
        };
        let sides = [types(&left), types(&right)];
        let mut output = left;
        output.hidden.clear();
        output.one_row = false;
        for (index, ty) in operators::set_operation(&sides).into_iter().enumerate() {
            let pair = [sides[0].get(index), sides[1].get(index)];
            let [Some(first), Some(second)] = pair else { break };
            if ty.is_none() && first.is_certain() && second.is_certain() {
                self.error(
                    "INCOMPATIBLE_COLUMN_TYPE",
                    format!(
                        "{name} can only be performed on tables with compatible column types. The {} column of the second table is \"{}\" type \
                         which is not compatible with \"{}\" at the same column of the first table.",
                        ordinal(index),
                        second.sql(),
                        first.sql()
                    ),
                    start,
                );
            }
            let id = self.fresh();
            if let Some(column) = output.columns.get_mut(index) {
                column.ty = ty.unwrap_or(DataType::Unknown);
                column.id = id;
                column.origin = None;
                column.nullable |=
                    set.op == SetOp::Union && right.columns.get(index).is_some_and(|other| other.nullable);
            }
        }
        if set.op != SetOp::Union || !set.all {
            self.no_maps(&output, start);
        }
        output
    }

    /// Maps cannot be told apart, so there is no `distinct` of them.
    pub(super) fn no_maps(&mut self, output: &Output, range: TextRange) {
        let found = output
            .columns
            .iter()
            .find(|column| column.ty.is_certain() && has_map(&column.ty));
        if let Some(column) = found {
            let message = format!(
                "The feature is not supported: Cannot have MAP type columns in DataFrame which calls set operations (INTERSECT, EXCEPT, \
                 etc.), but the type of column `{}` is \"{}\".",
                column.name,
                column.ty.sql()
            );
            self.error("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE", message, range);
        }
    }

    /// The first word of a range, where Spark places what is wrong with all of it.
    pub(super) fn head(&self, range: TextRange) -> TextRange {
        let text = glueline_base::slice(self.text, range);
        let length = text
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            .count()
            .max(1);
        let length = TextSize::new(u32::try_from(length.min(text.len())).unwrap_or(0));
        TextRange::at(range.start(), length)
    }

    fn limit(&mut self, limit: Option<&Expr>, output: &Output) {
        let Some(limit) = limit else { return };
        let value = self.expr(limit, Around::only(output));
        let text = self.spelled(limit.range);
        if value
            .first(&|part| matches!(part.kind, Kind::Column(_)))
            .is_some()
        {
            return self.error(
                "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
                format!("The limit like expression \"{text}\" is invalid. The limit expression must evaluate to a constant value."),
                limit.range,
            );
        }
        self.limit_value(&value, &text);
    }

    fn limit_value(&mut self, value: &Value, text: &str) {
        if value.ty.is_unknown() {
            return;
        }
        if !matches!(value.ty, DataType::Int | DataType::SmallInt | DataType::TinyInt) {
            self.error(
                "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
                format!(
                    "The limit like expression \"{text}\" is invalid. The limit expression must be integer type, but got \"{}\".",
                    value.ty.sql()
                ),
                value.range,
            );
        } else if let Some(Constant::Integer(number)) = value.literal
            && number < 0
        {
            self.error(
                "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                format!(
                    "The limit like expression \"{text}\" is invalid. The limit expression must be equal to or greater than 0, but got {number}."
                ),
                value.range,
            );
        }
    }
}

fn ordinal(index: usize) -> String {
    const WORDS: &[&str] = &[
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ];
    WORDS
        .get(index)
        .map_or_else(|| format!("{}th", index + 1), |word| (*word).to_owned())
}
