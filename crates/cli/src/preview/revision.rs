//! A project as a revision of git has it.
//!
//! Git itself is asked, once for what there is and then for each text that is read. Nothing is checked out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::{DirEntry, FileKind, System, Utf8Path, Utf8PathBuf};

use crate::exit::Failure;

/// The files of a project at a revision. Whatever lies outside of the project, or where packages are installed, is that of the
/// machine, and so is a `profiles.yml` that git does not know.
#[derive(Debug)]
pub(super) struct Revision {
    below: Arc<dyn System>,
    /// The directory of the project, from the root of the file system.
    root: Utf8PathBuf,
    /// Each file with its object and its length.
    files: BTreeMap<Utf8PathBuf, (String, u64)>,
    /// Each directory with what it holds.
    directories: BTreeMap<Utf8PathBuf, BTreeSet<String>>,
    objects: Mutex<Objects>,
}

/// A git that hands out objects.
#[derive(Debug)]
struct Objects {
    git: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

/// Where dbt installs packages, unless told otherwise. A project of such a name is not asked of git.
const PACKAGES: [&str; 2] = ["dbt_packages", "dbt_modules"];

impl Revision {
    /// Asks git what a project was like.
    ///
    /// # Errors
    ///
    /// Where there is no git, no repository, or no such revision, or where it has no such project.
    pub(super) fn open(
        below: Arc<dyn System>,
        directory: &Utf8Path,
        revision: &str,
    ) -> Result<Self, Failure> {
        let commit = git(
            directory,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{revision}^{{commit}}"),
            ],
        )?
        .ok_or_else(|| {
            let why = match git(directory, &["rev-parse", "--git-dir"]) {
                Ok(Some(_)) => format!("git knows no such revision in `{directory}`"),
                _ => format!("`{directory}` is not in a git repository"),
            };
            Failure::Usage(format!("--diff-rev {revision}: {why}"))
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let failed = |why: &str| Failure::Failed(format!("--diff-rev {revision}: {why}"));
        let listed = git(directory, &["ls-tree", "-r", "-z", "--long", &commit, "--", "."])?
            .ok_or_else(|| failed("git cannot list its files"))?;
        let mut files = BTreeMap::new();
        let mut directories: BTreeMap<Utf8PathBuf, BTreeSet<String>> = BTreeMap::new();
        for entry in String::from_utf8_lossy(&listed).split('\0') {
            let Some((path, object, size)) = blob(entry) else {
                continue;
            };
            let path = directory.join(path);
            enter(&mut directories, directory, &path);
            files.insert(path, (object, size));
        }
        if !files.contains_key(&directory.join("dbt_project.yml")) {
            return Err(Failure::Usage(format!(
                "--diff-rev {revision}: there is no dbt_project.yml in `{directory}` at that revision"
            )));
        }
        let objects = Objects::start(directory).map_err(|error| failed(&error.to_string()))?;
        Ok(Self {
            below,
            root: directory.to_owned(),
            files,
            directories,
            objects: Mutex::new(objects),
        })
    }

    /// Whether a path is answered by git.
    fn is_ours(&self, path: &Utf8Path) -> bool {
        let Ok(within) = path.strip_prefix(&self.root) else {
            return false;
        };
        if self.files.contains_key(path) {
            return true;
        }
        let first = within.components().next().map(|part| part.as_str());
        let is_installed = first.is_some_and(|first| PACKAGES.contains(&first));
        !is_installed && within != "profiles.yml"
    }

    fn object(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let (object, _) = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.read(object)
    }
}

/// The path, the object and the length of a file in a line of `git ls-tree --long`. Links and other repositories are none.
fn blob(entry: &str) -> Option<(&str, String, u64)> {
    let (facts, path) = entry.split_once('\t')?;
    let facts: Vec<&str> = facts.split_whitespace().collect();
    match facts.as_slice() {
        ["100644" | "100755", "blob", object, size] => Some((path, (*object).to_owned(), size.parse().ok()?)),
        _ => None,
    }
}

/// Writes down a file with the directories above it.
fn enter(directories: &mut BTreeMap<Utf8PathBuf, BTreeSet<String>>, root: &Utf8Path, file: &Utf8Path) {
    let mut path = file;
    while let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
        let is_new = directories
            .entry(parent.to_owned())
            .or_default()
            .insert(name.to_owned());
        if !is_new || parent == root {
            return;
        }
        path = parent;
    }
}

/// What git prints; `None` where it refuses.
fn git(directory: &Utf8Path, arguments: &[&str]) -> Result<Option<Vec<u8>>, Failure> {
    let output = command(directory)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| Failure::Usage(format!("--diff-rev needs git, which cannot be run: {error}")))?;
    Ok(output.status.success().then_some(output.stdout))
}

