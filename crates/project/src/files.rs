//! Finding the files that dbt would read, and reading them once.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use glueline_base::{FileId, FileKind as EntryKind, SharedVec, Source, System, Utf8Path, Utf8PathBuf};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::reads;

/// A file above this size is not read whole; no hand-written source comes near it.
const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// What dbt takes a file for, by the directory it was searched in and its ending
/// (`dbt/parser/read_files.py`, `get_file_types_for_project`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `dbt_project.yml`.
    ProjectFile,
    /// `profiles.yml`.
    Profiles,
    /// `packages.yml` or `dependencies.yml`.
    Packages,
    /// `selectors.yml`.
    Selectors,
    /// `vars.yml`.
    Vars,
    /// A properties file (`schema.yml` and its kin).
    Properties,
    /// A model in SQL.
    Model,
    /// A model in Python.
    PythonModel,
    /// A file of snapshot blocks.
    Snapshot,
    /// An analysis.
    Analysis,
    /// A singular data test.
    SingularTest,
    /// A file of generic tests.
    GenericTest,
    /// A file of macros.
    Macro,
    /// A seed.
    Seed,
    /// A Markdown file with docs blocks.
    Docs,
    /// Rows for unit tests, under `tests/fixtures`.
    Fixture,
    /// `glueline.toml`.
    Settings,
}

impl FileKind {
    /// Whether such a file is SQL with Jinja in it, or holds stretches of that.
    pub const fn holds_sql(self) -> bool {
        matches!(
            self,
            Self::Model
                | Self::Snapshot
                | Self::Analysis
                | Self::SingularTest
                | Self::GenericTest
                | Self::Macro
        )
    }

    /// Whether such a file is read before the others are looked for.
    pub(crate) const fn is_early(self) -> bool {
        matches!(
            self,
            Self::ProjectFile
                | Self::Profiles
                | Self::Packages
                | Self::Selectors
                | Self::Vars
                | Self::Settings
        )
    }
}

/// Which package a file belongs to; 0 is the root project.
pub type PackageId = usize;

/// A file that was found.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Where to read it.
    pub absolute: Utf8PathBuf,
    /// How to show it: relative to the root project where it lies inside it, with `/`.
    pub shown: Utf8PathBuf,
    /// What dbt takes it for.
    pub kind: FileKind,
    /// Whose it is.
    pub package: PackageId,
    /// Its path below the searched directory: what dbt makes the fqn of.
    pub below: Utf8PathBuf,
    /// Its path below the root of its package: dbt's `original_file_path`.
    pub original: Utf8PathBuf,
    /// Size in bytes.
    pub size: u64,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFault {
    /// The system refused.
    Io(String),
    /// It is larger than any source file.
    TooLarge(u64),
}

/// Every file of the project, numbered. Cheap to copy.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Sorted by the path under which each is shown.
    found: SharedVec<FoundFile>,
    sources: SharedVec<Source>,
    faults: BTreeMap<FileId, ReadFault>,
}

impl Files {
    /// Numbers files that come in the order of their shown paths.
    pub(crate) fn new(read: Vec<(FoundFile, Source, Option<ReadFault>)>) -> Self {
        let mut faults = BTreeMap::new();
        let mut found = Vec::with_capacity(read.len());
        let mut sources = Vec::with_capacity(read.len());
        for (number, (file, source, fault)) in read.into_iter().enumerate() {
            faults.extend(fault.map(|fault| (file_id(number), fault)));
            found.push(file);
            sources.push(source);
        }
        Self {
            found: found.into(),
            sources: sources.into(),
            faults,
        }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Every file's number.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.found.len()).map(file_id)
    }

    /// The texts, in the order of their numbers.
    pub fn sources(&self) -> &SharedVec<Source> {
        reads::everything();
        &self.sources
    }

    /// Gives a file another text, or says why it could not be read.
    pub(crate) fn set(&mut self, file: FileId, source: Source, size: u64, fault: Option<ReadFault>) {
        let number = file.0 as usize;
        if let Some(info) = self.found.get(number).filter(|info| info.size != size) {
            let info = FoundFile { size, ..info.clone() };
            self.found.set(number, info);
        }
        match fault {
            Some(fault) => self.faults.insert(file, fault),
            None => self.faults.remove(&file),
        };
        self.sources.set(number, source);
    }

    /// Notes why a seed could not be read.
    pub(crate) fn set_fault(&mut self, file: FileId, fault: ReadFault) {
        self.faults.insert(file, fault);
    }

