//! Blocks: which tag belongs to which, and which belongs to none.

use glueline_base::{TextRange, slice};

use super::tag::{Parsed, Place};
use super::tags::end_tag;
use super::{Builder, Frame};
use crate::{Branch, Expr, Output, Piece, Statement, StatementKind, Tag};

/// How deep blocks may nest. Python refuses what Jinja2 makes of about 95 levels.
const MAX_BLOCKS: usize = 100;

/// How many names of unknown tags are remembered.
const MAX_UNKNOWN: usize = 64;

impl<'a> Builder<'a> {
    /// Puts what a tag turned out to be where it belongs.
    pub(super) fn place(&mut self, place: &Place, parsed: Parsed<'a>) {
        let torn = place.end.fault.is_some() || slice(self.text, place.opener()) == "{{";
        match parsed {
            Parsed::Output(expr) => self.push(Piece::Output(Output {
                range: place.range(),
                before: place.before,
                after: place.end.trim,
                expr,
            })),
            Parsed::Statement(tag, name, kind) => self.open(tag, name, kind, torn),
            Parsed::Branch(tag, condition) => self.branch(tag, condition),
            Parsed::End(tag, name) => self.end(tag, name, torn || tag.name.value != name),
            Parsed::Unknown(tag) => self.unknown(tag),
        }
    }

    /// Whether `break` and `continue` have a loop to act on: macros, call blocks and template blocks start anew.
    fn is_in_loop(&self) -> bool {
        for frame in self.frames.iter().rev() {
            match &frame.statement.kind {
                StatementKind::For(each) if each.otherwise.is_none() => return true,
                StatementKind::CallBlock { .. } | StatementKind::Block { .. } => return false,
                _ if is_section(&frame.statement) => return false,
                _ => {}
            }
        }
        false
    }

    fn open(&mut self, tag: Tag<'a>, name: &'static str, mut kind: StatementKind<'a>, torn: bool) {
        let has_body = kind.open_body().is_some();
        if matches!(kind, StatementKind::Break | StatementKind::Continue) && !self.is_in_loop() {
            self.stray(format!("`{{% {name} %}}` stands in no loop"), tag.range);
        }
        let statement = Statement {
            range: tag.range,
            open: tag,
            close: None,
            kind,
        };
        match end_tag(name).filter(|_| has_body) {
            None => self.push(Piece::Statement(Box::new(statement))),
            Some(end) if self.frames.len() < MAX_BLOCKS => self.frames.push(Frame { statement, end, torn }),
            Some(end) => {
                if self.too_deep.is_empty() && self.frames.len() == MAX_BLOCKS {
                    self.error(
                        format!("blocks are nested more than {MAX_BLOCKS} deep"),
                        tag.range,
                    );
                }
                self.too_deep.push(end);
                self.push_unknown(tag);
            }
        }
    }

    fn branch(&mut self, tag: Tag<'a>, condition: Option<Expr<'a>>) {
        if !self.too_deep.is_empty() {
            self.push_unknown(tag);
            return;
        }
        let is_else = condition.is_none();
        let mut found = None;
        for (depth, frame) in self.frames.iter().enumerate().rev() {
            let accepts = match &frame.statement.kind {
                StatementKind::If { branches } => {
                    branches.last().is_some_and(|branch| branch.condition.is_some())
                }
                StatementKind::For(each) if is_else => each.otherwise.is_none(),
                _ if is_section(&frame.statement) => break,
                _ => continue,
            };
            found = Some((depth, accepts));
            break;
        }
        let name = tag.name.value;
        match found {
            Some((depth, true)) => {
                self.close_down_to(depth + 1, tag.range);
                let branch = Branch {
                    tag,
                    condition,
                    body: Vec::new(),
                };
                match self.frames.last_mut().map(|frame| &mut frame.statement.kind) {
                    Some(StatementKind::If { branches }) => branches.push(branch),
                    Some(StatementKind::For(each)) => each.otherwise = Some(branch),
                    _ => {}
                }
            }
            Some(_) => {
                let message = format!("`{{% {name} %}}` cannot follow `{{% else %}}`");
                self.error(message, tag.range);
                self.push_unknown(tag);
            }
            None => {
                let wanted = if is_else { "`if` or `for`" } else { "`if`" };
                let message = format!("`{{% {name} %}}` belongs to no {wanted}: {}", self.open_block());
                self.stray(message, tag.range);
                self.push_unknown(tag);
            }
        }
    }

