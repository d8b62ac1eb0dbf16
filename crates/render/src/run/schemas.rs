//! What dbt asks and makes before it runs the first node (`RunTask.before_run` in `dbt/task/run.py`).

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_project::NodeId;
use rayon::prelude::*;

use super::turn::{Turn, Whose};
use super::{Event, NoAnswer, Run};
use crate::adapter::schemas;
use crate::host::{NodeHost, Phase, Scene};
use crate::relation_name::makes_relation;
use crate::renderer::Shared;

/// What happened before the first node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prepared {
    /// What was asked and made, in order.
    pub events: Vec<Event>,
    /// Why the run cannot go on: it is not known what became of a schema that was to be made. What the service refuses does not
    /// end the run; dbt-glue logs it, and so it is among the events.
    pub failure: Option<NoAnswer>,
}

impl Run {
    /// Makes the schemas of the nodes that are going to run, and looks at the tables of all schemas of the project, as dbt does for the
    /// cache that dbt-glue then does not use. Tests have a schema where they store what they find. dbt's order of schemas is any: here
    /// they come sorted.
    pub fn create_schemas(&self, nodes: &[NodeId]) -> Prepared {
        let mut host = NodeHost::text(&self.shared, "master", Phase::Execute);
        let turn = self.turn(Whose::Nobody);
        host.scene = Scene::from(&turn);
        let wanted: BTreeSet<Arc<str>> = nodes.iter().filter_map(|id| self.schema_of(*id)).collect();
        if !wanted.is_empty() {
            let mut known: BTreeSet<String> = schemas::list(&host)
                .into_iter()
                .map(|schema| schema.to_lowercase())
                .collect();
            for schema in &wanted {
                if known.insert(schema.to_lowercase())
                    && let Err(why) = schemas::create(&host, schema)
                {
                    return prepared(&turn, Some(why));
                }
            }
        }
        // All of the project, where perhaps one node runs.
        let all = self.shared.project.nodes().par_iter();
        let all: BTreeSet<Arc<str>> = all
            .filter(|node| node.enabled)
            .filter_map(|node| self.schema_of(node.id))
            .collect();
        for schema in all {
            schemas::list_tables(&host, &schema);
        }
        prepared(&turn, None)
    }

    /// The schema that a node makes something in.
    fn schema_of(&self, id: NodeId) -> Option<Arc<str>> {
        // What makes no relation need not be named, and what is named for certain need not be asked.
        if !makes_relation(&self.shared, id) {
            return None;
        }
        let known = self.shared.project.node(id).schema.clone();
        known.or_else(|| Shared::names(&self.shared, id).schema.clone())
    }
}

fn prepared(turn: &Turn, failure: Option<NoAnswer>) -> Prepared {
    Prepared {
        events: std::mem::take(&mut turn.current().events),
        failure,
    }
}
