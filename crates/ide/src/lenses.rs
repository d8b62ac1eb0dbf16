//! Lines above a model: preview, run, rows, parents and children.

use glueline_base::{Cancel, FileId, FileRange, TextRange, TextSize};
use glueline_project::{FileKind, Language, MacroRef, Node, NodeId, Project, ResourceType};

use crate::symbol::{Role, Symbol};
use crate::{Analysis, documents, hierarchy, nodes, references};

/// What stands above a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lens {
    /// The line, by something on it.
    pub at: TextRange,
    /// What it says and does.
    pub action: Action,
}

/// What a lens says and does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Shows what a run of the node would send.
    Preview(NodeId),
    /// Shows the compiled code of the node.
    Compile(NodeId),
    /// Runs the node.
    Run(NodeId),
    /// Shows rows of the node.
    Rows(NodeId),
    /// Tells how many parents and children the node has.
    Lineage(NodeId),
    /// Tells how often the macro is used.
    Uses(MacroRef),
}

/// Which lenses are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Preview and compiled code.
    pub texts: bool,
    /// Runs and rows.
    pub run: bool,
    /// Parents, children and uses.
    pub counts: bool,
}

/// The lenses of a file, in the order of its lines. Their titles are told by [`title`], which may take longer.
pub fn lenses(analysis: &Analysis, file: FileId, wanted: Wanted) -> Vec<Lens> {
    let project = analysis.project();
    let mut found = Vec::new();
    match project.files().info(file).kind {
        FileKind::Properties => {
            for (node, range) in nodes::described_in(project, file) {
                let name = named(project, node).unwrap_or(TextRange::empty(range.start()));
                of_node(node, name, wanted, &mut found);
            }
        }
        FileKind::Model
        | FileKind::PythonModel
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::Seed => {
            for node in nodes::defined_in(project, file) {
                let at = if node.block.is_some() {
                    node.at.range
                } else {
                    TextRange::empty(TextSize::new(0))
                };
                of_node(node, at, wanted, &mut found);
            }
        }
        FileKind::Macro | FileKind::GenericTest if wanted.counts => {
            let package = project.files().info(file).package;
            let macros = project.facts(file).sql().map_or(&[][..], |facts| &facts.macros);
            found.extend(macros.iter().enumerate().map(|(index, definition)| Lens {
                at: definition.written.range,
                action: Action::Uses(MacroRef { file, index, package }),
            }));
        }
        _ => {}
    }
    found
}

/// Where the name of a node stands in its properties entry.
fn named(project: &Project, node: &Node) -> Option<TextRange> {
    if let Some((source, inner)) = project.source_entry(node) {
        return Some(source.tables.get(inner)?.name.range);
    }
    let patch = project.patch(node)?;
    let version = node.patch?.inner.and_then(|inner| patch.versions.get(inner));
    Some(version.map_or(patch.name.range, |version| version.v.range))
}

fn of_node(node: &Node, at: TextRange, wanted: Wanted, out: &mut Vec<Lens>) {
    if !node.enabled {
        return;
    }
    let mut add = |action| out.push(Lens { at, action });
    let has_texts = documents::has_documents(node);
    if wanted.texts && has_texts && node.kind != ResourceType::Analysis {
        add(Action::Preview(node.id));
    }
    if wanted.texts && has_texts && !matches!(node.kind, ResourceType::Seed | ResourceType::UnitTest) {
        add(Action::Compile(node.id));
    }
    if wanted.run && has_texts && node.kind != ResourceType::Analysis {
        add(Action::Run(node.id));
    }
    if wanted.run && has_rows(node) {
        add(Action::Rows(node.id));
    }
    if wanted.counts {
        add(Action::Lineage(node.id));
    }
}

/// Whether a node is a query, whose rows can be looked at.
fn has_rows(node: &Node) -> bool {
    let is_query = matches!(
        node.kind,
        ResourceType::Model | ResourceType::Snapshot | ResourceType::Test | ResourceType::Analysis
    );
    is_query && node.language == Language::Sql
}

/// What a lens says.
pub fn title(analysis: &Analysis, action: Action) -> String {
    match action {
        Action::Preview(_) => "Preview".to_owned(),
        Action::Compile(_) => "Compiled SQL".to_owned(),
        Action::Run(node) => match analysis.project().node(node).kind {
            ResourceType::Test | ResourceType::UnitTest => "Test".to_owned(),
            _ => "Run".to_owned(),
        },
        Action::Rows(_) => "Show rows".to_owned(),
        Action::Lineage(node) => lineage(analysis.project(), node),
        Action::Uses(reference) => counted(hierarchy::uses(analysis, reference), "use"),
    }
}

/// What a lens counts: where each of it is defined, or stands. Nothing for lenses that count nothing.
pub fn counted_places(analysis: &Analysis, action: Action) -> Vec<FileRange> {
    let project = analysis.project();
    match action {
        Action::Lineage(node) => {
            let graph = project.graph();
            let all = graph.parents(node).iter().chain(graph.children(node));
            all.map(|id| project.node(*id).at).collect()
        }
        Action::Uses(reference) => {
            let all = references::of_symbol(analysis, &Symbol::Macro(reference), false, &Cancel::new());
            let uses = all.into_iter().filter(|each| each.role == Role::Reference);
            uses.map(|each| each.at).collect()
        }
        Action::Preview(_) | Action::Compile(_) | Action::Run(_) | Action::Rows(_) => Vec::new(),
    }
}

/// `2 parents, 1 child, 3 tests`.
pub(crate) fn lineage(project: &Project, node: NodeId) -> String {
    let is_test = |id: &&NodeId| {
        matches!(
            project.node(**id).kind,
            ResourceType::Test | ResourceType::UnitTest
        )
    };
    let parents = project.graph().parents(node).len();
    let all = project.graph().children(node);
    let tests = all.iter().filter(is_test).count();
    let children = match all.len() - tests {
        1 => "1 child".to_owned(),
        count => format!("{count} children"),
    };
    let mut parts = vec![counted(parents, "parent"), children];
    if tests > 0 {
        parts.push(counted(tests, "test"));
    }
    parts.join(", ")
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
