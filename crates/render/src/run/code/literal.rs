//! What Python's literals of text stand for (`Parser/string_parser.c` and `Objects/unicodeobject.c` of CPython 3.11).

/// What a literal, or some of them side by side, stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// A text.
    Text(String),
    /// Something else than a text: bytes, or a text with expressions in it.
    Other,
    /// A text that cannot be told: a character by its Unicode name, half of a surrogate pair.
    Unknown,
}

/// Reads literals that stand side by side, each with its prefix and quotes.
///
/// # Errors
///
/// With the message of Python's `SyntaxError`.
pub(super) fn read<'t>(tokens: impl Iterator<Item = &'t str>) -> Result<Literal, String> {
    let mut found: Option<Literal> = None;
    let mut bytes = None;
    for token in tokens {
        let start = token.find(['\'', '"']).unwrap_or_default();
        let prefix = token.get(..start).unwrap_or_default().to_ascii_lowercase();
        let body = body(token.get(start..).unwrap_or_default());
        let is_bytes = prefix.contains('b');
        if is_bytes && !body.is_ascii() {
            return Err("bytes can only contain ASCII literal characters".to_owned());
        }
        let read = if prefix.contains('f') || is_bytes {
            Literal::Other
        } else if prefix.contains('r') || !body.contains('\\') {
            Literal::Text(body.to_owned())
        } else {
            unescape(body)?
        };
        if bytes.is_some_and(|bytes| bytes != is_bytes) {
            return Err("cannot mix bytes and nonbytes literals".to_owned());
        }
        bytes = Some(is_bytes);
        found = Some(match (found, read) {
            (None, read) => read,
            (Some(Literal::Text(mut text)), Literal::Text(more)) => {
                text.push_str(&more);
                Literal::Text(text)
            }
            (Some(Literal::Other), _) | (_, Literal::Other) => Literal::Other,
            _ => Literal::Unknown,
        });
    }
    Ok(found.unwrap_or(Literal::Other))
}

/// What stands between the quotes.
fn body(quoted: &str) -> &str {
    for quote in ["'''", "\"\"\"", "'", "\""] {
        let inner = quoted
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner;
        }
    }
    quoted
}

/// A body on its way to its text.
struct Reader<'t> {
    rest: std::str::Chars<'t>,
    /// Where the rest starts in the buffer that CPython decodes: every character beyond ASCII takes ten bytes there.
    at: usize,
    text: String,
    is_known: bool,
}

/// What the escape at the start of a text stands for, and how many bytes it takes; `None` where Python refuses it, or it cannot be told.
pub(super) fn escape_at(text: &str) -> Option<(String, usize)> {
    let mut reader = Reader {
        rest: text.chars(),
        at: 0,
        text: String::new(),
        is_known: true,
    };
    reader.next()?;
    reader.escape().ok()?;
    let length = text.len() - reader.rest.as_str().len();
    (reader.is_known && length > 1).then_some((reader.text, length))
}

fn unescape(body: &str) -> Result<Literal, String> {
    let mut reader = Reader {
        rest: body.chars(),
        at: 0,
        text: String::with_capacity(body.len()),
        is_known: true,
    };
    while let Some(c) = reader.next() {
        if c == '\\' {
            reader.escape()?;
        } else {
            reader.text.push(c);
        }
    }
    Ok(if reader.is_known {
        Literal::Text(reader.text)
    } else {
        Literal::Unknown
    })
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at += if c.is_ascii() { 1 } else { 10 };
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next_if(&mut self, fits: impl Fn(char) -> bool) -> Option<char> {
        self.peek().filter(|c| fits(*c))?;
        self.next()
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<(), String> {
        let start = self.at - 1;
        let Some(c) = self.next() else {
            return Ok(());
        };
        let simple = match c {
            '\n' => return Ok(()),
            '\\' | '\'' | '"' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'v' => '\u{b}',
            'a' => '\u{7}',
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    let Some(digit) = self.next_if(|c| c.is_digit(8)) else {
                        break;
                    };
                    code = code * 8 + digit.to_digit(8).unwrap_or_default();
                }
                char::from_u32(code).unwrap_or_default()
            }
            'x' => return self.hex(start, 2, "truncated \\xXX escape"),
            'u' => return self.hex(start, 4, "truncated \\uXXXX escape"),
            'U' => return self.hex(start, 8, "truncated \\UXXXXXXXX escape"),
            'N' => return self.named(start),
            other => {
                if !other.is_ascii() {
                    // CPython writes the backslash itself as `\u005c`.
                    self.at += 5;
                }
                self.text.push('\\');
                other
            }
        };
        self.text.push(simple);
        Ok(())
    }

    fn hex(&mut self, start: usize, digits: usize, truncated: &str) -> Result<(), String> {
        let mut code: u32 = 0;
        for _ in 0..digits {
            let Some(digit) = self.next_if(|c| c.is_ascii_hexdigit()) else {
                return Err(self.fault(start, truncated));
            };
            code = (code << 4) | digit.to_digit(16).unwrap_or_default();
        }
        match char::from_u32(code) {
            Some(c) => self.text.push(c),
            None if code <= 0x0010_FFFF => self.is_known = false,
            None => return Err(self.fault(start, "illegal Unicode character")),
        }
        Ok(())
    }

    fn named(&mut self, start: usize) -> Result<(), String> {
        const MALFORMED: &str = "malformed \\N character escape";
        if self.next_if(|c| c == '{').is_none() {
            return Err(self.fault(start, MALFORMED));
        }
        let mut name = String::new();
        while let Some(c) = self.next_if(|c| c != '}') {
            name.push(c);
            if c == '\\' {
                // CPython counts backslashes in pairs here, too.
                match self.peek() {
                    Some('\\') => name.extend(self.next()),
                    Some(next) if !next.is_ascii() => self.at += 5,
                    _ => {}
                }
            }
        }
        // Where there is no name, CPython stops before the brace that ends it.
        if self.peek().is_none() || name.is_empty() {
            return Err(self.fault(start, MALFORMED));
        }
        self.next();
        if !name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"- ".contains(&b))
        {
            return Err(self.fault(start, "unknown Unicode character name"));
        }
        self.is_known = false;
        Ok(())
    }

    /// Python's message for what stands from a backslash to here.
    fn fault(&self, start: usize, why: &str) -> String {
        format!(
            "(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{}: {why}",
            self.at - 1
        )
    }
}
