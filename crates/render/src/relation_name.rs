//! The `relation_name` of nodes, as artifacts hold it.

use std::sync::Arc;

use glueline_project::{NodeId, ResourceType};
use glueline_template::Value;

use crate::relation::Relation;
use crate::renderer::{Renderer, Shared};

impl Renderer {
    /// dbt's `relation_name`: the relation that a node is made as, quoted as the project asks; `None` for nodes that make none
    /// (`dbt/parser/base.py`, `_update_node_relation_name`) and where its name cannot be known.
    pub fn relation_name(&self, node: NodeId) -> Option<String> {
        let shared = &self.0;
        let names = Shared::names(shared, node);
        let known = names.schema.is_some() && names.identifier.is_some();
        (known && makes_relation(shared, node)).then(|| Relation::of_node(shared, node).render())
    }

    /// What `ref()` or `source()` prints for a node; `None` for what neither names, and where its name cannot be known.
    pub fn printed_name(&self, node: NodeId) -> Option<String> {
        let shared = &self.0;
        let kind = shared.project.node(node).kind;
        let names = Shared::names(shared, node);
        let known = names.schema.is_some() && names.identifier.is_some();
        if !known || !(kind.is_refable() || kind == ResourceType::Source) {
            return None;
        }
        let is_ephemeral = kind == ResourceType::Model && names.is_ephemeral();
        let relation = if is_ephemeral {
            Relation::ephemeral(shared, node)
        } else {
            Relation::of_node(shared, node)
        };
        Some(relation.render())
    }

    /// Whether dbt makes something in a schema for a node: also for a test that stores what it finds.
    pub fn makes_relation(&self, node: NodeId) -> bool {
        makes_relation(&self.0, node)
    }

    /// The enabled node that is made, or read, as a relation. Names ignore case, as Glue's do.
    pub fn node_named(&self, schema: &str, name: &str) -> Option<NodeId> {
        crate::adapter::named(&self.0, schema, name)
    }
}

/// Whether dbt makes something in a schema for a node: also for a test that stores what it finds.
pub(crate) fn makes_relation(shared: &Arc<Shared>, node: NodeId) -> bool {
    match shared.project.node(node).kind {
        ResourceType::Model => !Shared::names(shared, node).is_ephemeral(),
        ResourceType::Seed | ResourceType::Snapshot => true,
        ResourceType::Test => match Shared::info(shared, node).config.get_str("store_failures") {
            Some(Value::Bool(stores)) => stores,
            _ => shared.settings.flags.store_failures,
        },
        ResourceType::Source | ResourceType::UnitTest | ResourceType::Analysis | ResourceType::Exposure => {
            false
        }
    }
}
