//! `unreadable-file`.

use glueline_base::{Diagnostic, FileRange, range};
use glueline_project::{Project, ReadFault};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unreadable-file",
    Fails,
    Error,
    "unreadable_file.md",
    Check::Project(check), Parse: "ParsingError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for (file, fault) in cx.project.files().faults() {
        if cx.project.files().info(file).package != 0 {
            continue;
        }
        let at = FileRange {
            file,
            range: range(0, 0),
        };
        sink.push(match fault {
            ReadFault::Io(why) => {
                let message = format!(
                    "This file cannot be read: {why}. dbt reads it whatever is selected, and no command runs. \
                     Make it readable, remove it, or list it in `.dbtignore`."
                );
                Diagnostic::new(&RULE.meta, at, message)
            }
            ReadFault::TooLarge(size) => too_large(cx.project, at, *size),
        });
    }
}

/// A file that dbt would read and that is passed over here: nothing is known of it, so nothing is an error.
fn too_large(project: &Project, at: FileRange, size: u64) -> Diagnostic {
    let name = &project.files().source(at.file).path;
    let message = format!(
        "`{name}` has {} MB and was not checked; dbt reads it whole. A statement of Glue takes 68,000 characters: \
         data of this size belongs in S3.",
        size / 1_000_000
    );
    Diagnostic::new(&RULE.meta, at, message).severity(glueline_base::Severity::Warning)
}

#[cfg(test)]
mod tests {
    use std::io;

    use glueline_base::{DirEntry, FileKind, MemSystem, Severity, System, Utf8Path, Utf8PathBuf};
    use glueline_project::{LoadOptions, load};

    use super::*;

    /// Files in memory, with a link that leads nowhere and a file that is too large.
    #[derive(Debug)]
    struct Faulty(MemSystem);

    impl System for Faulty {
        fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
            self.0.read(path)
        }

        fn read_dir(&self, path: &Utf8Path) -> io::Result<Vec<DirEntry>> {
            let mut entries = self.0.read_dir(path)?;
            if path == "p/models" {
                let entry = |name: &str, kind, link| DirEntry {
                    name: name.to_owned(),
                    kind,
                    link,
                };
                entries.push(entry("gone.sql", FileKind::Other, true));
                entries.push(entry("huge.sql", FileKind::File(20_000_000), false));
            }
            Ok(entries)
        }

        fn kind(&self, path: &Utf8Path) -> Option<FileKind> {
            self.0.kind(path)
        }

        fn canonical(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
            self.0.canonical(path)
        }

        fn env_var(&self, name: &str) -> Option<String> {
            self.0.env_var(name)
        }

        fn env_vars(&self) -> Vec<(String, String)> {
            self.0.env_vars()
        }

        fn home(&self) -> Option<Utf8PathBuf> {
            None
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        system.write("p/models/a.sql", "select 1");
        let project = load(&Faulty(system), &LoadOptions::new("p")).unwrap();
        let mut sink = Sink::default();
        check(&ProjectCx { project: &project }, &mut sink);
        let found = sink.take();
        let found: Vec<_> = found
            .iter()
            .map(|diagnostic| {
                (
                    project.files().source(diagnostic.at.file).path.as_str(),
                    diagnostic.severity,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("models/gone.sql", Severity::Error),
                ("models/huge.sql", Severity::Warning)
            ]
        );
    }
}
