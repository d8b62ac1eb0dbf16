//! Macros by name and package.

use std::sync::Arc;

use glueline_base::{FileId, SharedVec};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::FileFacts;
use crate::facts::sql::{MacroDef, MacroKind};
use crate::files::{FileKind, Files, PackageId};

/// Where a macro is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacroRef {
    /// The file.
    pub file: FileId,
    /// Its number in the file.
    pub index: usize,
    /// Whose it is.
    pub package: PackageId,
}

/// Every macro of the project and its packages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct MacroIndex {
    by_name: FxHashMap<Arc<str>, Vec<MacroRef>>,
    /// By the name that `materialized` says, with the rank of the adapter that each is for.
    materializations: FxHashMap<Arc<str>, (usize, MacroRef)>,
    /// The packages that define a macro at all.
    packages: FxHashSet<PackageId>,
}

/// The adapters whose materializations dbt takes for a node on Glue, the first that has one.
const ADAPTERS: [&str; 3] = ["glue", "spark", "default"];

impl MacroIndex {
    pub(crate) fn new(files: &Files, facts: &SharedVec<FileFacts>) -> Self {
        let mut index = Self::default();
        for file in files.ids() {
            let info = files.info(file);
            if !matches!(info.kind, FileKind::Macro | FileKind::GenericTest) {
                continue;
            }
            let Some(facts) = facts.get(file.0 as usize).and_then(FileFacts::sql) else {
                continue;
            };
            if !facts.macros.is_empty() {
                index.packages.insert(info.package);
            }
            for (number, definition) in facts.macros.iter().enumerate() {
                let reference = MacroRef {
                    file,
                    index: number,
                    package: info.package,
                };
                index
                    .by_name
                    .entry(definition.name.value.clone())
                    .or_default()
                    .push(reference);
                if definition.kind == MacroKind::Materialization {
                    index.add_materialization(definition, reference);
                }
            }
        }
        index
    }

    fn add_materialization(&mut self, definition: &MacroDef, reference: MacroRef) {
        let adapter = definition.name.value.rsplit('_').next();
        let Some(rank) = ADAPTERS.iter().position(|known| Some(*known) == adapter) else {
            return;
        };
        let written = definition.written.value.clone();
        let best = self.materializations.entry(written).or_insert((rank, reference));
        if rank < best.0 {
            *best = (rank, reference);
        }
    }

    /// The definitions of a name, in any package.
    pub fn definitions(&self, name: &str) -> &[MacroRef] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The definition that a call without a package means: the node's own package, then the root project's. Macros of
    /// other installed packages need the package's name (`dbt/context/macros.py`, `MacroNamespace`).
    pub fn find(&self, name: &str, from: PackageId) -> Option<MacroRef> {
        let found = self.definitions(name);
        found
            .iter()
            .find(|reference| reference.package == from)
            .or_else(|| found.iter().find(|reference| reference.package == 0))
            .copied()
    }

    /// Whether a package defines a macro at all. The name of one that does not means nothing in a template
    /// (`_build_macros_by_package` in `dbt/contracts/graph/manifest.py`).
    pub fn has_any(&self, package: PackageId) -> bool {
        self.packages.contains(&package)
    }

    /// The definition in one package.
    pub fn find_in(&self, name: &str, package: PackageId) -> Option<MacroRef> {
        self.definitions(name)
            .iter()
            .find(|reference| reference.package == package)
            .copied()
    }

    /// The project's own definition that dbt uses in place of one that it or the adapter ships: one of that very name,
    /// or with the prefix under which the adapter looks for it.
    pub fn override_of(&self, name: &str, from: PackageId) -> Option<MacroRef> {
        ["", "glue__", "spark__", "default__"]
            .into_iter()
            .find_map(|prefix| self.find(&format!("{prefix}{name}"), from))
    }

    /// Whether a macro has the prefix of another adapter than Glue's, so that dispatch never takes it there:
    /// `snowflake__concat` beside `concat` or `default__concat`.
    pub fn is_for_other_adapter(&self, name: &str) -> bool {
        let Some((adapter, rest)) = name.split_once("__") else {
            return false;
        };
        let is_dispatched = || {
            !self.definitions(rest).is_empty()
                || !self.definitions(&format!("default__{rest}")).is_empty()
                || !glueline_catalog::jinja::shipped_macro(rest).is_empty()
        };
        !adapter.is_empty() && !ADAPTERS.contains(&adapter) && is_dispatched()
    }

    /// Whether the project defines a materialization for Glue, or for any adapter.
    pub fn materialization(&self, name: &str) -> Option<MacroRef> {
        self.materializations.get(name).map(|(_, reference)| *reference)
    }

    /// Every name, sorted, with whether a package is needed to call it from the root project.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names
    }

    /// The definition itself.
    pub fn definition<'a>(
        &self,
        facts: &'a SharedVec<FileFacts>,
        reference: MacroRef,
    ) -> Option<&'a MacroDef> {
        facts
            .get(reference.file.0 as usize)?
            .sql()?
            .macros
            .get(reference.index)
    }
}

/// The name under which dbt keeps a definition: `test_x`, `materialization_x_glue`, `x`
/// (`dbt_common/utils/jinja.py`, `get_dbt_macro_name` and its kin).
pub(crate) fn stored_name(kind: MacroKind, written: &str, adapter: Option<&str>) -> Arc<str> {
    match kind {
        MacroKind::Macro => written.into(),
        MacroKind::Test => format!("test_{written}").into(),
        MacroKind::Materialization => {
            format!("materialization_{written}_{}", adapter.unwrap_or("default")).into()
        }
    }
}
