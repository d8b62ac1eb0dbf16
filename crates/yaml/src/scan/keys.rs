//! Simple keys: what only the `:` behind it makes a key.

use super::Scanner;
use crate::chars::{between, line_end};
use crate::fault::{Fault, FaultKind};

/// Characters (not bytes) that may lie between the start of a simple key and its `:`.
const SIMPLE_KEY_LIMIT: usize = 1024;

/// A place where a key may start that has no indicator of its own.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SimpleKey {
    pub(super) possible: bool,
    /// Nothing but a key may stand here: the column is that of the mapping's keys.
    pub(super) required: bool,
    /// The number of the token that would be the key.
    pub(super) token: usize,
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Scanner<'_> {
    /// Remembers that the next token may turn out to be a key.
    pub(super) fn save_key(&mut self) -> Result<(), Fault> {
        if !self.key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let key = SimpleKey {
            possible: true,
            required: !self.in_flow() && self.floor == self.column() + 1,
            token: self.taken + self.queue.len(),
            at: self.at,
            line: self.line,
            column: self.column(),
        };
        if let Some(last) = self.keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    /// Gives up on the key that might have started in this collection.
    pub(super) fn forget_key(&mut self) -> Result<(), Fault> {
        let key = self.keys.last().copied().unwrap_or_default();
        if key.possible && key.required {
            return Err(self.fault_of_missing_colon(key.at));
        }
        self.mark_key_impossible();
        Ok(())
    }

    pub(super) fn mark_key_impossible(&mut self) {
        if let Some(key) = self.keys.last_mut() {
            key.possible = false;
        }
    }

    /// A simple key stays on one line and within [`SIMPLE_KEY_LIMIT`].
    pub(super) fn drop_stale_keys(&mut self) -> Result<(), Fault> {
        let mut missing = None;
        for key in &mut self.keys {
            if !key.possible {
                continue;
            }
            let length = self.at - key.at;
            let too_long = length > SIMPLE_KEY_LIMIT
                && (length > 4 * SIMPLE_KEY_LIMIT
                    || between(self.text, key.at, self.at).chars().count() > SIMPLE_KEY_LIMIT);
            if key.line < self.line || too_long {
                if key.required {
                    missing = Some(key.at);
                    break;
                }
                key.possible = false;
            }
        }
        missing.map_or(Ok(()), |at| Err(self.fault_of_missing_colon(at)))
    }

    fn fault_of_missing_colon(&self, key: usize) -> Fault {
        let end = line_end(self.text, key).min(self.at.max(key));
        Fault {
            kind: FaultKind::MissingColon,
            start: key,
            end,
            reached: key,
        }
    }
}
