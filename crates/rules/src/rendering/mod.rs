//! What only rendering shows.

mod computed_ref;
mod does_not_render;
mod hook_does_not_render;
mod jinja_left_in_sql;
mod python_value_in_sql;
mod reads_itself;
mod renders_empty;
pub(crate) mod report;
pub(crate) mod sql;
pub(crate) mod sql_left_open;
mod statement_cut_by_ephemeral;

use glueline_base::Diagnostic;
use glueline_render::Renderer;

use crate::rule::Rule;

pub(crate) static RULES: &[&Rule] = &[
    &computed_ref::RULE,
    &does_not_render::RULE,
    &hook_does_not_render::RULE,
    &jinja_left_in_sql::RULE,
    &python_value_in_sql::RULE,
    &reads_itself::RULE,
    &renders_empty::RULE,
    &sql_left_open::RULE,
    &statement_cut_by_ephemeral::RULE,
];

pub(crate) use does_not_render::without_known;
pub(crate) use hook_does_not_render::of_run;

/// What dbt cannot parse, and no command gets past: nodes, those of packages too, and hooks.
pub(crate) fn unparsed(renderer: &Renderer) -> Vec<Diagnostic> {
    let mut found = does_not_render::unparsed(renderer);
    found.append(&mut hook_does_not_render::unparsed(renderer));
    found
}
