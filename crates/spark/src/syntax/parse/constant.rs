//! What Spark refuses in a constant that its grammar reads.

use crate::syntax::ast::{IntervalPart, NumberKind};

/// A class and a message.
pub(super) type Fault = (&'static str, String);

/// What is wrong with a number, the minus before it included.
pub(super) fn number(digits: &str, kind: NumberKind, negative: bool) -> Option<Fault> {
    let (name, least, most) = match kind {
        NumberKind::TinyInt => ("tinyint", i128::from(i8::MIN), i128::from(i8::MAX)),
        NumberKind::SmallInt => ("smallint", i128::from(i16::MIN), i128::from(i16::MAX)),
        NumberKind::BigInt => ("bigint", i128::from(i64::MIN), i128::from(i64::MAX)),
        NumberKind::Double => {
            return digits.parse::<f64>().is_ok_and(f64::is_infinite).then(|| {
                out_of_range(
                    digits,
                    "double",
                    "-1.7976931348623157E+308",
                    "1.7976931348623157E+308",
                )
            });
        }
        NumberKind::Integer | NumberKind::Decimal => {
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let length = whole.trim_start_matches('0').len() + fraction.len();
            return (length > 38).then(|| {
                (
                    "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                    format!("Decimal precision {length} exceeds max precision 38."),
                )
            });
        }
        NumberKind::Float | NumberKind::BigDecimal => return None,
    };
    let value = digits
        .parse::<i128>()
        .ok()
        .map(|value| if negative { -value } else { value });
    if value.is_some_and(|value| (least..=most).contains(&value)) {
        return None;
    }
    Some(out_of_range(digits, name, &least.to_string(), &most.to_string()))
}

fn out_of_range(digits: &str, name: &str, least: &str, most: &str) -> Fault {
    (
        "INVALID_NUMERIC_LITERAL_RANGE",
        format!(
            "Numeric literal {digits} is outside the valid range for {name} with minimum value of {least} and maximum value of {most}. \
             Please adjust the value accordingly."
        ),
    )
}

/// What is wrong with an interval.
pub(super) fn interval(parts: &[IntervalPart], to: Option<&str>) -> Option<Fault> {
    if let (Some(to), [part]) = (to, parts) {
        return from_to(&part.value, &part.unit, to);
    }
    for part in parts {
        let value = part.value.trim().trim_start_matches(['+', '-']).trim_start();
        if value.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return Some((
                "_LEGACY_ERROR_TEMP_0026",
                format!(
                    "Can only use numbers in the interval value part for multiple unit value pairs interval form, but got invalid value: \
                     {}.",
                    part.value
                ),
            ));
        }
        if !is_number(value, &part.unit) {
            let unit = part.unit.to_lowercase();
            return Some((
                "_LEGACY_ERROR_TEMP_0062",
                format!("Error parsing ' {value} {unit}' to interval, invalid value '{value}'."),
            ));
        }
    }
    let months = parts
        .iter()
        .filter(|part| matches!(&*part.unit, "YEAR" | "MONTH"))
        .count();
    (months != 0 && months != parts.len()).then(|| {
        (
            "_LEGACY_ERROR_TEMP_0029",
            "Cannot mix year-month and day-time fields in an interval.".to_owned(),
        )
    })
}

/// Digits; of seconds with a fraction.
fn is_number(value: &str, unit: &str) -> bool {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !value.is_empty() && digits(whole) && digits(fraction) && (unit == "SECOND" || !value.contains('.'))
}

/// `'1-2' year to month`: numbers and what stands between them, in order.
fn from_to(value: &str, from: &str, to: &str) -> Option<Fault> {
    let between: &str = match (from, to) {
        ("YEAR", "MONTH") => "-",
        ("DAY", "HOUR") => " ",
        ("DAY", "MINUTE") => " :",
        ("DAY", "SECOND") => " ::",
        ("HOUR", "MINUTE") | ("MINUTE", "SECOND") => ":",
        ("HOUR", "SECOND") => "::",
        _ => {
            return Some((
                "_LEGACY_ERROR_TEMP_0028",
                format!(
                    "Intervals FROM {} TO {} are not supported.",
                    from.to_lowercase(),
                    to.to_lowercase()
                ),
            ));
        }
    };
    let value = value.trim().trim_start_matches(['+', '-']);
    let value = if to == "SECOND" {
        value.split('.').next().unwrap_or(value)
    } else {
        value
    };
    let found: String = value.chars().filter(|char| !char.is_ascii_digit()).collect();
    let numbers: Vec<&str> = value.split(|char: char| !char.is_ascii_digit()).collect();
    if found == between && numbers.iter().all(|number| !number.is_empty()) {
        return None;
    }
    Some((
        "_LEGACY_ERROR_TEMP_0063",
        format!(
            "Interval string does not match the format of {} to {}: {value}.",
            from.to_lowercase(),
            to.to_lowercase()
        ),
    ))
}

/// Whether a text is one of values and units: `1 day -2 hours`.
pub(super) fn is_interval(text: &str) -> bool {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
    if words.first().is_some_and(|word| word == "INTERVAL") {
        words.remove(0);
    }
    if words.iter().any(|word| matches!(word.as_str(), "+" | "-")) {
        // signs may stand apart; nobody writes it
        return true;
    }
    let (pairs, rest) = words.as_chunks::<2>();
    !pairs.is_empty()
        && rest.is_empty()
        && pairs.iter().all(|[value, unit]| {
            let value = value.trim_start_matches(['+', '-']);
            let unit = unit.strip_suffix('S').unwrap_or(unit);
            super::literal::UNITS.contains(&unit) && is_number(value, unit)
        })
}
