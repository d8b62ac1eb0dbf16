//! How Spark spells calls and windows.

use std::borrow::Cow;

use super::Speller;
use crate::functions::{self, Version};
use crate::syntax::ast::{Bound, Call, CallForm, Expr, ExprKind, Frame, Name, Over, SortItem, WindowSpec};
use crate::types::DataType;

impl<'n> Speller<'n> {
    pub(super) fn call(&self, call: &'n Call) -> String {
        let written = call.name.last().map_or("", |name| &*name.text);
        let is_column = |name: &Name| self.names.is_column(name.range);
        if call.form == CallForm::Bare && call.name.last().is_some_and(is_column) {
            return written.to_owned();
        }
        let mut text = self.called(call, written);
        if !call.within.is_empty() {
            let order: Vec<String> = call
                .within
                .iter()
                .map(|item| {
                    format!(
                        "{}{}",
                        self.spell(&item.expr),
                        if item.descending { " DESC" } else { "" }
                    )
                })
                .collect();
            text.push_str(&format!(" WITHIN GROUP (ORDER BY {})", order.join(", ")));
        }
        let text = match &call.filter {
            Some(filter) => format!("{text} FILTER (WHERE {})", self.spell(filter)),
            None => text,
        };
        match &call.over {
            None => text,
            Some(Over::Named(name)) => match self.names.window(&name.text) {
                Some(spec) => format!("{text} OVER ({})", self.window(call, written, spec)),
                None => format!("{text} OVER {}", name.text),
            },
            Some(Over::Spec(spec)) => format!("{text} OVER ({})", self.window(call, written, spec)),
        }
    }

