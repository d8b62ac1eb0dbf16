//! Arguments of calls in Python.

use super::grammar::{ARGUMENTS, Found, Parser, Raised};

impl Parser<'_> {
    /// A call, from its opening bracket to behind its closing one.
    pub(super) fn call(&mut self, open: usize) -> Found {
        let start = open + 1;
        if self.is(start, ")") {
            return Ok(Some(start + 1));
        }
        if let Some((end, _)) = self.arguments(start)? {
            let close = end + usize::from(self.is(end, ","));
            if self.is(close, ")") {
                return Ok(Some(close + 1));
            }
        }
        if let Some(end) = self.expression(start)?
            && let Some(end) = self.for_clauses(end)?
            && self.is(end, ")")
        {
            return Ok(Some(end + 1));
        }
        if self.explains {
            self.explain_arguments(start)?;
        }
        Ok(None)
    }

    /// Arguments with commas between them, and how many there are: by position first, then by name.
    pub(super) fn arguments(&mut self, at: usize) -> Result<Option<(usize, usize)>, Raised> {
        let mut found: Option<(usize, usize)> = None;
        loop {
            let (start, count) = match found {
                None => (at, 0),
                Some((end, count)) if self.is(end, ",") => (end + 1, count),
                Some(_) => break,
            };
            let Some(end) = self.positional(start)? else {
                break;
            };
            if start == ARGUMENTS {
                self.argument = Some(end);
            }
            found = Some((end, count + 1));
        }
        loop {
            let (start, count) = match found {
                None => (at, 0),
                Some((end, count)) if self.is(end, ",") => (end + 1, count),
                Some(_) => break,
            };
            let Some(end) = self.keyword(start)? else {
                break;
            };
            found = Some((end, count + 1));
        }
        Ok(found)
    }

    pub(super) fn positional(&mut self, at: usize) -> Found {
        if self.is(at, "*") {
            return self.expression(at + 1);
        }
        let end = if self.name(at).is_some() && self.is(at + 1, ":=") {
            self.expression(at + 2)?
        } else {
            self.expression(at)?
        };
        Ok(end.filter(|end| !self.is(*end, ":=") && !self.is(*end, "=")))
    }

    pub(super) fn keyword(&mut self, at: usize) -> Found {
        if self.explains {
            self.explain_keyword(at)?;
        }
        if self.is(at, "**") || self.is(at, "*") {
            return self.expression(at + 1);
        }
        if self.name(at).is_some() && self.is(at + 1, "=") {
            return self.expression(at + 2);
        }
        Ok(None)
    }
}
