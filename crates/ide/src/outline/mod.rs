//! The symbols of a document and of the workspace.

mod fuzzy;
mod python;
mod query;
mod search;
mod template;
mod yaml;

use glueline_base::{FileId, TextRange};
use glueline_project::{FileFacts, FileKind};

pub use self::search::{Hit, search};
use crate::Analysis;

/// Something in a file that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name, never empty.
    pub name: String,
    /// What else is to be known at a glance; may be empty.
    pub detail: String,
    /// What it is.
    pub kind: ItemKind,
    /// All of it.
    pub range: TextRange,
    /// Its name in it.
    pub selection: TextRange,
    /// What stands in it, in the order of the text.
    pub children: Vec<Item>,
}

/// What something with a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A model.
    Model,
    /// A seed.
    Seed,
    /// A snapshot.
    Snapshot,
    /// A source.
    Source,
    /// A table of a source.
    Table,
    /// An analysis.
    Analysis,
    /// An exposure.
    Exposure,
    /// A data test or a unit test.
    Test,
    /// A column.
    Column,
    /// A version of a model.
    Version,
    /// A macro, generic test or materialization.
    Macro,
    /// A docs block.
    Docs,
    /// A group, or anything else that a properties file names.
    Entry,
    /// A call of `config()`.
    Config,
    /// A name that is set.
    Variable,
    /// A block of Jinja: `if`, `for`, `call` and their kin.
    Block,
    /// A common table expression.
    Cte,
    /// A function of Python.
    Function,
    /// A key of YAML with a mapping or a list.
    Section,
    /// A key of YAML with one value.
    Key,
}

/// The symbols of a file, as a tree.
pub fn outline(analysis: &Analysis, file: FileId) -> Vec<Item> {
    let project = analysis.project();
    let mut items = match project.facts(file) {
        FileFacts::Sql(_) => {
            let mut items = template::items(analysis.text(file));
            query::add(analysis, file, &mut items);
            items
        }
        FileFacts::Python(facts) => python::items(facts, analysis.text(file)),
        FileFacts::Yaml(facts) if project.files().info(file).kind == FileKind::Properties => {
            yaml::properties(facts)
        }
        FileFacts::Yaml(facts) => yaml::keys(&facts.value.value, project.files().info(file).kind),
        FileFacts::Seed(_) | FileFacts::None => Vec::new(),
    };
    tidy(&mut items);
    items
}

/// Puts items in order, makes each range hold the name and what stands in it, as editors ask, and leaves out what has no name yet.
fn tidy(items: &mut Vec<Item>) {
    items.retain(|item| !item.name.is_empty());
    items.sort_by_key(|item| item.range.start());
    for item in items {
        tidy(&mut item.children);
        item.range = item.range.cover(item.selection);
        for child in &item.children {
            item.range = item.range.cover(child.range);
        }
    }
}

impl Item {
    fn new(kind: ItemKind, name: impl Into<String>, range: TextRange, selection: TextRange) -> Self {
        Self {
            name: name.into(),
            detail: String::new(),
            kind,
            range,
            selection,
            children: Vec::new(),
        }
    }

    fn with(mut self, detail: impl Into<String>, children: Vec<Self>) -> Self {
        self.detail = detail.into();
        self.children = children;
        self
    }
}