    fn called(&self, call: &'n Call, written: &str) -> String {
        let name = match call.form {
            CallForm::Position => "locate",
            CallForm::Substring => "substring",
            _ => written,
        };
        let mut arguments: Vec<Cow<'_, str>> = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            self.argument(call, &argument.value, &mut arguments);
        }
        if call.form == CallForm::Struct {
            for (text, argument) in arguments.iter_mut().zip(&call.args) {
                if let Some(alias) = &argument.name {
                    *text = Cow::Owned(format!("{text} AS {}", alias.text));
                }
            }
        }
        let Some(function) = functions::function(name, Version::V3_5) else {
            let name: Vec<&str> = call.name.iter().map(|name| &*name.text).collect();
            return format!("{}({})", name.join("."), arguments.join(", "));
        };
        // Rows for times are made under the query, as a column of that name.
        match function.class {
            "TimeWindow" => return "window".to_owned(),
            "SessionWindow" => return "session_window".to_owned(),
            _ => {}
        }
        if matches!(function.name, "extract" | "datepart") {
            return format!("{}({})", function.name, arguments.join(" FROM "));
        }
        // The schema is no part of the expression, and neither are options.
        if matches!(
            function.class,
            "JsonToStructs"
                | "CsvToStructs"
                | "StructsToJson"
                | "StructsToCsv"
                | "SchemaOfJson"
                | "SchemaOfCsv"
                | "First"
                | "Last"
                | "AnyValue"
        ) {
            arguments.truncate(1);
        }
        // What is trimmed off comes first in the name, as in a plain call.
        if call.form == CallForm::Trim {
            arguments.reverse();
        }
        // What is filled up with is told by the type.
        if let ("lpad" | "rpad", [filled, _]) = (function.name, call.args.as_slice())
            && self.names.data_type(filled.value.range) == DataType::Binary
        {
            arguments.push(Cow::Borrowed("X'00'"));
        }
        if call.distinct {
            let arguments = format!("DISTINCT {}", arguments.join(", "));
            return format!("{}({arguments})", function.shown_name());
        }
        function.column_name(&arguments)
    }

    /// An argument, or the columns of a star.
    fn argument(&self, call: &'n Call, value: &'n Expr, to: &mut Vec<Cow<'n, str>>) {
        match &value.kind {
            // Spark counts ones.
            ExprKind::Star(path)
                if path.is_empty()
                    && call.args.len() == 1
                    && call
                        .name
                        .last()
                        .is_some_and(|name| name.text.eq_ignore_ascii_case("count")) =>
            {
                to.push(Cow::Borrowed("1"));
            }
            ExprKind::Star(_) => to.extend(self.names.star(value.range).into_iter().map(Cow::Borrowed)),
            _ => to.push(Cow::Owned(self.spell(value))),
        }
    }

    fn window(&self, call: &'n Call, name: &str, spec: &'n WindowSpec) -> String {
        let mut parts = Vec::new();
        if !spec.partition.is_empty() {
            let partition: Vec<String> = spec.partition.iter().map(|item| self.spell(item)).collect();
            parts.push(format!("PARTITION BY {}", partition.join(", ")));
        }
        if !spec.order.is_empty() {
            let order: Vec<String> = spec.order.iter().map(|item| self.sorted(item)).collect();
            parts.push(format!("ORDER BY {}", order.join(", ")));
        }
        parts.push(match &spec.frame {
            Some(frame) => self.frame(frame, &spec.order),
            None => self.default_frame(call, name, !spec.order.is_empty()),
        });
        parts.join(" ")
    }

    fn sorted(&self, item: &'n SortItem) -> String {
        let (direction, first) = if item.descending {
            ("DESC", false)
        } else {
            ("ASC", true)
        };
        let nulls = if item.nulls_first.unwrap_or(first) {
            "FIRST"
        } else {
            "LAST"
        };
        format!("{} {direction} NULLS {nulls}", self.spell(&item.expr))
    }

    fn frame(&self, frame: &'n Frame, order: &'n [SortItem]) -> String {
        let by = match order {
            [order] if frame.by_range => self.names.data_type(order.expr.range),
            _ => DataType::Unknown,
        };
        let unit = if frame.by_range { "RANGE" } else { "ROWS" };
        let end = frame
            .end
            .as_ref()
            .map_or_else(|| "CURRENT ROW".to_owned(), |end| self.bound(end, &by));
        format!("{unit} BETWEEN {} AND {end}", self.bound(&frame.start, &by))
    }

    fn bound(&self, bound: &'n Bound, by: &DataType) -> String {
        match bound {
            Bound::UnboundedPreceding => "UNBOUNDED PRECEDING".to_owned(),
            Bound::UnboundedFollowing => "UNBOUNDED FOLLOWING".to_owned(),
            Bound::CurrentRow => "CURRENT ROW".to_owned(),
            // A bound that is cast to the type of what is ordered by hides its sign.
            Bound::Preceding(count) if self.is_cast(count, by) => {
                format!("(- {}) FOLLOWING", self.spell(count))
            }
            Bound::Preceding(count) => format!("{} PRECEDING", self.spell(count)),
            Bound::Following(count) => format!("{} FOLLOWING", self.spell(count)),
        }
    }

    fn is_cast(&self, bound: &Expr, by: &DataType) -> bool {
        let ty = self.names.data_type(bound.range);
        by.is_certain()
            && ty.is_certain()
            && ty != *by
            && !matches!(by, DataType::Date | DataType::Timestamp | DataType::TimestampNtz)
    }

    /// The frame that Spark takes where none is written.
    fn default_frame(&self, call: &'n Call, name: &str, ordered: bool) -> String {
        let class = functions::function(name, Version::V3_5).map_or("", |function| function.class);
        match class {
            "Lag" | "Lead" => {
                let sign = if class == "Lag" { "-" } else { "" };
                let offset = call
                    .args
                    .get(1)
                    .map_or_else(|| "1".to_owned(), |offset| self.spell(&offset.value));
                format!("ROWS BETWEEN {sign}{offset} FOLLOWING AND {sign}{offset} FOLLOWING")
            }
            "RowNumber" | "Rank" | "DenseRank" | "PercentRank" | "NTile" => {
                "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW".to_owned()
            }
            "CumeDist" => "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW".to_owned(),
            _ if ordered => "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW".to_owned(),
            _ => "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING".to_owned(),
        }
    }
}
