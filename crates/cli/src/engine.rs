//! The one place where the command line meets the analysis.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic, FileId, RuleMeta, Source, System, Utf8Path, Utf8PathBuf};
use glueline_catalog::KnownError;
use glueline_project::{
    Assume, CatalogState, FileKind, LoadOptions, Manifest, NodeId, Project, ResourceType, RunOptions,
    SelectionRequest, load, parse_vars,
};

use glueline_render::Renderer;
use glueline_rules::Known;
use glueline_schema::Schemas;

use crate::args::{self, SelectionArgs};
use crate::exit::Failure;
use crate::settings::{INVALID_SETTINGS, Settings};

/// What is to be analysed.
#[derive(Debug, Clone, Copy)]
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
    /// What is worth saying of the request itself, each one line for standard error.
    pub remarks: Vec<String>,
    /// What the work came to, a line for standard error where anybody wants to hear it.
    pub summary: Option<String>,
    /// How many texts of SQL were looked at, and how many of them could not be read though Spark may.
    pub parse_gaps: (usize, usize),
}

/// Analyses a project, whose `env_var()` looks into `environment`. An error is for what makes an analysis impossible; what is
/// wrong with the project is in the findings.
pub(crate) fn analyse(
    system: &dyn System,
    environment: &Arc<dyn System>,
    request: &Request<'_>,
) -> Result<Analysis, Failure> {
    let project = Arc::new(load_project(system, request)?);
    let settings = glueline_render::Settings {
        started_at: crate::compile::now(),
        ..glueline_render::Settings::new(environment.clone())
    };
    let renderer = Renderer::new(project.clone(), settings);
    let schemas = Schemas::new(&renderer);
    let mut remarks = Vec::new();
    let selected = select(system, request, &project, &mut remarks)?;
    let (mut analysis, found) = find(&schemas, selected.as_deref())?;
    analysis.remarks = remarks;
    // Nobody waits until all that a large project is made of is freed: what is found can be printed meanwhile.
    let all = (found, schemas, renderer, project);
    let thread = std::thread::Builder::new().stack_size(crate::compile::STACK);
    // Where there is no thread to be had, it is freed here.
    let _ = thread.spawn(move || drop(all));
    Ok(analysis)
}

/// What there is to say of a project, of some of its nodes where some are selected; `None` beside it where nothing was found out.
pub(crate) fn find(
    schemas: &Schemas,
    selected: Option<&[NodeId]>,
) -> Result<(Analysis, Option<Known>), Failure> {
    let project = schemas.renderer().project();
    let found = crate::compile::pool(None)?.install(|| Known::find(schemas, None, &Cancel::new()));
    let mut diagnostics = found
        .as_ref()
        .map(|known| known.found().to_vec())
        .unwrap_or_default();
    if let Some(selected) = selected {
        let kept = Kept::of(project, selected);
        diagnostics.retain(|found| kept.speaks_of(found));
    }
    let own = |node: &&glueline_project::Node| node.package == 0 && node.enabled;
    let models = project
        .nodes()
        .iter()
        .filter(own)
        .filter(|node| node.kind == ResourceType::Model)
        .count();
    let package_dirs = project
        .packages()
        .iter()
        .skip(1)
        .map(|package| package.root.clone())
        .collect();
    let analysis = Analysis {
        sources: project.files().sources().to_vec(),
        diagnostics,
        models,
        package_dirs,
        parse_gaps: schemas.gaps(),
        ..Analysis::default()
    };
    Ok((analysis, found))
}

/// Reads and resolves the project that is meant.
pub(crate) fn load_project(system: &dyn System, request: &Request<'_>) -> Result<Project, Failure> {
    load_project_of(system, system, request)
}

/// Reads and resolves the project that is meant out of other files than those of the machine, `files`.
pub(crate) fn load_project_of(
    system: &dyn System,
    files: &dyn System,
    request: &Request<'_>,
) -> Result<Project, Failure> {
    let options = options(system, request)?;
    load(files, &options).map_err(|error| Failure::Usage(error.to_string()))
}

