//! What an item is about, and what is known of it.

use std::str::FromStr;

use glueline_base::FileId;
use glueline_catalog::jinja;
use glueline_catalog::{Scope, lookup};
use glueline_project::facts::sql::MacroDef;
use glueline_project::{FileKind, PackageId, Project};

use crate::card::{Card, code};
use crate::symbol::Symbol;
use crate::{Analysis, hover};

/// What an item is about: enough to find it again, as a text that any editor can keep and send back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A node, by its unique id.
    Node(String),
    /// A column of a node, by the node's unique id and its own name.
    Column(String, String),
    /// A macro or a generic test of a package, by the name under which dbt keeps it.
    Macro(String, String),
    /// A macro that dbt, dbt-spark or dbt-glue ships.
    Shipped(String),
    /// A generic test that dbt ships.
    Test(String),
    /// A name of dbt's context, or a member of one.
    Name(String),
    /// A key of a scope.
    Key(Scope, String),
    /// A rule.
    Rule(String),
    /// A docs block, by its package and name.
    Docs(String, String),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node(id) => write!(f, "node:{id}"),
            Self::Column(id, name) => write!(f, "column:{name}:{id}"),
            Self::Macro(package, name) => write!(f, "macro:{package}:{name}"),
            Self::Shipped(name) => write!(f, "shipped:{name}"),
            Self::Test(name) => write!(f, "test:{name}"),
            Self::Name(name) => write!(f, "name:{name}"),
            Self::Key(scope, name) => write!(f, "key:{scope}:{name}"),
            Self::Rule(id) => write!(f, "rule:{id}"),
            Self::Docs(package, name) => write!(f, "docs:{package}:{name}"),
        }
    }
}

impl FromStr for Subject {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, rest) = text.split_once(':').ok_or(())?;
        let pair = || {
            rest.split_once(':')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .ok_or(())
        };
        Ok(match kind {
            "node" => Self::Node(rest.to_owned()),
            "column" => {
                let (name, id) = pair()?;
                Self::Column(id, name)
            }
            "macro" => {
                let (package, name) = pair()?;
                Self::Macro(package, name)
            }
            "shipped" => Self::Shipped(rest.to_owned()),
            "test" => Self::Test(rest.to_owned()),
            "name" => Self::Name(rest.to_owned()),
            "key" => {
                let (scope, name) = pair()?;
                Self::Key(Scope::parse(&scope).ok_or(())?, name)
            }
            "rule" => Self::Rule(rest.to_owned()),
            "docs" => {
                let (package, name) = pair()?;
                Self::Docs(package, name)
            }
            _ => return Err(()),
        })
    }
}

/// What is known of a subject.
pub(super) fn describe(analysis: &Analysis, subject: &Subject) -> Option<Card> {
    match subject {
        Subject::Test(name) => shipped_test(name),
        Subject::Rule(id) => hover::rule(id),
        other => hover::card(analysis, &symbol(analysis.project(), other)?),
    }
}

/// The thing that a subject names, as the project has it now.
fn symbol(project: &Project, subject: &Subject) -> Option<Symbol> {
    let node = |id: &str| {
        let at = project
            .nodes()
            .binary_search_by(|node| node.unique_id.as_ref().cmp(id))
            .ok()?;
        Some(project.nodes().get(at)?.id)
    };
    let package = |name: &str| project.packages().iter().position(|found| *found.name == *name);
    Some(match subject {
        Subject::Node(id) => Symbol::Node(node(id)?),
        Subject::Column(id, name) => Symbol::Column {
            of: node(id)?,
            name: name.as_str().into(),
        },
        Subject::Macro(owner, name) => Symbol::Macro(project.macros().find_in(name, package(owner)?)?),
        Subject::Shipped(name) => Symbol::ShippedMacro(jinja::shipped_macro(name).last()?.name),
        Subject::Name(name) => Symbol::Context(jinja::name(name)?.name),
        Subject::Key(scope, name) => Symbol::Key {
            scope: *scope,
            name: lookup(*scope, name)?.name.into(),
        },
        Subject::Docs(owner, name) => docs(project, package(owner)?, name)?,
        Subject::Test(_) | Subject::Rule(_) => return None,
    })
}

fn docs(project: &Project, package: PackageId, name: &str) -> Option<Symbol> {
    let files = project.files();
    files
        .of_kind(FileKind::Docs)
        .filter(|file| files.info(*file).package == package)
        .find_map(|file| {
            let blocks = &project.facts(file).sql()?.docs;
            let index = blocks.iter().position(|block| *block.name.value == *name)?;
            Some(Symbol::Doc { file, index })
        })
}

/// The parameters of a macro as they are written: `relation, prefix=''`.
pub(super) fn parameters(analysis: &Analysis, file: FileId, definition: &MacroDef) -> String {
    let signature = hover::signature(analysis, file, definition);
    let inner = signature.split_once('(').map_or("", |(_, inner)| inner);
    inner.strip_suffix(')').unwrap_or(inner).to_owned()
}

fn shipped_test(name: &str) -> Option<Card> {
    let test = jinja::generic_test(name)?;
    let argument = |argument: &jinja::TestArgument| {
        let need = if argument.required { ", required" } else { "" };
        (code(argument.name), format!("{}{need}", argument.summary))
    };
    Some(
        Card::new()
            .text(format!("{}: {}.", code(test.name), test.summary))
            .text(test.body)
            .facts(test.arguments.iter().map(argument).collect()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_kept_as_texts() {
        for subject in [
            Subject::Node("model.shop.a:b".into()),
            Subject::Column("model.shop.a".into(), "id".into()),
            Subject::Macro("shop".into(), "cents".into()),
            Subject::Shipped("dateadd".into()),
            Subject::Test("unique".into()),
            Subject::Name("adapter.quote".into()),
            Subject::Key(Scope::ModelConfig, "tags".into()),
            Subject::Rule("unknown-ref".into()),
            Subject::Docs("shop".into(), "orders".into()),
        ] {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for broken in ["", "x", "node", "key:nothing:a", "macro:a"] {
            assert_eq!(broken.parse::<Subject>(), Err(()), "{broken}");
        }
    }
}
