//! The kinds of things that names stand for.

use std::sync::Arc;

use glueline_base::{FileId, TextSize, Utf8PathBuf};
use glueline_catalog::Scope;
use glueline_catalog::jinja::JinjaName;
use glueline_project::{MacroRef, NodeId, PackageId};

/// What a name stands for. Numbers in it belong to the analysis that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A node: model (one version of it, where it has versions), seed, snapshot, source table, analysis, test, exposure,
    /// unit test.
    Node(NodeId),
    /// A model with versions, as a whole.
    VersionedModel {
        /// The package it belongs to.
        package: PackageId,
        /// Its name.
        name: Arc<str>,
    },
    /// A source: what holds tables.
    Source {
        /// The package it belongs to.
        package: PackageId,
        /// Its name.
        name: Arc<str>,
    },
    /// A macro, generic test or materialization that a file defines.
    Macro(MacroRef),
    /// A macro, generic test or materialization that dbt or an adapter ships, by the name dbt keeps it under:
    /// `test_unique`, `materialization_table_glue`. It has no file.
    ShippedMacro(&'static str),
    /// A parameter of a macro or generic test.
    Parameter {
        /// The macro.
        of: MacroRef,
        /// The parameter's name.
        name: Arc<str>,
    },
    /// A name of dbt's Jinja context or a member of one, by its full name: `ref`, `adapter.get_relation`, `this`.
    Context(&'static str),
    /// A filter of Jinja, as in `| trim`.
    Filter(Arc<str>),
    /// A test of Jinja, as in `is none`.
    JinjaTest(Arc<str>),
    /// A docs block.
    Doc {
        /// The Markdown file.
        file: FileId,
        /// Its number among the file's blocks.
        index: usize,
    },
    /// A variable of the project.
    Var(Arc<str>),
    /// A variable of the environment.
    EnvVar(Arc<str>),
    /// A key of a YAML file or of `config()`, without a `+`.
    Key {
        /// Where it stands; `glueline_catalog::lookup` knows it, if it is known.
        scope: Scope,
        /// Its name as written.
        name: Arc<str>,
    },
    /// A value out of a closed set: `incremental` of `materialized`.
    Value {
        /// Where its key stands.
        scope: Scope,
        /// The key.
        key: Arc<str>,
        /// The value.
        value: Arc<str>,
    },
    /// A tag.
    Tag(Arc<str>),
    /// A group of models.
    Group(Arc<str>),
    /// A package, the root project among them.
    Package(PackageId),
    /// A selector of `selectors.yml`.
    Selector(Arc<str>),
    /// A profile of `profiles.yml`.
    Profile(Arc<str>),
    /// A target of a profile.
    Target {
        /// The profile.
        profile: Arc<str>,
        /// The target.
        name: Arc<str>,
    },
    /// A column of a node.
    Column {
        /// The node.
        of: NodeId,
        /// The column's name as written.
        name: Arc<str>,
    },
    /// A name that a file binds for itself: by `set`, `for`, `with`, as a parameter of a block, or a macro inside a model.
    Local {
        /// The file.
        file: FileId,
        /// Where the name first stands in what it is known in.
        first: TextSize,
        /// The name.
        name: Arc<str>,
    },
    /// A common table expression or an alias of a query.
    SqlName {
        /// The file.
        file: FileId,
        /// Where it is defined.
        first: TextSize,
        /// The name as defined.
        name: Arc<str>,
    },
    /// A column that a query makes for itself, and that is no column of the node.
    SqlColumn {
        /// The file.
        file: FileId,
        /// Where it gets its name.
        first: TextSize,
        /// The name as written there.
        name: Arc<str>,
    },
    /// The table of the warehouse that a node is made or read as, named as SQL does.
    Table(NodeId),
    /// A rule of this program, by its id.
    Rule(&'static str),
    /// A file or folder, from the root of the file system.
    Path(Utf8PathBuf),
    /// The address of a page.
    Link(Arc<str>),
    /// A name that nothing has, as far as is known.
    Missing {
        /// What it would be.
        kind: MissingKind,
        /// The name; for a source table `source.table`.
        name: Arc<str>,
    },
}

/// What a name that nothing has would stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingKind {
    /// Something for `ref()`.
    Ref,
    /// A source.
    Source,
    /// A table of a source.
    Table,
    /// A macro.
    Macro,
    /// A generic test.
    GenericTest,
    /// A docs block.
    Doc,
    /// A group.
    Group,
    /// A package.
    Package,
    /// What a properties entry describes.
    Described,
}

impl Symbol {
    /// What is known of a name of dbt's context.
    pub fn context(&self) -> Option<&'static JinjaName> {
        match self {
            Self::Context(name) => glueline_catalog::jinja::name(name),
            _ => None,
        }
    }
}
