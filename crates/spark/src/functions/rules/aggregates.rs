//! Functions of many rows.

use super::super::arguments::integer;
use super::{Call, Rule, Verdict, value};
use crate::types::operators::{accepts_key, not_orderable, unexpected_input, unexpected_type};
use crate::types::{DataType, Field, Input, Mismatch, cast, decimal};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "Sum" | "TrySum" => sum,
        "Average" | "TryAverage" => average,
        "RegrAvgX" => |call| regression_average(call, 1),
        "RegrAvgY" => |call| regression_average(call, 0),
        "BoolAnd" | "BoolOr" => |_| value(DataType::Boolean),
        "CollectList" => |call| value(DataType::array(call.ty(0).clone())),
        "CollectSet" => collect_set,
        "Min" | "Max" => |call| ordered(call, 0),
        "MinBy" | "MaxBy" => |call| ordered(call, 1),
        "Median" => |call| value(percentile_type(call.ty(0))),
        "Percentile" => percentile,
        "ApproximatePercentile" => approximate_percentile,
        "HistogramNumeric" => histogram,
        "Lag" | "Lead" => offset,
        _ => return None,
    })
}

/// Whole numbers are added up as `bigint`, decimals with ten digits more.
fn sum(call: &Call<'_, '_>) -> Verdict {
    value(match call.ty(0) {
        DataType::Unknown => DataType::Unknown,
        DataType::Decimal(precision, scale) => {
            let (precision, scale) = decimal::bounded(precision.saturating_add(10), *scale);
            DataType::Decimal(precision, scale)
        }
        ty if ty.is_integral() => DataType::BigInt,
        ty if ty.is_ansi_interval() => ty.clone(),
        _ => DataType::Double,
    })
}

fn average(call: &Call<'_, '_>) -> Verdict {
    value(averaged(call.ty(0)))
}

/// Decimals get four digits more behind the point; all other numbers are averaged as `double`.
fn averaged(ty: &DataType) -> DataType {
    match ty {
        DataType::Unknown => DataType::Unknown,
        DataType::Decimal(precision, scale) => {
            let (precision, scale) = decimal::bounded(precision.saturating_add(4), scale.saturating_add(4));
            DataType::Decimal(precision, scale)
        }
        DataType::DayTime(..) => DataType::DAY_TO_SECOND,
        DataType::YearMonth(..) => DataType::YEAR_TO_MONTH,
        _ => DataType::Double,
    }
}

fn regression_average(call: &Call<'_, '_>, position: usize) -> Verdict {
    value(averaged(call.ty(position)))
}

fn collect_set(call: &Call<'_, '_>) -> Verdict {
    if cast::has_map(call.ty(0)) {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE",
            "The input of `collect_set` can't be \"MAP\" type data.",
        )
        .at(0));
    }
    value(DataType::array(call.ty(0).clone()))
}

/// The first argument, if the argument at `position` has an order.
fn ordered(call: &Call<'_, '_>, position: usize) -> Verdict {
    let by = call.ty(position);
    if cast::is_orderable(by) {
        value(call.ty(0).clone())
    } else {
        Err(not_orderable(call.function.name, by).at(position))
    }
}

fn percentile_type(of: &DataType) -> DataType {
    match of {
        DataType::Unknown => DataType::Unknown,
        DataType::DayTime(..) => DataType::DAY_TO_SECOND,
        DataType::YearMonth(..) => DataType::YEAR_TO_MONTH,
        _ => DataType::Double,
    }
}

fn percentile(call: &Call<'_, '_>) -> Verdict {
    let inputs = [INTERVAL_OR_NUMBER, FRACTIONS, Input::Integral];
    for (position, (input, ty)) in inputs.iter().zip(call.types).enumerate() {
        if input.implicit(ty).is_none() {
            return Err(unexpected_input(position, input, ty));
        }
    }
    share(call)?;
    let ty = percentile_type(call.ty(0));
    value(match call.argument(1).map(|argument| &argument.ty) {
        Some(DataType::Array(_)) => DataType::array(ty),
        Some(DataType::Unknown) | None => DataType::Unknown,
        Some(_) => ty,
    })
}

/// A share lies between nothing and all.
fn share(call: &Call<'_, '_>) -> Result<(), Mismatch> {
    match integer(call.argument(1)) {
        Some(share) if !(0..=1).contains(&share) => Err(Mismatch::new(
            "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
            format!("The percentage must be between [0.0, 1.0] (current value = {share})."),
        )
        .at(1)),
        _ => Ok(()),
    }
}

fn approximate_percentile(call: &Call<'_, '_>) -> Verdict {
    share(call)?;
    let ty = call.ty(0).clone();
    value(match call.argument(1).map(|argument| &argument.ty) {
        Some(DataType::Array(_)) => DataType::array(ty),
        Some(DataType::Unknown) | None => DataType::Unknown,
        Some(_) => ty,
    })
}

fn histogram(call: &Call<'_, '_>) -> Verdict {
    let bin = DataType::structure([
        Field::new("x", call.ty(0).clone()),
        Field::new("y", DataType::Double),
    ]);
    value(DataType::array(bin))
}

/// Of what a percentile can be told.
const INTERVAL_OR_NUMBER: Input = Input::OneOf(&[Input::Numeric, Input::DayTime, Input::YearMonth]);
/// Which percentiles. An array of other numbers is cast, if none of them may be null.
const FRACTIONS: Input = Input::OneOf(&[Input::Double, Input::ArrayOf(&Input::Double)]);

/// `lag` and `lead`: the row is found by a whole number, and what stands for a missing one is cast to the type of the others.
fn offset(call: &Call<'_, '_>) -> Verdict {
    if let Some(argument) = call.argument(1)
        && Input::Int.implicit(&argument.ty).is_none()
    {
        return Err(unexpected_input(1, &Input::Int, &argument.ty));
    }
    let Some(ty) = call.types.first() else {
        return value(DataType::Void);
    };
    if let Some(other) = call.argument(2)
        && !accepts_key(ty, &other.ty)
        && *ty != DataType::Void
    {
        return Err(unexpected_type(2, &format!("\"{}\"", ty.sql()), &other.ty));
    }
    value(ty.clone())
}
