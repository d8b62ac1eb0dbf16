//! Finding packages.

use std::collections::BTreeSet;
use std::sync::Arc;

use glueline_base::{FileKind as EntryKind, System, Utf8Path, Utf8PathBuf};

use crate::files::{FileKind, slashed};
use crate::fold::Scope;
use crate::load::early::{Early, NUMBERED_LATER, early_read, yaml_file};
use crate::packages::{self, PackageSpec, Requested};
use crate::project::Package;
use crate::project_file::{ProjectFile, is_rendered};

/// A package with how its directory is shown.
pub(crate) struct FoundPackage {
    pub(crate) inner: Package,
    pub(crate) shown: Utf8PathBuf,
}

/// A package, named by its file or else by its directory.
pub(crate) fn package(project: ProjectFile, root: &Utf8Path, shown: &Utf8Path) -> FoundPackage {
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

/// The installed packages, and local ones that are asked for and not installed; with whether nothing is missing.
pub(crate) fn find_packages(
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
    let own = requested.iter().map(|(_, entry)| asked_name(entry));
    let theirs = found.iter().flat_map(|package| asked_by(system, package, scope));
    let asked: BTreeSet<String> = own.chain(theirs).collect();
    (found, present >= asked.len())
}

/// The names of what a package asks for itself: `dbt deps` installs that beside it.
fn asked_by(system: &dyn System, package: &FoundPackage, scope: &Scope<'_>) -> Vec<String> {
    ["packages.yml", "dependencies.yml"]
        .iter()
        .filter_map(|name| yaml_file(system, &package.inner.root, name, FileKind::Packages))
        .filter_map(|file| Some(packages::read(&scope.render(&file.facts.yaml()?.value))))
        .flatten()
        .map(|entry| asked_name(&entry))
        .collect()
}

/// What an entry asks for, in one spelling for the hub and for repositories: `dbt_utils`.
fn asked_name(entry: &Requested) -> String {
    let text = &*entry.spec.text().value;
    if let PackageSpec::Local(_) = entry.spec {
        return text.to_owned();
    }
    let text = text.trim_end_matches('/').trim_end_matches(".git");
    let name = text.rsplit(['/', ':']).next().unwrap_or(text);
    name.replace('-', "_").to_lowercase()
}

fn read_package(
    system: &dyn System,
    absolute: &Utf8Path,
    shown: &Utf8Path,
    scope: &Scope<'_>,
    early: &mut Vec<Early>,
) -> Option<FoundPackage> {
    let shown = slashed(shown);
    let file = early_read(
        system,
        absolute,
        shown.join("dbt_project.yml"),
        FileKind::ProjectFile,
        true,
    )?;
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
