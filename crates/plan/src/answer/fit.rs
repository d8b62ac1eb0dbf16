//! A place of a statement in the compiled code that was pasted into it.

use glueline_render::Pasted;

use super::Position;

/// Where a place of a statement is, seen from compiled code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// At an offset of the code.
    Within(usize),
    /// Behind the code; the offset is that of its last word.
    Behind(usize),
    /// Before the code: in what dbt-glue writes.
    Before,
    /// On a line that the code has, though the rest of it differs: at this offset.
    Line(usize),
}

/// Finds a place of a statement in compiled code. `is_read` is whether Python read the statement before Spark did.
pub(super) fn fit(statement: &str, at: Position, code: &str, is_read: bool) -> Option<Fit> {
    let offset = offset(statement, at)?;
    let pasted = Pasted::new(code);
    let text = if is_read { pasted.text() } else { code };
    let back = |offset: usize| if is_read { pasted.back(offset) } else { offset };
    let body = text.trim();
    if body.is_empty() {
        return None;
    }
    let lead = text.len() - text.trim_start().len();
    let starts: Vec<usize> = statement.match_indices(body).map(|(start, _)| start).collect();
    if let Some(start) = starts
        .iter()
        .find(|start| (**start..**start + body.len()).contains(&offset))
    {
        return Some(Fit::Within(back(lead + offset - start)));
    }
    match starts.last() {
        Some(start) if offset >= start + body.len() => Some(Fit::Behind(back(lead + last_word(body)))),
        Some(_) => Some(Fit::Before),
        None => same_line(statement, offset, text).map(|found| Fit::Line(back(found))),
    }
}

/// The byte at which a place of a text is; the first word of its line where only the line is told. Spark counts characters.
pub(super) fn offset(text: &str, at: Position) -> Option<usize> {
    let index = usize::try_from(at.line).ok()?.checked_sub(1)?;
    let line = text.split('\n').nth(index)?;
    let start: usize = text.split('\n').take(index).map(|line| line.len() + 1).sum();
    let Some(column) = at.column else {
        return Some(start + line.len() - line.trim_start().len());
    };
    let column = usize::try_from(column).ok()?;
    let within = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    Some(start + within)
}

/// The line of an offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> u32 {
    let lines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
}

fn last_word(text: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        if start < text.len() && !is_word(c) {
            break;
        }
        start = at;
        if !is_word(c) {
            break;
        }
    }
    start
}

/// The same place on the one line of the code that reads as the statement's does; of several the one whose neighbours agree best.
fn same_line(statement: &str, offset: usize, code: &str) -> Option<usize> {
    let lines: Vec<&str> = statement.split('\n').collect();
    let index = usize::try_from(line_of(statement, offset)).ok()?.checked_sub(1)?;
    let wanted = lines.get(index)?;
    if wanted.trim().is_empty() {
        return None;
    }
    let start: usize = lines.iter().take(index).map(|line| line.len() + 1).sum();
    let indent = wanted.len() - wanted.trim_start().len();
    let within = offset.checked_sub(start + indent)?;
    let own: Vec<&str> = code.split('\n').collect();
    let mut best: Option<(usize, usize)> = None;
    let mut is_shared = false;
    let mut at = 0;
    for (number, line) in own.iter().enumerate() {
        if line.trim() == wanted.trim() {
            let alike = neighbours(&lines, index, &own, number);
            match best {
                Some((most, _)) if alike == most => is_shared = true,
                Some((most, _)) if alike < most => {}
                _ => {
                    best = Some((alike, at + line.len() - line.trim_start().len()));
                    is_shared = false;
                }
            }
        }
        at += line.len() + 1;
    }
    let (_, found) = best.filter(|_| !is_shared)?;
    Some(found + within)
}

/// How many lines before and behind two lines agree.
fn neighbours(one: &[&str], at: usize, other: &[&str], there: usize) -> usize {
    let same = |step: usize, forward: bool| {
        let moved = |index: usize| {
            if forward {
                index.checked_add(step)
            } else {
                index.checked_sub(step)
            }
        };
        let line = |lines: &[&str], index: usize| Some(lines.get(moved(index)?)?.trim().to_owned());
        matches!((line(one, at), line(other, there)), (Some(one), Some(other)) if one == other)
    };
    let run = |forward: bool| (1..20).take_while(|step| same(*step, forward)).count();
    run(true) + run(false)
}
