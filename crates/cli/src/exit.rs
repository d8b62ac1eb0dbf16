//! How the process ends.

use std::any::Any;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// The status a command ends with. Where nothing runs elsewhere, an interrupt is left to the system's own handling of the signal,
/// which shells show as 130.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing to report at the failing level.
    Success,
    /// 1: findings, or a run that failed.
    Findings,
    /// 2: the command line, the environment or the settings cannot be used.
    Usage,
    /// 101: a fault of Glueline itself.
    Internal,
    /// 130: interrupted, and what ran elsewhere was stopped first.
    Interrupted,
}

/// Why a command cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line, the environment or the settings cannot be used.
    Usage(String),
    /// What was asked was begun and failed.
    Failed(String),
    /// Somebody said stop, and what went on was stopped; a text for people.
    #[cfg_attr(
        not(feature = "run"),
        expect(
            dead_code,
            reason = "nothing runs elsewhere, and the system itself ends what runs here"
        )
    )]
    Interrupted(String),
    /// Standard output or error cannot be written.
    Output(io::Error),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Internal => 101,
            Exit::Interrupted => 130,
        })
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    /// The status that goes with it. A reader who went away (`| head`) is no failure.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Self::Interrupted(_) => Exit::Interrupted,
            Self::Failed(_) | Self::Output(_) => Exit::Findings,
        }
    }

    /// What to tell the user, if there is anyone to tell.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::Usage(message) | Self::Failed(message) | Self::Interrupted(message) => {
                Some(message.clone())
            }
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Output(error) => Some(format!("cannot write the output: {error}")),
        }
    }
}

/// Runs the whole program and turns a panic into [`Exit::Internal`] and a plea for a report.
///
/// The text of a panic is told only where it stands in the program itself: one put together while running may
/// hold a piece of the user's files.
pub(crate) fn guarded(run: impl FnOnce() -> Exit, complain: impl FnOnce(&str)) -> Exit {
    let place = Arc::new(Mutex::new(String::from("an unknown place")));
    let seen = Arc::clone(&place);
    panic::set_hook(Box::new(move |info| {
        if let Some(location) = info.location() {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = location.to_string();
        }
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    drop(panic::take_hook());
    match outcome {
        Ok(exit) => exit,
        Err(payload) => {
            let place = place.lock().unwrap_or_else(PoisonError::into_inner);
            complain(&plea(&place, payload.as_ref()));
            Exit::Internal
        }
    }
}

fn plea(place: &str, payload: &(dyn Any + Send)) -> String {
    let what = payload
        .downcast_ref::<&'static str>()
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    format!(
        "internal error: glueline {} stopped at {place}{what}\n\
         This is a fault in glueline, not in your project. Please report it at {}/issues\n\
         with this message and, if you can, the file it was reading.\n",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_went_away_is_no_failure() {
        let gone = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((gone.exit(), gone.message()), (Exit::Success, None));
        let full = Failure::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.exit(), Exit::Findings);
        assert!(full.message().is_some());
    }

    #[test]
    fn a_panic_becomes_a_plea_without_the_users_text() {
        let mut said = String::new();
        let secret = String::from("hunter2");
        let exit = guarded(|| panic!("cannot read {secret}"), |text| said = text.to_owned());
        assert_eq!(exit, Exit::Internal);
        assert!(said.contains("exit.rs:"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");

        guarded(|| panic!("no such state"), |text| said = text.to_owned());
        assert!(said.contains(": no such state\n"), "{said}");
        assert_eq!(guarded(|| Exit::Findings, |_| {}), Exit::Findings);
    }
}
