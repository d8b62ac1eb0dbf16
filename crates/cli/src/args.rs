//! What may be written on the command line.
//!
//! Flags that dbt has are spelt as dbt spells them. Variables of the environment are not read here but in
//! `settings`, because dbt knows two names for each.

#![expect(
    clippy::doc_markdown,
    reason = "the comments are help texts, printed as they are"
)]

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use glueline_base::Utf8PathBuf;

use crate::exit::Failure;
use crate::report::Format;
#[cfg(feature = "run")]
use crate::{
    catalog::args::CatalogArgs,
    run::args::{RunArgs, ShowArgs},
    session::args::SessionArgs,
};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "glueline",
    version,
    about = "Tells what dbt, dbt-glue and Spark will do with a dbt project on AWS Glue",
    max_term_width = 100,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of every command.
    #[command(flatten)]
    pub talk: TalkArgs,
}

/// One command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report what is wrong with a project
    #[command(
        after_help = "Exit status: 0 nothing to report at the failing level, 1 findings, 2 usage or configuration."
    )]
    Check(Box<CheckArgs>),
    /// Print what nodes become once their Jinja is rendered, as `dbt compile` does
    #[command(
        after_help = "Exit status: 0 every node was compiled, 1 some were not, 2 usage or configuration."
    )]
    Compile(Box<CompileArgs>),
    /// Print what a run would send to the Glue session and to AWS, in order, before there is a session
    #[command(
        after_help = "Exit status: 0 every node would run, 1 some would fail, 2 usage or configuration.\n\n\
            Examples:\n  \
            glueline preview -s orders                       what the first run of a model sends\n  \
            glueline preview -s orders --run second          what a later run sends\n  \
            glueline preview -s orders -f --catalog cat.json what --full-refresh does to what is there\n  \
            glueline preview -s orders --diff first..second  how the two differ\n  \
            glueline preview --diff-rev main                 what a change of the project changes"
    )]
    Preview(Box<PreviewArgs>),
    /// Print the least-privilege IAM policy of the project, or what a policy lacks of it
    #[command(
        after_help = "Exit status: 0 the policy was printed, or lacks nothing, 1 it lacks something or dbt would not run, \
                      2 usage or configuration."
    )]
    IamPolicy(Box<IamPolicyArgs>),
    /// Run nodes on the Glue session: what `preview` shows is what is sent
    #[cfg(feature = "run")]
    #[command(
        after_help = "Exit status: 0 every node ran, 1 some failed, 2 usage or configuration, 130 interrupted, and what ran was cancelled.\n\n\
            Examples:\n  \
            glueline run -s orders+         a model and what reads it\n  \
            glueline run --command build    seeds, models, snapshots and tests, in the order of `dbt build`\n  \
            glueline run -s orders -f --yes rebuild it, and accept what the preview warns of"
    )]
    Run(Box<RunArgs>),
    /// Show rows of a node, of a part of its query, or of a query of your own
    #[cfg(feature = "run")]
    #[command(
        after_help = "Exit status: 0 here they are, 1 the session or the query failed, 2 usage or configuration, 130 interrupted.\n\n\
            Examples:\n  \
            glueline show -s orders --limit 20             what the model gives by now\n  \
            glueline show -s orders --cte joined           a part of its query\n  \
            glueline show --inline \"select * from {{ ref('orders') }}\""
    )]
    Show(Box<ShowArgs>),
    /// Start, look at and stop the Glue session that a target runs in
    #[cfg(feature = "run")]
    #[command(
        after_help = "Exit status: 0 done, 1 AWS or the session failed, 2 usage or configuration.\n\n\
            Examples:\n  \
            glueline session start          a session of the target, ready; the one on record where it lives\n  \
            glueline session status         its state, size, age and estimated price\n  \
            glueline session list           sessions of this project and user, forgotten ones included\n  \
            glueline session stop           stop it, and wait until it is over"
    )]
    Session(Box<SessionArgs>),
    /// Read what the Glue Data Catalog holds, and how a run would change it
    #[cfg(feature = "run")]
    #[command(
        after_help = "Exit status: 0 done, 1 AWS refused or failed, dbt would not run, or with --exit-code something differs, \
                      2 usage or configuration.\n\n\
            Examples:\n  \
            glueline catalog pull                                     into target/glueline/catalog.json\n  \
            glueline check --catalog target/glueline/catalog.json     what is wrong, given what is there\n  \
            glueline catalog diff -s orders+                          what a run would change: columns, types, places"
    )]
    Catalog(Box<CatalogArgs>),
    /// Talk with an editor: the language server, over standard input and output
    #[command(
        after_help = "Exit status: 0 the editor asked to end, 1 it went without a word, 2 usage or configuration."
    )]
    Lsp(LspArgs),
    /// Be a Glue of this machine: sessions, catalog and Lake Formation on loopback, with a real Spark behind them
    #[command(
        after_help = "Needs Java 17 (or 11, 8) and Python 3. PySpark and the jars of Iceberg, Delta and Hudi are fetched on the first start.\n\n\
            Exit status: 0 it was interrupted, 1 it could not start or did not stay up, 2 usage.\n\n\
            Examples:\n  \
            glueline local                     keeps everything in target/glueline/local\n  \
            glueline local --tools ~/spark     the same, with tools that several projects share"
    )]
    Local(LocalArgs),
    /// Explain a rule, a configuration key, or an error class of Spark
    Explain(ExplainArgs),
    /// Find the errors in a log, or in what a session answered, and bring each home to its line in the project
    #[command(
        after_help = "Exit status: 0 what was found is explained, 1 there is no error in the text, 2 usage or configuration.\n\n\
            Examples:\n  \
            dbt run | tee run.log; glueline explain-error run.log   the errors of a run\n  \
            glueline explain-error logs/dbt.log                     those of dbt's own log\n  \
            glueline explain-error target/run_results.json          those of the last run\n  \
            glueline explain-error -s orders                        what is pasted, for one model"
    )]
    ExplainError(Box<ExplainErrorArgs>),
    /// List the rules
    Rules(RulesArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// How much is said, and how colourful.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TalkArgs {
    /// Print the data alone: no summary, no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print without colours
    #[arg(long, global = true, alias = "no-use-colors")]
    pub no_color: bool,
}

