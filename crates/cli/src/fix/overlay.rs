//! A file system with a few texts that are not written yet.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use glueline_base::{DirEntry, FileKind, System, Utf8Path, Utf8PathBuf};

/// The files of another system, some with another text.
#[derive(Debug)]
pub(crate) struct Overlay<'a> {
    below: &'a dyn System,
    texts: BTreeMap<Utf8PathBuf, Arc<str>>,
}

impl<'a> Overlay<'a> {
    /// The same files with the same texts.
    pub(super) fn new(below: &'a dyn System) -> Self {
        Self {
            below,
            texts: BTreeMap::new(),
        }
    }

    /// Gives a file, which exists, another text.
    pub(super) fn put(&mut self, path: Utf8PathBuf, text: Arc<str>) {
        self.texts.insert(path, text);
    }
}

impl System for Overlay<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.below.read(path),
        }
    }

    fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
        self.below.read_dir(path)
    }

    fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
        match self.texts.get(path) {
            Some(text) => Some(FileKind::File(text.len() as u64)),
            None => self.below.kind(path),
        }
    }

    fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
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

    fn open(&self, path: &Utf8Path) -> io::Result<Box<dyn io::Read + Send>> {
        match self.texts.get(path) {
            Some(text) => Ok(Box::new(io::Cursor::new(text.as_bytes().to_vec()))),
            None => self.below.open(path),
        }
    }
}
