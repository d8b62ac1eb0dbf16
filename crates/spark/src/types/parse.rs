//! Types as text: `decimal(10,2)`, `array<struct<a: int, b: string comment 'x'>>`, and lists of columns with types.

use super::{DataType, DayTimeUnit, Field, YearMonthUnit};

/// How deep types may nest before they are refused, so that hostile text cannot exhaust the stack.
const DEEPEST: usize = 64;

/// A text that is no type of Spark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidType {
    /// Where in the text reading stopped: bytes from its start.
    pub offset: usize,
    /// What stands there, empty at the end of the text.
    pub found: String,
}

/// Reads a type, in any case, with any blanks: what stands behind `as` in a cast, or as the type of a column.
pub fn parse(text: &str) -> Result<DataType, InvalidType> {
    let mut reader = Reader::new(text);
    let ty = reader.data_type(0)?;
    reader.end()?;
    Ok(ty)
}

/// Reads a list of columns, `a int, b array<string> not null comment 'x'`. A `:` may stand between name and type.
pub fn columns(text: &str) -> Result<Vec<Field>, InvalidType> {
    list(text, true)
}

/// Reads the schema of a table, as `from_json` takes it: columns without a `:` between name and type.
pub fn table(text: &str) -> Result<Vec<Field>, InvalidType> {
    list(text, false)
}

fn list(text: &str, colons: bool) -> Result<Vec<Field>, InvalidType> {
    let mut reader = Reader::new(text);
    let mut fields = vec![reader.field(0, colons)?];
    while reader.eat(",") {
        fields.push(reader.field(0, colons)?);
    }
    reader.end()?;
    Ok(fields)
}

