//! Files below the project's `target/glueline`: whole at any moment, and never written through a link.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};

use camino::Utf8Component;
use glueline_base::{Utf8Path, Utf8PathBuf};

use crate::exit::Failure;

/// The directory of what Glueline writes, relative to the project. dbt's `target-path` is not followed: it is all in one place, whatever
/// a project says.
pub(crate) const DIRECTORY: &str = "target/glueline";

/// Writes one file, given by its path relative to a directory that is there, whole or not at all.
///
/// # Errors
///
/// Where it cannot be written; and where a link among the directories on the way would lead elsewhere.
#[cfg(feature = "run")]
pub(crate) fn write_one(directory: &Utf8Path, path: &Utf8Path, text: &str) -> io::Result<()> {
    Writer::new(directory).try_write(path, |out| out.write_all(text.as_bytes()))
}

/// Writes files of a project.
pub(crate) struct Writer<'a> {
    project_dir: &'a Utf8Path,
    /// Directories that are known to be there, and to be no links.
    made: BTreeSet<Utf8PathBuf>,
}

impl<'a> Writer<'a> {
    /// A writer for the project in a directory.
    pub(crate) const fn new(project_dir: &'a Utf8Path) -> Self {
        Self {
            project_dir,
            made: BTreeSet::new(),
        }
    }

    /// Writes a file, given by its path relative to the project, as `content` says.
    pub(crate) fn write(
        &mut self,
        path: &Utf8Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.try_write(path, content)
            .map_err(|error| Failure::Failed(format!("cannot write `{path}`: {error}")))
    }

    /// The file is either whole or as it was: written beside and renamed, so that a link of that name is replaced and never followed.
    fn try_write(
        &mut self,
        path: &Utf8Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let parent = path.parent().unwrap_or(Utf8Path::new(""));
        self.make(parent)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".glueline-").suffix(".tmp");
        #[cfg(unix)]
        builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(
            0o666,
        ));
        let file = builder.tempfile_in(self.project_dir.join(parent))?;
        let mut buffer = BufWriter::with_capacity(1 << 18, file);
        content(&mut buffer)?;
        let file = buffer.into_inner().map_err(io::IntoInnerError::into_error)?;
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
