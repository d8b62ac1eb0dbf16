//! `this` (`dbt/context/providers.py`, `ModelContext.this`).

use glueline_template::Value;

use crate::host::NodeHost;
use crate::relation::Relation;

/// `this`; nothing where no node is rendered.
pub(super) fn this(host: &NodeHost) -> Option<Value> {
    if host.operation().is_some() {
        return Some(Value::None);
    }
    Relation::this(host).map(Value::native)
}
