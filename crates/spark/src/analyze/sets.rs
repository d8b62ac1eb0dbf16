//! Grouping sets: `grouping` and `grouping_id`, and what stands above them.

use glueline_base::TextRange;

use super::Analyzer;
use super::aggregate::Grouping;
use super::select::Selected;
use super::value::{Kind, Value, hash};
use crate::syntax::ast::Select;
use crate::types::DataType;

impl Analyzer<'_> {
    pub(super) fn grouping_misplaced(&mut self, range: TextRange) {
        self.error(
            "UNSUPPORTED_GROUPING_EXPRESSION",
            "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.",
            range,
        );
    }

    /// `grouping` and `grouping_id` in an expression may name only what is grouped by; whether they do.
    pub(super) fn grouping_functions(
        &mut self,
        value: &Value,
        grouping: Option<&Grouping>,
        above: Option<&Selected>,
    ) -> bool {
        let Some(function) = value.first(&|part| part.kind == Kind::Grouping) else {
            return true;
        };
        let Some(grouping) = grouping.filter(|grouping| grouping.sets) else {
            self.grouping_misplaced(function.range);
            return false;
        };
        if grouping.unsure || above.is_some_and(|selected| !selected.output.complete()) {
            return true;
        }
        let before = self.errors.len();
        self.each_grouping(value, grouping, above);
        self.errors.len() == before
    }

    fn each_grouping(&mut self, value: &Value, grouping: &Grouping, above: Option<&Selected>) {
        if value.kind == Kind::Grouping {
            return self.grouping_columns(value, grouping, above);
        }
        for part in &value.parts {
            self.each_grouping(part, grouping, above);
        }
    }

    fn grouping_columns(&mut self, function: &Value, grouping: &Grouping, above: Option<&Selected>) {
        if function.parts.iter().any(|part| part.ty.is_unknown()) {
            return;
        }
        // above the query only columns that it hands on are known
        let is_seen = |part: &Value| {
            above.is_none_or(|selected| {
                let mut columns = selected.output.columns.iter();
                columns.any(|column| hash(&("column", column.id)) == part.key)
            })
        };
        let renamed = |part: &Value| above.is_some() && grouping.aliases.contains(&part.key);
        let keys = grouping.distinct();
        let named: Vec<u64> = function.parts.iter().map(|part| part.key).collect();
        let of_alias = function.parts.iter().any(|part| part.kind == Kind::Alias);
        let text = self.spelled(function.range);
        let (class, message) = if function.ty == DataType::BigInt {
            let same = named == keys && function.parts.iter().all(is_seen);
            if named.is_empty() || same || function.parts.iter().any(renamed) {
                return;
            }
            (
                "GROUPING_ID_COLUMN_MISMATCH",
                format!("Columns of grouping_id do not match the grouping columns: {text}."),
            )
        } else {
            if !of_alias
                && function
                    .parts
                    .iter()
                    .all(|part| (keys.contains(&part.key) && is_seen(part)) || renamed(part))
            {
                return;
            }
            (
                "GROUPING_COLUMN_MISMATCH",
                format!("The column of {text} cannot be found in the grouping columns."),
            )
        };
        self.error(class, message, function.range);
    }

    /// Over grouping sets and windows Spark leaves the aggregate functions of `having` where they stand, and then refuses them there.
    pub(super) fn aggregate_above_sets(&mut self, aggregate: &Value, select: &Select) {
        let text = self.spelled(aggregate.range);
        let of_column = aggregate.first(&|part| matches!(part.kind, Kind::Column(_)));
        let (class, message) = if of_column.is_some() {
            (
                "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
                format!(
                    "Spark cannot find the columns of {text}: `having` may not aggregate where grouping sets and window functions meet."
                ),
            )
        } else {
            (
                "INVALID_WHERE_CONDITION",
                format!("The condition contains invalid expressions: {text}."),
            )
        };
        let start = self.head(select.range);
        self.error(class, message, start);
    }
}
