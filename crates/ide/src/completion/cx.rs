//! What a completion is asked about, and what the project knows of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_base::{FileId, TextRange, TextSize, Value, slice};
use glueline_catalog::{FileFormat, Language, Materialization, Situation, Strategy};
use glueline_project::{FileKind, FoundFile, MacroRef, Node, NodeId, PackageId, Project, ResourceType};

use crate::columns::{self, ColumnId};
use crate::{Analysis, FilePosition};

/// The caret, its file and the project around it.
pub(super) struct Cx<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) project: &'a Project,
    pub(super) file: FileId,
    pub(super) info: &'a FoundFile,
    pub(super) text: &'a str,
    pub(super) caret: TextSize,
    /// The character that was just typed, where the person did not ask.
    pub(super) typed: Option<char>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(analysis: &'a Analysis, at: FilePosition, typed: Option<char>) -> Option<Self> {
        let project: &Project = analysis.project();
        if at.file.0 as usize >= project.files().len() {
            return None;
        }
        let text = project.files().text(at.file);
        text.is_char_boundary(usize::from(at.offset)).then_some(())?;
        Some(Self {
            analysis,
            project,
            file: at.file,
            info: project.files().info(at.file),
            text,
            caret: at.offset,
            typed,
        })
    }

    pub(super) fn offset(&self) -> usize {
        usize::from(self.caret)
    }

    pub(super) fn slice(&self, range: TextRange) -> &'a str {
        slice(self.text, range)
    }

    /// The line of the caret up to it.
    pub(super) fn line_before(&self) -> &'a str {
        let before = self.text.get(..self.offset()).unwrap_or("");
        before.rsplit(['\n', '\r']).next().unwrap_or("")
    }

    /// What follows the caret in its line.
    pub(super) fn line_after(&self) -> &'a str {
        let after = self.text.get(self.offset()..).unwrap_or("");
        after.split(['\n', '\r']).next().unwrap_or("")
    }

    pub(super) const fn package(&self) -> PackageId {
        self.info.package
    }

    pub(super) fn package_named(&self, name: &str) -> Option<PackageId> {
        self.project
            .packages()
            .iter()
            .position(|package| *package.name == *name)
    }

    pub(super) fn package_name(&self, package: PackageId) -> &'a str {
        self.project
            .packages()
            .get(package)
            .map_or("", |package| &*package.name)
    }

    /// The node that the file of the caret is, or that stands nearest before it where it holds several.
    pub(super) fn node(&self) -> Option<&'a Node> {
        let is_defined_here = |kind| {
            matches!(
                kind,
                ResourceType::Model | ResourceType::Snapshot | ResourceType::Analysis | ResourceType::Test
            )
        };
        let of_file = |node: &&Node| node.file() == self.file && is_defined_here(node.kind);
        let known = self.project.nodes_in(self.file).iter();
        let here = known.map(|id| self.project.node(*id)).filter(of_file);
        here.filter(|node| node.block.is_none() || node.at.range.start() <= self.caret)
            .max_by_key(|node| node.at.range.start())
    }

    /// What is known of how a node is built.
    pub(super) fn situation(&self, node: Option<&Node>) -> Situation {
        let text = |key: &str| {
            node.and_then(|node| node.config.get(key).value())
                .and_then(Value::as_str)
        };
        Situation {
            materialization: text("materialized").and_then(Materialization::parse),
            format: text("file_format").and_then(FileFormat::parse_any_case),
            strategy: text("incremental_strategy").and_then(Strategy::parse),
            language: match self.info.kind {
                FileKind::PythonModel => Some(Language::Python),
                FileKind::Model | FileKind::Snapshot => Some(Language::Sql),
                _ => None,
            },
            glue: self.project.glue_version(),
        }
    }

    /// A node that `ref()` would find.
    pub(super) fn find_ref(&self, name: &str) -> Option<&'a Node> {
        use glueline_project::Resolution::{Disabled, Node};
        match self.project.lookup().find_ref(self.package(), None, name, None) {
            Node(id) | Disabled(id) => Some(self.project.node(id)),
            _ => None,
        }
    }

    pub(super) fn find_source(&self, source: &str, table: &str) -> Option<&'a Node> {
        use glueline_project::Resolution::{Disabled, Node};
        match self.project.lookup().find_source(self.package(), source, table) {
            Node(id) | Disabled(id) => Some(self.project.node(id)),
            _ => None,
        }
    }

    /// The columns that are known of a node, with their types where somebody wrote those down.
    pub(super) fn columns(&self, node: NodeId) -> Vec<KnownColumn> {
        let known = columns::of(self.analysis, node);
        let numbered = known.list.iter().zip(0_u32..);
        numbered
            .map(|(column, index)| KnownColumn {
                name: column.name.to_string(),
                detail: columns::type_of(self.analysis, ColumnId { node, index })
                    .map_or_else(|| "column".to_owned(), |(kind, _)| kind.text.to_string()),
            })
            .collect()
    }

    /// The macros of all files with a name, in the order of their names.
    pub(super) fn macros(
        &self,
    ) -> impl Iterator<Item = (MacroRef, &'a glueline_project::facts::sql::MacroDef)> {
        let index = self.project.macros();
        index
            .names()
            .into_iter()
            .flat_map(|name| index.definitions(name))
            .filter_map(|reference| Some((*reference, self.macro_of(*reference)?)))
    }

    pub(super) fn macro_of(&self, reference: MacroRef) -> Option<&'a glueline_project::facts::sql::MacroDef> {
        self.project
            .facts(reference.file)
            .sql()?
            .macros
            .get(reference.index)
    }

    /// The texts that a config which takes one or several of them has anywhere in the project: tags, groups.
    pub(super) fn texts_of_config(&self, key: &str) -> BTreeSet<Arc<str>> {
        let mut found = BTreeSet::new();
        for node in self.project.nodes() {
            for setting in node.config.all(key) {
                match &setting.value.value {
                    Value::Str(text) => {
                        found.insert(text.clone());
                    }
                    Value::List(items) => {
                        found.extend(items.iter().filter_map(|item| match &item.value {
                            Value::Str(text) => Some(text.clone()),
                            _ => None,
                        }));
                    }
                    _ => {}
                }
            }
        }
        // What stands at the caret is only being typed.
        found.retain(|text| !text.is_empty() && !text.contains('{'));
        found
    }

    /// The groups that properties files declare.
    pub(super) fn groups(&self) -> BTreeSet<Arc<str>> {
        let files = self.project.files();
        files
            .of_kind(FileKind::Properties)
            .filter_map(|file| self.project.facts(file).yaml())
            .flat_map(|facts| &facts.properties.groups)
            .map(|group| group.name.value.clone())
            .collect()
    }
}

/// A column as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct KnownColumn {
    pub(super) name: String,
    /// Its type; the word "column" where that is not known.
    pub(super) detail: String,
}
