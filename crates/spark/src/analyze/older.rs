//! What Spark 3.3, of Glue 4.0, does not have yet.

use glueline_base::TextRange;

use super::Analyzer;
use super::select::Selected;
use super::value::{Kind, Value};
use crate::functions::Version;
use crate::syntax::ast::{Query, SelectItem};
use crate::types::DataType;

impl Analyzer<'_> {
    pub(super) fn is_older(&self) -> bool {
        self.version < Version::V3_5
    }

    /// Clauses that its parser does not know.
    pub(super) fn newer_clause(&mut self, clause: &str, range: TextRange) {
        if self.is_older() {
            self.error(
                "PARSE_SYNTAX_ERROR",
                format!(
                    "Syntax error at or near '{clause}': it needs Spark 3.4, and Glue 4.0 brings Spark 3.3."
                ),
                range,
            );
        }
    }

    /// `offset`
    pub(super) fn newer_offset(&mut self, query: &Query) {
        if let Some(offset) = &query.offset {
            self.newer_clause("offset", offset.range);
        }
    }

    /// `timestamp_ntz` and `timestamp_ltz`, which it has by name alone.
    pub(super) fn newer_type(&mut self, ty: &DataType, range: TextRange) {
        if !self.is_older() {
            return;
        }
        let written = glueline_base::slice(self.text, range);
        let is_local = ty.has(&|ty| *ty == DataType::Timestamp)
            && written
                .get(..13)
                .is_some_and(|word| word.eq_ignore_ascii_case("timestamp_ltz"));
        let name = if ty.has(&|ty| *ty == DataType::TimestampNtz) {
            "TIMESTAMP_NTZ"
        } else if is_local {
            "TIMESTAMP_LTZ"
        } else {
            return;
        };
        self.error(
            "UNSUPPORTED_DATATYPE",
            format!("Unsupported data type \"{name}\": it needs Spark 3.4, and Glue 4.0 brings Spark 3.3."),
            range,
        );
    }

    /// An alias behind `interval '1 day'`, which it reads as a unit.
    pub(super) fn newer_alias(&mut self, item: &SelectItem, value: &Value) {
        if !self.is_older() || item.alias.is_none() {
            return;
        }
        let after = self.text.get(item.expr.range.end().into()..).unwrap_or("");
        if after.trim_start().starts_with(')') {
            return;
        }
        let last = value.first(&|part| {
            let text = glueline_base::slice(self.text, part.range);
            part.kind == Kind::Literal
                && part.range.end() == item.expr.range.end()
                && text
                    .get(..8)
                    .is_some_and(|word| word.eq_ignore_ascii_case("interval"))
                && text.ends_with(['\'', '"'])
        });
        if let Some(range) = last.map(|literal| literal.range) {
            self.error(
                "_LEGACY_ERROR_TEMP_0026",
                "Spark 3.3, which Glue 4.0 brings, reads the alias as the unit of the interval. Put the interval in parentheses.",
                range,
            );
        }
    }

    /// `exists` and `in` with a query, which it has in conditions alone.
    pub(super) fn newer_queries(&mut self, selected: &Selected) {
        if !self.is_older() {
            return;
        }
        let found = selected
            .values
            .iter()
            .find_map(|value| value.first(&|part| matches!(part.kind, Kind::Query { predicate: true, .. })));
        if let Some(range) = found.map(|query| query.range) {
            self.error(
                "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY",
                "IN/EXISTS predicate sub-queries can only be used in Filter/Join and a few commands.",
                range,
            );
        }
    }
}
