//! Giving a thing another name everywhere, or saying plainly why that cannot be done.
//!
//! What changes is what [`crate::references`] finds, so that nothing is renamed that is not shown. A name that would stand for
//! something else afterwards, or that is written where it cannot be changed, is refused as a whole: half a rename is worse
//! than none.

mod columns;
mod files;
mod macros;
mod names;
mod nodes;
mod sources;

use glueline_base::{Cancel, Edit, FileId, FileRange, TextRange, Utf8PathBuf, slice};
use glueline_project::{FileKind, NodeId, PackageId, ResourceType};

use crate::references::occurrences;
use crate::symbol::{self, Found, Occurrence, Symbol, definitions};
use crate::{Analysis, FilePosition};

pub use files::moved_files;

/// Why something keeps its name: one sentence or two for people.
pub type Refusal = String;

/// What can be renamed at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The name as it stands there.
    pub range: TextRange,
    /// What to begin with.
    pub placeholder: String,
}

/// What a rename changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rename {
    /// Replacements, by file and offset; none overlap.
    pub edits: Vec<Edit>,
    /// Files that get another name, after the edits.
    pub moves: Vec<Move>,
}

/// A file that gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The file.
    pub file: FileId,
    /// Its new path, from the root of the file system.
    pub to: Utf8PathBuf,
}

/// What can be renamed at a place, if anything can.
///
/// # Errors
/// Why what stands there keeps its name.
pub fn prepare(analysis: &Analysis, position: FilePosition, cancel: &Cancel) -> Result<Prepared, Refusal> {
    let found = at(analysis, position)?;
    let written = written(analysis, &found);
    // The name itself is always a possible one: whatever is refused now is refused for what it is.
    plan(analysis, &found, &written, cancel)?;
    Ok(Prepared {
        range: found.range.range,
        placeholder: written,
    })
}

/// The changes that give what stands at a place another name everywhere.
///
/// # Errors
/// Why it keeps its name.
pub fn rename(
    analysis: &Analysis,
    position: FilePosition,
    new: &str,
    cancel: &Cancel,
) -> Result<Rename, Refusal> {
    let found = at(analysis, position)?;
    if written(analysis, &found) == new {
        return Ok(Rename::default());
    }
    plan(analysis, &found, new, cancel)
}

fn at(analysis: &Analysis, position: FilePosition) -> Result<Found, Refusal> {
    symbol::at(analysis, position).ok_or_else(|| "Nothing that can be renamed stands here.".to_owned())
}

fn written(analysis: &Analysis, found: &Found) -> String {
    slice(analysis.text(found.range.file), found.range.range).to_owned()
}

fn plan(analysis: &Analysis, found: &Found, new: &str, cancel: &Cancel) -> Result<Rename, Refusal> {
    let cannot = |what: &str| Err(format!("{what} cannot be renamed here."));
    match &found.symbol {
        Symbol::Node(node) => nodes::node(analysis, *node, new),
        Symbol::Table(node) if is_named_alike(analysis, *node) => nodes::node(analysis, *node, new),
        Symbol::Table(_) => Err(
            "The name of a table is what a config or an entry of properties says, and has to be changed there.".to_owned(),
        ),
        Symbol::Rule(id) => Err(format!("`{id}` is a rule of Glueline's and cannot be renamed.")),
        Symbol::VersionedModel { package, name } => nodes::versioned(analysis, *package, name, new),
        Symbol::Source { package, name } => sources::source(analysis, *package, name, new),
        Symbol::Macro(of) => macros::named(analysis, *of, &written(analysis, found), new),
        Symbol::Parameter { of, name } => macros::parameter(analysis, *of, name, new),
        Symbol::Local { name, file, .. } => names::local(analysis, &found.symbol, *file, name, new),
        Symbol::SqlName { name, file, .. } => names::of_query(analysis, &found.symbol, *file, name, new),
        Symbol::Doc { .. }
        | Symbol::Var(_)
        | Symbol::Group(_)
        | Symbol::Tag(_)
        | Symbol::Selector(_)
        | Symbol::Profile(_)
        | Symbol::Target { .. } => names::shared(analysis, &found.symbol, new),
        Symbol::ShippedMacro(name) => Err(format!(
            "`{name}` comes with dbt or its adapter and cannot be renamed."
        )),
        Symbol::Context(name) => Err(format!("`{name}` is a name of dbt's and cannot be renamed.")),
        Symbol::Filter(name) | Symbol::JinjaTest(name) => {
            Err(format!("`{name}` is a name of Jinja's and cannot be renamed."))
        }
        Symbol::EnvVar(_) => cannot("A variable of the environment"),
        Symbol::Key { .. } => cannot("A key that dbt reads"),
        Symbol::Value { .. } => cannot("A value that dbt reads"),
        Symbol::Package(_) => cannot("A package"),
        Symbol::Column { of, name } => columns::of_node(analysis, *of, name, new, cancel),
        Symbol::SqlColumn { file, first, name } => {
            columns::of_query(analysis, *file, *first, name, new, cancel)
        }
        Symbol::Path(_) | Symbol::Link(_) => cannot("A path"),
        Symbol::Missing { name, .. } => Err(format!("Nothing has the name `{name}`.")),
    }
}

