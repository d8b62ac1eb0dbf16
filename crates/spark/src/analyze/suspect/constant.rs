//! Constants that come to nothing where they are used. ANSI mode is off: no cast and no division fails.

use glueline_base::TextRange;

use super::Suspect;
use super::part::meaning;
use crate::analyze::Analyzer;
use crate::analyze::value::Value;
use crate::syntax::ast::{Expr, ExprKind, Literal, NumberKind, UnaryOp};
use crate::syntax::{is_date, is_timestamp};
use crate::types::DataType;

impl Analyzer<'_> {
    /// `cast('abc' as int)`
    pub(super) fn cast_of_constant(&mut self, subject: &Expr, to: &str, range: TextRange) {
        if !is_constant(subject) {
            return;
        }
        if let Ok(ty) = crate::types::parse(to) {
            self.cast_constant(subject, &ty, range);
        }
    }

    /// A cast in any of its spellings.
    pub(super) fn cast_constant(&mut self, subject: &Expr, ty: &DataType, range: TextRange) {
        let constant = || self.spelled(subject.range).into();
        let shown = || ty.sql().into();
        let what = match &subject.kind {
            ExprKind::Literal(Literal::String(text)) if !fits(text, ty) => Suspect::CastToNull {
                constant: constant(),
                ty: shown(),
            },
            _ => match number(subject) {
                Some((digits, negative)) if wraps(digits, negative, ty) => Suspect::CastWraps {
                    constant: constant(),
                    ty: shown(),
                },
                Some((digits, _)) if overflows(digits, ty) => Suspect::CastToNull {
                    constant: constant(),
                    ty: shown(),
                },
                _ => return,
            },
        };
        self.suspect(what, range);
    }

    /// `number = 'abc'`
    pub(super) fn never_compares(&mut self, sides: [&Expr; 2], value: &Value) {
        for (side, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            let ExprKind::Literal(Literal::String(text)) = &side.kind else {
                continue;
            };
            if is_constant(other) {
                continue;
            }
            let ty = meaning(value, other).map(|part| &part.ty);
            self.never_fits(text, ty, side.range);
        }
    }

    /// `day between '2024-02-30' and ..`
    pub(super) fn never_in_range(&mut self, [subject, low, high]: [&Expr; 3], value: &Value) {
        if is_constant(subject) {
            return;
        }
        let ty = meaning(value, subject).map(|part| &part.ty);
        for bound in [low, high] {
            if let ExprKind::Literal(Literal::String(text)) = &bound.kind {
                self.never_fits(text, ty, bound.range);
            }
        }
    }

    fn never_fits(&mut self, text: &str, ty: Option<&DataType>, range: TextRange) {
        // a decimal is compared with a text as a double
        let ty = match ty {
            Some(DataType::Decimal(..)) => &DataType::Double,
            Some(ty) => ty,
            None => return,
        };
        if !fits(text, ty) {
            let what = Suspect::NeverCompares {
                constant: self.spelled(range).into(),
                ty: ty.sql().into(),
            };
            self.suspect(what, range);
        }
    }

    /// `a / 0`
    pub(super) fn division(&mut self, divisor: &Expr, range: TextRange) {
        let zero = number(divisor).is_some_and(|(digits, _)| {
            digits.bytes().any(|byte| byte == b'0') && digits.bytes().all(|byte| matches!(byte, b'0' | b'.'))
        });
        if zero {
            self.suspect(Suspect::DivisionByZero, range);
        }
    }

    /// `between 10 and 1`
    pub(super) fn reversed(&mut self, low: &Expr, high: &Expr, range: TextRange) {
        let text = |expr: &Expr| match &expr.kind {
            ExprKind::Literal(Literal::String(text) | Literal::Typed { text, .. }) => {
                let day = text.get(..10).filter(|day| day.len() == 10 && is_date(day));
                // only days that are written alike sort as texts
                day.is_some().then(|| text.clone())
            }
            _ => None,
        };
        let reversed = match (number(low), number(high)) {
            (Some((low, below)), Some((high, under))) => {
                let value = |digits: &str, negative: bool| {
                    let value = digits.parse::<f64>().ok()?;
                    Some(if negative { -value } else { value })
                };
                matches!((value(low, below), value(high, under)), (Some(low), Some(high)) if low > high)
            }
            _ => matches!((text(low), text(high)), (Some(low), Some(high)) if low > high),
        };
        if reversed {
            self.suspect(Suspect::EmptyRange, range);
        }
    }
}

/// A constant as it is written, a sign before it included.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Unary { op, expr } => *op != UnaryOp::Not && matches!(expr.kind, ExprKind::Literal(_)),
        _ => false,
    }
}

/// The digits of a whole number or a decimal, and whether a minus stands before them.
pub(super) fn number(expr: &Expr) -> Option<(&str, bool)> {
    match &expr.kind {
        ExprKind::Literal(Literal::Number { digits, kind })
            if !matches!(kind, NumberKind::Float | NumberKind::Double) =>
        {
            Some((digits, false))
        }
        ExprKind::Unary {
            op: UnaryOp::Minus,
            expr,
        } => match &expr.kind {
            ExprKind::Literal(_) => number(expr).map(|(digits, _)| (digits, true)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether Spark may read a text as a value of a type. An empty text stands for something that is filled in later.
fn fits(text: &str, ty: &DataType) -> bool {
    let text = text.trim();
    if text.is_empty() {
        return true;
    }
    match ty {
        DataType::TinyInt | DataType::SmallInt | DataType::Int | DataType::BigInt => is_whole(text),
        DataType::Float | DataType::Double => is_floating(text),
        DataType::Decimal(..) => is_floating(text) && !text.ends_with(['d', 'D', 'f', 'F']),
        DataType::Date => is_date(text),
        DataType::Timestamp => is_timestamp(text, false),
        DataType::TimestampNtz => is_timestamp(text, true),
        DataType::Boolean => ["t", "true", "y", "yes", "1", "f", "false", "n", "no", "0"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word)),
        _ => true,
    }
}

/// Digits, maybe with a sign before them and a fraction that is cut off.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    !digits.is_empty()
        && [whole, fraction]
            .iter()
            .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_floating(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if ["nan", "inf", "infinity"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word))
    {
        return true;
    }
    let bare = unsigned.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(unsigned);
    let (mantissa, exponent) = bare.split_once(['e', 'E']).unwrap_or((bare, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    is_whole(mantissa)
        && !mantissa.starts_with(['+', '-'])
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number has no place in a type of whole numbers, so that its upper bits are cut off.
fn wraps(digits: &str, negative: bool, ty: &DataType) -> bool {
    let bits = match ty {
        DataType::TinyInt => 8,
        DataType::SmallInt => 16,
        DataType::Int => 32,
        _ => return false,
    };
    let whole = digits.split('.').next().unwrap_or(digits);
    let most = (1i64 << (bits - 1)) - i64::from(!negative);
    whole.parse::<i64>().is_ok_and(|value| value > most)
}

/// Whether a number has more digits before the point than a decimal.
fn overflows(digits: &str, ty: &DataType) -> bool {
    let DataType::Decimal(precision, scale) = ty else {
        return false;
    };
    if digits.contains(['e', 'E']) {
        return false;
    }
    let whole = digits.split('.').next().unwrap_or(digits).trim_start_matches('0');
    whole.len() > usize::from(precision.saturating_sub(*scale))
}