/// What is checked, and how it is reported.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CheckArgs {
    /// Report on these files and directories only; the whole project is analysed all the same
    #[arg(value_name = "PATHS")]
    pub paths: Vec<Utf8PathBuf>,

    /// How to print the findings [default: full on a terminal, else concise] [env: GLUELINE_OUTPUT_FORMAT]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Report")]
    pub output_format: Option<Format>,
    /// Print how often each rule reported, instead of the findings (full, concise and json)
    #[arg(long, help_heading = "Report")]
    pub statistics: bool,
    /// Say on standard error how many texts of SQL Glueline cannot read, though Spark may
    #[arg(long, hide = true)]
    pub parse_gaps: bool,
    /// Exit with 0 even if there are findings
    #[arg(long, help_heading = "Report")]
    pub exit_zero: bool,

    /// Report a rule, a group or `all` as an error
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub error: Vec<String>,
    /// Report a rule, a group or `all` as a warning
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub warn: Vec<String>,
    /// Do not report a rule, a group or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub ignore: Vec<String>,

    /// Apply the fixes that keep what the project does
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// With --fix or --diff, also apply fixes that change what the project does
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Print what --fix would change, and change nothing
    #[arg(long, conflicts_with_all = ["fix", "statistics", "output_format"], help_heading = "Fixes")]
    pub diff: bool,

    /// Ask the Spark of the Glue session what it makes of each query too, in one statement and without running any; the catalog is
    /// read for it, and what is not there to be read is not asked about
    #[cfg(feature = "run")]
    #[arg(long, conflicts_with_all = ["fix", "diff"], help_heading = "Engine")]
    pub engine: bool,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// What is compiled, and how it is shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct CompileArgs {
    /// Compile this query instead of the project's nodes
    // A query may begin with a comment.
    #[arg(
        long,
        value_name = "SQL",
        allow_hyphen_values = true,
        conflicts_with_all = ["select", "exclude", "selector", "resource_types", "write"]
    )]
    pub inline: Option<String>,
    /// How to print what was compiled
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: CompileOutput,
    /// Write each node to target/glueline/compiled, laid out as dbt lays out target/compiled, and target/glueline/manifest.json
    #[arg(long)]
    pub write: bool,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Which batches of microbatch models are run.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct BatchArgs {
    /// The start of the batches that are run, for microbatch models
    #[arg(long, value_name = "TIME", hide = true)]
    pub event_time_start: Option<String>,
    /// The end of the batches that are run, for microbatch models
    #[arg(long, value_name = "TIME", hide = true)]
    pub event_time_end: Option<String>,
}

