//! Where scalars end. What they mean is decoded on demand, by [`crate::scalar`].

use super::{Body, Scanner, TokenKind};
use crate::chars::{is_blank, line_end};
use crate::fault::{Fault, FaultKind};
use crate::scalar::Style;

impl Scanner<'_> {
    /// A scalar without quotes: it ends at `: `, at ` #`, where the indentation falls back, and inside
    /// brackets at `,`, `[`, `]`, `{` and `}`.
    pub(super) fn fetch_plain_scalar(&mut self) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let mut end = start;
        let mut new_line = false;
        loop {
            if self.document_marker().is_some() || self.byte(0) == b'#' {
                break;
            }
            let before_run = self.at;
            self.pass_plain_run()?;
            if self.at > before_run {
                end = self.at;
                new_line = false;
            }
            if self.at_end() || !self.blank_or_end(0) {
                break;
            }
            while !self.at_end() && self.blank_or_end(0) {
                let length = self.break_len();
                if length > 0 {
                    self.pass_break(length);
                    new_line = true;
                } else if new_line && self.byte(0) == b'\t' && self.column() < self.floor {
                    return Err(Fault::new(FaultKind::Tab, self.at, self.at + 1));
                } else {
                    self.at += 1;
                }
            }
            if !self.in_flow() && self.column() < self.floor {
                break;
            }
        }
        if new_line {
            self.key_allowed = true;
        }
        self.push_scalar(Style::Plain, start, end);
        Ok(())
    }

    /// The characters of a plain scalar up to a blank or its end.
    fn pass_plain_run(&mut self) -> Result<(), Fault> {
        let in_flow = self.in_flow();
        while !self.at_end() {
            match self.byte(0) {
                b' ' | b'\t' | b'\n' | b'\r' => return Ok(()),
                0xC2 | 0xE2 if self.break_len() > 0 => return Ok(()),
                b':' if in_flow && matches!(self.byte(1), b',' | b'?' | b'[' | b']' | b'{' | b'}') => {
                    return Err(Fault::new(FaultKind::ColonInFlow, self.at, self.at + 2));
                }
                b':' if self.blank_or_end(1) => return Ok(()),
                b',' | b'[' | b']' | b'{' | b'}' if in_flow => return Ok(()),
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    /// A scalar in quotes, over as many lines as it likes and with any indentation.
    pub(super) fn fetch_quoted_scalar(&mut self, style: Style) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        let quote = self.byte(0);
        self.at += 1;
        loop {
            if self.at_end() {
                return Err(Fault::new(
                    FaultKind::UnclosedQuote,
                    start,
                    line_end(self.text, start),
                ));
            }
            if self.document_marker().is_some() {
                return Err(Fault::new(
                    FaultKind::MarkerInQuotes,
                    start,
                    line_end(self.text, start),
                ));
            }
            let length = self.break_len();
            if length > 0 {
                self.pass_break(length);
                continue;
            }
            match self.byte(0) {
                b'\'' if quote == b'\'' && self.byte(1) == b'\'' => self.at += 2,
                byte if byte == quote => break,
                b'\\' if quote == b'"' => self.pass_escape()?,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.push_scalar(style, start, self.at);
        Ok(())
    }

    /// A backslash in double quotes and what it stands before.
    fn pass_escape(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        let length = self.break_len();
        if length > 0 {
            self.pass_break(length);
            return Ok(());
        }
        let digits = match self.byte(0) {
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"' | b'/'
            | b'\\' | b'N' | b'_' | b'L' | b'P' => 0,
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => {
                let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
                let end = self.at + next.map_or(0, char::len_utf8);
                return Err(Fault::new(FaultKind::UnknownEscape, start, end));
            }
        };
        self.at += 1;
        let number = crate::chars::between(self.text, self.at, self.at + digits);
        if digits > 0 && !is_character(number) {
            let end = self.at + number.bytes().take_while(u8::is_ascii_hexdigit).count();
            return Err(Fault::new(FaultKind::BadEscapeNumber, start, end));
        }
        self.at += digits;
        Ok(())
    }

    /// `|` or `>`, its indicators, and the lines indented below it.
    pub(super) fn fetch_block_scalar(&mut self, style: Style) -> Result<(), Fault> {
        self.forget_key()?;
        self.key_allowed = true;
        let start = self.at;
        self.at += 1;
        let explicit = self.pass_block_indicators(start)?;
        while is_blank(self.byte(0)) {
            self.at += 1;
        }
        if self.byte(0) == b'#' {
            self.skip_comment();
        }
        if !self.blank_or_end(0) {
            return Err(Fault::new(
                FaultKind::BadBlockHeader,
                self.at,
                line_end(self.text, self.at),
            ));
        }
        let mut end = crate::chars::between(self.text, start, self.at).trim_end().len() + start;
        self.pass_break(self.break_len());

        let mut indent = explicit.map(|extra| self.floor.saturating_sub(1) + extra);
        let mut tail = self.pass_empty_lines(&mut indent)?;
        while Some(self.column()) == indent && !self.at_end() {
            end = self.at;
            while !self.at_end() && self.break_len() == 0 {
                self.at += 1;
                end = self.at;
            }
            self.pass_break(self.break_len());
            tail = self.pass_empty_lines(&mut indent)?;
        }
        let body = Body {
            style,
            indent: u32::try_from(indent.unwrap_or(0)).unwrap_or(u32::MAX),
            tail,
        };
        self.last_scalar = (start, end);
        self.push(TokenKind::Scalar(body), start, end);
        Ok(())
    }

    /// The chomping and indentation indicators after `|` or `>`, in either order.
    fn pass_block_indicators(&mut self, start: usize) -> Result<Option<usize>, Fault> {
        let mut explicit = None;
        let mut chomping = false;
        loop {
            match self.byte(0) {
                b'+' | b'-' if !chomping => chomping = true,
                b'0' if explicit.is_none() => {
                    return Err(Fault::new(FaultKind::BadBlockHeader, start, self.at + 1));
                }
                digit @ b'1'..=b'9' if explicit.is_none() => explicit = Some(usize::from(digit - b'0')),
                _ => return Ok(explicit),
            }
            self.at += 1;
        }
    }

    /// Empty lines of a block scalar, and the indentation of the line after them. Where the indentation is not
    /// known yet, the deepest of these lines tells it. Returns where the last of the empty lines ends.
    fn pass_empty_lines(&mut self, indent: &mut Option<usize>) -> Result<usize, Fault> {
        let mut tail = self.at;
        let mut deepest = 0;
        loop {
            while self.byte(0) == b' ' && indent.is_none_or(|indent| self.column() < indent) {
                self.at += 1;
            }
            deepest = deepest.max(self.column());
            if self.byte(0) == b'\t' && indent.is_none_or(|indent| self.column() < indent) {
                return Err(Fault::new(FaultKind::Tab, self.at, self.at + 1));
            }
            let length = self.break_len();
            if length == 0 {
                break;
            }
            self.pass_break(length);
            tail = self.at;
        }
        if indent.is_none() {
            *indent = Some(deepest.max(self.floor).max(1));
        }
        Ok(tail)
    }

    pub(super) fn push_scalar(&mut self, style: Style, start: usize, end: usize) {
        let body = Body {
            style,
            indent: 0,
            tail: end,
        };
        self.last_scalar = (start, end);
        self.push(TokenKind::Scalar(body), start, end);
    }
}

/// Whether hexadecimal digits are the number of a character.
fn is_character(digits: &str) -> bool {
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && u32::from_str_radix(digits, 16).is_ok_and(|number| char::from_u32(number).is_some())
}
