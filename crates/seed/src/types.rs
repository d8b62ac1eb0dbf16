//! The types dbt infers for a column, and which of them a value allows.

use crate::temporal;
use crate::values::Number;

/// The type dbt gives a column of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// There is no value at all: no rows, or all of them too short. An empty field is a value.
    Missing,
    /// Numbers, or nothing but empty fields.
    Number,
    /// `2024-01-31`
    Date,
    /// `2024-01-31 23:59:59`, or ISO 8601 with a `T`.
    DateTime,
    /// `true` and `false` in any case.
    Boolean,
    /// Anything else, and every column with an entry in `column_types`.
    Text,
}

/// The types a column may still have, in the order in which dbt tries them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidates(u8);

const NUMBER: u8 = 1;
const DATE: u8 = 1 << 1;
const DATE_TIME: u8 = 1 << 2;
const ISO_DATE_TIME: u8 = 1 << 3;
const BOOLEAN: u8 = 1 << 4;

impl Candidates {
    /// Every type.
    pub(crate) const ALL: Self = Self(NUMBER | DATE | DATE_TIME | ISO_DATE_TIME | BOOLEAN);

    /// Drops the types that a value, which is not null, does not allow. `number` is the value read as one.
    pub(crate) fn narrow(&mut self, text: &str, number: Option<&Number>) {
        let trimmed = text.trim();
        let tests: [(u8, &dyn Fn() -> bool); 5] = [
            (NUMBER, &|| number.is_some()),
            (DATE, &|| temporal::is_date(trimmed)),
            (DATE_TIME, &|| temporal::is_date_time(trimmed)),
            (ISO_DATE_TIME, &|| temporal::is_iso_date_time(trimmed)),
            (BOOLEAN, &|| is_boolean(text)),
        ];
        for (candidate, test) in tests {
            if self.0 & candidate != 0 && !test() {
                self.0 &= !candidate;
            }
        }
    }

    /// Whether numbers are still possible.
    pub(crate) const fn may_be_number(self) -> bool {
        self.0 & NUMBER != 0
    }

    /// Whether any type but text is still possible.
    pub(crate) const fn is_open(self) -> bool {
        self.0 != 0
    }

    /// The first type that is left.
    pub(crate) const fn first(self) -> ColumnType {
        match self.0 & self.0.wrapping_neg() {
            NUMBER => ColumnType::Number,
            DATE => ColumnType::Date,
            DATE_TIME | ISO_DATE_TIME => ColumnType::DateTime,
            BOOLEAN => ColumnType::Boolean,
            _ => ColumnType::Text,
        }
    }
}

/// Whether dbt takes a value for null, whatever the column's type.
pub(crate) fn is_null(text: &str) -> bool {
    let trimmed = text.trim();
    trimmed.is_empty() || trimmed.eq_ignore_ascii_case("null")
}

fn is_boolean(text: &str) -> bool {
    // agate takes the commas out before it compares.
    let without_commas = text.replace(',', "");
    let word = without_commas.trim();
    ["true", "false", "null", ""]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}
