//! What came of a node.

use std::sync::Arc;

use glueline_project::{Node, NodeId, Project, ResourceType};
use glueline_render::{Compiled, Failure, Operation, Renderer, Status};
use glueline_template::Note;

use super::LIFE;

/// How a node came out, as artifacts and JSON say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was compiled, or there is nothing to compile in it.
    Success,
    /// It cannot be compiled.
    Error,
    /// An ephemeral model that it reads cannot be compiled.
    Skipped,
}

/// What came of a node, of a hook of a run, or of a query.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// The node; `None` for anything else.
    pub(super) node: Option<NodeId>,
    /// The hook of a run; `None` for anything else.
    pub(super) operation: Option<Arc<Operation>>,
    /// dbt's name for the relation it is made as.
    pub(super) relation_name: Option<String>,
    /// What the renderer gave.
    pub(super) compiled: Arc<Compiled>,
}

impl Outcome {
    /// Compiles a node.
    pub(super) fn new(renderer: &Renderer, node: NodeId) -> Self {
        Self {
            node: Some(node),
            operation: None,
            relation_name: renderer.relation_name(node),
            compiled: renderer.compile(node, LIFE),
        }
    }

    /// Compiles a hook of a run.
    pub(super) fn hook(renderer: &Renderer, operation: &Arc<Operation>) -> Self {
        Self {
            node: None,
            operation: Some(operation.clone()),
            relation_name: None,
            compiled: Arc::new(renderer.compile_operation(operation)),
        }
    }

    /// Compiles a query.
    pub(super) fn inline(renderer: &Renderer, query: &str) -> Self {
        Self {
            node: None,
            operation: None,
            relation_name: None,
            compiled: Arc::new(renderer.compile_inline(query)),
        }
    }

    /// How it came out.
    pub(super) fn verdict(&self) -> Verdict {
        match self.compiled.status {
            Status::Success | Status::Skipped => Verdict::Success,
            Status::Error if self.culprit().is_some() => Verdict::Skipped,
            Status::Error => Verdict::Error,
        }
    }

    /// Whether it could not be compiled, for whatever reason.
    pub(super) fn has_failed(&self) -> bool {
        self.verdict() != Verdict::Success
    }

    /// Why it cannot be compiled.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.compiled.failure.as_ref()
    }

    /// The ephemeral model that is to blame, where it is not the node itself.
    pub(super) fn culprit(&self) -> Option<NodeId> {
        self.failure()?
            .node
            .filter(|culprit| self.node.is_some_and(|node| node != *culprit))
    }

    /// The message of an error, in dbt's words (for skipped nodes: `on_skip` in `dbt/task/base.py`).
    pub(super) fn message(&self, project: &Project) -> Option<String> {
        let failure = self.failure()?;
        if let (Some(node), Some(culprit)) = (self.node, self.culprit()) {
            return Some(format!(
                "Compilation Error in {}, caused by compilation error in referenced ephemeral model {}",
                project.node(node).unique_id,
                project.node(culprit).unique_id
            ));
        }
        Some(failure.message.clone())
    }

    /// What could not be known.
    pub(super) fn unknown(&self) -> &[Note] {
        &self.compiled.unknown
    }

    /// The code, where there is any.
    pub(super) fn code(&self) -> Option<&str> {
        self.compiled.code.as_deref()
    }
}

/// Whether a node is a test of data.
pub(super) fn is_test(node: &Node) -> bool {
    node.kind == ResourceType::Test
}
