//! An edit of a few files: what it cannot touch is shared with the project before it.

use std::sync::Arc;

use glueline_base::{FileId, FileKind as EntryKind, SharedVec, System, Utf8Path};
use rustc_hash::FxHashSet;

use crate::adapter::Adapter;
use crate::build::{self, ConfigMacros, Patches};
use crate::facts::FileFacts;
use crate::files::{FileKind, Files};
use crate::load::assemble::{assemble, setup};
use crate::load::reading::{facts_of, read_seed};
use crate::load::replant::replanted;
use crate::load::start::start;
use crate::load::{LoadError, LoadOptions, reread};
use crate::macros::MacroIndex;
use crate::node::{Node, NodeId, ResourceType};
use crate::project::{Package, Project};
use crate::{files, resolve, variables};

/// Reads a project again of which only some files changed, appeared or went, given by their paths from the root of the file system.
/// No other file is read, and what the change cannot touch is shared with `last`. What comes out is what [`reload`](crate::reload)
/// gives.
///
/// # Errors
/// Only where there is no project to speak of any more.
pub fn edit(
    system: &dyn System,
    options: &LoadOptions,
    last: &Project,
    changed: &[&Utf8Path],
) -> Result<Project, LoadError> {
    let mut touched: Vec<FileId> = Vec::new();
    let mut is_plain = true;
    let mut look = false;
    for path in changed {
        let known = last.files_at(&options.project_dir, path);
        if known.is_empty() && !may_concern(last, options, path) {
            continue;
        }
        let is_file = matches!(system.kind(path), Some(EntryKind::File(_)));
        if is_file && !known.is_empty() && known.iter().all(|file| is_early_as_it_was(system, last, *file)) {
            continue;
        }
        look |= known.is_empty() || !is_file;
        is_plain &= known.iter().all(|file| !last.files().info(*file).kind.is_early());
        touched.extend(known);
    }
    touched.sort_unstable();
    touched.dedup();
    if look {
        return reread(system, options, last, changed);
    }
    if !is_plain {
        let start = start(system, options)?;
        return match start.among(last) {
            Some((mut files, mut facts)) => {
                touched.retain(|file| !last.files().info(*file).kind.is_early());
                let changed = take_texts(system, last, &touched, &mut files, &mut facts);
                let setup = setup(options, start, last.release().clone(), &files);
                if changed.is_empty()
                    && let Some(project) = replanted(system, options, last, setup.clone(), (&files, &facts))
                {
                    return Ok(project);
                }
                forget_seeds(&touched, &files, &mut facts);
                Ok(assemble(system, options, setup, files, facts, Some(last)))
            }
            None => reread(system, options, last, changed),
        };
    }
    Ok(in_place(system, options, last, &touched).unwrap_or_else(|| again(system, options, last, &touched)))
}

/// Whether a file that is read before the others has the text that it had: an editor opened it, or saved it as it was.
fn is_early_as_it_was(system: &dyn System, last: &Project, file: FileId) -> bool {
    let info = last.files().info(file);
    if !info.kind.is_early() {
        return false;
    }
    let (source, fault) = files::read_one(system, info);
    let was = last.files().source(file);
    was.text == source.text && was.not_utf8 == source.not_utf8 && fault.as_ref() == last.files().fault(file)
}

/// Lets go of what seeds said that are to be read anew.
fn forget_seeds(touched: &[FileId], files: &Files, facts: &mut SharedVec<FileFacts>) {
    let seeds = touched
        .iter()
        .filter(|file| files.info(**file).kind == FileKind::Seed);
    seeds.for_each(|file| facts.set(file.0 as usize, FileFacts::None));
}

/// Makes all nodes again, of files that are where they were.
fn again(system: &dyn System, options: &LoadOptions, last: &Project, touched: &[FileId]) -> Project {
    let mut files = last.files.clone();
    let mut facts = last.facts.clone();
    take_texts(system, last, touched, &mut files, &mut facts);
    forget_seeds(touched, &files, &mut facts);
    assemble(system, options, last.setup.clone(), files, facts, Some(last))
}

