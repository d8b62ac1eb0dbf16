//! What a node is after all its configs are known.

mod fields;
mod finish;
mod layers;
mod merge;
mod names;
mod operation;
mod record;
mod unit;

use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;

use glueline_project::{NodeId, ResourceType};
use glueline_template::{Dict, Error, Value};

use crate::renderer::Shared;

pub(crate) use operation::{
    dict_of_operation, fqn as fqn_of_operation, of_operation, written as written_of_operation,
};
pub(crate) use record::Record;
pub(crate) use unit::{dict_of_unit_test, of_input, of_unit_test};

/// The effective config and the relation of a node.
#[derive(Debug, Default)]
pub struct NodeInfo {
    /// The config that `config.get()` reads: every layer joined as dbt joins them, with dbt's defaults.
    pub config: Arc<Dict>,
    /// What the calls of `config()` in its own file said (`config_call_dict` of dbt).
    pub(crate) in_file: Arc<Dict>,
    /// What every layer said, the later over the earlier, without dbt's defaults (`unrendered_config` of dbt).
    pub(crate) stated: Arc<Dict>,
    names: Arc<Names>,
}

/// What nodes ask of a node that they name. [`NodeInfo`] has it too; a config takes a hundred times as much room.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// The database that the entry of a source names.
    pub database: Option<Arc<str>>,
    /// The schema it is made in.
    pub schema: Option<Arc<str>>,
    /// The name it is made under.
    pub identifier: Option<Arc<str>>,
    /// Why schema or identifier could not be found out.
    pub error: Option<Error>,
    materialized: Option<Arc<str>>,
}

impl Names {
    /// `materialized`, as a text.
    pub fn materialized(&self) -> String {
        self.materialized.as_deref().unwrap_or("view").to_owned()
    }

    /// Whether it is `ephemeral`.
    pub fn is_ephemeral(&self) -> bool {
        self.materialized.as_deref() == Some("ephemeral")
    }
}

impl Deref for NodeInfo {
    type Target = Names;

    fn deref(&self) -> &Names {
        &self.names
    }
}

impl NodeInfo {
    pub(crate) fn find(shared: &Arc<Shared>, id: NodeId) -> Self {
        let node = shared.project.node(id);
        let fields = fields::of(node.kind);
        let config = fields::defaults(&fields);
        let (in_file, stated) = (Dict::default(), Dict::default());
        let of_project = Dict::default();
        for layers::Setting {
            key,
            written,
            value,
            is_in_file,
            is_of_project,
        } in layers::of(shared, id)
        {
            fields::insert(&stated, &written, value.clone());
            if is_in_file {
                fields::insert(&in_file, &key, value.clone());
            }
            let Some(field) = fields.iter().find(|field| field.key() == &*key) else {
                fields::insert(&config, &key, value);
                continue;
            };
            let before = config.get_str(field.name).unwrap_or_default();
            if is_of_project {
                fields::insert(&of_project, field.name, value.clone());
            } else if value.is_none() && field.merge == fields::Merge::Clobber {
                // What is null in the end is left out, and the project's own value stands.
                let value = of_project
                    .get_str(field.name)
                    .unwrap_or_else(|| field.default.value());
                fields::insert(&config, field.name, value);
                continue;
            }
            fields::insert(&config, field.name, merge::merge(field.merge, &before, value));
        }
        if node.kind == ResourceType::Test
            && node.identifier.is_some()
            && config.get_str("alias").is_some_and(|alias| alias.is_none())
        {
            // The short name of a generic test whose own is too long.
            config.insert_str("alias", Value::from(node.identifier.as_deref()));
        }
        finish::finish(node.kind, &config);
        let names = Names {
            materialized: names::text(&config, "materialized"),
            ..Names::default()
        };
        let mut info = Self {
            config: Arc::new(config),
            in_file: Arc::new(in_file),
            stated: Arc::new(stated),
            names: Arc::new(names),
        };
        names::fill(shared, id, &mut info);
        // There is one of each for every node.
        for dict in [&info.config, &info.in_file, &info.stated] {
            dict.lock().shrink_to_fit();
        }
        info
    }

    /// What others ask of it.
    pub(crate) fn names(&self) -> Arc<Names> {
        self.names.clone()
    }

    /// All by which those that name it tell it from another node.
    pub(crate) fn told(&self) -> impl Hash + use<> {
        let error = self.error.as_ref().map(|error| error.message().to_owned());
        let names = [
            self.database.clone(),
            self.schema.clone(),
            self.identifier.clone(),
        ];
        (
            names,
            error,
            glueline_template::repr(&Value::Dict(self.config.clone())),
        )
    }

    /// The config as the manifest and `model.config` hold it, with or without what is `None`.
    pub(crate) fn config_dict(&self, kind: ResourceType, omit_none: bool) -> Value {
        finish::to_dict(kind, &self.config, omit_none)
    }
}
