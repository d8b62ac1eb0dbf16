//! UTF-8 out of a stream, piece by piece, with Python's line endings.

use std::io::{self, Read};

const CHUNK: usize = 1 << 16;

/// A character and where it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Char {
    /// `\n` for every line ending; U+FFFD for bytes that are not UTF-8.
    pub(crate) value: char,
    /// Its first byte.
    pub(crate) start: u64,
    /// The byte behind it.
    pub(crate) end: u64,
}

/// The first bytes that are not UTF-8.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotUtf8 {
    /// Their line, from 1.
    pub(crate) line: u64,
    /// The first of them.
    pub(crate) start: u64,
    /// The byte behind them.
    pub(crate) end: u64,
}

/// Gives every character of the input to `each`.
pub(crate) fn decode(mut input: impl Read, mut each: impl FnMut(Char)) -> io::Result<Option<NotUtf8>> {
    let mut buffer: Vec<u8> = Vec::with_capacity(CHUNK + 4);
    let mut decoder = Decoder {
        at: 0,
        line: 1,
        after_return: false,
        not_utf8: None,
    };
    loop {
        let kept = buffer.len();
        let read = input.by_ref().take(CHUNK as u64).read_to_end(&mut buffer)?;
        let is_last = read < CHUNK;
        let used = decoder.chunk(&buffer, is_last, &mut each);
        buffer.drain(..used.min(kept + read));
        if is_last {
            return Ok(decoder.not_utf8);
        }
    }
}

struct Decoder {
    at: u64,
    line: u64,
    after_return: bool,
    not_utf8: Option<NotUtf8>,
}

impl Decoder {
    /// Decodes as much as is complete; returns how many bytes that is.
    fn chunk(&mut self, bytes: &[u8], is_last: bool, each: &mut impl FnMut(Char)) -> usize {
        let mut used = 0;
        for piece in bytes.utf8_chunks() {
            for c in piece.valid().chars() {
                self.character(c, c.len_utf8() as u64, each);
            }
            used += piece.valid().len();
            let invalid = piece.invalid();
            let is_cut = used + invalid.len() == bytes.len() && is_incomplete(invalid);
            if invalid.is_empty() || (is_cut && !is_last) {
                continue;
            }
            let length = invalid.len() as u64;
            self.not_utf8.get_or_insert(NotUtf8 {
                line: self.line,
                start: self.at,
                end: self.at + length,
            });
            self.character(char::REPLACEMENT_CHARACTER, length, each);
            used += invalid.len();
        }
        used
    }

    fn character(&mut self, c: char, length: u64, each: &mut impl FnMut(Char)) {
        let start = self.at;
        self.at += length;
        let is_second_half = c == '\n' && self.after_return;
        self.after_return = c == '\r';
        if is_second_half {
            return;
        }
        self.line += u64::from(matches!(c, '\n' | '\r'));
        each(Char {
            value: if c == '\r' { '\n' } else { c },
            start,
            end: self.at,
        });
    }
}

/// Whether more bytes could still make a character of these.
fn is_incomplete(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
