//! Lake Formation tags and grants.

pub(crate) mod acts;

pub(crate) mod lf_columns_included_and_excluded;
pub(crate) mod lf_drop_existing_without_table_tags;
pub(crate) mod lf_filter_incomplete;
pub(crate) mod lf_not_applied;
pub(crate) mod lf_not_enabled;
pub(crate) mod lf_on_iceberg;
pub(crate) mod lf_principal_not_arn;
pub(crate) mod lf_tag_value_not_text;
pub(crate) mod lf_wrong_type;
pub(crate) mod misspelt_lf_filter_key;
pub(crate) mod unknown_lf_key;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &lf_columns_included_and_excluded::RULE,
    &lf_drop_existing_without_table_tags::RULE,
    &lf_filter_incomplete::RULE,
    &lf_not_applied::RULE,
    &lf_not_enabled::RULE,
    &lf_on_iceberg::RULE,
    &lf_principal_not_arn::RULE,
    &lf_tag_value_not_text::RULE,
    &lf_wrong_type::RULE,
    &misspelt_lf_filter_key::RULE,
    &unknown_lf_key::RULE,
];
