//! Materializations, file formats, relations and locations.

pub(crate) mod node;

pub(crate) mod buckets_without_clustered_by;
pub(crate) mod clustered_by_without_buckets;
pub(crate) mod column_docs_fail;
pub(crate) mod constraints_without_file_format;
pub(crate) mod custom_location_empty;
pub(crate) mod custom_location_trailing_slash;
pub(crate) mod grants_refused;
pub(crate) mod iceberg_view_is_a_table;
pub(crate) mod materialized_view;
pub(crate) mod name_needs_quoting;
pub(crate) mod persist_docs_ignored;
pub(crate) mod quote_in_persisted_description;
pub(crate) mod s3tables_view;
pub(crate) mod text_needed_in_table_properties;
pub(crate) mod unknown_materialization;
pub(crate) mod unknown_table_file_format;
pub(crate) mod upper_case_name;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &buckets_without_clustered_by::RULE,
    &clustered_by_without_buckets::RULE,
    &column_docs_fail::RULE,
    &constraints_without_file_format::RULE,
    &custom_location_empty::RULE,
    &custom_location_trailing_slash::RULE,
    &grants_refused::RULE,
    &iceberg_view_is_a_table::RULE,
    &materialized_view::RULE,
    &name_needs_quoting::RULE,
    &persist_docs_ignored::RULE,
    &quote_in_persisted_description::RULE,
    &s3tables_view::RULE,
    &text_needed_in_table_properties::RULE,
    &unknown_materialization::RULE,
    &unknown_table_file_format::RULE,
    &upper_case_name::RULE,
];
