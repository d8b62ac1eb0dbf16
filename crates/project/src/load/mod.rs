//! From a directory to a project.

mod assemble;
mod early;
mod edit;
mod packages;
mod profiles;
mod reading;
mod replant;
mod start;

use std::fmt;

use glueline_base::{Spanned, System, Utf8Path, Utf8PathBuf, Value, range};

use crate::facts::{self, YamlKind};
use crate::files::{self, FoundFile, PackageRoot};
use crate::load::assemble::{assemble, setup};
use crate::load::reading::{Known, read_everything};
use crate::load::start::{Start, start};
use crate::project::{Assume, Project, RunOptions};
use crate::release::AdapterRelease;
use crate::state::CatalogState;

pub use self::edit::edit;

/// What to load, and as if it were run how.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// The directory of `dbt_project.yml`.
    pub project_dir: Utf8PathBuf,
    /// The directory of `profiles.yml`, where asked for; else the project's, else `~/.dbt`.
    pub profiles_dir: Option<Utf8PathBuf>,
    /// The profile, in place of the one the project names.
    pub profile: Option<String>,
    /// The target, in place of the one the profile names.
    pub target: Option<String>,
    /// Variables of the command line: a mapping.
    pub vars: Spanned<Value>,
    /// What the catalog holds, where known.
    pub state: Option<CatalogState>,
    /// What to assume of relations where it is not.
    pub assume: Assume,
    /// How the run at hand is meant.
    pub run: RunOptions,
}

impl LoadOptions {
    /// A project as dbt would load it without any option.
    pub fn new(project_dir: impl Into<Utf8PathBuf>) -> Self {
        Self {
            project_dir: project_dir.into(),
            profiles_dir: None,
            profile: None,
            target: None,
            vars: Spanned::new(Value::Map(Vec::new()), range(0, 0)),
            state: None,
            assume: Assume::default(),
            run: RunOptions::default(),
        }
    }
}

/// Reads `--vars`: a mapping in YAML.
///
/// # Errors
/// One sentence for people.
pub fn parse_vars(text: &str) -> Result<Spanned<Value>, String> {
    let facts = facts::read_yaml(text, YamlKind::Vars);
    if let Some(error) = facts.errors.first() {
        return Err(error.message.clone());
    }
    match facts.value.value {
        Value::Map(_) => Ok(facts.value),
        Value::Null => Ok(Spanned::new(Value::Map(Vec::new()), facts.value.range)),
        other => Err(format!("it is {} and has to be a mapping", other.kind())),
    }
}

/// Why there is no project at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The directory has no `dbt_project.yml`.
    NoProject(Utf8PathBuf),
    /// The file is there and cannot be read.
    Unreadable(Utf8PathBuf, String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProject(directory) => write!(f, "no dbt_project.yml in {directory}"),
            Self::Unreadable(path, why) => write!(f, "{path} cannot be read: {why}"),
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads and resolves a project.
///
/// # Errors
/// Only where there is no project to speak of; faults in files are part of the result.
pub fn load(system: &dyn System, options: &LoadOptions) -> Result<Project, LoadError> {
    let mut start = start(system, options)?;
    let found = find(system, &start);
    let early = std::mem::take(&mut start.early);
    let (files, facts) = read_everything(system, found, early, &|_| Known::Nothing);
    let setup = setup(options, start, release(system, options), &files);
    Ok(assemble(system, options, setup, files, facts, None))
}

/// Reads and resolves a project again. A file that has faults now keeps the definitions that only the last reading found
/// in it; what has the text that it had is not parsed again.
///
/// # Errors
/// Only where there is no project to speak of.
pub fn reload(system: &dyn System, options: &LoadOptions, last: &Project) -> Result<Project, LoadError> {
    let mut start = start(system, options)?;
    let found = find(system, &start);
    let early = std::mem::take(&mut start.early);
    let known = |file: &FoundFile| Known::last(last, file);
    let (files, facts) = read_everything(system, found, early, &known);
    let setup = setup(options, start, release(system, options), &files);
    Ok(assemble(system, options, setup, files, facts, Some(last)))
}

/// Reads a project again of which only these files changed, appeared or went: nothing else is read.
fn reread(
    system: &dyn System,
    options: &LoadOptions,
    last: &Project,
    changed: &[&Utf8Path],
) -> Result<Project, LoadError> {
    let mut start = start(system, options)?;
    let found = find(system, &start);
    let early = std::mem::take(&mut start.early);
    let known = |file: &FoundFile| {
        if changed.contains(&file.absolute.as_path()) {
            Known::last(last, file)
        } else {
            Known::read(last, file)
        }
    };
    let (files, facts) = read_everything(system, found, early, &known);
    let setup = setup(options, start, release(system, options), &files);
    Ok(assemble(system, options, setup, files, facts, Some(last)))
}

fn release(system: &dyn System, options: &LoadOptions) -> AdapterRelease {
    AdapterRelease::find(
        system,
        &options.project_dir,
        options.run.adapter_version.as_deref(),
    )
}

/// The files that dbt would read, but for those that were read to learn where the others are.
fn find(system: &dyn System, start: &Start) -> Vec<FoundFile> {
    let mut found = Vec::new();
    for (number, package) in start.packages.iter().enumerate() {
        found.extend(files::find(
            system,
            &PackageRoot {
                package: number,
                absolute: &package.inner.root,
                shown: &package.shown,
                paths: &package.inner.project.paths,
            },
        ));
    }
    let early: std::collections::BTreeSet<&Utf8Path> =
        start.early.iter().map(|file| &*file.found.shown).collect();
    found.retain(|file| !early.contains(&*file.shown));
    found
}
