//! Tags: `!name`, `!!name`, `!handle!name` and `!<uri>`.

use super::{Scanner, TokenKind};
use crate::chars::is_name;
use crate::fault::{Fault, FaultKind};

impl Scanner<'_> {
    pub(super) fn fetch_tag(&mut self) -> Result<(), Fault> {
        self.save_key()?;
        self.key_allowed = false;
        let start = self.at;
        self.at += 1;
        let complete = if self.byte(0) == b'<' {
            self.at += 1;
            let uri = self.at;
            self.pass_uri(true);
            let closed = self.at > uri && self.byte(0) == b'>';
            self.at += usize::from(closed);
            closed
        } else {
            self.pass_short_tag()
        };
        let ends_well = self.blank_or_end(0) || (self.in_flow() && self.byte(0) == b',');
        if !complete || !ends_well {
            return Err(Fault::new(FaultKind::BadTag, start, self.at));
        }
        self.push(TokenKind::Tag, start, self.at);
        Ok(())
    }

    /// What follows the first `!`; false where a handle has no name after it.
    fn pass_short_tag(&mut self) -> bool {
        while is_name(self.byte(0)) {
            self.at += 1;
        }
        let has_handle = self.byte(0) == b'!';
        self.at += usize::from(has_handle);
        let name = self.at;
        self.pass_uri(false);
        !has_handle || self.at > name
    }

    fn pass_uri(&mut self, verbatim: bool) {
        loop {
            match self.byte(0) {
                b';' | b'/' | b'?' | b':' | b'@' | b'&' | b'=' | b'+' | b'$' | b'.' | b'%' | b'!' | b'~'
                | b'*' | b'\'' | b'(' | b')' => self.at += 1,
                b',' | b'[' | b']' if verbatim => self.at += 1,
                byte if is_name(byte) => self.at += 1,
                _ => return,
            }
        }
    }
}
