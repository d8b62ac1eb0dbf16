//! Python models.

pub(crate) mod model;

pub(crate) mod python_contract;
pub(crate) mod python_custom_location_ignored;
pub(crate) mod python_incremental_overwrites;
pub(crate) mod python_is_incremental_not_called;
pub(crate) mod python_lake_format;
pub(crate) mod python_materialization;
pub(crate) mod python_model_refused;
pub(crate) mod python_packages_ignored;
pub(crate) mod python_session_left_running;
pub(crate) mod python_strategy_rebuilds;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &python_contract::RULE,
    &python_custom_location_ignored::RULE,
    &python_incremental_overwrites::RULE,
    &python_is_incremental_not_called::RULE,
    &python_lake_format::RULE,
    &python_materialization::RULE,
    &python_model_refused::RULE,
    &python_packages_ignored::RULE,
    &python_session_left_running::RULE,
    &python_strategy_rebuilds::RULE,
];
