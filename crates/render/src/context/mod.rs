//! The names that dbt puts into Jinja's context (`dbt/context/*.py`).

use glueline_template::{Cx, Value};

use crate::host::NodeHost;

/// A name of dbt's context.
pub(crate) fn member(cx: &Cx, host: &NodeHost, name: &str) -> Option<Value> {
    let _ = (cx, host, name);
    None
}
