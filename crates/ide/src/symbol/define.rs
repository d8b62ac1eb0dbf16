//! Where symbols are defined.

use glueline_base::{FileId, FileRange, Spanned, TextRange, TextSize, Value};
use glueline_project::facts::properties::{Column, Patch, PatchKind};
use glueline_project::{EntryList, FileKind, MacroRef, Node, PackageId, PatchRef, Project, ResourceType};

use super::{Layer, Role, Symbol, occurrences_of};
use crate::Analysis;

/// A place where a symbol is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// All of it: the file of a model, the block of a macro, the entry of a source table.
    pub full: FileRange,
    /// Its name in it; the start of the file where the file is what is defined.
    pub name: FileRange,
}

impl Definition {
    pub(crate) fn new(file: FileId, full: TextRange, name: TextRange) -> Self {
        Self {
            full: FileRange { file, range: full },
            name: FileRange { file, range: name },
        }
    }

    /// A file as a whole.
    pub(crate) fn of_file(analysis: &Analysis, file: FileId) -> Self {
        let end = TextSize::of(analysis.text(file));
        let start = TextRange::empty(TextSize::new(0));
        Self::new(file, TextRange::up_to(end), start)
    }
}

/// Where a symbol is defined; nothing for what dbt brings along and for what nothing defines. A name that is defined more
/// than once has all its places, the one that counts first.
pub fn definitions(analysis: &Analysis, symbol: &Symbol) -> Vec<Definition> {
    let project = &**analysis.project();
    match symbol {
        Symbol::Node(node) | Symbol::Table(node) => {
            of_node(analysis, project.node(*node)).into_iter().collect()
        }
        Symbol::VersionedModel { package, name } => versions(project, *package, name)
            .filter_map(|node| of_node(analysis, node))
            .collect(),
        Symbol::Source { package, name } => of_source(project, *package, name),
        Symbol::Macro(found) => of_macro(project, *found).into_iter().collect(),
        Symbol::Parameter { of, name } => of_parameter(project, *of, name).into_iter().collect(),
        Symbol::Doc { file, index } => {
            let block = project
                .facts(*file)
                .sql()
                .and_then(|facts| facts.docs.get(*index));
            block
                .map(|block| Definition::new(*file, block.range, block.name.range))
                .into_iter()
                .collect()
        }
        Symbol::Var(name) => vars(project, name),
        Symbol::Group(name) => groups(project, name),
        Symbol::Package(package) => of_package(analysis, *package).into_iter().collect(),
        Symbol::Selector(_) | Symbol::Profile(_) | Symbol::Target { .. } => noted(analysis, symbol),
        Symbol::Column { of, name } => column(analysis, project.node(*of), name).into_iter().collect(),
        Symbol::Local { file, first, name } => {
            let end = *first + TextSize::of(&**name);
            let range = TextRange::new(*first, end);
            vec![Definition::new(*file, range, range)]
        }
        Symbol::SqlName { file, first, name } | Symbol::SqlColumn { file, first, name } => {
            let range = TextRange::at(*first, TextSize::of(&**name));
            vec![Definition::new(*file, range, range)]
        }
        Symbol::Path(path) => {
            let file = analysis.file(path);
            file.map(|file| Definition::of_file(analysis, file))
                .into_iter()
                .collect()
        }
        Symbol::ShippedMacro(_)
        | Symbol::Context(_)
        | Symbol::Filter(_)
        | Symbol::JinjaTest(_)
        | Symbol::EnvVar(_)
        | Symbol::Key { .. }
        | Symbol::Value { .. }
        | Symbol::Tag(_)
        | Symbol::Link(_)
        | Symbol::Rule(_)
        | Symbol::Missing { .. } => Vec::new(),
    }
}

/// The versions of a model, in the order of their ids.
pub(crate) fn versions<'a>(
    project: &'a Project,
    package: PackageId,
    name: &'a str,
) -> impl Iterator<Item = &'a Node> {
    let models = project.nodes().of_kind(ResourceType::Model);
    models.filter(move |node| node.package == package && node.version.is_some() && *node.name == *name)
}