impl BatchArgs {
    /// From when to when, in microseconds since 1970.
    pub(crate) fn times(&self) -> Result<[Option<i64>; 2], Failure> {
        Ok([
            time("--event-time-start", self.event_time_start.as_deref())?,
            time("--event-time-end", self.event_time_end.as_deref())?,
        ])
    }
}

/// Reads a time of the command line.
fn time(flag: &str, text: Option<&str>) -> Result<Option<i64>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match glueline_render::read_time(text) {
        Some(time) => Ok(Some(time)),
        None => Err(Failure::Usage(format!(
            "{flag}: \"{text}\" is no time, such as 2024-01-31 or 2024-01-31T10:00:00"
        ))),
    }
}

/// What is previewed, and how it is shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PreviewArgs {
    /// How to print the statements
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: PreviewOutput,
    /// The command of dbt that is meant
    #[arg(long, value_enum, value_name = "COMMAND", default_value_t)]
    pub command: PreviewCommand,
    /// Which run is meant, where no catalog tells: short for --assume absent and --assume exists
    #[arg(long, value_enum, value_name = "WHICH", conflicts_with = "assume")]
    pub run: Option<WhichRun>,
    /// Store the rows that tests find, as `dbt test --store-failures` does
    #[arg(long)]
    pub store_failures: bool,
    /// Which batches of microbatch models are run.
    #[command(flatten)]
    pub batches: BatchArgs,

    /// Print how the statements of two states of the warehouse differ: A..B, each one of `first` or `absent` (no
    /// relation of the project is there), `second` or `exists` (all are), `view` (all are views), `catalog` (--catalog
    /// tells)
    #[arg(
        long,
        value_name = "A..B",
        conflicts_with_all = ["diff_catalog", "diff_rev", "output", "run", "assume"],
        help_heading = "Comparison"
    )]
    pub diff: Option<String>,
    /// Print how the statements differ from those for the warehouse of this catalog file
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["diff_rev", "output"],
        help_heading = "Comparison"
    )]
    pub diff_catalog: Option<Utf8PathBuf>,
    /// Print how the statements differ from those of the project as a revision of git has it: `main`, `HEAD~1`.
    /// Installed packages, and a profiles.yml that git does not know, are read from the disk
    #[arg(
        long,
        value_name = "REV",
        conflicts_with = "output",
        help_heading = "Comparison"
    )]
    pub diff_rev: Option<String>,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// Whose policy is derived, and how it is shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct IamPolicyArgs {
    /// Whose policy is meant
    #[arg(long = "for", value_enum, value_name = "PRINCIPAL", default_value_t)]
    pub principal: IamPrincipal,
    /// Print what this policy lacks, or grants in excess, instead: a JSON file with a policy or a list of statements
    #[arg(long, value_name = "FILE")]
    pub diff: Option<Utf8PathBuf>,
    /// How to print the difference
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, requires = "diff")]
    pub output: Output,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
}

/// Which errors are explained, and how that is shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ExplainErrorArgs {
    /// The text: a log, or what a session answered; `-`, or nothing, for standard input
    #[arg(value_name = "FILE")]
    pub file: Option<Utf8PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: ExplainErrorOutput,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Which nodes are meant.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

/// How explained errors are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ExplainErrorOutput {
    /// With the source, for people
    #[default]
    Text,
    /// One JSON document with every error
    Json,
}

/// Who is allowed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum IamPrincipal {
    /// The role of the session, `role_arn`: as it, Spark reads and writes
    #[default]
    Role,
    /// Whoever calls dbt: as them, the adapter opens the session and asks the catalog
    Caller,
}

