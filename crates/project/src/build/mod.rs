//! From the facts of all files to nodes.

mod configs;
mod drafts;

use glueline_base::Value;
use rayon::prelude::*;

use crate::build::configs::{ConfigMacros, resolve_config};
use crate::build::drafts::{Draft, drafts};
use crate::node::{Node, NodeId};
use crate::project::Inputs;

/// Makes the nodes, sorted by unique id, configs resolved and names given; what they read is filled in later.
pub(crate) fn nodes(inputs: &Inputs<'_>) -> Vec<Node> {
    let mut drafts = drafts(inputs);
    drafts.sort_by(|a, b| {
        a.unique_id
            .cmp(&b.unique_id)
            .then_with(|| a.at.file.cmp(&b.at.file))
    });
    let configuring = ConfigMacros::new(inputs);
    drafts
        .into_par_iter()
        .enumerate()
        .map(|(number, draft)| node(inputs, &configuring, number, draft))
        .collect()
}

fn node(inputs: &Inputs<'_>, configuring: &ConfigMacros<'_>, number: usize, draft: Draft) -> Node {
    let config = resolve_config(inputs, configuring, &draft);
    let enabled = config.get("enabled").value() != Some(&Value::Bool(false));
    let mut node = Node {
        id: NodeId(u32::try_from(number).unwrap_or(u32::MAX)),
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
    };
    if let Some(test) = draft.generic_test {
        node.identifier = test.alias;
        node.generic_test = Some(test.test);
    }
    crate::relation::name(inputs, &mut node);
    node
}
