//! Calls of macros and lineage of nodes, up and down.

mod calls;

use glueline_base::{FileId, FileRange};
use glueline_project::{MacroRef, Node, NodeId, Project, ResourceType};

pub(crate) use self::calls::called;
pub use self::calls::{Call, incoming, outgoing, uses};
use crate::symbol::{self, Symbol};
use crate::{Analysis, FilePosition, nodes};

/// Someone who calls or is called, who reads or is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// A node.
    Node(NodeId),
    /// A macro that a file defines.
    Macro(MacroRef),
}

/// What is shown of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who it is.
    pub party: Party,
    /// Its name.
    pub name: String,
    /// Its kind, and the package where it is not the root project's: `model`, `macro of dbt_utils`.
    pub detail: String,
    /// All of it.
    pub full: FileRange,
    /// Its name in it; the start of the file where the file is what it is.
    pub selection: FileRange,
}

/// The macro or the node whose calls are meant by a place: what is named there, else what is written there.
pub fn prepare_calls(analysis: &Analysis, position: FilePosition) -> Option<Member> {
    let party = match symbol::at(analysis, position).map(|found| found.symbol) {
        Some(Symbol::Macro(found)) => Party::Macro(found),
        Some(Symbol::Node(node)) if has_calls(analysis.project().node(node)) => Party::Node(node),
        _ => match around(analysis.project(), position) {
            Some(found) => Party::Macro(found),
            None => Party::Node(nodes::at(analysis, position)?),
        },
    };
    member(analysis, party)
}

/// The node whose lineage is meant by a place: what is named there, else what is written there.
pub fn prepare_lineage(analysis: &Analysis, position: FilePosition) -> Option<Member> {
    let node = match symbol::at(analysis, position).map(|found| found.symbol) {
        Some(Symbol::Node(node)) => node,
        _ => nodes::at(analysis, position)?,
    };
    member(analysis, Party::Node(node))
}

/// The nodes that a node reads.
pub fn parents(analysis: &Analysis, node: NodeId) -> Vec<Member> {
    members(analysis, analysis.project().graph().parents(node))
}

/// The nodes that read a node, tests left out.
pub fn children(analysis: &Analysis, node: NodeId) -> Vec<Member> {
    let project = analysis.project();
    let is_test = |id: &NodeId| {
        matches!(
            project.node(*id).kind,
            ResourceType::Test | ResourceType::UnitTest
        )
    };
    let all = project.graph().children(node).iter().copied();
    let kept: Vec<NodeId> = all.filter(|id| !is_test(id)).collect();
    members(analysis, &kept)
}

fn members(analysis: &Analysis, nodes: &[NodeId]) -> Vec<Member> {
    let each = nodes.iter().map(|node| member(analysis, Party::Node(*node)));
    each.flatten().collect()
}

/// What is shown of a party; `None` for one that is not there any more.
pub fn member(analysis: &Analysis, party: Party) -> Option<Member> {
    let project = &**analysis.project();
    let (symbol, name, kind, package) = match party {
        Party::Node(id) => {
            let node = project.nodes().get(id.0 as usize)?;
            let name = match (&node.source_name, &node.version) {
                (Some(source), _) => format!("{source}.{}", node.name),
                (None, Some(version)) => format!("{}.v{}", node.name, version.v),
                (None, None) => node.name.to_string(),
            };
            let kind = glueline_plan::fault::kind(node.kind);
            (Symbol::Node(id), name, kind, node.package)
        }
        Party::Macro(found) => {
            let definition = project.facts(found.file).sql()?.macros.get(found.index)?;
            let name = definition.written.value.to_string();
            (Symbol::Macro(found), name, "macro", found.package)
        }
    };
    let defined = symbol::definitions(analysis, &symbol).into_iter().next()?;
    let detail = match project.packages().get(package) {
        Some(owner) if package != 0 => format!("{kind} of {}", owner.name),
        _ => kind.to_owned(),
    };
    Some(Member {
        party,
        name,
        detail,
        full: defined.full,
        selection: defined.name,
    })
}

fn has_calls(node: &Node) -> bool {
    !matches!(
        node.kind,
        ResourceType::Source | ResourceType::Exposure | ResourceType::Seed
    )
}

/// The macro that a place lies in.
fn around(project: &Project, position: FilePosition) -> Option<MacroRef> {
    let facts = project.facts(position.file).sql()?;
    let index = facts
        .macros
        .iter()
        .position(|definition| nodes::touches(definition.range, position.offset))?;
    Some(MacroRef {
        file: position.file,
        index,
        package: project.files().info(position.file).package,
    })
}

/// The macro of a name, as it is written, that a file defines.
pub fn macro_named(analysis: &Analysis, file: FileId, name: &str) -> Option<MacroRef> {
    let project = analysis.project();
    let macros = &project.facts(file).sql()?.macros;
    let index = macros
        .iter()
        .position(|definition| *definition.written.value == *name)?;
    let package = project.files().info(file).package;
    Some(MacroRef { file, index, package })
}
