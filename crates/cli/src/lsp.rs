//! `glueline lsp`: the language server with the settings that every other command knows.

use std::collections::hash_map::DefaultHasher;
use std::fmt::{self, Write as _};
use std::hash::Hasher;
use std::io::Write;
use std::sync::Arc;

use glueline_base::{
    Cancel, Diagnostic, FileId, MemSystem, RuleMeta, Severity, SyntaxError, System, Utf8Path, Utf8PathBuf,
};
use glueline_ide::Options;
use glueline_project::LoadOptions;
use glueline_server::{Asked, Ended, Host, Job, Judge, OnRecord, ProjectSettings, Replayed, Setup};

use crate::args::{Assume, CheckArgs, LspArgs, ProjectArgs, SelectionArgs, TalkArgs};
use crate::check::read_settings;
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::report;
use crate::settings::{Settings, SettingsFile, finding};
use crate::streams::Streams;

/// Talks with the editor until it leaves; or holds a recorded conversation again.
pub(crate) fn lsp(
    args: &LspArgs,
    system: &Arc<dyn System>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let host = Arc::new(CommandLine {
        rules: engine::rules(),
        started_at: crate::compile::now(),
        #[cfg(feature = "run")]
        carrier: crate::carried::Carrier::new(),
    });
    let setup = Setup {
        host,
        disk: Arc::clone(system),
        record: args.record.as_deref().map(record).transpose()?,
        client: args.client_process_id,
    };
    let failed = |error: std::io::Error| Failure::Failed(format!("cannot start the server: {error}"));
    if let Some(path) = &args.replay {
        let unreadable = |why: String| Failure::Usage(format!("--replay: `{path}` cannot be read: {why}"));
        let bytes = system.read(path).map_err(|error| unreadable(error.to_string()))?;
        let log = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
        let Replayed { same, different } =
            glueline_server::replay(&log, setup, streams.out).map_err(failed)?;
        let answers = |count| report::counted(count, "answer");
        writeln!(
            streams.out,
            "{} as before, {} different",
            answers(same),
            answers(different)
        )?;
        return Ok(if different == 0 {
            Exit::Success
        } else {
            Exit::Findings
        });
    }
    Ok(match glueline_server::serve_stdio(setup).map_err(failed)? {
        glueline_server::Exit::Orderly => Exit::Success,
        glueline_server::Exit::Abrupt => Exit::Findings,
    })
}

/// The file that a conversation is written to.
fn record(path: &Utf8Path) -> Result<Box<dyn Write + Send>, Failure> {
    let file = std::fs::File::create(path);
    let file =
        file.map_err(|error| Failure::Usage(format!("--record: `{path}` cannot be written: {error}")))?;
    Ok(Box::new(file))
}

/// The settings of projects, as `check` understands them.
struct CommandLine {
    rules: Vec<RuleMeta>,
    started_at: i64,
    #[cfg(feature = "run")]
    carrier: crate::carried::Carrier,
}

/// Names of flags, and of the settings of the client that stand for them.
const NAMES: [(&str, &str); 3] = [
    ("--profiles-dir", "glueline.profilesDir"),
    ("--catalog", "glueline.catalog"),
    ("--vars", "glueline.vars"),
];

impl Host for CommandLine {
    fn settings(&self, files: &dyn System, project_dir: &Utf8Path, asked: &Asked) -> ProjectSettings {
        let mut problems = Vec::new();
        let mut note = |failure: Failure| problems.extend(failure.message().map(|text| in_settings(&text)));
        let (mut file, broken) = match read_settings(files, project_dir, &self.rules) {
            Ok(Ok(file)) => (file, Vec::new()),
            Ok(Err((_, faults))) => (SettingsFile::default(), faults),
            Err(failure) => {
                note(failure);
                (SettingsFile::default(), Vec::new())
            }
        };
        let args = arguments(asked, &mut note);
        let resolve = |system: &dyn System, args: &CheckArgs, file: &SettingsFile| {
            let talk = TalkArgs::default();
            let settings =
                Settings::resolve(system, project_dir, project_dir, args, &talk, file, &self.rules)?;
            let request = Request {
                project_dir,
                settings: &settings,
                selection: &SelectionArgs::default(),
            };
            let load = engine::options(system, &request)?;
            Ok((settings, load))
        };
        // What cannot be used is left out, step by step: an editor that shows nothing because one setting is wrong helps nobody.
        let found = resolve(files, &args, &file)
            .or_else(|failure| {
                note(failure);
                resolve(files, &CheckArgs::default(), &file)
            })
            .or_else(|failure| {
                note(failure);
                file.profiles_dir = None;
                file.vars = None;
                resolve(&MemSystem::new(), &CheckArgs::default(), &file)
            });
        let (settings, load) = match found {
            Ok((settings, load)) => (Some(settings), load),
            Err(failure) => {
                note(failure);
                (None, LoadOptions::new(project_dir))
            }
        };
        problems.dedup();
        ProjectSettings {
            identity: identity(&load),
            options: Options {
                load,
                started_at: self.started_at,
            },
            read: args
                .project
                .catalog
                .iter()
                .map(|path| project_dir.join(path))
                .collect(),
            judge: Arc::new(Levels {
                settings,
                file,
                broken,
            }),
            problems,
        }
    }