/// Whether a file that was not read may be read, or say something of the project, now that it changed.
fn may_concern(last: &Project, options: &LoadOptions, path: &Utf8Path) -> bool {
    let root = &options.project_dir;
    // Requirements, lock files and `.git` lie beside the project or above it.
    let is_beside = path
        .parent()
        .is_some_and(|parent| root.starts_with(parent) || parent.parent() == Some(root));
    let is_profile = path.file_name() == Some("profiles.yml");
    let installed = root.join(&last.project_file().install_path);
    let is_searched = |package: &Package| {
        let inside = path.strip_prefix(&package.root).ok();
        inside.is_some_and(|inside| package.project.paths.have(inside))
    };
    is_beside || is_profile || path.starts_with(installed) || last.packages().iter().any(is_searched)
}

/// The project with other texts in some files; `None` where that changes more than the nodes written or described there.
fn in_place(
    system: &dyn System,
    options: &LoadOptions,
    last: &Project,
    touched: &[FileId],
) -> Option<Project> {
    let mut files = last.files.clone();
    let mut facts = last.facts.clone();
    let changed = take_texts(system, last, touched, &mut files, &mut facts);
    if changed.is_empty() {
        return Some(last.clone());
    }
    let is = |kinds: &[FileKind]| {
        let mut all = changed.iter().map(|file| files.info(*file).kind);
        all.any(|kind| kinds.contains(&kind))
    };
    let mut macros = last.macros.clone();
    if is(&[FileKind::Macro, FileKind::GenericTest]) {
        macros = other_macros(system, last, &files, &facts)?;
    }
    let properties = |facts: &SharedVec<FileFacts>, file: FileId| match facts.get(file.0 as usize) {
        Some(FileFacts::Yaml(facts)) => Some(facts.clone()),
        _ => None,
    };
    for file in &changed {
        if let (Some(was), Some(is)) = (properties(&last.facts, *file), properties(&facts, *file))
            && !was.properties.names_the_same(&is.properties)
        {
            return None;
        }
    }
    let mut project = Project {
        files,
        facts,
        macros,
        ..last.clone()
    };
    let edited = edited_nodes(system, last, &project, &changed)?;
    for node in edited {
        project.graph.update(&node);
        let number = node.id.0 as usize;
        if project.nodes.get(number).is_none_or(|was| *was != node) {
            project.nodes.0.set(number, Arc::new(node));
        }
    }
    reread_seeds(system, last, &mut project, &changed);
    update_variables(system, last, &mut project, &changed);
    if !matches!(last.adapter, Adapter::Glue | Adapter::Other) {
        let nodes = project.nodes.iter();
        project.adapter = Adapter::of(system, &options.project_dir, &project.setup, nodes);
    }
    Some(project)
}

/// Reads files again; those that differ now.
fn take_texts(
    system: &dyn System,
    last: &Project,
    touched: &[FileId],
    files: &mut Files,
    facts: &mut SharedVec<FileFacts>,
) -> Vec<FileId> {
    let mut changed = Vec::new();
    for &file in touched {
        let mut info = last.files.info(file).clone();
        if let Some(EntryKind::File(size)) = system.kind(&info.absolute) {
            info.size = size;
        }
        if info.kind == FileKind::Seed {
            let source = last.files.source(file).clone();
            files.set(file, source, info.size, last.files.fault(file).cloned());
            changed.push(file);
            continue;
        }
        let (source, fault) = files::read_one(system, &info);
        let was = last.files.source(file);
        let is_same = was.text == source.text && was.not_utf8 == source.not_utf8;
        if is_same && fault.as_ref() == last.files.fault(file) {
            continue;
        }
        let found = facts_of(&info, &source).keeping(last.facts(file));
        facts.set(file.0 as usize, found);
        files.set(file, source, info.size, fault);
        changed.push(file);
    }
    changed
}

/// The macros, those of the last reading where they have the names that they had; `None` where something that is known of nodes can
/// come from what changed in them.
fn other_macros(
    system: &dyn System,
    last: &Project,
    files: &Files,
    facts: &SharedVec<FileFacts>,
) -> Option<Arc<MacroIndex>> {
    let macros = MacroIndex::new(files, facts);
    let makes_names = |macros: &MacroIndex| {
        ["generate_schema_name", "generate_alias_name"]
            .iter()
            .any(|name| {
                let mut packages = 0..last.packages().len();
                packages.any(|package| macros.override_of(name, package).is_some())
            })
    };
    if makes_names(&macros) || makes_names(&last.macros) {
        return None;
    }
    let inputs = last.setup.inputs(system, files, facts, &macros);
    if ConfigMacros::new(&inputs) != *last.configuring {
        return None;
    }
    Some(if macros == *last.macros {
        last.macros.clone()
    } else {
        Arc::new(macros)
    })
}

