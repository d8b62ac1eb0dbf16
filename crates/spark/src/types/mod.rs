//! Spark's data types, how one becomes another, and what operators make of them. ANSI mode is off, as on Glue.
//!
//! [`DataType::Unknown`] is the type of what nobody knows. It goes with everything and nothing is concluded from it.

pub mod cast;
pub mod common;
pub mod decimal;
mod input;
mod mismatch;
mod operand;
pub mod operators;
mod parse;

use std::fmt;
use std::sync::Arc;

pub use input::Input;
pub use mismatch::Mismatch;
pub use operand::{Literal, Operand};
pub use parse::{InvalidType, columns, parse, table};

/// A type of Spark. Displayed as Spark's `catalogString`, the spelling of a table's schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DataType {
    /// Nobody knows.
    Unknown,
    /// The type of `null`.
    Void,
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
    /// `decimal(precision,scale)`
    Decimal(u8, u8),
    /// `string`
    String,
    /// `char(length)`, only as the type of a table's column; in expressions it is a string.
    Char(u32),
    /// `varchar(length)`, only as the type of a table's column; in expressions it is a string.
    Varchar(u32),
    /// `binary`
    Binary,
    /// `date`
    Date,
    /// `timestamp`, with the time zone of the session
    Timestamp,
    /// `timestamp_ntz`, without a time zone
    TimestampNtz,
    /// `interval day to second` or a part of it: first and last unit
    DayTime(DayTimeUnit, DayTimeUnit),
    /// `interval year to month` or a part of it: first and last unit
    YearMonth(YearMonthUnit, YearMonthUnit),
    /// `interval`: months, days and microseconds, the type before Spark had the other two
    Interval,
    /// `array<element>`
    Array(Arc<DataType>),
    /// `map<key,value>`
    Map(Arc<(DataType, DataType)>),
    /// `struct<name:type,...>`
    Struct(Arc<[Field]>),
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name, as written.
    pub name: Arc<str>,
    /// Its type.
    pub ty: DataType,
}

impl Field {
    /// A field of that name and type.
    pub fn new(name: impl Into<Arc<str>>, ty: DataType) -> Self {
        Self {
            name: name.into(),
            ty,
        }
    }
}

/// A unit of an interval of days and seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayTimeUnit {
    /// `day`
    Day,
    /// `hour`
    Hour,
    /// `minute`
    Minute,
    /// `second`
    Second,
}

impl DayTimeUnit {
    const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}

/// A unit of an interval of years and months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearMonthUnit {
    /// `year`
    Year,
    /// `month`
    Month,
}

impl YearMonthUnit {
    const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
        }
    }
}

impl DataType {
    /// `interval day to second`, what arithmetic on intervals widens to.
    pub const DAY_TO_SECOND: Self = Self::DayTime(DayTimeUnit::Day, DayTimeUnit::Second);
    /// `interval year to month`
    pub const YEAR_TO_MONTH: Self = Self::YearMonth(YearMonthUnit::Year, YearMonthUnit::Month);

    /// An array of `element`.
    pub fn array(element: Self) -> Self {
        Self::Array(Arc::new(element))
    }

