//! A project at one instant.

use std::fmt;
use std::sync::{Arc, OnceLock};

use glueline_base::{FileId, Overlay, System, TextSize, Utf8Path, Utf8PathBuf};
use glueline_project::{LoadError, LoadOptions, Project, edit, load, reload};
use glueline_render::{Renderer, Settings};
use glueline_schema::Schemas;

use crate::columns::Memo;
use crate::completion::Refable;
use crate::inferred;

/// A place between two bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilePosition {
    /// The file.
    pub file: FileId,
    /// Bytes from the start of its text, on a character boundary.
    pub offset: TextSize,
}

/// What a project is read with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Directory, profile, target, variables, catalog.
    pub load: LoadOptions,
    /// When the server was started: microseconds since 1970, UTC. What `run_started_at` prints.
    pub started_at: i64,
}

/// A text that differs from what it was.
#[derive(Debug, Clone)]
pub struct Change {
    /// The file, from the root of the file system.
    pub path: Utf8PathBuf,
    /// Its text as the editor has it; `None` where what is on the disk counts, which may have changed, appeared or gone.
    pub text: Option<Arc<str>>,
}

/// A dbt project at one instant: texts, what they say, and what can be rendered of them. Cheap to copy; never changes.
#[derive(Clone)]
pub struct Analysis(Arc<Inner>);

struct Inner {
    files: Overlay,
    options: Options,
    schemas: Schemas,
    columns: Memo,
    inferred: inferred::Memo,
    refable: Arc<OnceLock<Refable>>,
}

impl fmt::Debug for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analysis")
            .field("project_dir", &self.0.options.load.project_dir)
            .finish_non_exhaustive()
    }
}

impl Analysis {
    /// Reads a project.
    ///
    /// # Errors
    /// Only where there is no project to speak of.
    pub fn open(files: Overlay, options: Options) -> Result<Self, LoadError> {
        let project = Arc::new(load(&files, &options.load)?);
        let environment: Arc<dyn System> = Arc::new(files.clone());
        let settings = Settings {
            started_at: options.started_at,
            ..Settings::new(environment)
        };
        let columns = Memo::new(&project);
        let renderer = Renderer::new(project, settings);
        Ok(Self(Arc::new(Inner {
            files,
            options,
            schemas: Schemas::new(&renderer),
            columns,
            inferred: inferred::Memo::default(),
            refable: Arc::default(),
        })))
    }

    /// The project after some texts changed. What the changes cannot touch is kept.
    ///
    /// # Errors
    /// Only where there is no project to speak of any more.
    pub fn edited(&self, changes: &[Change]) -> Result<Self, LoadError> {
        let mut files = self.0.files.clone();
        for change in changes {
            files.set(&change.path, change.text.clone());
        }
        let paths: Vec<&Utf8Path> = changes.iter().map(|change| &*change.path).collect();
        let project = edit(&files, &self.0.options.load, self.project(), &paths)?;
        Ok(self.with(files, project))
    }

    /// The project after its directory changed in ways that nobody listed: another branch, `dbt deps`. Everything is looked at again;
    /// unsaved texts stay.
    ///
    /// # Errors
    /// Only where there is no project to speak of any more.
    pub fn refreshed(&self) -> Result<Self, LoadError> {
        let project = reload(&self.0.files, &self.0.options.load, self.project())?;
        Ok(self.with(self.0.files.clone(), project))
    }

    fn with(&self, files: Overlay, project: Project) -> Self {
        // Names are looked up in one and the same table as long as no edit touches any.
        let is_named_alike = std::ptr::eq(project.lookup(), self.project().lookup());
        let refable = is_named_alike.then(|| Arc::clone(&self.0.refable));
        Self(Arc::new(Inner {
            columns: Memo::new(&project),
            inferred: inferred::Memo::default(),
            refable: refable.unwrap_or_default(),
            schemas: self.0.schemas.renew(&self.renderer().renew(Arc::new(project))),
            files,
            options: self.0.options.clone(),
        }))
    }

    /// The project, read and resolved.
    pub fn project(&self) -> &Arc<Project> {
        self.renderer().project()
    }

    /// What renders the project's nodes.
    pub fn renderer(&self) -> &Renderer {
        self.0.schemas.renderer()
    }

    /// The columns of the project's nodes, and what Spark makes of their texts.
    pub fn schemas(&self) -> &Schemas {
        &self.0.schemas
    }

    /// The columns of nodes, as far as somebody asked.
    pub(crate) fn columns(&self) -> &Memo {
        &self.0.columns
    }

    /// What Spark infers, as far as somebody asked.
    pub(crate) fn inferred(&self) -> &inferred::Memo {
        &self.0.inferred
    }

    /// What `ref()` can name.
    pub(crate) fn refable(&self) -> &Refable {
        self.0.refable.get_or_init(|| Refable::new(self.project()))
    }

    /// Makes at leisure what a person at the keyboard would have to wait for. Edits keep it for as long as they touch no names.
    pub fn prepare(&self) {
        self.refable();
    }

    /// What the project was read with.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The files as the editor has them.
    pub fn system(&self) -> &Overlay {
        &self.0.files
    }

    /// The number of a file, given by its path from the root of the file system.
    pub fn file(&self, path: &Utf8Path) -> Option<FileId> {
        let files = self.project().files();
        let directory = &self.0.options.load.project_dir;
        let inside = path.strip_prefix(directory).ok();
        inside.and_then(|inside| files.by_path(inside)).or_else(|| {
            // Telling paths apart takes long; most differ in what they end with.
            let name = path.file_name()?;
            let is_it = |path: &Utf8Path, other: &Utf8Path| path.as_str().ends_with(name) && path == other;
            files.ids().find(|file| is_it(&files.info(*file).absolute, path))
        })
    }

    /// Where a file is, from the root of the file system.
    pub fn path(&self, file: FileId) -> &Utf8Path {
        &self.project().files().info(file).absolute
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> &str {
        self.project().files().text(file)
    }
}
