//! Snapshots.

pub(crate) mod place;

pub(crate) mod hudi_snapshot_runs_once;
pub(crate) mod refused_check_cols;
pub(crate) mod refused_hard_deletes;
pub(crate) mod snapshot_incomplete;
pub(crate) mod snapshot_needs_lake_format;
pub(crate) mod snapshot_over_other_format;
pub(crate) mod snapshot_target_lacks_columns;
pub(crate) mod unknown_snapshot_strategy;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &hudi_snapshot_runs_once::RULE,
    &refused_check_cols::RULE,
    &refused_hard_deletes::RULE,
    &snapshot_incomplete::RULE,
    &snapshot_needs_lake_format::RULE,
    &snapshot_over_other_format::RULE,
    &snapshot_target_lacks_columns::RULE,
    &unknown_snapshot_strategy::RULE,
];