fn of_node(analysis: &Analysis, node: &Node) -> Option<Definition> {
    let project = &**analysis.project();
    let file = node.at.file;
    if let Some(block) = node.block {
        let block = project.facts(file).sql()?.snapshots.get(block)?;
        return Some(Definition::new(file, block.range, block.name.range));
    }
    if project.files().info(file).kind != FileKind::Properties {
        return Some(Definition::of_file(analysis, file));
    }
    let full = node.patch.and_then(|patch| entry_range(project, node, patch));
    Some(Definition::new(
        file,
        full.unwrap_or(node.at.range),
        node.at.range,
    ))
}

/// The whole entry of what a properties file defines.
fn entry_range(project: &Project, node: &Node, patch: PatchRef) -> Option<TextRange> {
    let properties = &project.facts(patch.file).yaml()?.properties;
    match patch.list {
        // A generic test stands inside the entry of what it tests.
        _ if node.generic_test.is_some() => None,
        EntryList::Patches => Some(properties.patches.get(patch.index)?.range),
        EntryList::Sources => Some(
            properties
                .sources
                .get(patch.index)?
                .tables
                .get(patch.inner?)?
                .range,
        ),
        EntryList::Exposures => Some(properties.exposures.get(patch.index)?.range),
        EntryList::UnitTests => Some(properties.unit_tests.get(patch.index)?.range),
    }
}

fn of_source(project: &Project, package: PackageId, name: &str) -> Vec<Definition> {
    // Its name may be made by Jinja: the nodes know what it came to.
    let mut entries: Vec<(FileId, usize)> = project
        .nodes()
        .of_kind(ResourceType::Source)
        .filter(|node| node.package == package && node.source_name.as_deref() == Some(name))
        .filter_map(|node| node.patch.map(|patch| (patch.file, patch.index)))
        .collect();
    entries.sort_unstable();
    entries.dedup();
    let found = entries.into_iter().filter_map(|(file, index)| {
        let source = project.facts(file).yaml()?.properties.sources.get(index)?;
        Some(Definition::new(file, source.range, source.name.range))
    });
    found.collect()
}

fn of_macro(project: &Project, found: MacroRef) -> Option<Definition> {
    let definition = project.facts(found.file).sql()?.macros.get(found.index)?;
    Some(Definition::new(
        found.file,
        definition.range,
        definition.written.range,
    ))
}

fn of_parameter(project: &Project, of: MacroRef, name: &str) -> Option<Definition> {
    let definition = project.facts(of.file).sql()?.macros.get(of.index)?;
    let (parameter, _) = definition
        .parameters
        .iter()
        .find(|(parameter, _)| *parameter.value == *name)?;
    Some(Definition::new(of.file, parameter.range, parameter.range))
}

/// What sets a variable in project files: the root project's first, for a package by name before for all.
fn vars(project: &Project, name: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    for package in project.packages() {
        let Some(vars) = &package.project.vars else {
            continue;
        };
        let file = vars_file(project, &package.project, vars);
        let scopes = vars.value.as_map().unwrap_or_default();
        let of_packages = scopes
            .iter()
            .filter(|scope| project.packages().iter().any(|each| each.name == scope.key.value))
            .filter_map(|scope| scope.value.value.entry(name));
        let of_all = vars.value.entry(name);
        let entries = of_packages.chain(of_all);
        found.extend(entries.map(|entry| {
            let full = entry.key.range.cover(entry.value.range);
            Definition::new(file, full, entry.key.range)
        }));
    }
    found
}

/// The file that a project's variables stand in: `vars.yml`, or the project file.
fn vars_file(project: &Project, file: &glueline_project::ProjectFile, vars: &Spanned<Value>) -> FileId {
    let is_own = file
        .value
        .value
        .get("vars")
        .is_some_and(|own| own.range == vars.range);
    if is_own {
        return file.file;
    }
    let package = project.files().info(file.file).package;
    let mut others = project.files().of_kind(FileKind::Vars);
    others
        .find(|other| project.files().info(*other).package == package)
        .unwrap_or(file.file)
}

fn groups(project: &Project, name: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    for file in project.files().of_kind(FileKind::Properties) {
        let Some(facts) = project.facts(file).yaml() else {
            continue;
        };
        let named = facts.properties.groups.iter();
        found.extend(
            named
                .filter(|group| *group.name.value == *name)
                .map(|group| Definition::new(file, group.range, group.name.range)),
        );
    }
    found
}

