//! Reading a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use glueline_base::{TextRange, TextSize};

use crate::decode::{NotUtf8, decode};
use crate::records::{Event, Records};
use crate::types::{Candidates, ColumnType, is_null};
use crate::values::{Number, has_decimals};

/// How many faults are kept; of a file that is wrong in every row the first ones will do.
const MAX_FAULTS: usize = 100;

/// Reads a seed to its end, in memory that depends on the number of its columns alone.
///
/// # Errors
/// What the input says when it cannot be read.
pub fn read(input: impl Read, options: &Options<'_>) -> io::Result<Seed> {
    let mut reader = Reader {
        options,
        header: Header::Awaited,
        drafts: Vec::new(),
        names: BTreeSet::new(),
        suffixes: BTreeMap::new(),
        rows: 0,
        fields: 0,
        faults: Vec::new(),
        further_faults: 0,
    };
    let mut records = Records::new(options.delimiter);
    let mut has_byte_order_mark = false;
    let not_utf8 = decode(input, |c| {
        if c.start == 0 && c.value == '\u{FEFF}' {
            has_byte_order_mark = true;
        } else {
            records.next(c, &mut |event| reader.event(event));
        }
    })?;
    records.finish(&mut |event| reader.event(event));
    Ok(reader.finish(has_byte_order_mark, not_utf8))
}

/// What the project says of a seed.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The config `delimiter`.
    pub delimiter: char,
    /// The keys of the config `column_types`: dbt reads these columns as texts.
    pub text_columns: &'a [&'a str],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            delimiter: ',',
            text_columns: &[],
        }
    }
}

/// The facts of a seed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seed {
    /// The columns of the header.
    pub columns: Vec<Column>,
    /// The rows behind the header, blank lines included: dbt reads them as rows of nulls.
    pub rows: u64,
    /// Whether the file starts with a byte order mark. dbt passes over it; ranges count it.
    pub has_byte_order_mark: bool,
    /// What is wrong, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many more faults there are than were kept.
    pub further_faults: u64,
}

/// A column of a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Column {
    /// The name dbt gives it: `a_2` for a second `a`, a letter for an empty name.
    pub name: String,
    /// The bytes of the name as written, quotes included.
    pub range: TextRange,
    /// The type dbt infers.
    pub kind: ColumnType,
    /// Whether there is nothing but nulls: missing and empty fields, and `null`.
    pub is_empty: bool,
    /// Whether it holds numbers without decimals alone. False without any number.
    pub is_whole: bool,
    /// The largest absolute value among its whole numbers; the largest `u128` where it is larger. Spark keeps them
    /// in doubles on the way, which are exact up to 2^53.
    pub largest_whole: Option<u128>,
    /// Whether a number loses leading zeros (`007`).
    pub has_padded_numbers: bool,
    /// Whether a number loses a currency or percent sign or commas: `1,5` is read as 15.
    pub has_decorated_numbers: bool,
    /// Whether there is a `nan` or `inf` among the numbers, which dbt-glue cannot send.
    pub has_infinite_numbers: bool,
}

impl Column {
    /// The type of the column in Spark's DDL, as dbt-glue sends it without an entry in `column_types`; `None` where
    /// Spark cannot tell one and fails.
    ///
    /// Without `enable_spark_seed_casting` Spark infers the types from JSON-like values; with it dbt-glue names them
    /// (`ColumnCsvMappingStrategy` in its `impl.py`), and an entry in `column_types` goes before this type.
    pub const fn spark_type(&self, casting: bool) -> Option<&'static str> {
        if casting {
            return Some(match self.kind {
                ColumnType::Missing => "integer",
                ColumnType::Number if self.is_whole || self.is_empty => "bigint",
                ColumnType::Number => "double",
                ColumnType::Date => "date",
                ColumnType::DateTime => "timestamp",
                ColumnType::Boolean => "boolean",
                ColumnType::Text => "string",
            });
        }
        if self.is_empty {
            return None;
        }
        match self.kind {
            ColumnType::Missing => None,
            ColumnType::Number => Some("double"),
            ColumnType::Boolean => Some("boolean"),
            ColumnType::Date | ColumnType::DateTime | ColumnType::Text => Some("string"),
        }
    }
}

