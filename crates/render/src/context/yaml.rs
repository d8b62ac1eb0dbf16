//! `yaml.safe_dump` of PyYAML, in block style (`yaml/emitter.py`, `yaml/representer.py`, `yaml/resolver.py`).

use glueline_base::Value as Written;
use glueline_template::{Value, order, repr, to_base};

/// A value as YAML; `None` for what PyYAML cannot represent.
pub(super) fn dump(value: &Value, sort_keys: bool) -> Option<String> {
    let mut writer = Writer {
        out: String::new(),
        sort_keys,
    };
    match value {
        Value::Dict(dict) if !dict.is_empty() => writer.mapping(&dict.items(), 0)?,
        Value::List(items) if !items.is_empty() => writer.sequence(&items.items(), 0)?,
        Value::Tuple(items) if !items.is_empty() => writer.sequence(items, 0)?,
        scalar => {
            writer.scalar(scalar, 0, false)?;
            let is_plain = !writer.out.ends_with(['\'', '"', ']', '}']);
            writer.out.push('\n');
            if is_plain {
                // The end of a document that is a plain scalar is marked.
                writer.out.push_str("...\n");
            }
        }
    }
    Some(writer.out)
}

/// Characters in a line before a long text is folded.
const WIDTH: usize = 80;

struct Writer {
    out: String,
    sort_keys: bool,
}

impl Writer {
    fn indent(&mut self, by: usize) {
        self.out.push_str(&" ".repeat(by));
    }

    fn mapping(&mut self, entries: &[(Value, Value)], indent: usize) -> Option<()> {
        let mut entries = entries.to_vec();
        if self.sort_keys {
            // As Python: keys that cannot be compared leave the order as it is.
            let comparable = entries
                .windows(2)
                .all(|pair| matches!(pair, [a, b] if order(&a.0, &b.0).is_ok()));
            if comparable {
                entries.sort_by(|a, b| order(&a.0, &b.0).unwrap_or(std::cmp::Ordering::Equal));
            }
        }
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.indent(indent);
            }
            if is_simple_key(key) {
                self.scalar(key, indent, true)?;
            } else {
                self.out.push_str("? ");
                self.scalar(key, indent, false)?;
                self.out.push('\n');
                self.indent(indent);
            }
            self.out.push(':');
            match value {
                Value::Dict(dict) if !dict.is_empty() => {
                    self.out.push('\n');
                    self.indent(indent + 2);
                    self.mapping(&dict.items(), indent + 2)?;
                }
                Value::List(items) if !items.is_empty() => self.nested(&items.items(), indent)?,
                Value::Tuple(items) if !items.is_empty() => self.nested(items, indent)?,
                scalar => {
                    self.out.push(' ');
                    self.scalar(scalar, indent, false)?;
                    self.out.push('\n');
                }
            }
        }
        Some(())
    }

    /// A list within a mapping is not indented.
    fn nested(&mut self, items: &[Value], indent: usize) -> Option<()> {
        self.out.push('\n');
        self.indent(indent);
        self.sequence(items, indent)
    }

    fn sequence(&mut self, items: &[Value], indent: usize) -> Option<()> {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.indent(indent);
            }
            self.out.push_str("- ");
            match item {
                Value::Dict(dict) if !dict.is_empty() => self.mapping(&dict.items(), indent + 2)?,
                Value::List(items) if !items.is_empty() => self.sequence(&items.items(), indent + 2)?,
                Value::Tuple(items) if !items.is_empty() => self.sequence(items, indent + 2)?,
                scalar => {
                    self.scalar(scalar, indent, false)?;
                    self.out.push('\n');
                }
            }
        }
        Some(())
    }

    fn scalar(&mut self, value: &Value, indent: usize, is_key: bool) -> Option<()> {
        let text = match value {
            Value::None => "null".to_owned(),
            Value::Bool(true) => "true".to_owned(),
            Value::Bool(false) => "false".to_owned(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => float(*value),
            Value::Dict(_) => "{}".to_owned(),
            Value::List(_) | Value::Tuple(_) => "[]".to_owned(),
            Value::Str(text) => {
                self.text(&text.plain(), indent, is_key);
                return Some(());
            }
            value => match to_base(value) {
                Written::Date(text) => text.to_string(),
                _ => return None,
            },
        };
        self.out.push_str(&text);
        Some(())
    }

    fn text(&mut self, text: &str, indent: usize, is_key: bool) {
        let column = self
            .out
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count());
        match style(text, is_key) {
            Style::Plain => self.folded(text, column, indent, is_key, String::push_str),
            Style::Single => {
                self.out.push('\'');
                self.single(text, column + 1, indent, is_key);
                self.out.push('\'');
            }
            Style::Double => self.double(text, column, indent, is_key),
        }
    }

    /// Words, broken where the line is full (`write_plain`).
    fn folded(
        &mut self,
        text: &str,
        mut column: usize,
        indent: usize,
        is_key: bool,
        write: fn(&mut String, &str),
    ) {
        let indent = indent + 2;
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                if !is_key && column > WIDTH && !word.is_empty() {
                    self.out.push('\n');
                    self.out.push_str(&" ".repeat(indent));
                    column = indent;
                } else {
                    self.out.push(' ');
                    column += 1;
                }
            }
            write(&mut self.out, word);
            column += word.chars().count();
        }
    }

    /// A text between single quotes (`write_single_quoted`): line breaks are doubled, quotes too.
    fn single(&mut self, text: &str, mut column: usize, indent: usize, is_key: bool) {
        let indent = indent + 2;
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        let is = |at: usize, wanted: char| chars.get(at) == Some(&wanted);
        while let Some(c) = chars.get(at).copied() {
            if c == '\n' {
                let run = chars.iter().skip(at).take_while(|c| **c == '\n').count();
                self.out.push_str(&"\n".repeat(run + 1));
                self.out.push_str(&" ".repeat(indent));
                column = indent;
                at += run;
                continue;
            }
            let is_single_space = c == ' ' && !is(at + 1, ' ') && (at == 0 || !is(at - 1, ' '));
            let is_inner = at > 0 && at + 1 < chars.len();
            if is_single_space && is_inner && column > WIDTH && !is_key {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(indent));
                column = indent;
            } else {
                self.out.push(c);
                column += 1;
                if c == '\'' {
                    self.out.push('\'');
                    column += 1;
                }
            }
            at += 1;
        }
    }

    /// A text between double quotes (`write_double_quoted`): whatever cannot be printed is escaped.
    fn double(&mut self, text: &str, mut column: usize, indent: usize, is_key: bool) {
        self.out.push('"');
        column += 1;
        let chars: Vec<char> = text.chars().collect();
        for (at, c) in chars.iter().copied().enumerate() {
            let piece = escaped(c);
            let is_inner = at > 0 && at + 1 < chars.len();
            if c == ' ' && is_inner && !is_key && column + 1 > WIDTH {
                self.out.push_str("\\\n");
                self.out.push_str(&" ".repeat(indent + 2));
                column = indent + 2;
                if chars.get(at) == Some(&' ') {
                    self.out.push('\\');
                    column += 1;
                }
            }
            column += piece.chars().count();
            self.out.push_str(&piece);
        }
        self.out.push('"');
    }
}

