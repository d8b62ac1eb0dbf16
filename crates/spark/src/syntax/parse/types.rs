//! Types, as they stand in a cast.

use glueline_base::slice;

use super::{Parser, Res};
use crate::syntax::SyntaxError;
use crate::syntax::ast::{NumberKind, TypeText};
use crate::syntax::lex::{Sign, Tok};

/// Names of types that stand alone.
const PLAIN: &[&str] = &[
    "BOOLEAN",
    "TINYINT",
    "BYTE",
    "SMALLINT",
    "SHORT",
    "INT",
    "INTEGER",
    "BIGINT",
    "LONG",
    "FLOAT",
    "REAL",
    "DOUBLE",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP_NTZ",
    "TIMESTAMP_LTZ",
    "STRING",
    "BINARY",
    "VOID",
    "INTERVAL",
];

impl Parser<'_> {
    /// A type; one that Spark does not have is a fault, but read all the same.
    pub(super) fn data_type(&mut self) -> Res<TypeText> {
        let start = self.here();
        self.nested(Self::type_words)?;
        let range = self.since(start);
        Ok(TypeText {
            text: slice(self.text, range).into(),
            range,
        })
    }

    fn type_words(&mut self) -> Res<()> {
        let start = self.here();
        let word = self.word_at(0).to_ascii_uppercase();
        self.name()?;
        match word.as_str() {
            "ARRAY" if self.eat(Sign::Less) => {
                self.nested(Self::type_words)?;
                return self.expect(Sign::Greater);
            }
            "MAP" if self.eat(Sign::Less) => {
                self.nested(Self::type_words)?;
                self.expect(Sign::Comma)?;
                self.nested(Self::type_words)?;
                return self.expect(Sign::Greater);
            }
            "STRUCT" if self.eat(Sign::NotEqual) => return Ok(()),
            "STRUCT" if self.eat(Sign::Less) => {
                if !self.eat(Sign::Greater) {
                    self.list(Self::field_words)?;
                    self.expect(Sign::Greater)?;
                }
                return Ok(());
            }
            "INTERVAL" if self.interval_words()? => return Ok(()),
            _ => {}
        }
        let mut sizes = Vec::new();
        if self.eat(Sign::Open) {
            sizes = self.list(Self::size)?;
            self.expect(Sign::Close)?;
        }
        self.expected(0);
        self.judge(&word, &sizes, start);
        Ok(())
    }

    fn size(&mut self) -> Res<u32> {
        if self.peek() != Tok::Number(NumberKind::Integer) {
            return self.fail();
        }
        let size = self.word_at(0).parse().unwrap_or(u32::MAX);
        self.at += 1;
        Ok(size)
    }

    /// `year to month`, `day to second`
    fn interval_words(&mut self) -> Res<bool> {
        let day_time = ["DAY", "HOUR", "MINUTE", "SECOND"];
        let first = self.word_at(0).to_ascii_uppercase();
        let units: &[&str] = if matches!(first.as_str(), "YEAR" | "MONTH") {
            &["MONTH"]
        } else if day_time.contains(&first.as_str()) {
            &day_time
        } else {
            return Ok(false);
        };
        self.at += 1;
        if self.eat_kw(crate::syntax::keyword::Kw::To) {
            let last = self.word_at(0).to_ascii_uppercase();
            if !units.contains(&last.as_str()) {
                return self.fail();
            }
            self.at += 1;
        }
        Ok(true)
    }

    /// `name: type not null comment 'text'`
    fn field_words(&mut self) -> Res<()> {
        self.whole_name()?;
        self.eat(Sign::Colon);
        self.nested(Self::type_words)?;
        if self.eat_kw(crate::syntax::keyword::Kw::Not) {
            self.expect_kw(crate::syntax::keyword::Kw::Null)?;
        }
        if self.word_at(0).eq_ignore_ascii_case("comment") {
            self.at += 1;
            if self.peek() != Tok::String {
                return self.fail();
            }
            self.at += 1;
        }
        self.expected(0);
        Ok(())
    }

    /// Whether Spark has the type with these sizes.
    fn judge(&mut self, word: &str, sizes: &[u32], start: glueline_base::TextRange) {
        let (class, message) = match (word, sizes) {
            ("CHAR" | "CHARACTER" | "VARCHAR", []) => (
                "DATATYPE_MISSING_SIZE",
                format!("DataType \"{word}\" requires a length parameter, for example \"{word}\"(10). Please specify the length."),
            ),
            ("CHAR" | "CHARACTER" | "VARCHAR", [_]) => return,
            ("DECIMAL" | "DEC" | "NUMERIC", sizes) if sizes.len() <= 2 => {
                let precision = sizes.first().copied().unwrap_or(10);
                let scale = sizes.get(1).copied().unwrap_or(0);
                if scale > precision {
                    (
                        "_LEGACY_ERROR_TEMP_1228",
                        format!("Decimal scale ({scale}) cannot be greater than precision ({precision})."),
                    )
                } else if precision > 38 {
                    ("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", format!("Decimal precision {precision} exceeds max precision 38."))
                } else {
                    return;
                }
            }
            ("ARRAY", []) => (
                "INCOMPLETE_TYPE_DEFINITION.ARRAY",
                "Incomplete complex type: The definition of \"ARRAY\" type is incomplete. You must provide an element type. For \
                 example: \"ARRAY<INT>\"."
                    .to_owned(),
            ),
            ("MAP", []) => (
                "INCOMPLETE_TYPE_DEFINITION.MAP",
                "Incomplete complex type: The definition of \"MAP\" type is incomplete. You must provide a key type and a value \
                 type. For example: \"MAP<INT, STRING>\"."
                    .to_owned(),
            ),
            ("STRUCT", []) => (
                "INCOMPLETE_TYPE_DEFINITION.STRUCT",
                "Incomplete complex type: The definition of \"STRUCT\" type is incomplete. You must provide at least one field \
                 type. For example: \"STRUCT<name STRING, age INT>\"."
                    .to_owned(),
            ),
            (word, []) if PLAIN.contains(&word) => return,
            (word, sizes) => {
                let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
                let sizes = if sizes.is_empty() { String::new() } else { format!("({})", sizes.join(",")) };
                ("UNSUPPORTED_DATATYPE", format!("Unsupported data type \"{word}{sizes}\"."))
            }
        };
        let range = self.since(start);
        self.faults.push(SyntaxError {
            class,
            message,
            range,
        });
    }
}
