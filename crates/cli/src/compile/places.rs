//! Where nodes stand, in the project and among what is written.

use camino::Utf8Component;
use glueline_base::Utf8PathBuf;
use glueline_project::{Node, Project, ResourceType};
use glueline_render::Operation;

/// The file a node is defined in, relative to the project, with `/`.
pub(super) fn path<'a>(project: &'a Project, node: &Node) -> &'a str {
    project.files().info(node.file()).shown.as_str()
}

/// Where dbt writes the code of a node below `target/compiled` (`get_target_write_path` in `dbt/contracts/graph/nodes.py`);
/// `None` where a name would lead elsewhere.
///
/// A node that has its file for itself is written under that file's name. Snapshots and generic tests, of which a file may hold
/// many, are written into a directory of that name.
pub(super) fn written_path(project: &Project, node: &Node) -> Option<Utf8PathBuf> {
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
    staying(path)
}

/// The same for a hook of a run: below the project file, as if that were a directory.
pub(super) fn written_path_of_hook(project: &Project, hook: &Operation) -> Option<Utf8PathBuf> {
    let package = project.packages().get(hook.package)?;
    let path = Utf8PathBuf::from(&*package.name).join("dbt_project.yml/hooks");
    staying(path.join(format!("{}.sql", hook.name)))
}

fn staying(path: Utf8PathBuf) -> Option<Utf8PathBuf> {
    let stays = path
        .components()
        .all(|part| matches!(part, Utf8Component::Normal(_)));
    stays.then_some(path)
}
