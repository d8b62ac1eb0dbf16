//! Hooks, query comments, unit tests and what macros send.

pub(crate) mod asks;
pub(crate) mod hook;

pub(crate) mod query_comment_breaks;
pub(crate) mod run_hook_in_other_session;
pub(crate) mod run_query_without_result;
pub(crate) mod several_statements_in_hook;
pub(crate) mod transaction_hook_commits;
pub(crate) mod transaction_hook_skipped;
pub(crate) mod unit_tests_fail;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &query_comment_breaks::RULE,
    &run_hook_in_other_session::RULE,
    &run_query_without_result::RULE,
    &several_statements_in_hook::RULE,
    &transaction_hook_commits::RULE,
    &transaction_hook_skipped::RULE,
    &unit_tests_fail::RULE,
];
