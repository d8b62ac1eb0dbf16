//! Rendering with marks and without gives the same text, and every byte has its place.

#![expect(clippy::disallowed_methods, reason = "a test looks for projects on the disk")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use glueline_base::{OsSystem, System};
use glueline_project::{CatalogState, LoadOptions, Project, load};
use glueline_render::{Compiled, Life, Renderer, Settings};

/// The bundled projects, and the recorded cases where they are there.
fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases =
        std::env::var("GLUELINE_ORACLE").map_or_else(|_| root.join("../shared/oracle"), PathBuf::from);
    let mut found: Vec<PathBuf> = [root.join("fixtures"), cases.join("cases")]
        .iter()
        .filter_map(|directory| std::fs::read_dir(directory).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.join("dbt_project.yml").is_file())
        .collect();
    found.sort();
    found
}

fn read(path: &Path) -> Option<Project> {
    let path = glueline_base::Utf8PathBuf::from_path_buf(path.to_owned()).ok()?;
    let mut options = LoadOptions::new(&path);
    options.profiles_dir = Some(path.clone());
    let state = std::fs::read_dir(&path)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("state."))
        })
        .min();
    options.state = state.and_then(|path| CatalogState::read(&std::fs::read_to_string(path).ok()?).ok());
    load(&OsSystem, &options).ok()
}

fn renderer(project: &Arc<Project>, marked: bool) -> Renderer {
    let system: Arc<dyn System> = Arc::new(OsSystem);
    let settings = Settings {
        marked,
        ..Settings::new(system)
    };
    Renderer::new(project.clone(), settings)
}

#[test]
fn marks_change_nothing_and_lead_back() {
    let (mut nodes, mut bytes, mut literal) = (0, 0, 0);
    for path in projects() {
        let project = Arc::new(read(&path).unwrap());
        let (marked, plain) = (renderer(&project, true), renderer(&project, false));
        for node in project.nodes().iter().filter(|node| node.enabled) {
            for life in [Life::Known, Life::Absent, Life::Exists] {
                let (with, without) = (marked.compile(node.id, life), plain.compile(node.id, life));
                let place = format!("{}: {} {life:?}", path.display(), node.unique_id);
                assert_eq!(with.code, without.code, "{place}");
                let reason =
                    |compiled: &Compiled| compiled.failure.as_ref().map(|failure| failure.message.clone());
                assert_eq!(reason(&with), reason(&without), "{place}");
                nodes += 1;
                let Some(code) = &with.code else { continue };
                for (offset, byte) in code.bytes().enumerate() {
                    bytes += 1;
                    let Some(found) = with.map.at(offset) else {
                        continue;
                    };
                    if found.literal {
                        literal += 1;
                        let source = project.files().text(found.place.file);
                        let written = source.as_bytes()[usize::from(found.place.range.start())];
                        assert!(
                            written == byte || written == b'\r' && byte == b'\n',
                            "{place} at {offset}"
                        );
                    }
                }
            }
        }
    }
    assert!(nodes > 0);
    println!("{nodes} renderings, {bytes} bytes, {literal} of them literal");
}