/// What the project that is meant is loaded with.
pub(crate) fn options(system: &dyn System, request: &Request<'_>) -> Result<LoadOptions, Failure> {
    let settings = request.settings;
    let mut options = LoadOptions::new(request.project_dir);
    options.profiles_dir = settings.profiles_dir.as_ref().map(|set| set.value.clone());
    options.profile = settings.profile.as_ref().map(|set| set.value.clone());
    options.target = settings.target.as_ref().map(|set| set.value.clone());
    if let Some(vars) = &settings.vars {
        options.vars =
            parse_vars(&vars.value).map_err(|why| Failure::Usage(format!("{}: {why}", vars.origin)))?;
    }
    if let Some(catalog) = &settings.catalog {
        let path = &catalog.value;
        let unusable = |why: String| Failure::Usage(format!("{}: {path}: {why}", catalog.origin));
        let bytes = system.read(path).map_err(|error| unusable(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| unusable("it is not UTF-8".to_owned()))?;
        options.state = Some(CatalogState::read(&text).map_err(unusable)?);
    }
    options.assume = match settings.assume.as_ref().map(|set| set.value) {
        None => Assume::Either,
        Some(args::Assume::Absent) => Assume::Absent,
        Some(args::Assume::Exists) => Assume::Exists,
        Some(args::Assume::View) => Assume::View,
    };
    options.run = RunOptions {
        full_refresh: settings.full_refresh.value,
        threads: settings.threads.as_ref().map(|set| set.value),
        adapter_version: settings.adapter_version.as_ref().map(|set| set.value.clone()),
    };
    Ok(options)
}

/// What a selection leaves to speak of: the nodes, their files, and what is the whole project's.
struct Kept {
    nodes: BTreeSet<String>,
    files: BTreeSet<FileId>,
}

impl Kept {
    fn of(project: &Project, selected: &[NodeId]) -> Self {
        let nodes: Vec<&glueline_project::Node> = selected.iter().map(|id| project.node(*id)).collect();
        let whole_project = project.files().ids().filter(|file| {
            matches!(
                project.files().info(*file).kind,
                FileKind::ProjectFile
                    | FileKind::Profiles
                    | FileKind::Packages
                    | FileKind::Selectors
                    | FileKind::Vars
                    | FileKind::Settings
            )
        });
        let files = nodes
            .iter()
            .map(|node| node.file())
            .chain(whole_project)
            .collect();
        let nodes = nodes.iter().map(|node| node.unique_id.to_string()).collect();
        Self { nodes, files }
    }

    fn speaks_of(&self, found: &Diagnostic) -> bool {
        match &found.node {
            Some(node) => self.nodes.contains(node),
            None => self.files.contains(&found.at.file),
        }
    }
}

/// The nodes that are selected, by number; `None` where nothing was said and all are meant.
pub(crate) fn select(
    system: &dyn System,
    request: &Request<'_>,
    project: &Project,
    remarks: &mut Vec<String>,
) -> Result<Option<Vec<NodeId>>, Failure> {
    let selection = request.selection;
    let types = &request.settings.resource_types;
    if selection.select.is_empty()
        && selection.exclude.is_empty()
        && selection.selector.is_none()
        && types.is_empty()
    {
        return Ok(None);
    }
    let manifest = match &request.settings.state {
        Some(directory) => {
            let read = Manifest::read(system, &directory.value);
            Some(read.map_err(|why| Failure::Usage(format!("{}: {why}", directory.origin)))?)
        }
        None => None,
    };
    let selected = project
        .select(&SelectionRequest {
            select: &selection.select,
            exclude: &selection.exclude,
            selector: selection.selector.as_deref(),
            resource_types: types,
            manifest: manifest.as_ref(),
        })
        .map_err(|errors| {
            let lines: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            Failure::Usage(lines.join("; "))
        })?;
    remarks.extend(selected.unmatched.iter().map(|text| unmatched(text)));
    Ok(Some(selected.nodes))
}

/// What is said of a part of a selection that names nothing.
pub(crate) fn unmatched(text: &str) -> String {
    format!("the selection `{text}` matches no node")
}

/// Every rule, in the order in which lists show them.
pub(crate) fn rules() -> Vec<RuleMeta> {
    let mut rules: Vec<RuleMeta> = glueline_rules::ALL.iter().map(|rule| rule.meta).collect();
    rules.push(INVALID_SETTINGS);
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The page of a configuration key or of an error class, in Markdown.
pub(crate) fn page_of_key(key: &str) -> Option<String> {
    glueline_catalog::page(key).or_else(|| {
        let mut page = glueline_catalog::error_page(key)?;
        let rule = glueline_catalog::known_error(key).and_then(|known| rule_of(key, known));
        if let Some(rule) = rule {
            page.push_str(&format!(
                "\n`glueline check` looks for it before a run: see `glueline explain {rule}`.\n"
            ));
        }
        Some(page)
    })
}

/// The rule that says before a run what fails with a class.
pub(crate) fn rule_of(class: &str, known: &KnownError) -> Option<&'static str> {
    glueline_rules::rule_of_class(class).or_else(|| known.rules.first().copied())
}

/// Every configuration key and every error class that has a page.
pub(crate) fn keys() -> Vec<&'static str> {
    let errors = glueline_catalog::known_errors().map(|known| known.class);
    glueline_catalog::page_names().into_iter().chain(errors).collect()
}
