//! Which project is meant, and which of its files.

use std::collections::BTreeSet;

use camino::Utf8Component;
use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};

use crate::exit::Failure;

/// The file that makes a directory a dbt project.
pub(crate) const PROJECT_FILE: &str = "dbt_project.yml";

/// Files and directories that the user named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    paths: Vec<Place>,
}

/// A path as it is written and as it is with every link resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    written: Utf8PathBuf,
    real: Utf8PathBuf,
}

impl Place {
    fn new(system: &dyn System, path: &Utf8Path) -> Self {
        let written = absolute(Utf8Path::new(""), path);
        let real = system.canonical(path).unwrap_or_else(|_| written.clone());
        Self { written, real }
    }
}

impl Named {
    /// Takes the paths as written on the command line; each has to exist.
    pub(crate) fn new(
        system: &dyn System,
        current_dir: &Utf8Path,
        paths: &[Utf8PathBuf],
    ) -> Result<Self, Failure> {
        let mut named = Self::default();
        for path in paths {
            let whole = absolute(current_dir, path);
            if system.kind(&whole).is_none() {
                return Err(Failure::Usage(format!("there is no file or directory `{path}`")));
            }
            named.paths.push(Place::new(system, &whole));
        }
        Ok(named)
    }

    /// Whether a file, given by its absolute path, is one of those named or lies below one. Where nothing is
    /// named, everything is.
    pub(crate) fn covers(&self, system: &dyn System, file: &Utf8Path) -> bool {
        self.paths.is_empty() || self.any(system, file, |file, named| file.starts_with(named))
    }

    /// Whether a file, given by its absolute path, was named itself.
    pub(crate) fn names(&self, system: &dyn System, file: &Utf8Path) -> bool {
        self.any(system, file, |file, named| file == named)
    }

    fn any(&self, system: &dyn System, file: &Utf8Path, fits: fn(&Utf8Path, &Utf8Path) -> bool) -> bool {
        if self.paths.iter().any(|place| fits(file, &place.written)) {
            return true;
        }
        let Ok(real) = system.canonical(file) else {
            return false;
        };
        self.paths.iter().any(|place| fits(&real, &place.real))
    }

    /// The projects that the named paths lie in, found upward from each.
    fn projects(&self, system: &dyn System) -> BTreeSet<Utf8PathBuf> {
        let upward = |place: &Place| find_upward(system, &place.written);
        self.paths.iter().filter_map(upward).collect()
    }
}

/// The directory of the project that the user means: the one that is nearest above the named paths, or above the
/// directory the command runs in.
///
/// The search upward is dbt's (`dbt/cli/resolvers.py`), except that named paths come first.
pub(crate) fn find_project(
    system: &dyn System,
    current_dir: &Utf8Path,
    named: &Named,
) -> Result<Utf8PathBuf, Failure> {
    let mut projects = named.projects(system);
    // A package inside a project is the project's own business: it is read with it, and never reported on.
    let outer = projects.clone();
    projects.retain(|project| {
        !outer
            .iter()
            .any(|other| other != project && project.starts_with(other))
    });
    let mut found = projects.iter();
    if let (Some(first), Some(second)) = (found.next(), found.next()) {
        return Err(Failure::Usage(format!(
            "the paths belong to two projects, `{first}` and `{second}`: check them one at a time, \
             with --project-dir"
        )));
    }
    if let Some(project) = projects.first() {
        return Ok(project.clone());
    }
    find_upward(system, current_dir).ok_or_else(|| {
        Failure::Usage(format!(
            "there is no {PROJECT_FILE} in `{current_dir}` or above it: say where the project is with --project-dir"
        ))
    })
}

