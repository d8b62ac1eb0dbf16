//! The arguments of calls: stars, lambdas.

use glueline_base::TextRange;

use super::Analyzer;
use super::expr::Around;
use super::scope::Column;
use super::value::{Constant, Kind, Value, hash};
use crate::functions::{self, Function};
use crate::syntax::ast::{Arg, Call, Expr, ExprKind, Name};
use crate::types::DataType;

impl Analyzer<'_> {
    /// The arguments, stars in their place.
    pub(super) fn arguments(
        &mut self,
        function: &'static Function,
        call: &Call,
        around: Around<'_>,
    ) -> Vec<Value> {
        let mut parts: Vec<Value> = Vec::with_capacity(call.args.len());
        for arg in &call.args {
            match &arg.value.kind {
                ExprKind::Star(path)
                    if path.is_empty() && call.args.len() == 1 && function.name == "count" =>
                {
                    let mut one = Value::new(
                        DataType::Int,
                        arg.value.range,
                        Kind::Literal,
                        Vec::new(),
                        hash(&1),
                    );
                    one.literal = Some(Constant::Integer(1));
                    parts.push(one);
                }
                ExprKind::Star(path) => {
                    if function.name == "count" && !path.is_empty() && call.args.len() == 1 {
                        self.count_of_star(arg.value.range);
                    }
                    let columns: Vec<Column> = if path.is_empty() {
                        around.scope.columns.clone()
                    } else {
                        around.scope.of(path)
                    };
                    for column in columns {
                        let key = hash(&("column", column.id));
                        let ty = column.ty.in_expressions();
                        let mut value =
                            Value::new(ty, arg.value.range, Kind::Column(column.id), Vec::new(), key);
                        value.name = Some((&*column.name).into());
                        parts.push(value);
                    }
                    if !around.scope.complete() {
                        parts.push(Value::unknown(arg.value.range));
                    }
                }
                ExprKind::Lambda { params, body } => {
                    let lambda = self.lambda(Some(function), params, body, &parts, arg.value.range, around);
                    parts.push(lambda);
                }
                _ => {
                    let value = self.expr(&arg.value, around);
                    parts.push(value);
                }
            }
        }
        parts
    }

    /// `count(t.*)`, which Spark refuses as it counts something else than people think.
    fn count_of_star(&mut self, range: TextRange) {
        let text = self.spelled(range);
        self.error(
            "_LEGACY_ERROR_TEMP_1021",
            format!("count({text}) is not allowed. Please use count(*) or expand the columns manually, e.g. count(col1, col2)."),
            range,
        );
    }

    /// A lambda that is the next argument after these.
    pub(super) fn lambda(
        &mut self,
        function: Option<&'static Function>,
        params: &[Name],
        body: &Expr,
        before: &[Value],
        range: TextRange,
        around: Around<'_>,
    ) -> Value {
        let types = function.map(|function| {
            let operands: Vec<_> = before.iter().map(Value::operand).collect();
            functions::lambda_parameters(function, &operands, before.len())
        });
        if let (Some(function), Some(types)) = (function, &types) {
            if types.is_empty() {
                self.error(
                    "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                    format!(
                        "Invalid lambda function call. A lambda function should only be used in a higher order function. However, its \
                         class is {}, which is not a higher order function.",
                        function.class
                    ),
                    range,
                );
                return Value::unknown(range);
            }
            if types.len() < params.len() {
                self.error(
                    "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                    format!(
                        "Invalid lambda function call. A higher order function expects {} arguments, but got {}.",
                        types.len(),
                        params.len()
                    ),
                    range,
                );
                return Value::unknown(range);
            }
        }
        let depth = self.variables.len();
        for (index, name) in params.iter().enumerate() {
            let ty = types.as_ref().and_then(|types| types.get(index)).cloned();
            // lambdas are the same whatever their parameters are called, so these are told apart by their place alone
            let place = self.variables.len();
            self.variables
                .push((name.text.clone(), ty.unwrap_or(DataType::Unknown), place));
        }
        let body = self.expr(body, around);
        self.variables.truncate(depth);
        let ty = body.ty.clone();
        let mut value = Value::of(ty, range, "lambda", vec![body]);
        value.kind = Kind::Lambda(params.len());
        value
    }
}

/// The names that `struct` gives to fields without one: they count the arguments, a star as one.
pub(super) fn places_of_fields(call: &Call, parts: &[Value]) -> Vec<String> {
    let place = |part: &Value| {
        let argument = call.args.iter().position(|arg| arg.value.range == part.range);
        format!("col{}", argument.map_or(0, |argument| argument + 1))
    };
    if call.args.iter().any(is_open_star) {
        parts.iter().map(place).collect()
    } else {
        Vec::new()
    }
}

pub(super) fn is_open_star(arg: &Arg) -> bool {
    matches!(arg.value.kind, ExprKind::Star(_))
}
