//! An edit of the files that say how all others are read, which leaves every node where it is.
//!
//! Configs that project files set for whole folders are put in place of those before them; nodes of which something was found out by
//! asking for a variable are made anew, where variables differ.

use std::sync::Arc;

use glueline_base::{FileId, SharedVec, System};
use rayon::prelude::*;

use crate::adapter::Adapter;
use crate::build;
use crate::facts::FileFacts;
use crate::files::Files;
use crate::load::LoadOptions;
use crate::load::edit::edited_nodes;
use crate::load::reading::is_read_alike;
use crate::node::{Node, ResourceType};
use crate::project::Project;
use crate::setup::Setup;
use crate::variables;

/// Of so many files nodes are made anew; of more, all are, in parallel.
const MOST: usize = 64;

/// The project with another setup, given its files with what was read early; `None` where that changes more than configs.
pub(super) fn replanted(
    system: &dyn System,
    options: &LoadOptions,
    last: &Project,
    setup: Arc<Setup>,
    (files, facts): (&Files, &SharedVec<FileFacts>),
) -> Option<Project> {
    if !are_alike(&last.setup, &setup) {
        return None;
    }
    let asking = if have_same_vars(&last.setup, &setup) {
        Vec::new()
    } else {
        asking(last)?
    };
    let mut project = Project {
        files: files.clone(),
        facts: facts.clone(),
        setup,
        ..last.clone()
    };
    for node in other_nodes(system, last, &project, &asking)? {
        project.graph.update(&node);
        project.nodes.0.set(node.id.0 as usize, Arc::new(node));
    }
    let setup = project.setup.clone();
    let root = &setup.root().project;
    let unset = variables::unset_in_yaml(system, &project.files, &project.facts, root);
    project.missing_env = Arc::new([setup.missing_env.as_slice(), &unset].concat());
    project.adapter = Adapter::of(system, &options.project_dir, &setup, project.nodes.iter());
    Some(project)
}

/// Whether nodes see nothing of two setups that differs, but for variables and what project files set.
fn are_alike(last: &Setup, now: &Setup) -> bool {
    let names = |setup: &Setup| -> Vec<Arc<str>> {
        let packages = setup.packages.iter();
        packages.map(|package| package.name.clone()).collect()
    };
    let files = |setup: &Setup| -> Vec<FileId> {
        let packages = setup.packages.iter();
        packages.map(|package| package.project.file).collect()
    };
    names(last) == names(now)
        && files(last) == files(now)
        && last.target() == now.target()
        && last.wanted_target == now.wanted_target
        && last.all_packages_present == now.all_packages_present
}

fn have_same_vars(last: &Setup, now: &Setup) -> bool {
    let packages = last.packages.iter().zip(&now.packages);
    packages
        .into_iter()
        .all(|(last, now)| last.project.vars == now.project.vars)
}

/// The files of the nodes that ask for variables; `None` where that are too many, or where names may ask for them.
fn asking(last: &Project) -> Option<Vec<FileId>> {
    if last
        .facts
        .iter()
        .filter_map(FileFacts::yaml)
        .any(|facts| facts.properties.has_made_names())
    {
        return None;
    }
    let asking = last.nodes.iter().filter(|node| node.asks_for_vars);
    let mut files: Vec<FileId> = asking.map(Node::file).collect();
    files.sort_unstable();
    files.dedup();
    (files.len() <= MOST).then_some(files)
}

/// The nodes that come out otherwise, with those of some files among them; `None` where others could tell the difference.
fn other_nodes(
    system: &dyn System,
    last: &Project,
    project: &Project,
    asking: &[FileId],
) -> Option<Vec<Node>> {
    let inputs = project
        .setup
        .inputs(system, &project.files, &project.facts, &project.macros);
    let replant = |node: &Node| build::replanted(&inputs, node);
    let mut nodes: Vec<Node> = last.nodes.par_iter().filter_map(replant).collect();
    // Later ones count.
    nodes.extend(edited_nodes(system, last, project, asking)?);
    let is_alike = |node: &Node| {
        let is_seed = node.kind == ResourceType::Seed;
        node.enabled == last.node(node.id).enabled && (!is_seed || !node.enabled || is_read_alike(last, node))
    };
    nodes.iter().all(is_alike).then_some(nodes)
}
