//! Materializations, file formats, relations and locations.

pub(crate) mod locations;
pub(crate) mod node;
pub(crate) mod relations;

pub(crate) mod buckets_without_clustered_by;
pub(crate) mod clustered_by_without_buckets;
pub(crate) mod column_docs_fail;
pub(crate) mod config_breaks_adapter;
pub(crate) mod constraints_without_file_format;
pub(crate) mod contract_incomplete;
pub(crate) mod custom_location_empty;
pub(crate) mod custom_location_trailing_slash;
pub(crate) mod grants_refused;
pub(crate) mod hudi_table_adds_rows;
pub(crate) mod iceberg_view_is_a_table;
pub(crate) mod materialized_view;
pub(crate) mod name_needs_quoting;
pub(crate) mod nested_location;
pub(crate) mod persist_docs_ignored;
pub(crate) mod quote_in_persisted_description;
pub(crate) mod relations_differ_in_case;
pub(crate) mod rename_relation_in_macros;
pub(crate) mod s3tables_view;
pub(crate) mod schema_needs_quoting;
pub(crate) mod schema_quoting_breaks_iceberg;
pub(crate) mod shared_location;
pub(crate) mod table_over_iceberg;
pub(crate) mod table_rerun_needs_conf;
pub(crate) mod text_needed_in_table_properties;
pub(crate) mod two_nodes_one_relation;
pub(crate) mod unknown_materialization;
pub(crate) mod unknown_table_file_format;
pub(crate) mod upper_case_name;
pub(crate) mod views_in_iceberg_catalog;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &buckets_without_clustered_by::RULE,
    &clustered_by_without_buckets::RULE,
    &column_docs_fail::RULE,
    &config_breaks_adapter::RULE,
    &constraints_without_file_format::RULE,
    &contract_incomplete::RULE,
    &custom_location_empty::RULE,
    &custom_location_trailing_slash::RULE,
    &grants_refused::RULE,
    &hudi_table_adds_rows::RULE,
    &iceberg_view_is_a_table::RULE,
    &materialized_view::RULE,
    &name_needs_quoting::RULE,
    &nested_location::RULE,
    &persist_docs_ignored::RULE,
    &quote_in_persisted_description::RULE,
    &relations_differ_in_case::RULE,
    &rename_relation_in_macros::RULE,
    &s3tables_view::RULE,
    &schema_needs_quoting::RULE,
    &schema_quoting_breaks_iceberg::RULE,
    &shared_location::RULE,
    &table_over_iceberg::RULE,
    &table_rerun_needs_conf::RULE,
    &text_needed_in_table_properties::RULE,
    &two_nodes_one_relation::RULE,
    &unknown_materialization::RULE,
    &unknown_table_file_format::RULE,
    &upper_case_name::RULE,
    &views_in_iceberg_catalog::RULE,
];
