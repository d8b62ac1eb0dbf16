//! From the facts of all files to nodes.

mod configs;
mod drafts;

use glueline_base::Value;
use rayon::prelude::*;

pub(crate) use crate::build::configs::ConfigMacros;
use crate::build::configs::resolve_config;
pub(crate) use crate::build::drafts::{Draft, Patches, of_file};
use crate::config::Config;
use crate::fold::asks_for_vars;
use crate::node::{Node, NodeId};
use crate::project::Inputs;

/// Makes the nodes, sorted by unique id, configs resolved and names given; what they read is filled in later.
pub(crate) fn nodes(inputs: &Inputs<'_>, patches: &Patches, configuring: &ConfigMacros) -> Vec<Node> {
    let files: Vec<_> = inputs.files.ids().collect();
    let mut drafts: Vec<Draft> = files
        .into_par_iter()
        .flat_map_iter(|file| of_file(inputs, patches, file))
        .collect();
    sort(&mut drafts);
    drafts
        .into_par_iter()
        .enumerate()
        .map(|(number, draft)| {
            let id = NodeId(u32::try_from(number).unwrap_or(u32::MAX));
            node(inputs, configuring, id, draft)
        })
        .collect()
}

/// Puts drafts in the order of nodes: by unique id, and those that claim the same one by file.
pub(crate) fn sort(drafts: &mut [Draft]) {
    drafts.par_sort_by(|a, b| {
        a.unique_id
            .cmp(&b.unique_id)
            .then_with(|| a.at.file.cmp(&b.at.file))
    });
}

/// The node that a draft becomes.
pub(crate) fn node(inputs: &Inputs<'_>, configuring: &ConfigMacros, id: NodeId, draft: Draft) -> Node {
    let (mut node, asks) = asks_for_vars(|| make(inputs, configuring, id, draft));
    node.asks_for_vars = asks;
    node
}

/// A node as other config trees of the project files make it; `None` where it stays as it is.
pub(crate) fn replanted(inputs: &Inputs<'_>, node: &Node) -> Option<Node> {
    let config = configs::replanted(inputs, node)?;
    let mut node = Node {
        enabled: is_enabled(&config),
        config,
        ..node.clone()
    };
    let ((), asks) = asks_for_vars(|| crate::relation::name(inputs, &mut node));
    node.asks_for_vars |= asks;
    Some(node)
}

fn is_enabled(config: &Config) -> bool {
    config.get("enabled").value() != Some(&Value::Bool(false))
}

fn make(inputs: &Inputs<'_>, configuring: &ConfigMacros, id: NodeId, draft: Draft) -> Node {
    let config = resolve_config(inputs, configuring, &draft);
    let enabled = is_enabled(&config);
    let mut node = Node {
        id,
        kind: draft.kind,
        unique_id: draft.unique_id,
        name: draft.name,
        source_name: draft.source_name,
        package: draft.package,
        at: draft.at,
        block: draft.block,
        fqn: draft.fqn,
        language: draft.language,
        config,
        enabled,
        patch: draft.patch,
        version: draft.version,
        schema: None,
        identifier: None,
        dependencies: Vec::new(),
        generic_test: None,
        asks_for_vars: false,
    };
    if let Some(test) = draft.generic_test {
        node.identifier = test.alias;
        node.generic_test = Some(test.test);
    }
    crate::relation::name(inputs, &mut node);
    node
}
