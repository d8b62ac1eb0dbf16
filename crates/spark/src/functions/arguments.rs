//! Counting arguments and casting them to what a function asks for.

use super::{Casts, Function};
use crate::types::operators::unexpected_input;
use crate::types::{DataType, Input, Literal, Mismatch, Operand};

/// Whether the function takes so many arguments.
pub(super) fn count(function: &Function, count: usize) -> Result<(), Mismatch> {
    if function.arity.takes(count) {
        return Ok(());
    }
    // Functions with named parameters say which one is missing.
    let named = matches!(
        function.name,
        "explode" | "explode_outer" | "mask" | "count_min_sketch"
    );
    let least = match function.arity {
        super::Arity::Between(least, _) => usize::from(least),
        _ => 0,
    };
    if named && count < least {
        return Err(Mismatch::new(
            "REQUIRED_PARAMETER_NOT_FOUND",
            format!(
                "Cannot invoke function `{}` because a required parameter is missing.",
                function.name
            ),
        ));
    }
    Err(Mismatch::new(
        if function.name == "count" {
            "WRONG_NUM_ARGS.WITH_SUGGESTION"
        } else {
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"
        },
        format!(
            "The `{}` requires {} parameters but the actual number is {count}.",
            function.name,
            function.arity.wanted()
        ),
    ))
}

