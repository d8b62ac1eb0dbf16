//! `packages.yml`, `dependencies.yml` and what of them is installed.

use glueline_base::{Spanned, TextRange, Value};

use crate::values::{Text, maps, text};

/// How a package is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum PackageSpec {
    /// `local:` a directory relative to the project.
    Local(Text),
    /// `package:` from the package hub.
    Hub(Text),
    /// `git:` a repository.
    Git(Text),
    /// `tarball:` an archive.
    Tarball(Text),
    /// `private:` a repository of the platform.
    Private(Text),
}

impl PackageSpec {
    /// What was written.
    pub const fn text(&self) -> &Text {
        match self {
            Self::Local(text)
            | Self::Hub(text)
            | Self::Git(text)
            | Self::Tarball(text)
            | Self::Private(text) => text,
        }
    }
}

/// One entry under `packages:`.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    /// What is asked for.
    pub spec: PackageSpec,
    /// The whole entry.
    pub range: TextRange,
}

/// Reads the entries under `packages:`; those of no known form are passed over.
pub(crate) fn read(root: &Spanned<Value>) -> Vec<Requested> {
    maps(&root.value, "packages")
        .filter_map(|entry| {
            let find = |key| text(&entry.value, key);
            let spec = None
                .or_else(|| find("local").map(PackageSpec::Local))
                .or_else(|| find("package").map(PackageSpec::Hub))
                .or_else(|| find("git").map(PackageSpec::Git))
                .or_else(|| find("tarball").map(PackageSpec::Tarball))
                .or_else(|| find("private").map(PackageSpec::Private))?;
            Some(Requested {
                spec,
                range: entry.range,
            })
        })
        .collect()
}
