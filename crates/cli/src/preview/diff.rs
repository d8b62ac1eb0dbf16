//! How the statements of two plans differ.

use std::collections::BTreeMap;
use std::io;

use glueline_plan::PlannedNode;
use glueline_project::Project;

use super::Played;
use super::shown::unique_id;
use crate::fix::Printer;

/// Prints a unified difference for each node whose statements are not the same; gives how many there are.
pub(super) fn write(
    before: (&str, &Played),
    after: (&str, &Played),
    printer: &mut Printer<'_>,
) -> io::Result<usize> {
    let (old, new) = (texts(before.1), texts(after.1));
    let mut differing = 0;
    for id in order(before.1, after.1) {
        let text = |texts: &BTreeMap<&str, String>| texts.get(id).cloned().unwrap_or_default();
        let (first, second) = (text(&old), text(&new));
        if first == second {
            continue;
        }
        differing += 1;
        let name = |label: &str, is_there: bool| {
            if is_there {
                format!("{id} ({label})")
            } else {
                "/dev/null".to_owned()
            }
        };
        printer.print(
            &name(before.0, old.contains_key(id)),
            &name(after.0, new.contains_key(id)),
            &first,
            &second,
        )?;
    }
    Ok(differing)
}

/// The ids of all nodes: in the order of the newer plan, then what the older alone has.
fn order<'a>(before: &'a Played, after: &'a Played) -> Vec<&'a str> {
    let ids = |played: &'a Played| {
        let nodes = played.plan.nodes.iter();
        nodes.map(|planned| unique_id(played.renderer.project(), planned))
    };
    let mut all: Vec<&str> = ids(after).collect();
    let known: std::collections::BTreeSet<&str> = all.iter().copied().collect();
    all.extend(ids(before).filter(|id| !known.contains(id)));
    all
}

fn texts(played: &Played) -> BTreeMap<&str, String> {
    let project: &Project = played.renderer.project();
    let nodes = played.plan.nodes.iter();
    nodes
        .map(|planned| (unique_id(project, planned), text(planned)))
        .collect()
}

/// What is compared of a node: its statements, each with a line that ends it, and why it fails.
fn text(planned: &PlannedNode) -> String {
    let mut text = String::new();
    let Some(run) = &planned.run else {
        text.push_str("skipped: what it comes after fails\n");
        return text;
    };
    for statement in run.statements() {
        let sent = statement.sql.as_deref().unwrap_or(&statement.code);
        text.push_str(sent.trim_end());
        text.push_str("\n;\n");
    }
    if let Some(failure) = &run.failure {
        text.push_str("fails: ");
        text.push_str(failure.message.trim_end());
        text.push('\n');
    }
    text
}
