//! Which releases of dbt-glue and dbt-core a project is run with, and how that is known.

mod places;
mod text;

use std::fmt;
use std::sync::Arc;

use glueline_base::{System, TextRange, Utf8Path, Utf8PathBuf};
use glueline_catalog::{AdapterVersion, newest_that_fits};

/// The release of dbt-glue that a project is run with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterRelease {
    /// The release.
    pub version: AdapterVersion,
    /// The release of dbt-core beside it: what the same file says, else the newest of the same minor version.
    pub dbt_core: Arc<str>,
    /// What says so.
    pub source: ReleaseSource,
}

/// What says which release a project is run with; the earlier kinds are asked before the later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseSource {
    /// The setting `adapter-version`.
    Setting,
    /// A lock file.
    Lock(Utf8PathBuf, TextRange),
    /// The packages of a virtual environment: the directory of the environment.
    Environment(Utf8PathBuf),
    /// What is required in a requirements file, `pyproject.toml`, `setup.cfg`, `setup.py` or `Pipfile`.
    Requirement(Utf8PathBuf, TextRange),
    /// Nothing: the newest release is meant.
    Newest,
}

impl fmt::Display for ReleaseSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |path: &Utf8Path| path.file_name().unwrap_or(path.as_str()).to_owned();
        match self {
            Self::Setting => f.write_str("setting"),
            Self::Lock(path, _) | Self::Requirement(path, _) => f.write_str(&name(path)),
            Self::Environment(path) => write!(f, "installed in {}", name(path)),
            Self::Newest => f.write_str("the newest known"),
        }
    }
}

impl fmt::Display for AdapterRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dbt-glue {} ({})", self.version, self.source)
    }
}

impl Default for AdapterRelease {
    /// The newest release that is known.
    fn default() -> Self {
        Self::new(AdapterVersion::DESCRIBED, None, ReleaseSource::Newest)
    }
}

/// The releases that one place tells of.
#[derive(Debug)]
pub(crate) struct Told {
    version: AdapterVersion,
    dbt_core: Option<String>,
    at: TextRange,
}

impl AdapterRelease {
    fn new(version: AdapterVersion, dbt_core: Option<&str>, source: ReleaseSource) -> Self {
        Self {
            version,
            dbt_core: dbt_core.unwrap_or_else(|| version.dbt_core()).into(),
            source,
        }
    }

    /// Asks the setting, then lock files, then the environment, then what is required, each from the project's directory up to the
    /// root of the repository; the newest release where none of them knows.
    pub(crate) fn find(system: &dyn System, root: &Utf8Path, setting: Option<&str>) -> Self {
        if let Some(version) = setting.and_then(read_setting) {
            return Self::new(version, None, ReleaseSource::Setting);
        }
        let directories = places::upwards(system, root);
        let locked = || places::in_files(system, &directories, places::locks, text::locked);
        let required = || places::in_files(system, &directories, places::requirements, text::required);
        if let Some((path, told)) = locked() {
            let source = ReleaseSource::Lock(path, told.at);
            return Self::new(told.version, told.dbt_core.as_deref(), source);
        }
        if let Some((path, version, dbt_core)) = places::installed(system, &directories) {
            return Self::new(version, dbt_core.as_deref(), ReleaseSource::Environment(path));
        }
        if let Some((path, told)) = required() {
            let source = ReleaseSource::Requirement(path, told.at);
            return Self::new(told.version, told.dbt_core.as_deref(), source);
        }
        Self::default()
    }
}

/// The directory of the packages of the virtual environment that a project is run in: the active one, or one beside it, where dbt-glue
/// is installed there.
pub fn site_packages(system: &dyn System, root: &Utf8Path) -> Option<Utf8PathBuf> {
    let (environment, ..) = places::installed(system, &places::upwards(system, root))?;
    places::packages(system, &environment).map(|(path, _)| path)
}

/// `1.9.4`, or the newest of a line: `1.9`.
fn read_setting(text: &str) -> Option<AdapterVersion> {
    let text = text.trim();
    match text.split('.').count() {
        2 => newest_that_fits(&format!("=={text}.*")),
        _ => AdapterVersion::parse(text),
    }
}

#[cfg(test)]
mod tests;
