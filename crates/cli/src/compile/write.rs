//! Compiled code as files, below `target/glueline/compiled`, and the manifest that tells of them.

use glueline_artifacts::{Code, Invocation, manifest};
use glueline_base::Utf8Path;
use glueline_render::Renderer;

use super::invocation;
use super::outcome::Outcome;
use super::places::{written_path, written_path_of_hook};
use crate::below_target::{DIRECTORY, Writer};
use crate::exit::Failure;

/// Writes the code of every node that has any, laid out as dbt lays out `target/compiled`, and behind it `manifest.json`.
pub(super) fn write(
    renderer: &Renderer,
    project_dir: &Utf8Path,
    outcomes: &[Outcome],
) -> Result<(), Failure> {
    let project = renderer.project();
    let below = Utf8Path::new(DIRECTORY).join("compiled");
    let mut writer = Writer::new(project_dir);
    let mut codes = Vec::new();
    for outcome in outcomes {
        let node = outcome.node.map(|node| project.node(node));
        let (id, path) = match (node, &outcome.operation) {
            (Some(node), _) => (&node.unique_id, written_path(project, node)),
            (None, Some(hook)) => (&hook.unique_id, written_path_of_hook(project, hook)),
            (None, None) => continue,
        };
        // dbt writes no empty file (`_write_node` in `dbt/compilation.py`).
        let Some(code) = outcome.code().filter(|code| !code.is_empty()) else {
            continue;
        };
        let path = path.ok_or_else(|| {
            let why = format!("`{id}` has a name that leads out of {below}");
            Failure::Failed(format!("cannot write the code of a node: {why}"))
        })?;
        let path = below.join(path);
        writer.write(&path, |out| out.write_all(code.as_bytes()))?;
        codes.push(Code {
            unique_id: id.clone(),
            compiled: outcome.compiled.clone(),
            path: Some(path.into_string()),
        });
    }
    let told = Invocation {
        generated_at: invocation::now(),
        ..Invocation::default()
    };
    let path = Utf8Path::new(DIRECTORY).join("manifest.json");
    writer.write(&path, |out| manifest(renderer, &codes, &told, out))
}
