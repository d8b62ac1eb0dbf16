//! What is known before the files of a project are looked for.

use glueline_base::{FileId, FileRange, SharedVec, Spanned, System, Value};

use crate::facts::FileFacts;
use crate::files::Files;
use crate::macros::MacroIndex;
use crate::packages::Requested;
use crate::profile::{ProfileState, Target};
use crate::project::{Assume, Inputs, Package, RunOptions};
use crate::release::AdapterRelease;
use crate::state::CatalogState;

/// What is known before files are looked for, and of the invocation.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) packages: Vec<Package>,
    pub(crate) profile: ProfileState,
    pub(crate) wanted_target: Option<String>,
    pub(crate) requested: Vec<(FileId, Requested)>,
    pub(crate) all_packages_present: bool,
    /// Of the project's file and the profile.
    pub(crate) missing_env: Vec<(FileRange, String)>,
    pub(crate) state: Option<CatalogState>,
    pub(crate) assume: Assume,
    pub(crate) run: RunOptions,
    pub(crate) release: AdapterRelease,
    pub(crate) vars: Spanned<Value>,
}

impl Setup {
    pub(crate) fn root(&self) -> &Package {
        self.packages
            .first()
            .unwrap_or_else(|| unreachable!("a project has a root"))
    }

    pub(crate) fn target(&self) -> Option<&Target> {
        self.profile.profile()?.selected()
    }

    /// What nodes are made of.
    pub(crate) fn inputs<'a>(
        &'a self,
        system: &'a dyn System,
        files: &'a Files,
        facts: &'a SharedVec<FileFacts>,
        macros: &'a MacroIndex,
    ) -> Inputs<'a> {
        Inputs {
            files,
            facts,
            packages: &self.packages,
            macros,
            target: self.target(),
            target_name: self.wanted_target.as_deref(),
            vars: &self.vars,
            system,
            all_packages_present: self.all_packages_present,
        }
    }
}
