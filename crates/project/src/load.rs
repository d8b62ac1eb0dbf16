//! From a directory to a project.

use std::fmt;
use std::sync::Arc;

use glueline_base::{
    FileId, FileKind as EntryKind, FileRange, Source, Spanned, System, Utf8Path, Utf8PathBuf, Value, range,
};
use rayon::prelude::*;

use crate::adapter::Adapter;
use crate::facts::{self, FileFacts, YamlKind};
use crate::files::{self, FileKind, Files, FoundFile, PackageRoot, ReadFault, slashed};
use crate::fold::{Scope, place_missing, scalar};
use crate::graph::Graph;
use crate::macros::MacroIndex;
use crate::node::ResourceType;
use crate::packages::{self, PackageSpec, Requested};
use crate::profile::{self, ProfileState};
use crate::project::{Assume, Inputs, Package, Project, RunOptions};
use crate::project_file::{ProjectFile, is_rendered};
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

/// A file that was read before the others, because it says where they are.
struct Early {
    found: FoundFile,
    source: Source,
    facts: FileFacts,
}

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
                packages::read(&value)
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
        vars: options.vars.clone(),
        unset_env,
    })
}

/// Stands for the project file until files are numbered.
const NUMBERED_LATER: FileId = FileId(u32::MAX);
/// Stands for `profiles.yml` until files are numbered.
const PROFILES: FileId = FileId(u32::MAX - 1);

/// A package with how its directory is shown.
struct FoundPackage {
    inner: Package,
    shown: Utf8PathBuf,
}

fn package(project: ProjectFile, root: &Utf8Path, shown: &Utf8Path) -> FoundPackage {
    let name = match &project.name {
        Some(name) => name.value.clone(),
        None => Arc::from(shown.file_name().unwrap_or("unnamed")),
    };
    FoundPackage {
        inner: Package {
            name,
            root: root.to_owned(),
            project,
        },
        shown: shown.to_owned(),
    }
}

fn root_file(
    system: &dyn System,
    root: &Utf8Path,
    early: &mut Vec<Early>,
) -> Result<Spanned<Value>, LoadError> {
    let path = root.join("dbt_project.yml");
    match system.kind(&path) {
        Some(EntryKind::File(_)) => {}
        Some(_) => return Err(LoadError::Unreadable(path, "it is no file".to_owned())),
        None => return Err(LoadError::NoProject(root.to_owned())),
    }
    let bytes = system
        .read(&path)
        .map_err(|error| LoadError::Unreadable(path, files::error_text(&error)))?;
    let file = early_bytes(root, "dbt_project.yml".into(), FileKind::ProjectFile, bytes, true);
    let value = file.facts.yaml().map(|facts| facts.value.clone());
    early.push(file);
    Ok(value.unwrap_or(Spanned::new(Value::Null, range(0, 0))))
}

fn yaml_file(system: &dyn System, root: &Utf8Path, name: &str, kind: FileKind) -> Option<Early> {
    let bytes = system.read(&root.join(name)).ok()?;
    Some(early_bytes(root, name.into(), kind, bytes, true))
}

fn early_file(system: &dyn System, root: &Utf8Path, name: &str, kind: FileKind) -> Option<Early> {
    let bytes = system.read(&root.join(name)).ok()?;
    Some(early_bytes(root, name.into(), kind, bytes, false))
}

fn early_bytes(root: &Utf8Path, shown: Utf8PathBuf, kind: FileKind, bytes: Vec<u8>, yaml: bool) -> Early {
    let size = bytes.len() as u64;
    let absolute = root.join(shown.file_name().unwrap_or_default());
    let source = Source::decode(shown.clone(), bytes);
    let yaml_kind = if kind == FileKind::Profiles {
        YamlKind::Profiles
    } else {
        YamlKind::Stripped
    };
    let facts = if yaml {
        FileFacts::Yaml(Arc::new(facts::read_yaml(&source.text, yaml_kind)))
    } else {
        FileFacts::None
    };
    let found = FoundFile {
        absolute,
        below: shown.clone(),
        original: shown.clone(),
        shown,
        kind,
        package: 0,
        size,
    };
    Early { found, source, facts }
}