/// How something is printed for people or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Output {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// How a preview is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PreviewOutput {
    /// Step by step, for people
    #[default]
    Text,
    /// One JSON document with every node
    Json,
    /// The statements alone
    Sql,
}

/// Commands of dbt that can be previewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum PreviewCommand {
    /// Models
    #[default]
    Run,
    /// Seeds
    Seed,
    /// Snapshots
    Snapshot,
    /// Data tests and unit tests
    Test,
    /// All of these
    Build,
    /// Nothing but the queries that templates ask
    Compile,
}

/// Which run of a project is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhichRun {
    /// No relation of the project is there
    First,
    /// Every relation of the project is there, as the project makes it
    Second,
}

/// How compiled nodes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum CompileOutput {
    /// The code of the nodes that are selected; without a selection nothing but the summary
    #[default]
    Text,
    /// One JSON document with every node
    Json,
}

/// Where the project and its profile are, and how dbt would be run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Project")]
pub(crate) struct ProjectArgs {
    /// The directory of dbt_project.yml [default: the nearest one upward] [env: DBT_PROJECT_DIR]
    #[arg(long, value_name = "DIR")]
    pub project_dir: Option<Utf8PathBuf>,
    /// The directory of profiles.yml [env: DBT_PROFILES_DIR]
    #[arg(long, value_name = "DIR")]
    pub profiles_dir: Option<Utf8PathBuf>,
    /// The profile, instead of the one named in dbt_project.yml [env: DBT_PROFILE]
    #[arg(long)]
    pub profile: Option<String>,
    /// The target of the profile [env: DBT_TARGET]
    #[arg(short, long)]
    pub target: Option<String>,
    /// Variables, as YAML: '{name: value}'
    #[arg(long, value_name = "YAML")]
    pub vars: Option<String>,
    /// What a run with --full-refresh would do [env: DBT_FULL_REFRESH]
    #[arg(short, long)]
    pub full_refresh: bool,
    /// How many threads to work with, instead of what the profile says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub threads: Option<u32>,
    /// The directory of the artifacts that state: methods compare with [env: DBT_STATE]
    #[arg(long, value_name = "DIR")]
    pub state: Option<Utf8PathBuf>,
    /// What exists in the Glue Data Catalog, as `glueline catalog pull` writes it
    #[arg(long, value_name = "FILE")]
    pub catalog: Option<Utf8PathBuf>,
    /// Whether relations that no catalog tells of exist already [default: both are looked at]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub assume: Option<Assume>,
}

/// Which nodes are meant, in dbt's own selection syntax.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct SelectionArgs {
    /// Nodes that are meant: `orders`, `+orders`, `tag:nightly`
    #[arg(
        short,
        long,
        value_name = "NODES",
        num_args = 1..,
        action = ArgAction::Append,
        visible_short_alias = 'm',
        visible_alias = "models",
        alias = "model"
    )]
    pub select: Vec<String>,
    /// Nodes to leave out
    #[arg(long, value_name = "NODES", num_args = 1.., action = ArgAction::Append)]
    pub exclude: Vec<String>,
    /// A selector of selectors.yml
    #[arg(long, value_name = "NAME")]
    pub selector: Option<String>,
    /// Kinds of nodes that are meant [env: DBT_RESOURCE_TYPES]
    #[arg(
        long = "resource-type",
        alias = "resource-types",
        value_name = "TYPE",
        num_args = 1..,
        action = ArgAction::Append,
        ignore_case = true,
        value_parser = clap::builder::PossibleValuesParser::new(RESOURCE_TYPES)
    )]
    pub resource_types: Vec<String>,
}

/// What `--resource-type` takes (dbt 1.10, `dbt run --help`).
pub(crate) const RESOURCE_TYPES: [&str; 14] = [
    "all",
    "analysis",
    "default",
    "exposure",
    "function",
    "metric",
    "model",
    "saved_query",
    "seed",
    "semantic_model",
    "snapshot",
    "source",
    "test",
    "unit_test",
];