/// Refuses what belongs to an installed package: `dbt deps` would bring the old name back.
fn only_own(analysis: &Analysis, package: PackageId, what: &str) -> Result<(), Refusal> {
    if package == 0 {
        return Ok(());
    }
    let name = analysis.project().packages().get(package);
    let name = name.map_or("", |package| &*package.name);
    Err(format!(
        "{what} belongs to the package `{name}` and has to be renamed there."
    ))
}

/// Whether the table of a node gets another name with the node.
fn is_named_alike(analysis: &Analysis, node: NodeId) -> bool {
    let node = analysis.project().node(node);
    node.kind != ResourceType::Source && node.identifier.as_ref() == Some(&node.name)
}

/// The changes of the texts that name a symbol. `spell` says what stands in the place of what is written.
fn texts(
    analysis: &Analysis,
    symbol: &Symbol,
    spell: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    for (file, each) in occurrences(analysis, symbol, &Cancel::new()) {
        if let Symbol::Table(node) = each.symbol
            && !is_named_alike(analysis, node)
        {
            continue;
        }
        edits.extend(edit(analysis, file, &each, spell)?);
    }
    Ok(edits)
}

fn edit(
    analysis: &Analysis,
    file: FileId,
    each: &Occurrence,
    spell: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Edit>, Refusal> {
    let text = analysis.text(file);
    let Some(new) = spell(slice(text, each.range)) else {
        return Ok(None);
    };
    let info = analysis.project().files().info(file);
    let package = info.package;
    if package != 0 {
        let name = analysis.project().packages().get(package);
        let name = name.map_or("", |package| &*package.name);
        return Err(format!(
            "`{}` of the package `{name}` uses this name, and packages are not changed.",
            info.shown
        ));
    }
    let is_plain = |at: Option<u8>| !matches!(at, Some(b'\'' | b'"'));
    let before = usize::from(each.range.start()).checked_sub(1);
    let before = before.and_then(|at| text.as_bytes().get(at).copied());
    let needs_quotes = is_yaml(info.kind) && is_plain(before) && !is_plain_text(&new);
    Ok(Some(Edit {
        at: FileRange {
            file,
            range: each.range,
        },
        text: if needs_quotes { format!("\"{new}\"") } else { new },
    }))
}

const fn is_yaml(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::ProjectFile
            | FileKind::Profiles
            | FileKind::Packages
            | FileKind::Selectors
            | FileKind::Vars
            | FileKind::Properties
    )
}

/// Whether YAML reads a text without quotes as that text: `no` and `12` it does not.
fn is_plain_text(text: &str) -> bool {
    let tree = glueline_yaml::parse(text);
    tree.errors.is_empty()
        && tree
            .root()
            .and_then(|root| root.as_str())
            .is_some_and(|read| read == text)
}

/// A rename of texts alone, in order, each place once.
fn of_texts(mut edits: Vec<Edit>) -> Rename {
    edits.sort_by_key(|edit| (edit.at.file, edit.at.range.start(), edit.at.range.end()));
    edits.dedup_by_key(|edit| edit.at);
    Rename {
        edits,
        moves: Vec::new(),
    }
}

/// The file that defines something, where that is one of the root project's.
fn own_definition(analysis: &Analysis, symbol: &Symbol, what: &str) -> Result<FileId, Refusal> {
    let Some(place) = definitions(analysis, symbol).into_iter().next() else {
        return Err(format!("{what} is defined nowhere in the project."));
    };
    let file = place.full.file;
    only_own(analysis, analysis.project().files().info(file).package, what)?;
    Ok(file)
}