    #[cfg(feature = "run")]
    fn session(
        &self,
        files: &dyn System,
        project_dir: &Utf8Path,
        profile: &str,
        target: &str,
    ) -> Option<OnRecord> {
        crate::session::on_record(files, project_dir, profile, target)
    }

    #[cfg(not(feature = "run"))]
    fn session(&self, _: &dyn System, _: &Utf8Path, _: &str, _: &str) -> Option<OnRecord> {
        None
    }

    #[cfg(feature = "run")]
    fn session_file(&self, project_dir: &Utf8Path) -> Option<Utf8PathBuf> {
        Some(glueline_glue::Store::new(project_dir).path())
    }

    #[cfg(not(feature = "run"))]
    fn session_file(&self, _: &Utf8Path) -> Option<Utf8PathBuf> {
        None
    }

    #[cfg(feature = "run")]
    fn carry_out(&self, job: &Job, cancel: &Cancel, heard: &mut dyn FnMut(&str)) -> Result<Ended, String> {
        self.carrier.carry_out(job, cancel, heard)
    }

    #[cfg(not(feature = "run"))]
    fn carry_out(&self, _: &Job, _: &Cancel, _: &mut dyn FnMut(&str)) -> Result<Ended, String> {
        Err("This build of Glueline cannot talk with AWS: it was made without the feature `run`.".to_owned())
    }
}

/// The settings of the client as the flags that they stand for.
fn arguments(asked: &Asked, note: &mut impl FnMut(Failure)) -> CheckArgs {
    let assume = match asked.assume.as_deref() {
        None => None,
        Some("absent") => Some(Assume::Absent),
        Some("exists") => Some(Assume::Exists),
        Some("view") => Some(Assume::View),
        Some(other) => {
            note(Failure::Usage(format!(
                "glueline.assume: it is `absent`, `exists` or `view`, not `{other}`"
            )));
            None
        }
    };
    CheckArgs {
        project: ProjectArgs {
            profiles_dir: asked.profiles_dir.as_ref().map(Into::into),
            profile: asked.profile.clone(),
            target: asked.target.clone(),
            vars: asked.vars.clone(),
            catalog: asked.catalog.as_ref().map(Into::into),
            assume,
            ..ProjectArgs::default()
        },
        ..CheckArgs::default()
    }
}

/// A complaint about a flag as one about the setting.
fn in_settings(text: &str) -> String {
    let renamed = NAMES.iter().find_map(|(flag, name)| {
        let rest = text.strip_prefix(flag)?;
        Some(format!("{name}{rest}"))
    });
    renamed.unwrap_or_else(|| text.to_owned())
}

/// Equal where options are.
fn identity(options: &LoadOptions) -> String {
    struct Hashed(DefaultHasher);

    impl fmt::Write for Hashed {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }

    let mut hashed = Hashed(DefaultHasher::new());
    // Writing into a hash cannot fail.
    let _ = write!(hashed, "{options:?}");
    format!("{:016x}", hashed.0.finish())
}

/// What `glueline.toml` says of rules and files.
struct Levels {
    settings: Option<Settings>,
    file: SettingsFile,
    /// Why the file cannot be used at all.
    broken: Vec<SyntaxError>,
}

impl Judge for Levels {
    fn level(&self, finding: Diagnostic) -> Option<Diagnostic> {
        match &self.settings {
            Some(settings) => settings.levels.apply(finding),
            None => Some(finding),
        }
    }

    fn reports_on(&self, shown: &Utf8Path) -> bool {
        self.settings
            .as_ref()
            .is_none_or(|settings| settings.reports_on(shown))
    }

    fn faults(&self, number: FileId) -> Vec<Diagnostic> {
        let broken = self
            .broken
            .iter()
            .map(|fault| finding(number, fault).severity(Severity::Error));
        let meaningless = self.file.findings(number).filter_map(|fault| self.level(fault));
        broken.chain(meaningless).collect()
    }
}
