//! What a node is after all its configs are known.

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_template::Dict;

use crate::renderer::Shared;

/// The effective config and the relation of a node.
#[derive(Debug, Default)]
pub struct NodeInfo {
    /// The config that `config.get()` reads: every layer joined as dbt joins them, with dbt's defaults.
    pub config: Arc<Dict>,
    /// The schema it is made in.
    pub schema: Option<Arc<str>>,
    /// The name it is made under.
    pub identifier: Option<Arc<str>>,
    /// Why schema or identifier could not be found out: what dbt would say.
    pub error: Option<String>,
}

impl NodeInfo {
    pub(crate) fn find(shared: &Arc<Shared>, node: NodeId) -> Self {
        let node = shared.project.node(node);
        Self {
            config: Arc::default(),
            schema: node.schema.clone(),
            identifier: node.identifier.clone(),
            error: None,
        }
    }

    /// `materialized`, as a text.
    pub fn materialized(&self) -> String {
        self.config
            .get_str("materialized")
            .and_then(|value| value.as_str().map(std::borrow::Cow::into_owned))
            .unwrap_or_else(|| "view".to_owned())
    }
}
