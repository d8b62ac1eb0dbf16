//! The packages installed in a virtual environment, as texts.

use glueline_base::{FileKind, System, Utf8Path, Utf8PathBuf};

/// How deep folders of macros may nest.
const MAX_DEPTH: usize = 12;

/// The `site-packages` of a virtual environment that holds dbt-glue.
#[derive(Debug)]
pub(crate) struct Upstream<'a> {
    system: &'a dyn System,
    root: Utf8PathBuf,
}

impl<'a> Upstream<'a> {
    /// Finds `site-packages` below a virtual environment. Fails where there is none with dbt-glue in it.
    pub(crate) fn open(system: &'a dyn System, venv: &Utf8Path) -> Result<Self, String> {
        let lib = venv.join("lib");
        let pythons = system
            .read_dir(&lib)
            .map_err(|error| format!("{lib} is no folder of a virtual environment: {error}"))?;
        pythons
            .iter()
            .map(|entry| lib.join(&entry.name).join("site-packages"))
            .find(|root| {
                system
                    .kind(&root.join("dbt/adapters/glue/credentials.py"))
                    .is_some()
            })
            .map(|root| Self { system, root })
            .ok_or_else(|| format!("no dbt-glue is installed below {lib}"))
    }

    /// The text of a file, by its path below `site-packages`.
    pub(crate) fn text(&self, path: &str) -> Result<String, String> {
        let full = self.root.join(path);
        let bytes = self
            .system
            .read(&full)
            .map_err(|error| format!("cannot read {full}: {error}"))?;
        String::from_utf8(bytes).map_err(|_| format!("{full} is not UTF-8"))
    }

    /// Every file with an ending below a folder, as path and text, sorted by path. Fails where there is none.
    pub(crate) fn texts(&self, folder: &str, ending: &str) -> Result<Vec<(String, String)>, String> {
        let mut paths = Vec::new();
        self.walk(Utf8Path::new(folder), ending, MAX_DEPTH, &mut paths)?;
        if paths.is_empty() {
            return Err(format!("no {ending} file below {}", self.root.join(folder)));
        }
        paths.sort();
        paths
            .into_iter()
            .map(|path| self.text(&path).map(|text| (path, text)))
            .collect()
    }

    /// The version of an installed distribution (`dbt_glue`), from the name of its metadata folder.
    pub(crate) fn version(&self, distribution: &str) -> Result<String, String> {
        let entries = self
            .system
            .read_dir(&self.root)
            .map_err(|error| format!("cannot read {}: {error}", self.root))?;
        entries
            .iter()
            .filter_map(|entry| entry.name.strip_suffix(".dist-info"))
            .filter_map(|name| name.split_once('-'))
            .find(|(name, _)| *name == distribution)
            .map(|(_, version)| version.to_owned())
            .ok_or_else(|| format!("{distribution} is not installed in {}", self.root))
    }

    fn walk(
        &self,
        folder: &Utf8Path,
        ending: &str,
        depth: usize,
        paths: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(format!("{folder} nests too deep"));
        };
        let full = self.root.join(folder);
        let entries = self
            .system
            .read_dir(&full)
            .map_err(|error| format!("cannot read {full}: {error}"))?;
        for entry in entries {
            let path = folder.join(&entry.name);
            match entry.kind {
                FileKind::Directory => self.walk(&path, ending, depth, paths)?,
                FileKind::File(_) if entry.name.ends_with(ending) => paths.push(path.into_string()),
                FileKind::File(_) | FileKind::Other => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glueline_base::MemSystem;

    #[test]
    fn finds_packages_and_says_what_is_missing() {
        let mut system = MemSystem::new();
        let site = "v/lib/python3.11/site-packages";
        system.write(format!("{site}/dbt/adapters/glue/credentials.py"), "x");
        system.write(format!("{site}/dbt/include/glue/macros/deep/b.sql"), "b");
        system.write(format!("{site}/dbt/include/glue/macros/a.sql"), "a");
        system.write(format!("{site}/dbt_glue-1.12.4.dist-info/METADATA"), "");
        let upstream = Upstream::open(&system, "v".into()).unwrap();
        assert_eq!(upstream.text("dbt/adapters/glue/credentials.py").unwrap(), "x");
        let texts = upstream.texts("dbt/include/glue", ".sql").unwrap();
        assert_eq!(
            texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(upstream.version("dbt_glue").unwrap(), "1.12.4");
        assert!(
            upstream
                .version("dbt_core")
                .unwrap_err()
                .contains("not installed")
        );
        assert!(upstream.text("nothing.py").unwrap_err().contains("nothing.py"));
        assert!(
            upstream
                .texts("dbt/adapters", ".sql")
                .unwrap_err()
                .contains("no .sql file")
        );
        assert!(Upstream::open(&system, "w".into()).is_err());
    }
}