/// Something wrong with a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// The line where the record starts, from 1.
    pub line: u64,
    /// The bytes to blame, in the file.
    pub range: TextRange,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// There is not even a header; dbt fails.
    EmptyFile,
    /// There is a header alone; Spark cannot infer a schema from it.
    NoRows,
    /// The first line is blank, so that dbt calls the columns `a`, `b`, ...
    BlankHeader,
    /// A name stands twice in the header; dbt renames the second.
    DuplicateColumn,
    /// A name in the header is empty; dbt calls the column after its position.
    UnnamedColumn,
    /// A row has more fields than the header; dbt fails.
    TooManyFields {
        /// How many it has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A row has fewer fields than the header; dbt adds nulls.
    TooFewFields {
        /// How many it has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A blank line; dbt reads a row of nulls.
    BlankLine,
    /// A quote is not closed: all that follows is one field.
    UnclosedQuote,
    /// A field has more than 131,072 characters; Python's `csv` fails.
    FieldTooLarge,
    /// Bytes are not UTF-8; dbt fails.
    NotUtf8,
}

/// A column while it is read.
struct Draft {
    name: String,
    range: TextRange,
    is_text: bool,
    candidates: Candidates,
    has_fields: bool,
    has_values: bool,
    numbers: Numbers,
}

/// What the numbers of a column have in common.
#[derive(Default)]
struct Numbers {
    count: u64,
    whole_places: i64,
    decimal_places: i64,
    largest_whole: Option<u128>,
    has_padded: bool,
    has_decorated: bool,
    has_infinite: bool,
}

impl Draft {
    fn new(name: String, range: TextRange, is_text: bool) -> Self {
        Self {
            name,
            range,
            is_text,
            candidates: Candidates::ALL,
            has_fields: false,
            has_values: false,
            numbers: Numbers::default(),
        }
    }

    fn field(&mut self, text: &str) {
        self.has_fields = true;
        if is_null(text) {
            return;
        }
        self.has_values = true;
        if self.is_text || !self.candidates.is_open() {
            return;
        }
        let number = if self.candidates.may_be_number() {
            Number::read(text)
        } else {
            None
        };
        self.candidates.narrow(text, number.as_ref());
        if let Some(number) = number {
            self.numbers.add(&number);
        }
    }

    fn finish(self) -> Column {
        let kind = if self.is_text {
            ColumnType::Text
        } else if self.has_fields {
            self.candidates.first()
        } else {
            ColumnType::Missing
        };
        let numbers = if kind == ColumnType::Number {
            self.numbers
        } else {
            Numbers::default()
        };
        Column {
            name: self.name,
            range: self.range,
            kind,
            is_empty: !self.has_values,
            is_whole: numbers.count > 0
                && !has_decimals(numbers.whole_places.max(1), numbers.decimal_places.max(0)),
            largest_whole: numbers.largest_whole,
            has_padded_numbers: numbers.has_padded,
            has_decorated_numbers: numbers.has_decorated,
            has_infinite_numbers: numbers.has_infinite,
        }
    }
}

impl Numbers {
    fn add(&mut self, number: &Number) {
        self.count += 1;
        self.whole_places = self.whole_places.max(number.whole_places);
        self.decimal_places = self.decimal_places.max(number.decimal_places);
        self.largest_whole = self.largest_whole.max(number.whole);
        self.has_padded |= number.is_padded;
        self.has_decorated |= number.is_decorated;
        self.has_infinite |= !number.is_finite;
    }
}

#[derive(PartialEq, Eq)]
enum Header {
    Awaited,
    Blank,
    Read,
}

struct Reader<'a> {
    options: &'a Options<'a>,
    header: Header,
    drafts: Vec<Draft>,
    names: BTreeSet<String>,
    /// How often a name was numbered, so that many equal names take no longer than others.
    suffixes: BTreeMap<String, u64>,
    rows: u64,
    /// How many fields the current record has so far.
    fields: usize,
    faults: Vec<Fault>,
    further_faults: u64,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Field {
                text,
                line,
                start,
                end,
                is_too_large,
            } => {
                let place = bytes(start, end);
                if is_too_large {
                    self.fault(FaultKind::FieldTooLarge, line, place);
                }
                let is_named_after_place = self.header == Header::Blank && self.rows == 0;
                if self.header == Header::Awaited {
                    self.name(text, line, place);
                } else {
                    if is_named_after_place {
                        self.add_column(letter_name(self.fields), TextRange::default());
                    }
                    if let Some(draft) = self.drafts.get_mut(self.fields) {
                        draft.field(text);
                    }
                }
                self.fields += 1;
            }
            Event::Record {
                line,
                start,
                end,
                open_quote,
            } => {
                self.record(line, bytes(start, end));
                if let Some(quote) = open_quote {
                    self.fault(FaultKind::UnclosedQuote, line, bytes(quote, quote + 1));
                }
                self.fields = 0;
            }
        }
    }

    fn record(&mut self, line: u64, place: TextRange) {
        let (found, expected) = (self.fields, self.drafts.len());
        if self.header == Header::Awaited {
            self.header = if found == 0 { Header::Blank } else { Header::Read };
            if found == 0 {
                self.fault(FaultKind::BlankHeader, line, place);
            }
            return;
        }
        self.rows += 1;
        if found == 0 {
            self.fault(FaultKind::BlankLine, line, place);
        } else if found > expected {
            self.fault(FaultKind::TooManyFields { found, expected }, line, place);
        } else if found < expected {
            self.fault(FaultKind::TooFewFields { found, expected }, line, place);
        }
    }

    /// A name of the header.
    fn name(&mut self, text: &str, line: u64, place: TextRange) {
        let wanted = if text.is_empty() {
            self.fault(FaultKind::UnnamedColumn, line, place);
            letter_name(self.fields)
        } else {
            text.to_owned()
        };
        if !self.names.contains(&wanted) {
            self.add_column(wanted, place);
            return;
        }
        self.fault(FaultKind::DuplicateColumn, line, place);
        let mut number = self.suffixes.get(&wanted).copied().unwrap_or(1);
        let name = loop {
            number += 1;
            let numbered = format!("{wanted}_{number}");
            if !self.names.contains(&numbered) {
                break numbered;
            }
        };
        self.suffixes.insert(wanted, number);
        self.add_column(name, place);
    }

    fn add_column(&mut self, name: String, place: TextRange) {
        let is_text = self.options.text_columns.contains(&name.as_str());
        self.names.insert(name.clone());
        self.drafts.push(Draft::new(name, place, is_text));
    }

    fn fault(&mut self, kind: FaultKind, line: u64, range: TextRange) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { kind, line, range });
        } else {
            self.further_faults += 1;
        }
    }

    fn finish(mut self, has_byte_order_mark: bool, not_utf8: Option<NotUtf8>) -> Seed {
        match self.header {
            Header::Awaited => self.fault(FaultKind::EmptyFile, 1, TextRange::default()),
            _ if self.rows == 0 => self.fault(FaultKind::NoRows, 1, TextRange::default()),
            _ => {}
        }
        if let Some(torn) = not_utf8 {
            // Nothing else matters to dbt: this one is never left out.
            self.faults.push(Fault {
                kind: FaultKind::NotUtf8,
                line: torn.line,
                range: bytes(torn.start, torn.end),
            });
        }
        self.faults.sort_by_key(|fault| (fault.line, fault.range.start()));
        Seed {
            columns: self.drafts.into_iter().map(Draft::finish).collect(),
            rows: self.rows,
            has_byte_order_mark,
            faults: self.faults,
            further_faults: self.further_faults,
        }
    }
}

/// The name agate gives a column by its place: `a` to `z`, then `aa`, `bb`, ...
fn letter_name(place: usize) -> String {
    let letter = ('a'..='z').nth(place % 26).unwrap_or('a');
    // The name of the last of very many columns would be as long as their number.
    String::from(letter).repeat((place / 26).min(99) + 1)
}

fn bytes(start: u64, end: u64) -> TextRange {
    let offset = |at: u64| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(offset(start), offset(end.max(start)))
}
