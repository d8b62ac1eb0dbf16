//! Entries and items of YAML over several lines.

use glueline_base::{TextRange, slice};
use glueline_yaml::{Kind, NodeRef};

use super::{FoldKind, Folds};

/// Nested deeper than this nothing folds.
const MAX_DEPTH: usize = 100;

pub(super) fn read(out: &mut Folds<'_>) {
    let text = out.text;
    let tree = glueline_yaml::parse_stripped(text);
    if let Some(root) = tree.root() {
        node(out, root, 0);
    }
    let comments: Vec<(TextRange, &str)> = tree
        .comments
        .iter()
        .map(|comment| (*comment, slice(text, *comment).trim_start_matches('#')))
        .collect();
    out.comments(&comments);
}

fn node(out: &mut Folds<'_>, at: NodeRef<'_>, depth: usize) {
    if depth > MAX_DEPTH || at.is_alias() {
        return;
    }
    match at.kind() {
        Kind::Mapping => {
            for entry in at.raw_entries() {
                fold(out, entry.key().full_range(), entry.range(), entry.value());
                node(out, entry.value(), depth + 1);
            }
        }
        Kind::Sequence => {
            for item in at.items() {
                let range = item.full_range();
                fold(out, TextRange::empty(range.start()), range, item);
                node(out, item, depth + 1);
            }
        }
        Kind::Scalar(_) | Kind::Unreadable => {}
    }
}

fn fold(out: &mut Folds<'_>, head: TextRange, whole: TextRange, value: NodeRef<'_>) {
    let written = slice(out.text, whole).trim_end();
    // A block scalar holds its last line break.
    let len = glueline_base::range(0, written.len()).len();
    let last = out.lines.of(whole.start() + len);
    let first = out.lines.of(head.end());
    let closes = slice(out.text, value.range()).starts_with(['[', '{']) && written.ends_with([']', '}']);
    if closes {
        out.closed(head.end(), whole.start() + len - glueline_base::TextSize::new(1));
    } else {
        out.hide(first, last, FoldKind::Block);
    }
}
