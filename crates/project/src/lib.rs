//! A dbt project as a model: files, facts, configuration, names, graph.
//!
//! [`load`] reads a directory through a [`System`](glueline_base::System) and resolves it into a [`Project`]. Each file is
//! read and parsed once; what comes out, its *facts*, depends on nothing but its path and text. Faults in files are part
//! of the result.
//!
//! This crate knows dbt. It does not know what is right or wrong on Glue: rules do.

mod adapter;
mod build;
pub mod conf;
mod config;
mod difference;
pub mod facts;
mod files;
mod fold;
mod generic_test;
mod graph;
mod load;
mod macros;
mod manifest;
mod node;
mod packages;
mod profile;
mod project;
mod project_file;
mod reads;
mod relation;
mod release;
mod resolve;
mod selection;
mod setup;
mod state;
mod values;
mod variables;

pub use adapter::Adapter;
pub use config::{Config, ConfigTree, Contribution, Layer, Setting, canonical_key};
pub use difference::Difference;
pub use facts::{FileFacts, SqlFacts, YamlFacts, read_sql as read_jinja};
pub use files::{FileKind, Files, FoundFile, PackageId, ReadFault};
pub use generic_test::CONFIG_ARGUMENTS;
pub use graph::Graph;
pub use load::{LoadError, LoadOptions, edit, load, parse_vars, reload};
pub use macros::{MacroIndex, MacroRef};
pub use manifest::Manifest;
pub use node::{
    Dependency, DependencyKind, EntryList, Language, Node, NodeId, NodeIter, NodeVersion, Nodes, PatchRef,
    Resolution, ResourceType,
};
pub use packages::{PackageSpec, Requested};
pub use profile::{Profile, ProfileState, Target};
pub use project::{Assume, Package, Project, RunOptions};
pub use project_file::{Dispatch, ProjectFile, TreeKind, is_rendered as is_rendered_in_project_file};
pub use reads::Reads;
pub use release::{AdapterRelease, ReleaseSource, site_packages};
pub use resolve::Lookup;
pub use selection::{Selected, SelectionRequest};
pub use state::{
    Answer, AnswerColumn, AnswerError, CatalogState, Cell, ColumnTags, ColumnWildcard, DataCellsFilter,
    Database, LakeFormation, LakePermission, LakeTag, ResourceTags, RowFilter, Session, SessionRelation,
    StateColumn, Table,
};
pub use values::Text;
