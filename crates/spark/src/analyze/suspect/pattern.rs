//! Letters in patterns of dates and times that mean something else than they look.

use glueline_base::{TextRange, slice};

use super::Suspect;
use crate::analyze::Analyzer;
use crate::analyze::scope::equal;
use crate::syntax::ast::{Expr, ExprKind, Literal};

/// Functions whose second argument is a pattern.
const WITH_PATTERN: &[&str] = &[
    "date_format",
    "from_unixtime",
    "to_date",
    "to_timestamp",
    "to_timestamp_ltz",
    "to_timestamp_ntz",
    "to_unix_timestamp",
    "try_to_timestamp",
    "unix_timestamp",
];

impl Analyzer<'_> {
    /// `date_format(a, 'yyyy-mm-dd')`
    pub(super) fn pattern(&mut self, function: &str, pattern: &Expr) {
        if !WITH_PATTERN.iter().any(|known| equal(known, function)) {
            return;
        }
        let ExprKind::Literal(Literal::String(text)) = &pattern.kind else {
            return;
        };
        let fields = fields(text);
        let has = |letters: &[char]| fields.iter().any(|(letter, ..)| letters.contains(letter));
        for (index, (letter, at, length)) in fields.iter().enumerate() {
            let before = index
                .checked_sub(1)
                .and_then(|before| fields.get(before))
                .map(|field| field.0);
            let (means, meant, other) = match letter {
                'm' if has(&['y', 'u']) && !has(&['H', 'h', 'k', 'K', 'M', 'L']) => {
                    ("minutes", "months", 'M')
                }
                'M' if matches!(before, Some('H' | 'h' | 'k' | 'K')) && !has(&['m']) => {
                    ("months", "minutes", 'm')
                }
                'D' if has(&['M', 'L']) && !has(&['d']) => {
                    ("the day of the year", "the day of the month", 'd')
                }
                'S' if matches!(before, Some('m')) && !has(&['s']) => {
                    ("fractions of a second", "seconds", 's')
                }
                'h' if !has(&['a', 'H', 'k']) && has(&['m']) => {
                    ("hours from 1 to 12 without AM or PM", "hours from 0 to 23", 'H')
                }
                _ => continue,
            };
            let letters: String = std::iter::repeat_n(*letter, *length).collect();
            let right: String = std::iter::repeat_n(other, *length).collect();
            let edits = self.letters_edit(text, pattern.range, *at, *length, &right);
            let what = Suspect::PatternLetter {
                pattern: text.clone(),
                letters: letters.into(),
                means,
                meant: (meant, right.into()),
            };
            self.suspect_with(what, pattern.range, None, edits);
        }
    }

    /// Other letters in a pattern that is written as it is read.
    fn letters_edit(
        &self,
        text: &str,
        written: TextRange,
        at: usize,
        length: usize,
        letters: &str,
    ) -> Vec<(TextRange, Box<str>)> {
        let inner = slice(self.text, written).get(1..);
        if inner.is_none_or(|inner| !inner.starts_with(text)) {
            return Vec::new();
        }
        let start = usize::from(written.start()) + 1 + at;
        vec![(glueline_base::range(start, start + length), letters.into())]
    }
}

/// Letters that stand for parts of a time, with their place and how many there are; those in quotes stand for themselves.
fn fields(pattern: &str) -> Vec<(char, usize, usize)> {
    let mut found: Vec<(char, usize, usize)> = Vec::new();
    let mut quoted = false;
    for (at, c) in pattern.char_indices() {
        if c == '\'' {
            quoted = !quoted;
        }
        if quoted || !c.is_ascii_alphabetic() {
            continue;
        }
        match found.last_mut() {
            Some((letter, start, length)) if *letter == c && *start + *length == at => *length += 1,
            _ => found.push((c, at, 1)),
        }
    }
    found
}