fn command(directory: &Utf8Path) -> Command {
    let mut command = Command::new("git");
    // Paths are told relative to the project, as they are.
    command
        .arg("-C")
        .arg(directory)
        .args(["-c", "core.quotePath=false"]);
    command
}

impl Objects {
    fn start(directory: &Utf8Path) -> io::Result<Self> {
        let mut git = command(directory)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lost = || io::Error::other("git gives no answers");
        let ask = git.stdin.take().ok_or_else(lost)?;
        let answer = BufReader::new(git.stdout.take().ok_or_else(lost)?);
        Ok(Self { git, ask, answer })
    }

    /// The bytes of an object. Git answers `OBJECT blob SIZE`, a line end, the bytes, a line end.
    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        writeln!(self.ask, "{object}")?;
        self.ask.flush()?;
        let mut header = String::new();
        self.answer.read_line(&mut header)?;
        let size: u64 = header
            .split_whitespace()
            .nth(2)
            .and_then(|size| size.parse().ok())
            .ok_or_else(|| io::Error::other(format!("git answers `{}`", header.trim())))?;
        let mut bytes = Vec::new();
        (&mut self.answer).take(size).read_to_end(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(bytes)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It ends by itself once nobody asks any more; whether it has is nobody's concern by then.
        let _ = self.git.kill();
        let _ = self.git.wait();
    }
}

impl System for Revision {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        if self.is_ours(path) {
            self.object(path)
        } else {
            self.below.read(path)
        }
    }

    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        if path != self.root && !self.is_ours(path) {
            return self.below.read_dir(path);
        }
        let names = self.directories.get(path).ok_or(io::ErrorKind::NotFound)?;
        let mut entries: Vec<DirEntry> = names
            .iter()
            .filter_map(|name| {
                Some(DirEntry {
                    name: name.clone(),
                    kind: self.kind(&path.join(name))?,
                    link: false,
                })
            })
            .collect();
        if path == self.root {
            // What is installed, and a profile of one's own.
            let others = self.below.read_dir(path)?;
            let is_other =
                |entry: &DirEntry| !names.contains(&entry.name) && !self.is_ours(&path.join(&entry.name));
            entries.extend(others.into_iter().filter(is_other));
            entries.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(entries)
    }

    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        if path == self.root {
            return Some(FileKind::Directory);
        }
        if !self.is_ours(path) {
            return self.below.kind(path);
        }
        match self.files.get(path) {
            Some((_, size)) => Some(FileKind::File(*size)),
            None => self.directories.contains_key(path).then_some(FileKind::Directory),
        }
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        if path != self.root && self.is_ours(path) {
            return Ok(path.to_owned());
        }
        self.below.canonical(path)
    }

    fn env_var(&self, name: &str) -> Option<String> {
        self.below.env_var(name)
    }

    fn env_vars(&self) -> Vec<(String, String)> {
        self.below.env_vars()
    }

    fn home(&self) -> Option<Utf8PathBuf> {
        self.below.home()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_links_and_other_repositories() {
        let object = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        for (entry, wanted) in [
            (
                format!("100644 blob {object}      12\tmodels/a b.sql"),
                Some(("models/a b.sql", 12)),
            ),
            (format!("100755 blob {object} 0\tx"), Some(("x", 0))),
            (format!("120000 blob {object} 3\tlink"), None),
            (format!("160000 commit {object} -\tsub"), None),
            (String::new(), None),
        ] {
            let found = blob(&entry);
            assert_eq!(found.map(|(path, _, size)| (path, size)), wanted, "{entry}");
        }
    }

    #[test]
    fn directories_lead_to_their_files() {
        let mut directories = BTreeMap::new();
        for file in ["/p/m/x/a.sql", "/p/m/b.sql", "/p/c.yml"] {
            enter(&mut directories, "/p".into(), file.into());
        }
        let names = |path: &str| directories.get(Utf8Path::new(path)).cloned().unwrap_or_default();
        assert_eq!(names("/p").into_iter().collect::<Vec<_>>(), ["c.yml", "m"]);
        assert_eq!(names("/p/m").into_iter().collect::<Vec<_>>(), ["b.sql", "x"]);
        assert!(!directories.contains_key(Utf8Path::new("/")));
    }
}
