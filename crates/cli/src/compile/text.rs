//! Compiled code as text.

use std::io::{self, Write};

use glueline_project::{Node, Project};

use super::outcome::{Outcome, is_test};

/// What is shown of what was compiled.
pub(super) struct Shown<'a> {
    /// The project.
    pub(super) project: &'a Project,
    /// What came of each node.
    pub(super) outcomes: &'a [Outcome],
    /// `--select`, as written.
    pub(super) select: &'a [String],
}

impl Shown<'_> {
    /// Prints the code of the one node that is selected, so that it can be fed to Spark, or of each node under a line that names it
    /// as dbt does.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<&Outcome> = self.shown();
        if let [only] = shown.as_slice() {
            return code(only, out);
        }
        let printable = shown.iter().filter(|outcome| outcome.code().is_some());
        for (index, outcome) in printable.enumerate() {
            if index > 0 {
                out.write_all(b"\n")?;
            }
            let name = match (outcome.node, &outcome.operation) {
                (Some(node), _) => &*self.project.node(node).name,
                (None, Some(operation)) => &*operation.name,
                (None, None) => "",
            };
            writeln!(out, "Compiled node '{name}' is:")?;
            code(outcome, out)?;
        }
        Ok(())
    }

    /// A selection of models also takes in their tests, which nobody wants to read who asked for a model. dbt shows only the nodes
    /// whose names are written in the selection (`task_end_messages` in `dbt/task/compile.py`).
    fn shown(&self) -> Vec<&Outcome> {
        let node = |outcome: &Outcome| outcome.node.map(|node| self.project.node(node));
        let only_tests = self
            .outcomes
            .iter()
            .all(|outcome| node(outcome).is_some_and(is_test));
        let wanted = |outcome: &&Outcome| {
            node(outcome).is_none_or(|node| !is_test(node) || only_tests || self.names(node))
        };
        self.outcomes.iter().filter(wanted).collect()
    }

    fn names(&self, node: &Node) -> bool {
        super::names(self.select, &node.name)
    }
}

fn code(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match outcome.code() {
        Some(code) => writeln!(out, "{code}"),
        None => Ok(()),
    }
}
