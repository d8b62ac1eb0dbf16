//! Which queries Spark can be asked about: those that are known whole, and that read what is there as they will find it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use glueline_catalog::FileFormat;
use glueline_project::{Language, NodeId, ResourceType};
use glueline_render::{AS_IT_STANDS, Life, SPLITS, Status};
use glueline_schema::Schemas;

use crate::run::show::without_end;

/// A query that Spark is asked about.
pub(super) struct Question {
    /// Whose it is.
    pub(super) node: NodeId,
    /// What it compiles to.
    pub(super) code: String,
}

/// How many nodes Spark is not asked about, by why.
#[derive(Debug, Default)]
pub(super) struct Unasked(BTreeMap<String, usize>);

impl Unasked {
    pub(super) fn add(&mut self, why: &str) {
        *self.0.entry(why.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.0.values().sum();
        write!(f, "{total} not asked")?;
        for (number, (why, count)) in self.0.iter().enumerate() {
            let before = if number == 0 { ": " } else { ", " };
            write!(f, "{before}{count} {why}")?;
        }
        Ok(())
    }
}

/// The queries to ask about, in the order of the nodes, and how many nodes are left out of those that are meant.
pub(super) fn questions(schemas: &Schemas, selected: Option<&[NodeId]>) -> (Vec<Question>, Unasked) {
    let renderer = schemas.renderer();
    let project = renderer.project();
    let mut nodes: Vec<NodeId> = match selected {
        Some(selected) => selected.to_vec(),
        None => project.nodes().iter().map(|node| node.id).collect(),
    };
    nodes.retain(|id| renderer.compiles(*id) && project.node(*id).language != Language::Python);
    nodes.sort_unstable();
    nodes.dedup();
    let mut unasked = Unasked::default();
    let mut found = Vec::new();
    for (node, question) in nodes.iter().zip(schemas.ask(&nodes, |node| code(schemas, node))) {
        match question {
            Ok(code) => found.push(Question { node: *node, code }),
            Err(why) => unasked.add(&why),
        }
    }
    (found, unasked)
}

/// The query of a node, or why Spark cannot be asked about it.
fn code(schemas: &Schemas, node: NodeId) -> Result<String, String> {
    let compiled = schemas.renderer().compile(node, Life::Known);
    let is_plain = |code: &&String| [SPLITS, AS_IT_STANDS].iter().all(|mark| !code.contains(mark));
    let code = compiled
        .code
        .as_ref()
        .filter(|_| compiled.status == Status::Success)
        .ok_or("that cannot be rendered")?;
    if !compiled.unknown.is_empty() || !is_plain(&code) {
        return Err("with a text that is known in a run only".to_owned());
    }
    obstacle(schemas, node)?;
    Ok(without_end(code).to_owned())
}

/// Fails with why what a node reads is not as it will find it: what Spark said of it would be no verdict on the node.
fn obstacle(schemas: &Schemas, node: NodeId) -> Result<(), String> {
    let renderer = schemas.renderer();
    let project = renderer.project();
    let graph = project.graph();
    let mut met = BTreeSet::new();
    let mut next = graph.parents(node).to_vec();
    while let Some(parent) = next.pop() {
        let kind = project.node(parent).kind;
        // A source is there or is not, whatever is run.
        let is_made = matches!(
            kind,
            ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
        );
        if !is_made || !met.insert(parent) {
            continue;
        }
        let names = renderer.names(parent);
        if kind == ResourceType::Model && names.materialized() == "ephemeral" {
            next.extend(graph.parents(parent));
            continue;
        }
        let (Some(schema), Some(identifier), Some(state)) =
            (&names.schema, &names.identifier, project.state())
        else {
            continue;
        };
        let Some(table) = state.table(schema, identifier) else {
            if state.database(schema).is_none() || state.has_all_tables_of(schema) {
                return Err(format!(
                    "that would read {schema}.{identifier}, which is not there"
                ));
            }
            continue;
        };
        let known = schemas.of(parent);
        let made = known.relation.as_ref().or(known.columns.as_ref());
        if let (Some(made), Some(there)) = (made, table.known_columns()) {
            let made = names_of(made.iter().map(|field| &*field.name));
            let there = names_of(there.map(|column| &*column.name));
            if made != there {
                return Err(format!(
                    "that would read {schema}.{identifier}, whose columns are others until it is run"
                ));
            }
        }
    }
    Ok(())
}

/// Names of columns, without those that a format or dbt-glue adds to what a query gives.
fn names_of<'a>(columns: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let is_added = |name: &&str| {
        FileFormat::TIMES_OF_WRITING.contains(name) || FileFormat::Hudi.own_columns().contains(name)
    };
    columns
        .filter(|name| !is_added(name))
        .map(str::to_lowercase)
        .collect()
}
