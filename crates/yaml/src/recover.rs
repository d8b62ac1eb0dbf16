//! Reading on after a fault: blank a line, read again.
//!
//! A fault leaves the rest of a text without meaning, since indentation and brackets carry over from line to
//! line. So a line that may be to blame is replaced by as many spaces as it has bytes, and the text is read
//! again: offsets stay. Of several lines that may be to blame, the one is taken whose absence lets the text
//! make sense for longest.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use glueline_base::{TextRange, range};

use crate::build::{Attempt, attempt};
use crate::chars::{between, is_name, is_printable, line_end, line_start};
use crate::fault::{Fault, FaultKind};
use crate::tree::{Duplicate, NodeKind, Tree};

/// How many faults are looked for behind each other.
const MOST_FAULTS: usize = 8;

/// How many bytes are read again, all attempts together, before the rest of a broken text is given up.
const MOST_BYTES: usize = 6 << 20;

/// Reads `text[start..]` and whatever of it makes sense.
pub(crate) fn read(text: &str, start: usize) -> Tree<'_> {
    let mut reader = Reader {
        original: text,
        start,
        text: Cow::Borrowed(text),
        faults: Vec::new(),
        known: HashSet::new(),
        lost: Vec::new(),
        spare_bytes: MOST_BYTES,
    };
    reader.blank_unprintable();
    let attempt = reader.read_all();
    reader.finish(attempt)
}

/// How good it is to blank a hole; compared field by field.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// How far the text makes sense then.
    reached: usize,
    is_no_structure: bool,
    /// How little is lost.
    kept: usize,
}

#[derive(Debug)]
struct Reader<'t> {
    original: &'t str,
    start: usize,
    /// The text, with spaces for what was given up.
    text: Cow<'t, str>,
    faults: Vec<Fault>,
    /// What is in `faults`: each attempt finds anew what did not stop the attempt before.
    known: HashSet<(FaultKind, usize)>,
    lost: Vec<(usize, usize)>,
    spare_bytes: usize,
}

impl<'t> Reader<'t> {
    /// PyYAML reads no control characters. They are replaced by underscores, which mean nothing to YAML.
    fn blank_unprintable(&mut self) {
        let suspicious = |b: u8| matches!(b, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xEF);
        if !self.original.bytes().any(suspicious) {
            return;
        }
        let mut clean = String::new();
        let mut passed = 0;
        for (at, c) in self.original.char_indices().filter(|(_, c)| !is_printable(*c)) {
            if self.faults.len() < MOST_FAULTS {
                self.faults
                    .push(Fault::new(FaultKind::Unprintable, at, at + c.len_utf8()));
            }
            clean.push_str(between(self.original, passed, at));
            clean.extend(std::iter::repeat_n('_', c.len_utf8()));
            passed = at + c.len_utf8();
        }
        if passed > 0 {
            clean.push_str(between(self.original, passed, self.original.len()));
            self.text = Cow::Owned(clean);
        }
    }

    /// Reads again and again, until the text makes sense or is given up.
    fn read_all(&mut self) -> Attempt {
        let mut latest = attempt(&self.text, self.start);
        for _ in 0..MOST_FAULTS {
            self.note_faults(&latest);
            let Some((fault, last_scalar)) = latest.stopped_by else {
                return latest;
            };
            let Some((hole, next)) = self.best_hole(&fault, last_scalar) else {
                break;
            };
            self.blank(hole);
            latest = next;
        }
        self.give_up_rest(latest)
    }

    /// Cuts the text before each further fault.
    fn give_up_rest(&mut self, mut latest: Attempt) -> Attempt {
        for _ in 0..MOST_FAULTS {
            self.note_faults(&latest);
            let Some((fault, _)) = latest.stopped_by else {
                return latest;
            };
            let cut = line_start(&self.text, fault.start.min(fault.reached)).max(self.start);
            self.blank((cut, self.text.len()));
            latest = attempt(&self.text, self.start);
        }
        if latest.stopped_by.is_some() {
            self.blank((self.start, self.text.len()));
            latest = attempt(&self.text, self.start);
        }
        latest
    }

