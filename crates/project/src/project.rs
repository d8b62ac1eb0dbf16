//! The project: everything that is known, resolved.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_base::{FileId, FileRange, SharedVec, Spanned, System, Utf8Path, Utf8PathBuf, Value};
use glueline_catalog::GlueVersion;
use rustc_hash::FxHashMap;

use crate::adapter::Adapter;
use crate::build::{ConfigMacros, Patches};
use crate::facts::FileFacts;
use crate::facts::properties::{Patch, SourceFacts, TestUse, UnitTest};
use crate::files::{Files, FoundFile, PackageId};
use crate::fold::Scope;
use crate::graph::Graph;
use crate::macros::MacroIndex;
use crate::node::{EntryList, Node, NodeId, Nodes, PatchRef};
use crate::packages::Requested;
use crate::profile::{ProfileState, Target};
use crate::project_file::ProjectFile;
use crate::reads;
use crate::release::AdapterRelease;
use crate::resolve::Lookup;
use crate::setup::Setup;
use crate::state::CatalogState;

/// A package of the project; the first is the root project itself.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name.
    pub name: Arc<str>,
    /// Its directory.
    pub root: Utf8PathBuf,
    /// What its `dbt_project.yml` says.
    pub project: ProjectFile,
}

/// What relations are taken to exist where no catalog says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assume {
    /// Both lives of a node are looked at, and what strikes only a later run says so.
    #[default]
    Either,
    /// No relation exists: the first run.
    Absent,
    /// Every relation exists as the project makes it: a later run.
    Exists,
    /// Every relation exists, as a view.
    View,
}

/// How the run at hand is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunOptions {
    /// `--full-refresh`.
    pub full_refresh: bool,
    /// `--threads`, in place of what the profile says.
    pub threads: Option<u32>,
    /// The version of dbt-glue that is meant, as the settings say; see [`Project::release`] for what is true.
    pub adapter_version: Option<String>,
}

/// What is known before nodes are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inputs<'a> {
    pub(crate) files: &'a Files,
    pub(crate) facts: &'a SharedVec<FileFacts>,
    pub(crate) packages: &'a [Package],
    pub(crate) macros: &'a MacroIndex,
    pub(crate) target: Option<&'a Target>,
    pub(crate) target_name: Option<&'a str>,
    pub(crate) vars: &'a Spanned<Value>,
    pub(crate) system: &'a dyn System,
    pub(crate) all_packages_present: bool,
}

impl<'a> Inputs<'a> {
    pub(crate) fn facts(&self, file: FileId) -> &'a FileFacts {
        self.facts.get(file.0 as usize).unwrap_or(&FileFacts::None)
    }

    pub(crate) fn package_name(&self, package: PackageId) -> Arc<str> {
        self.packages
            .get(package)
            .map_or_else(|| Arc::from(""), |package| package.name.clone())
    }

    pub(crate) fn package_named(&self, name: &str) -> Option<PackageId> {
        self.packages.iter().position(|package| *package.name == *name)
    }

    pub(crate) fn patch(&self, reference: PatchRef) -> Option<&'a Patch> {
        (reference.list == EntryList::Patches).then_some(())?;
        self.facts(reference.file)
            .yaml()?
            .properties
            .patches
            .get(reference.index)
    }

    pub(crate) fn source_facts(&self, reference: PatchRef) -> Option<&'a SourceFacts> {
        (reference.list == EntryList::Sources).then_some(())?;
        self.facts(reference.file)
            .yaml()?
            .properties
            .sources
            .get(reference.index)
    }

    pub(crate) fn unit_test(&self, reference: PatchRef) -> Option<&'a UnitTest> {
        (reference.list == EntryList::UnitTests).then_some(())?;
        self.facts(reference.file)
            .yaml()?
            .properties
            .unit_tests
            .get(reference.index)
    }

    /// The entry of a generic test: that whose name stands where the node does.
    pub(crate) fn test_use(&self, node: &Node) -> Option<&'a TestUse> {
        let reference = node.patch?;
        let is_it = |test: &&TestUse| test.test.range == node.at.range;
        match reference.list {
            EntryList::Patches => {
                let entry = self.patch(reference)?;
                let version = reference.inner.and_then(|inner| entry.versions.get(inner));
                let mut of_columns = entry.columns_of(version).flat_map(|column| &column.tests);
                let own = entry.tests_of(version).iter().find(is_it);
                own.or_else(|| of_columns.find(is_it))
            }
            EntryList::Sources => {
                let table = self.source_facts(reference)?.tables.get(reference.inner?)?;
                let of_columns = table.columns.iter().flat_map(|column| &column.tests);
                table.tests.iter().chain(of_columns).find(is_it)
            }
            EntryList::Exposures | EntryList::UnitTests => None,
        }
    }

    /// What Jinja sees when it is evaluated for a node of a package.
    pub(crate) fn scope(&self, package: PackageId) -> Scope<'_> {
        Scope::for_node(self, package)
    }

    /// A name that a properties file of a package gives, with its Jinja evaluated as dbt does before it makes anything of
    /// the entry (`dbt/config/renderer.py`, `SchemaYamlRenderer`); as it is written where that cannot be known.
    pub(crate) fn entry_name(&self, package: PackageId, name: &Arc<str>) -> Arc<str> {
        if !name.contains('{') {
            return name.clone();
        }
        match self.scope(package).text(name) {
            Value::Str(made) => made,
            Value::Int(_) | Value::Float(_) => self.scope(package).text(name).display().into(),
            _ => name.clone(),
        }
    }

    /// A text of the target that a run would use.
    pub(crate) fn target_text(&self, key: &str) -> Option<&'a str> {
        self.target?.text(key)
    }

    /// What a project's own `generate_schema_name` or `generate_alias_name` makes; `None` where dbt's own is used.
    pub(crate) fn generated(&self, macro_name: &str, node: &Node, custom: Option<&Value>) -> Option<Value> {
        let definition = self.macros.override_of(macro_name, node.package)?;
        Some(self.scope(node.package).generate_name(definition, node, custom))
    }

    /// Whether a name that no file defines is sure to be missing.
    pub(crate) fn knows_all_nodes(&self) -> bool {
        self.all_packages_present
    }
}

