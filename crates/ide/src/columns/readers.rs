//! The files that can name a column of a node.

use glueline_base::{FileId, TextRange};
use glueline_project::{FileFacts, NodeId};
use rayon::prelude::*;

use crate::Analysis;
use crate::hints::{named_in_python, read, referenced};
use crate::symbol::contains_ignoring_case;

/// The files that may name the columns of a node: its own, its properties, those that name it by `ref` or `source`, by its table, or in a
/// test. Told by the facts of files and by what their texts hold; none is parsed.
pub(crate) fn files(analysis: &Analysis, id: NodeId) -> Vec<FileId> {
    let project = analysis.project();
    let node = project.node(id);
    let children = project.graph().children(id).iter();
    let mut found: Vec<FileId> = children.map(|child| project.node(*child).file()).collect();
    found.push(node.file());
    found.extend(node.patch.map(|patch| patch.file));
    let others: Vec<FileId> = project.files().ids().collect();
    let named = others
        .into_par_iter()
        .filter(|file| !calls(analysis, *file, id).is_empty() || names_table(analysis, *file, id));
    found.extend(named.collect::<Vec<FileId>>());
    found.sort_unstable();
    found.dedup();
    found
}

/// Where a file names a node by `ref` or `source`.
pub(crate) fn calls(analysis: &Analysis, file: FileId, id: NodeId) -> Vec<TextRange> {
    let project = &**analysis.project();
    let node = project.node(id);
    let from = project.files().info(file).package;
    let is_name = |name: Option<&str>| name == Some(&*node.name);
    match project.facts(file) {
        FileFacts::Sql(facts) => {
            let refs = facts.refs.iter().filter(|call| {
                is_name(call.name.as_ref().map(|name| &*name.value))
                    && referenced(project, from, call) == Some(id)
            });
            let sources = facts.sources.iter().filter(|call| {
                is_name(call.table.as_ref().map(|name| &*name.value)) && read(project, from, call) == Some(id)
            });
            let refs = refs.map(|call| call.site.range);
            refs.chain(sources.map(|call| call.site.range)).collect()
        }
        FileFacts::Python(facts) => facts
            .calls
            .iter()
            .filter(|call| named_in_python(project, from, call) == Some(id))
            .map(|call| call.range)
            .collect(),
        FileFacts::Yaml(_) | FileFacts::Seed(_) | FileFacts::None => Vec::new(),
    }
}

/// Whether a text has the name of the table that a node is.
pub(crate) fn names_table(analysis: &Analysis, file: FileId, id: NodeId) -> bool {
    let project = analysis.project();
    let kind = project.files().info(file).kind;
    let node = project.node(id);
    kind.holds_sql()
        && node
            .schema
            .as_deref()
            .zip(node.identifier.as_deref())
            .is_some_and(|(schema, name)| {
                let text = analysis.text(file);
                contains_ignoring_case(text, name) && contains_ignoring_case(text, schema)
            })
}
