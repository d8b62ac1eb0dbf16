//! How Spark spells constants.

use crate::syntax::ast::{Expr, ExprKind, IntervalPart, Literal, NumberKind, UnaryOp};

const SECOND: i128 = 1_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;

/// Units of time, greatest first, with their microseconds.
const TIMES: [(&str, i128); 4] = [
    ("DAY", DAY),
    ("HOUR", HOUR),
    ("MINUTE", MINUTE),
    ("SECOND", SECOND),
];

pub(super) fn spell(literal: &Literal) -> String {
    match literal {
        Literal::Null => "NULL".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Number { digits, kind } => number(digits, *kind),
        Literal::String(text) => text.to_string(),
        Literal::Typed { word, text } => typed(word, text),
        Literal::Interval { parts, to } => interval(parts, to.as_deref()),
        Literal::Parameter => "?".to_owned(),
    }
}

/// The whole number below or above a literal that is a decimal.
pub(super) fn rounded(expr: &Expr, up: bool) -> Option<String> {
    let (negative, number) = match &expr.kind {
        ExprKind::Unary {
            op: UnaryOp::Minus,
            expr,
        } => (true, expr.as_ref()),
        _ => (false, expr),
    };
    let ExprKind::Literal(Literal::Number {
        digits,
        kind: NumberKind::Decimal | NumberKind::BigDecimal,
    }) = &number.kind
    else {
        return None;
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let between = fraction.bytes().any(|digit| digit != b'0');
    let away = i64::from(between && up != negative);
    let value = whole.checked_add(away)?;
    Some(if negative { value.checked_neg()? } else { value }.to_string())
}

fn number(digits: &str, kind: NumberKind) -> String {
    match kind {
        NumberKind::Integer | NumberKind::TinyInt | NumberKind::SmallInt | NumberKind::BigInt => {
            let digits = digits.trim_start_matches('0');
            if digits.is_empty() {
                "0".to_owned()
            } else {
                digits.to_owned()
            }
        }
        NumberKind::Double => digits
            .parse::<f64>()
            .map_or_else(|_| digits.to_owned(), |value| floating(&format!("{value:e}"))),
        NumberKind::Float => digits
            .parse::<f32>()
            .map_or_else(|_| digits.to_owned(), |value| floating(&format!("{value:e}"))),
        NumberKind::Decimal | NumberKind::BigDecimal => decimal(digits),
    }
}

/// A shortest decimal with an exponent, `1.5e3`, as Java prints it: plain between a thousandth and ten millions.
fn floating(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if !(-3..7).contains(&exponent) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let rest = if rest.is_empty() { "0" } else { rest };
        return format!("{first}.{rest}E{exponent}");
    }
    let Ok(whole) = usize::try_from(exponent + 1) else {
        return format!(
            "0.{}{digits}",
            "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0))
        );
    };
    if whole == 0 {
        return format!("0.{digits}");
    }
    let padded = format!("{digits:0<whole$}");
    let (before, after) = padded.split_at_checked(whole).unwrap_or((&padded, ""));
    format!("{before}.{}", if after.is_empty() { "0" } else { after })
}

/// A decimal keeps the digits behind its point.
fn decimal(digits: &str) -> String {
    if digits.contains(['e', 'E']) {
        return digits.to_owned();
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

fn typed(word: &str, text: &str) -> String {
    match word {
        "X" => {
            let pad = if text.len().is_multiple_of(2) { "" } else { "0" };
            format!("X'{pad}{}'", text.to_uppercase())
        }
        "TIMESTAMP" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" => {
            let word = if word == "TIMESTAMP_LTZ" {
                "TIMESTAMP"
            } else {
                word
            };
            format!("{word} '{}'", time(text.trim()))
        }
        "INTERVAL" => spoken(text),
        _ => format!("{word} '{}'", text.trim()),
    }
}

/// A time with all its parts; zeros at the end of a fraction are dropped.
fn time(text: &str) -> String {
    let Some((date, time)) = text.split_once([' ', 'T']) else {
        return format!("{text} 00:00:00");
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{date} {time}{point}{fraction}")
}

/// `interval '1 day 2 hours'`
fn spoken(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = match words.as_slice() {
        [first, rest @ ..] if first.eq_ignore_ascii_case("interval") => rest,
        words => words,
    };
    let (pairs, rest) = words.as_chunks::<2>();
    if !rest.is_empty() {
        return format!("INTERVAL '{text}'");
    }
    let parts: Vec<IntervalPart> = pairs
        .iter()
        .map(|[value, unit]| {
            let unit = unit.to_ascii_uppercase();
            IntervalPart {
                value: (*value).into(),
                unit: unit.strip_suffix('S').unwrap_or(&unit).into(),
            }
        })
        .collect();
    interval(&parts, None)
}

fn interval(parts: &[IntervalPart], to: Option<&str>) -> String {
    if let ([part], Some(to)) = (parts, to) {
        return format!(
            "INTERVAL '{}' {} TO {to}",
            clock(&part.value, &part.unit),
            part.unit
        );
    }
    months(parts).or_else(|| micros(parts)).unwrap_or_else(|| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| format!("{} {}", part.value, part.unit))
            .collect();
        format!("INTERVAL '{}'", parts.join(" "))
    })
}

