//! The profile: keys, types, sessions, Spark configuration.

pub(crate) mod conf;
mod output;
mod pairs;
mod scalar;
mod template;

pub(crate) mod dead_profile_key;
pub(crate) mod env_var_gives_text;
pub(crate) mod failing_profile_filter;
pub(crate) mod invalid_role_arn;
pub(crate) mod missing_location;
pub(crate) mod missing_profile_key;
pub(crate) mod misspelt_adapter_type;
pub(crate) mod profile_database_differs;
pub(crate) mod profile_database_repeats_schema;
pub(crate) mod profile_not_found;
pub(crate) mod profile_number_too_small;
pub(crate) mod profile_without_outputs;
pub(crate) mod target_not_found;
pub(crate) mod unknown_boto_retry_mode;
pub(crate) mod unknown_profile_key;
pub(crate) mod wrong_profile_type;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &dead_profile_key::RULE,
    &env_var_gives_text::RULE,
    &failing_profile_filter::RULE,
    &invalid_role_arn::RULE,
    &missing_location::RULE,
    &missing_profile_key::RULE,
    &misspelt_adapter_type::RULE,
    &profile_database_differs::RULE,
    &profile_database_repeats_schema::RULE,
    &profile_not_found::RULE,
    &profile_number_too_small::RULE,
    &profile_without_outputs::RULE,
    &target_not_found::RULE,
    &unknown_boto_retry_mode::RULE,
    &unknown_profile_key::RULE,
    &wrong_profile_type::RULE,
];

/// Names for a sentence: `` `a`, `b` and `c` ``.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
