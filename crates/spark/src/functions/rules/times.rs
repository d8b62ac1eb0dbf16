//! Functions of dates, times and intervals.

use super::super::arguments::text;
use super::{Call, Rule, Verdict, value};
use crate::types::{DataType, Field, Input, Mismatch};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "DatePartExpressionBuilder" | "DatePart" | "Extract" => part,
        "TimeWindow" | "SessionWindow" => window,
        "ConvertTimezone" => convert,
        "ParseToTimestamp" => parsed,
        _ => return None,
    })
}

/// A part of a date, a time or an interval, by its name.
fn part(call: &Call<'_, '_>) -> Verdict {
    let source = call.ty(1);
    let Some(field) = text(call.argument(0)) else {
        return value(DataType::Unknown);
    };
    let field = field.to_ascii_uppercase();
    let known = match source {
        DataType::DayTime(..) | DataType::YearMonth(..) | DataType::Interval => of_interval(&field, source),
        _ => of_time(&field),
    };
    match known {
        Some(_) if !is_source(source) => Err(crate::types::operators::unexpected_input(
            1,
            &Input::AnyTimestamp,
            source,
        )),
        Some(ty) => value(ty),
        None if source.is_unknown() => value(DataType::Unknown),
        None => Err(Mismatch::new(
            "INVALID_EXTRACT_FIELD",
            format!("Cannot extract `{field}` from a \"{}\".", source.sql()),
        )),
    }
}

fn is_source(ty: &DataType) -> bool {
    ty.is_unknown()
        || matches!(ty, DataType::Interval)
        || ty.is_ansi_interval()
        || Input::AnyTimestamp.implicit(ty).is_some()
}

/// The type of a part of a date or a time (`DatePart.parseExtractField`).
fn of_time(field: &str) -> Option<DataType> {
    Some(match field {
        "SECOND" | "S" | "SEC" | "SECONDS" | "SECS" => DataType::Decimal(8, 6),
        "YEAR" | "Y" | "YEARS" | "YR" | "YRS" | "YEAROFWEEK" | "QUARTER" | "QTR" | "MONTH" | "MON"
        | "MONS" | "MONTHS" | "WEEK" | "W" | "WEEKS" | "DAY" | "D" | "DAYS" | "DAYOFWEEK" | "DOW"
        | "DAYOFWEEK_ISO" | "DOW_ISO" | "DOY" | "HOUR" | "H" | "HOURS" | "HR" | "HRS" | "MINUTE" | "M"
        | "MIN" | "MINS" | "MINUTES" => DataType::Int,
        _ => return None,
    })
}

/// The type of a part of an interval (`ExtractIntervalPart.parseExtractField`).
fn of_interval(field: &str, source: &DataType) -> Option<DataType> {
    let months = !matches!(source, DataType::DayTime(..));
    let days = !matches!(source, DataType::YearMonth(..));
    match field {
        "YEAR" | "Y" | "YEARS" | "YR" | "YRS" if months => Some(DataType::Int),
        "MONTH" | "MON" | "MONS" | "MONTHS" if months => Some(DataType::TinyInt),
        "DAY" | "D" | "DAYS" if days => Some(DataType::Int),
        "HOUR" | "H" | "HOURS" | "HR" | "HRS" if days => Some(DataType::TinyInt),
        "MINUTE" | "M" | "MIN" | "MINS" | "MINUTES" if days => Some(DataType::TinyInt),
        "SECOND" | "S" | "SEC" | "SECONDS" | "SECS" if days => Some(DataType::Decimal(8, 6)),
        _ => None,
    }
}

/// A text with a format, or anything that is cast to a time without one.
fn parsed(call: &Call<'_, '_>) -> Verdict {
    if call.arguments.len() > 1 && call.ty(0).is_numeric() {
        return Err(Mismatch::new(
            "INTERNAL_ERROR",
            "A number has no format; it is cast without one.",
        ));
    }
    let local = call.function.name == "to_timestamp_ntz";
    value(if local {
        DataType::TimestampNtz
    } else {
        DataType::Timestamp
    })
}

/// From one time zone to another; the first may be left out.
fn convert(call: &Call<'_, '_>) -> Verdict {
    let inputs = [Input::String, Input::String, Input::TimestampNtz];
    let skipped = inputs.len().saturating_sub(call.arguments.len());
    for (position, (input, argument)) in inputs.iter().skip(skipped).zip(call.arguments).enumerate() {
        if input.implicit(&argument.ty).is_none() {
            return Err(crate::types::operators::unexpected_input(
                position,
                input,
                &argument.ty,
            ));
        }
    }
    value(DataType::TimestampNtz)
}

/// The stretch of time that a row falls in.
fn window(call: &Call<'_, '_>) -> Verdict {
    let bound = match call.ty(0) {
        DataType::TimestampNtz => DataType::TimestampNtz,
        DataType::Struct(_) | DataType::Unknown => return value(DataType::Unknown),
        ty if Input::AnyTimestamp.implicit(ty).is_some() => DataType::Timestamp,
        other => {
            return Err(crate::types::operators::unexpected_input(
                0,
                &Input::AnyTimestamp,
                other,
            ));
        }
    };
    let gap = call.ty(1);
    if call.function.name == "session_window"
        && !(gap.is_string() || matches!(gap, DataType::Unknown | DataType::Void | DataType::Interval))
    {
        return Err(Mismatch::new(
            "_LEGACY_ERROR_TEMP_1040",
            "The gap of `session_window` has to be an interval or its text.",
        ));
    }
    value(DataType::structure([
        Field::new("start", bound.clone()),
        Field::new("end", bound),
    ]))
}