    /// What to blank so that the text makes sense for longest, and what is read then.
    fn best_hole(&mut self, fault: &Fault, last_scalar: (usize, usize)) -> Option<((usize, usize), Attempt)> {
        let mut best: Option<(Rank, (usize, usize), Attempt)> = None;
        for hole in self.holes(fault, last_scalar) {
            let cost = self.text.len() - self.start;
            if cost > self.spare_bytes {
                break;
            }
            self.spare_bytes -= cost;
            let next = attempt(&blanked(&self.text, hole), self.start);
            let rank = Rank {
                reached: next
                    .stopped_by
                    .as_ref()
                    .map_or(usize::MAX, |(fault, _)| fault.reached),
                is_no_structure: !looks_like_structure(between(&self.text, hole.0, hole.1)),
                // Where lines do not line up, either of them may be wrong: lose as little as possible.
                kept: if fault.kind.is_about_lines() {
                    usize::MAX - (hole.1 - hole.0)
                } else {
                    0
                },
            };
            if best.as_ref().is_none_or(|(best_rank, ..)| rank > *best_rank) {
                best = Some((rank, hole, next));
            }
        }
        best.map(|(_, hole, next)| (hole, next))
    }

    /// What may be to blame for a fault, least loss first.
    fn holes(&self, fault: &Fault, last_scalar: (usize, usize)) -> Vec<(usize, usize)> {
        let text: &str = &self.text;
        let line_of = |at: usize| (line_start(text, at), line_end(text, at));
        let mut holes = Vec::new();
        let value = match fault.kind {
            FaultKind::ColonNotAllowed | FaultKind::TextAfterQuotes => last_scalar.0,
            _ => fault.start,
        };
        match fault.kind {
            FaultKind::UnclosedBracket | FaultKind::UnclosedQuote | FaultKind::QuoteClosedLate => {
                holes.push((fault.start, end_of_indented(text, fault.start)));
            }
            FaultKind::UnknownEscape | FaultKind::BadEscapeNumber => holes.push((fault.start, fault.end)),
            _ => {}
        }
        if line_start(text, value) == line_start(text, fault.start) {
            holes.push((value, line_end(text, value)));
        }
        let before = between(text, self.start, line_start(text, fault.reached))
            .trim_end()
            .len()
            + self.start;
        holes.extend([fault.start, fault.reached].map(line_of));
        if fault.kind.is_about_lines() {
            holes.push((line_start(text, fault.start), end_of_indented(text, fault.start)));
        }
        holes.extend([before, last_scalar.0].map(line_of));
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for (start, end) in holes {
            let hole = (start.max(self.start), end);
            let is_blank = between(text, hole.0, hole.1)
                .bytes()
                .all(|b| matches!(b, b' ' | b'\n' | b'\r'));
            if !is_blank && !kept.contains(&hole) {
                kept.push(hole);
            }
        }
        kept
    }

    fn blank(&mut self, hole: (usize, usize)) {
        self.text = Cow::Owned(blanked(&self.text, hole));
        self.lost.push(hole);
    }

    /// Keeps the faults of an attempt that are not known yet.
    fn note_faults(&mut self, attempt: &Attempt) {
        for fault in &attempt.faults {
            if self.known.insert((fault.kind, fault.start)) {
                self.faults.push(*fault);
            }
        }
        if let Some((fault, _)) = &attempt.stopped_by
            && !self.follows_hole(fault)
            && self.known.insert((fault.kind, fault.start))
        {
            self.faults.push(*fault);
        }
    }

    /// An alias is not undefined because the line with its anchor was given up.
    fn forgive_aliases(&mut self) {
        let mut anchors = HashSet::new();
        for hole in &self.lost {
            for part in between(self.original, hole.0, hole.1).split('&').skip(1) {
                let length = part.bytes().take_while(|byte| is_name(*byte)).count();
                anchors.extend(part.get(..length));
            }
        }
        let original = self.original;
        self.faults.retain(|fault| {
            fault.kind != FaultKind::UndefinedAlias
                || !anchors.contains(between(original, fault.start + 1, fault.end))
        });
    }

