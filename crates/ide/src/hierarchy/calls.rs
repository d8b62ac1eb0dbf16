//! Who calls whom.

use std::collections::BTreeMap;

use glueline_base::{Cancel, FileId, FileRange, Value};
use glueline_project::facts::sql::{MacroCall, Site};
use glueline_project::{FileKind, MacroRef, NodeId, PackageId, Project, ResourceType};

use super::{Member, Party, member};
use crate::symbol::{Role, Symbol, dispatch};
use crate::{Analysis, nodes, references};

/// The calls between two parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The one at the other end: who calls, or who is called.
    pub member: Member,
    /// Where it is called: in the caller.
    pub at: Vec<FileRange>,
}

/// Who calls a macro, by the files that call it.
pub fn incoming(analysis: &Analysis, party: Party) -> Vec<Call> {
    let Party::Macro(wanted) = party else {
        return Vec::new();
    };
    let mut calls: Vec<(Party, FileRange)> = Vec::new();
    each_call(analysis, wanted, &mut |file, call| {
        let at = FileRange {
            file,
            range: call.path.range,
        };
        calls.extend(caller(analysis, file, &call.site).map(|caller| (caller, at)));
    });
    let generic = tests_of(analysis.project(), wanted);
    calls.extend(generic.map(|id| (Party::Node(id), analysis.project().node(id).at)));
    grouped(analysis, calls)
}

/// How often a macro is named, in code, in YAML and as a generic test.
pub fn uses(analysis: &Analysis, wanted: MacroRef) -> usize {
    let named = references::of_symbol(analysis, &Symbol::Macro(wanted), false, &Cancel::new());
    let is_use = |each: &&references::Reference| each.role == Role::Reference;
    named.iter().filter(is_use).count()
}

/// The macros that a node or a macro calls.
pub fn outgoing(analysis: &Analysis, party: Party) -> Vec<Call> {
    let project = &**analysis.project();
    let (file, package) = match party {
        Party::Macro(found) => (found.file, found.package),
        Party::Node(id) => {
            let node = project.node(id);
            (node.file(), node.package)
        }
    };
    let block = match party {
        Party::Node(id) => project.node(id).block,
        Party::Macro(_) => None,
    };
    let is_own = |site: &Site| match party {
        Party::Macro(found) => site.in_macro == Some(found.index),
        Party::Node(_) => site.in_macro.is_none() && (block.is_none() || site.in_snapshot == block),
    };
    let Some(facts) = project.facts(file).sql() else {
        return Vec::new();
    };
    let own = facts.calls.iter().filter(|call| is_own(&call.site));
    let calls = own.flat_map(|call| {
        let at = FileRange {
            file,
            range: call.path.range,
        };
        let called = called(project, package, call);
        called.into_iter().map(move |found| (Party::Macro(found), at))
    });
    grouped(analysis, calls.collect())
}

/// Goes through every call that means a macro. Only files that say its name are looked into.
fn each_call(analysis: &Analysis, wanted: MacroRef, found: &mut dyn FnMut(FileId, &MacroCall)) {
    let project = &**analysis.project();
    let definition = project.facts(wanted.file).sql();
    let Some(definition) = definition.and_then(|facts| facts.macros.get(wanted.index)) else {
        return;
    };
    let name = &definition.name.value;
    // A macro for one adapter is called by the name without the adapter's.
    let dispatched = name.split_once("__").map(|(_, rest)| rest);
    for file in project.files().ids() {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        let package = project.files().info(file).package;
        for call in &facts.calls {
            let last = call.path.value.rsplit('.').next().unwrap_or_default();
            let may_be = last == &**name || (dispatched.is_some() && last == "dispatch");
            if may_be && called(project, package, call).contains(&wanted) {
                found(file, call);
            }
        }
    }
}

/// The macros of files that a call means: one, or all that a dispatch finds.
pub(crate) fn called(project: &Project, from: PackageId, call: &MacroCall) -> Vec<MacroRef> {
    if call.is_local {
        return Vec::new();
    }
    let path = &*call.path.value;
    if path == "adapter.dispatch" {
        let Some(Value::Str(name)) = call.first.as_ref().map(|first| &first.value) else {
            return Vec::new();
        };
        let found = dispatch(project, from, name, None).into_iter();
        return found
            .filter_map(|symbol| match symbol {
                Symbol::Macro(found) => Some(found),
                _ => None,
            })
            .collect();
    }
    let macros = project.macros();
    let found = match path.split_once('.') {
        None => macros.find(path, from),
        Some((package, name)) => project
            .packages()
            .iter()
            .position(|known| *known.name == *package)
            .and_then(|package| macros.find_in(name, package)),
    };
    found.into_iter().collect()
}

/// The tests that put a generic test to use.
fn tests_of(project: &Project, wanted: MacroRef) -> impl Iterator<Item = NodeId> + '_ {
    let definition = project.facts(wanted.file).sql();
    let name = definition
        .and_then(|facts| facts.macros.get(wanted.index))
        .and_then(|definition| definition.name.value.strip_prefix("test_"))
        .map(ToOwned::to_owned);
    project
        .nodes()
        .iter()
        .filter(move |node| {
            let (Some(name), Some(test)) = (name.as_deref(), node.generic_test.as_deref()) else {
                return false;
            };
            let (package, used) = match test.split_once('.') {
                Some((package, used)) => (Some(package), used),
                None => (None, test),
            };
            if used != name {
                return false;
            }
            let stored = format!("test_{name}");
            match package {
                Some(package) => project
                    .packages()
                    .get(wanted.package)
                    .is_some_and(|own| *own.name == *package),
                None => project.macros().find(&stored, node.package) == Some(wanted),
            }
        })
        .map(|node| node.id)
}

/// Whose code a call stands in.
fn caller(analysis: &Analysis, file: FileId, site: &Site) -> Option<Party> {
    let project = analysis.project();
    if let Some(index) = site.in_macro {
        let package = project.files().info(file).package;
        return Some(Party::Macro(MacroRef { file, index, package }));
    }
    if project.files().info(file).kind == FileKind::Docs {
        return None;
    }
    let nodes = nodes::defined_in(project, file);
    let own = nodes
        .iter()
        .filter(|node| !matches!(node.kind, ResourceType::UnitTest) || nodes.len() == 1);
    let mut own = own.filter(|node| site.in_snapshot.is_none() || node.block == site.in_snapshot);
    own.next().map(|node| Party::Node(node.id))
}

/// One entry for each party, in the order of their names.
fn grouped(analysis: &Analysis, calls: Vec<(Party, FileRange)>) -> Vec<Call> {
    let mut found: BTreeMap<(String, FileId, u32), Call> = BTreeMap::new();
    for (party, at) in calls {
        let Some(member) = member(analysis, party) else {
            continue;
        };
        let key = (
            member.name.clone(),
            member.full.file,
            u32::from(member.selection.range.start()),
        );
        let call = found.entry(key).or_insert_with(|| Call {
            member,
            at: Vec::new(),
        });
        call.at.push(at);
    }
    found.into_values().collect()
}
