//! What the server asks of whoever started it: the settings of a project, as every other command understands them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic, FileId, System, Utf8Path, Utf8PathBuf};
use glueline_ide::Options;

/// What the client's settings ask for, in place of what the environment and `glueline.toml` say. Empty texts count as not set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// `--target`.
    pub target: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--profiles-dir`, relative to the project.
    pub profiles_dir: Option<String>,
    /// `--vars`, as YAML.
    pub vars: Option<String>,
    /// `--catalog`, relative to the project.
    pub catalog: Option<String>,
    /// `--assume`: `absent`, `exists` or `view`.
    pub assume: Option<String>,
}

/// A command of Glueline that is carried out for an editor.
#[derive(Debug, Clone)]
pub struct Job {
    /// The project that it is about.
    pub project_dir: Utf8PathBuf,
    /// What the client's settings ask for.
    pub asked: Asked,
    /// The command and what is its own: `show`, `--select`, `orders`.
    pub arguments: Vec<String>,
    /// Texts that are not saved: they lie over the files, so that what is previewed is what runs.
    pub texts: BTreeMap<Utf8PathBuf, Arc<str>>,
}

/// How a command ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// Its exit status; `None` where it was killed.
    pub status: Option<i32>,
    /// What it said to people, on standard error.
    pub said: String,
}

/// A session that commands have written down, here or in a terminal. Nobody has asked AWS about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRecord {
    /// Its id.
    pub id: String,
    /// What is known of it, for people.
    pub text: String,
}

/// Knows the settings of projects, and carries out what speaks with AWS.
pub trait Host: Send + Sync {
    /// What applies to the project in a directory. What cannot be used is left out and told in `problems`.
    fn settings(&self, files: &dyn System, project_dir: &Utf8Path, asked: &Asked) -> ProjectSettings;

    /// The session on record for a target, given by its profile and its name.
    fn session(
        &self,
        files: &dyn System,
        project_dir: &Utf8Path,
        profile: &str,
        target: &str,
    ) -> Option<OnRecord>;

    /// Where that is written down; `None` where nothing is.
    fn session_file(&self, project_dir: &Utf8Path) -> Option<Utf8PathBuf>;

    /// Carries a command out, in a process of its own, and waits for its end. Each line of its standard output is handed over as it
    /// comes. Once `cancel` is set it is told to stop what it began, and waited for all the same: only it knows what was stopped.
    ///
    /// # Errors
    ///
    /// With why it could not begin, or was lost on the way.
    fn carry_out(&self, job: &Job, cancel: &Cancel, heard: &mut dyn FnMut(&str)) -> Result<Ended, String>;
}

/// What applies to one project.
#[derive(Clone)]
pub struct ProjectSettings {
    /// What it is read with.
    pub options: Options,
    /// Equal where `options` are: what decides whether the project has to be read again.
    pub identity: String,
    /// What becomes of its findings.
    pub judge: Arc<dyn Judge>,
    /// What cannot be used, in sentences for the user.
    pub problems: Vec<String>,
    /// Files besides those of the project whose change may change the settings, from the root of the file system.
    pub read: Vec<Utf8PathBuf>,
}

impl fmt::Debug for ProjectSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectSettings")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Levels of rules, and files that are reported on.
pub trait Judge: Send + Sync {
    /// The finding with the severity that the settings give it; `None` where its rule is off.
    fn level(&self, finding: Diagnostic) -> Option<Diagnostic>;

    /// Whether findings in a file are reported, given by its path relative to the project.
    fn reports_on(&self, shown: &Utf8Path) -> bool;

    /// What is wrong with the settings file itself, which has the given number.
    fn faults(&self, file: FileId) -> Vec<Diagnostic>;
}
