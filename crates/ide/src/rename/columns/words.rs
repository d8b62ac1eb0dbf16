//! The old name by its letters: what the meaning of queries, of Jinja and of YAML does not explain.

use glueline_base::{FileId, TextRange, range, slice};
use glueline_project::{FileKind, MacroRef};
use glueline_sql::TokenKind;

use super::flow::Flow;
use super::{Changes, Target, Why, queries, readers};
use crate::columns::same;
use crate::hierarchy::called;
use crate::query::{Fragment, fragment_at, fragments};
use crate::symbol::{self, Occurrence};

/// Every place of a text where a name stands as a word, whatever the case of its letters.
pub(super) fn places(text: &str, name: &str) -> Vec<TextRange> {
    if name.is_empty() {
        return Vec::new();
    }
    // Letters of ASCII are as long in either case.
    let (folded, name) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
    };
    let bytes = folded.as_bytes();
    let found = folded.match_indices(&name).filter(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !is_part(before) && !is_part(bytes.get(at + name.len()))
    });
    found.map(|(at, _)| range(at, at + name.len())).collect()
}

/// What a file of SQL says of the column.
pub(super) fn sql_file(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let analysis = target.analysis;
    let all = fragments(analysis, file);
    let kind = analysis.project().files().info(file).kind;
    let is_shared = matches!(kind, FileKind::Macro | FileKind::GenericTest);
    let mut read = Words::new(target, file, &all);
    for fragment in &all {
        let flow = Flow::new(target, file, fragment);
        if flow.touches() {
            queries::changes(&flow, out);
            if is_shared {
                read.jinja(fragment.range, out);
            }
        } else if !fragment.is_main && !is_shared {
            // What a file sets aside for itself may be put anywhere in it.
            read.sql(fragment, out);
        }
    }
    if !is_shared {
        let whole = TextRange::up_to(glueline_base::TextSize::of(analysis.text(file)));
        read.jinja(whole, out);
    }
    readers::other_calls(target, file, &all, out);
    macros(target, file, out);
}

/// A file, and where the old name stands in it.
struct Words<'a> {
    target: &'a Target<'a>,
    file: FileId,
    fragments: &'a [Fragment],
    places: Vec<TextRange>,
    occurrences: Vec<Occurrence>,
}

impl<'a> Words<'a> {
    fn new(target: &'a Target<'a>, file: FileId, fragments: &'a [Fragment]) -> Self {
        let places = places(target.analysis.text(file), target.old);
        let occurrences = if places.is_empty() {
            Vec::new()
        } else {
            symbol::occurrences_outside_sql(target.analysis, file)
        };
        Self {
            target,
            file,
            fragments,
            places,
            occurrences,
        }
    }

    /// What stands in Jinja: names of other things are no matter, names of the column change.
    fn jinja(&mut self, within: TextRange, out: &mut Changes) {
        for place in self.places.iter().filter(|place| within.contains_range(**place)) {
            let Some(hole) = self.hole(*place) else { continue };
            let text = self.target.analysis.text(self.file);
            if slice(text, hole).starts_with("{#") {
                continue;
            }
            let found = self
                .occurrences
                .iter()
                .find(|each| each.range.contains_range(*place));
            match found {
                Some(each) if self.target.is_named_by(&each.symbol) => {
                    out.rename(self.target, self.file, each);
                }
                Some(_) => {}
                None if self.is_config_of_another(*place) => {}
                None => out.refuse_at(self.file, *place, Why::Jinja),
            }
        }
    }

    /// The hole that a place stands in, where it is no SQL.
    fn hole(&self, place: TextRange) -> Option<TextRange> {
        match fragment_at(self.fragments, place.start()) {
            Some(fragment) => fragment.hole_in(place).map(|(hole, _)| hole.range),
            None => Some(place),
        }
    }

    /// Whether a place stands in the configs of another node, which are about the columns of that one.
    fn is_config_of_another(&self, place: TextRange) -> bool {
        let analysis = self.target.analysis;
        let project = analysis.project();
        let own = self.target.node.map(|column| column.node);
        let is_own = symbol::node_of_file(project, self.file, place.start()) == own;
        let facts = project.facts(self.file).sql();
        let mut calls = facts.into_iter().flat_map(|facts| &facts.configs);
        !is_own
            && calls.any(|call| {
                let text = slice(analysis.text(self.file), call.site.range);
                call.site.range.contains_range(place) && !self.target.is_relation_in(text)
            })
    }

    /// What stands in the SQL of a fragment that has nothing to do with the column by itself.
    fn sql(&self, fragment: &Fragment, out: &mut Changes) {
        if let Some(place) = self.in_sql(fragment) {
            out.refuse_at(self.file, place, Why::Unclear);
        }
    }

    fn in_sql(&self, fragment: &Fragment) -> Option<TextRange> {
        let text = self.target.analysis.text(self.file);
        let tokens = fragment.sql.tokens.iter();
        let mut names = tokens.filter(|token| matches!(token.kind, TokenKind::Word(_) | TokenKind::Quoted));
        let is_old = |written: &str| same(written.trim_matches('`'), self.target.old);
        names
            .find(|token| is_old(slice(text, token.range)))
            .map(|token| token.range)
    }

    /// The first place in a macro that nothing explains.
    fn unexplained(&self, within: TextRange) -> Option<TextRange> {
        let text = self.target.analysis.text(self.file);
        let in_sql = self
            .fragments
            .iter()
            .filter(|fragment| within.contains_range(fragment.range))
            .find_map(|fragment| self.in_sql(fragment));
        let in_jinja = || {
            let mut places = self.places.iter().filter(|place| within.contains_range(**place));
            places.find(|place| {
                let hole = self.hole(**place);
                let is_comment = hole.is_none_or(|hole| slice(text, hole).starts_with("{#"));
                let mut names = self.occurrences.iter();
                !is_comment && !names.any(|each| each.range.contains_range(**place))
            })
        };
        in_sql.or_else(|| in_jinja().copied())
    }
}

/// Macros that a file calls, at first hand or through others, and that write the old name.
fn macros(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let project = target.analysis.project();
    let facts = project.facts(file).sql();
    let package = project.files().info(file).package;
    let calls = facts.into_iter().flat_map(|facts| &facts.calls);
    let open: Vec<MacroRef> = calls.flat_map(|call| called(project, package, call)).collect();
    look_into(target, open, out);
}

/// Refuses where macros, or those that they call, write the old name in a way that may be the column.
pub(super) fn look_into(target: &Target<'_>, mut open: Vec<MacroRef>, out: &mut Changes) {
    let project = target.analysis.project();
    while let Some(next) = open.pop() {
        if !out.looked_at.insert(next) {
            continue;
        }
        let Some(facts) = project.facts(next.file).sql() else {
            continue;
        };
        let Some(definition) = facts.macros.get(next.index) else {
            continue;
        };
        let own = facts
            .calls
            .iter()
            .filter(|call| call.site.in_macro == Some(next.index));
        open.extend(own.flat_map(|call| called(project, next.package, call)));
        let text = target.analysis.text(next.file);
        if places(slice(text, definition.range), target.old).is_empty() {
            continue;
        }
        let all = fragments(target.analysis, next.file);
        let words = Words::new(target, next.file, &all);
        if let Some(place) = words.unexplained(definition.range) {
            out.refuse_at(next.file, place, Why::Macro(definition.written.value.clone()));
        }
    }
}