/// A dbt project, read and resolved. Copies share everything, and [`edit`](crate::edit) makes one that shares what did not change.
#[derive(Debug, Clone)]
pub struct Project {
    pub(crate) files: Files,
    pub(crate) facts: SharedVec<FileFacts>,
    pub(crate) setup: Arc<Setup>,
    pub(crate) missing_env: Arc<Vec<(FileRange, String)>>,
    pub(crate) nodes: Nodes,
    /// The nodes that are written in a file, or described in it, by their numbers.
    pub(crate) by_file: Arc<FxHashMap<FileId, Vec<NodeId>>>,
    pub(crate) macros: Arc<MacroIndex>,
    pub(crate) patches: Arc<Patches>,
    pub(crate) configuring: Arc<ConfigMacros>,
    pub(crate) lookup: Arc<Lookup>,
    pub(crate) graph: Graph,
    pub(crate) adapter: Adapter,
    pub(crate) unset_env: Arc<BTreeSet<Arc<str>>>,
}

/// The nodes of each file: those written in it, and those described in it.
pub(crate) fn by_file(nodes: &Nodes) -> FxHashMap<FileId, Vec<NodeId>> {
    let mut by_file: FxHashMap<FileId, Vec<NodeId>> = FxHashMap::default();
    for node in nodes {
        by_file.entry(node.at.file).or_default().push(node.id);
        let described = node.patch.map(|reference| reference.file);
        if let Some(file) = described.filter(|file| *file != node.at.file) {
            by_file.entry(file).or_default().push(node.id);
        }
    }
    by_file
}

impl Project {
    /// Every file.
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// The texts of all files at the index that is their number, with the rest of the project let go.
    pub fn into_sources(self) -> Vec<glueline_base::Source> {
        self.files.sources().to_vec()
    }

    /// What a file says.
    pub fn facts(&self, file: FileId) -> &FileFacts {
        reads::file(file);
        self.facts.get(file.0 as usize).unwrap_or(&FileFacts::None)
    }

    /// The root project and every package found.
    pub fn packages(&self) -> &[Package] {
        &self.setup.packages
    }

    /// The root project's `dbt_project.yml`.
    pub fn project_file(&self) -> &ProjectFile {
        &self.root().project
    }

    /// The root project.
    pub fn root(&self) -> &Package {
        self.setup.root()
    }

    /// `project_id` of dbt's artifacts: the MD5 of the project's name (`dbt/config/project.py`, `hashed_name`).
    pub fn hashed_name(&self) -> String {
        crate::generic_test::md5_hex(&self.root().name)
    }

    /// What `packages.yml` and `dependencies.yml` ask for.
    pub fn requested_packages(&self) -> &[(FileId, Requested)] {
        &self.setup.requested
    }

    /// Whether every package asked for is installed.
    pub fn all_packages_present(&self) -> bool {
        self.setup.all_packages_present
    }

    /// The profile, or why there is none.
    pub fn profile(&self) -> &ProfileState {
        &self.setup.profile
    }

    /// The target that a run would use.
    pub fn target(&self) -> Option<&Target> {
        self.setup.profile.profile()?.selected()
    }

    /// The name of the target that a run would use, whether or not the profile has it.
    pub fn wanted_target(&self) -> Option<&str> {
        self.setup.wanted_target.as_deref()
    }

    /// The Glue release that a run would use; `None` where it is not known, AWS chooses, or the target is not dbt-glue's.
    pub fn glue_version(&self) -> Option<GlueVersion> {
        let target = self.target().filter(|target| target.is_glue())?;
        target.glue_version(self.release().version)
    }

