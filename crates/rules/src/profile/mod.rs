//! The profile: keys, types, sessions, Spark configuration.

mod arguments;
mod lake;
mod output;
mod pairs;
mod scalar;
pub(crate) mod template;

pub(crate) mod arrow_results_left;
pub(crate) mod catalog_namespace_differs;
pub(crate) mod conf_starts_with_flag;
pub(crate) mod conf_too_long;
pub(crate) mod corrupted_default_arguments;
pub(crate) mod corrupted_tags;
pub(crate) mod dead_profile_key;
pub(crate) mod default_arguments_overridden;
pub(crate) mod delta_conf_incomplete;
pub(crate) mod empty_profile_value;
pub(crate) mod env_var_gives_text;
pub(crate) mod failing_profile_filter;
pub(crate) mod fine_grained_access_argument;
pub(crate) mod glue_catalog_disabled;
pub(crate) mod hudi_conf_incomplete;
pub(crate) mod hudi_extension_after_iceberg;
pub(crate) mod iceberg_catalog_incomplete;
pub(crate) mod iceberg_conf_incomplete;
pub(crate) mod invalid_region;
pub(crate) mod invalid_role_arn;
pub(crate) mod jar_for_other_glue;
pub(crate) mod lake_format_not_loaded;
pub(crate) mod large_dev_session;
pub(crate) mod location_not_s3;
pub(crate) mod location_trailing_slash;
pub(crate) mod lock_manager_for_other_glue;
pub(crate) mod lock_manager_without_table;
pub(crate) mod long_idle_timeout;
pub(crate) mod malformed_connections;
pub(crate) mod malformed_default_arguments;
pub(crate) mod malformed_tags;
pub(crate) mod missing_location;
pub(crate) mod missing_profile_key;
pub(crate) mod misspelt_adapter_type;
pub(crate) mod misspelt_class_in_conf;
pub(crate) mod profile_database_differs;
pub(crate) mod profile_database_repeats_schema;
pub(crate) mod profile_not_found;
pub(crate) mod profile_number_too_small;
pub(crate) mod profile_without_outputs;
pub(crate) mod quote_in_location;
pub(crate) mod repeated_spark_conf;
pub(crate) mod seed_mode_means_append;
pub(crate) mod session_id_without_reuse;
pub(crate) mod session_per_node;
pub(crate) mod session_reuse_without_id;
pub(crate) mod short_session_lifetime;
pub(crate) mod spark_conf_in_default_arguments;
pub(crate) mod spark_conf_not_separated;
pub(crate) mod spark_conf_without_value;
pub(crate) mod spark_warehouse_for_iceberg;
pub(crate) mod target_not_found;
pub(crate) mod temp_schema_unused;
pub(crate) mod threads_open_sessions;
pub(crate) mod threads_share_one_session;
pub(crate) mod too_few_workers;
pub(crate) mod unknown_boto_retry_mode;
pub(crate) mod unknown_datalake_format;
pub(crate) mod unknown_profile_key;
pub(crate) mod unknown_worker_type;
pub(crate) mod unsupported_glue_version;
pub(crate) mod worker_type_needs_newer_glue;
pub(crate) mod worker_type_not_for_spark;
pub(crate) mod wrong_profile_type;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &arrow_results_left::RULE,
    &catalog_namespace_differs::RULE,
    &conf_starts_with_flag::RULE,
    &conf_too_long::RULE,
    &corrupted_default_arguments::RULE,
    &corrupted_tags::RULE,
    &dead_profile_key::RULE,
    &default_arguments_overridden::RULE,
    &delta_conf_incomplete::RULE,
    &empty_profile_value::RULE,
    &env_var_gives_text::RULE,
    &failing_profile_filter::RULE,
    &fine_grained_access_argument::RULE,
    &glue_catalog_disabled::RULE,
    &hudi_conf_incomplete::RULE,
    &hudi_extension_after_iceberg::RULE,
    &iceberg_catalog_incomplete::RULE,
    &iceberg_conf_incomplete::RULE,
    &invalid_region::RULE,
    &invalid_role_arn::RULE,
    &jar_for_other_glue::RULE,
    &lake_format_not_loaded::RULE,
    &large_dev_session::RULE,
    &location_not_s3::RULE,
    &location_trailing_slash::RULE,
    &lock_manager_for_other_glue::RULE,
    &lock_manager_without_table::RULE,
    &long_idle_timeout::RULE,
    &malformed_connections::RULE,
    &malformed_default_arguments::RULE,
    &malformed_tags::RULE,
    &missing_location::RULE,
    &missing_profile_key::RULE,
    &misspelt_adapter_type::RULE,
    &misspelt_class_in_conf::RULE,
    &profile_database_differs::RULE,
    &profile_database_repeats_schema::RULE,
    &profile_not_found::RULE,
    &profile_number_too_small::RULE,
    &profile_without_outputs::RULE,
    &quote_in_location::RULE,
    &repeated_spark_conf::RULE,
    &seed_mode_means_append::RULE,
    &session_id_without_reuse::RULE,
    &session_per_node::RULE,
    &session_reuse_without_id::RULE,
    &short_session_lifetime::RULE,
    &spark_conf_in_default_arguments::RULE,
    &spark_conf_not_separated::RULE,
    &spark_conf_without_value::RULE,
    &spark_warehouse_for_iceberg::RULE,
    &target_not_found::RULE,
    &temp_schema_unused::RULE,
    &threads_open_sessions::RULE,
    &threads_share_one_session::RULE,
    &too_few_workers::RULE,
    &unknown_boto_retry_mode::RULE,
    &unknown_datalake_format::RULE,
    &unknown_profile_key::RULE,
    &unknown_worker_type::RULE,
    &unsupported_glue_version::RULE,
    &worker_type_needs_newer_glue::RULE,
    &worker_type_not_for_spark::RULE,
    &wrong_profile_type::RULE,
];

/// Findings of one rule in one value. A value with more faults than this is no value but an accident.
const MOST_FINDINGS: usize = 20;
/// Settings of one `conf` that are looked at one by one; AWS takes 4096 characters.
const MOST_SETTINGS: usize = 500;
/// A key that Spark does not have, and that is written where Iceberg's warehouse is meant.
const MISPLACED_WAREHOUSE: &str = "spark.sql.warehouse";

/// Names for a sentence: `` `a`, `b` and `c` ``.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
