//! What a rule is.

use glueline_base::{Diagnostic, RuleMeta};

use crate::context::{FileCx, NodeCx, ProjectCx, RenderedCx, TargetCx};

/// A rule: what is known of it, and the function that looks.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Id, group, severity, page.
    pub meta: RuleMeta,
    /// What it looks at.
    pub check: Check,
}

/// What a rule looks at. A node rule sees one enabled node of the root project at a time, so that an edit to one model
/// runs it for that model alone.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Each file of the root project.
    File(fn(&FileCx<'_>, &mut Sink)),
    /// Each output of the profile, if it is of type `glue`. What is found in an output that is not the selected one is at
    /// most a warning: the run at hand does not fail by it.
    Target(fn(&TargetCx<'_>, &mut Sink)),
    /// Each enabled node of the root project.
    Node(fn(&NodeCx<'_>, &mut Sink)),
    /// As `Node`, but only where the adapter is dbt-glue.
    GlueNode(fn(&NodeCx<'_>, &mut Sink)),
    /// The project as a whole.
    Project(fn(&ProjectCx<'_>, &mut Sink)),
    /// Everything that was rendered.
    Rendered(fn(&RenderedCx<'_>, &mut Sink)),
    /// Nothing: another part of the program reports it.
    Elsewhere,
}

/// Where rules put what they find.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// Takes a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    pub(crate) fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.found)
    }
}

/// Declares a rule. Its page stands beside it in a Markdown file, whose first paragraph is the summary. A rule whose findings end
/// every command of dbt says when, and with which class of error.
macro_rules! rule {
    (@stop) => {
        None
    };
    (@stop $stage:ident $error:literal) => {
        Some(::glueline_base::Stop {
            stage: ::glueline_base::Stage::$stage,
            error: $error,
        })
    };
    ($id:literal, $group:ident, $severity:ident, $page:literal, $check:expr $(, $stage:ident: $error:literal)?) => {
        $crate::rule::Rule {
            meta: ::glueline_base::RuleMeta {
                id: $id,
                group: ::glueline_base::Group::$group,
                severity: ::glueline_base::Severity::$severity,
                summary: $crate::page::summary(include_str!($page)),
                page: include_str!($page),
                since: "0.1.0",
                stop: $crate::rule::rule!(@stop $($stage $error)?),
            },
            check: $check,
        }
    };
}
pub(crate) use rule;
