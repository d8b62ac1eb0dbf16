//! The one place where the command line meets the analysis.

use glueline_base::{Diagnostic, RuleMeta, Source, System, Utf8Path, Utf8PathBuf};

use crate::args::SelectionArgs;
use crate::exit::Failure;
use crate::paths::PROJECT_FILE;
use crate::settings::{INVALID_SETTINGS, Settings};

/// What is to be analysed.
#[derive(Debug, Clone, Copy)]
#[expect(dead_code, reason = "the analysis reads these")]
pub(crate) struct Request<'a> {
    /// The directory of `dbt_project.yml`, from the root of the file system.
    pub project_dir: &'a Utf8Path,
    /// Profile, target, variables and the like.
    pub settings: &'a Settings,
    /// The nodes that are meant.
    pub selection: &'a SelectionArgs,
}

/// What the analysis found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Analysis {
    /// The files, at the index that is their number.
    pub sources: Vec<Source>,
    /// The findings, suppressed ones left out, in any order.
    pub diagnostics: Vec<Diagnostic>,
    /// How many models the project has.
    pub models: usize,
    /// Where packages are installed, from the root of the file system: nothing below is ever changed.
    pub package_dirs: Vec<Utf8PathBuf>,
}

/// Analyses a project. An error is for what makes an analysis impossible; what is wrong with the project is in
/// the findings.
pub(crate) fn analyse(system: &dyn System, request: &Request<'_>) -> Result<Analysis, Failure> {
    let path = request.project_dir.join(PROJECT_FILE);
    let bytes = system
        .read(&path)
        .map_err(|error| Failure::Usage(format!("cannot read `{path}`: {error}")))?;
    Ok(Analysis {
        sources: vec![Source::decode(PROJECT_FILE.into(), bytes)],
        package_dirs: vec![request.project_dir.join("dbt_packages")],
        ..Analysis::default()
    })
}

/// Every rule, in the order in which lists show them.
pub(crate) fn rules() -> Vec<RuleMeta> {
    vec![INVALID_SETTINGS]
}

/// The page of a configuration key, in Markdown.
pub(crate) fn page_of_key(_key: &str) -> Option<String> {
    None
}

/// Every configuration key that has a page.
pub(crate) fn keys() -> Vec<&'static str> {
    Vec::new()
}
