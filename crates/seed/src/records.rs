//! Records and fields, as Python's `csv` module tells them apart with its default dialect.

use crate::decode::Char;

/// How many characters Python's `csv` allows in a field; dbt does not raise the limit.
pub(crate) const FIELD_LIMIT: usize = 131_072;

/// What the reader finds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A field. Its text is cut at [`FIELD_LIMIT`] characters.
    Field {
        text: &'a str,
        /// The line where its record starts.
        line: u64,
        start: u64,
        end: u64,
        is_too_large: bool,
    },
    /// The end of a record; one of a blank line has no fields. `line` counts from 1 and is where it starts.
    Record {
        line: u64,
        start: u64,
        end: u64,
        /// Where the quote stands that was not closed when the file ended.
        open_quote: Option<u64>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    StartOfRecord,
    StartOfField,
    Unquoted,
    Quoted,
    /// Behind a quote inside a quoted field: the end of the field, or half of a doubled quote.
    QuoteInQuoted,
}

/// The state machine.
#[derive(Debug)]
pub(crate) struct Records {
    delimiter: char,
    state: State,
    text: String,
    length: usize,
    field_start: u64,
    record_start: u64,
    record_line: u64,
    line: u64,
    end: u64,
}

impl Records {
    pub(crate) const fn new(delimiter: char) -> Self {
        Self {
            delimiter,
            state: State::StartOfRecord,
            text: String::new(),
            length: 0,
            field_start: 0,
            record_start: 0,
            record_line: 1,
            line: 1,
            end: 0,
        }
    }

    /// Takes the next character.
    pub(crate) fn next(&mut self, c: Char, each: &mut impl FnMut(Event<'_>)) {
        if self.state == State::StartOfRecord {
            self.record_start = c.start;
            self.record_line = self.line;
            self.field_start = c.start;
        }
        if c.value == '\n' {
            self.line += 1;
        }
        match (self.state, c.value) {
            (State::StartOfRecord, '\n') => self.end_record(c.start, None, each),
            (State::Quoted, '"') => self.state = State::QuoteInQuoted,
            (State::Quoted, other) => self.push(other),
            (State::QuoteInQuoted, '"') => {
                self.push('"');
                self.state = State::Quoted;
            }
            (_, '\n') => {
                self.end_field(c.start, each);
                self.end_record(c.start, None, each);
            }
            (_, other) if other == self.delimiter => {
                self.end_field(c.start, each);
                self.state = State::StartOfField;
                self.field_start = c.end;
            }
            (State::StartOfRecord | State::StartOfField, '"') => self.state = State::Quoted,
            (_, other) => {
                self.push(other);
                self.state = State::Unquoted;
            }
        }
        self.end = c.end;
    }

    /// Ends the file.
    pub(crate) fn finish(&mut self, each: &mut impl FnMut(Event<'_>)) {
        if self.state == State::StartOfRecord {
            return;
        }
        let open_quote = (self.state == State::Quoted).then_some(self.field_start);
        self.end_field(self.end, each);
        self.end_record(self.end, open_quote, each);
    }

    fn push(&mut self, c: char) {
        self.length += 1;
        if self.length <= FIELD_LIMIT {
            self.text.push(c);
        }
    }

    fn end_field(&mut self, end: u64, each: &mut impl FnMut(Event<'_>)) {
        each(Event::Field {
            text: &self.text,
            line: self.record_line,
            start: self.field_start,
            end,
            is_too_large: self.length > FIELD_LIMIT,
        });
        self.text.clear();
        self.length = 0;
    }

    fn end_record(&mut self, end: u64, open_quote: Option<u64>, each: &mut impl FnMut(Event<'_>)) {
        each(Event::Record {
            line: self.record_line,
            start: self.record_start,
            end,
            open_quote,
        });
        self.state = State::StartOfRecord;
    }
}
