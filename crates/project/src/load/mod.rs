//! From a directory to a project.

mod early;
mod packages;
mod profiles;
mod reading;

use std::fmt;

use glueline_base::{FileId, FileRange, Spanned, System, Utf8Path, Utf8PathBuf, Value, range};

use crate::adapter::Adapter;
use crate::facts::{self, FileFacts, YamlKind};
use crate::files::{self, FileKind, PackageRoot, slashed};
use crate::fold::{Scope, place_missing, scalar};
use crate::graph::Graph;
use crate::load::early::{NUMBERED_LATER, PROFILES, early_file, root_file, yaml_file};
use crate::load::packages::{find_packages, package};
use crate::load::profiles::{find_profile, renumber};
use crate::load::reading::{read_everything, read_seeds};
use crate::macros::MacroIndex;
use crate::packages::Requested;
use crate::profile;
use crate::project::{Assume, Inputs, Project, RunOptions};
use crate::project_file::{ProjectFile, is_rendered};
use crate::release::AdapterRelease;
use crate::resolve::{self, Lookup};
use crate::state::CatalogState;
use crate::variables;

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
    let facts = facts::read_yaml(text, YamlKind::Stripped);
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
    load_after(system, options, None)
}

/// Reads and resolves a project again. A file that has faults now keeps the definitions that only the last reading found
/// in it.
///
/// # Errors
/// Only where there is no project to speak of.
pub fn reload(system: &dyn System, options: &LoadOptions, last: &Project) -> Result<Project, LoadError> {
    load_after(system, options, Some(last))
}

fn load_after(
    system: &dyn System,
    options: &LoadOptions,
    last: Option<&Project>,
) -> Result<Project, LoadError> {
    let root_dir = &options.project_dir;
    let mut early = Vec::new();
    let raw_project = root_file(system, root_dir, &mut early)?;
    let cli_vars = &options.vars.value;

    let before_target = Scope::for_profile(system, cli_vars);
    let named = profile::profile_name(&raw_project.value);
    let wanted = options.profile.clone().or_else(|| {
        let name = named.as_ref()?;
        scalar(&before_target.render(&Spanned::new(Value::Str(name.value.clone()), name.range)))
    });
    let mut missing = Vec::new();
    let profile = find_profile(
        system,
        options,
        &before_target,
        wanted.as_deref(),
        named.is_some(),
        &mut early,
        &mut missing,
    );

    let target = profile.profile().and_then(profile::Profile::selected);
    let wanted_target = profile
        .profile()
        .and_then(|profile| profile::wanted_target(profile, options.target.as_deref()));
    let scope = Scope::for_project(system, cli_vars, target);
    let rendered = {
        let mut place = place_missing(NUMBERED_LATER, &mut missing);
        let mut at_root = |range, name| place(range, name);
        scope.render_file(&raw_project, &is_rendered, &mut at_root)
    };
    let mut root = package(
        ProjectFile::read(NUMBERED_LATER, rendered),
        root_dir,
        Utf8Path::new(""),
    );
    if let Some(file) = yaml_file(system, root_dir, "vars.yml", FileKind::Vars) {
        // dbt refuses a project that has both; a rule says so.
        let vars = file.facts.yaml().and_then(|facts| facts.value.value.get("vars"));
        if let Some(vars) = vars {
            root.inner.project.vars = Some(vars.clone());
        }
        early.push(file);
    }

    let asked = ["packages.yml", "dependencies.yml"]
        .map(|name| yaml_file(system, root_dir, name, FileKind::Packages));
    let mut requested: Vec<(Utf8PathBuf, Requested)> = Vec::new();
    for file in asked.into_iter().flatten() {
        if let Some(facts) = file.facts.yaml() {
            let value = before_target.render(&facts.value);
            requested.extend(
                crate::packages::read(&value)
                    .into_iter()
                    .map(|entry| (file.found.shown.clone(), entry)),
            );
        }
        early.push(file);
    }
    early.extend(yaml_file(system, root_dir, "selectors.yml", FileKind::Selectors));
    early.extend(early_file(system, root_dir, "glueline.toml", FileKind::Settings));

    let (installed, all_packages_present) = find_packages(system, &root, &requested, &scope, &mut early);
    let mut found_packages = vec![root];
    found_packages.extend(installed);

    let mut found = Vec::new();
    for (number, package) in found_packages.iter().enumerate() {
        let shown = package.shown.clone();
        found.extend(files::find(
            system,
            &PackageRoot {
                package: number,
                absolute: &package.inner.root,
                shown: &shown,
                paths: &package.inner.project.paths,
            },
        ));
    }
    let early_paths: std::collections::BTreeSet<_> =
        early.iter().map(|file| file.found.shown.clone()).collect();
    found.retain(|file| !early_paths.contains(&file.shown));
    let (mut files, mut all_facts) = read_everything(system, found, early, last);

    let number_of = |shown: &Utf8Path| files.by_path(shown).unwrap_or(FileId(0));
    let mut packages = Vec::new();
    for mut found in found_packages {
        found.inner.project.file = number_of(&slashed(&found.shown.join("dbt_project.yml")));
        packages.push(found.inner);
    }
    let project_file = number_of(Utf8Path::new("dbt_project.yml"));
    let profiles_file = files.of_kind(FileKind::Profiles).next().unwrap_or(project_file);
    let profile = renumber(profile, profiles_file);
    let mut missing_env: Vec<(FileRange, String)> = missing
        .into_iter()
        .map(|(at, name)| {
            let file = if at.file == PROFILES {
                profiles_file
            } else {
                project_file
            };
            (
                FileRange {
                    file,
                    range: at.range,
                },
                name,
            )
        })
        .collect();

    let macros = MacroIndex::new(&files, &all_facts);
    let target = profile.profile().and_then(profile::Profile::selected);
    let make_inputs = |facts: &[FileFacts]| -> (Vec<crate::node::Node>, Lookup) {
        let inputs = Inputs {
            files: &files,
            facts,
            packages: &packages,
            macros: &macros,
            target,
            target_name: wanted_target.as_deref(),
            vars: &options.vars,
            system,
            all_packages_present,
        };
        let mut nodes = crate::build::nodes(&inputs);
        let lookup = Lookup::new(&nodes);
        resolve::dependencies(&inputs, &lookup, &mut nodes);
        (nodes, lookup)
    };
    let requested = requested
        .into_iter()
        .map(|(shown, entry)| (number_of(&shown), entry))
        .collect();
    let (nodes, lookup) = make_inputs(&all_facts);
    read_seeds(system, &mut files, &nodes, &mut all_facts);
    if let Some(root) = packages.first() {
        missing_env.extend(variables::unset_in_yaml(
            system,
            &files,
            &all_facts,
            &root.project,
        ));
    }
    let unset_env = variables::unset_in_sql(system, &all_facts);
    let graph = Graph::new(&nodes);
    let adapter = packages.first().map_or(Adapter::Unknown, |root| {
        Adapter::of(system, root_dir, target, &root.project, &nodes)
    });
    Ok(Project {
        files,
        facts: all_facts,
        packages,
        profile,
        wanted_target,
        requested,
        all_packages_present,
        missing_env,
        nodes,
        macros,
        lookup,
        graph,
        state: options.state.clone(),
        assume: options.assume,
        run: options.run.clone(),
        adapter,
        release: AdapterRelease::find(system, root_dir, options.run.adapter_version.as_deref()),
        vars: options.vars.clone(),
        unset_env,
    })
}
