//! What becomes of SQL on its way to Spark.

pub(crate) mod backslash_in_literal;
pub(crate) mod custom_code_marker;
pub(crate) mod hard_coded_catalog;
pub(crate) mod invalid_python_escape;
pub(crate) mod jinja_in_sql_comment;
pub(crate) mod next_query_marker;
pub(crate) mod quote_at_end;
mod semicolons;
pub(crate) mod several_statements;
pub(crate) mod statement_too_long;
pub(crate) mod texts;
pub(crate) mod trailing_semicolon;
pub(crate) mod triple_quotes;
pub(crate) mod unknown_target_member;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &backslash_in_literal::RULE,
    &custom_code_marker::RULE,
    &hard_coded_catalog::RULE,
    &invalid_python_escape::RULE,
    &jinja_in_sql_comment::RULE,
    &next_query_marker::RULE,
    &quote_at_end::RULE,
    &several_statements::RULE,
    &statement_too_long::RULE,
    &trailing_semicolon::RULE,
    &triple_quotes::RULE,
    &unknown_target_member::RULE,
];
