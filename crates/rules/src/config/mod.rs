//! Configs of nodes: unknown, foreign, of the wrong type, without effect.

pub(crate) mod folders;
pub(crate) mod macro_reads;
pub(crate) mod session_meta;
pub(crate) mod setting;

pub(crate) mod config_folder_matches_nothing;
pub(crate) mod config_ignored_here;
pub(crate) mod config_without_plus;
pub(crate) mod database_config;
pub(crate) mod dead_config;
pub(crate) mod foreign_config_key;
pub(crate) mod invalid_config_value;
pub(crate) mod meta_breaks_session;
pub(crate) mod meta_cannot_switch_off;
pub(crate) mod meta_starts_session;
pub(crate) mod unknown_config_key;
pub(crate) mod wrong_config_type;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &config_folder_matches_nothing::RULE,
    &config_ignored_here::RULE,
    &config_without_plus::RULE,
    &database_config::RULE,
    &dead_config::RULE,
    &foreign_config_key::RULE,
    &invalid_config_value::RULE,
    &meta_breaks_session::RULE,
    &meta_cannot_switch_off::RULE,
    &meta_starts_session::RULE,
    &unknown_config_key::RULE,
    &wrong_config_type::RULE,
];
