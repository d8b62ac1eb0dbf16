//! Looking up keys, with `<<` honoured as PyYAML does.

use std::collections::HashMap;

use glueline_base::TextRange;

use crate::entry::Entry;
use crate::scalar::Style;
use crate::tree::{NodeId, NodeRef};

/// How many entries of merged mappings are looked at, so that merges of merges cost nothing.
const MERGE_LIMIT: usize = 4_096;

impl<'a> NodeRef<'a> {
    /// The entries that Python gets, each key once and in Python's order: merged ones first. Own keys win over
    /// merged ones, of equal keys the last wins, and of a list of merged mappings the first.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut visited = Vec::new();
        MergeSearch::default().visit(*self, &mut |entry| {
            visited.push(entry);
            false
        });
        let mut places = HashMap::new();
        let mut entries: Vec<Entry<'a>> = Vec::with_capacity(visited.len());
        for entry in visited.into_iter().rev() {
            let place = *places.entry(entry.key().identity()).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(overridden) => *overridden = entry,
                None => entries.push(entry),
            }
        }
        entries
    }

    /// The value under a key that is a text, own or merged.
    pub fn get(&self, key: &str) -> Option<NodeRef<'a>> {
        self.entry(key).map(|entry| entry.value())
    }

    /// The entry under a key that is a text, own or merged.
    pub fn entry(&self, key: &str) -> Option<Entry<'a>> {
        let mut found = None;
        MergeSearch::default().visit(*self, &mut |entry| {
            let is_it = entry.key().is_text(key);
            if is_it {
                found = Some(entry);
            }
            is_it
        });
        found
    }

    /// The range of the key that is a text, own or merged.
    pub fn key_range(&self, key: &str) -> Option<TextRange> {
        self.entry(key).map(|entry| entry.key().range())
    }

    fn is_text(&self, text: &str) -> bool {
        // A plain scalar on one line is its own decoded text: most keys are told apart without decoding.
        let Some(scalar) = self.as_scalar() else {
            return false;
        };
        if scalar.style() == Style::Plain && scalar.raw() != text && !scalar.raw().contains(['\n', '\r']) {
            return false;
        }
        self.as_str().is_some_and(|found| found == text)
    }
}

/// Walks own and merged entries, those that win first.
#[derive(Debug, Default)]
struct MergeSearch {
    seen: Vec<NodeId>,
    passed: usize,
}

impl MergeSearch {
    /// Shows entries until the visitor returns true. A mapping that was merged already has nothing to add.
    fn visit<'a>(&mut self, map: NodeRef<'a>, visitor: &mut impl FnMut(Entry<'a>) -> bool) -> bool {
        self.visit_below(map, 0, visitor)
    }

    fn visit_below<'a>(
        &mut self,
        map: NodeRef<'a>,
        depth: usize,
        visitor: &mut impl FnMut(Entry<'a>) -> bool,
    ) -> bool {
        let id = map.target_id();
        if depth > 64 || self.passed > MERGE_LIMIT || self.seen.contains(&id) {
            return false;
        }
        let mut has_merges = false;
        for entry in map.raw_entries().rev() {
            if entry.is_merge() {
                has_merges = true;
            } else if visitor(entry) {
                return true;
            }
        }
        if !has_merges && depth == 0 {
            return false;
        }
        self.seen.push(id);
        self.passed += if depth > 0 {
            map.raw_entries().len().max(1)
        } else {
            0
        };
        for merge in map.raw_entries().rev().filter(Entry::is_merge) {
            let merged = merge.value();
            let stop = if merged.is_sequence() {
                merged
                    .items()
                    .any(|item| self.visit_below(item, depth + 1, visitor))
            } else {
                self.visit_below(merged, depth + 1, visitor)
            };
            if stop {
                return true;
            }
        }
        false
    }
}
