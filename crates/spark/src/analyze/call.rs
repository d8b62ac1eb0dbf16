//! Calls of functions.

use std::borrow::Cow;

use glueline_base::TextRange;

use super::Analyzer;
use super::args::{is_open_star, places_of_fields};
use super::expr::{Aggregates, Around};
use super::value::{Constant, Kind, Value, hash};
use crate::functions::{self, Function, Kind as FunctionKind, Output, function};
use crate::syntax::ast::{Call, CallForm, ExprKind};
use crate::types::{DataType, Mismatch};

impl Analyzer<'_> {
    /// What a call means.
    pub(super) fn call(&mut self, call: &Call, range: TextRange, around: Around<'_>) -> Value {
        if call.form == CallForm::Bare
            && let Some(column) = self.bare(&call.name, range, around)
        {
            return column;
        }
        let [name] = call.name.as_slice() else {
            return self.foreign(call, range, around);
        };
        if !call.within.is_empty() {
            return self.within_group(call, range, around);
        }
        // those with `within group` are no functions without it
        let is_function = |function: &&Function| {
            function.kind != FunctionKind::Table && function.class != "PercentileWithinGroup"
        };
        let Some(function) = function(&name.text, self.version).filter(is_function) else {
            return self.foreign(call, range, around);
        };
        let aggregate = function.kind == FunctionKind::Aggregate && call.over.is_none();
        let mut inside = around;
        if aggregate && around.aggregates == Aggregates::Above {
            inside.below = None;
        } else if aggregate
            && around.aggregates == Aggregates::Below
            && let Some(below) = around.below
        {
            inside.scope = below;
            inside.below = Some(around.scope);
        }
        let parts = self.arguments(function, call, inside);
        if call
            .args
            .iter()
            .any(|arg| matches!(arg.value.kind, ExprKind::Hole))
        {
            return Value::unknown(range);
        }
        let output = self.judged(function, call, &parts, range);
        let schema = match parts.as_slice() {
            [one] if function.class == "SchemaOfJson" => match &one.literal {
                Some(Constant::Text(text)) => functions::schema_of_json(text),
                _ => None,
            },
            _ => None,
        };
        let mut value = match output {
            Output::Value(ty) => self.typed(Ok(ty), range, (function.class, call.distinct), parts),
            Output::Rows(fields) => {
                let mut value = self.typed(Ok(DataType::Unknown), range, function.class, parts);
                value.kind = Kind::Generator(fields);
                return value;
            }
        };
        if let Some(filter) = &call.filter {
            let filter = self.expr(filter, inside);
            self.filter_of_aggregate(&filter);
            value.key = hash(&(value.key, filter.key));
            value.parts.push(filter);
        }
        if let Some(over) = &call.over {
            if call.filter.is_some() && function.kind == FunctionKind::Aggregate {
                self.error(
                    "_LEGACY_ERROR_TEMP_1030",
                    "Window aggregate function with filter predicate is not supported yet.",
                    range,
                );
            }
            return self.window(function, call, value, over, around);
        }
        match function.kind {
            FunctionKind::Aggregate => self.aggregated(value),
            FunctionKind::Window => {
                let text = self.spelled(range);
                self.error(
                    "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
                    format!("Window function \"{text}\" requires an OVER clause."),
                    range,
                );
                Value::unknown(range)
            }
            FunctionKind::Grouping => {
                value.kind = Kind::Grouping;
                value
            }
            // rows for times are made under the query: what they are is not a matter of one row
            FunctionKind::TimeWindow => self.time_window(value, around),
            _ => {
                if let Some(schema) = schema {
                    value.literal = Some(Constant::Text(schema.into()));
                }
                if is_random(function) {
                    value.foldable = Some(false);
                }
                value
            }
        }
    }

    /// `percentile_cont(0.5) within group (order by a)`
    fn within_group(&mut self, call: &Call, range: TextRange, around: Around<'_>) -> Value {
        let name = call
            .name
            .last()
            .map_or_else(String::new, |name| name.text.to_lowercase());
        let mut parts: Vec<Value> = call
            .args
            .iter()
            .map(|arg| self.expr(&arg.value, around))
            .collect();
        parts.extend(call.within.iter().map(|item| self.expr(&item.expr, around)));
        let ty = match parts.last().map(|part| &part.ty) {
            Some(DataType::DayTime(..)) => DataType::DAY_TO_SECOND,
            Some(DataType::YearMonth(..)) => DataType::YEAR_TO_MONTH,
            Some(ty) if ty.is_numeric() || ty.is_string() => DataType::Double,
            _ => DataType::Unknown,
        };
        let ty = match parts.first().map(|part| &part.ty) {
            Some(DataType::Array(_)) => DataType::array(ty),
            Some(DataType::Unknown) => DataType::Unknown,
            _ => ty,
        };
        let mut value = self.typed(Ok(ty), range, name, parts);
        if let Some(over) = &call.over {
            self.window_parts(over, around);
            value.kind = Kind::Over;
            value.foldable = Some(false);
            return value;
        }
        self.aggregated(value)
    }

    /// An aggregate function may hold neither another nor a window nor a generator.
    fn aggregated(&mut self, mut value: Value) -> Value {
        value.kind = Kind::Aggregate;
        value.foldable = Some(false);
        let nested = value
            .parts
            .iter()
            .find_map(Value::aggregate)
            .map(|nested| nested.range);
        if let Some(range) = nested {
            self.error(
                "NESTED_AGGREGATE_FUNCTION",
                "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner \
                 aggregate function in a sub-query.",
                range,
            );
        }
        let over = value.parts.iter().find_map(Value::over).map(|over| over.range);
        if let Some(range) = over {
            self.error(
                "_LEGACY_ERROR_TEMP_1031",
                "It is not allowed to use a window function inside an aggregate function. Please use the inner window function in a \
                 sub-query.",
                range,
            );
        }
        self.no_mixture(&value);
        let alias = value
            .parts
            .iter()
            .find_map(|part| part.first(&|part| part.kind == Kind::Alias));
        if let Some(range) = alias.map(|alias| alias.range) {
            self.error(
                "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC",
                "The feature is not supported: Referencing a lateral column alias in the aggregate function.",
                range,
            );
        }
        value
    }

    /// Columns of the query around and of the query itself cannot be aggregated together.
    fn no_mixture(&mut self, value: &Value) {
        let outer = value.first(&|part| part.kind == Kind::Outer);
        let own = value.first(&|part| matches!(part.kind, Kind::Column(_)));
        if let (Some(outer), Some(_)) = (outer, own) {
            let range = outer.range;
            self.error(
                "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES",
                "Unsupported subquery expression: Found an aggregate function in a correlated predicate that has both outer and local \
                 references, which is not supported.",
                range,
            );
        }
    }

    /// What stands in `filter (where ..)`.
    fn filter_of_aggregate(&mut self, filter: &Value) {
        let (class, message) = if !matches!(filter.ty, DataType::Boolean | DataType::Unknown | DataType::Void)
        {
            (
                "_LEGACY_ERROR_TEMP_1025",
                "FILTER expression is not of type boolean. It cannot be used in an aggregate function.",
            )
        } else if filter.aggregate().is_some() {
            (
                "_LEGACY_ERROR_TEMP_1026",
                "FILTER expression contains aggregate. It cannot be used in an aggregate function.",
            )
        } else if filter.over().is_some() {
            (
                "_LEGACY_ERROR_TEMP_1027",
                "FILTER expression contains window function. It cannot be used in an aggregate function.",
            )
        } else {
            return;
        };
        self.error(class, message, filter.range);
    }

    /// `window(..)`: the column that grouping by it makes.
    fn time_window(&self, value: Value, around: Around<'_>) -> Value {
        let name = if self.spelled(value.range).to_lowercase().starts_with("session") {
            "session_window"
        } else {
            "window"
        };
        let scopes = [Some(around.scope), around.below];
        let made = scopes.into_iter().flatten().find_map(|scope| {
            scope
                .columns
                .iter()
                .rev()
                .find(|column| &*column.name == name && column.qualifier.is_empty())
        });
        match made {
            Some(column) => {
                let key = hash(&("column", column.id));
                Value::new(value.ty, value.range, Kind::Column(column.id), Vec::new(), key)
            }
            None => Value {
                foldable: Some(false),
                ..value
            },
        }
    }

    /// What a call gives; what Spark refuses is reported.
    fn judged(
        &mut self,
        function: &'static Function,
        call: &Call,
        parts: &[Value],
        range: TextRange,
    ) -> Output {
        let mut operands: Vec<_> = parts.iter().map(Value::operand).collect();
        let places = places_of_fields(call, parts);
        if function.name == "struct" {
            for (operand, place) in operands.iter_mut().zip(&places) {
                operand.name = operand.name.or(Some(place));
            }
        }
        if call.form == CallForm::Struct {
            for (operand, arg) in operands.iter_mut().zip(&call.args) {
                if let Some(name) = &arg.name {
                    operand.name = Some(&name.text);
                }
            }
        }
        let unsure = parts.len() != call.args.len() && call.args.iter().any(is_open_star);
        if unsure && parts.iter().any(|part| part.kind == Kind::Unknown) {
            return Output::Value(DataType::Unknown);
        }
        match functions::call(function, &operands) {
            Ok(output) => output,
            Err(mismatch) => {
                self.refused(function, &mismatch, parts, range);
                if function.kind == FunctionKind::Generator {
                    Output::Rows(None)
                } else {
                    Output::Value(DataType::Unknown)
                }
            }
        }
    }

    fn refused(
        &mut self,
        function: &'static Function,
        mismatch: &Mismatch,
        parts: &[Value],
        range: TextRange,
    ) {
        let spelled: Vec<Cow<'_, str>> = parts
            .iter()
            .map(|part| Cow::Owned(self.spelled(part.range)))
            .collect();
        let text = function.column_name(&spelled);
        self.error(mismatch.class, mismatch.message_of(&text, &spelled), range);
    }

    /// A function that is none of Spark's.
    fn foreign(&mut self, call: &Call, range: TextRange, around: Around<'_>) -> Value {
        let parts: Vec<&str> = call.name.iter().map(|name| &*name.text).collect();
        // A database of that name could have functions; the alias of a relation is none.
        let of_relation = match parts.as_slice() {
            [alias, _] => around.scope.has_relation(alias),
            _ => false,
        };
        let known = !of_relation && self.relations.has_function(&parts);
        let before = self.errors.len();
        let mut values = Vec::new();
        for arg in &call.args {
            let value = match &arg.value.kind {
                ExprKind::Star(_) => Value::unknown(arg.value.range),
                ExprKind::Lambda { params, body } => {
                    self.lambda(None, params, body, &values, arg.value.range, around)
                }
                _ => self.expr(&arg.value, around),
            };
            values.push(value);
        }
        if let Some(over) = &call.over {
            self.window_parts(over, around);
        }
        if !known {
            let name: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
            let error = super::SparkError {
                class: "UNRESOLVED_ROUTINE",
                message: format!(
                    "Cannot resolve function {} on search path [`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`].",
                    name.join(".")
                ),
                range,
                instead: Vec::new(),
            };
            self.errors.insert(before.min(self.errors.len()), error);
        }
        Value::unknown(range)
    }

    /// What stands after `where`, `having`, `on` or `filter (where` must be boolean.
    pub(super) fn is_condition(&mut self, value: &Value, what: &str) {
        let nothing = what == "ON" && value.ty == DataType::Void;
        if nothing || matches!(value.ty, DataType::Boolean | DataType::Unknown) {
            return;
        }
        let text = self.spelled(value.range);
        let ty = value.ty.sql();
        let (class, message) = if what == "ON" {
            (
                "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                format!("The join condition \"{text}\" has the invalid type \"{ty}\", expected \"BOOLEAN\"."),
            )
        } else {
            (
                "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                format!(
                    "Cannot resolve \"{text}\" due to data type mismatch: Filter expression \"{text}\" of type \"{ty}\" is not a boolean."
                ),
            )
        };
        self.error(class, message, value.range);
    }
}

/// Functions whose values differ from call to call.
fn is_random(function: &Function) -> bool {
    matches!(
        function.name,
        "rand"
            | "random"
            | "randn"
            | "uuid"
            | "shuffle"
            | "monotonically_increasing_id"
            | "spark_partition_id"
            | "input_file_name"
    )
}