/// Whether a key fits before its colon (`check_simple_key`).
fn is_simple_key(key: &Value) -> bool {
    key.as_str()
        .is_none_or(|text| !text.is_empty() && !text.contains('\n') && text.len() < 128)
}

fn escaped(c: char) -> String {
    match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\0' => "\\0".to_owned(),
        '\u{7}' => "\\a".to_owned(),
        '\u{8}' => "\\b".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\r' => "\\r".to_owned(),
        '\u{1b}' => "\\e".to_owned(),
        '\u{85}' => "\\N".to_owned(),
        '\u{a0}' => "\\_".to_owned(),
        '\u{2028}' => "\\L".to_owned(),
        '\u{2029}' => "\\P".to_owned(),
        ' '..='~' => c.to_string(),
        c if u32::from(c) <= 0xff => format!("\\x{:02X}", u32::from(c)),
        c if u32::from(c) <= 0xffff => format!("\\u{:04X}", u32::from(c)),
        c => format!("\\U{:08X}", u32::from(c)),
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = repr(&Value::Float(value)).to_lowercase();
    // YAML 1.1 reads `1e17` as a text.
    if !text.contains('.') && text.contains('e') {
        return text.replacen('e', ".0e", 1);
    }
    text
}

enum Style {
    Plain,
    Single,
    Double,
}

/// How a text is written (`choose_scalar_style`, `analyze_scalar`).
fn style(text: &str, is_key: bool) -> Style {
    if text.is_empty() {
        return Style::Single;
    }
    let chars: Vec<char> = text.chars().collect();
    let first = chars.first().copied().unwrap_or(' ');
    let last = chars.last().copied().unwrap_or(' ');
    let is_blank = |c: Option<&char>| c.is_none_or(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\0'));
    let special = chars
        .iter()
        .any(|c| !(matches!(c, '\n' | ' '..='~')) && *c != '\u{85}');
    let breaks = chars
        .iter()
        .any(|c| matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}'));
    let space_break = chars.windows(2).any(|pair| matches!(pair, [' ', '\n']));
    if special || space_break || (breaks && is_key) {
        return Style::Double;
    }
    let mut plain = !breaks && !resolves(text);
    plain &= !text.starts_with("---") && !text.starts_with("...");
    plain &= first != ' ' && last != ' ';
    for (at, c) in chars.iter().enumerate() {
        let next_blank = is_blank(chars.get(at + 1));
        let before_blank = at == 0 || is_blank(chars.get(at - 1));
        let indicator = if at == 0 {
            match c {
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
                | '`' => true,
                '?' | ':' | '-' => next_blank,
                _ => false,
            }
        } else {
            match c {
                ':' => next_blank,
                '#' => before_blank,
                _ => false,
            }
        };
        plain &= !indicator;
    }
    if plain {
        return Style::Plain;
    }
    Style::Single
}

/// Whether YAML 1.1 would read a plain text as something else than a text.
fn resolves(text: &str) -> bool {
    // The reader knows best; what it reads as anything but this very text must be quoted.
    let is_timestamp = {
        let mut parts = text.splitn(3, '-');
        let digits = |part: Option<&str>, from: usize, to: usize| {
            part.is_some_and(|part| {
                (from..=to).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            })
        };
        let year = digits(parts.next(), 4, 4);
        let month = digits(parts.next(), 1, 2);
        let day = parts.next().map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            (end, rest.len())
        });
        year && month && day.is_some_and(|(end, len)| end > 0 && end <= 2 && (end == len || len > 5))
    };
    if is_timestamp || matches!(text, "=" | "<<") {
        return true;
    }
    let tree = glueline_yaml::parse(text);
    let read = tree.root().map(|root| root.to_value(16).value);
    !matches!(read, Some(glueline_base::Value::Str(found)) if &*found == text) && tree.errors.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_dumped_as_pyyaml_does() {
        let table: Vec<(serde_json::Value, String)> =
            serde_json::from_str(include_str!("../../tests/data/toyaml.json")).unwrap();
        assert!(table.len() > 50);
        for (value, expected) in table {
            let value = glueline_template::from_json(&value.to_string()).unwrap();
            assert_eq!(
                dump(&value, false).as_deref(),
                Some(&*expected),
                "{}",
                repr(&value)
            );
        }
    }
}
