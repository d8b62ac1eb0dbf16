//! Modules of Python that dbt hands to templates (`dbt/context/base.py`, `get_context_modules`).

use crate::{Error, Value};

/// A module of Python that dbt hands to templates: `datetime`, `pytz`, `re`, `itertools`.
pub fn module(name: &str) -> Option<Value> {
    let _ = name;
    None
}

/// What Python says where two objects of these modules cannot be ordered.
pub(crate) fn order_error(left: &Value, right: &Value) -> Option<Error> {
    let _ = (left, right);
    None
}
