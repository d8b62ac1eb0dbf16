//! The values of a seed, as dbt hands them to templates.

use std::io;

use crate::decode::decode;
use crate::facts::{Column, Options};
use crate::moments;
use crate::records::{Event, Records};
use crate::types::{ColumnType, is_null};
use crate::values;

/// A value of a seed, read as the type of its column says.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing: an empty field, `null`, or a field that is missing.
    Null,
    /// A number without point or exponent that fits.
    Whole(i64),
    /// Any other number.
    Decimal(f64),
    /// A day as ISO 8601 writes it: `2024-01-31`.
    Date(String),
    /// A time as ISO 8601 writes it: `2024-01-31T23:59:59`, with microseconds and offset where there are some.
    DateTime(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A text as it stands.
    Text(String),
}

/// A row with more fields than there are columns: dbt fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongRow {
    /// Which row behind the header, from 0.
    pub row: usize,
    /// How many fields it has.
    pub found: usize,
    /// How many columns there are.
    pub expected: usize,
}

impl Cell {
    /// Reads a field of a column.
    fn read(text: &str, kind: ColumnType) -> Self {
        if is_null(text) {
            return Self::Null;
        }
        let read = match kind {
            ColumnType::Number => values::value(text),
            ColumnType::Date => moments::date(text).map(Self::Date),
            ColumnType::DateTime => moments::date_time(text).map(Self::DateTime),
            ColumnType::Boolean => match text.replace(',', "").trim().to_ascii_lowercase().as_str() {
                "true" => Some(Self::Boolean(true)),
                "false" => Some(Self::Boolean(false)),
                _ => Some(Self::Null),
            },
            ColumnType::Missing | ColumnType::Text => None,
        };
        read.unwrap_or_else(|| Self::Text(text.to_owned()))
    }
}

