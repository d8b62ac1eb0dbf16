//! Writing new texts so that a file is always either the old one or the new one.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use glueline_base::{OsSystem, System};
use tempfile::{NamedTempFile, TempPath};

use super::Change;
use crate::exit::Failure;

/// Writes the changed files. Each new text is first written beside its file and made safe on the disk; only when
/// all of them stand ready do they take their places. A file that is not what it was when it was read stops the
/// whole: then nothing is changed.
pub(crate) fn write(changes: &[Change]) -> Result<(), Failure> {
    let staged: Vec<Staged<'_>> = changes.iter().map(stage).collect::<Result<_, _>>()?;
    for one in &staged {
        must_be_unchanged(one.change, &one.target)?;
    }
    for (written, one) in staged.into_iter().enumerate() {
        let path = &one.change.path;
        if let Err(error) = one.ready.persist(&one.target) {
            let others = match written {
                0 => "nothing was changed".to_owned(),
                some => format!("{some} of the files before it were changed"),
            };
            return Err(Failure::Failed(format!(
                "cannot replace `{path}`: {}; {others}",
                error.error
            )));
        }
        flush_directory(&one.target);
    }
    Ok(())
}

/// A new text that waits beside the file it will replace.
struct Staged<'a> {
    change: &'a Change,
    /// The file itself, where the path is a link.
    target: PathBuf,
    ready: TempPath,
}

fn stage(change: &Change) -> Result<Staged<'_>, Failure> {
    let path = &change.path;
    let fail = |what: &str, error: std::io::Error| {
        Failure::Failed(format!("cannot {what} `{path}`: {error}; nothing was changed"))
    };
    let target = fs::canonicalize(path).map_err(|error| fail("find", error))?;
    must_be_unchanged(change, &target)?;
    let permissions = fs::metadata(&target)
        .map_err(|error| fail("look at", error))?
        .permissions();
    if permissions.readonly() {
        return Err(Failure::Failed(format!(
            "`{path}` is read-only; nothing was changed"
        )));
    }
    let directory = target.parent().unwrap_or_else(|| Path::new("/"));
    let mut file = tempfile::Builder::new()
        .prefix(".glueline-")
        .suffix(".tmp")
        .tempfile_in(directory)
        .map_err(|error| fail("write beside", error))?;
    fill(&mut file, change.after.as_bytes(), permissions).map_err(|error| fail("write beside", error))?;
    Ok(Staged {
        change,
        target,
        ready: file.into_temp_path(),
    })
}

fn fill(file: &mut NamedTempFile, bytes: &[u8], permissions: fs::Permissions) -> std::io::Result<()> {
    file.write_all(bytes)?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()
}

fn must_be_unchanged(change: &Change, target: &Path) -> Result<(), Failure> {
    let path = &change.path;
    let now = camino::Utf8Path::from_path(target)
        .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidFilename))
        .and_then(|target| OsSystem.read(target))
        .map_err(|error| Failure::Failed(format!("cannot read `{path}`: {error}; nothing was changed")))?;
    if now == change.before.as_bytes() {
        return Ok(());
    }
    Err(Failure::Failed(format!(
        "`{path}` has changed since it was read; nothing was changed, run the command again"
    )))
}

/// Makes the new name safe on the disk, where the system can; the text itself is safe already.
fn flush_directory(target: &Path) {
    if cfg!(unix)
        && let Some(directory) = target.parent()
        && let Ok(directory) = File::open(directory)
    {
        let _ = directory.sync_all();
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    struct Dir(tempfile::TempDir);

    impl Dir {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> camino::Utf8PathBuf {
            camino::Utf8Path::from_path(self.0.path()).unwrap().join(name)
        }

        fn file(&self, name: &str, text: &str) -> camino::Utf8PathBuf {
            let path = self.path(name);
            fs::write(&path, text).unwrap();
            path
        }

        fn change(&self, name: &str, before: &str, after: &str) -> Change {
            Change {
                path: self.path(name),
                shown: name.into(),
                before: before.into(),
                after: after.into(),
            }
        }

        fn names(&self) -> Vec<String> {
            let entries = OsSystem.read_dir(&self.path("")).unwrap();
            entries.into_iter().map(|entry| entry.name).collect()
        }
    }

    fn text(path: &camino::Utf8Path) -> String {
        String::from_utf8(OsSystem.read(path).unwrap()).unwrap()
    }

    #[test]
    fn texts_are_replaced_and_permissions_kept() {
        let dir = Dir::new();
        let (a, b) = (dir.file("a.sql", "a\r\n"), dir.file("b.sql", "b"));
        fs::set_permissions(&a, fs::Permissions::from_mode(0o640)).unwrap();
        write(&[
            dir.change("a.sql", "a\r\n", "A\r\n"),
            dir.change("b.sql", "b", ""),
        ])
        .unwrap();
        assert_eq!((text(&a).as_str(), text(&b).as_str()), ("A\r\n", ""));
        assert_eq!(fs::metadata(&a).unwrap().mode() & 0o777, 0o640);
        assert_eq!(dir.names(), ["a.sql", "b.sql"], "nothing is left behind");
    }

    #[test]
    fn a_link_stays_a_link() {
        let dir = Dir::new();
        let real = dir.file("real.sql", "a");
        symlink(&real, dir.path("link.sql")).unwrap();
        write(&[dir.change("link.sql", "a", "b")]).unwrap();
        assert_eq!(text(&real), "b");
        assert!(fs::symlink_metadata(dir.path("link.sql")).unwrap().is_symlink());
    }

    #[test]
    fn what_cannot_be_written_changes_nothing() {
        let dir = Dir::new();
        let (a, b) = (dir.file("a.sql", "a"), dir.file("b.sql", "someone else"));
        let locked = dir.file("locked.sql", "a");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
        for (change, want) in [
            (
                dir.change("b.sql", "b", "B"),
                "b.sql` has changed since it was read; nothing was changed",
            ),
            (
                dir.change("locked.sql", "a", "b"),
                "locked.sql` is read-only; nothing was changed",
            ),
            (dir.change("gone.sql", "a", "b"), "nothing was changed"),
        ] {
            let failure = write(&[dir.change("a.sql", "a", "A"), change]).unwrap_err();
            let message = failure.message().unwrap();
            assert!(message.contains(want), "{message}");
        }
        assert_eq!((text(&a).as_str(), text(&b).as_str()), ("a", "someone else"));
        assert_eq!(dir.names(), ["a.sql", "b.sql", "locked.sql"]);
    }
}