fn of_package(analysis: &Analysis, package: PackageId) -> Option<Definition> {
    let project = &analysis.project().packages().get(package)?.project;
    let whole = Definition::of_file(analysis, project.file);
    Some(match &project.name {
        Some(name) => Definition {
            name: name.in_file(project.file),
            ..whole
        },
        None => whole,
    })
}

/// What the files that can define it say.
fn noted(analysis: &Analysis, symbol: &Symbol) -> Vec<Definition> {
    let (kind, name) = match symbol {
        Symbol::Selector(name) => (FileKind::Selectors, name),
        Symbol::Profile(name) | Symbol::Target { name, .. } => (FileKind::Profiles, name),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for file in analysis.project().files().of_kind(kind) {
        let all = occurrences_of(analysis, file, &[name], Layer::Names);
        let defined = all
            .into_iter()
            .filter(|each| each.role == Role::Definition && each.symbol == *symbol);
        found.extend(defined.map(|each| Definition::new(file, each.range, each.range)));
    }
    found
}

/// Where the text of a node makes a column; where that is not known, where its properties entry describes it.
fn column(analysis: &Analysis, node: &Node, name: &str) -> Option<Definition> {
    let columns = crate::columns::of(analysis, node.id);
    let made = columns.named(name).and_then(|(_, column)| column.at);
    let place = made.or_else(|| described_column(analysis.project(), node, name));
    place.map(|at| Definition { full: at, name: at })
}

/// Where the properties entry of a node describes a column.
fn described_column(project: &Project, node: &Node, name: &str) -> Option<FileRange> {
    let (file, column) = declared_column(project, node, name)?;
    Some(column.name.in_file(file))
}

/// The entry of a column among the properties of a node; names of columns ignore case, as Spark's do.
pub(crate) fn declared_column<'a>(
    project: &'a Project,
    node: &'a Node,
    name: &str,
) -> Option<(FileId, &'a Column)> {
    let reference = node.patch?;
    let is_it = |column: &&Column| column.name.value.eq_ignore_ascii_case(name);
    if let Some((source, inner)) = project.source_entry(node) {
        let table = source.tables.get(inner)?;
        return Some((reference.file, table.columns.iter().find(is_it)?));
    }
    let patch = project.patch(node)?;
    let version = reference.inner.and_then(|inner| patch.versions.get(inner));
    let mut all: Vec<&Column> = patch.columns_of(version).collect();
    // What a version says itself comes last and counts.
    all.reverse();
    let column = all.into_iter().find(is_it)?;
    Some((reference.file, column))
}

/// The properties entry that describes a node or a macro.
pub(crate) fn declaration(analysis: &Analysis, symbol: &Symbol) -> Option<Definition> {
    let project = &**analysis.project();
    match symbol {
        Symbol::Node(node) | Symbol::Table(node) => {
            let node = project.node(*node);
            let reference = node.patch?;
            let patch = project.patch(node)?;
            if let Some(version) = reference.inner.and_then(|inner| patch.versions.get(inner)) {
                return Some(Definition::new(reference.file, version.range, version.v.range));
            }
            Some(Definition::new(reference.file, patch.range, patch.name.range))
        }
        Symbol::VersionedModel { package, name } => {
            let node = versions(project, *package, name).next()?;
            let patch = project.patch(node)?;
            Some(Definition::new(node.patch?.file, patch.range, patch.name.range))
        }
        Symbol::Column { of, name } => {
            let at = described_column(project, project.node(*of), name)?;
            Some(Definition { full: at, name: at })
        }
        Symbol::Macro(found) => {
            let name = &project
                .facts(found.file)
                .sql()?
                .macros
                .get(found.index)?
                .name
                .value;
            let (file, patch) = described(project, found.package, PatchKind::Macro, name)?;
            Some(Definition::new(file, patch.range, patch.name.range))
        }
        _ => None,
    }
}

/// The first entry of a package that describes something by this name.
pub(crate) fn described<'a>(
    project: &'a Project,
    package: PackageId,
    kind: PatchKind,
    name: &str,
) -> Option<(FileId, &'a Patch)> {
    let mut files = project.files().of_kind(FileKind::Properties);
    files.find_map(|file| {
        (project.files().info(file).package == package).then_some(())?;
        let patches = &project.facts(file).yaml()?.properties.patches;
        let found = patches
            .iter()
            .find(|patch| patch.kind == kind && *patch.name.value == *name)?;
        Some((file, found))
    })
}
