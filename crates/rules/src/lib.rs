//! The rule book: one file and one page per rule.
//!
//! [`ALL`] lists the rules, [`check`] runs them over a project. A rule reads the project and the catalogue and says what it
//! finds; it reads no file, and does not know how its findings are shown.

#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a rule is handed its context by reference, whatever the context holds"
)]

mod alone;
mod config;
mod context;
mod graph;
mod hooks;
mod incremental;
mod internal;
mod known;
mod lake_formation;
pub mod page;
mod profile;
mod project;
mod python;
mod rendering;
mod rule;
mod run;
mod seeds;
mod snapshots;
mod sql;
mod sql_text;
mod suppress;
mod syntax;
mod tables;

use std::sync::LazyLock;

pub use alone::alone;
pub use context::{Exists, FileCx, NodeCx, ProjectCx, RenderedCx, TargetCx};
pub use known::Known;
pub use rule::{Check, Rule, Sink};
pub use run::{check, stops};
pub use sql::{is_of_query, rule_of_class, rule_of_refusal};
pub use suppress::without_allowed;

/// Every rule, sorted by id.
pub static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<&'static Rule> = [
        internal::RULES,
        config::RULES,
        graph::RULES,
        hooks::RULES,
        incremental::RULES,
        lake_formation::RULES,
        profile::RULES,
        project::RULES,
        python::RULES,
        rendering::RULES,
        seeds::RULES,
        snapshots::RULES,
        sql::FAMILIES,
        sql::RULES,
        sql::suspect::RULES,
        sql_text::RULES,
        syntax::RULES,
        tables::RULES,
    ]
    .concat();
    rules.sort_by_key(|rule| rule.meta.id);
    rules
});

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    let place = ALL.binary_search_by_key(&id, |rule| rule.meta.id).ok()?;
    ALL.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let ids: Vec<_> = ALL.iter().map(|rule| rule.meta.id).collect();
        let mut unique = ids.clone();
        unique.dedup();
        assert_eq!(ids, unique);
        assert!(ids.iter().all(|id| find(id).is_some()));
    }
}
