//! The server's own look at the disk, for clients that do not look.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::runtime::Handle;

use crate::session::Session;

/// Changes that come within this time are told together: whoever writes a file writes several times, and whoever switches branches
/// writes many.
const TOGETHER: Duration = Duration::from_millis(50);

/// Directories that are not watched: nothing of theirs is read, and some are vast.
const UNWATCHED: [&str; 8] = [
    ".git",
    ".idea",
    ".venv",
    ".vscode",
    "logs",
    "node_modules",
    "target",
    "venv",
];

/// Where commands write down sessions and catalogs.
const RECORDS: [&str; 2] = ["target", "glueline"];

/// Looks at directories. It stops when it is dropped.
pub(crate) struct Watcher {
    disk: Arc<dyn System>,
    /// `None` where the system gives no watcher: then nobody looks.
    inner: Option<RecommendedWatcher>,
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watcher").finish_non_exhaustive()
    }
}

impl Watcher {
    /// Looks at the projects that are known, and at those that are added.
    pub(crate) fn new(session: &Arc<Session>) -> Self {
        let pending: Arc<Mutex<BTreeSet<Utf8PathBuf>>> = Arc::default();
        let runtime = Handle::current();
        let weak = Arc::downgrade(session);
        let inner = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if event.kind.is_access() {
                return;
            }
            let paths = event.paths.iter().filter_map(|path| utf8(path));
            let mut waiting = pending.lock().unwrap_or_else(PoisonError::into_inner);
            let is_first = waiting.is_empty();
            waiting.extend(paths);
            if is_first && !waiting.is_empty() {
                runtime.spawn(tell(Weak::clone(&weak), Arc::clone(&pending)));
            }
        });
        let (disk, dirs) = {
            let world = session.world();
            let dirs: Vec<Utf8PathBuf> = world.projects().map(|project| project.dir.clone()).collect();
            (Arc::clone(world.disk()), dirs)
        };
        let mut watcher = Self {
            disk,
            inner: inner.ok(),
        };
        dirs.iter().for_each(|dir| watcher.add(dir));
        watcher
    }

    /// Looks at a project, too.
    pub(crate) fn add(&mut self, dir: &Utf8Path) {
        self.look_at(dir, RecursiveMode::NonRecursive);
        for entry in self.disk.read_dir(dir).unwrap_or_default() {
            if entry.kind == FileKind::Directory {
                self.add_below(dir, &entry.name);
            }
        }
    }

    fn add_below(&mut self, dir: &Utf8Path, name: &str) {
        if !UNWATCHED.contains(&name) {
            self.look_at(&dir.join(name), RecursiveMode::Recursive);
        } else if name == RECORDS[0] {
            self.look_at(&dir.join(name), RecursiveMode::NonRecursive);
            self.look_at(&dir.join(name).join(RECORDS[1]), RecursiveMode::NonRecursive);
        }
    }

    /// Directories that came directly in the directory of a project.
    fn add_new(&mut self, dirs: &BTreeSet<Utf8PathBuf>, paths: &[Utf8PathBuf]) {
        for path in paths {
            if let (Some(dir), Some(name)) = (path.parent(), path.file_name())
                && dirs.contains(dir)
                && self.disk.kind(path) == Some(FileKind::Directory)
            {
                self.add_below(dir, name);
            }
            let records = path.parent().and_then(Utf8Path::parent);
            if records.is_some_and(|dir| dirs.contains(dir)) && path.ends_with(RECORDS.join("/")) {
                self.look_at(path, RecursiveMode::NonRecursive);
            }
        }
    }

    fn look_at(&mut self, path: &Utf8Path, mode: RecursiveMode) {
        if let Some(inner) = &mut self.inner {
            // What cannot be watched is read when it is asked for, or when the server is started anew.
            let _ = inner.watch(path.as_std_path(), mode);
        }
    }
}

async fn tell(session: Weak<Session>, pending: Arc<Mutex<BTreeSet<Utf8PathBuf>>>) {
    tokio::time::sleep(TOGETHER).await;
    let paths = std::mem::take(&mut *pending.lock().unwrap_or_else(PoisonError::into_inner));
    let Some(session) = session.upgrade() else { return };
    let paths: Vec<Utf8PathBuf> = paths.into_iter().collect();
    let dirs = session
        .world()
        .projects()
        .map(|project| project.dir.clone())
        .collect();
    let new = paths.clone();
    session
        .with_watcher(move |watcher| watcher.add_new(&dirs, &new))
        .await;
    session.disk_changed(&paths);
}

fn utf8(path: &Path) -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(path.to_path_buf()).ok()
}
