//! From a name to where it is defined, declared, typed and implemented.

use glueline_base::{FileRange, Utf8Path, slice};
use glueline_jinja::{Context, Expr, ExprKind, Visitor};
use glueline_project::{MacroRef, Node, Project, ResourceType};
use glueline_render::DISPATCH_PREFIXES;

use crate::symbol::{self, Definition, Found, Role, Symbol, definitions, dispatch};
use crate::{Analysis, FilePosition};

/// A way from a name to another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The name that was asked for.
    pub origin: FileRange,
    /// Where it leads.
    pub place: Definition,
}

fn from(found: &Found, places: Vec<Definition>) -> Vec<Target> {
    let origin = found.range;
    places.into_iter().map(|place| Target { origin, place }).collect()
}

/// Where what stands at a place is defined. A macro that only dispatches leads to the macro that is taken. What dbt
/// ships has no file, and leads nowhere.
pub fn definition(analysis: &Analysis, position: FilePosition) -> Vec<Target> {
    let Some(found) = symbol::at(analysis, position) else {
        return Vec::new();
    };
    let project = &**analysis.project();
    let taken = match &found.symbol {
        Symbol::Macro(named) if found.role == Role::Reference => {
            dispatched(project, *named).into_iter().next()
        }
        _ => None,
    };
    let mut places = taken.map_or_else(Vec::new, |taken| definitions(analysis, &taken));
    if places.is_empty() {
        places = match &found.symbol {
            Symbol::Path(path) => folder_or_file(analysis, path),
            other => definitions(analysis, other),
        };
    }
    from(&found, places)
}

/// Where what stands at a place is described: the properties entry of a model or macro; else its definition.
pub fn declaration(analysis: &Analysis, position: FilePosition) -> Vec<Target> {
    let Some(found) = symbol::at(analysis, position) else {
        return Vec::new();
    };
    let places = match symbol::declaration(analysis, &found.symbol) {
        Some(place) => vec![place],
        None => definitions(analysis, &found.symbol),
    };
    from(&found, places)
}

/// Where the columns of what stands at a place are described: the properties entry of a node; for a test, what it tests.
pub fn type_definition(analysis: &Analysis, position: FilePosition) -> Vec<Target> {
    let Some(found) = symbol::at(analysis, position) else {
        return Vec::new();
    };
    let project = &**analysis.project();
    let of_node = |node: &Node| match node.kind {
        ResourceType::Test | ResourceType::UnitTest => {
            let tested = node.parents().next().map(Symbol::Node);
            tested.and_then(|tested| described(analysis, &tested))
        }
        _ => described(analysis, &Symbol::Node(node.id)),
    };
    let place = match &found.symbol {
        Symbol::Node(node) | Symbol::Table(node) => of_node(project.node(*node)),
        Symbol::VersionedModel { .. } => described(analysis, &found.symbol),
        Symbol::Column { .. } => definitions(analysis, &found.symbol).into_iter().next(),
        _ => None,
    };
    from(&found, place.into_iter().collect())
}

/// The properties entry of a node, be it described or defined there.
fn described(analysis: &Analysis, symbol: &Symbol) -> Option<Definition> {
    if let Some(place) = symbol::declaration(analysis, symbol) {
        return Some(place);
    }
    let (Symbol::Node(node) | Symbol::Table(node)) = symbol else {
        return None;
    };
    let is_entry = matches!(
        analysis.project().node(*node).kind,
        ResourceType::Source | ResourceType::Exposure
    );
    definitions(analysis, symbol).into_iter().find(|_| is_entry)
}

/// What does the work of what stands at a place: the candidates of a dispatch, the one that is taken first; the uses of a
/// generic test; the files of a model.
pub fn implementation(analysis: &Analysis, position: FilePosition) -> Vec<Target> {
    let Some(found) = symbol::at(analysis, position) else {
        return Vec::new();
    };
    let project = &**analysis.project();
    let places = match &found.symbol {
        Symbol::Macro(named) => {
            let mut candidates = dispatched(project, *named);
            if candidates.is_empty() {
                candidates = siblings(project, *named);
            }
            let places: Vec<Definition> = candidates
                .iter()
                .flat_map(|candidate| definitions(analysis, candidate))
                .collect();
            if places.is_empty() {
                let uses = test_uses(project, *named);
                if uses.is_empty() {
                    definitions(analysis, &found.symbol)
                } else {
                    uses
                }
            } else {
                places
            }
        }
        Symbol::Path(path) => folder_or_file(analysis, path),
        other => definitions(analysis, other),
    };
    from(&found, places)
}