/// One pass over the tokens of a type.
struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    /// Skips blanks and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let comment = if trimmed.starts_with("--") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(0, |end| end + 2)
            } else {
                0
            };
            self.offset += rest.len() - trimmed.len() + comment;
            if comment == 0 {
                return;
            }
        }
    }

    /// The token that comes next, its quotes included, and how long it is.
    fn peek(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return "";
        };
        let end = match first {
            '`' | '\'' | '"' => quoted_end(rest, first),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        rest.get(..end).unwrap_or(rest)
    }

    fn next(&mut self) -> &'a str {
        let token = self.peek();
        self.offset += token.len();
        token
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.peek().eq_ignore_ascii_case(token);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), InvalidType> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    fn fault(&mut self) -> InvalidType {
        let found = self.peek().to_owned();
        InvalidType {
            offset: self.offset,
            found,
        }
    }

    fn end(&mut self) -> Result<(), InvalidType> {
        if self.peek().is_empty() {
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    fn data_type(&mut self, depth: usize) -> Result<DataType, InvalidType> {
        if depth > DEEPEST {
            return Err(self.fault());
        }
        let mut before = InvalidType {
            offset: self.offset,
            found: self.peek().to_owned(),
        };
        let word = self.next().to_ascii_lowercase();
        let ty = match word.as_str() {
            "boolean" => DataType::Boolean,
            "tinyint" | "byte" => DataType::TinyInt,
            "smallint" | "short" => DataType::SmallInt,
            "int" | "integer" => DataType::Int,
            "bigint" | "long" => DataType::BigInt,
            "float" | "real" => DataType::Float,
            "double" => DataType::Double,
            "string" => DataType::String,
            "binary" => DataType::Binary,
            "date" => DataType::Date,
            "timestamp" | "timestamp_ltz" => DataType::Timestamp,
            "timestamp_ntz" => DataType::TimestampNtz,
            "void" => DataType::Void,
            "decimal" | "dec" | "numeric" => self.decimal()?,
            "char" | "character" => DataType::Char(self.length()?),
            "varchar" => DataType::Varchar(self.length()?),
            "interval" => self.interval()?,
            "array" => {
                self.expect("<")?;
                let element = self.data_type(depth + 1)?;
                self.expect(">")?;
                DataType::array(element)
            }
            "map" => {
                self.expect("<")?;
                let key = self.data_type(depth + 1)?;
                self.expect(",")?;
                let value = self.data_type(depth + 1)?;
                self.expect(">")?;
                DataType::map(key, value)
            }
            "struct" => self.structure(depth)?,
            _ => {
                before.offset = self.offset - before.found.len();
                return Err(before);
            }
        };
        Ok(ty)
    }

    fn structure(&mut self, depth: usize) -> Result<DataType, InvalidType> {
        // `<>` is one token of Spark's grammar; here it is two, which reads the same.
        self.expect("<")?;
        let mut fields = Vec::new();
        if !self.eat(">") {
            fields.push(self.field(depth + 1, true)?);
            while self.eat(",") {
                fields.push(self.field(depth + 1, true)?);
            }
            self.expect(">")?;
        }
        Ok(DataType::structure(fields))
    }

    fn field(&mut self, depth: usize, colon: bool) -> Result<Field, InvalidType> {
        let token = self.peek();
        let name = match token.chars().next() {
            Some('`') => token
                .get(1..token.len().saturating_sub(1))
                .unwrap_or_default()
                .replace("``", "`"),
            Some(first) if is_word(first) => token.to_owned(),
            _ => return Err(self.fault()),
        };
        self.next();
        if colon {
            self.eat(":");
        }
        let ty = self.data_type(depth)?;
        if self.eat("not") {
            self.expect("null")?;
        }
        if self.eat("comment") {
            if !self.peek().starts_with(['\'', '"']) {
                return Err(self.fault());
            }
            self.next();
        }
        Ok(Field::new(name, ty))
    }

    fn number(&mut self) -> Result<u32, InvalidType> {
        match self.peek().parse() {
            Ok(number) => {
                self.next();
                Ok(number)
            }
            Err(_) => Err(self.fault()),
        }
    }

    fn length(&mut self) -> Result<u32, InvalidType> {
        self.expect("(")?;
        let length = self.number()?;
        self.expect(")")?;
        Ok(length)
    }

    /// `decimal`, `decimal(p)`, `decimal(p, s)`: at most 38 digits, the scale within the precision.
    fn decimal(&mut self) -> Result<DataType, InvalidType> {
        if !self.eat("(") {
            return Ok(DataType::Decimal(10, 0));
        }
        let precision = self.small()?;
        let scale = if self.eat(",") { self.small()? } else { 0 };
        if scale > precision {
            return Err(self.fault());
        }
        self.expect(")")?;
        Ok(DataType::Decimal(precision, scale))
    }

    fn small(&mut self) -> Result<u8, InvalidType> {
        let before = self.fault();
        match self.number()? {
            number @ 0..=38 => Ok(u8::try_from(number).unwrap_or(38)),
            _ => Err(before),
        }
    }

    fn interval(&mut self) -> Result<DataType, InvalidType> {
        if let Some(first) = day_time(self.peek()) {
            self.next();
            let last = if self.eat("to") {
                self.unit(day_time)?
            } else {
                first
            };
            return if first <= last {
                Ok(DataType::DayTime(first, last))
            } else {
                Err(self.fault())
            };
        }
        if let Some(first) = year_month(self.peek()) {
            self.next();
            let last = if self.eat("to") {
                self.unit(year_month)?
            } else {
                first
            };
            return if first <= last {
                Ok(DataType::YearMonth(first, last))
            } else {
                Err(self.fault())
            };
        }
        Ok(DataType::Interval)
    }

    fn unit<T>(&mut self, read: fn(&str) -> Option<T>) -> Result<T, InvalidType> {
        let unit = read(self.peek());
        match unit {
            Some(unit) => {
                self.next();
                Ok(unit)
            }
            None => Err(self.fault()),
        }
    }
}

fn day_time(word: &str) -> Option<DayTimeUnit> {
    [
        DayTimeUnit::Day,
        DayTimeUnit::Hour,
        DayTimeUnit::Minute,
        DayTimeUnit::Second,
    ]
    .into_iter()
    .find(|unit| word.eq_ignore_ascii_case(unit.name()))
}

fn year_month(word: &str) -> Option<YearMonthUnit> {
    [YearMonthUnit::Year, YearMonthUnit::Month]
        .into_iter()
        .find(|unit| word.eq_ignore_ascii_case(unit.name()))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where a quoted token ends, its quotes included; a doubled back quote and an escaped quote go on.
fn quoted_end(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' {
            chars.next();
        } else if c == quote {
            if quote == '`' && chars.next_if(|(_, next)| *next == '`').is_some() {
                continue;
            }
            return at + quote.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{columns, parse};

    #[test]
    fn types_are_read_and_written() {
        for (text, expected) in [
            ("INT", "int"),
            ("integer", "int"),
            ("decimal", "decimal(10,0)"),
            ("numeric( 5 )", "decimal(5,0)"),
            ("DECIMAL(10, 2)", "decimal(10,2)"),
            (
                "struct<a: int, b string comment 'x, y>'>",
                "struct<a:int,b:string>",
            ),
            (
                "map<string,array<struct<`a b`:date>>>",
                "map<string,array<struct<a b:date>>>",
            ),
            ("interval day to second", "interval day to second"),
            ("interval month", "interval month"),
            ("interval", "interval"),
            ("struct<>", "struct<>"),
            ("varchar(20)", "varchar(20)"),
        ] {
            assert_eq!(
                parse(text).map(|ty| ty.to_string()).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "strng",
            "decimal(39,0)",
            "decimal(3,4)",
            "array<int",
            "int int",
            "map<int>",
            "array<>>",
            "char",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"array<".repeat(100_000)).is_err());
    }

    #[test]
    fn a_fault_has_its_place() {
        let fault = parse("array< strng >").unwrap_err();
        assert_eq!((fault.offset, fault.found.as_str()), (7, "strng"));
    }

    #[test]
    fn columns_are_read() {
        let fields = columns("a int, `b``c` array<string> not null comment 'it\\'s', d: date").unwrap();
        let fields: Vec<String> = fields
            .iter()
            .map(|field| format!("{} {}", field.name, field.ty))
            .collect();
        assert_eq!(fields, ["a int", "b`c array<string>", "d date"]);
    }
}
