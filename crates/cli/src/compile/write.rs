//! Compiled code as files, below `target/glueline/compiled` and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};

use camino::Utf8Component;
use glueline_base::{Utf8Path, Utf8PathBuf};
use glueline_project::Project;

use super::outcome::Outcome;
use super::places::{written_path, written_path_of_hook};
use crate::exit::Failure;

/// Where compiled code is written, relative to the project. dbt's `target-path` is not followed: what Glueline writes is all in one
/// place, whatever a project says.
const DIRECTORY: &str = "target/glueline/compiled";

/// Writes the code of every node that has any, laid out as dbt lays out `target/compiled`.
pub(super) fn write(project: &Project, project_dir: &Utf8Path, outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut writer = Writer {
        project_dir,
        made: BTreeSet::new(),
    };
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
            let why = format!("`{id}` has a name that leads out of {DIRECTORY}");
            Failure::Failed(format!("cannot write the code of a node: {why}"))
        })?;
        let path = Utf8Path::new(DIRECTORY).join(path);
        writer
            .write(&path, code)
            .map_err(|error| Failure::Failed(format!("cannot write `{path}`: {error}")))?;
    }
    Ok(())
}

/// Writes one file, given by its path relative to a directory that is there, whole or not at all.
///
/// # Errors
///
/// Where it cannot be written; and where a link among the directories on the way would lead elsewhere.
#[cfg(feature = "run")]
pub(crate) fn write_one(directory: &Utf8Path, path: &Utf8Path, text: &str) -> io::Result<()> {
    let mut writer = Writer {
        project_dir: directory,
        made: BTreeSet::new(),
    };
    writer.write(path, text)
}

struct Writer<'a> {
    project_dir: &'a Utf8Path,
    /// Directories that are known to be there, and to be no links.
    made: BTreeSet<Utf8PathBuf>,
}

impl Writer<'_> {
    /// Writes a file, given by its path relative to the project. It is either whole or not there: written beside and renamed, so
    /// that a link of that name is replaced and never followed.
    fn write(&mut self, path: &Utf8Path, text: &str) -> io::Result<()> {
        let parent = path.parent().unwrap_or(Utf8Path::new(""));
        self.make(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".glueline-").suffix(".tmp");
        #[cfg(unix)]
        builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(
            0o666,
        ));
        let mut file = builder.tempfile_in(self.project_dir.join(parent))?;
        file.write_all(text.as_bytes())?;
        file.persist(self.project_dir.join(path))
            .map_err(|error| error.error)?;
        Ok(())
    }

    /// Makes a directory and those above it, up to the project. A link among them would lead elsewhere, and is refused.
    fn make(&mut self, directory: &Utf8Path) -> io::Result<()> {
        if self.made.contains(directory) {
            return Ok(());
        }
        let mut path = self.project_dir.to_owned();
        for part in directory.components() {
            let Utf8Component::Normal(part) = part else {
                return Err(io::ErrorKind::InvalidFilename.into());
            };
            path.push(part);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => {}
                Ok(found) => {
                    let what = if found.is_symlink() {
                        "a link"
                    } else {
                        "no directory"
                    };
                    return Err(io::Error::other(format!("`{path}` is {what}")));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&path)?,
                Err(error) => return Err(error),
            }
        }
        self.made.insert(directory.to_owned());
        Ok(())
    }
}