fn find_profile(
    system: &dyn System,
    options: &LoadOptions,
    scope: &Scope<'_>,
    wanted: Option<&str>,
    is_named: bool,
    early: &mut Vec<Early>,
    missing: &mut Vec<(FileRange, String)>,
) -> ProfileState {
    let places: Vec<Utf8PathBuf> = match &options.profiles_dir {
        Some(directory) => vec![directory.clone()],
        None => {
            let home = system.home().map(|home| home.join(".dbt"));
            std::iter::once(options.project_dir.clone()).chain(home).collect()
        }
    };
    let found = places
        .iter()
        .find_map(|place| Some((place, system.read(&place.join("profiles.yml")).ok()?)));
    let Some((place, bytes)) = found else {
        return ProfileState::NoFile;
    };
    let path = place.join("profiles.yml");
    let shown = match path.strip_prefix(&options.project_dir) {
        Ok(inside) => slashed(inside),
        Err(_) => slashed(&path),
    };
    let file = early_bytes(place, shown, FileKind::Profiles, bytes, true);
    let raw = file
        .facts
        .yaml()
        .map_or(Spanned::new(Value::Null, range(0, 0)), |facts| {
            facts.value.clone()
        });
    early.push(file);
    let Some(wanted) = wanted else {
        return if is_named {
            // The name is there and cannot be known.
            ProfileState::NotInFile {
                file: PROFILES,
                wanted: String::new(),
                found: Vec::new(),
            }
        } else {
            ProfileState::NotNamed
        };
    };
    let is_wanted = |path: &[Arc<str>]| path.first().is_some_and(|first| **first == *wanted);
    let rendered = scope.render_file(&raw, &is_wanted, &mut place_missing(PROFILES, missing));
    let state = profile::read(PROFILES, &rendered, &raw, wanted, options.target.as_deref());
    // dbt renders the target it uses and no other.
    if let Some(profile) = state.profile() {
        let used = |range: glueline_base::TextRange| {
            let in_default = profile
                .default_target
                .as_ref()
                .is_some_and(|node| node.range.contains_range(range));
            let in_target = profile
                .selected()
                .is_some_and(|target| target.value.range.contains_range(range));
            in_default || in_target
        };
        missing.retain(|(at, _)| at.file != PROFILES || used(at.range));
    }
    state
}

fn renumber(mut state: ProfileState, file: FileId) -> ProfileState {
    match &mut state {
        ProfileState::Found(profile) => {
            profile.file = file;
            profile.targets.iter_mut().for_each(|target| target.file = file);
        }
        ProfileState::NotInFile { file: slot, .. } => *slot = file,
        ProfileState::NoFile | ProfileState::NotNamed => {}
    }
    state
}

/// The installed packages, and local ones that are asked for and not installed; with whether nothing is missing.
fn find_packages(
    system: &dyn System,
    root: &FoundPackage,
    requested: &[(Utf8PathBuf, Requested)],
    scope: &Scope<'_>,
    early: &mut Vec<Early>,
) -> (Vec<FoundPackage>, bool) {
    let install_path = Utf8PathBuf::from(&root.inner.project.install_path);
    let directory = root.inner.root.join(&install_path);
    let mut found = Vec::new();
    let entries = system.read_dir(&directory).unwrap_or_default();
    // dbt passes over directories whose name begins with two underscores.
    for entry in entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Directory && !entry.name.starts_with("__"))
    {
        let shown = install_path.join(&entry.name);
        found.extend(read_package(
            system,
            &directory.join(&entry.name),
            &shown,
            scope,
            early,
        ));
    }
    let mut present = found.len();
    for (_, entry) in requested {
        let PackageSpec::Local(path) = &entry.spec else {
            continue;
        };
        let absolute = root.inner.root.join(&*path.value);
        let same = |package: &FoundPackage| {
            let one = system.canonical(&package.inner.root).ok();
            one.is_some() && one == system.canonical(&absolute).ok()
        };
        if found.iter().any(same) {
            continue;
        }
        let before = early.len();
        let Some(package) = read_package(system, &absolute, Utf8Path::new(&*path.value), scope, early) else {
            continue;
        };
        if found.iter().any(|other| other.inner.name == package.inner.name) {
            // `dbt deps` has copied it.
            early.truncate(before);
            continue;
        }
        found.push(package);
        present += 1;
    }
    (found, present >= requested.len())
}

fn read_package(
    system: &dyn System,
    absolute: &Utf8Path,
    shown: &Utf8Path,
    scope: &Scope<'_>,
    early: &mut Vec<Early>,
) -> Option<FoundPackage> {
    let bytes = system.read(&absolute.join("dbt_project.yml")).ok()?;
    let shown = slashed(shown);
    let file = early_bytes(
        absolute,
        shown.join("dbt_project.yml"),
        FileKind::ProjectFile,
        bytes,
        true,
    );
    let raw = file.facts.yaml()?.value.clone();
    let rendered = scope.render_file(&raw, &is_rendered, &mut |_, _| {});
    let mut file = file;
    // Only the root's own files are package 0.
    file.found.package = usize::MAX;
    early.push(file);
    Some(package(
        ProjectFile::read(NUMBERED_LATER, rendered),
        absolute,
        &shown,
    ))
}

