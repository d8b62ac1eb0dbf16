//! One type for several: what Spark widens operands, branches and the sides of a union to. `None` means that there is no such type.
//! The rules are those of `TypeCoercion.scala` of Spark 3.5. What is unknown has every type in common with everything.

use super::{DataType, Field, decimal};

/// A way to find one type for two.
type Widen = fn(&DataType, &DataType) -> Option<DataType>;

/// The narrowest type that holds both without a loss.
pub fn tightest(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType as T;
    match (left, right) {
        (T::Unknown, _) | (_, T::Unknown) => Some(T::Unknown),
        (left, right) if left == right => Some(left.clone()),
        (T::Void, other) | (other, T::Void) => Some(other.clone()),
        (whole, T::Decimal(precision, scale)) | (T::Decimal(precision, scale), whole)
            if whole.is_integral() =>
        {
            let (digits, _) = decimal::of_integral(whole)?;
            let holds = precision.saturating_sub(*scale) >= digits;
            holds.then_some(T::Decimal(*precision, *scale))
        }
        (left, right) if is_plain_number(left) && is_plain_number(right) => {
            Some(if precedence(left) >= precedence(right) {
                left.clone()
            } else {
                right.clone()
            })
        }
        (left, right) if left.is_datetime() && right.is_datetime() => {
            let local = matches!(
                (left, right),
                (T::TimestampNtz, T::Date) | (T::Date, T::TimestampNtz)
            );
            Some(if local { T::TimestampNtz } else { T::Timestamp })
        }
        (T::DayTime(first, last), T::DayTime(other_first, other_last)) => {
            Some(T::DayTime(*first.min(other_first), *last.max(other_last)))
        }
        (T::YearMonth(first, last), T::YearMonth(other_first, other_last)) => {
            Some(T::YearMonth(*first.min(other_first), *last.max(other_last)))
        }
        (left, right) => nested(left, right, tightest),
    }
}

/// The type that holds both, decimals with a loss where they must, and never a string for what is none.
pub fn wider_without_strings(left: &DataType, right: &DataType) -> Option<DataType> {
    tightest(left, right)
        .or_else(|| wider_decimal(left, right))
        .or_else(|| nested(left, right, wider_without_strings))
}

/// The type that holds both, a string if one of them is one.
pub fn wider(left: &DataType, right: &DataType) -> Option<DataType> {
    tightest(left, right)
        .or_else(|| wider_decimal(left, right))
        .or_else(|| promoted_to_string(left, right))
        .or_else(|| nested(left, right, wider))
}

/// The type that holds all of them, strings first: the order in which they stand makes no difference to a string.
pub fn widest<'t>(types: impl IntoIterator<Item = &'t DataType>) -> Option<DataType> {
    let (with_strings, others): (Vec<&DataType>, Vec<&DataType>) =
        types.into_iter().partition(|ty| has_string(ty));
    with_strings
        .into_iter()
        .chain(others)
        .try_fold(DataType::Void, |all, ty| wider(&all, ty))
}

/// As [`widest`], and never a string for what is none.
pub fn widest_without_strings<'t>(types: impl IntoIterator<Item = &'t DataType>) -> Option<DataType> {
    types
        .into_iter()
        .try_fold(DataType::Void, |all, ty| wider_without_strings(&all, ty))
}

/// The type in which two values are compared, where they are not of one already and not both numbers.
pub fn compared(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType as T;
    match (left, right) {
        (T::Unknown, _) | (_, T::Unknown) => Some(T::Unknown),
        (T::String, T::Void) | (T::Void, T::String) => Some(T::String),
        (T::TimestampNtz | T::Timestamp, T::Date) | (T::Date, T::TimestampNtz | T::Timestamp) => {
            tightest(left, right)
        }
        // No decimal is sure to hold what a string says.
        (T::Decimal(..), T::String) | (T::String, T::Decimal(..)) => Some(T::Double),
        // Which kind of interval a string is meant to be, nothing tells.
        (T::String, other) | (other, T::String)
            if *other != T::String && other.is_atomic() && !other.is_ansi_interval() =>
        {
            Some(other.clone())
        }
        _ => None,
    }
}

fn wider_decimal(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType as T;
    match (left, right) {
        (T::Float | T::Double, T::Decimal(..)) | (T::Decimal(..), T::Float | T::Double) => Some(T::Double),
        (T::Decimal(..), _) | (_, T::Decimal(..)) => {
            let wider = decimal::wider(decimal::exact(left)?, decimal::exact(right)?);
            Some(T::Decimal(wider.0, wider.1))
        }
        _ => None,
    }
}

fn promoted_to_string(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType as T;
    match (left, right) {
        (T::String, other) | (other, T::String)
            if other.is_atomic() && !matches!(other, T::Binary | T::Boolean) =>
        {
            Some(T::String)
        }
        _ => None,
    }
}

fn nested(left: &DataType, right: &DataType, widen: Widen) -> Option<DataType> {
    use DataType as T;
    match (left, right) {
        (T::Array(left), T::Array(right)) => Some(T::array(widen(left, right)?)),
        (T::Map(left), T::Map(right)) => {
            let key = widen(&left.0, &right.0)?;
            // A key may never become null on the way to its new type.
            if may_lose(&left.0, &key) || may_lose(&right.0, &key) {
                return None;
            }
            Some(T::map(key, widen(&left.1, &right.1)?))
        }
        (T::Struct(left), T::Struct(right)) if left.len() == right.len() => {
            let mut fields = Vec::with_capacity(left.len());
            for (left, right) in left.iter().zip(right.iter()) {
                if !left.name.eq_ignore_ascii_case(&right.name) {
                    return None;
                }
                fields.push(Field::new(left.name.clone(), widen(&left.ty, &right.ty)?));
            }
            Some(T::structure(fields))
        }
        _ => None,
    }
}

/// Whether a cast may give null for a value that is none.
fn may_lose(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    match (from, to) {
        (from, to) if from == to || from.is_unknown() || to.is_unknown() => false,
        (T::Void, _) => false,
        (_, T::Void) => true,
        (T::String, T::Binary) => false,
        (T::String, _) => true,
        (_, T::String) => false,
        (T::Timestamp, T::TinyInt | T::SmallInt | T::Int) => true,
        (T::Float | T::Double, T::Timestamp) => true,
        (T::Timestamp, T::Date) => false,
        (_, T::Date) => true,
        (T::Date, T::Timestamp | T::TimestampNtz) => false,
        (T::Date, _) => true,
        (_, T::Interval) => true,
        (from, T::Decimal(precision, scale)) => !decimal::exact(from)
            .is_some_and(|(digits, fraction)| precision - scale >= digits - fraction && *scale >= fraction),
        _ => false,
    }
}

fn has_string(ty: &DataType) -> bool {
    match ty {
        DataType::Array(element) => has_string(element),
        ty => ty.is_string(),
    }
}

/// A number that is no decimal.
const fn is_plain_number(ty: &DataType) -> bool {
    ty.is_numeric() && !matches!(ty, DataType::Decimal(..))
}

const fn precedence(ty: &DataType) -> u8 {
    match ty {
        DataType::TinyInt => 0,
        DataType::SmallInt => 1,
        DataType::Int => 2,
        DataType::BigInt => 3,
        DataType::Float => 4,
        _ => 5,
    }
}
