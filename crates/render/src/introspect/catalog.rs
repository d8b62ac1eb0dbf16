//! What the catalog shows while a node is rendered: what the file says, with what the run at hand has changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_project::{StateColumn, Table};

use crate::adapter::current_schema;
use crate::host::NodeHost;
use crate::run::place;

/// The catalog as a node sees it.
pub(super) struct Catalog<'a> {
    host: &'a NodeHost,
}

/// Whether a name is that of a temporary view.
pub(super) enum Temporary {
    /// It is one; its columns where they are known.
    Here(Option<Vec<StateColumn>>),
    /// Its last part is, but a temporary view belongs to no schema.
    Elsewhere,
    No,
}

impl<'a> Catalog<'a> {
    pub(super) const fn of(host: &'a NodeHost) -> Self {
        Self { host }
    }

    /// A table by a name that may have a catalog before it, or no schema.
    pub(super) fn table_named(&self, parts: &[String]) -> Option<Arc<Table>> {
        let current = current_schema(&self.host.shared.project);
        let (schema, name) = place(parts, &current);
        match self.host.run() {
            Some(run) => run.warehouse().table(self.host, schema, name),
            None => {
                let state = self.host.shared.project.state()?;
                state.table(schema, name).cloned().map(Arc::new)
            }
        }
    }

    /// Whether a name is that of a temporary view.
    pub(super) fn temporary(&self, parts: &[String]) -> Temporary {
        let Some(run) = self.host.run() else {
            return Temporary::No;
        };
        let warehouse = run.warehouse();
        let Some(name) = parts.last().filter(|name| warehouse.is_temporary(name)) else {
            return Temporary::No;
        };
        let columns = warehouse.columns_of_temporary(name).map(<[_]>::to_vec);
        drop(warehouse);
        match parts {
            [_] => Temporary::Here(columns),
            _ if self.table_named(parts).is_some() => Temporary::No,
            _ => Temporary::Elsewhere,
        }
    }

    /// The tables of a database, sorted.
    pub(super) fn tables_in(&self, schema: &str) -> Vec<String> {
        let state = self.host.shared.project.state();
        let database = state.and_then(|state| state.databases.get(&schema.to_ascii_lowercase()));
        let mut names: BTreeSet<String> = database
            .into_iter()
            .flat_map(|database| database.tables.keys().cloned())
            .collect();
        if let Some(run) = self.host.run() {
            for (name, is_there) in run.warehouse().touched(schema) {
                if is_there {
                    names.insert(name.to_owned());
                } else {
                    names.remove(name);
                }
            }
        }
        names.into_iter().collect()
    }

    /// The databases, sorted.
    pub(super) fn databases(&self) -> Vec<String> {
        let state = self.host.shared.project.state();
        let known = state
            .into_iter()
            .flat_map(|state| state.databases.keys().cloned());
        match self.host.run() {
            Some(run) => run.warehouse().databases(known).into_iter().collect(),
            None => known.collect(),
        }
    }
}
