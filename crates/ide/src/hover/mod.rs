//! What is known of the thing under the cursor, in Markdown and in plain text.

mod keys;
mod macros;
mod node;
mod query;
mod words;

pub(crate) use macros::{documented, signature};

use glueline_base::FileRange;
use glueline_catalog::jinja::{JinjaName, Kind, Place};
use glueline_render::Life;

use crate::card::{Card, code};
use crate::symbol::{self, Symbol};
use crate::{Analysis, FilePosition, documents};

/// What is told of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The bytes that it is told of.
    pub range: FileRange,
    /// What is told.
    pub card: Card,
}

/// What is known of what stands at a place; `None` where that is nothing.
pub fn hover(analysis: &Analysis, position: FilePosition) -> Option<Hover> {
    let known = symbol::at(analysis, position)
        .and_then(|found| card(analysis, &found.symbol).map(|card| (found, card)));
    let Some((found, card)) = known else {
        return query::rendered(analysis, position);
    };
    let here = here(analysis, position, &found.symbol);
    Some(Hover {
        range: found.range,
        card: card.and(here),
    })
}

/// What is known of a thing, wherever it is named; `None` where that is nothing.
pub fn card(analysis: &Analysis, symbol: &Symbol) -> Option<Card> {
    let card = match symbol {
        Symbol::Node(node) | Symbol::Table(node) => node::card(analysis, *node),
        Symbol::Rule(id) => rule(id)?,
        Symbol::VersionedModel { package, name } => node::versions(analysis, *package, name),
        Symbol::Source { package, name } => node::source(analysis, *package, name),
        Symbol::Column { of, name } => node::column(analysis, *of, name),
        Symbol::Macro(found) => macros::card(analysis, *found)?,
        Symbol::ShippedMacro(name) => macros::shipped(name)?,
        Symbol::Parameter { of, name } => macros::parameter(analysis, *of, name)?,
        Symbol::Context(_) => context(symbol.context()?),
        Symbol::Filter(name) => glueline_catalog::jinja::name(name)
            .filter(|known| known.kind == Kind::Filter)
            .map_or_else(
                || Card::new().text(format!("{}: a filter of Jinja.", code(name))),
                context,
            ),
        Symbol::JinjaTest(name) => Card::new().text(format!("{}: a test of Jinja.", code(name))),
        Symbol::Doc { file, index } => words::docs(analysis, *file, *index)?,
        Symbol::Var(name) => words::variable(analysis, name),
        Symbol::EnvVar(name) => words::environment(analysis, name),
        Symbol::Key { scope, name } => keys::key(*scope, name)?,
        Symbol::Value { scope, key, value } => keys::value(analysis, *scope, key, value)?,
        Symbol::Package(package) => words::package(analysis, *package)?,
        Symbol::Target { profile, name } => words::target(analysis, profile, name)?,
        Symbol::Local { .. } => words::local(analysis, symbol)?,
        Symbol::SqlName { file, first, .. } => query::cte(analysis, *file, *first)?,
        Symbol::SqlColumn { file, first, name } => query::column(analysis, *file, *first, name)?,
        Symbol::Tag(_)
        | Symbol::Group(_)
        | Symbol::Selector(_)
        | Symbol::Profile(_)
        | Symbol::Path(_)
        | Symbol::Link(_)
        | Symbol::Missing { .. } => return None,
    };
    (!card.is_empty()).then_some(card)
}

/// What the page of a rule says.
pub(crate) fn rule(id: &str) -> Option<Card> {
    Some(Card::new().text(glueline_rules::find(id)?.meta.page))
}

/// A name of dbt's context, or a member of one.
fn context(name: &JinjaName) -> Card {
    let signature = match name.kind {
        Kind::Function => format!("{}({})", name.name, name.parameters),
        Kind::Object if !name.parameters.is_empty() => format!("{}({})", name.name, name.parameters),
        Kind::Object | Kind::Value => name.name.to_owned(),
        Kind::Filter => format!("... | {}", name.name),
    };
    let place = match name.place {
        Place::Everywhere => "wherever there is Jinja",
        Place::WithTarget => "where the profile has been read",
        Place::Nodes => "in models, tests, snapshots, macros and hooks",
        Place::Running => "in materializations and what they call, while a node runs",
        Place::Docs => "in descriptions and documentation blocks",
        Place::Yaml => "in profiles, packages and other YAML",
    };
    Card::new()
        .code("jinja", signature)
        .text(format!("{}.", name.summary))
        .facts(vec![
            ("Known".to_owned(), place.to_owned()),
            ("Defined in".to_owned(), code(name.source)),
        ])
}

/// How many lines of an expansion are shown.
const SHOWN: usize = 12;

/// What the expression around the place comes to, where its file is a node's; and what a key of `config()` comes to.
fn here(analysis: &Analysis, position: FilePosition, symbol: &Symbol) -> Card {
    if let Symbol::Key { scope, name } = symbol {
        return keys::effective(analysis, position, *scope, name);
    }
    let is_rendered = matches!(
        symbol,
        Symbol::Macro(_)
            | Symbol::ShippedMacro(_)
            | Symbol::Context(_)
            | Symbol::Var(_)
            | Symbol::Local { .. }
    );
    if !is_rendered || glueline_plan::fault::no_target(analysis.project()).is_some() {
        return Card::new();
    }
    let Some(found) = documents::expansion(analysis, position, Life::Known) else {
        return Card::new();
    };
    let Some(text) = found.texts.first().filter(|text| !text.trim().is_empty()) else {
        return Card::new();
    };
    let mut shown: Vec<&str> = text.trim_end().lines().take(SHOWN).collect();
    if text.trim_end().lines().count() > SHOWN {
        shown.push("...");
    }
    let times = match found.texts.len() {
        1 => "Rendered to:".to_owned(),
        count => format!("Rendered {count} times, first to:"),
    };
    Card::new().text(times).code("sql", shown.join("\n"))
}