    fn end(&mut self, tag: Tag<'a>, name: &'static str, torn: bool) {
        if !self.too_deep.is_empty() {
            if self.too_deep.last() == Some(&name) {
                self.too_deep.pop();
            }
            self.push_unknown(tag);
            return;
        }
        let mut found = None;
        for (depth, frame) in self.frames.iter().enumerate().rev() {
            if frame.end == name {
                found = Some(depth);
                break;
            }
            // An end tag of control flow does not reach out of a macro.
            if is_section(&frame.statement) && !ends_section(name) {
                break;
            }
        }
        if let Some(depth) = found {
            self.close_down_to(depth + 1, tag.range);
            if let Some(mut frame) = self.frames.pop() {
                frame.statement.range = frame.statement.range.cover(tag.range);
                frame.statement.close = Some(tag);
                self.out_of_step &= !is_section(&frame.statement);
                self.push(Piece::Statement(Box::new(frame.statement)));
            }
            return;
        }
        let late = self
            .forced
            .iter_mut()
            .find(|(end, count)| *end == name && *count > 0);
        if let Some((_, count)) = late {
            *count -= 1;
            self.out_of_step = true;
        } else if !torn {
            let message = format!("`{{% {name} %}}` closes nothing: {}", self.open_block());
            self.stray(message, tag.range);
        }
        self.push_unknown(tag);
    }

    pub(super) fn force(&mut self, end: &'static str) {
        match self.forced.iter_mut().find(|(known, _)| *known == end) {
            Some((_, count)) => *count += 1,
            None => self.forced.push((end, 1)),
        }
    }

    fn stray(&mut self, message: String, range: TextRange) {
        if !self.out_of_step {
            self.error(message, range);
        }
    }

    fn open_block(&self) -> String {
        match self.frames.last() {
            Some(frame) => format!("the open block here is `{}`", frame.statement.open.name.value),
            None => "no block is open here".to_owned(),
        }
    }

    fn unknown(&mut self, tag: Tag<'a>) {
        let name = tag.name.value;
        if !name.is_empty() && self.unknown.len() < MAX_UNKNOWN && !self.unknown.contains(&name) {
            self.unknown.push(tag.name.value);
        }
        self.push_unknown(tag);
    }

    fn push_unknown(&mut self, tag: Tag<'a>) {
        self.push(Piece::Statement(Box::new(Statement {
            range: tag.range,
            open: tag,
            close: None,
            kind: StatementKind::Unknown,
        })));
    }

    /// Closes blocks without an end tag until so many are open; the last one ends before `next`.
    fn close_down_to(&mut self, depth: usize, next: TextRange) {
        while self.frames.len() > depth {
            let Some(frame) = self.frames.pop() else { return };
            self.force(frame.end);
            self.close_unclosed(frame, next);
        }
    }

    pub(super) fn close_unclosed(&mut self, mut frame: Frame<'a>, next: TextRange) {
        let name = frame.statement.open.name.value;
        let end = frame.end;
        let message = if end == "endset" {
            format!(
                "`{{% set %}}` without `=` opens a block: `=` and a value, or `{{% {end} %}}`, is missing"
            )
        } else {
            format!("`{{% {name} %}}` is never closed: `{{% {end} %}}` is missing")
        };
        if !frame.torn {
            self.error(message, frame.statement.open.range);
        }
        let before = TextRange::empty(next.start());
        frame.statement.range = frame.statement.range.cover(before);
        self.push(Piece::Statement(Box::new(frame.statement)));
    }
}

/// Whether the block is a definition or a docs block, which control flow does not reach out of.
fn is_section(statement: &Statement<'_>) -> bool {
    statement.is_definition() || matches!(statement.kind, StatementKind::Docs { .. })
}

fn ends_section(end: &str) -> bool {
    matches!(
        end,
        "endmacro" | "endtest" | "endmaterialization" | "endsnapshot" | "enddocs"
    )
}
