//! The warehouse of a run: what is there, and what statements have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use glueline_project::{DataCellsFilter, StateColumn, Table};
use rustc_hash::FxHashMap;

use crate::adapter::{base_table, declared_columns};
use crate::host::NodeHost;

/// A database and a name in it, in lower case as Glue keeps names.
type Key = (String, String);

/// What the run has changed so far, over what the catalog file or the project says.
#[derive(Debug, Default)]
pub(crate) struct Warehouse {
    /// Tables and views that were made, or dropped.
    tables: FxHashMap<Key, Option<Arc<Table>>>,
    /// Databases that were made.
    databases: BTreeSet<String>,
    /// Databases that were dropped, with all that was in them.
    dropped_databases: BTreeSet<String>,
    /// The filters of data cells, once one was made or dropped.
    filters: Option<Vec<DataCellsFilter>>,
    /// Temporary views of the session, with their columns where they are known.
    temporary: FxHashMap<String, Option<Vec<StateColumn>>>,
    /// The columns of what was dropped: what is made again under the name is taken to have them.
    dropped: FxHashMap<Key, Vec<StateColumn>>,
}

/// What stands for the columns of a relation that nobody declares: a text that shows in a statement what belongs there.
pub(crate) fn every_column(schema: &str, name: &str) -> StateColumn {
    StateColumn {
        name: format!("/* every column of {schema}.{name} */"),
        data_type: Some(String::new()),
    }
}

/// Whether a name is one that stands for columns which nobody declares.
pub(crate) fn is_stand_in(name: &str) -> bool {
    name.starts_with("/* every column of ")
}

fn key(schema: &str, name: &str) -> Key {
    (schema.to_lowercase(), name.to_lowercase())
}

/// The schema and the name of a relation: without a catalog, and in the session's schema where none is named.
pub(crate) fn place<'a>(parts: &'a [String], current: &'a str) -> (&'a str, &'a str) {
    match parts {
        [] => (current, ""),
        [name] => (current, name),
        [.., schema, name] => (schema, name),
    }
}

/// What a run made of a relation.
pub(crate) enum Touched {
    /// It did not touch it.
    Untouched,
    /// It made or altered it: this is what it is now.
    Made(Arc<Table>),
    /// It dropped it, or the database that it was in.
    Dropped,
}

impl Warehouse {
    /// What became of a relation.
    pub(crate) fn changed(&self, schema: &str, name: &str) -> Touched {
        if self.tables.is_empty() && self.dropped_databases.is_empty() {
            return Touched::Untouched;
        }
        let key = key(schema, name);
        match self.tables.get(&key) {
            Some(Some(table)) => Touched::Made(table.clone()),
            Some(None) => Touched::Dropped,
            None if self.dropped_databases.contains(&key.0) => Touched::Dropped,
            None => Touched::Untouched,
        }
    }

    /// A relation as it is now.
    pub(crate) fn table(&self, host: &NodeHost, schema: &str, name: &str) -> Option<Arc<Table>> {
        match self.changed(schema, name) {
            Touched::Made(table) => Some(table),
            Touched::Dropped => None,
            Touched::Untouched => base_table(host, schema, name).map(Arc::new),
        }
    }

    /// Whether there is a temporary view of a name.
    pub(crate) fn is_temporary(&self, name: &str) -> bool {
        self.temporary.contains_key(&name.to_lowercase())
    }

    /// The columns of a temporary view, where there is one and they are known.
    pub(crate) fn columns_of_temporary(&self, name: &str) -> Option<&[StateColumn]> {
        self.temporary.get(&name.to_lowercase())?.as_deref()
    }

    /// The databases that are there, given those that were there before the run.
    pub(crate) fn databases(&self, before: impl Iterator<Item = String>) -> BTreeSet<String> {
        let kept = before.filter(|name| !self.dropped_databases.contains(name));
        kept.chain(self.databases.iter().cloned()).collect()
    }

    /// The tables of a database that the run touched, each with whether it is there.
    pub(crate) fn touched(&self, schema: &str) -> BTreeMap<&str, bool> {
        let schema = schema.to_lowercase();
        let of_schema = self
            .tables
            .iter()
            .filter(|((database, _), _)| *database == schema);
        of_schema
            .map(|((_, name), table)| (name.as_str(), table.is_some()))
            .collect()
    }

