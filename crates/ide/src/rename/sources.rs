//! Renaming sources and their tables, without changing which tables of the warehouse they mean.

use std::sync::Arc;

use glueline_base::{Edit, FileId, FileRange, TextRange, slice};
use glueline_project::{Node, PackageId};

use super::names::{quotable, refuse};
use super::{Refusal, Rename, of_texts, only_own, own_definition, texts};
use crate::Analysis;
use crate::symbol::Symbol;

/// A source. Its name is the schema of its tables where no other is given: then the old one is.
pub(super) fn source(
    analysis: &Analysis,
    package: PackageId,
    name: &Arc<str>,
    new: &str,
) -> Result<Rename, Refusal> {
    let project = analysis.project();
    let what = format!("The source `{name}`");
    only_own(analysis, package, &what)?;
    quotable(new)?;
    let symbol = Symbol::Source {
        package,
        name: name.clone(),
    };
    own_definition(analysis, &symbol, &what)?;
    let taken = **name != *new
        && project
            .nodes()
            .iter()
            .any(|node| node.package == package && node.source_name.as_deref() == Some(new));
    refuse(taken, "source", new)?;
    let mut edits = texts(analysis, &symbol, &|_| Some(new.to_owned()))?;
    for file in project.files().ids() {
        if project.files().info(file).package != package {
            continue;
        }
        let Some(facts) = project.facts(file).yaml() else {
            continue;
        };
        let entries = facts.properties.sources.iter();
        for entry in entries.filter(|entry| entry.name.value == *name && !entry.range.is_empty()) {
            if entry.schema.is_none() {
                edits.push(keep(
                    analysis,
                    file,
                    entry.range,
                    entry.name.range,
                    "schema",
                    name,
                )?);
            }
        }
    }
    Ok(of_texts(edits))
}

/// A table of a source. Its name is that of the table in the warehouse where no identifier is given: then the old one is.
pub(super) fn table(analysis: &Analysis, node: &Node, new: &str) -> Result<Rename, Refusal> {
    let project = analysis.project();
    let what = format!("The source table `{}`", node.name);
    only_own(analysis, node.package, &what)?;
    quotable(new)?;
    let taken = *node.name != *new
        && project.nodes().iter().any(|other| {
            other.package == node.package && other.source_name == node.source_name && *other.name == *new
        });
    refuse(taken, "source table", new)?;
    let mut edits = texts(analysis, &Symbol::Node(node.id), &|_| Some(new.to_owned()))?;
    let entry = project
        .source_entry(node)
        .and_then(|(source, inner)| source.tables.get(inner));
    if let Some(entry) = entry.filter(|entry| entry.identifier.is_none()) {
        edits.push(keep(
            analysis,
            node.file(),
            entry.range,
            entry.name.range,
            "identifier",
            &node.name,
        )?);
    }
    Ok(of_texts(edits))
}

/// A key beside the name that says what the name said until now.
fn keep(
    analysis: &Analysis,
    file: FileId,
    entry: TextRange,
    name: TextRange,
    key: &str,
    value: &str,
) -> Result<Edit, Refusal> {
    let text = analysis.text(file);
    let value = if super::is_plain_text(value) {
        value.to_owned()
    } else {
        format!("\"{value}\"")
    };
    let before = slice(text, TextRange::up_to(name.start()));
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_flow = slice(text, entry).starts_with('{');
    let added = if is_flow {
        format!(", {key}: {value}")
    } else {
        let Some(column) = line
            .rfind("name")
            .filter(|at| line.get(..*at).is_some_and(is_indentation))
        else {
            let shown = &analysis.project().files().info(file).shown;
            return Err(format!(
                "The entry in `{shown}` has no `{key}`, and none can be added to it: write one, so that the table stays the same."
            ));
        };
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        format!("{line_end}{}{key}: {value}", " ".repeat(column))
    };
    Ok(Edit {
        at: FileRange {
            file,
            range: TextRange::empty(name.end()),
        },
        text: added,
    })
}

/// Whether nothing but blanks and the dash of a list stand before a key.
fn is_indentation(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' ' | '-'))
}
