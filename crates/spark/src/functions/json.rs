//! The schema that Spark sees in a JSON text: what `schema_of_json` gives.

use std::collections::BTreeMap;

use crate::naming::in_ticks;

/// Nested deeper, a text is not read.
const DEEPEST: usize = 64;

/// What a JSON value is.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Null,
    Boolean,
    BigInt,
    /// A whole number of so many digits, more than a `bigint` has.
    Decimal(usize),
    Double,
    String,
    Array(Box<Shape>),
    Struct(BTreeMap<String, Shape>),
}

/// The schema of a JSON text as Spark writes it; nothing where the text is none. What follows the value is not looked at.
pub(crate) fn schema_of_json(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return Some("STRING".to_owned());
    }
    let mut reader = Reader { rest: text, depth: 0 };
    let shape = reader.value()?;
    Some(shape.written().unwrap_or_else(|| "STRUCT<>".to_owned()))
}

impl Shape {
    /// As a schema writes it; nothing for a struct without fields.
    fn written(&self) -> Option<String> {
        Some(match self {
            Self::Null | Self::String => "STRING".to_owned(),
            Self::Boolean => "BOOLEAN".to_owned(),
            Self::BigInt => "BIGINT".to_owned(),
            Self::Decimal(digits) => format!("DECIMAL({digits},0)"),
            Self::Double => "DOUBLE".to_owned(),
            Self::Array(element) => format!("ARRAY<{}>", element.written()?),
            Self::Struct(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .filter_map(|(name, shape)| Some(format!("{}: {}", in_ticks(name), shape.written()?)))
                    .collect();
                if fields.is_empty() {
                    return None;
                }
                format!("STRUCT<{}>", fields.join(", "))
            }
        })
    }

    /// What holds both.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, one) | (one, Self::Null) => one,
            (Self::Array(left), Self::Array(right)) => Self::Array(Box::new(left.or(*right))),
            (Self::Struct(mut left), Self::Struct(right)) => {
                for (name, shape) in right {
                    let before = left.remove(&name).unwrap_or(Self::Null);
                    left.insert(name, before.or(shape));
                }
                Self::Struct(left)
            }
            (Self::Decimal(left), Self::Decimal(right)) => Self::Decimal(left.max(right)),
            (Self::BigInt, Self::Decimal(digits)) | (Self::Decimal(digits), Self::BigInt) => {
                Self::Decimal(digits.max(20))
            }
            (Self::Double, Self::BigInt | Self::Decimal(_))
            | (Self::BigInt | Self::Decimal(_), Self::Double) => Self::Double,
            (left, right) if left == right => left,
            _ => Self::String,
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Shape> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        self.rest = self.rest.trim_start();
        let shape = match self.rest.chars().next()? {
            '{' => self.structure(),
            '[' => self.array(),
            '"' | '\'' => self.text().map(|_| Shape::String),
            't' => self.word("true", Shape::Boolean),
            'f' => self.word("false", Shape::Boolean),
            'n' => self.word("null", Shape::Null),
            _ => self.number(),
        };
        self.depth -= 1;
        shape
    }

    fn word(&mut self, word: &str, shape: Shape) -> Option<Shape> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(shape)
    }

    /// Whether that sign comes next; it is taken.
    fn eat(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn structure(&mut self) -> Option<Shape> {
        let mut fields: BTreeMap<String, Shape> = BTreeMap::new();
        self.eat('{');
        if self.eat('}') {
            return Some(Shape::Struct(fields));
        }
        loop {
            self.rest = self.rest.trim_start();
            let name = self.text()?;
            if !self.eat(':') {
                return None;
            }
            let shape = self.value()?;
            // of two fields of one name nobody knows which counts
            if fields.insert(name, shape).is_some() {
                return None;
            }
            if self.eat('}') {
                return Some(Shape::Struct(fields));
            }
            if !self.eat(',') {
                return None;
            }
        }
    }

    fn array(&mut self) -> Option<Shape> {
        let mut element = Shape::Null;
        self.eat('[');
        if self.eat(']') {
            return Some(Shape::Array(Box::new(element)));
        }
        loop {
            element = element.or(self.value()?);
            if self.eat(']') {
                return Some(Shape::Array(Box::new(element)));
            }
            if !self.eat(',') {
                return None;
            }
        }
    }

    /// A text without its quotes; one with escapes is not read.
    fn text(&mut self) -> Option<String> {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (inside, rest) = self.rest.get(1..)?.split_once(quote)?;
        if inside.contains('\\') {
            return None;
        }
        self.rest = rest;
        Some(inside.to_owned())
    }

    fn number(&mut self) -> Option<Shape> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        let digits = number.strip_prefix('-').unwrap_or(number);
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(match (number.parse::<i64>(), digits.len()) {
                (Ok(_), _) => Shape::BigInt,
                (_, count) if count <= 38 => Shape::Decimal(count),
                _ => Shape::Double,
            });
        }
        number.parse::<f64>().ok().map(|_| Shape::Double)
    }
}