    /// Why a file could not be read.
    pub(crate) fn fault(&self, file: FileId) -> Option<&ReadFault> {
        self.faults.get(&file)
    }

    /// Whether two readings found the same files, whatever stands in them.
    pub(crate) fn are_those_of(&self, other: &Self) -> bool {
        let mut beside = self.found.beside(&other.found);
        self.len() == other.len()
            && beside.all(|(_, one, other)| {
                one.shown == other.shown && one.kind == other.kind && one.package == other.package
            })
    }

    /// The files whose texts differ between two readings that found the same files.
    pub(crate) fn changed_since(&self, last: &Self) -> Vec<FileId> {
        let beside = self.sources.beside(&last.sources);
        let differ = beside.filter(|(number, is, was)| {
            let text = !Arc::ptr_eq(&is.text, &was.text) && is.text != was.text;
            let file = file_id(*number);
            text || is.not_utf8 != was.not_utf8 || self.fault(file) != last.fault(file)
        });
        differ.map(|(number, ..)| file_id(number)).collect()
    }

    /// A file's text and what decoding found.
    pub fn source(&self, file: FileId) -> &Source {
        reads::file(file);
        // A `FileId` is only ever made by this type.
        self.sources
            .get(file.0 as usize)
            .unwrap_or_else(|| unreachable!("a file number of another project"))
    }

    /// A file's text.
    pub fn text(&self, file: FileId) -> &str {
        &self.source(file).text
    }

    /// What is known of a file but its text.
    pub fn info(&self, file: FileId) -> &FoundFile {
        self.found
            .get(file.0 as usize)
            .unwrap_or_else(|| unreachable!("a file number of another project"))
    }

    /// Files of one kind, in order.
    pub fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = FileId> + '_ {
        self.ids().filter(move |file| self.info(*file).kind == kind)
    }

    /// The file shown under a path.
    pub fn by_path(&self, shown: &Utf8Path) -> Option<FileId> {
        self.all_by_path(shown).last()
    }

    /// The file shown under a path, once for each thing that dbt takes it for.
    pub(crate) fn all_by_path(&self, shown: &Utf8Path) -> impl Iterator<Item = FileId> + '_ {
        let (mut low, mut high) = (0, self.found.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.found.get(middle).is_some_and(|file| *file.shown < *shown) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let shown = shown.to_owned();
        (low..self.found.len())
            .take_while(move |number| self.found.get(*number).is_some_and(|file| file.shown == shown))
            .map(file_id)
    }

    /// Files that could not be read, and why.
    pub fn faults(&self) -> impl Iterator<Item = (FileId, &ReadFault)> {
        reads::everything();
        self.faults.iter().map(|(file, fault)| (*file, fault))
    }
}

