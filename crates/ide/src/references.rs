//! Every place that names a thing; highlights within one file.

use glueline_base::{Cancel, FileId, FileRange, TextRange};
use glueline_catalog::lookup;
use glueline_project::Project;
use rayon::prelude::*;

use crate::navigation::without_prefix;
use crate::symbol::{
    self, Layer, Occurrence, Role, Symbol, contains_ignoring_case, definitions, occurrences_of,
};
use crate::{Analysis, FilePosition, columns};

/// A place that names a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Where; the start of the file, where the file is what is defined.
    pub at: FileRange,
    /// Whether it is defined, described or named there.
    pub role: Role,
}

/// Every place in the project that names what stands at a place, by file and offset. Where it is defined counts only if
/// that is asked for. Not all are given where the work is cancelled.
pub fn references(
    analysis: &Analysis,
    position: FilePosition,
    with_definitions: bool,
    cancel: &Cancel,
) -> Vec<Reference> {
    match symbol::at(analysis, position) {
        Some(found) => of_symbol(analysis, &found.symbol, with_definitions, cancel),
        None => Vec::new(),
    }
}

/// Every place in the project that names a thing, by file and offset. Not all are given where the work is cancelled.
pub fn of_symbol(
    analysis: &Analysis,
    symbol: &Symbol,
    with_definitions: bool,
    cancel: &Cancel,
) -> Vec<Reference> {
    let mut found: Vec<Reference> = occurrences(analysis, symbol, cancel)
        .into_iter()
        .map(|(file, each)| Reference {
            at: FileRange {
                file,
                range: each.range,
            },
            role: each.role,
        })
        .filter(|each| with_definitions || each.role != Role::Definition)
        .collect();
    if with_definitions {
        for place in definitions(analysis, symbol) {
            if !found.iter().any(|each| each.at == place.name) {
                found.push(Reference {
                    at: place.name,
                    role: Role::Definition,
                });
            }
        }
    }
    found.sort_by_key(|each| (each.at.file, each.at.range.start(), each.at.range.end()));
    found.dedup_by_key(|each| each.at);
    found
}

/// Every occurrence of a symbol in the project, by file and offset. Only files whose text has one of its names are read.
pub(crate) fn occurrences(
    analysis: &Analysis,
    symbol: &Symbol,
    cancel: &Cancel,
) -> Vec<(FileId, Occurrence)> {
    let names = written_names(analysis, symbol);
    let names: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let in_file = |file: FileId| -> Vec<(FileId, Occurrence)> {
        if cancel.is_cancelled() {
            return Vec::new();
        }
        let text = analysis.text(file);
        let has_name = |name: &&str| match symbol {
            Symbol::Column { .. }
            | Symbol::SqlName { .. }
            | Symbol::SqlColumn { .. }
            | Symbol::Node(_)
            | Symbol::Table(_) => contains_ignoring_case(text, name),
            _ => text.contains(name),
        };
        if !names.iter().any(has_name) {
            return Vec::new();
        }
        let layer = match symbol {
            // Tables are named in few files, and reading SQL takes long.
            Symbol::Node(node) | Symbol::Table(node)
                if columns::readers::names_table(analysis, file, *node) =>
            {
                Layer::Both
            }
            Symbol::Table(_) => Layer::Names,
            other => Layer::of(other),
        };
        let found = occurrences_of(analysis, file, &names, layer).into_iter();
        found
            .filter(|each| same(analysis.project(), symbol, &each.symbol))
            .map(|each| (file, each))
            .collect()
    };
    if let Symbol::Local { file, .. } | Symbol::SqlName { file, .. } | Symbol::SqlColumn { file, .. } = symbol
    {
        return in_file(*file);
    }
    let files: Vec<FileId> = match symbol {
        Symbol::Column { of, .. } => columns::readers::files(analysis, *of),
        _ => analysis.project().files().ids().collect(),
    };
    files.into_par_iter().flat_map_iter(in_file).collect()
}

