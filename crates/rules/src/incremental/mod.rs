//! Incremental models.

pub(crate) mod body;
pub(crate) mod edit;
pub(crate) mod model;
pub(crate) mod session;

pub(crate) mod boolean_where_text_is_read;
pub(crate) mod contract_needs_schema_change;
pub(crate) mod contract_never_checked;
pub(crate) mod expire_snapshots_by_default;
pub(crate) mod full_refresh_ignored_on_hudi;
pub(crate) mod hudi_unique_key_list;
pub(crate) mod hudi_without_unique_key;
pub(crate) mod iceberg_timestamp_without_schema_change;
pub(crate) mod insert_overwrite_reads_itself;
pub(crate) mod insert_overwrite_without_partitions;
pub(crate) mod merge_needs_lake_format;
pub(crate) mod merge_updates_and_excludes;
pub(crate) mod merge_without_unique_key;
pub(crate) mod missing_incremental_strategy;
pub(crate) mod other_format_in_place;
pub(crate) mod partition_by_mapping;
pub(crate) mod partition_by_text;
pub(crate) mod partition_transform_in_insert_overwrite;
pub(crate) mod predicates_as_text;
pub(crate) mod predicates_twice;
pub(crate) mod schema_change_fail_never_fails;
pub(crate) mod schema_change_ignored;
pub(crate) mod static_insert_overwrite;
pub(crate) mod sync_columns_cannot_drop;
pub(crate) mod temp_tables_left_behind;
pub(crate) mod temp_views_on_s3tables;
pub(crate) mod unique_key_unused;
pub(crate) mod unique_key_with_comma;
pub(crate) mod unknown_incremental_file_format;
pub(crate) mod unknown_incremental_strategy;
pub(crate) mod unknown_schema_change;
pub(crate) mod unused_incremental_option;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &boolean_where_text_is_read::RULE,
    &contract_needs_schema_change::RULE,
    &contract_never_checked::RULE,
    &expire_snapshots_by_default::RULE,
    &full_refresh_ignored_on_hudi::RULE,
    &hudi_unique_key_list::RULE,
    &hudi_without_unique_key::RULE,
    &iceberg_timestamp_without_schema_change::RULE,
    &insert_overwrite_reads_itself::RULE,
    &insert_overwrite_without_partitions::RULE,
    &merge_needs_lake_format::RULE,
    &merge_updates_and_excludes::RULE,
    &merge_without_unique_key::RULE,
    &missing_incremental_strategy::RULE,
    &other_format_in_place::RULE,
    &partition_by_mapping::RULE,
    &partition_by_text::RULE,
    &partition_transform_in_insert_overwrite::RULE,
    &predicates_as_text::RULE,
    &predicates_twice::RULE,
    &schema_change_fail_never_fails::RULE,
    &schema_change_ignored::RULE,
    &static_insert_overwrite::RULE,
    &sync_columns_cannot_drop::RULE,
    &temp_tables_left_behind::RULE,
    &temp_views_on_s3tables::RULE,
    &unique_key_unused::RULE,
    &unique_key_with_comma::RULE,
    &unknown_incremental_file_format::RULE,
    &unknown_incremental_strategy::RULE,
    &unknown_schema_change::RULE,
    &unused_incremental_option::RULE,
];
