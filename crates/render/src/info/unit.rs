//! The configs of what a unit test makes: of the test while it runs, and of the models that stand for its inputs.

use std::sync::Arc;

use glueline_project::ResourceType;
use glueline_template::{Dict, Value};

use super::{fields, finish};

/// dbt's defaults for a kind of resource, with some configs set.
fn defaults<const N: usize>(kind: ResourceType, set: [(&str, Value); N]) -> Arc<Dict> {
    let config = fields::defaults(&fields::of(kind));
    for (key, value) in set {
        config.insert_str(key, value);
    }
    finish::finish(kind, &config);
    Arc::new(config)
}

/// The config of a unit test while it runs (`UnitTestNodeConfig`): that of any node, whatever the tested model says.
pub(crate) fn of_unit_test(rows: Value, sql: Value) -> Arc<Dict> {
    let set = [
        ("materialized", Value::str("unit")),
        ("expected_rows", rows),
        ("expected_sql", sql),
    ];
    defaults(ResourceType::Analysis, set)
}

/// The config of the model that stands for an input.
pub(crate) fn of_input() -> Arc<Dict> {
    defaults(ResourceType::Model, [("materialized", Value::str("ephemeral"))])
}

/// A config as `model.config` holds it.
pub(crate) fn dict_of_unit_test(config: &Dict, omit_none: bool) -> Value {
    finish::to_dict(ResourceType::Model, config, omit_none)
}