/// The nodes that are written or described in files, made anew; `None` where another node could tell the difference.
pub(super) fn edited_nodes(
    system: &dyn System,
    last: &Project,
    project: &Project,
    changed: &[FileId],
) -> Option<Vec<Node>> {
    let inputs = project
        .setup
        .inputs(system, &project.files, &project.facts, &project.macros);
    let mut affected: Vec<NodeId> = changed
        .iter()
        .flat_map(|file| last.nodes_in(*file))
        .copied()
        .collect();
    affected.sort_unstable();
    affected.dedup();
    let mut places: Vec<FileId> = affected.iter().map(|id| last.node(*id).file()).collect();
    places.extend(changed);
    places.sort_unstable();
    places.dedup();
    let patches: &Patches = &project.patches;
    let is_meant = |draft: &build::Draft| {
        let described = draft.patch.map(|reference| reference.file);
        changed.contains(&draft.at.file) || described.is_some_and(|file| changed.contains(&file))
    };
    let drafts = places
        .iter()
        .flat_map(|file| build::of_file(&inputs, patches, *file));
    let mut drafts: Vec<build::Draft> = drafts.filter(is_meant).collect();
    build::sort(&mut drafts);
    if drafts.len() != affected.len() {
        return None;
    }
    let mut edited = Vec::with_capacity(drafts.len());
    for (id, draft) in affected.into_iter().zip(drafts) {
        let was = last.node(id);
        if draft.unique_id != was.unique_id || draft.at.file != was.at.file {
            return None;
        }
        let mut node = build::node(&inputs, &project.configuring, id, draft);
        let is_alike = node.enabled == was.enabled
            && node.kind == was.kind
            && node.package == was.package
            && node.name == was.name
            && node.source_name == was.source_name
            && node.version == was.version;
        if !is_alike {
            return None;
        }
        resolve::fill(&inputs, &project.lookup, &mut node);
        edited.push(node);
    }
    Some(edited)
}

/// Reads the seeds again that changed, or that are to be read otherwise than before.
fn reread_seeds(system: &dyn System, last: &Project, project: &mut Project, changed: &[FileId]) {
    let seeds: FxHashSet<NodeId> = changed
        .iter()
        .flat_map(|file| last.nodes_in(*file))
        .copied()
        .filter(|id| last.node(*id).kind == ResourceType::Seed && last.node(*id).enabled)
        .collect();
    let mut seeds: Vec<NodeId> = seeds.into_iter().collect();
    seeds.sort_unstable();
    for id in seeds {
        let file = project.node(id).file();
        let size = project.files.info(file).size;
        match read_seed(system, &project.files, project.node(id)) {
            Ok((source, seed)) => {
                project.files.set(file, source, size, None);
                project
                    .facts
                    .set(file.0 as usize, FileFacts::Seed(Arc::new(seed)));
            }
            Err(fault) => project.files.set_fault(file, fault),
        }
    }
}

/// Looks again at which variables of the environment are asked for, if the edit may change that.
fn update_variables(system: &dyn System, last: &Project, project: &mut Project, changed: &[FileId]) {
    let in_yaml = |project: &Project, file: FileId| {
        project.files.info(file).kind == FileKind::Properties && project.files.text(file).contains("env_var")
    };
    let setup = project.setup.clone();
    if changed
        .iter()
        .any(|file| in_yaml(last, *file) || in_yaml(project, *file))
    {
        let unset = variables::unset_in_yaml(system, &project.files, &project.facts, &setup.root().project);
        project.missing_env = Arc::new([setup.missing_env.as_slice(), &unset].concat());
    }
    let asks = |project: &Project, file: FileId| {
        let facts = project.facts(file).sql();
        facts.is_some_and(|facts| !facts.env_vars.is_empty()) || variables::converts(&project.files, file)
    };
    if changed
        .iter()
        .any(|file| asks(last, *file) || asks(project, *file))
    {
        project.unset_env = Arc::new(variables::unset(system, &project.files, &project.facts));
    }
}
