//! What may be written on the command line of `glueline session`.

use clap::{Args, Subcommand};

use crate::args::{Output, ProjectArgs};

/// Which session, what is done with it, and how that is shown.
#[derive(Debug, Clone, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct SessionArgs {
    /// What is done.
    #[command(subcommand)]
    pub command: SessionCommand,
}

/// What is done with sessions.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum SessionCommand {
    /// Make the target's session, or find it again, and wait until it is ready
    Start {
        /// Use the session of this id from now on, whoever made it
        #[arg(value_name = "ID", conflicts_with = "new")]
        id: Option<String>,
        /// Stop the session on record and make a new one
        #[arg(long)]
        new: bool,
        /// What the subcommands have in common.
        #[command(flatten)]
        common: SessionCommonArgs,
    },
    /// Print the state, size, age and estimated price of the target's session
    Status {
        /// The session, if not the one on record
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// What the subcommands have in common.
        #[command(flatten)]
        common: SessionCommonArgs,
    },
    /// Stop the target's session, and wait until it is over
    Stop {
        /// The session, if not the one on record
        #[arg(value_name = "ID", conflicts_with = "all")]
        id: Option<String>,
        /// Stop every session that Glueline made for this project and user
        #[arg(long)]
        all: bool,
        /// What the subcommands have in common.
        #[command(flatten)]
        common: SessionCommonArgs,
    },
    /// List the live sessions that Glueline made for this project and user, and those on record
    List {
        /// List every session of the account in the region, also those that are over
        #[arg(long)]
        all: bool,
        /// What the subcommands have in common.
        #[command(flatten)]
        common: SessionCommonArgs,
    },
    /// Print the statements of the target's session, and what they failed with
    Logs {
        /// The session, if not the one on record
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// What the subcommands have in common.
        #[command(flatten)]
        common: SessionCommonArgs,
    },
}

impl SessionCommand {
    /// What the subcommands have in common.
    pub(crate) fn common(&self) -> &SessionCommonArgs {
        match self {
            Self::Start { common, .. }
            | Self::Status { common, .. }
            | Self::Stop { common, .. }
            | Self::List { common, .. }
            | Self::Logs { common, .. } => common,
        }
    }
}

/// How something is told of sessions.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SessionCommonArgs {
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub output: Output,
    /// The price of a DPU-hour in US dollars [default: 0.44; R workers: not known]
    #[arg(long, value_name = "DOLLARS", value_parser = price)]
    pub dpu_price: Option<f64>,
    /// Read unsaved texts from standard input, whose end cancels
    #[arg(long, hide = true)]
    pub from_editor: bool,

    /// Where the project and its profile are.
    #[command(flatten)]
    pub project: ProjectArgs,
}

/// A price is no less than nothing.
fn price(text: &str) -> Result<f64, String> {
    let price: f64 = text.parse().map_err(|_| "this is no number".to_owned())?;
    if price.is_finite() && price >= 0.0 {
        Ok(price)
    } else {
        Err("this is no price".to_owned())
    }
}