/// Whether relations exist that no catalog tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Assume {
    /// They are there: every run is a second run.
    Exists,
    /// They are not: every run is a first run.
    Absent,
    /// They are there, and all of them are views.
    View,
}

/// How the language server is reached.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LspArgs {
    /// Write down every message of both sides, with its time: for reports of faults
    #[arg(long, value_name = "FILE")]
    pub record: Option<Utf8PathBuf>,
    /// Hold a recorded conversation again, and print the answers that differ
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    pub replay: Option<Utf8PathBuf>,
    /// Talk over standard input and output; there is no other way, and clients say so all the same
    #[arg(long, hide = true)]
    pub stdio: bool,
    /// The process that ends when the editor does; `initialize` names it, too
    #[arg(long = "clientProcessId", value_name = "PID", hide = true)]
    pub client_process_id: Option<u32>,
}

/// Where the Glue of this machine is, and what it keeps.
#[derive(Debug, Clone, Args)]
pub(crate) struct LocalArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 4580)]
    pub port: u16,
    /// The folder of the objects, the catalog and the log of Spark
    #[arg(long, value_name = "DIR", default_value = "target/glueline/local")]
    pub data: Utf8PathBuf,
    /// The folder of PySpark and the jars [default: `tools` in the folder of --data]
    #[arg(long, value_name = "DIR")]
    pub tools: Option<Utf8PathBuf>,
    /// The memory of Spark, as Spark writes it
    #[arg(long, value_name = "SIZE", default_value = "2g")]
    pub memory: String,
}

/// What is explained.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExplainArgs {
    /// The id of a rule, a configuration key or an error class: `merge-without-unique-key`, `glue_version`,
    /// `UNRESOLVED_COLUMN`
    #[arg(value_name = "RULE|KEY")]
    pub name: String,
}

/// How the rules are listed.
#[derive(Debug, Clone, Args)]
pub(crate) struct RulesArgs {
    /// How to print the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output_format: RulesFormat,
}

/// How the rules are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum RulesFormat {
    /// A table for people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// For which shell.
#[derive(Debug, Clone, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn check(arguments: &str) -> Result<CheckArgs, clap::Error> {
        let words = ["glueline", "check"]
            .into_iter()
            .chain(arguments.split_whitespace());
        Cli::try_parse_from(words).map(|cli| match cli.command {
            Command::Check(check) => *check,
            other => panic!("not check: {other:?}"),
        })
    }

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn selection_is_written_as_in_dbt() {
        for (arguments, select) in [
            ("-s a b+", &["a", "b+"][..]),
            ("--select a --select b", &["a", "b"]),
            ("-m a", &["a"]),
            ("--models a b", &["a", "b"]),
            ("--model a", &["a"]),
            ("-sa,tag:x --exclude y", &["a,tag:x"]),
        ] {
            assert_eq!(check(arguments).unwrap().selection.select, select, "{arguments}");
        }
        let types = check("--resource-types Model seed")
            .unwrap()
            .selection
            .resource_types;
        assert_eq!(types, ["Model", "seed"]);
        assert!(check("--resource-type table").is_err());
    }

    #[test]
    fn flags_and_paths_mix() {
        let args = check("models/a.sql --ignore a,b --error c -t prod -f --threads 4 x.yml").unwrap();
        assert_eq!(args.paths, ["models/a.sql", "x.yml"]);
        assert_eq!(args.ignore, ["a", "b"]);
        assert_eq!(args.error, ["c"]);
        assert_eq!(args.project.target.as_deref(), Some("prod"));
        assert!(args.project.full_refresh);
        assert_eq!(args.project.threads, Some(4));
    }

    #[test]
    fn contradictions_are_refused() {
        for arguments in [
            "--fix --diff",
            "--diff --statistics",
            "--threads 0",
            "--output-format xml",
        ] {
            assert!(check(arguments).is_err(), "{arguments}");
        }
    }

    #[test]
    fn talk_flags_stand_before_or_after_the_command() {
        for line in [
            "glueline -q --no-color check",
            "glueline check --quiet --no-use-colors",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(cli.talk.quiet && cli.talk.no_color, "{line}");
        }
    }
}