/// A path from the root, with `.` and `..` taken out as far as they can be without asking the file system.
pub(crate) fn absolute(current_dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for component in current_dir.join(path).components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// What has to stand before a path relative to the project so that it can be opened from the directory the
/// command runs in: empty, or ending in `/`.
pub(crate) fn prefix(current_dir: &Utf8Path, project_dir: &Utf8Path) -> String {
    let mut path = if let Ok(below) = project_dir.strip_prefix(current_dir) {
        below.as_str().replace('\\', "/")
    } else if let Ok(above) = current_dir.strip_prefix(project_dir) {
        vec![".."; above.components().count()].join("/")
    } else {
        project_dir.as_str().replace('\\', "/")
    };
    if !path.is_empty() && !path.ends_with('/') {
        path.push('/');
    }
    path
}

fn find_upward(system: &dyn System, start: &Utf8Path) -> Option<Utf8PathBuf> {
    start
        .ancestors()
        .find(|dir| matches!(system.kind(&dir.join(PROJECT_FILE)), Some(FileKind::File(_))))
        .map(Utf8Path::to_owned)
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    fn world() -> MemSystem {
        let mut system = MemSystem::new();
        for path in [
            "/w/shop/dbt_project.yml",
            "/w/shop/models/a.sql",
            "/w/shop/models/deep/b.sql",
            "/w/shop/dbt_packages/util/dbt_project.yml",
            "/w/bank/dbt_project.yml",
            "/w/bank/models/c.sql",
            "/etc/x.yml",
        ] {
            system.write(path, "");
        }
        system
    }

    fn project(current_dir: &str, paths: &[&str]) -> Result<String, String> {
        let system = world();
        let paths: Vec<Utf8PathBuf> = paths.iter().map(Utf8PathBuf::from).collect();
        let named = Named::new(&system, current_dir.into(), &paths).map_err(|e| e.message().unwrap())?;
        find_project(&system, current_dir.into(), &named)
            .map(Utf8PathBuf::into_string)
            .map_err(|e| e.message().unwrap())
    }

    #[test]
    fn the_nearest_project_upward_is_meant() {
        for (current_dir, paths, want) in [
            ("/w/shop", &[][..], "/w/shop"),
            ("/w/shop/models/deep", &[], "/w/shop"),
            ("/w", &["shop/models/a.sql", "shop/models/deep"], "/w/shop"),
            ("/w/bank", &["../shop/./models/a.sql"], "/w/shop"),
            ("/w/shop", &["/etc/x.yml"], "/w/shop"),
            ("/w", &["bank"], "/w/bank"),
            (
                "/w",
                &["shop/models/a.sql", "shop/dbt_packages/util/dbt_project.yml"],
                "/w/shop",
            ),
        ] {
            assert_eq!(
                project(current_dir, paths).as_deref(),
                Ok(want),
                "{current_dir} {paths:?}"
            );
        }
        for (current_dir, paths, want) in [
            ("/w", &[][..], "there is no dbt_project.yml in `/w` or above it"),
            (
                "/w",
                &["shop/models/a.sql", "bank/models"],
                "the paths belong to two projects",
            ),
            (
                "/w/shop",
                &["models/gone.sql"],
                "there is no file or directory `models/gone.sql`",
            ),
        ] {
            let error = project(current_dir, paths).unwrap_err();
            assert!(error.starts_with(want), "{error}");
        }
    }

    #[test]
    fn a_named_directory_covers_what_lies_below() {
        let system = world();
        let named = Named::new(
            &system,
            "/w/shop".into(),
            &["models/deep".into(), "models/a.sql".into()],
        )
        .unwrap();
        for (file, covered, itself) in [
            ("/w/shop/models/deep/b.sql", true, false),
            ("/w/shop/models/a.sql", true, true),
            ("/w/shop/models/deeper/b.sql", false, false),
            ("/w/shop/dbt_project.yml", false, false),
        ] {
            assert_eq!(named.covers(&system, file.into()), covered, "{file}");
            assert_eq!(named.names(&system, file.into()), itself, "{file}");
        }
        let nothing = Named::default();
        assert!(nothing.covers(&system, "/anything".into()) && !nothing.names(&system, "/anything".into()));
    }

    #[test]
    fn a_prefix_leads_to_the_project() {
        for (current_dir, project_dir, want) in [
            ("/w", "/w", ""),
            ("/w", "/w/shop", "shop/"),
            ("/w/shop/models/deep", "/w/shop", "../../"),
            ("/home", "/w/shop", "/w/shop/"),
            ("/home", "/", "../"),
        ] {
            assert_eq!(
                prefix(current_dir.into(), project_dir.into()),
                want,
                "{current_dir} {project_dir}"
            );
        }
    }
}
