//! Numbers, as agate reads them with the locale `en_US`.

use std::borrow::Cow;

use crate::rows::Cell;

/// What agate strips from both ends of a number, in this order (`agate/data_types/number.py`).
const CURRENCY_SYMBOLS: [char; 18] = [
    '؋', '$', 'ƒ', '៛', '¥', '₡', '₱', '£', '€', '¢', '﷼', '₪', '₩', '₭', '₮', '₦', '฿', '₤',
];
const LAST_CURRENCY_SYMBOL: char = '₫';

/// How many digits Python's decimal arithmetic keeps.
const PRECISION: i64 = 28;

/// A number as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    /// Whether it is neither infinite nor not a number.
    pub(crate) is_finite: bool,
    /// How many decimal places it has, trailing zeros left out; negative or none for whole numbers.
    pub(crate) decimal_places: i64,
    /// How many places stand before the point.
    pub(crate) whole_places: i64,
    /// The absolute value of a whole number; the largest `u128` where it is larger.
    pub(crate) whole: Option<u128>,
    /// Whether it starts with zeros that are lost, as in `007`.
    pub(crate) is_padded: bool,
    /// Whether something was stripped: a currency, a percent sign, a comma between digits.
    pub(crate) is_decorated: bool,
}

impl Number {
    /// Reads a value that is not null.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        // The quick way out for what is plainly text.
        if !trimmed.bytes().any(|byte| byte.is_ascii_digit()) && !may_be_named(trimmed) {
            return None;
        }
        let (_, bare) = undecorated(trimmed);
        let is_decorated = bare.len() < trimmed.trim_start_matches('-').len();
        decimal(&bare, is_decorated)
    }
}

/// Whether a number is turned around, and what is left of it without percent signs, currencies and commas.
fn undecorated(trimmed: &str) -> (bool, Cow<'_, str>) {
    let bare = trimmed.trim_matches('%');
    let (is_negative, mut bare) = match bare.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, bare),
    };
    for symbol in CURRENCY_SYMBOLS.into_iter().chain([LAST_CURRENCY_SYMBOL]) {
        bare = bare.trim_matches(symbol);
    }
    let bare = if bare.contains(',') {
        Cow::Owned(bare.replace(',', ""))
    } else {
        Cow::Borrowed(bare)
    };
    (is_negative, bare)
}

/// The value of a number.
pub(crate) fn value(text: &str) -> Option<Cell> {
    Number::read(text)?;
    let (is_negative, bare) = undecorated(text.trim());
    let bare = bare.trim().replace('_', "");
    let is_whole = !bare.contains(['.', 'e', 'E']);
    if is_whole
        && let Ok(whole) = bare.parse::<i64>()
        && (whole != 0 || !is_negative)
        && let Some(whole) = if is_negative {
            whole.checked_neg()
        } else {
            Some(whole)
        }
    {
        return Some(Cell::Whole(whole));
    }
    let lower = bare.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let decimal = if lower.starts_with("nan") {
        f64::NAN
    } else {
        bare.parse::<f64>().ok()?
    };
    Some(Cell::Decimal(if is_negative { -decimal } else { decimal }))
}

fn may_be_named(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'n' | b'N'))
}

/// What Python's `Decimal` accepts.
fn decimal(text: &str, is_decorated: bool) -> Option<Number> {
    let mut rest = text.trim();
    let without_underscores;
    if rest.contains('_') {
        without_underscores = rest.replace('_', "");
        rest = &without_underscores;
    }
    rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if is_named(rest) {
        return Some(Number {
            is_finite: false,
            decimal_places: 0,
            whole_places: 0,
            whole: None,
            is_padded: false,
            is_decorated,
        });
    }
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, self::exponent(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let fraction_length = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let mut number = measured(&digits, exponent.saturating_sub(fraction_length));
    number.is_padded = is_padded;
    number.is_decorated = is_decorated;
    Some(number)
}

/// `inf`, `infinity`, `nan` and `nan123`, in any case.
fn is_named(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    match lower.strip_prefix("nan") {
        Some(payload) => payload.bytes().all(|byte| byte.is_ascii_digit()),
        None => matches!(lower.as_str(), "inf" | "infinity"),
    }
}

/// An exponent; `None` where it is none, or so large that Python refuses it.
fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse()
        .ok()
        .filter(|exponent: &i64| exponent.abs() < 1_000_000_000_000_000)
}

/// Measures digits that are to be shifted by an exponent, rounded to what Python keeps.
fn measured(digits: &[u8], exponent: i64) -> Number {
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let trailing = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    let end = digits.len() - trailing;
    let significant = digits.get(leading..end).unwrap_or_default();
    let mut number = Number {
        is_finite: true,
        decimal_places: 0,
        whole_places: 1,
        whole: Some(0),
        is_padded: false,
        is_decorated: false,
    };
    if significant.is_empty() {
        return number;
    }
    let count = i64::try_from(significant.len()).unwrap_or(i64::MAX);
    let shift = exponent.saturating_add(i64::try_from(trailing).unwrap_or(i64::MAX));
    number.whole_places = count.saturating_add(shift);
    number.decimal_places = shift.saturating_neg() - (count - PRECISION).max(0);
    if shift < 0 {
        number.whole = None;
        return number;
    }
    let mut value = significant.iter().fold(0_u128, |value, digit| {
        value.saturating_mul(10).saturating_add(u128::from(digit - b'0'))
    });
    // 10^39 is past the largest value.
    for _ in 0..shift.min(39) {
        value = value.saturating_mul(10);
    }
    number.whole = Some(value);
    number
}

/// Whether a column is taken for one of decimals, from the most places before and behind the point: agate subtracts
/// where there are more than Python keeps.
pub(crate) const fn has_decimals(whole_places: i64, decimal_places: i64) -> bool {
    if whole_places.saturating_add(decimal_places) > PRECISION {
        whole_places != PRECISION
    } else {
        decimal_places != 0
    }
}
