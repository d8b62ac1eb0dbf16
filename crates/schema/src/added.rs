//! What a later run of an incremental model adds to, and what it adds.

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_render::Life;
use glueline_spark::types::Field;

use crate::declared;
use crate::store::Schemas;

/// A table that is there, and the query whose rows a run adds to it.
#[derive(Debug, Clone)]
pub struct Added {
    /// In which life the query was looked at.
    pub life: Life,
    /// The columns of the table.
    pub table: Arc<[Field]>,
    /// The columns of the query.
    pub query: Arc<[Field]>,
    /// The catalog says that the table is there, and with which columns; else it is the one that the first run makes.
    pub is_in_catalog: bool,
}

impl Schemas {
    /// What the next run of a node adds to a table that is there: the one that the catalog file describes, or without such a file the
    /// one that the first run makes. `None` where there is none, or where the columns of either are not known.
    pub fn added(&self, node: NodeId) -> Option<Added> {
        let entry = self.entry(node)?;
        let renderer = self.renderer();
        let Some(state) = renderer.project().state() else {
            let (life, query) = entry.later.as_ref()?;
            return Some(Added {
                life: *life,
                table: entry.schema.relation.clone()?,
                query: Arc::clone(query),
                is_in_catalog: false,
            });
        };
        let names = renderer.names(node);
        let (schema, name) = (names.schema.as_deref()?, names.identifier.as_deref()?);
        let table = state.table(schema, name)?;
        if table.is_view() || !table.is_visible() || table.known_columns().is_none() {
            return None;
        }
        Some(Added {
            life: Life::Known,
            table: declared::in_catalog(renderer.project(), schema, name).into(),
            query: entry.schema.columns.clone()?,
            is_in_catalog: true,
        })
    }
}
