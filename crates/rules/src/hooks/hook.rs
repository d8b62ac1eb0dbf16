//! The hooks of a node.

use glueline_base::{FileRange, MapEntry, Spanned, Value, range, slice};
use glueline_project::{Contribution, Project};

use crate::context::NodeCx;

/// One hook, with the setting it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hook<'a> {
    /// The setting, of any layer: layers add to each other's hooks.
    pub(crate) set: &'a Contribution,
    value: &'a Spanned<Value>,
}

/// The hooks of a node, in no order that means anything.
pub(crate) fn of_node<'a>(cx: &NodeCx<'a>) -> impl Iterator<Item = Hook<'a>> {
    let config = &cx.node.config;
    let sets = ["pre-hook", "post-hook"]
        .into_iter()
        .flat_map(|key| config.all(key));
    sets.flat_map(|set| {
        let items = set
            .value
            .value
            .as_list()
            .unwrap_or(std::slice::from_ref(&set.value));
        items.iter().map(move |value| Hook { set, value })
    })
}

impl<'a> Hook<'a> {
    /// Its SQL, where that is a text.
    pub(crate) fn sql(&self) -> Option<(&'a str, FileRange)> {
        let node = match &self.value.value {
            Value::Map(_) => self.value.value.get("sql")?,
            _ => self.value,
        };
        Some((node.value.as_str()?, self.set.at(node.range)))
    }

    /// Its `transaction`, where that is switched off.
    pub(crate) fn without_transaction(&self) -> Option<&'a MapEntry> {
        self.value
            .value
            .entry("transaction")
            .filter(|entry| entry.value.value == Value::Bool(false))
    }
}

/// The place of a part of a text, where the text stands in its file as it is read; else the place of the whole.
pub(crate) fn part(
    project: &Project,
    whole: FileRange,
    text: &str,
    at: usize,
    length: usize,
) -> Option<FileRange> {
    let written = slice(project.files().text(whole.file), whole.range);
    let mut found = written.match_indices(text).map(|(offset, _)| offset);
    let (Some(offset), None) = (found.next(), found.next()) else {
        return None;
    };
    let start = usize::from(whole.range.start()) + offset + at;
    Some(FileRange {
        file: whole.file,
        range: range(start, start + length),
    })
}
