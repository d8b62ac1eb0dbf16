//! What has to be known before the files are looked for: the project's own file, profile and packages.

use glueline_base::{FileRange, SharedVec, Spanned, System, Utf8Path, Utf8PathBuf, Value};

use crate::facts::FileFacts;
use crate::files::{FileKind, Files};
use crate::fold::{Scope, place_missing, scalar};
use crate::load::early::{Early, NUMBERED_LATER, early_file, root_file, yaml_file};
use crate::load::packages::{FoundPackage, find_packages, package};
use crate::load::profiles::find_profile;
use crate::load::{LoadError, LoadOptions};
use crate::packages::Requested;
use crate::profile::{self, ProfileState};
use crate::project::{Package, Project};
use crate::project_file::{ProjectFile, is_rendered};

/// What was read before the files were looked for. Files have no numbers yet.
pub(crate) struct Start {
    pub(crate) early: Vec<Early>,
    pub(crate) packages: Vec<FoundPackage>,
    pub(crate) profile: ProfileState,
    pub(crate) wanted_target: Option<String>,
    pub(crate) requested: Vec<(Utf8PathBuf, Requested)>,
    pub(crate) all_packages_present: bool,
    /// Variables of the environment that are not set, with where they are asked for.
    pub(crate) missing: Vec<(FileRange, String)>,
}

impl Start {
    /// What was read early, in the place that it had among all files; `None` where other places are looked into now, or other files were
    /// read early.
    pub(crate) fn among(&self, last: &Project) -> Option<(Files, SharedVec<FileFacts>)> {
        let same = |(now, last): (&FoundPackage, &Package)| {
            now.inner.root == last.root && now.inner.project.paths == last.project.paths
        };
        let packages = self.packages.iter().zip(last.packages());
        let ids = last.files().ids();
        let early = ids.filter(|file| last.files().info(*file).kind.is_early());
        let is_alike = self.packages.len() == last.packages().len()
            && self.early.len() == early.count()
            && packages.into_iter().all(same);
        if !is_alike {
            return None;
        }
        let (mut files, mut facts) = (last.files.clone(), last.facts.clone());
        for file in &self.early {
            let id = last.same_file(&file.found)?;
            if last.files().source(id).text != file.source.text {
                facts.set(id.0 as usize, file.facts.clone());
            }
            files.set(id, file.source.clone(), file.found.size, file.fault.clone());
        }
        Some((files, facts))
    }
}

/// Reads what says where everything else is.
pub(crate) fn start(system: &dyn System, options: &LoadOptions) -> Result<Start, LoadError> {
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

    Ok(Start {
        early,
        packages: found_packages,
        profile,
        wanted_target,
        requested,
        all_packages_present,
        missing,
    })
}
