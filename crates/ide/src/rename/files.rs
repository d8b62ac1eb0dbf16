//! Files that get another name: what names them by their paths, and by the names that they give.

use glueline_base::{Edit, FileRange, Utf8Path, Utf8PathBuf, slice};
use glueline_project::FileKind;

use super::{Rename, nodes};
use crate::Analysis;
use crate::symbol::{Layer, Symbol, occurrences_of};

/// The changes that keep a project whole when files or folders get other names, each given by its old and its new path from the root of the
/// file system: calls of `ref` and entries that name a model by the name of its file, and paths in YAML. Nothing for a new name that cannot
/// be one.
pub fn moved_files(analysis: &Analysis, moves: &[(Utf8PathBuf, Utf8PathBuf)]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (from, to) in moves {
        edits.extend(of_paths(analysis, from, to));
        let Some(file) = analysis.file(from) else { continue };
        let (Some(old), Some(new)) = (from.file_stem(), to.file_stem()) else {
            continue;
        };
        if old == new || from.extension() != to.extension() {
            continue;
        }
        let renamed =
            nodes::named_by_file(analysis, file).and_then(|node| nodes::node(analysis, node, new).ok());
        edits.extend(renamed.into_iter().flat_map(|renamed| renamed.edits));
    }
    edits.sort_by_key(|edit| (edit.at.file, edit.at.range.start(), edit.at.range.end()));
    edits.dedup_by_key(|edit| edit.at);
    edits
}

/// A rename with the paths of the files that it moves.
pub(super) fn with_paths(analysis: &Analysis, mut rename: Rename) -> Rename {
    for moved in &rename.moves {
        rename
            .edits
            .extend(of_paths(analysis, analysis.path(moved.file), &moved.to));
    }
    rename
        .edits
        .sort_by_key(|edit| (edit.at.file, edit.at.range.start(), edit.at.range.end()));
    rename.edits.dedup_by_key(|edit| edit.at);
    rename
}

/// Paths and names of folders in YAML that mean a file or folder which gets another path.
fn of_paths(analysis: &Analysis, from: &Utf8Path, to: &Utf8Path) -> Vec<Edit> {
    let project = analysis.project();
    let root = &project.root().root;
    let (Ok(old), Ok(new)) = (from.strip_prefix(root), to.strip_prefix(root)) else {
        return Vec::new();
    };
    let (old, new) = (slashed(old), slashed(new));
    let last = from.file_name().unwrap_or_default();
    let stem = from.file_stem().unwrap_or_default();
    let mut edits = Vec::new();
    for file in project.files().ids() {
        let info = project.files().info(file);
        let may_name = matches!(
            info.kind,
            FileKind::ProjectFile | FileKind::Selectors | FileKind::Packages | FileKind::Properties
        );
        let text = project.files().text(file);
        if !may_name || info.package != 0 || !text.contains(stem) {
            continue;
        }
        for each in occurrences_of(analysis, file, &[&old, last, stem], Layer::Names) {
            if each.symbol != Symbol::Path(from.to_owned()) {
                continue;
            }
            let written = slice(text, each.range);
            let renamed = if written == old {
                Some(new.clone())
            } else if from.parent() != to.parent() {
                // A name in a tree of folders, which the file or folder leaves.
                None
            } else if written == last {
                to.file_name().map(str::to_owned)
            } else if written == stem {
                to.file_stem().map(str::to_owned)
            } else {
                None
            };
            edits.extend(renamed.map(|text| Edit {
                at: FileRange {
                    file,
                    range: each.range,
                },
                text,
            }));
        }
    }
    edits
}

fn slashed(path: &Utf8Path) -> String {
    path.as_str().replace('\\', "/")
}
