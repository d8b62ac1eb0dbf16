//! The command line of Glueline: arguments, settings, reports and fixes around one analysis.

mod args;
mod below_target;
#[cfg(feature = "run")]
mod carried;
#[cfg(feature = "run")]
mod catalog;
mod check;
mod compile;
mod engine;
mod exit;
mod explain;
mod explain_error;
mod fix;
#[cfg(feature = "run")]
mod from_editor;
mod glob;
mod iam_policy;
#[cfg(feature = "run")]
mod interrupt;
mod local;
mod lsp;
mod paths;
mod preview;
mod progress;
mod report;
#[cfg(feature = "run")]
mod run;
#[cfg(feature = "run")]
mod session;
mod settings;
mod stopped;
mod streams;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use glueline_base::{OsSystem, System, Utf8PathBuf};

use crate::args::{Cli, Command};
use crate::check::{Surroundings, check};
use crate::exit::{Exit, Failure, guarded};
use crate::settings::Environment;
use crate::streams::{Streams, with_standard};

/// An answer within a frame cannot wait until glibc's allocator has put its free pieces together.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = guarded(
        || {
            with_standard(|streams| {
                run(
                    std::env::args_os(),
                    &(Arc::new(OsSystem) as Arc<dyn System>),
                    streams,
                )
            })
        },
        |plea| {
            let _ = io::stderr().write_all(plea.as_bytes());
        },
    );
    exit.into()
}

/// Runs one command line to its end.
fn run(
    arguments: impl Iterator<Item = OsString>,
    system: &Arc<dyn System>,
    streams: &mut Streams<'_>,
) -> Exit {
    let done = match Cli::try_parse_from(arguments) {
        Ok(cli) => execute(&cli, system, streams),
        Err(error) => answer(&error, &**system, streams),
    };
    let flushed = done.and_then(|exit| {
        streams.out.flush()?;
        Ok(exit)
    });
    flushed.unwrap_or_else(|failure| {
        if let Some(message) = failure.message() {
            // With standard error gone there is nobody left to tell.
            let _ = writeln!(streams.err, "error: {}", report::clean(&message));
        }
        failure.exit()
    })
}

fn execute(cli: &Cli, system: &Arc<dyn System>, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let color = !cli.talk.no_color && Environment::new(&**system).wants_color(streams.out_is_terminal)?;
    match &cli.command {
        Command::Check(args) => {
            let (current_dir, rules) = (current_dir()?, engine::rules());
            let analyse = |files: &dyn System, request: &engine::Request<'_>| {
                #[cfg(feature = "run")]
                if args.engine {
                    let around = compile::Surroundings {
                        system,
                        current_dir: &current_dir,
                        rules: &rules,
                        color,
                    };
                    return run::verdicts::analyse(request, around);
                }
                engine::analyse(files, system, request)
            };
            let around = Surroundings {
                system: &**system,
                current_dir: &current_dir,
                rules: &rules,
                analyse: &analyse,
                color,
            };
            return check(args, &cli.talk, around, streams);
        }
        Command::Compile(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                compile::compile(args, &cli.talk, around, streams)
            });
        }
        Command::Preview(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                preview::preview(args, &cli.talk, around, color, streams)
            });
        }
        Command::IamPolicy(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                iam_policy::iam_policy(args, &cli.talk, around, streams)
            });
        }
        Command::ExplainError(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                explain_error::explain_error(args, &cli.talk, around, color, streams)
            });
        }
        #[cfg(feature = "run")]
        Command::Catalog(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                catalog::catalog(args, &cli.talk, around, streams)
            });
        }
        #[cfg(feature = "run")]
        Command::Session(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                session::session(args, &cli.talk, around, streams)
            });
        }
        #[cfg(feature = "run")]
        Command::Run(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                run::run(args, &cli.talk, around, streams)
            });
        }
        #[cfg(feature = "run")]
        Command::Show(args) => {
            return surrounded(cli, system, streams, |around, streams| {
                run::show::show(args, &cli.talk, around, streams)
            });
        }
        Command::Lsp(args) => return lsp::lsp(args, system, streams),
        Command::Local(args) => return local::local(args, &cli.talk, streams),
        Command::Explain(args) => {
            let page =
                explain::find_page(&args.name, &engine::rules(), engine::page_of_key, &engine::keys())?;
            explain::print_page(&page, streams.out_is_terminal, color, streams.out)?;
        }
        Command::Rules(args) => explain::print_rules(&engine::rules(), args.output_format, streams.out)?,
        Command::Completions(args) => {
            // Generated in memory: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "glueline", &mut script);
            streams.out.write_all(&script)?;
        }
    }
    Ok(Exit::Success)
}