/// Reads the rows behind the header, with the columns that [`crate::read`] found in the same bytes. Short rows are filled.
///
/// # Errors
/// The first row that is too long.
pub fn rows(bytes: &[u8], options: &Options<'_>, columns: &[Column]) -> Result<Vec<Vec<Cell>>, LongRow> {
    let expected = columns.len();
    let mut records = Records::new(options.delimiter);
    let mut header = true;
    let mut rows = Vec::new();
    let mut row = Vec::with_capacity(expected);
    let mut found = 0;
    let mut long = None;
    let mut event = |event: Event<'_>| match event {
        Event::Field { text, .. } => {
            if let Some(column) = columns.get(found)
                && !header
            {
                row.push(Cell::read(text, column.kind));
            }
            found += 1;
        }
        Event::Record { .. } => {
            if header {
                header = false;
            } else {
                if found > expected && long.is_none() {
                    let index = rows.len();
                    long = Some(LongRow {
                        row: index,
                        found,
                        expected,
                    });
                }
                row.resize(expected, Cell::Null);
                rows.push(std::mem::replace(&mut row, Vec::with_capacity(expected)));
            }
            found = 0;
        }
    };
    // Reading bytes that are there cannot fail.
    let _: io::Result<_> = decode(bytes, |c| {
        if c.start != 0 || c.value != '\u{FEFF}' {
            records.next(c, &mut event);
        }
    });
    records.finish(&mut event);
    long.map_or(Ok(rows), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn shown(text: &str, text_columns: &[&str]) -> String {
        let options = Options {
            text_columns,
            ..Options::default()
        };
        let columns = read(text.as_bytes(), &options).unwrap().columns;
        let cell = |cell: &Cell| match cell {
            Cell::Null => "-".to_owned(),
            Cell::Whole(value) => {
                let value: f64 = value.to_string().parse().unwrap();
                format!("n {value:?}").replace('e', "e+")
            }
            Cell::Decimal(value) => format!("n {value:?}").replace('e', "e+"),
            Cell::Date(text) | Cell::DateTime(text) => text.clone(),
            Cell::Boolean(true) => "True".to_owned(),
            Cell::Boolean(false) => "False".to_owned(),
            Cell::Text(text) => format!("t {text}"),
        };
        match rows(text.as_bytes(), &options, &columns) {
            Ok(rows) => {
                let line = |row: &Vec<Cell>| row.iter().map(cell).collect::<Vec<_>>().join(", ");
                rows.iter().map(line).collect::<Vec<_>>().join(" / ")
            }
            Err(LongRow { row, found, expected }) => {
                format!("! Row {row} has {found} values, but Table only has {expected} columns.")
            }
        }
    }

    /// What `from_csv` of dbt-common 1.x gives for the same bytes; numbers as JSON has them.
    #[rustfmt::skip]
    const READ: &[(&str, &str)] = &[
        ("a\n1\n-2\n\"1,000\"\n", "n 1.0 / n -2.0 / n 1000.0"),
        ("a\n1.50\n007\n$3\n5%\n", "n 1.5 / n 7.0 / n 3.0 / n 5.0"),
        ("a\n1\n\n null \nNULL\n", "n 1.0 / - / - / -"),
        ("a\n--5\n+4\n1_000\n", "n 5.0 / n 4.0 / n 1000.0"),
        ("a\n1e3\n-0\n.5\n5.\n", "n 1000.0 / n -0.0 / n 0.5 / n 5.0"),
        ("a\ntrue\nFALSE\n\nnull\n\"t,rue\"\n", "True / False / - / - / True"),
        ("a\n2024-1-5\n2024-02-29\n\n", "2024-01-05 / 2024-02-29 / -"),
        ("a\n2024-01-31 1:2:3\n2024-1-5 10:11:12\n", "2024-01-31T01:02:03 / 2024-01-05T10:11:12"),
        ("a\n2024-01-31T10:11:12\n2024-01-31T10:11:12.123456789\n2024-01-31T10:11\n2024-01-31T10:11.5\n2024-01-31T10.5\n20240131T101112Z\n2024-01-31T10:11:12+02\n2024-01-31T10:11:12-0530\n", "2024-01-31T10:11:12 / 2024-01-31T10:11:12.123456 / 2024-01-31T10:11:00 / 2024-01-31T10:11:30 / 2024-01-31T10:30:00 / 2024-01-31T10:11:12+00:00 / 2024-01-31T10:11:12+02:00 / 2024-01-31T10:11:12-05:30"),
        ("a\n\"2024-01-31T10:11:12,5Z\"\n2024T10\n20T10\n2024-W05-3T10\n2024-031T10\n202401T10:00\n2024-00-05T10\n2024-01-31T10:11:12.9999999\n2024W053T10\n2020-W53-7T10\n2021-W01-1T00\n2024-W01T00\n2024-366T23:59:59\n2024-01-31T10:11:12-00:00\n", "2024-01-31T10:11:12.500000+00:00 / 2024-01-01T10:00:00 / 2001-01-01T10:00:00 / 2024-01-31T10:00:00 / 2024-01-31T10:00:00 / 2024-01-01T10:00:00 / 2024-01-05T10:00:00 / 2024-01-31T10:11:12.999999 / 2024-01-31T10:00:00 / 2021-01-03T10:00:00 / 2021-01-04T00:00:00 / 2024-01-01T00:00:00 / 2024-12-31T23:59:59 / 2024-01-31T10:11:12+00:00"),
        ("a\nx\n y \n\nnull\n\",\"\n", "t x / t  y  / - / - / t ,"),
        ("a,b\n1\n,2\n", "n 1.0, - / -, n 2.0"),
        ("a,b\n1,x\n\n\n3,z\n", "n 1.0, t x / -, - / -, - / n 3.0, t z"),
        ("a,a,\n1,2,x\n", "n 1.0, n 2.0, t x"),
        ("\n1,2\n", "n 1.0, n 2.0"),
        ("a\n\"x, \"\"y\"\"\nz\"\n", "t x, \"y\"\nz"),
        ("a\n1\n1,2,3\n", "! Row 1 has 3 values, but Table only has 1 columns."),
        ("a,b\n1,2\n3\n4,5,6\n7,8,9,10\n", "! Row 2 has 3 values, but Table only has 2 columns."),
        ("a\n2024-01-31\n2024-01-31 10:00:00\n", "t 2024-01-31 / t 2024-01-31 10:00:00"),
        ("a\ntrue\n1\n", "t true / t 1"),
        ("\u{feff}a,b\n1,\u{e9}\n", "n 1.0, t \u{e9}"),
        ("a\n9223372036854775807\n9223372036854775808\n", "n 9.223372036854776e+18 / n 9.223372036854776e+18"),
        ("a\n\u{20ac}5\n\u{a3}6.25\n", "n 5.0 / n 6.25"),
    ];

    /// The same with the column `a` among `column_types`.
    #[rustfmt::skip]
    const READ_AS_TEXT: &[(&str, &str)] = &[
        ("a\n1\n-2\n\"1,000\"\n", "t 1 / t -2 / t 1,000"),
        ("a\n1.50\n007\n$3\n5%\n", "t 1.50 / t 007 / t $3 / t 5%"),
        ("a\n1\n\n null \nNULL\n", "t 1 / - / - / -"),
        ("a\n2024-1-5\n2024-02-29\n\n", "t 2024-1-5 / t 2024-02-29 / -"),
        ("a\nx\n y \n\nnull\n\",\"\n", "t x / t  y  / - / - / t ,"),
        ("a,b\n1\n,2\n", "t 1, - / -, n 2.0"),
        ("a,b\n1,x\n\n\n3,z\n", "t 1, t x / -, - / -, - / t 3, t z"),
        ("a,a,\n1,2,x\n", "t 1, n 2.0, t x"),
    ];

    #[test]
    fn rows_hold_what_dbt_reads() {
        for (text, expected) in READ {
            assert_eq!(shown(text, &[]), *expected, "{text:?}");
        }
        for (text, expected) in READ_AS_TEXT {
            assert_eq!(shown(text, &["a"]), *expected, "{text:?}");
        }
    }
}
