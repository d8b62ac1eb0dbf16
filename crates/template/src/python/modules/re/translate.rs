//! From Python's syntax of regular expressions to that of `fancy_regex`.

use std::iter::Peekable;
use std::str::Chars;

use crate::{Error, ErrorKind};

use super::{DOT_ALL, IGNORE_CASE, MULTILINE, VERBOSE};

/// Python's `re.error`.
fn fault(message: &str) -> Error {
    Error::new(ErrorKind::Python("error"), message)
}

/// The expression in the syntax of `fancy_regex`, with its flags in front.
pub(super) fn translate(pattern: &str, flags: i64) -> Result<String, Error> {
    let (pattern, inline) = leading_flags(pattern);
    let flags = flags | inline;
    let mut translator = Translator {
        chars: pattern.chars().peekable(),
        out: String::with_capacity(pattern.len() + 8),
        flags,
        length: pattern.chars().count(),
        open: Vec::new(),
    };
    let letters: String = [(IGNORE_CASE, 'i'), (MULTILINE, 'm'), (DOT_ALL, 's')]
        .into_iter()
        .filter(|(flag, _)| flags & flag != 0)
        .map(|(_, letter)| letter)
        .collect();
    translator.run()?;
    let body = translator.out;
    Ok(if letters.is_empty() {
        body
    } else {
        format!("(?{letters}:{body})")
    })
}

/// Flags at the start of an expression: `(?ims)`.
pub(super) fn leading_flags(pattern: &str) -> (&str, i64) {
    let found = pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')'));
    match found {
        Some((letters, rest)) if !letters.is_empty() && letters.chars().all(|c| "aiLmsux".contains(c)) => {
            let flags = letters.chars().map(|c| match c {
                'a' => 256,
                'i' => IGNORE_CASE,
                'm' => MULTILINE,
                's' => DOT_ALL,
                'x' => VERBOSE,
                _ => 0,
            });
            (rest, flags.fold(0, |all, flag| all | flag))
        }
        _ => (pattern, 0),
    }
}

