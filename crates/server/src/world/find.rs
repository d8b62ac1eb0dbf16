//! Where projects are.

use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};

use crate::moment::Documents;

/// Directories into which dbt installs packages: what lies in them belongs to the project around them.
const INSTALLED: [&str; 2] = ["dbt_packages", "dbt_modules"];

/// Directories in which nobody keeps a project of theirs.
const PASSED_OVER: [&str; 7] = [
    "dbt_modules",
    "dbt_packages",
    "logs",
    "node_modules",
    "site-packages",
    "target",
    "venv",
];

/// So deep below a folder projects are looked for.
const DEPTH: usize = 4;

/// So many directories are looked into for projects.
const MOST: usize = 5_000;

/// The directory of the project that a file belongs to. A `dbt_project.yml` that is open and not saved yet makes one, too.
pub(super) fn project_around(
    disk: &dyn System,
    documents: &Documents,
    path: &Utf8Path,
) -> Option<Utf8PathBuf> {
    let is_project = |dir: &Utf8Path| {
        let file = dir.join("dbt_project.yml");
        let mut open = documents.values();
        open.any(|document| document.path.as_ref() == Some(&file)) || has_project(disk, dir)
    };
    let dirs = path.ancestors().skip(1);
    let around: Vec<&Utf8Path> = dirs.filter(|dir| is_project(dir)).collect();
    innermost(&around).map(Utf8Path::to_owned)
}

/// Of directories of projects around a file, from the inside out, the one that it belongs to.
pub(super) fn innermost<'a>(around: &[&'a Utf8Path]) -> Option<&'a Utf8Path> {
    let is_installed = |dir: &Utf8Path, outer: &Utf8Path| {
        let between = dir.strip_prefix(outer).ok();
        between.is_some_and(|path| path.iter().any(|part| INSTALLED.contains(&part)))
    };
    let mut inside_out = around.iter();
    let own = inside_out.find(|dir| !around.iter().any(|outer| is_installed(dir, outer)));
    own.copied()
}

/// The directories of the projects in a folder, and of the one around it. Projects inside of projects are met when one of their
/// files is opened.
pub(crate) fn projects_below(disk: &dyn System, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let around = folder.ancestors().filter(|dir| has_project(disk, dir));
    let around: Vec<&Utf8Path> = around.collect();
    if let Some(dir) = innermost(&around) {
        return vec![dir.to_owned()];
    }
    let mut found = Vec::new();
    let mut next = vec![folder.to_owned()];
    let mut looked_into = 0;
    for _ in 0..=DEPTH {
        let mut deeper = Vec::new();
        for dir in std::mem::take(&mut next) {
            looked_into += 1;
            if looked_into > MOST {
                return found;
            }
            if has_project(disk, &dir) {
                found.push(dir);
                continue;
            }
            let entries = disk.read_dir(&dir).unwrap_or_default();
            let dirs = entries.into_iter().filter(|entry| {
                entry.kind == FileKind::Directory
                    && !entry.link
                    && !entry.name.starts_with('.')
                    && !PASSED_OVER.contains(&entry.name.as_str())
            });
            deeper.extend(dirs.map(|entry| dir.join(entry.name)));
        }
        next = deeper;
    }
    found
}

fn has_project(disk: &dyn System, dir: &Utf8Path) -> bool {
    matches!(disk.kind(&dir.join("dbt_project.yml")), Some(FileKind::File(_)))
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    fn disk() -> MemSystem {
        let mut disk = MemSystem::new();
        for dir in [
            "/w/a",
            "/w/a/dbt_packages/utils",
            "/w/a/dbt_packages/utils/integration_tests",
            "/w/a/sub",
            "/w/x/y/b",
            "/w/node_modules/c",
            "/w/.hidden/d",
            "/w/1/2/3/4/5/e",
        ] {
            disk.write(format!("{dir}/dbt_project.yml"), "name: p");
        }
        disk
    }

    #[test]
    fn a_file_belongs_to_the_innermost_project_that_nobody_installed() {
        for (path, want) in [
            ("/w/a/models/m.sql", Some("/w/a")),
            ("/w/a/dbt_packages/utils/macros/m.sql", Some("/w/a")),
            (
                "/w/a/dbt_packages/utils/integration_tests/models/m.sql",
                Some("/w/a"),
            ),
            ("/w/a/sub/models/m.sql", Some("/w/a/sub")),
            ("/w/m.sql", None),
            ("/m.sql", None),
        ] {
            let found = project_around(&disk(), &Documents::default(), path.into());
            assert_eq!(found.as_deref(), want.map(Utf8Path::new), "{path}");
        }
    }

    #[test]
    fn projects_are_looked_for_where_people_keep_them() {
        for (folder, want) in [
            ("/w", &["/w/a", "/w/x/y/b"][..]),
            ("/w/a", &["/w/a"]),
            ("/w/a/models", &["/w/a"]),
            ("/w/x", &["/w/x/y/b"]),
            ("/nowhere", &[]),
        ] {
            assert_eq!(projects_below(&disk(), folder.into()), want, "{folder}");
        }
    }
}
