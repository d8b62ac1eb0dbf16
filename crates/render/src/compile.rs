//! What `dbt compile` writes for a node.

use glueline_template::{Error, Note, SourceMap};

/// How a node came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was rendered.
    Success,
    /// It cannot be rendered.
    Error,
    /// A node that it depends on cannot be rendered.
    Skipped,
}

/// Why a node cannot be rendered.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The fault itself, with the calls that led there.
    pub error: Error,
}

/// What `dbt compile` writes for a node.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// How it came out.
    pub status: Status,
    /// The text, as far as it could be made.
    pub code: Option<String>,
    /// Where every byte of the text comes from.
    pub map: SourceMap,
    /// Why it cannot be rendered.
    pub failure: Option<Failure>,
    /// What could not be known without a warehouse, each with where it came up.
    pub unknown: Vec<Note>,
}

impl crate::Renderer {
    /// What `dbt compile` writes for a node. Compiled once for each life, then kept.
    pub fn compile(&self, node: glueline_project::NodeId, life: crate::Life) -> std::sync::Arc<Compiled> {
        let _ = (node, life);
        std::sync::Arc::new(Compiled {
            status: Status::Error,
            code: None,
            map: SourceMap::default(),
            failure: None,
            unknown: Vec::new(),
        })
    }

    /// What `dbt compile --inline` writes for a text.
    pub fn compile_inline(&self, text: &str) -> Compiled {
        let _ = text;
        Compiled {
            status: Status::Error,
            code: None,
            map: SourceMap::default(),
            failure: None,
            unknown: Vec::new(),
        }
    }
}