fn file_id(number: usize) -> FileId {
    FileId(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Reads one file. Seeds are not read here: their rows are streamed.
pub(crate) fn read_one(system: &dyn System, file: &FoundFile) -> (Source, Option<ReadFault>) {
    let empty = || Source {
        path: file.shown.clone(),
        text: "".into(),
        not_utf8: None,
    };
    if file.kind == FileKind::Seed {
        return (empty(), None);
    }
    if file.size > MAX_TEXT_BYTES {
        return (empty(), Some(ReadFault::TooLarge(file.size)));
    }
    match system.read(&file.absolute) {
        Ok(bytes) => (Source::decode(file.shown.clone(), bytes), None),
        Err(error) => (empty(), Some(ReadFault::Io(error_text(&error)))),
    }
}

/// The reason without the operating system's number, so that reports are the same everywhere.
pub(crate) fn error_text(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// Where dbt looks for what, as `dbt_project.yml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPaths {
    /// `model-paths`.
    pub models: Vec<String>,
    /// `seed-paths`.
    pub seeds: Vec<String>,
    /// `snapshot-paths`.
    pub snapshots: Vec<String>,
    /// `analysis-paths`.
    pub analyses: Vec<String>,
    /// `macro-paths`.
    pub macros: Vec<String>,
    /// `test-paths`.
    pub tests: Vec<String>,
    /// `docs-paths`; all of the above where not set.
    pub docs: Option<Vec<String>>,
}

impl Default for SearchPaths {
    /// dbt's own (`dbt/config/project.py`, `create_project`).
    fn default() -> Self {
        let one = |name: &str| vec![name.to_owned()];
        Self {
            models: one("models"),
            seeds: one("seeds"),
            snapshots: one("snapshots"),
            analyses: one("analyses"),
            macros: one("macros"),
            tests: one("tests"),
            docs: None,
        }
    }
}

impl SearchPaths {
    /// Whether a path below the root of the package is looked at.
    pub(crate) fn have(&self, path: &Utf8Path) -> bool {
        self.all()
            .chain(self.docs.iter().flatten())
            .any(|directory| path.starts_with(directory.trim_end_matches('/')))
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.models
            .iter()
            .chain(&self.seeds)
            .chain(&self.snapshots)
            .chain(&self.analyses)
            .chain(&self.macros)
            .chain(&self.tests)
    }
}

/// One package to be searched.
#[derive(Debug)]
pub(crate) struct PackageRoot<'a> {
    /// Its number.
    pub package: PackageId,
    /// Its directory.
    pub absolute: &'a Utf8Path,
    /// How that directory is shown; empty for the root project.
    pub shown: &'a Utf8Path,
    /// Where to look inside it.
    pub paths: &'a SearchPaths,
}

/// Finds every file of one package that dbt would read.
pub(crate) fn find(system: &dyn System, root: &PackageRoot<'_>) -> Vec<FoundFile> {
    let ignored = dbtignore(system, root.absolute);
    let mut entries: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for directory in root.paths.all().chain(root.paths.docs.iter().flatten()) {
        let clean = directory.trim_end_matches('/');
        entries.entry(clean).or_insert_with(|| {
            let mut found = Vec::new();
            walk(
                system,
                &root.absolute.join(clean),
                Utf8Path::new(""),
                &mut found,
                0,
            );
            found.retain(|entry| !is_ignored(&ignored, &Utf8Path::new(clean).join(&entry.below)));
            found
        });
    }
    let mut files = Vec::new();
    let mut take = |directories: &[String], kind: FileKind, endings: &[&str]| {
        for directory in directories {
            let clean = directory.trim_end_matches('/');
            for entry in entries.get(clean).into_iter().flatten() {
                if has_ending(&entry.below, endings) {
                    files.push(found_file(root, clean, entry, kind));
                }
            }
        }
    };
    take(&root.paths.models, FileKind::Model, &[".sql"]);
    take(&root.paths.models, FileKind::PythonModel, &[".py"]);
    take(&root.paths.seeds, FileKind::Seed, &[".csv"]);
    take(&root.paths.snapshots, FileKind::Snapshot, &[".sql"]);
    take(&root.paths.analyses, FileKind::Analysis, &[".sql"]);
    take(&root.paths.macros, FileKind::Macro, &[".sql"]);
    take(&root.paths.tests, FileKind::SingularTest, &[".sql"]);
    take(&root.paths.tests, FileKind::Fixture, &[".csv"]);
    let all: Vec<String> = root.paths.all().cloned().collect();
    take(&all, FileKind::Properties, &[".yml", ".yaml"]);
    take(root.paths.docs.as_ref().unwrap_or(&all), FileKind::Docs, &[".md"]);
    files.retain(|file| file.kind != FileKind::Fixture || file.below.starts_with("fixtures"));
    for file in &mut files {
        // `tests/generic` holds generic tests and `tests/fixtures` rows of unit tests
        // (`dbt/config/project.py`, `generic_test_paths`, `fixture_paths`).
        if file.kind == FileKind::SingularTest {
            if file.below.starts_with("generic") {
                file.kind = FileKind::GenericTest;
            } else if file.below.starts_with("fixtures") {
                file.kind = FileKind::Fixture;
            }
        }
    }
    files
}

struct Entry {
    below: Utf8PathBuf,
    size: u64,
}

/// Deeper than any project, and an end to any loop that mounts might make.
const MAX_DEPTH: usize = 64;

fn walk(system: &dyn System, absolute: &Utf8Path, below: &Utf8Path, found: &mut Vec<Entry>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let Ok(entries) = system.read_dir(absolute) else {
        return;
    };
    for entry in entries {
        match entry.kind {
            // dbt walks with `os.walk`, which does not follow links to directories.
            EntryKind::Directory if !entry.link => {
                walk(
                    system,
                    &absolute.join(&entry.name),
                    &below.join(&entry.name),
                    found,
                    depth + 1,
                );
            }
            EntryKind::File(size) => found.push(Entry {
                below: below.join(&entry.name),
                size,
            }),
            // A link that leads nowhere is still a file to dbt, which then fails to read it.
            EntryKind::Other if entry.link => found.push(Entry {
                below: below.join(&entry.name),
                size: 0,
            }),
            EntryKind::Directory | EntryKind::Other => {}
        }
    }
}

/// dbt matches `[!.#~]*ENDING`, whatever the case (`dbt/parser/search.py`, `filesystem_search`).
fn has_ending(path: &Utf8Path, endings: &[&str]) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    if name.starts_with(['.', '#', '~']) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    endings
        .iter()
        .any(|ending| lower.ends_with(ending) && lower.len() > ending.len())
}