/// Reads the rest of the files and the facts of all, in parallel.
fn read_everything(
    system: &dyn System,
    found: Vec<FoundFile>,
    early: Vec<Early>,
    last: Option<&Project>,
) -> (Files, Vec<FileFacts>) {
    let mut all: Vec<(FoundFile, Source, Option<ReadFault>, FileFacts)> = found
        .into_par_iter()
        .map(|file| {
            let (source, fault) = files::read_one(system, &file);
            let mut facts = facts_of(&file, &source);
            if let Some(last) = last
                && let Some(known) = last.files().by_path(&file.shown)
            {
                facts = facts.keeping(last.facts(known));
            }
            (file, source, fault, facts)
        })
        .collect();
    all.extend(
        early
            .into_iter()
            .map(|file| (file.found, file.source, None, file.facts)),
    );
    all.sort_by(|a, b| a.0.shown.cmp(&b.0.shown).then(a.0.kind.cmp(&b.0.kind)));
    all.dedup_by(|a, b| a.0.shown == b.0.shown && a.0.kind == b.0.kind);
    let mut facts = Vec::with_capacity(all.len());
    let mut files = Files::default();
    for (file, source, fault, fact) in all {
        files.push(file, source, fault);
        facts.push(fact);
    }
    (files, facts)
}

fn facts_of(file: &FoundFile, source: &Source) -> FileFacts {
    let text = &source.text;
    match file.kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro
        | FileKind::Docs => FileFacts::Sql(Arc::new(facts::read_sql(text))),
        FileKind::PythonModel => FileFacts::Python(Arc::new(glueline_python::parse(text))),
        FileKind::Properties => FileFacts::Yaml(Arc::new(facts::read_yaml(text, YamlKind::Properties))),
        // The project's own files were read early, to learn where the rest is.
        FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Seed
        | FileKind::Fixture
        | FileKind::Settings => FileFacts::None,
    }
}

/// A seed up to this size is kept as text; of a larger one only the start, for its header.
const MAX_SEED_TEXT: u64 = 4 * 1024 * 1024;
/// How much of a large seed is kept.
const SEED_START: usize = 64 * 1024;

/// What was read of a seed.
type SeedRead = (FileId, Result<(Source, glueline_seed::Seed), ReadFault>);

/// Seeds are read when it is known how their configs say to read them.
fn read_seeds(system: &dyn System, files: &mut Files, nodes: &[crate::node::Node], facts: &mut [FileFacts]) {
    let seeds = nodes
        .iter()
        .filter(|node| node.kind == ResourceType::Seed && node.enabled);
    let seeds: Vec<&crate::node::Node> = seeds.collect();
    let found: &Files = files;
    let read: Vec<SeedRead> = seeds
        .into_par_iter()
        .map(|node| (node.at.file, read_seed(system, found, node)))
        .collect();
    for (file, outcome) in read {
        match outcome {
            Ok((source, seed)) => {
                files.set_source(file, source);
                if let Some(slot) = facts.get_mut(file.0 as usize) {
                    *slot = FileFacts::Seed(Arc::new(seed));
                }
            }
            Err(fault) => files.set_fault(file, fault),
        }
    }
}

fn read_seed(
    system: &dyn System,
    files: &Files,
    node: &crate::node::Node,
) -> Result<(Source, glueline_seed::Seed), ReadFault> {
    let info = files.info(node.at.file);
    let failed = |error: std::io::Error| ReadFault::Io(files::error_text(&error));
    let delimiter = node
        .config
        .get("delimiter")
        .value()
        .and_then(Value::as_str)
        .and_then(|text| text.chars().next());
    let types = node
        .config
        .all("column_types")
        .filter_map(|set| set.value.value.as_map())
        .flatten();
    let text_columns: Vec<&str> = types.map(|entry| &*entry.key.value).collect();
    let options = glueline_seed::Options {
        delimiter: delimiter.unwrap_or(','),
        text_columns: &text_columns,
    };
    if info.size <= MAX_SEED_TEXT {
        let bytes = system.read(&info.absolute).map_err(failed)?;
        let seed = glueline_seed::read(bytes.as_slice(), &options).map_err(failed)?;
        return Ok((Source::decode(info.shown.clone(), bytes), seed));
    }
    let mut reader = system.open(&info.absolute).map_err(failed)?;
    let mut start = Vec::with_capacity(SEED_START);
    std::io::Read::read_to_end(
        &mut std::io::Read::take(&mut reader, SEED_START as u64),
        &mut start,
    )
    .map_err(failed)?;
    let whole = std::io::Read::chain(start.as_slice(), reader);
    let seed = glueline_seed::read(whole, &options).map_err(failed)?;
    let complete = start
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(start.len(), |newline| newline + 1);
    start.truncate(complete);
    Ok((Source::decode(info.shown.clone(), start), seed))
}
