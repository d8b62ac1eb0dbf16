//! Seeds.

pub(crate) mod seed;

pub(crate) mod casting_needs_plain_names;
pub(crate) mod seed_alias;
pub(crate) mod seed_column_empty;
pub(crate) mod seed_columns_changed;
pub(crate) mod seed_delimiter;
pub(crate) mod seed_header;
pub(crate) mod seed_integers_become_double;
pub(crate) mod seed_not_readable;
pub(crate) mod seed_number_changed;
pub(crate) mod seed_rows;
pub(crate) mod seed_type_for_no_column;
pub(crate) mod seed_types_ignored;
pub(crate) mod seed_without_rows;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &casting_needs_plain_names::RULE,
    &seed_alias::RULE,
    &seed_column_empty::RULE,
    &seed_columns_changed::RULE,
    &seed_delimiter::RULE,
    &seed_header::RULE,
    &seed_integers_become_double::RULE,
    &seed_not_readable::RULE,
    &seed_number_changed::RULE,
    &seed_rows::RULE,
    &seed_type_for_no_column::RULE,
    &seed_types_ignored::RULE,
    &seed_without_rows::RULE,
];
