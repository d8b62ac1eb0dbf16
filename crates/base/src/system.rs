//! The one door to files and the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// What an entry of a directory is, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file of so many bytes.
    File(u64),
    /// A directory.
    Directory,
    /// A link that leads nowhere, a socket, a device.
    Other,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// The name without its directory.
    pub name: String,
    /// What it is, links followed.
    pub kind: FileKind,
    /// Whether it is a link. dbt does not descend into linked directories.
    pub link: bool,
}

/// Files and the environment. The core reads the world through this trait alone, so that the command line, an
/// editor's unsaved documents and a test's map of texts are the same to it.
pub trait System: Send + Sync + fmt::Debug {
    /// The bytes of a file.
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// What stands in a directory, sorted by name. Names that are not UTF-8 are passed over.
    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>>;

    /// What is at a path, links followed; `None` where nothing is.
    fn kind(&self, path: &Utf8Path) -> Option<FileKind>;

    /// The path with every link and `..` resolved: how a loop of links is recognised.
    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf>;

    /// A variable of the environment.
    fn env_var(&self, name: &str) -> Option<String>;

    /// All variables of the environment that are UTF-8, sorted by name.
    fn env_vars(&self) -> Vec<(String, String)>;

    /// The user's home directory.
    fn home(&self) -> Option<Utf8PathBuf>;

    /// The bytes of a file, for reading piece by piece; the default reads it whole.
    fn open(&self, path: &Utf8Path) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.read(path)?)))
    }
}

/// The machine's own files and environment.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsSystem;

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl System for OsSystem {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // The directory itself says file or directory on most systems; only links need another question.
            let (kind, link) = match entry.file_type() {
                Ok(kind) if kind.is_dir() => (FileKind::Directory, false),
                Ok(kind) if kind.is_file() => (
                    FileKind::File(entry.metadata().map_or(0, |meta| meta.len())),
                    false,
                ),
                _ => (self.kind(&path.join(&name)).unwrap_or(FileKind::Other), true),
            };
            entries.push(DirEntry { name, kind, link });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        let meta = std::fs::metadata(path).ok()?;
        Some(if meta.is_dir() {
            FileKind::Directory
        } else if meta.is_file() {
            FileKind::File(meta.len())
        } else {
            FileKind::Other
        })
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        path.canonicalize_utf8()
    }

    fn env_var(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn env_vars(&self) -> Vec<(String, String)> {
        let text = |text: std::ffi::OsString| text.into_string().ok();
        let mut found: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
            .collect();
        found.sort_unstable();
        found
    }

    fn home(&self) -> Option<Utf8PathBuf> {
        let home = self.env_var("HOME").or_else(|| self.env_var("USERPROFILE"))?;
        (!home.is_empty()).then(|| home.into())
    }

    fn open(&self, path: &Utf8Path) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::BufReader::with_capacity(
            1 << 16,
            std::fs::File::open(path)?,
        )))
    }
}

/// Files and an environment that exist only in memory.
#[derive(Debug, Clone, Default)]
pub struct MemSystem {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
    env: BTreeMap<String, String>,
}

impl MemSystem {
    /// An empty world.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn write(&mut self, path: impl Into<Utf8PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Sets a variable of the environment.
    pub fn set_env(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.env.insert(name.into(), value.into());
    }

    /// Every file, by path.
    pub fn files(&self) -> impl Iterator<Item = (&Utf8Path, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_path(), bytes.as_slice()))
    }
}

impl System for MemSystem {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        let mut entries: BTreeMap<String, FileKind> = BTreeMap::new();
        for (file, bytes) in &self.files {
            let Ok(below) = file.strip_prefix(path) else {
                continue;
            };
            let mut parts = below.components();
            let Some(first) = parts.next() else { continue };
            let kind = if parts.next().is_some() {
                FileKind::Directory
            } else {
                FileKind::File(bytes.len() as u64)
            };
            entries.insert(first.as_str().to_owned(), kind);
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries
            .into_iter()
            .map(|(name, kind)| DirEntry {
                name,
                kind,
                link: false,
            })
            .collect())
    }

    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        if let Some(bytes) = self.files.get(path) {
            return Some(FileKind::File(bytes.len() as u64));
        }
        self.files
            .keys()
            .any(|file| file.starts_with(path))
            .then_some(FileKind::Directory)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        let mut out = Utf8PathBuf::new();
        for part in path.components() {
            match part.as_str() {
                ".." => {
                    out.pop();
                }
                "." => {}
                other => out.push(other),
            }
        }
        Ok(out)
    }

    fn env_var(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn env_vars(&self) -> Vec<(String, String)> {
        let pair = |(name, value): (&String, &String)| (name.clone(), value.clone());
        self.env.iter().map(pair).collect()
    }

    fn home(&self) -> Option<Utf8PathBuf> {
        self.env.get("HOME").map(Utf8PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_of_texts_has_directories() {
        let mut system = MemSystem::new();
        system.write("p/models/a.sql", "select 1");
        system.write("p/models/deep/b.sql", "select 2");
        let entries = system.read_dir("p/models".into()).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].kind, FileKind::Directory);
        assert_eq!(system.kind("p".into()), Some(FileKind::Directory));
        assert_eq!(system.kind("q".into()), None);
        assert_eq!(system.canonical("p/./models/../x".into()).unwrap(), "p/x");
    }
}
