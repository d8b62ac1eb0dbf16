//! `+ - * / % div & | ^`: numbers, dates, intervals.

use super::super::{DataType, Input, Mismatch, Operand, common, decimal};
use super::{Binary, different_types, unexpected_input, wrong_type};

/// What `+`, `-` and the signs take.
pub(super) const NUMERIC_AND_INTERVAL: Input =
    Input::OneOf(&[Input::Numeric, Input::Interval, Input::DayTime, Input::YearMonth]);
const DAYS: Input = Input::OneOf(&[Input::Int, Input::SmallInt, Input::TinyInt]);
const DAY_INTERVAL: Input = Input::OneOf(&[Input::Interval, Input::DayTime]);
const DIVISOR: Input = Input::OneOf(&[Input::Double, Input::Decimal]);
const DIVIDEND: Input = Input::OneOf(&[Input::BigInt, Input::Decimal, Input::YearMonth, Input::DayTime]);

/// The type of an arithmetic operation.
pub(super) fn arithmetic(op: Binary, left: &Operand<'_>, right: &Operand<'_>) -> Result<DataType, Mismatch> {
    if left.ty.is_unknown() || right.ty.is_unknown() {
        return Ok(unknown_operand(op, &left.ty, &right.ty));
    }
    let special = match op {
        Binary::Add => addition(&left.ty, &right.ty),
        Binary::Subtract => subtraction(&left.ty, &right.ty),
        Binary::Multiply => interval_times(&left.ty, &right.ty, true),
        Binary::Divide => interval_times(&left.ty, &right.ty, false),
        _ => None,
    };
    special.unwrap_or_else(|| numbers(op, left, right))
}

/// What is known of the result when one operand is not: a `div` is a `bigint` whatever it divides, `/` of floats a `double`.
fn unknown_operand(op: Binary, left: &DataType, right: &DataType) -> DataType {
    let other = if left.is_unknown() { right } else { left };
    match (op, other) {
        (Binary::IntegralDivide, _) => DataType::BigInt,
        _ => DataType::Unknown,
    }
}

type Verdict = Option<Result<DataType, Mismatch>>;

/// `+` where a date, a time or an interval takes part; `None` leaves it to the numbers.
fn addition(left: &DataType, right: &DataType) -> Verdict {
    use DataType as T;
    match (left, right) {
        (T::Date, T::DayTime(..)) | (T::DayTime(..), T::Date) => {
            let interval = if *left == T::Date { right } else { left };
            Some(Ok(date_and_interval(interval)))
        }
        (T::Date, T::YearMonth(..) | T::Interval) | (T::YearMonth(..) | T::Interval, T::Date) => {
            Some(Ok(T::Date))
        }
        (time @ (T::Timestamp | T::TimestampNtz), T::YearMonth(..))
        | (T::YearMonth(..), time @ (T::Timestamp | T::TimestampNtz)) => Some(Ok(time.clone())),
        (T::Interval, T::Interval) | (T::DayTime(..), T::DayTime(..)) => None,
        (T::Void, interval) | (interval, T::Void) if interval.is_ansi_interval() => {
            Some(Ok(interval.clone()))
        }
        (time, interval @ (T::Interval | T::DayTime(..))) => Some(moved(time, interval, 0)),
        (interval @ (T::Interval | T::DayTime(..)), time) => Some(moved(time, interval, 0)),
        (T::Date, days) if *days != T::String => Some(date_and_days(days)),
        (days, T::Date) if *days != T::String => Some(date_and_days(days)),
        // The string becomes a double, and no double can be added to a date.
        (T::Date, T::String) | (T::String, T::Date) => Some(date_and_days(&T::Double)),
        _ => None,
    }
}

/// `-` where a date, a time or an interval takes part.
fn subtraction(left: &DataType, right: &DataType) -> Verdict {
    use DataType as T;
    match (left, right) {
        (T::Date, T::DayTime(..)) => Some(Ok(date_and_interval(right))),
        (T::Date, T::YearMonth(..) | T::Interval) => Some(Ok(T::Date)),
        (T::Timestamp | T::TimestampNtz, T::YearMonth(..)) => Some(Ok(left.clone())),
        (T::Interval, T::Interval) | (T::DayTime(..), T::DayTime(..)) => None,
        (T::Void, interval) | (interval, T::Void) if interval.is_ansi_interval() => {
            Some(Ok(interval.clone()))
        }
        (time, interval @ (T::Interval | T::DayTime(..))) => Some(moved(time, interval, 0)),
        (T::Timestamp | T::TimestampNtz, _) | (_, T::Timestamp | T::TimestampNtz) => {
            Some(difference(left, right, &Input::AnyTimestamp, T::DAY_TO_SECOND))
        }
        (_, T::Date) => {
            let day = super::super::DayTimeUnit::Day;
            Some(difference(left, right, &Input::Date, T::DayTime(day, day)))
        }
        (T::Date, T::String) => Some(date_and_days(&T::Double)),
        (T::Date, days) => Some(date_and_days(days)),
        _ => None,
    }
}

/// A date and an interval of nothing but days is a date, else it has a time.
fn date_and_interval(interval: &DataType) -> DataType {
    use super::super::DayTimeUnit::Day;
    if *interval == DataType::DayTime(Day, Day) {
        DataType::Date
    } else {
        DataType::Timestamp
    }
}

fn date_and_days(days: &DataType) -> Result<DataType, Mismatch> {
    if DAYS.accepts(days) || *days == DataType::Void {
        Ok(DataType::Date)
    } else {
        Err(unexpected_input(1, &DAYS, days))
    }
}

