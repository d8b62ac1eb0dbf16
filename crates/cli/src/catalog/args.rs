//! What may be written on the command line of `glueline catalog`.

use clap::{Args, Subcommand};
use glueline_base::Utf8PathBuf;

use crate::args::{Output, ProjectArgs, SelectionArgs};

/// What is done with the catalog.
#[derive(Debug, Clone, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct CatalogArgs {
    /// What is done.
    #[command(subcommand)]
    pub command: CatalogCommand,
}

/// What is done with the catalog.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Write down what is in the databases that the project names, for --catalog of other commands
    Pull(PullArgs),
    /// Print how a run would change the catalog: relations, columns, types, partitions, locations
    Diff(DiffArgs),
}

/// What is read, and where it is written.
#[derive(Debug, Clone, Args)]
pub(crate) struct PullArgs {
    /// Where it is written [default: target/glueline/catalog.json of the project]
    #[arg(long, value_name = "FILE")]
    pub to: Option<Utf8PathBuf>,
    /// How to print what was done
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: Output,
    /// Read unsaved texts from standard input, whose end cancels
    #[arg(long, hide = true)]
    pub from_editor: bool,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Whose databases are read.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Which run is meant, and how what it changes is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct DiffArgs {
    /// Exit with 1 where something differs
    #[arg(long)]
    pub exit_code: bool,
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: Output,

    /// Where the project and its profile are. Without --catalog, AWS is asked what is there.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// The nodes of the run.
    #[command(flatten)]
    pub selection: SelectionArgs,
}
