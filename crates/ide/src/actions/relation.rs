//! A table by its name becomes `ref()` or `source()`.

use glueline_base::{FileId, FileRange, TextRange};
use glueline_project::{Node, NodeId, Project, ResourceType};
use glueline_sql::{Name, Relation};

use super::{Action, ActionKind};
use crate::columns::node_of_table;
use crate::{Analysis, query};

/// Where the range touches a table by its name that a node of the project is made or read as: that node in its place.
pub(super) fn replace(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<Action> {
    let mut out = Vec::new();
    let project = analysis.project();
    for fragment in query::fragments(analysis, file) {
        // What a macro is called from is not known, and with it not what it may read.
        let Some(own) = fragment.node.filter(|_| fragment.is_main) else {
            continue;
        };
        for select in &fragment.sql.selects {
            for item in &select.from {
                let Relation::Named(parts) = &item.relation else {
                    continue;
                };
                let Some(at) = whole(parts).filter(|at| at.intersect(range).is_some()) else {
                    continue;
                };
                let Some(id) =
                    node_of_table(analysis, parts).filter(|id| is_written_so(analysis, *id, parts))
                else {
                    continue;
                };
                if id == own || is_read_from(project, own, id) {
                    continue;
                }
                let call = call(project, project.node(own), project.node(id));
                let title = format!("Replace the table's name by `{call}`");
                let action = Action::new(title, ActionKind::Rewrite);
                out.push(action.replace(FileRange { file, range: at }, format!("{{{{ {call} }}}}")));
            }
        }
    }
    out
}

fn whole(parts: &[Name]) -> Option<TextRange> {
    Some(parts.first()?.range.cover(parts.last()?.range))
}

/// Whether `ref()` or `source()` gives the very name, with or without back-ticks.
fn is_written_so(analysis: &Analysis, node: NodeId, parts: &[Name]) -> bool {
    let written: Option<Vec<&str>> = parts.iter().map(|part| part.text.as_deref()).collect();
    let Some(written) = written.map(|parts| parts.join(".")) else {
        return false;
    };
    let printed = analysis.renderer().printed_name(node);
    printed.is_some_and(|printed| printed.replace('`', "").eq_ignore_ascii_case(&written))
}

/// Whether a node is read, directly or not, to make another: to read that back would be a circle.
fn is_read_from(project: &Project, node: NodeId, by: NodeId) -> bool {
    let mut seen = vec![false; project.nodes().len()];
    let mut open = vec![by];
    while let Some(next) = open.pop() {
        if next == node {
            return true;
        }
        match seen.get_mut(next.0 as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        open.extend(project.graph().parents(next));
    }
    false
}

/// `ref('orders')`, as a node of some package has to write it.
pub(super) fn call(project: &Project, from: &Node, to: &Node) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    if to.kind == ResourceType::Source {
        let source = to.source_name.as_deref().unwrap_or_default();
        return format!("source({}, {})", quoted(source), quoted(&to.name));
    }
    let mut call = String::from("ref(");
    if to.package != from.package
        && let Some(package) = project.packages().get(to.package)
    {
        call.push_str(&quoted(&package.name));
        call.push_str(", ");
    }
    call.push_str(&quoted(&to.name));
    if let Some(version) = &to.version {
        call.push_str(", v=");
        let is_number = version.v.bytes().all(|byte| byte.is_ascii_digit());
        call.push_str(&if is_number {
            version.v.to_string()
        } else {
            quoted(&version.v)
        });
    }
    call.push(')');
    call
}
