//! `this` (`dbt/context/providers.py`, `ModelContext.this`).

use glueline_template::Value;

use crate::host::NodeHost;
use crate::relation::{Relation, ephemeral_name};

/// `this`; nothing where no node is rendered.
pub(super) fn this(host: &NodeHost) -> Option<Value> {
    if host.operation().is_some() {
        return Some(Value::None);
    }
    if let Some(test) = host.tested() {
        let input = test.this.and_then(|this| test.input_of(this));
        return Some(input.map_or(Value::None, |(_, input)| Value::from(ephemeral_name(&input.cte))));
    }
    Relation::this(host).map(Value::native)
}
