//! What Spark 3.3, of Glue 4.0, does not have yet.

use glueline_base::TextRange;

use super::Analyzer;
use super::select::Selected;
use super::value::Kind;
use crate::functions::Version;
use crate::syntax::ast::Query;
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

    /// `timestamp_ntz`, which it has by name alone.
    pub(super) fn newer_type(&mut self, ty: &DataType, range: TextRange) {
        if self.is_older() && ty.has(&|ty| *ty == DataType::TimestampNtz) {
            self.error(
                "UNSUPPORTED_DATATYPE",
                "Unsupported data type \"TIMESTAMP_NTZ\": it needs Spark 3.4, and Glue 4.0 brings Spark 3.3.",
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