/// The text of an interval of several units: hours, minutes and seconds have two digits.
fn clock(text: &str, unit: &str) -> String {
    let text = text.trim();
    if unit == "YEAR" {
        return text.to_owned();
    }
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
    let (days, time) = if unit == "DAY" {
        text.split_once(' ').unwrap_or((text, ""))
    } else {
        ("", text)
    };
    let parts: Vec<String> = time
        .split(':')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{whole:0>2}{point}{fraction}")
        })
        .collect();
    let blank = if days.is_empty() { "" } else { " " };
    format!("{sign}{days}{blank}{}", parts.join(":"))
}

fn months(parts: &[IntervalPart]) -> Option<String> {
    let mut total: i64 = 0;
    let (mut years, mut months) = (false, false);
    for part in parts {
        let value: i64 = part.value.trim().parse().ok()?;
        match &*part.unit {
            "YEAR" => {
                years = true;
                total = total.checked_add(value.checked_mul(12)?)?;
            }
            "MONTH" => {
                months = true;
                total = total.checked_add(value)?;
            }
            _ => return None,
        }
    }
    let sign = if total < 0 { "-" } else { "" };
    let total = total.unsigned_abs();
    Some(match (years, months) {
        (true, true) => format!("INTERVAL '{sign}{}-{}' YEAR TO MONTH", total / 12, total % 12),
        (true, false) => format!("INTERVAL '{sign}{}' YEAR", total / 12),
        _ => format!("INTERVAL '{sign}{total}' MONTH"),
    })
}

fn micros(parts: &[IntervalPart]) -> Option<String> {
    let mut total: i128 = 0;
    let (mut first, mut last) = (TIMES.len(), 0);
    for part in parts {
        let (unit, size) = match &*part.unit {
            "WEEK" => (0, 7 * DAY),
            "DAY" => (0, DAY),
            "HOUR" => (1, HOUR),
            "MINUTE" => (2, MINUTE),
            "SECOND" => (3, SECOND),
            "MILLISECOND" => (3, 1000),
            "MICROSECOND" => (3, 1),
            _ => return None,
        };
        total = total.checked_add(scaled(part.value.trim(), size)?)?;
        (first, last) = (first.min(unit), last.max(unit));
    }
    let sign = if total < 0 { "-" } else { "" };
    let mut rest = total.checked_abs()?;
    let mut text = String::new();
    for (position, (unit, size)) in TIMES.iter().enumerate().take(last + 1).skip(first) {
        if position > first {
            text.push_str(if position == 1 { " " } else { ":" });
        }
        let count = rest / size;
        rest %= size;
        match *unit {
            "DAY" => text.push_str(&count.to_string()),
            _ => text.push_str(&format!("{count:02}")),
        }
    }
    if rest > 0 && last == 3 {
        text.push('.');
        text.push_str(format!("{rest:06}").trim_end_matches('0'));
    }
    let (from, to) = (TIMES.get(first)?.0, TIMES.get(last)?.0);
    let units = if first == last {
        from.to_owned()
    } else {
        format!("{from} TO {to}")
    };
    Some(format!("INTERVAL '{sign}{text}' {units}"))
}

/// A number, maybe with a fraction, of units of that size.
fn scaled(value: &str, size: i128) -> Option<i128> {
    let (sign, value) = match value.strip_prefix('-') {
        Some(value) => (-1, value),
        None => (1, value.strip_prefix('+').unwrap_or(value)),
    };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut total = whole.parse::<i128>().ok()?.checked_mul(size)?;
    if !fraction.is_empty() {
        let digits = u32::try_from(fraction.len()).ok().filter(|&digits| digits <= 9)?;
        total = total.checked_add(fraction.parse::<i128>().ok()?.checked_mul(size)? / 10i128.pow(digits))?;
    }
    Some(sign * total)
}