struct Translator<'a> {
    chars: Peekable<Chars<'a>>,
    out: String,
    flags: i64,
    /// The number of characters, and where the groups that are open began.
    length: usize,
    open: Vec<usize>,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while let Some(c) = self.chars.next() {
            match c {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => {
                    self.open.push(self.place(1));
                    self.group();
                }
                ')' if self.open.pop().is_none() => return Err(self.fault("unbalanced parenthesis", 1)),
                '{' => self.brace(),
                '}' => self.out.push_str(r"\}"),
                '$' if self.flags & MULTILINE == 0 => self.out.push_str(r"(?=\n?\z)"),
                c if self.flags & VERBOSE != 0 && c.is_ascii_whitespace() => {}
                '#' if self.flags & VERBOSE != 0 => while self.chars.next_if(|c| *c != '\n').is_some() {},
                '#' | '&' | '~' | '-' | ' ' => self.literal(c),
                c => self.out.push(c),
            }
        }
        match self.open.last() {
            Some(place) => Err(fault(&format!(
                "missing ), unterminated subpattern at position {place}"
            ))),
            None => Ok(()),
        }
    }

    /// The place of the character that lies so far back.
    fn place(&self, back: usize) -> usize {
        self.length.saturating_sub(self.chars.clone().count() + back)
    }

    fn fault(&self, message: &str, back: usize) -> Error {
        fault(&format!("{message} at position {}", self.place(back)))
    }

    /// A character that means itself, whatever it means elsewhere.
    fn literal(&mut self, c: char) {
        if c.is_alphanumeric() || !c.is_ascii() {
            self.out.push(c);
        } else {
            self.out.push_str(&format!("\\x{:02X}", u32::from(c)));
        }
    }

    fn escape(&mut self, in_class: bool) -> Result<(), Error> {
        let Some(c) = self.chars.next() else {
            return Err(fault("bad escape (end of pattern)"));
        };
        match c {
            'Z' if !in_class => self.out.push_str(r"\z"),
            'A' | 'B' if !in_class => self.out.extend(['\\', c]),
            'b' if in_class => self.out.push_str(r"\x08"),
            'b' => self.out.push_str(r"\b"),
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => self.known_class(c, in_class),
            'n' | 'r' | 't' | 'f' | 'v' | 'a' => {
                let code = match c {
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    'f' => 12,
                    'v' => 11,
                    _ => 7,
                };
                self.out.push_str(&format!("\\x{code:02X}"));
            }
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            '0' => self.octal(0, 2),
            '1'..='9' if in_class => self.octal(c.to_digit(8).unwrap_or(0), 2),
            '1'..='9' => {
                let mut number = c.to_string();
                number.extend(self.chars.next_if(char::is_ascii_digit));
                // A group keeps what follows the number apart.
                self.out.push_str(&format!("(?:\\{number})"));
            }
            c if c.is_ascii_alphabetic() => return Err(self.fault(&format!("bad escape \\{c}"), 2)),
            c => self.literal(c),
        }
        Ok(())
    }

    fn known_class(&mut self, c: char, _in_class: bool) {
        let ascii = self.flags & 256 != 0;
        match (c, ascii) {
            ('d', true) => self.out.push_str("[0-9]"),
            ('w', true) => self.out.push_str("[0-9A-Za-z_]"),
            ('s', true) => self.out.push_str(r"[\x09-\x0D\x20]"),
            (c, _) => self.out.extend(['\\', c]),
        }
    }

    fn code(&mut self, digits: usize) -> Result<(), Error> {
        let text: String = (0..digits)
            .filter_map(|_| self.chars.next_if(char::is_ascii_hexdigit))
            .collect();
        if text.len() < digits {
            return Err(fault("incomplete escape"));
        }
        self.out.push_str(&format!("\\x{{{text}}}"));
        Ok(())
    }

    fn octal(&mut self, first: u32, more: usize) {
        let mut code = first;
        for _ in 0..more {
            let Some(digit) = self.chars.next_if(|c| c.is_digit(8)) else {
                break;
            };
            code = code * 8 + digit.to_digit(8).unwrap_or(0);
        }
        self.out.push_str(&format!("\\x{{{code:X}}}"));
    }

    fn class(&mut self) -> Result<(), Error> {
        self.out.push('[');
        if self.chars.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(c) = self.chars.next() else {
                return Err(fault("unterminated character set"));
            };
            match c {
                ']' if !first => {
                    self.out.push(']');
                    return Ok(());
                }
                '\\' => self.escape(true)?,
                '-' => {
                    // Between two characters it makes a range; at an end it is itself.
                    let at_end = matches!(self.chars.peek(), Some(']') | None);
                    if first || at_end || self.ends_with_class() {
                        self.out.push_str(r"\x2D");
                    } else {
                        self.out.push('-');
                    }
                }
                c => self.literal(c),
            }
            first = false;
        }
    }

    /// Whether a class such as `\d` was written last, which no range can start with.
    fn ends_with_class(&self) -> bool {
        ["\\d", "\\w", "\\s", "\\D", "\\W", "\\S"]
            .iter()
            .any(|class| self.out.ends_with(class))
    }

    fn group(&mut self) {
        self.out.push('(');
        if self.chars.peek() != Some(&'?') {
            return;
        }
        let mut ahead = self.chars.clone();
        ahead.next();
        match ahead.next() {
            Some('#') => {
                self.out.pop();
                self.open.pop();
                for c in self.chars.by_ref() {
                    if c == ')' {
                        break;
                    }
                }
            }
            _ => {
                // Up to where the group's own text starts nothing is an operator.
                while let Some(c) = self
                    .chars
                    .next_if(|c| matches!(c, '?' | ':' | '=' | '!' | '<' | '>' | '_') || c.is_alphanumeric())
                {
                    self.out.push(c);
                    if matches!(c, ':' | '=' | '!' | '>') {
                        break;
                    }
                }
                if self.out.ends_with("(?") && self.chars.next_if_eq(&'(').is_some() {
                    // A condition: `(?(1)then|else)`.
                    self.open.push(self.place(1));
                    self.out.push('(');
                }
                if self.out.ends_with("(?P=") {
                    while let Some(c) = self.chars.next_if(|c| *c != ')') {
                        self.out.push(c);
                    }
                }
            }
        }
    }

    /// A repetition, or a brace that means itself.
    fn brace(&mut self) {
        let inner: String = self.chars.clone().take_while(|c| *c != '}').take(24).collect();
        let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
        let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
        let is_repetition = is_number(least) && is_number(most) && inner.len() < 24 && !inner.is_empty();
        if !is_repetition {
            self.out.push_str(r"\{");
            return;
        }
        let least = if least.is_empty() { "0" } else { least };
        if inner.contains(',') {
            self.out.push_str(&format!("{{{least},{most}}}"));
        } else {
            self.out.push_str(&format!("{{{least}}}"));
        }
        for _ in 0..=inner.chars().count() {
            self.chars.next();
        }
    }
}