/// A file; for the folder of a package, its project file, as editors open no folders.
fn folder_or_file(analysis: &Analysis, path: &Utf8Path) -> Vec<Definition> {
    let packages = analysis.project().packages().iter();
    let package = packages.into_iter().position(|package| package.root == path);
    match package {
        Some(package) => definitions(analysis, &Symbol::Package(package)),
        None => definitions(analysis, &Symbol::Path(path.to_owned())),
    }
}

/// What `adapter.dispatch` in a macro finds, the one that is taken first. Nothing for a macro that does not dispatch, or
/// that dispatches by a computed name.
pub(crate) fn dispatched(project: &Project, named: MacroRef) -> Vec<Symbol> {
    let Some((name, namespace)) = dispatch_call(project, named) else {
        return Vec::new();
    };
    dispatch(project, named.package, &name, namespace.as_deref())
}

/// The name and the namespace that a macro dispatches by, where it does so once and says both.
pub(crate) fn dispatch_call(project: &Project, named: MacroRef) -> Option<(String, Option<String>)> {
    let facts = project.facts(named.file).sql()?;
    let definition = facts.macros.get(named.index)?;
    let mut calls = facts
        .calls
        .iter()
        .filter(|call| call.site.in_macro == Some(named.index) && &*call.path.value == "adapter.dispatch");
    let (Some(_), None) = (calls.next(), calls.next()) else {
        return None;
    };
    let text = slice(project.files().text(named.file), definition.range);
    let template = glueline_jinja::parse(text);
    let mut found = Dispatches(Vec::new());
    glueline_jinja::walk(&template, &mut found);
    match found.0.as_slice() {
        [Some(only)] => Some(only.clone()),
        _ => None,
    }
}

/// The calls of `adapter.dispatch`; `None` for one with computed names.
struct Dispatches(Vec<Option<(String, Option<String>)>>);

impl<'t, 'a> Visitor<'t, 'a> for Dispatches {
    fn expr(&mut self, expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {
        let ExprKind::Call { callee, args } = &expr.kind else {
            return;
        };
        if callee.path().as_deref() != Some("adapter.dispatch") {
            return;
        }
        let place = |at: usize, keyword: &str| {
            let by_place = args.get(at).filter(|arg| arg.is_positional());
            by_place.or_else(|| args.iter().find(|arg| arg.keyword() == Some(keyword)))
        };
        let name = place(0, "macro_name").and_then(|arg| arg.value.as_text());
        let namespace = place(1, "macro_namespace");
        let known = name.and_then(|name| {
            let namespace = match namespace {
                Some(arg) => Some(arg.value.as_text()?.into_owned()),
                None => None,
            };
            Some((name.into_owned(), namespace))
        });
        self.0.push(known);
    }
}

/// The macro's name without the prefix of an adapter, where it has one that dispatch looks for.
pub(crate) fn without_prefix(name: &str) -> Option<&str> {
    let (prefix, rest) = name.split_once("__")?;
    (DISPATCH_PREFIXES.contains(&prefix) && !rest.is_empty()).then_some(rest)
}

/// The candidates beside a macro whose name has the prefix of an adapter, itself among them.
fn siblings(project: &Project, named: MacroRef) -> Vec<Symbol> {
    let facts = project.facts(named.file).sql();
    let Some(definition) = facts.and_then(|facts| facts.macros.get(named.index)) else {
        return Vec::new();
    };
    let Some(name) = without_prefix(&definition.name.value) else {
        return Vec::new();
    };
    let package = project
        .packages()
        .get(named.package)
        .map(|package| &*package.name);
    dispatch(project, named.package, name, package)
}

/// Where a generic test is put on something.
fn test_uses(project: &Project, named: MacroRef) -> Vec<Definition> {
    let facts = project.facts(named.file).sql();
    let Some(definition) = facts.and_then(|facts| facts.macros.get(named.index)) else {
        return Vec::new();
    };
    let Some(test) = definition.name.value.strip_prefix("test_") else {
        return Vec::new();
    };
    let uses = project.nodes().iter().filter(|node| {
        let written = node.generic_test.as_deref();
        written.is_some_and(|written| written.rsplit('.').next() == Some(test))
            && symbol::generic_test(project, node.package, written.unwrap_or_default())
                == Symbol::Macro(named)
    });
    let mut places: Vec<Definition> = uses
        .map(|node| Definition {
            full: node.at,
            name: node.at,
        })
        .collect();
    places.sort_by_key(|place| (place.full.file, place.full.range.start()));
    // The tests of a model with versions stand once in the text.
    places.dedup();
    places
}