fn found_file(root: &PackageRoot<'_>, directory: &str, entry: &Entry, kind: FileKind) -> FoundFile {
    let original = Utf8Path::new(directory).join(&entry.below);
    FoundFile {
        absolute: root.absolute.join(&original),
        shown: slashed(&root.shown.join(&original)),
        kind,
        package: root.package,
        below: entry.below.clone(),
        original,
        size: entry.size,
    }
}

/// A path as it is shown everywhere: with `/`, and without `./`.
pub(crate) fn slashed(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = String::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::CurDir => continue,
            camino::Utf8Component::RootDir => {
                out.push('/');
                continue;
            }
            _ => {}
        }
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(part.as_str());
    }
    out.into()
}

/// The patterns of `.dbtignore` (`dbt/parser/read_files.py`, `generate_dbt_ignore_spec`).
fn dbtignore(system: &dyn System, root: &Utf8Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    if let Ok(bytes) = system.read(&root.join(".dbtignore")) {
        for line in String::from_utf8_lossy(&bytes).lines() {
            // A pattern that cannot be read ignores nothing.
            let _ = builder.add_line(None, line);
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn is_ignored(ignored: &Gitignore, path: &Utf8Path) -> bool {
    !ignored.is_empty()
        && ignored
            .matched_path_or_any_parents(path.as_std_path(), false)
            .is_ignore()
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    fn shown(system: &MemSystem) -> Vec<(String, FileKind)> {
        let paths = SearchPaths::default();
        let root = PackageRoot {
            package: 0,
            absolute: "p".into(),
            shown: "".into(),
            paths: &paths,
        };
        let mut found = find(system, &root);
        found.sort_by(|a, b| a.shown.cmp(&b.shown));
        found
            .into_iter()
            .map(|file| (file.shown.to_string(), file.kind))
            .collect()
    }

    #[test]
    fn files_are_taken_by_directory_and_ending() {
        let mut system = MemSystem::new();
        for path in [
            "models/a.sql",
            "models/a.SQL.bak",
            "models/.hidden.sql",
            "models/deep/b.py",
            "models/schema.yml",
            "models/notes.md",
            "seeds/c.csv",
            "snapshots/s.sql",
            "macros/m.sql",
            "tests/t.sql",
            "tests/generic/g.sql",
            "tests/fixtures/rows.sql",
            "tests/fixtures/deep/rows.csv",
            "tests/rows.csv",
            "analyses/x.sql",
            "elsewhere/y.sql",
        ] {
            system.write(format!("p/{path}"), "x");
        }
        let expected = [
            ("analyses/x.sql", FileKind::Analysis),
            ("macros/m.sql", FileKind::Macro),
            ("models/a.sql", FileKind::Model),
            ("models/deep/b.py", FileKind::PythonModel),
            ("models/notes.md", FileKind::Docs),
            ("models/schema.yml", FileKind::Properties),
            ("seeds/c.csv", FileKind::Seed),
            ("snapshots/s.sql", FileKind::Snapshot),
            ("tests/fixtures/deep/rows.csv", FileKind::Fixture),
            ("tests/fixtures/rows.sql", FileKind::Fixture),
            ("tests/generic/g.sql", FileKind::GenericTest),
            ("tests/t.sql", FileKind::SingularTest),
        ];
        let expected: Vec<_> = expected.map(|(path, kind)| (path.to_owned(), kind)).into();
        assert_eq!(shown(&system), expected);
    }

    #[test]
    fn dbtignore_hides_files_and_directories() {
        let mut system = MemSystem::new();
        system.write("p/.dbtignore", "models/old/\n*.tmp.sql\n!models/keep.tmp.sql\n");
        for path in ["a.sql", "old/b.sql", "c.tmp.sql", "keep.tmp.sql"] {
            system.write(format!("p/models/{path}"), "x");
        }
        let paths: Vec<_> = shown(&system).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["models/a.sql", "models/keep.tmp.sql"]);
    }

    #[test]
    fn shown_paths_have_no_dots() {
        assert_eq!(slashed("./models//a.sql".into()), "models/a.sql");
        assert_eq!(slashed("/home/u/profiles.yml".into()), "/home/u/profiles.yml");
        assert_eq!(slashed("../x".into()), "../x");
    }
}