    /// A map from `key` to `value`.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new((key, value)))
    }

    /// A struct of these fields.
    pub fn structure(fields: impl IntoIterator<Item = Field>) -> Self {
        Self::Struct(fields.into_iter().collect())
    }

    /// Nothing is known of it at all. See [`DataType::is_certain`] for what is inside of it.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Neither it nor anything inside of it is unknown.
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Array(element) => element.is_certain(),
            Self::Map(entry) => entry.0.is_certain() && entry.1.is_certain(),
            Self::Struct(fields) => fields.iter().all(|field| field.ty.is_certain()),
            _ => true,
        }
    }

    /// `tinyint`, `smallint`, `int` or `bigint`.
    pub const fn is_integral(&self) -> bool {
        matches!(self, Self::TinyInt | Self::SmallInt | Self::Int | Self::BigInt)
    }

    /// A whole number, a decimal, `float` or `double`.
    pub const fn is_numeric(&self) -> bool {
        self.is_integral() || matches!(self, Self::Float | Self::Double | Self::Decimal(..))
    }

    /// An interval of years and months, or of days and seconds; the old `interval` is none of them.
    pub const fn is_ansi_interval(&self) -> bool {
        matches!(self, Self::DayTime(..) | Self::YearMonth(..))
    }

    /// `string`, `char` or `varchar`: a string, where it is part of an expression.
    pub const fn is_string(&self) -> bool {
        matches!(self, Self::String | Self::Char(_) | Self::Varchar(_))
    }

    /// `date`, `timestamp` or `timestamp_ntz`.
    pub const fn is_datetime(&self) -> bool {
        matches!(self, Self::Date | Self::Timestamp | Self::TimestampNtz)
    }

    /// Neither nested nor `void` nor the old `interval`.
    pub const fn is_atomic(&self) -> bool {
        !matches!(
            self,
            Self::Unknown | Self::Void | Self::Interval | Self::Array(_) | Self::Map(_) | Self::Struct(_)
        )
    }

    /// The type as an expression sees it: `char` and `varchar` of columns are strings.
    #[must_use]
    pub fn in_expressions(&self) -> Self {
        match self {
            Self::Char(_) | Self::Varchar(_) => Self::String,
            Self::Array(element) => Self::array(element.in_expressions()),
            Self::Map(entry) => Self::map(entry.0.in_expressions(), entry.1.in_expressions()),
            Self::Struct(fields) => Self::structure(
                fields
                    .iter()
                    .map(|field| Field::new(field.name.clone(), field.ty.in_expressions())),
            ),
            other => other.clone(),
        }
    }

    /// Whether it or a type within it is so.
    pub fn has(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::Array(element) => element.has(is),
                Self::Map(entry) => entry.0.has(is) || entry.1.has(is),
                Self::Struct(fields) => fields.iter().any(|field| field.ty.has(is)),
                _ => false,
            }
    }

    /// The same type, wherever one of them is unknown.
    pub fn may_equal(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => true,
            (Self::Array(left), Self::Array(right)) => left.may_equal(right),
            (Self::Map(left), Self::Map(right)) => left.0.may_equal(&right.0) && left.1.may_equal(&right.1),
            (Self::Struct(left), Self::Struct(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(left, right)| {
                        left.name.eq_ignore_ascii_case(&right.name) && left.ty.may_equal(&right.ty)
                    })
            }
            (left, right) => left == right,
        }
    }

    /// The type as messages of Spark write it: capitals, without quotes.
    pub fn sql(&self) -> String {
        match self {
            Self::Struct(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| format!("{}: {}", field.name, field.ty.sql()))
                    .collect();
                format!("STRUCT<{}>", fields.join(", "))
            }
            Self::Array(element) => format!("ARRAY<{}>", element.sql()),
            Self::Map(entry) => format!("MAP<{}, {}>", entry.0.sql(), entry.1.sql()),
            other => other.to_string().to_uppercase(),
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Unknown => "unknown",
            Self::Void => "void",
            Self::Boolean => "boolean",
            Self::TinyInt => "tinyint",
            Self::SmallInt => "smallint",
            Self::Int => "int",
            Self::BigInt => "bigint",
            Self::Float => "float",
            Self::Double => "double",
            Self::String => "string",
            Self::Binary => "binary",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::TimestampNtz => "timestamp_ntz",
            Self::Interval => "interval",
            Self::Decimal(precision, scale) => return write!(f, "decimal({precision},{scale})"),
            Self::Char(length) => return write!(f, "char({length})"),
            Self::Varchar(length) => return write!(f, "varchar({length})"),
            Self::DayTime(first, last) => return units(f, *first == *last, first.name(), last.name()),
            Self::YearMonth(first, last) => return units(f, *first == *last, first.name(), last.name()),
            Self::Array(element) => return write!(f, "array<{element}>"),
            Self::Map(entry) => return write!(f, "map<{},{}>", entry.0, entry.1),
            Self::Struct(fields) => {
                f.write_str("struct<")?;
                for (index, field) in fields.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{}", field.name, field.ty)?;
                }
                return f.write_str(">");
            }
        };
        f.write_str(name)
    }
}

fn units(f: &mut fmt::Formatter<'_>, one: bool, first: &str, last: &str) -> fmt::Result {
    if one {
        write!(f, "interval {first}")
    } else {
        write!(f, "interval {first} to {last}")
    }
}
