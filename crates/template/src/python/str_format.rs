//! `text.format(...)` (`Lib/string.py`, `Formatter.vformat`, as Jinja2's sandbox runs it).

use crate::{Args, Cx, Error, ErrorKind, Value};

use super::{attributes, params, strings};

/// How deep format specifications may hold fields.
const DEEPEST: usize = 2;

/// `text.format(*args, **kwargs)`.
pub(crate) fn format(cx: &Cx, text: &str, args: &Args) -> Result<String, Error> {
    let named = |name: &str| args.keyword(name).cloned().ok_or_else(|| missing(name));
    Formatter {
        cx,
        positional: &args.positional,
        named: &named,
        automatic: Automatic::Unused,
    }
    .run(text, DEEPEST)
}

/// `text.format_map(mapping)`.
pub(crate) fn format_map(cx: &Cx, text: &str, args: Args) -> Result<String, Error> {
    let given = args.positional.len();
    if !args.keywords.is_empty() {
        return Err(Error::type_error("format_map() takes no keyword arguments"));
    }
    if given != 1 {
        return Err(Error::type_error(format!(
            "format_map() takes exactly one argument ({given} given)"
        )));
    }
    let mapping = params::one(args, "format_map")?;
    let named = |name: &str| attributes::subscript(cx, &mapping, &Value::str(name));
    Formatter {
        cx,
        positional: &[],
        named: &named,
        automatic: Automatic::Unused,
    }
    .run(text, DEEPEST)
}

fn missing(name: &str) -> Error {
    Error::new(ErrorKind::Python("KeyError"), super::repr(&Value::str(name)))
}

/// How fields without a number are counted.
#[derive(Clone, Copy)]
enum Automatic {
    Unused,
    Next(usize),
    Manual,
}

struct Formatter<'a> {
    cx: &'a Cx,
    positional: &'a [Value],
    named: &'a dyn Fn(&str) -> Result<Value, Error>,
    automatic: Automatic,
}

impl Formatter<'_> {
    fn run(&mut self, text: &str, depth: usize) -> Result<String, Error> {
        if depth == 0 {
            return Err(Error::value_error("Max string recursion exceeded"));
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            if from.starts_with("{{") || from.starts_with("}}") {
                out.push_str(from.get(..1).unwrap_or(""));
                rest = from.get(2..).unwrap_or("");
                continue;
            }
            let Some(inner) = from.strip_prefix('{') else {
                return Err(Error::value_error("Single '}' encountered in format string"));
            };
            if inner.is_empty() {
                return Err(Error::value_error("Single '{' encountered in format string"));
            }
            let end = end_of_field(inner)?;
            let (field, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
            out.push_str(&self.field(field, depth)?);
            strings::check_length(self.cx, out.len())?;
            rest = after.get(1..).unwrap_or("");
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, field: &str, depth: usize) -> Result<String, Error> {
        let (path, conversion, spec) = split_field(field)?;
        let value = self.value(path)?;
        let value = match conversion {
            None => value,
            Some('s') => Value::Str(super::to_str(&value)),
            Some('r') => Value::str(super::repr(&value)),
            Some('a') => Value::str(strings::ascii(&super::repr(&value))),
            Some(other) => {
                return Err(Error::value_error(format!(
                    "Unknown conversion specifier {other}"
                )));
            }
        };
        let spec = self.run(spec, depth - 1).or_else(|error| {
            if spec.is_empty() {
                Ok(String::new())
            } else {
                Err(error)
            }
        })?;
        strings::formatted(self.cx, &value, &spec)
    }

    fn value(&mut self, path: &str) -> Result<Value, Error> {
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (first, mut rest) = path.split_at_checked(end).unwrap_or((path, ""));
        let mut value = self.first(first)?;
        while !rest.is_empty() {
            if let Some(behind) = rest.strip_prefix('.') {
                let end = behind.find(['.', '[']).unwrap_or(behind.len());
                let (name, after) = behind.split_at_checked(end).unwrap_or((behind, ""));
                if name.is_empty() {
                    return Err(Error::value_error("Empty attribute in format string"));
                }
                value = attributes::attr(self.cx, &value, name)?;
                rest = after;
            } else if let Some(behind) = rest.strip_prefix('[') {
                let (key, after) = behind
                    .split_once(']')
                    .ok_or_else(|| Error::value_error("Missing ']' in format string"))?;
                if key.is_empty() {
                    return Err(Error::value_error("Empty attribute in format string"));
                }
                let key = key.parse().map_or_else(|_| Value::str(key), Value::Int);
                value = attributes::item(self.cx, &value, &key)?;
                rest = after;
            } else {
                return Err(Error::value_error(
                    "Only '.' or '[' may follow ']' in format field specifier",
                ));
            }
        }
        Ok(value)
    }

    fn first(&mut self, name: &str) -> Result<Value, Error> {
        let index = if name.is_empty() {
            let next = match self.automatic {
                Automatic::Unused => 0,
                Automatic::Next(next) => next,
                Automatic::Manual => {
                    return Err(Error::value_error(
                        "cannot switch from manual field specification to automatic field numbering",
                    ));
                }
            };
            self.automatic = Automatic::Next(next + 1);
            next
        } else if name.bytes().all(|digit| digit.is_ascii_digit()) {
            if matches!(self.automatic, Automatic::Next(_)) {
                return Err(Error::value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            }
            self.automatic = Automatic::Manual;
            name.parse()
                .map_err(|_| Error::value_error("Too many decimal digits in format string"))?
        } else {
            return (self.named)(name);
        };
        self.positional
            .get(index)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::Python("IndexError"), "tuple index out of range"))
    }
}

/// Where a field ends; fields may stand within its specification.
fn end_of_field(text: &str) -> Result<usize, Error> {
    let (mut depth, mut brackets, mut nested) = (0, false, false);
    for (place, c) in text.char_indices() {
        match c {
            '[' if depth == 0 => brackets = true,
            ']' => brackets = false,
            '{' if !brackets => (depth, nested) = (depth + 1, true),
            '}' if depth == 0 && !brackets => return Ok(place),
            '}' if !brackets => depth -= 1,
            _ => {}
        }
    }
    Err(Error::value_error(if nested {
        "unmatched '{' in format spec"
    } else {
        "expected '}' before end of string"
    }))
}

fn split_field(field: &str) -> Result<(&str, Option<char>, &str), Error> {
    let mut brackets = false;
    let end = field.find(|c| {
        match c {
            '[' => brackets = true,
            ']' => brackets = false,
            _ => {}
        }
        !brackets && matches!(c, ':' | '!')
    });
    let Some(end) = end else {
        return Ok((field, None, ""));
    };
    let (path, rest) = field.split_at_checked(end).unwrap_or((field, ""));
    if let Some(spec) = rest.strip_prefix(':') {
        return Ok((path, None, spec));
    }
    let mut chars = rest.chars();
    chars.next();
    let conversion = chars
        .next()
        .ok_or_else(|| Error::value_error("end of string while looking for conversion specifier"))?;
    match chars.as_str().strip_prefix(':') {
        Some(spec) => Ok((path, Some(conversion), spec)),
        None if chars.as_str().is_empty() => Ok((path, Some(conversion), "")),
        None => Err(Error::value_error("expected ':' after conversion specifier")),
    }
}
