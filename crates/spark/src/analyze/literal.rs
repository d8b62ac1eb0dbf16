//! Types of constants.

use glueline_base::TextRange;

use super::value::{Constant, Kind, Value, hash};
use crate::syntax::ast::{IntervalPart, Literal, NumberKind};
use crate::types::{DataType, DayTimeUnit, YearMonthUnit};

impl Value {
    /// A constant.
    pub(super) fn literal(literal: &Literal, range: TextRange) -> Self {
        let (ty, constant) = match literal {
            Literal::Null => (DataType::Void, Constant::Null),
            Literal::Boolean(value) => (DataType::Boolean, Constant::Boolean(*value)),
            Literal::Number { digits, kind } => number(digits, *kind),
            Literal::String(text) => (DataType::String, Constant::Text(text.clone())),
            Literal::Typed { word, text } => match &**word {
                "DATE" => (DataType::Date, Constant::Other),
                "TIMESTAMP" | "TIMESTAMP_LTZ" => (DataType::Timestamp, Constant::Other),
                "TIMESTAMP_NTZ" => (DataType::TimestampNtz, Constant::Other),
                "X" => (DataType::Binary, Constant::Other),
                "INTERVAL" => (spoken(text), Constant::Other),
                _ => (DataType::Unknown, Constant::Other),
            },
            Literal::Interval { parts, to } => (interval(parts, to.as_deref()), Constant::Other),
            Literal::Parameter => return Self::unknown(range),
        };
        let key = match literal {
            Literal::Number { digits, kind } => hash(&("number", digits, *kind as u8)),
            Literal::Typed { word, text } => hash(&(word, text)),
            Literal::Interval { parts, to } => {
                let parts: Vec<(&str, &str)> = parts.iter().map(|part| (&*part.value, &*part.unit)).collect();
                hash(&(parts, to))
            }
            Literal::String(text) => hash(&("text", text)),
            Literal::Boolean(value) => hash(&("boolean", value)),
            Literal::Null | Literal::Parameter => hash(&"null"),
        };
        let mut value = Self::new(ty, range, Kind::Literal, Vec::new(), key);
        value.literal = Some(constant);
        value
    }
}

fn number(digits: &str, kind: NumberKind) -> (DataType, Constant) {
    let whole = digits.parse::<i64>().ok();
    let constant = whole.map_or(Constant::Other, Constant::Integer);
    let ty = match kind {
        NumberKind::TinyInt => DataType::TinyInt,
        NumberKind::SmallInt => DataType::SmallInt,
        NumberKind::BigInt => DataType::BigInt,
        NumberKind::Double => return (DataType::Double, Constant::Other),
        NumberKind::Float => return (DataType::Float, Constant::Other),
        NumberKind::Integer => match whole {
            Some(whole) if i32::try_from(whole).is_ok() => DataType::Int,
            Some(_) => DataType::BigInt,
            None => decimal(digits),
        },
        NumberKind::Decimal | NumberKind::BigDecimal => return (decimal(digits), Constant::Other),
    };
    (ty, constant)
}

/// A decimal with as many digits as are written.
fn decimal(digits: &str) -> DataType {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = i64::try_from(all.trim_start_matches('0').len().max(1)).unwrap_or(i64::MAX);
    let scale = i64::try_from(fraction.len()).unwrap_or(i64::MAX) - exponent.parse::<i64>().unwrap_or(0);
    let (precision, scale) = if scale < 0 {
        (significant - scale, 0)
    } else {
        (significant.max(scale), scale)
    };
    match (u8::try_from(precision), u8::try_from(scale)) {
        (Ok(precision), Ok(scale)) if precision <= 38 => DataType::Decimal(precision, scale),
        _ => DataType::Unknown,
    }
}

/// `interval '1 day 2 hours'`
fn spoken(text: &str) -> DataType {
    let units: Vec<String> = text
        .split_whitespace()
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
        .filter(|word| word != "INTERVAL")
        .collect();
    let units: Vec<&str> = units
        .iter()
        .map(|unit| unit.strip_suffix('S').unwrap_or(unit))
        .collect();
    span(&units)
}

fn interval(parts: &[IntervalPart], to: Option<&str>) -> DataType {
    let units: Vec<&str> = parts.iter().map(|part| &*part.unit).chain(to).collect();
    span(&units)
}

/// The type from the greatest unit to the smallest.
fn span(units: &[&str]) -> DataType {
    let months: Vec<YearMonthUnit> = units
        .iter()
        .filter_map(|unit| match *unit {
            "YEAR" => Some(YearMonthUnit::Year),
            "MONTH" => Some(YearMonthUnit::Month),
            _ => None,
        })
        .collect();
    let times: Vec<DayTimeUnit> = units
        .iter()
        .filter_map(|unit| match *unit {
            "WEEK" | "DAY" => Some(DayTimeUnit::Day),
            "HOUR" => Some(DayTimeUnit::Hour),
            "MINUTE" => Some(DayTimeUnit::Minute),
            "SECOND" | "MILLISECOND" | "MICROSECOND" | "NANOSECOND" => Some(DayTimeUnit::Second),
            _ => None,
        })
        .collect();
    match (
        months.iter().min(),
        months.iter().max(),
        times.iter().min(),
        times.iter().max(),
    ) {
        (Some(first), Some(last), None, None) if months.len() == units.len() => {
            DataType::YearMonth(*first, *last)
        }
        (None, None, Some(first), Some(last)) if times.len() == units.len() => {
            DataType::DayTime(*first, *last)
        }
        _ => DataType::Unknown,
    }
}
