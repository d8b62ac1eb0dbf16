//! Texts that lead to another document: docs blocks that descriptions take in, files and packages that YAML names.

use std::sync::Arc;

use glueline_base::{FileId, TextRange};

use crate::Analysis;
use crate::symbol::{self, Definition, Symbol, definitions};

/// A text that leads to another document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The text.
    pub range: TextRange,
    /// Where it leads.
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A place in a file of the project.
    Place(Definition),
    /// The address of a page.
    Address(Arc<str>),
}

/// The links of a file, in the order of the text. Names of nodes and macros are none: they have their definitions.
pub fn links(analysis: &Analysis, file: FileId) -> Vec<Link> {
    let packages = analysis.project().packages();
    let found = symbol::occurrences_outside_sql(analysis, file).into_iter();
    found
        .filter_map(|each| {
            let target = match &each.symbol {
                Symbol::Link(address) => LinkTarget::Address(address.clone()),
                Symbol::Doc { file: defined, .. } if *defined != file => {
                    LinkTarget::Place(definitions(analysis, &each.symbol).into_iter().next()?)
                }
                Symbol::Path(path) => {
                    // A folder is no document; that of a package has one that speaks for it.
                    let package = packages.iter().position(|package| package.root == *path);
                    let symbol = package.filter(|package| *package != 0).map(Symbol::Package);
                    let symbol = symbol.as_ref().unwrap_or(&each.symbol);
                    LinkTarget::Place(definitions(analysis, symbol).into_iter().next()?)
                }
                _ => return None,
            };
            Some(Link {
                range: each.range,
                target,
            })
        })
        .collect()
}