    /// Makes a database.
    pub(crate) fn create_database(&mut self, name: &str) {
        self.databases.insert(name.to_owned());
    }

    /// Drops a database, with all that is in it.
    pub(crate) fn drop_database(&mut self, name: &str) {
        let name = name.to_lowercase();
        self.databases.retain(|made| made.to_lowercase() != name);
        self.tables.retain(|(schema, _), _| *schema != name);
        self.dropped_databases.insert(name);
    }

    /// The filters of data cells as they are now, given those that were there before the run; they may be changed.
    pub(crate) fn filters(
        &mut self,
        before: impl FnOnce() -> Vec<DataCellsFilter>,
    ) -> &mut Vec<DataCellsFilter> {
        self.filters.get_or_insert_with(before)
    }

    /// Puts a table or view in place.
    pub(crate) fn put(&mut self, schema: &str, name: &str, table: Table) {
        self.databases.insert(schema.to_owned());
        self.tables.insert(key(schema, name), Some(Arc::new(table)));
    }

    /// Makes a temporary view.
    pub(super) fn put_temporary(&mut self, host: &NodeHost, parts: &[String], current: &str) {
        let columns = self.columns_of_new(host, parts, current);
        let name = parts.last().map(|name| name.to_lowercase()).unwrap_or_default();
        self.temporary.insert(name, columns);
    }

    /// Drops a relation: a temporary view where one has the name and no schema is named.
    pub(crate) fn drop_relation(&mut self, host: &NodeHost, parts: &[String], current: &str) {
        if let [name] = parts
            && self.temporary.remove(&name.to_lowercase()).is_some()
        {
            return;
        }
        let (schema, name) = place(parts, current);
        if let Some(table) = self.table(host, schema, name) {
            self.dropped
                .insert(key(schema, name), table.all_columns().cloned().collect());
        }
        self.tables.insert(key(schema, name), None);
    }

    /// Adds columns to a table.
    pub(super) fn add_columns(
        &mut self,
        host: &NodeHost,
        schema: &str,
        name: &str,
        columns: Vec<StateColumn>,
    ) {
        if let Some(table) = self.table(host, schema, name) {
            let mut table = Table::clone(&table);
            table.columns.extend(columns);
            self.tables.insert(key(schema, name), Some(Arc::new(table)));
        }
    }

    /// The columns of a relation that the run makes: those that the catalog file gives it, else those of what it is staged for,
    /// of what it replaces, or of what the project declares.
    pub(super) fn columns_of_new(
        &self,
        host: &NodeHost,
        parts: &[String],
        current: &str,
    ) -> Option<Vec<StateColumn>> {
        let state = host.shared.project.state();
        let named: Vec<&str> = parts.iter().map(String::as_str).collect();
        if let Some(columns) = state.and_then(|state| state.session_columns(&named)) {
            return Some(columns.to_vec());
        }
        let (schema, name) = place(parts, current);
        let staged = ["__dbt_tmp", "_tmp"]
            .into_iter()
            .find_map(|suffix| name.strip_suffix(suffix));
        let there = staged
            .and_then(|target| self.table(host, schema, target))
            .or_else(|| self.table(host, schema, name));
        let is_there = there.is_some();
        if let Some(table) = there {
            if table.hides_columns {
                return Some(vec![every_column(schema, staged.unwrap_or(name))]);
            }
            let columns: Vec<StateColumn> = table.all_columns().cloned().collect();
            if !columns.is_empty() {
                return Some(columns);
            }
        }
        if let Some(columns) = self.dropped.get(&key(schema, name)) {
            return Some(columns.clone());
        }
        let declared = declared_columns(host, schema, staged.unwrap_or(name));
        // What is staged for a table that nobody declares differs from it in nothing that is known.
        let same = || {
            let target = staged.filter(|_| is_there && state.is_none())?;
            Some(vec![every_column(schema, target)])
        };
        declared.or_else(same)
    }
}
