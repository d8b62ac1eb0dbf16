//! What may be written on the command line of `glueline run` and `glueline show`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::args::{BatchArgs, ProjectArgs, SelectionArgs};

/// What is run, and how.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct RunArgs {
    /// The command of dbt that is meant
    #[arg(long, value_enum, value_name = "COMMAND", default_value_t)]
    pub command: RunCommand,
    /// Go ahead where data is lost or replaced that a model does not own, or where a rule says that data will be wrong
    #[arg(short, long)]
    pub yes: bool,
    /// Go ahead where just that is asked which the event `asks` had this `agreement` for
    #[arg(long, value_name = "AGREEMENT", hide = true)]
    pub agreed: Option<String>,
    /// Begin nothing new once something fails
    #[arg(short = 'x', long)]
    pub fail_fast: bool,
    /// Have Spark look at each query before a table is dropped for it
    #[arg(long)]
    pub safe: bool,
    /// Store the rows that tests find, as `dbt test --store-failures` does
    #[arg(long)]
    pub store_failures: bool,
    /// Which batches of microbatch models are run.
    #[command(flatten)]
    pub batches: BatchArgs,
    /// How to tell what happens
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub log_format: LogFormat,

    /// Work with this many threads, each with a session that costs, where the profile does not fix its id; --threads alone lets
    /// threads share one session, which runs one statement after another
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=50),
        help_heading = "Session"
    )]
    pub sessions: u32,
    /// How the session is used.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Which rows are shown, and how.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ShowArgs {
    /// Show what this query gives instead of a node
    // A query may begin with a comment.
    #[arg(long, value_name = "SQL", allow_hyphen_values = true, conflicts_with_all = ["select", "exclude", "selector", "resource_types", "cte"])]
    pub inline: Option<String>,
    /// Show what this query after `with` gives
    #[arg(long, value_name = "NAME")]
    pub cte: Option<String>,
    /// How many rows at most; -1 shows all
    #[arg(long, value_name = "N", default_value_t = 5, allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-1..))]
    pub limit: i64,
    /// How to print the rows
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: ShowOutput,

    /// How the session is used.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// How the session is used.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Session")]
pub(crate) struct SiteArgs {
    /// Use the session of this id, whoever made it
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
    /// Cancel a statement that runs longer than this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub statement_timeout: Option<Duration>,
    /// Stop the session at the end, instead of keeping it warm until it idles out
    #[arg(long)]
    pub stop_session: bool,
    /// Read unsaved texts from standard input, whose end cancels
    #[arg(long, hide = true)]
    pub from_editor: bool,
}

/// Commands of dbt that can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum RunCommand {
    /// Models
    #[default]
    Run,
    /// Seeds
    Seed,
    /// Snapshots
    Snapshot,
    /// Data tests and unit tests
    Test,
    /// All of these, each after the tests of what it reads
    Build,
}

/// How it is told what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people, on standard error
    #[default]
    Text,
    /// An event a line as JSON, on standard output
    Json,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ShowOutput {
    /// A table for people
    #[default]
    Text,
    /// One JSON document, with the types of the columns
    Json,
}

/// A time that passes.
fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err("this is no number of seconds".to_owned()),
    }
}
