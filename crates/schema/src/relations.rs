//! What the names of relations and functions in a query stand for.

use std::cell::Cell;
use std::sync::Arc;

use glueline_base::nearest;
use glueline_project::{Assume, Project};
use glueline_render::Names;
use glueline_spark::analyze::{Relation, Relations};
use glueline_spark::functions;
use glueline_spark::types::Field;
use rustc_hash::FxHashMap;

use crate::declared;
use crate::store::Schemas;
use crate::surroundings::{Surroundings, fold};

/// The relations that a node reads by `ref()` and `source()`, and what the project and the catalog know of others.
pub(crate) struct Named<'a> {
    schemas: &'a Schemas,
    project: &'a Project,
    read: FxHashMap<(String, String), Option<Arc<[Field]>>>,
    /// Whether more was asked for than these.
    looked_around: Cell<bool>,
}

impl<'a> Named<'a> {
    pub(crate) fn new(schemas: &'a Schemas) -> Self {
        Self {
            schemas,
            project: schemas.renderer().project(),
            read: FxHashMap::default(),
            looked_around: Cell::new(false),
        }
    }

    /// Adds a relation; its columns where they are known.
    pub(crate) fn add(&mut self, names: &Names, columns: Option<Arc<[Field]>>) {
        if let (Some(schema), Some(identifier)) = (names.schema.as_deref(), names.identifier.as_deref()) {
            self.read.insert((fold(schema), fold(identifier)), columns);
        }
    }

    /// Whether something was concluded from what the project does not say anywhere.
    pub(crate) fn looked_around(&self) -> bool {
        self.looked_around.get()
    }

    /// What the project says as a whole. Who asks depends on all of it.
    fn around(&self) -> &'a Surroundings {
        self.looked_around.set(true);
        self.schemas.surroundings()
    }

    /// A table that nobody names by `ref()` or `source()`: what the catalog file says of it. That knows all tables of a database that it
    /// has; what the project makes besides may come before. Without one, and unless `--assume` says otherwise, a table is taken to be
    /// absent where the project describes every source that it has, column by column, and nothing else in it speaks of such a database.
    fn in_catalog(&self, schema: &str, name: &str) -> Relation {
        let Some(state) = self.project.state() else {
            let is_absent = match self.project.assume() {
                Assume::Absent => true,
                Assume::Either => {
                    self.around().describes_all_sources() && !self.around().speaks_of_database(schema)
                }
                Assume::Exists | Assume::View => false,
            };
            return if is_absent {
                self.unless_made(Some(schema), name)
            } else {
                Relation::Unknown
            };
        };
        let columns = declared::in_catalog(self.project, schema, name);
        if !columns.is_empty() {
            return Relation::Columns(columns.into());
        }
        if state.has_all_tables_of(schema) && state.table(schema, name).is_none() {
            return self.unless_made(Some(schema), name);
        }
        Relation::Unknown
    }

    /// Whether a function of Spark is spelt almost like that: a prefix, as `st_` of `st_contains`, is no slip.
    fn is_misspelt(&self, name: &str) -> bool {
        let meant = nearest(name, functions::names(self.schemas.version()));
        meant.is_some_and(|meant| meant.len().abs_diff(name.len()) < 2)
    }

    /// A relation that is missing, unless the project makes it.
    fn unless_made(&self, schema: Option<&str>, name: &str) -> Relation {
        if self.around().may_have_relation(schema, name) {
            Relation::Unknown
        } else {
            Relation::Missing
        }
    }

    /// A name by itself is a temporary view, or a relation of the target's schema: dbt-glue starts each session with `use` of that
    /// (`dbt/adapters/glue/gluedbapi/connection.py`).
    fn by_itself(&self, name: &str) -> Relation {
        self.looked_around.set(true);
        let target = self.project.target();
        let schema = target.and_then(|target| target.text("schema"));
        if let Some(Relation::Columns(columns)) = schema.map(|schema| self.in_catalog(schema, name)) {
            return Relation::Columns(columns);
        }
        self.unless_made(schema, name)
    }
}

impl Relations for Named<'_> {
    fn relation(&self, parts: &[&str]) -> Relation {
        let (schema, name) = match parts {
            [name] => return self.by_itself(name),
            [schema, name] | [_, schema, name] => (schema, name),
            _ => return Relation::Unknown,
        };
        match self.read.get(&(fold(schema), fold(name))) {
            Some(Some(columns)) => Relation::Columns(Arc::clone(columns)),
            Some(None) => Relation::Unknown,
            None => self.in_catalog(schema, name),
        }
    }

    fn has_function(&self, parts: &[&str]) -> bool {
        let name = match parts {
            [name] => name,
            // Another engine's way to call one that Spark has; a database with functions of its own has others.
            [_, name] if functions::function(name, self.schemas.version()).is_some() => name,
            _ => return true,
        };
        let around = self.around();
        // What several files call and nobody can have meant otherwise is registered somewhere out of sight.
        around.may_have_function(name)
            || (parts.len() == 1
                && (around.is_of_used_library(name)
                    || (!self.is_misspelt(name)
                        && !functions::is_foreign(name)
                        && around.is_in_several_files(name))))
    }
}