/// The types of the arguments after the casts that Spark adds.
pub(super) fn cast(function: &Function, arguments: &[Operand<'_>]) -> Result<Vec<DataType>, Mismatch> {
    let mut types = Vec::with_capacity(arguments.len());
    for (position, argument) in arguments.iter().enumerate() {
        let ty = before(function, position, argument);
        let ty = match function.inputs.get(position).or_else(|| variadic(function)) {
            None => ty,
            Some(input) => match function.casts {
                Casts::None => ty,
                Casts::Implicit => input
                    .implicit(&ty)
                    .ok_or_else(|| unexpected_input(position, input, &argument.ty))?,
                Casts::Expected if input.accepts(&ty) => ty,
                Casts::Expected if ty == DataType::Void => input.default_type(),
                Casts::Expected => return Err(unexpected_input(position, input, &argument.ty)),
            },
        };
        types.push(ty);
    }
    Ok(types)
}

/// Arguments that are read before their types are looked at: whether they are constants.
pub(super) fn literals(function: &Function, arguments: &[Operand<'_>]) -> Result<(), Mismatch> {
    let (position, class, input) = match function.class {
        "DateAdd" | "DateSub" => return whole_days(arguments),
        "First" | "Last" | "AnyValue" => (1, "_LEGACY_ERROR_TEMP_1210", Input::Boolean),
        "HyperLogLogPlusPlus"
            if arguments
                .get(1)
                .is_some_and(|error| error.literal.is_none() && error.ty.is_certain()) =>
        {
            (1, "_LEGACY_ERROR_TEMP_1104", Input::OneOf(&[]))
        }
        "HyperLogLogPlusPlus" => (
            1,
            "_LEGACY_ERROR_TEMP_1104",
            Input::OneOf(&[Input::Double, Input::Decimal]),
        ),
        "Ceil"
        | "Floor"
        | "CeilExpressionBuilder"
        | "FloorExpressionBuilder"
        | "RoundCeil"
        | "RoundFloor" => (1, "_LEGACY_ERROR_TEMP_1100", Input::Int),
        "DatePart" | "DatePartExpressionBuilder" | "Extract" => (0, "_LEGACY_ERROR_TEMP_1100", Input::String),
        "TimeWindow" => return durations(arguments),
        "ToBinary" | "TryToBinary" => (1, "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", Input::Any),
        class if class.starts_with("XPath") => (1, "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", Input::Any),
        "JsonToStructs" | "CsvToStructs" => (1, "INVALID_SCHEMA.NON_STRING_LITERAL", Input::Any),
        _ => return Ok(()),
    };
    let Some(argument) = arguments.get(position) else {
        return Ok(());
    };
    let constant = argument.foldable != Some(false);
    if constant && (input.accepts(&argument.ty) || argument.ty == DataType::Void) {
        return Ok(());
    }
    Err(Mismatch::new(
        class,
        format!(
            "The argument {} of `{}` has to be a constant of the right type.",
            position + 1,
            function.name
        ),
    )
    .at(position))
}

/// The durations of a window are read at once.
fn durations(arguments: &[Operand<'_>]) -> Result<(), Mismatch> {
    let is_duration = |argument: &Operand<'_>| match argument.literal {
        Some(Literal::Text(_)) => true,
        Some(Literal::Integer(_)) => matches!(argument.ty, DataType::Int | DataType::BigInt),
        _ => argument.ty.is_unknown(),
    };
    match arguments
        .iter()
        .skip(1)
        .position(|argument| !is_duration(argument))
    {
        Some(position) => Err(Mismatch::new(
            "_LEGACY_ERROR_TEMP_1207",
            "The duration and time inputs to window must be an integer, long or string literal.",
        )
        .at(position + 1)),
        None => Ok(()),
    }
}

/// The text of a number of days is read at once.
fn whole_days(arguments: &[Operand<'_>]) -> Result<(), Mismatch> {
    match text(arguments.get(1)) {
        Some(days) if days.trim().parse::<i32>().is_err() => Err(Mismatch::new(
            "SECOND_FUNCTION_ARGUMENT_NOT_INTEGER",
            "The second argument of `date_add` function needs to be an integer.",
        )
        .at(1)),
        _ => Ok(()),
    }
}

/// Arguments that have to be known before there are rows.
pub(super) fn constant(function: &Function, arguments: &[Operand<'_>]) -> Result<(), Mismatch> {
    // A seed that is never anything but `null` is as good as a constant one.
    let seed = matches!(function.class, "Rand" | "Randn");
    let column =
        |argument: &Operand<'_>| argument.foldable == Some(false) && !(seed && argument.ty == DataType::Void);
    for position in constants(function.class) {
        if arguments.get(*position).is_some_and(column) {
            return Err(not_constant(function.class, *position));
        }
    }
    Ok(())
}

/// What every further argument of a function with any number of them is asked for.
fn variadic(function: &Function) -> Option<&'static Input> {
    match function.arity {
        super::Arity::AtLeast(_) => function.inputs.last(),
        _ => None,
    }
}

/// What Spark casts before it looks at what the function takes.
fn before(function: &Function, position: usize, argument: &Operand<'_>) -> DataType {
    match (function.class, position, &argument.ty) {
        ("DateAdd" | "DateSub", 0, ty) if ty.is_string() || ty.is_datetime() => DataType::Date,
        // Only of a constant is it known whether it is a whole number.
        ("DateAdd" | "DateSub", 1, ty) if ty.is_string() && argument.foldable != Some(false) => DataType::Int,
        ("Sum" | "Average", 0, DataType::Timestamp) => DataType::Double,
        ("ArrayJoin", 0, ty @ DataType::Array(_)) => Input::ArrayOf(&Input::String)
            .implicit(ty)
            .unwrap_or_else(|| ty.clone()),
        (_, _, ty) => ty.in_expressions(),
    }
}

/// The positions of the arguments that have to be known before there are rows.
const fn constants(class: &str) -> &'static [usize] {
    match class.as_bytes() {
        b"Round" | b"BRound" | b"RoundCeil" | b"RoundFloor" | b"NthValue" | b"SortArray" | b"Percentile"
        | b"HistogramNumeric" | b"ToNumber" | b"TryToNumber" | b"ToCharacter" | b"Lag" | b"Lead" => &[1],
        b"ApproximatePercentile" => &[1, 2],
        b"CountMinSketchAgg" => &[1, 2, 3],
        b"RegExpReplace" => &[3],
        b"Mask" => &[1, 2, 3, 4],
        b"CallMethodViaReflection" => &[0, 1],
        b"Rand" | b"Randn" | b"NTile" | b"Stack" | b"SchemaOfJson" | b"SchemaOfCsv" => &[0],
        _ => &[],
    }
}

fn not_constant(class: &str, position: usize) -> Mismatch {
    Mismatch::new(
        if matches!(class, "Rand" | "Randn") {
            "SEED_EXPRESSION_IS_UNFOLDABLE"
        } else {
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"
        },
        format!("the input {} should be a foldable expression.", position + 1),
    )
    .at(position)
}

/// The whole number that an argument is, where it is a literal.
pub(super) fn integer(argument: Option<&Operand<'_>>) -> Option<i64> {
    match argument?.literal {
        Some(Literal::Integer(value)) => Some(value),
        _ => None,
    }
}

/// The text that an argument is, where it is a literal.
pub(super) fn text<'a>(argument: Option<&Operand<'a>>) -> Option<&'a str> {
    match argument?.literal {
        Some(Literal::Text(text)) => Some(text),
        _ => None,
    }
}
