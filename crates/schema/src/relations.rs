//! What the names of relations in a query stand for.

use std::sync::Arc;

use glueline_spark::analyze::{Relation, Relations};
use glueline_spark::types::Field;
use rustc_hash::FxHashMap;

/// The relations that a node reads by `ref()` and `source()`. Of any other nothing is known.
pub(crate) struct Named(FxHashMap<(String, String), Option<Arc<[Field]>>>);

impl Named {
    /// Relations by schema and identifier.
    pub(crate) fn new(relations: impl Iterator<Item = (Arc<str>, Arc<str>, Option<Arc<[Field]>>)>) -> Self {
        let folded = relations.map(|(schema, name, columns)| ((fold(&schema), fold(&name)), columns));
        Self(folded.collect())
    }
}

impl Relations for Named {
    fn relation(&self, parts: &[&str]) -> Relation {
        let (schema, name) = match parts {
            [schema, name] | [_, schema, name] => (fold(schema), fold(name)),
            _ => return Relation::Unknown,
        };
        match self.0.get(&(schema, name)) {
            Some(Some(columns)) => Relation::Columns(Arc::clone(columns)),
            Some(None) | None => Relation::Unknown,
        }
    }

    /// What a project registers by itself cannot be seen from here.
    fn has_function(&self, _: &[&str]) -> bool {
        true
    }
}

/// Spark compares names of relations without case.
fn fold(name: &str) -> String {
    name.to_lowercase()
}
