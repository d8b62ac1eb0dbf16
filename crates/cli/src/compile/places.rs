//! Where nodes stand, in the project and among what is written.

use camino::Utf8Component;
use glueline_base::Utf8PathBuf;
use glueline_project::{Node, Project};
use glueline_render::Operation;

/// The file a node is defined in, relative to the project, with `/`.
pub(super) fn path<'a>(project: &'a Project, node: &Node) -> &'a str {
    project.files().info(node.file()).shown.as_str()
}

/// Where dbt writes the code of a node below `target/compiled`; `None` where a name would lead elsewhere.
pub(super) fn written_path(project: &Project, node: &Node) -> Option<Utf8PathBuf> {
    staying(glueline_render::written_path(project, node)?)
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
