//! Where dbt writes the code of nodes.

use glueline_base::Utf8PathBuf;
use glueline_project::{Node, NodeId, Project, ResourceType};

/// Where dbt writes the code of a node below `target/compiled` and `target/run` (`get_target_write_path` in
/// `dbt/contracts/graph/nodes.py`); `None` where the project has no package of the node's.
///
/// A node that has its file for itself is written under that file's name. Snapshots and generic tests, of which a file may hold
/// many, are written into a directory of that name.
pub fn written_path(project: &Project, node: &Node) -> Option<Utf8PathBuf> {
    let package = project.packages().get(node.package)?;
    let original = &project.files().info(node.file()).original;
    let mut path = Utf8PathBuf::from(&*package.name).join(original);
    let is_one_of_many = node.kind == ResourceType::Snapshot || node.generic_test.is_some();
    if is_one_of_many {
        // A generic test whose name is too long has a short one, which is its default alias.
        let short = (node.kind == ResourceType::Test)
            .then_some(node.identifier.as_deref())
            .flatten();
        path.push(format!("{}.sql", short.unwrap_or(&node.name)));
    }
    Some(path)
}

/// The file of the code that runs, as dbt's messages tell it.
pub(crate) fn run_path(project: &Project, node: NodeId) -> Option<String> {
    let path = written_path(project, project.node(node))?;
    Some(format!("target/run/{path}"))
}
