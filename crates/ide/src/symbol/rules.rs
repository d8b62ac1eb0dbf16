//! Rules that comments allow and that `glueline.toml` sets levels of.

use glueline_base::{TextRange, range, slice};
use glueline_project::FileKind;

use super::scan::Scan;
use super::{Role, Symbol};

/// What a comment that allows rules says, before the parentheses with their ids.
const MARKS: [&str; 2] = ["glueline: allow(", "glueline: allow-file("];

/// Notes the ids of rules in a file.
pub(super) fn file(scan: &mut Scan<'_>) {
    let text = scan.text;
    if scan.project.files().info(scan.file).kind == FileKind::Settings {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            // A `#` in a text is no comment, and no id has one.
            let end = start + line.find('#').unwrap_or(line.len());
            ids(scan, range(start, end));
            start += line.len();
        }
        return;
    }
    for mark in MARKS {
        for (at, _) in text.match_indices(mark) {
            let start = at + mark.len();
            let rest = text.get(start..).unwrap_or_default();
            let length = rest.find([')', '\n']).unwrap_or(rest.len());
            ids(scan, range(start, start + length));
        }
    }
}

/// Notes each word of a stretch that is the id of a rule.
fn ids(scan: &mut Scan<'_>, within: TextRange) {
    let written = slice(scan.text, within);
    let mut at = usize::from(within.start());
    for word in written.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let id = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        if !id.is_empty() {
            scan.note(range(at, at + id.len()), Role::Reference, |_| {
                glueline_rules::find(id).map(|rule| Symbol::Rule(rule.meta.id))
            });
        }
        at += word.len();
    }
}
