//! Modules of Python that dbt hands to templates (`dbt/context/base.py`, `get_context_modules`).

pub(super) mod datetime;
mod itertools;
pub(super) mod re;

use crate::{Error, Value};

/// A module of Python that dbt hands to templates: `datetime`, `pytz`, `re`, `itertools`.
pub fn module(name: &str) -> Option<Value> {
    Some(match name {
        "datetime" => datetime::module(),
        "pytz" => datetime::pytz(),
        "re" => re::module(),
        "itertools" => itertools::module(),
        _ => return None,
    })
}

/// What Python says where two objects of these modules cannot be ordered.
pub(crate) fn order_error(left: &Value, right: &Value) -> Option<Error> {
    datetime::order_error(left, right)
}