    /// Whether a fault stands on the first line after a hole: what belonged to a line that is gone cannot line
    /// up with what is left.
    fn follows_hole(&self, fault: &Fault) -> bool {
        if !fault.kind.is_about_lines() {
            return false;
        }
        let line = line_start(&self.text, fault.start);
        self.lost.iter().any(|hole| {
            hole.0 <= fault.start
                && (fault.start < hole.1 || between(&self.text, hole.1, line).trim().is_empty())
        })
    }

    fn finish(mut self, attempt: Attempt) -> Tree<'t> {
        if let Some(second) = attempt.second_document {
            self.lost.push((second, self.text.len()));
        }
        self.forgive_aliases();
        self.faults.sort_by_key(|fault| (fault.start, fault.end));
        let errors = self
            .faults
            .iter()
            .map(|fault| fault.describe(self.original))
            .collect();
        let mut lost: Vec<TextRange> = self.lost.iter().map(|(start, end)| range(*start, *end)).collect();
        lost.sort_by_key(|hole| hole.start());
        let mut tree = Tree {
            text: self.text,
            nodes: attempt.nodes,
            children: attempt.children,
            root: attempt.root,
            errors,
            comments: attempt
                .comments
                .iter()
                .map(|(start, end)| range(*start, *end))
                .collect(),
            duplicates: Vec::new(),
            lost,
        };
        mark_unreadable(&mut tree);
        tree.duplicates = duplicates(&tree);
        tree
    }
}

/// A text with spaces in place of a part of it.
fn blanked(text: &str, (start, end): (usize, usize)) -> String {
    let mut out = String::with_capacity(text.len());
    out.push_str(between(text, 0, start));
    for byte in between(text, start, end).bytes() {
        out.push(if matches!(byte, b'\n' | b'\r') {
            char::from(byte)
        } else {
            ' '
        });
    }
    out.push_str(between(text, end, text.len()));
    out
}

/// Whether a text starts like `key:` or `- `, which other lines may hang on.
fn looks_like_structure(text: &str) -> bool {
    let line = text.trim().lines().next().unwrap_or("").trim_end();
    let key = line
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+'))
        .count();
    line.starts_with("- ")
        || (key > 0
            && line
                .get(key..)
                .is_some_and(|rest| rest == ":" || rest.starts_with(": ")))
}

/// The end of the lines below an offset that are indented deeper than its own.
fn end_of_indented(text: &str, at: usize) -> usize {
    let line = line_start(text, at);
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let column_of_key = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let own = column_of_key(between(text, line, line_end(text, at)));
    let mut end = line_end(text, at);
    for line in between(text, end, text.len()).split_inclusive('\n').skip(1) {
        let is_inside =
            line.trim().is_empty() || indent(line) > own || line.trim_start().starts_with([']', '}']);
        if !is_inside {
            break;
        }
        end = line_end(text, end + 1);
    }
    end
}

/// A value of which a part was given up is not the value that was written.
fn mark_unreadable(tree: &mut Tree<'_>) {
    if tree.lost.is_empty() {
        return;
    }
    for node in &mut tree.nodes {
        let NodeKind::Scalar { .. } = node.kind else {
            continue;
        };
        let is_torn = tree.lost.iter().any(|hole| {
            let (start, end) = (u32::from(hole.start()), u32::from(hole.end()));
            if end <= node.start {
                return false;
            }
            let gap = between(&tree.text, node.end as usize, start as usize);
            start < node.end
                || (node.start == node.end && gap.trim_start().is_empty())
                || gap.trim_start_matches([' ', '\t']).is_empty()
        });
        if is_torn {
            node.kind = NodeKind::Unreadable;
        }
    }
}

/// Keys that stand twice in one mapping, in the order of the text.
fn duplicates(tree: &Tree<'_>) -> Vec<Duplicate> {
    let mut found = Vec::new();
    for map in tree.all().filter(crate::NodeRef::is_mapping) {
        let mut first_of = HashMap::new();
        for entry in map.raw_entries().filter(|entry| !entry.is_merge()) {
            let key = entry.key();
            let first = *first_of.entry(key.identity()).or_insert_with(|| key.range());
            if first != key.range() {
                found.push(Duplicate {
                    key: key.range(),
                    first,
                    name: entry.name().into_owned(),
                });
            }
        }
    }
    found.sort_by_key(|duplicate| duplicate.key.start());
    found
}
