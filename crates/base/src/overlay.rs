//! Files as an editor has them: unsaved texts over what is on the disk.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::system::{DirEntry, FileKind, System};

/// Texts that lie over another system's files. Cheap to copy; a copy does not see what is put into the other one later.
#[derive(Debug, Clone)]
pub struct Overlay {
    below: Arc<dyn System>,
    texts: Arc<BTreeMap<Utf8PathBuf, Arc<str>>>,
}

impl Overlay {
    /// Nothing over `below` yet.
    pub fn new(below: Arc<dyn System>) -> Self {
        Self {
            below,
            texts: Arc::default(),
        }
    }

    /// Puts a text over the file at a path from the root of the file system, whether or not there is one; `None` takes it away.
    pub fn set(&mut self, path: &Utf8Path, text: Option<Arc<str>>) {
        let texts = Arc::make_mut(&mut self.texts);
        match text {
            Some(text) => {
                texts.insert(path.to_owned(), text);
            }
            None => {
                texts.remove(path);
            }
        }
    }

    /// The text that lies over the file at a path.
    pub fn text(&self, path: &Utf8Path) -> Option<&Arc<str>> {
        self.texts.get(path)
    }

    /// The paths that a text lies over.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.texts.keys().map(Utf8PathBuf::as_path)
    }

    fn below(&self, directory: &Utf8Path) -> impl Iterator<Item = (&Utf8Path, &Arc<str>)> {
        let from = self.texts.range(directory.to_owned()..);
        let inside = from.map(|(path, text)| (path.as_path(), text));
        let directory = directory.to_owned();
        inside.take_while(move |(path, _)| path.starts_with(&directory))
    }
}

impl System for Overlay {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.below.read(path),
        }
    }

    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        let read = self.below.read_dir(path);
        let mut added: BTreeMap<String, FileKind> = BTreeMap::new();
        for (file, text) in self.below(path) {
            let Ok(inside) = file.strip_prefix(path) else {
                continue;
            };
            let mut parts = inside.components();
            let Some(first) = parts.next() else { continue };
            let kind = match parts.next() {
                Some(_) => FileKind::Directory,
                None => FileKind::File(text.len() as u64),
            };
            added.insert(first.as_str().to_owned(), kind);
        }
        if added.is_empty() {
            return read;
        }
        let mut entries = read.unwrap_or_default();
        for entry in &mut entries {
            if let Some(kind) = added.remove(&entry.name) {
                entry.kind = kind;
            }
        }
        entries.extend(added.into_iter().map(|(name, kind)| DirEntry {
            name,
            kind,
            link: false,
        }));
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        if let Some(text) = self.texts.get(path) {
            return Some(FileKind::File(text.len() as u64));
        }
        let inside = || self.below(path).next().map(|_| FileKind::Directory);
        self.below.kind(path).or_else(inside)
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        match self.below.canonical(path) {
            Err(_) if self.texts.contains_key(path) => Ok(path.to_owned()),
            found => found,
        }
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

    fn open(&self, path: &Utf8Path) -> io::Result<Box<dyn io::Read + Send>> {
        match self.texts.get(path) {
            Some(text) => Ok(Box::new(io::Cursor::new(text.as_bytes().to_vec()))),
            None => self.below.open(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemSystem;

    #[test]
    fn unsaved_texts_lie_over_files() {
        let mut disk = MemSystem::new();
        disk.write("/p/models/a.sql", "select 1");
        let mut overlay = Overlay::new(Arc::new(disk));
        overlay.set("/p/models/a.sql".into(), Some("select 22".into()));
        overlay.set("/p/models/new/b.sql".into(), Some("select 3".into()));
        assert_eq!(overlay.read("/p/models/a.sql".into()).unwrap(), b"select 22");
        let names: Vec<(String, FileKind)> = overlay
            .read_dir("/p/models".into())
            .unwrap()
            .into_iter()
            .map(|entry| (entry.name, entry.kind))
            .collect();
        let expected = [
            ("a.sql".to_owned(), FileKind::File(9)),
            ("new".to_owned(), FileKind::Directory),
        ];
        assert_eq!(names, expected);
        assert_eq!(overlay.kind("/p/models/new".into()), Some(FileKind::Directory));
        overlay.set("/p/models/a.sql".into(), None);
        assert_eq!(overlay.read("/p/models/a.sql".into()).unwrap(), b"select 1");
    }
}
