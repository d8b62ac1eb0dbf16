//! Functions over windows.

use glueline_base::TextRange;

use super::Analyzer;
use super::expr::Around;
use super::value::{Constant, Kind, Value, hash};
use crate::functions::{Function, Kind as FunctionKind};
use crate::syntax::ast::{Bound, Call, Frame, NamedWindow, Over, WindowSpec};
use crate::types::DataType;

/// What a window is made of.
pub(super) struct WindowParts {
    values: Vec<Value>,
    order: Vec<Value>,
}

impl Analyzer<'_> {
    /// A function over a window.
    pub(super) fn window(
        &mut self,
        function: &'static Function,
        call: &Call,
        mut value: Value,
        over: &Over,
        around: Around<'_>,
    ) -> Value {
        let range = value.range;
        let parts = self.window_parts(over, around);
        let frame = parts.as_ref().and_then(|_| frame_of(over, around));
        let text = self.spelled(range);
        if !matches!(function.kind, FunctionKind::Aggregate | FunctionKind::Window) {
            self.error(
                "UNSUPPORTED_EXPR_FOR_WINDOW",
                format!("Expression \"{text}\" not supported within a window function."),
                range,
            );
            return Value::unknown(range);
        }
        if call.distinct && function.kind == FunctionKind::Aggregate {
            self.error(
                "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
                format!("Distinct window functions are not supported: \"{text}\"."),
                range,
            );
        }
        if let Some(parts) = &parts {
            self.window_rules(function, &value.parts, parts, frame, range);
        }
        if let Some(parts) = parts {
            for part in &parts.values {
                value.key = hash(&(value.key, part.key));
            }
            value.parts.extend(parts.values);
        }
        if value
            .parts
            .iter()
            .any(|part| part.first(&|part| part.kind == Kind::Alias).is_some())
        {
            self.error(
                "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW",
                format!("The feature is not supported: Referencing a lateral column alias in window expression \"{text}\"."),
                range,
            );
        }
        value.kind = Kind::Over;
        value.foldable = Some(false);
        value
    }

    /// What a window is made of; nothing where there is no window of that name.
    pub(super) fn window_parts(&mut self, over: &Over, around: Around<'_>) -> Option<WindowParts> {
        let Some(spec) = spec_of(over, around.windows) else {
            if let Over::Named(name) = over {
                self.error(
                    "_LEGACY_ERROR_TEMP_1004",
                    format!(
                        "Window specification {} is not defined in the WINDOW clause.",
                        name.text
                    ),
                    name.range,
                );
            }
            return None;
        };
        let mut values: Vec<Value> = spec
            .partition
            .iter()
            .map(|part| self.expr(part, around))
            .collect();
        let order: Vec<Value> = spec
            .order
            .iter()
            .map(|item| self.expr(&item.expr, around))
            .collect();
        values.extend(order.iter().cloned());
        for value in &order {
            self.is_orderable(value);
        }
        if let Some(frame) = &spec.frame {
            for bound in std::iter::once(&frame.start).chain(&frame.end) {
                if let Bound::Preceding(value) | Bound::Following(value) = bound {
                    let bound = self.expr(value, around);
                    values.push(bound);
                }
            }
            self.frame_rules(frame, &order, around);
        }
        Some(WindowParts { values, order })
    }

    /// What ranking functions and their like ask of a window.
    fn window_rules(
        &mut self,
        function: &Function,
        arguments: &[Value],
        parts: &WindowParts,
        frame: Option<&Frame>,
        range: TextRange,
    ) {
        if function.kind != FunctionKind::Window {
            return;
        }
        let name = function.name;
        self.window_number(name, arguments, range);
        if parts.order.is_empty() {
            self.error(
                "_LEGACY_ERROR_TEMP_1037",
                format!(
                    "Window function {name}() requires window to be ordered, please add ORDER BY clause. For example SELECT \
                     {name}()(value_expr) OVER (PARTITION BY window_partition ORDER BY window_ordering) from table."
                ),
                range,
            );
        } else if let Some(frame) = frame {
            if matches!(name, "lag" | "lead") {
                self.error(
                    "_LEGACY_ERROR_TEMP_1035",
                    format!("Cannot specify window frame for {name} function."),
                    range,
                );
            } else if name != "nth_value" && !is_running(frame) {
                self.error(
                    "_LEGACY_ERROR_TEMP_1036",
                    "Window Frame must match the required frame: rows between unbounded preceding and current row.",
                    range,
                );
            }
        }
    }

    /// The number that `lag` and its like take: nothing is cast for it.
    fn window_number(&mut self, name: &str, arguments: &[Value], range: TextRange) {
        let place = match name {
            "lag" | "lead" | "nth_value" => 1,
            "ntile" => 0,
            _ => return,
        };
        let Some(number) = arguments.get(place) else {
            return;
        };
        if !number.ty.is_certain() || number.ty == DataType::Int {
            return;
        }
        let negated = matches!(number.ty, DataType::String | DataType::Boolean);
        let (class, message) = match name {
            "lag" if negated => (
                "FAILED_FUNCTION_CALL",
                "Failed preparing of the function `lag` for call. Please, double check function's arguments."
                    .to_owned(),
            ),
            "lag" | "lead" => (
                "_LEGACY_ERROR_TEMP_1035",
                format!("Cannot specify window frame for {name} function."),
            ),
            _ if number.ty.is_string() => (
                "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                format!(
                    "Parameter {} requires the \"INT\" type, however it has the type \"STRING\".",
                    place + 1
                ),
            ),
            _ => return,
        };
        self.error(class, message, range);
    }

    /// The bounds of a frame.
    fn frame_rules(&mut self, frame: &Frame, order: &[Value], around: Around<'_>) {
        let before = self.errors.len();
        let ends = [Some(&frame.start), frame.end.as_ref()];
        if frame.start == Bound::UnboundedFollowing || frame.end == Some(Bound::UnboundedPreceding) {
            return self.error(
                "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
                "The upper bound of a window frame does not follow the lower bound.",
                frame.range,
            );
        }
        let mut places = Vec::new();
        let mut types = Vec::new();
        for bound in ends.into_iter().flatten() {
            let (Bound::Preceding(expr) | Bound::Following(expr)) = bound else {
                continue;
            };
            let value = self.expr(expr, around);
            self.errors.truncate(before);
            let number = match value.literal {
                Some(Constant::Integer(number)) => Some(number),
                _ => None,
            };
            places.push(number.map(|number| {
                if matches!(bound, Bound::Preceding(_)) {
                    -number
                } else {
                    number
                }
            }));
            if frame.by_range {
                self.range_rules(frame, &value, order);
            } else if !value.ty.is_unknown() && value.ty != DataType::Int {
                self.error(
                    "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
                    format!(
                        "The data type of the bound of a window frame \"{}\" does not match the expected data type \"INT\".",
                        value.ty.sql()
                    ),
                    value.range,
                );
            }
            if self.errors.len() > before {
                return;
            }
            types.push(value.ty);
        }
        // bounds are cast to what is ordered by, but not to dates and timestamps
        let uncast = frame.by_range
            && order.first().is_some_and(|order| {
                matches!(
                    order.ty,
                    DataType::Date | DataType::Timestamp | DataType::TimestampNtz
                )
            });
        if let [start, end] = types.as_slice()
            && uncast
            && start != end
            && start.is_certain()
            && end.is_certain()
        {
            return self.error(
                "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES",
                format!(
                    "Window frame bounds do not have the same type: \"{}\" <> \"{}\".",
                    start.sql(),
                    end.sql()
                ),
                frame.range,
            );
        }
        if let [Some(start), Some(end)] = places.as_slice()
            && start > end
        {
            self.error(
                "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
                "The lower bound of a window frame must be less than or equal to the upper bound.",
                frame.range,
            );
        }
    }

    fn range_rules(&mut self, frame: &Frame, value: &Value, order: &[Value]) {
        let [order] = order else {
            let (class, message) = if order.is_empty() {
                (
                    "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER",
                    "A range window frame cannot be used in an unordered window specification.",
                )
            } else {
                (
                    "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
                    "A range window frame with value boundaries cannot be used in a window specification with multiple order by expressions.",
                )
            };
            return self.error(class, message, frame.range);
        };
        let (by, bound) = (&order.ty, &value.ty);
        let fits = match by {
            DataType::Unknown => true,
            _ if bound.is_unknown() => true,
            DataType::Date => {
                matches!(
                    bound,
                    DataType::Int
                        | DataType::SmallInt
                        | DataType::TinyInt
                        | DataType::YearMonth(..)
                        | DataType::DayTime(..)
                ) && !matches!(bound, DataType::DayTime(..))
            }
            DataType::Timestamp | DataType::TimestampNtz => {
                matches!(
                    bound,
                    DataType::DayTime(..) | DataType::YearMonth(..) | DataType::Interval
                )
            }
            by => by == bound || crate::types::cast::can_cast(bound, by),
        };
        if !fits {
            self.error(
                "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
                format!(
                    "The data type \"{}\" used in the order specification does not match the data type \"{}\" which is used in the range \
                     frame.",
                    by.sql(),
                    bound.sql()
                ),
                frame.range,
            );
        }
    }

    /// What is ordered by must have an order.
    pub(super) fn is_orderable(&mut self, value: &Value) {
        if value.ty.is_certain() && crate::types::cast::has_map(&value.ty) {
            let text = self.spelled(value.range);
            self.error(
                "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                format!(
                    "Cannot resolve \"{text} ASC NULLS FIRST\" due to data type mismatch: The `sortorder` does not support ordering on type \
                     \"{}\".",
                    value.ty.sql()
                ),
                value.range,
            );
        }
    }
}

/// The specification of a window, by name if need be.
pub(super) fn spec_of<'w>(over: &'w Over, windows: &'w [NamedWindow]) -> Option<&'w WindowSpec> {
    let mut over = over;
    for _ in 0..=windows.len() {
        match over {
            Over::Spec(spec) => return Some(spec),
            Over::Named(name) => {
                let found = windows
                    .iter()
                    .find(|window| super::scope::equal(&window.name.text, &name.text))?;
                over = &found.over;
            }
        }
    }
    None
}

fn frame_of<'w>(over: &'w Over, around: Around<'w>) -> Option<&'w Frame> {
    spec_of(over, around.windows)?.frame.as_ref()
}

/// `rows between unbounded preceding and current row`
fn is_running(frame: &Frame) -> bool {
    !frame.by_range
        && frame.start == Bound::UnboundedPreceding
        && matches!(frame.end, None | Some(Bound::CurrentRow))
}
