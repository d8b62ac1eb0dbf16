//! What a function or operator asks of an argument, and what an argument is cast to for it.

use std::fmt;

use super::{DataType, decimal};

/// A type, or a family of types, that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Any type.
    Any,
    /// `boolean`
    Boolean,
    /// `tinyint`
    TinyInt,
    /// `smallint`
    SmallInt,
    /// `int`
    Int,
    /// `bigint`
    BigInt,
    /// `float`
    Float,
    /// `double`
    Double,
    /// A decimal, with whatever precision.
    Decimal,
    /// A decimal of that precision and scale and no other.
    DecimalOf(u8, u8),
    /// Any number.
    Numeric,
    /// Any whole number.
    Integral,
    /// `string`
    String,
    /// `binary`
    Binary,
    /// `date`
    Date,
    /// `timestamp`
    Timestamp,
    /// `timestamp_ntz`
    TimestampNtz,
    /// `timestamp` or `timestamp_ntz`
    AnyTimestamp,
    /// `interval`
    Interval,
    /// An interval of days and seconds.
    DayTime,
    /// An interval of years and months.
    YearMonth,
    /// An array of anything.
    Array,
    /// An array of that.
    ArrayOf(&'static Input),
    /// A map of anything.
    Map,
    /// A struct of anything.
    Struct,
    /// The first of them that fits; else the first that the argument can be cast to.
    OneOf(&'static [Input]),
}

impl Input {
    /// The argument is taken as it is.
    pub fn accepts(&self, ty: &DataType) -> bool {
        use DataType as T;
        match (self, ty) {
            (Self::Any, _) | (_, T::Unknown) => true,
            (Self::Boolean, T::Boolean)
            | (Self::TinyInt, T::TinyInt)
            | (Self::SmallInt, T::SmallInt)
            | (Self::Int, T::Int)
            | (Self::BigInt, T::BigInt)
            | (Self::Float, T::Float)
            | (Self::Double, T::Double)
            | (Self::Decimal, T::Decimal(..))
            | (Self::Binary, T::Binary)
            | (Self::Date, T::Date)
            | (Self::Timestamp, T::Timestamp)
            | (Self::TimestampNtz, T::TimestampNtz)
            | (Self::AnyTimestamp, T::Timestamp | T::TimestampNtz)
            | (Self::Interval, T::Interval)
            | (Self::DayTime, T::DayTime(..))
            | (Self::YearMonth, T::YearMonth(..))
            | (Self::Array, T::Array(_))
            | (Self::Map, T::Map(_))
            | (Self::Struct, T::Struct(_)) => true,
            (Self::ArrayOf(element), T::Array(ty)) => element.accepts(ty),
            (Self::DecimalOf(precision, scale), T::Decimal(digits, fraction)) => {
                (precision, scale) == (digits, fraction)
            }
            (Self::String, ty) => ty.is_string(),
            (Self::Numeric, ty) => ty.is_numeric(),
            (Self::Integral, ty) => ty.is_integral(),
            (Self::OneOf(inputs), ty) => inputs.iter().any(|input| input.accepts(ty)),
            _ => false,
        }
    }

    /// What the argument is cast to unasked, `None` where it cannot be.
    pub fn implicit(&self, ty: &DataType) -> Option<DataType> {
        use DataType as T;
        if self.accepts(ty) {
            return Some(ty.clone());
        }
        match (self, ty) {
            (_, T::Void) => Some(self.default_type()),
            (Self::OneOf(inputs), ty) => inputs.iter().find_map(|input| input.implicit(ty)),
            (Self::ArrayOf(element), T::Array(ty)) => Some(T::array(element.implicit(ty)?)),
            (Self::Numeric, T::String) => Some(T::Double),
            (Self::Decimal, ty) if ty.is_numeric() => {
                let (precision, scale) = match ty {
                    T::Float => (14, 7),
                    T::Double => (30, 15),
                    ty => decimal::exact(ty)?,
                };
                Some(T::Decimal(precision, scale))
            }
            (
                Self::TinyInt
                | Self::SmallInt
                | Self::Int
                | Self::BigInt
                | Self::Float
                | Self::Double
                | Self::DecimalOf(..),
                ty,
            ) if ty.is_numeric() || ty.is_string() => Some(self.default_type()),
            (Self::Decimal, T::String) => Some(self.default_type()),
            (Self::Date | Self::Timestamp | Self::TimestampNtz | Self::AnyTimestamp, ty)
                if ty.is_datetime() || ty.is_string() =>
            {
                Some(self.default_type())
            }
            (Self::Binary, T::String) => Some(T::Binary),
            (Self::String, ty) if ty.is_atomic() => Some(T::String),
            _ => None,
        }
    }

    /// What `null` becomes.
    pub fn default_type(&self) -> DataType {
        use DataType as T;
        match self {
            Self::Any => T::Void,
            Self::Boolean => T::Boolean,
            Self::TinyInt => T::TinyInt,
            Self::SmallInt => T::SmallInt,
            Self::Int | Self::Integral => T::Int,
            Self::BigInt => T::BigInt,
            Self::Float => T::Float,
            Self::Double | Self::Numeric => T::Double,
            Self::Decimal => T::Decimal(38, 18),
            Self::DecimalOf(precision, scale) => T::Decimal(*precision, *scale),
            Self::String => T::String,
            Self::Binary => T::Binary,
            Self::Date => T::Date,
            Self::Timestamp | Self::AnyTimestamp => T::Timestamp,
            Self::TimestampNtz => T::TimestampNtz,
            Self::Interval => T::Interval,
            Self::DayTime => T::DAY_TO_SECOND,
            Self::YearMonth => T::YEAR_TO_MONTH,
            Self::Array => T::array(T::Void),
            Self::ArrayOf(element) => T::array(element.default_type()),
            Self::Map => T::map(T::Void, T::Void),
            Self::Struct => T::structure([]),
            Self::OneOf(inputs) => inputs.first().map_or(T::Unknown, Self::default_type),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Any => "ANY",
            Self::Decimal => "DECIMAL",
            Self::Numeric => "NUMERIC",
            Self::Integral => "INTEGRAL",
            Self::AnyTimestamp => "(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)",
            Self::Array => "ARRAY",
            Self::Map => "MAP",
            Self::Struct => "STRUCT",
            Self::OneOf(inputs) => {
                let inputs: Vec<String> = inputs.iter().map(ToString::to_string).collect();
                return write!(f, "({})", inputs.join(" or "));
            }
            Self::ArrayOf(element) => return write!(f, "ARRAY<{element}>"),
            _ => return f.write_str(&self.default_type().sql()),
        };
        f.write_str(name)
    }
}