    /// Whether what is true of dbt-glue is said of the project.
    pub const fn is_glue(&self) -> bool {
        self.adapter.is_glue()
    }

    /// Which adapter the project is for.
    pub const fn adapter(&self) -> Adapter {
        self.adapter
    }

    /// The release of dbt-glue that the project is run with, and how that is known.
    pub fn release(&self) -> &AdapterRelease {
        &self.setup.release
    }

    /// Variables of the environment that YAML files need and that are not set, with where they are asked for.
    pub fn missing_env(&self) -> &[(FileRange, String)] {
        &self.missing_env
    }

    /// Whether this variable of the environment is not set: one that a file of Jinja and SQL asks for without a default, or one of which
    /// `dbt_project.yml` or a properties file makes a boolean or a number.
    pub fn lacks_env(&self, name: &str) -> bool {
        self.unset_env.contains(name)
    }

    /// The vars of the command line: a mapping.
    pub fn cli_vars(&self) -> &Value {
        &self.setup.vars.value
    }

    /// Whether `var()` finds a variable in the files of a package: on the command line, or in the vars of the root
    /// project or of the package, for all or for the package by name (`dbt/config/project.py`, `vars_for`).
    pub fn has_var(&self, package: PackageId, name: &str) -> bool {
        let own = self.setup.packages.get(package);
        let own_name = own.map_or("", |package| &*package.name);
        let sets = |package: &Package| {
            let Some(vars) = package.project.vars.as_ref().map(|vars| &vars.value) else {
                return false;
            };
            let scoped = vars.get(own_name).and_then(|scoped| scoped.value.get(name));
            scoped.is_some() || vars.get(name).is_some()
        };
        self.setup.vars.value.get(name).is_some() || sets(self.root()) || own.is_some_and(sets)
    }

    /// Every node, disabled ones too, sorted by unique id.
    pub fn nodes(&self) -> &Nodes {
        reads::everything();
        &self.nodes
    }

    /// The enabled nodes of the root project, sorted by unique id: those that a user can mend.
    pub fn own_nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes()
            .iter()
            .filter(|node| node.enabled && node.package == 0)
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        reads::node(id);
        self.nodes
            .get(id.0 as usize)
            .unwrap_or_else(|| unreachable!("a node number of another project"))
    }

    /// The nodes that are written in a file or described in it, disabled ones too, sorted.
    pub fn nodes_in(&self, file: FileId) -> &[NodeId] {
        self.by_file.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The numbers of the file at a path from the root of the file system: one for each thing that dbt takes it for.
    pub(crate) fn files_at(&self, project_dir: &Utf8Path, path: &Utf8Path) -> Vec<FileId> {
        if let Ok(inside) = path.strip_prefix(project_dir) {
            let found: Vec<FileId> = self.files.all_by_path(inside).collect();
            if !found.is_empty() {
                return found;
            }
        }
        self.files
            .ids()
            .filter(|file| self.files.info(*file).absolute == path)
            .collect()
    }

    /// The number of a file that was found again.
    pub(crate) fn same_file(&self, found: &FoundFile) -> Option<FileId> {
        self.files.all_by_path(&found.shown).find(|file| {
            let known = self.files.info(*file);
            known.kind == found.kind && known.absolute == found.absolute
        })
    }

    /// Macros by name.
    pub fn macros(&self) -> &MacroIndex {
        &self.macros
    }

    /// Nodes by the names that `ref()` and `source()` use.
    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// The graph of enabled nodes.
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The catalog's state, where a file of it was given.
    pub fn state(&self) -> Option<&CatalogState> {
        self.setup.state.as_ref()
    }

    /// The same project with what the catalog holds. Nothing that is read or resolved depends on it.
    #[must_use]
    pub fn with_state(&self, state: CatalogState) -> Self {
        let setup = Setup {
            state: Some(state),
            ..Setup::clone(&self.setup)
        };
        Self {
            setup: Arc::new(setup),
            ..self.clone()
        }
    }

    /// What to assume of relations where no catalog says.
    pub fn assume(&self) -> Assume {
        self.setup.assume
    }

    /// How the run at hand is meant.
    pub fn run_options(&self) -> &RunOptions {
        &self.setup.run
    }

    /// The properties entry of a node that describes it.
    pub fn patch(&self, node: &Node) -> Option<&Patch> {
        let reference = node.patch?;
        (reference.list == EntryList::Patches && node.generic_test.is_none()).then_some(())?;
        self.facts(reference.file)
            .yaml()?
            .properties
            .patches
            .get(reference.index)
    }

    /// The source and the table of a source node.
    pub fn source_entry(&self, node: &Node) -> Option<(&SourceFacts, usize)> {
        let reference = node.patch?;
        (reference.list == EntryList::Sources).then_some(())?;
        let source = self
            .facts(reference.file)
            .yaml()?
            .properties
            .sources
            .get(reference.index)?;
        Some((source, reference.inner?))
    }
}
