//! Why nodes cannot be compiled: each fault once, however many nodes it breaks.

use std::collections::BTreeSet;
use std::io::{self, Write};

use glueline_base::Diagnostic;
use glueline_plan::fault::{Fault, diagnostic, place};
use glueline_project::Project;

use super::outcome::Outcome;
use super::talk::Talk;
use crate::report::{self, Format, Report};

/// Shows each fault with the lines it is about.
pub(super) fn write(talk: &Talk<'_>, err: &mut dyn Write) -> io::Result<()> {
    let project = talk.project;
    let diagnostics: Vec<Diagnostic> = faults(project, talk.outcomes)
        .iter()
        .map(|fault| diagnostic(project, fault, ["cannot be compiled", "cannot be compiled"]))
        .collect();
    let report = Report::of_faults(&diagnostics, talk.sources, talk.rules, talk.prefix);
    report::write(&report, Format::Full, talk.color, err)
}

fn faults<'a>(project: &Project, outcomes: &'a [Outcome]) -> Vec<Fault<'a>> {
    let mut faults: Vec<Fault<'a>> = Vec::new();
    for outcome in outcomes {
        let Some(failure) = outcome.failure() else {
            continue;
        };
        let operation = outcome.operation.as_deref();
        let node = failure.node.or(outcome.node);
        let at = place(project, node, operation, failure);
        let text = failure.fault(project, node);
        let known = faults
            .iter_mut()
            .find(|fault| fault.at == at && fault.text == text);
        match known {
            Some(fault) => fault.nodes.extend(node),
            None => faults.push(Fault {
                at,
                text,
                operation,
                failure,
                nodes: node.into_iter().collect(),
            }),
        }
    }
    for fault in &mut faults {
        // An ephemeral model fails again in each model that reads it.
        let mut seen = BTreeSet::new();
        fault.nodes.retain(|node| seen.insert(*node));
    }
    faults
}
