//! Symbols in a few words, for tables of tests.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot go on ends"
)]

pub(crate) mod places;

use glueline_base::{TextRange, slice};
use glueline_ide::Analysis;
use glueline_ide::symbol::Symbol;

/// A symbol in a few words.
pub(crate) fn label(analysis: &Analysis, symbol: &Symbol) -> String {
    let project = analysis.project();
    let macro_name = |of: &glueline_project::MacroRef| {
        let package = &project.packages()[of.package].name;
        let facts = project.facts(of.file).sql().unwrap();
        format!("{package}.{}", facts.macros[of.index].name.value)
    };
    let line = |file: glueline_base::FileId, at: u32| {
        let before = slice(analysis.text(file), TextRange::up_to(at.into()));
        before.matches('\n').count() + 1
    };
    match symbol {
        Symbol::Node(node) => project.node(*node).unique_id.to_string(),
        Symbol::VersionedModel { package, name } => {
            format!("versions {}.{name}", project.packages()[*package].name)
        }
        Symbol::Source { package, name } => format!("source {}.{name}", project.packages()[*package].name),
        Symbol::Macro(of) => format!("macro {}", macro_name(of)),
        Symbol::ShippedMacro(name) => format!("shipped {name}"),
        Symbol::Parameter { of, name } => format!("parameter {name} of {}", macro_name(of)),
        Symbol::Context(name) => format!("context {name}"),
        Symbol::Filter(name) => format!("filter {name}"),
        Symbol::JinjaTest(name) => format!("jinja test {name}"),
        Symbol::Doc { file, index } => {
            let facts = project.facts(*file).sql().unwrap();
            format!(
                "doc {} in {}",
                facts.docs[*index].name.value,
                project.files().info(*file).shown
            )
        }
        Symbol::Var(name) => format!("var {name}"),
        Symbol::EnvVar(name) => format!("env {name}"),
        Symbol::Key { scope, name } => format!("key {name} of {scope}"),
        Symbol::Value { scope, key, value } => format!("value {value} for {key} of {scope}"),
        Symbol::Tag(name) => format!("tag {name}"),
        Symbol::Group(name) => format!("group {name}"),
        Symbol::Package(package) => format!("package {}", project.packages()[*package].name),
        Symbol::Selector(name) => format!("selector {name}"),
        Symbol::Profile(name) => format!("profile {name}"),
        Symbol::Target { profile, name } => format!("target {profile}.{name}"),
        Symbol::Column { of, name } => format!("column {name} of {}", project.node(*of).unique_id),
        Symbol::Local { file, first, name } => {
            format!("local {name} of line {}", line(*file, (*first).into()))
        }
        Symbol::SqlName { file, first, name } => {
            format!("sql {name} of line {}", line(*file, (*first).into()))
        }
        Symbol::SqlColumn { file, first, name } => {
            format!("sql column {name} of line {}", line(*file, (*first).into()))
        }
        Symbol::Path(path) => format!("path {}", path.strip_prefix(crate::common::ROOT).unwrap_or(path)),
        Symbol::Table(node) => format!("table of {}", project.node(*node).unique_id),
        Symbol::Rule(id) => format!("rule {id}"),
        Symbol::Link(address) => format!("link {address}"),
        Symbol::Missing { kind, name } => format!("missing {kind:?} {name}"),
    }
}