/// Runs a command that renders nodes, with the world around it.
fn surrounded(
    cli: &Cli,
    system: &Arc<dyn System>,
    streams: &mut Streams<'_>,
    command: impl FnOnce(compile::Surroundings<'_>, &mut Streams<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let around = compile::Surroundings {
        system,
        current_dir: &current_dir()?,
        rules: &engine::rules(),
        color: !cli.talk.no_color && Environment::new(&**system).wants_color(streams.err_is_terminal)?,
    };
    command(around, streams)
}

/// Prints help and version where data goes, and what is wrong with the arguments where talk goes.
fn answer(error: &clap::Error, system: &dyn System, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_terminal = if is_help {
        streams.out_is_terminal
    } else {
        streams.err_is_terminal
    };
    // A switch in the environment that cannot be read is told by the commands that need it.
    let color = Environment::new(system).wants_color(is_terminal).unwrap_or(false);
    let text = if color {
        error.render().ansi().to_string()
    } else {
        error.render().to_string()
    };
    let (stream, exit) = if is_help {
        (&mut *streams.out, Exit::Success)
    } else {
        (&mut *streams.err, Exit::Usage)
    };
    stream.write_all(text.as_bytes())?;
    Ok(exit)
}

fn current_dir() -> Result<Utf8PathBuf, Failure> {
    let dir = std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("cannot tell the current directory: {error}")))?;
    Utf8PathBuf::from_path_buf(dir)
        .map_err(|dir| Failure::Usage(format!("the current directory `{}` is not UTF-8", dir.display())))
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    /// A pipe whose reader has gone.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    fn tried(arguments: &str, out: &mut dyn Write) -> (Exit, String) {
        let mut err = Vec::new();
        let mut streams = Streams {
            out,
            err: &mut err,
            out_is_terminal: false,
            err_is_terminal: false,
        };
        let words = std::iter::once("glueline").chain(arguments.split_whitespace());
        let exit = run(
            words.map(OsString::from),
            &(Arc::new(MemSystem::new()) as Arc<dyn System>),
            &mut streams,
        );
        (exit, String::from_utf8(err).unwrap())
    }

    #[test]
    fn data_and_talk_go_their_own_ways() {
        for (arguments, exit, data, talk) in [
            ("--version", Exit::Success, "glueline ", ""),
            ("--help", Exit::Success, "Tells what dbt", ""),
            ("check --help", Exit::Success, "Report what is wrong", ""),
            ("rules", Exit::Success, "invalid-settings", ""),
            (
                "rules --output-format json",
                Exit::Success,
                "{\"schema\":\"glueline-rules/1\"",
                "",
            ),
            (
                "explain invalid-settings",
                Exit::Success,
                "# invalid-settings",
                "",
            ),
            (
                "explain invalid-setting",
                Exit::Usage,
                "",
                "error: there is no rule, configuration key or error class",
            ),
            ("completions bash", Exit::Success, "_glueline()", ""),
            ("", Exit::Usage, "", "Tells what dbt"),
            ("chek", Exit::Usage, "", "error: unrecognized subcommand"),
        ] {
            let mut out = Vec::new();
            let (found, err) = tried(arguments, &mut out);
            let out = String::from_utf8(out).unwrap();
            assert_eq!(found, exit, "{arguments}");
            assert!(
                out.contains(data) && out.is_empty() == data.is_empty(),
                "{arguments}: {out}"
            );
            assert!(
                err.starts_with(talk) && err.is_empty() == talk.is_empty(),
                "{arguments}: {err}"
            );
        }
    }

    #[test]
    fn a_reader_who_went_away_hears_nothing() {
        for arguments in ["--help", "rules", "explain invalid-settings", "completions zsh"] {
            assert_eq!(
                tried(arguments, &mut Gone),
                (Exit::Success, String::new()),
                "{arguments}"
            );
        }
    }
}