/// A time, or the text of one, moved by an interval keeps its type.
fn moved(time: &DataType, interval: &DataType, position: usize) -> Result<DataType, Mismatch> {
    if !DAY_INTERVAL.accepts(interval) {
        return Err(unexpected_input(1, &DAY_INTERVAL, interval));
    }
    match time {
        DataType::Void => Err(Mismatch::new(
            "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
            "cannot cast \"TIMESTAMP\" to \"VOID\".",
        )),
        time if Input::AnyTimestamp.implicit(time).is_some() => Ok(time.clone()),
        time => Err(unexpected_input(position, &Input::AnyTimestamp, time)),
    }
}

fn difference(
    left: &DataType,
    right: &DataType,
    input: &Input,
    result: DataType,
) -> Result<DataType, Mismatch> {
    for (position, ty) in [left, right].into_iter().enumerate() {
        // The text of a date is cast; that of a time is not, having become a double before.
        let text = *input != Input::Date && ty.is_string();
        if text || input.implicit(ty).is_none() {
            return Err(unexpected_input(position, input, ty));
        }
    }
    Ok(result)
}

/// An interval times a number, or divided by one.
fn interval_times(left: &DataType, right: &DataType, times: bool) -> Verdict {
    let is_interval = |ty: &DataType| ty.is_ansi_interval() || *ty == DataType::Interval;
    let (interval, number) = if is_interval(left) {
        (left, right)
    } else if times && is_interval(right) {
        (right, left)
    } else {
        return None;
    };
    let result = match interval {
        DataType::DayTime(..) => DataType::DAY_TO_SECOND,
        DataType::YearMonth(..) => DataType::YEAR_TO_MONTH,
        other => other.clone(),
    };
    Some(if Input::Numeric.implicit(number).is_some() {
        Ok(result)
    } else {
        Err(unexpected_input(1, &Input::Numeric, number))
    })
}

/// What the operator takes once its operands are of one type.
const fn taken(op: Binary) -> Input {
    match op {
        Binary::Add | Binary::Subtract => NUMERIC_AND_INTERVAL,
        Binary::Divide => DIVISOR,
        Binary::IntegralDivide => DIVIDEND,
        Binary::BitAnd | Binary::BitOr | Binary::BitXor => Input::Integral,
        _ => Input::Numeric,
    }
}

fn numbers(op: Binary, left: &Operand<'_>, right: &Operand<'_>) -> Result<DataType, Mismatch> {
    let input = taken(op);
    if left.ty == DataType::Void && right.ty == DataType::Void {
        return Ok(input.default_type());
    }
    let first = promoted(&left.ty, &right.ty);
    let second = promoted(&right.ty, &left.ty);
    if op == Binary::Divide && first == DataType::Void && Input::Numeric.accepts(&second) {
        return Ok(DataType::Double);
    }
    let is_decimal = |ty: &DataType| matches!(ty, DataType::Decimal(..));
    if (is_decimal(&first) || is_decimal(&second))
        && let Some(result) = decimals(op, left, right, &first, &second)
    {
        return result;
    }
    let halves = matches!(op, Binary::Divide)
        && [&first, &second]
            .into_iter()
            .all(|ty| ty.is_numeric() || *ty == DataType::Void);
    if halves {
        return Ok(DataType::Double);
    }
    let (first, second) = if op == Binary::IntegralDivide {
        (as_bigint(first), as_bigint(second))
    } else {
        (first, second)
    };
    let common = common::tightest(&first, &second).filter(|ty| input.accepts(ty));
    match common {
        Some(_) if op == Binary::IntegralDivide => Ok(DataType::BigInt),
        Some(ty) => Ok(ty),
        None if first == second => Err(wrong_type(&format!("\"{input}\""), &first)),
        None => Err(different_types(&first, &second)),
    }
}

/// A string beside anything but an interval is a double.
fn promoted(ty: &DataType, other: &DataType) -> DataType {
    let interval = other.is_ansi_interval() || *other == DataType::Interval;
    if ty.is_string() && !interval {
        DataType::Double
    } else {
        ty.clone()
    }
}

fn as_bigint(ty: DataType) -> DataType {
    if ty.is_integral() { DataType::BigInt } else { ty }
}

/// Where one operand is a decimal and both are numbers.
fn decimals(
    op: Binary,
    left: &Operand<'_>,
    right: &Operand<'_>,
    first: &DataType,
    second: &DataType,
) -> Option<Result<DataType, Mismatch>> {
    let binary_fraction = |ty: &DataType| matches!(ty, DataType::Float | DataType::Double);
    if binary_fraction(first) || binary_fraction(second) {
        let whole = matches!(
            op,
            Binary::IntegralDivide | Binary::BitAnd | Binary::BitOr | Binary::BitXor
        );
        let float = *first == DataType::Float || *second == DataType::Float;
        return Some(match (whole, float) {
            (false, _) => Ok(DataType::Double),
            (true, true) => Err(different_types(first, second)),
            (true, false) => Err(wrong_type(&format!("\"{}\"", taken(op)), &DataType::Double)),
        });
    }
    let digits = |operand: &Operand<'_>, other: &DataType| match operand.ty {
        DataType::Void => decimal::exact(other),
        _ => decimal::of_operand(operand),
    };
    let (first, second) = (digits(left, second)?, digits(right, first)?);
    let (precision, scale) = match op {
        Binary::Add | Binary::Subtract => decimal::sum(first, second),
        Binary::Multiply => decimal::product(first, second),
        Binary::Divide => decimal::quotient(first, second),
        Binary::Remainder => decimal::remainder(first, second),
        Binary::IntegralDivide => return Some(Ok(DataType::BigInt)),
        _ => return None,
    };
    Some(Ok(DataType::Decimal(precision, scale)))
}
