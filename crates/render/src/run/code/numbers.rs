//! Numbers among Python's tokens.

use super::tokens::{Reader, is_name_part};

impl Reader<'_> {
    pub(super) fn number(&mut self, start: usize) -> Result<(), String> {
        if self.peek() == Some('0') {
            let radix = self.after(1).and_then(|c| match c.to_ascii_lowercase() {
                'x' => Some((16, "hexadecimal")),
                'o' => Some((8, "octal")),
                'b' => Some((2, "binary")),
                _ => None,
            });
            if let Some((radix, kind)) = radix {
                self.at += 2;
                return self.digits_of(radix, kind);
            }
        }
        let mut is_whole = self.peek() != Some('.');
        if is_whole {
            self.digits()?;
        }
        if self.peek() == Some('.') {
            is_whole = false;
            self.next();
            if self.peek().is_some_and(|c| c.is_ascii_digit()) {
                self.digits()?;
            }
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.after(1), Some('+' | '-')));
            if self.after(1 + sign).is_some_and(|c| c.is_ascii_digit()) {
                is_whole = false;
                self.at += 1 + sign;
                self.digits()?;
            } else if sign == 1 {
                return Err("invalid decimal literal".to_owned());
            }
        }
        if matches!(self.peek(), Some('j' | 'J')) {
            self.next();
            return self.ends_number("imaginary");
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let is_octal_of_old =
            is_whole && text.starts_with('0') && text.contains(|c| ('1'..='9').contains(&c));
        if is_octal_of_old {
            return Err(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
                    .to_owned(),
            );
        }
        self.ends_number("decimal")
    }

    /// Digits with single `_` between them.
    fn digits(&mut self) -> Result<(), String> {
        loop {
            self.skip_while(|c| c.is_ascii_digit());
            if self.peek() != Some('_') {
                return Ok(());
            }
            self.next();
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return Err("invalid decimal literal".to_owned());
            }
        }
    }

    fn digits_of(&mut self, radix: u32, kind: &str) -> Result<(), String> {
        loop {
            if self.peek() == Some('_') {
                self.next();
            }
            match self.peek() {
                Some(c) if c.is_digit(radix) => {}
                Some(c) if c.is_ascii_digit() => {
                    return Err(format!("invalid digit '{c}' in {kind} literal"));
                }
                _ => return Err(format!("invalid {kind} literal")),
            }
            self.skip_while(|c| c.is_digit(radix));
            match self.peek() {
                Some('_') => {}
                Some(c) if c.is_ascii_digit() => {
                    return Err(format!("invalid digit '{c}' in {kind} literal"));
                }
                _ => return self.ends_number(kind),
            }
        }
    }

    /// Whether a number may end here: a keyword may follow it at once, no other name.
    fn ends_number(&self, kind: &str) -> Result<(), String> {
        const MAY_FOLLOW: [&str; 8] = ["and", "else", "for", "if", "in", "is", "or", "not"];
        let may_follow = MAY_FOLLOW.into_iter().any(|word| self.starts_with(word));
        if !may_follow && self.peek().is_some_and(|c| c.is_ascii() && is_name_part(c)) {
            return Err(format!("invalid {kind} literal"));
        }
        Ok(())
    }
}