/// Whether an occurrence is one of a symbol.
fn same(project: &Project, wanted: &Symbol, found: &Symbol) -> bool {
    match (wanted, found) {
        (Symbol::Node(one) | Symbol::Table(one), Symbol::Node(other) | Symbol::Table(other)) => one == other,
        // A model with versions is named by each of them.
        (Symbol::VersionedModel { package, name }, Symbol::Node(node)) => {
            let node = project.node(*node);
            node.version.is_some() && node.package == *package && node.name == *name
        }
        (
            Symbol::Key { scope, name },
            Symbol::Key {
                scope: other,
                name: written,
            },
        ) => match (lookup(*scope, name), lookup(*other, written)) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (None, None) => scope == other && name == written,
            _ => false,
        },
        (
            Symbol::Value { scope, key, value },
            Symbol::Value {
                scope: other_scope,
                key: other_key,
                value: other_value,
            },
        ) => {
            let (one, other) = (lookup(*scope, key), lookup(*other_scope, other_key));
            let is_same_key = match (one, other) {
                (Some(one), Some(other)) => one.name == other.name,
                _ => key == other_key,
            };
            is_same_key && value == other_value
        }
        (
            Symbol::Column { of, name },
            Symbol::Column {
                of: other,
                name: written,
            },
        ) => of == other && name.eq_ignore_ascii_case(written),
        (one, other) => one == other,
    }
}

/// The names by which a text can name a symbol.
fn written_names(analysis: &Analysis, symbol: &Symbol) -> Vec<String> {
    let project = &**analysis.project();
    match symbol {
        Symbol::Node(node) | Symbol::Table(node) => {
            let node = project.node(*node);
            let table = node.identifier.iter().filter(|table| **table != node.name);
            std::iter::once(&node.name)
                .chain(table)
                .map(ToString::to_string)
                .collect()
        }
        Symbol::Macro(of) => {
            let facts = project.facts(of.file).sql();
            let Some(definition) = facts.and_then(|facts| facts.macros.get(of.index)) else {
                return Vec::new();
            };
            let mut names = vec![definition.written.value.to_string()];
            if definition.name.value != definition.written.value {
                names.push(definition.name.value.to_string());
            }
            // `adapter.dispatch` names it without its prefix.
            names.extend(without_prefix(&definition.name.value).map(str::to_owned));
            names
        }
        Symbol::ShippedMacro(name) => {
            let short = name.strip_prefix("test_").or_else(|| without_prefix(name));
            let mut names = vec![(*name).to_owned()];
            names.extend(short.map(str::to_owned));
            names
        }
        Symbol::Context(name) => vec![name.rsplit('.').next().unwrap_or(name).to_owned()],
        Symbol::Doc { file, index } => {
            let block = project
                .facts(*file)
                .sql()
                .and_then(|facts| facts.docs.get(*index));
            block
                .map(|block| block.name.value.to_string())
                .into_iter()
                .collect()
        }
        Symbol::Package(package) => {
            let package = project.packages().get(*package);
            package
                .map(|package| package.name.to_string())
                .into_iter()
                .collect()
        }
        Symbol::Missing { name, .. } => {
            vec![name.rsplit('.').next().unwrap_or(name).to_owned()]
        }
        Symbol::VersionedModel { name, .. }
        | Symbol::Source { name, .. }
        | Symbol::Parameter { name, .. }
        | Symbol::Filter(name)
        | Symbol::JinjaTest(name)
        | Symbol::Var(name)
        | Symbol::EnvVar(name)
        | Symbol::Key { name, .. }
        | Symbol::Value { value: name, .. }
        | Symbol::Tag(name)
        | Symbol::Group(name)
        | Symbol::Selector(name)
        | Symbol::Profile(name)
        | Symbol::Target { name, .. }
        | Symbol::Column { name, .. }
        | Symbol::Local { name, .. }
        | Symbol::SqlName { name, .. }
        | Symbol::SqlColumn { name, .. } => vec![name.to_string()],
        Symbol::Rule(id) => vec![(*id).to_owned()],
        Symbol::Path(_) | Symbol::Link(_) => Vec::new(),
    }
}

/// How a place that is highlighted uses what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It is described there.
    Text,
    /// It is read or named.
    Read,
    /// It gets its value or its definition.
    Write,
}

/// The places of the same file where what stands at a place stands too, in the order of the text.
pub fn highlights(analysis: &Analysis, position: FilePosition) -> Vec<(TextRange, Access)> {
    let Some(found) = symbol::at(analysis, position) else {
        return Vec::new();
    };
    let names = written_names(analysis, &found.symbol);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut places: Vec<(TextRange, Access)> =
        occurrences_of(analysis, position.file, &names, Layer::of(&found.symbol))
            .into_iter()
            .filter(|each| same(analysis.project(), &found.symbol, &each.symbol))
            .map(|each| {
                let access = match each.role {
                    Role::Definition => Access::Write,
                    Role::Declaration => Access::Text,
                    Role::Reference => Access::Read,
                };
                (each.range, access)
            })
            .collect();
    if places.is_empty() {
        // What has no name of its own, such as a path, is at least itself.
        places.push((found.range.range, Access::Text));
    }
    places.dedup_by_key(|(range, _)| *range);
    places
}
