//! `glueline check`.

use std::time::{Duration, Instant};

use glueline_base::{FileId, RuleMeta, Source, SyntaxError, System, Utf8Path, Utf8PathBuf};

use crate::args::{CheckArgs, TalkArgs};
use crate::engine::{Analysis, Request};
use crate::exit::{Exit, Failure};
use crate::fix::{self, Permission};
use crate::paths::{Named, find_project, prefix};
use crate::progress::Progress;
use crate::report::{self, Format, Report, clean};
use crate::settings::{FILE_NAME, Settings, SettingsFile, finding, project_dir};
use crate::streams::Streams;

/// What does the work: [`crate::engine::analyse`], or a test's stand-in.
pub(crate) type Analyse<'a> = dyn Fn(&dyn System, &Request<'_>) -> Result<Analysis, Failure> + 'a;

/// The world around a check.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// Files and environment.
    pub system: &'a dyn System,
    /// The directory the command runs in, from the root of the file system.
    pub current_dir: &'a Utf8Path,
    /// The rules that there are.
    pub rules: &'a [RuleMeta],
    /// The analysis.
    pub analyse: &'a Analyse<'a>,
    /// Whether colours are wanted on standard output.
    pub color: bool,
}

/// Checks a project, mends it where that was asked for, and prints what is left.
pub(crate) fn check(
    args: &CheckArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let began = Instant::now();
    let named = Named::new(around.system, around.current_dir, &args.paths)?;
    let project_dir = match project_dir(around.system, around.current_dir, args)? {
        Some(dir) => dir.value,
        None => find_project(around.system, around.current_dir, &named)?,
    };
    let prefix = prefix(around.current_dir, &project_dir);
    let file = match read_settings(around.system, &project_dir, around.rules)? {
        Ok(file) => file,
        Err((source, faults)) => {
            return unusable(&source, &faults, &prefix, around.rules, around.color, streams);
        }
    };
    let settings = Settings::resolve(
        around.system,
        around.current_dir,
        &project_dir,
        args,
        talk,
        &file,
        around.rules,
    )?;
    let job = Job {
        args,
        around,
        named,
        project_dir,
        settings,
        file,
        prefix,
    };
    job.statistics_format()?;

    let waiting = Progress::of(streams, job.settings.quiet.value, "Checking");
    let mut analysis = job.analyse(around.system)?;
    let mut mended = None;
    if args.fix || args.diff {
        let outcome = job.mend(analysis)?;
        if args.fix {
            fix::write(&outcome.changes)?;
        }
        analysis = outcome.analysis;
        mended = Some((outcome.changes, outcome.applied, outcome.settled));
    }
    drop(waiting);
    for remark in &analysis.remarks {
        writeln!(streams.err, "warning: {}", clean(remark))?;
    }
    if let Some(summary) = &analysis.summary
        && !job.settings.quiet.value
    {
        writeln!(streams.err, "{}", clean(summary))?;
    }
    if args.parse_gaps {
        let (texts, unread) = analysis.parse_gaps;
        writeln!(streams.err, "texts of SQL: {texts}, of which not read: {unread}")?;
    }

    if let Some((changes, applied, settled)) = mended {
        if !settled {
            writeln!(
                streams.err,
                "warning: the fixes undo each other; what is shown is where they stood last"
            )?;
        }
        if args.diff {
            fix::diff(
                &changes,
                &job.prefix,
                streams.out_is_terminal,
                around.color,
                streams.out,
            )?;
            streams.out.flush()?;
            let changed = !changes.is_empty() && !args.exit_zero;
            return Ok(if changed { Exit::Findings } else { Exit::Success });
        }
        if !job.settings.quiet.value && !changes.is_empty() {
            let files = report::counted(changes.len(), "file");
            let fixes = if applied == 1 {
                "1 fix".to_owned()
            } else {
                format!("{applied} fixes")
            };
            writeln!(streams.err, "Applied {fixes} to {files}")?;
        }
    }
    job.print(&analysis, began.elapsed(), streams)
}

/// A check that knows what it has to do.
struct Job<'a> {
    args: &'a CheckArgs,
    around: Surroundings<'a>,
    named: Named,
    project_dir: Utf8PathBuf,
    settings: Settings,
    file: SettingsFile,
    prefix: String,
}

impl Job<'_> {
    /// Analyses the project and keeps the findings that are to be reported, in order.
    fn analyse(&self, system: &dyn System) -> Result<Analysis, Failure> {
        let request = Request {
            project_dir: &self.project_dir,
            settings: &self.settings,
            selection: &self.args.selection,
        };
        let mut analysis = (self.around.analyse)(system, &request)?;
        if let Some(source) = &self.file.source {
            let number = FileId(u32::try_from(analysis.sources.len()).unwrap_or(u32::MAX));
            analysis.sources.push(source.clone());
            analysis.diagnostics.extend(self.file.findings(number));
        }
        let mut wanted: Vec<Option<bool>> = vec![None; analysis.sources.len()];
        let sources = &analysis.sources;
        let mut reported = |file: FileId| {
            let at = usize::try_from(file.0).unwrap_or(usize::MAX);
            match (wanted.get_mut(at), sources.get(at)) {
                (Some(wanted), Some(source)) => *wanted.get_or_insert_with(|| self.reports_on(source)),
                _ => self.args.paths.is_empty(),
            }
        };
        analysis.diagnostics = std::mem::take(&mut analysis.diagnostics)
            .into_iter()
            .filter_map(|diagnostic| self.settings.levels.apply(diagnostic))
            .filter(|diagnostic| reported(diagnostic.at.file))
            .collect();
        report::sort(&mut analysis.diagnostics, &analysis.sources);
        Ok(analysis)
    }

    fn reports_on(&self, source: &Source) -> bool {
        self.settings.reports_on(&source.path)
            && self
                .named
                .covers(self.around.system, &self.project_dir.join(&source.path))
    }

    fn mend(&self, first: Analysis) -> Result<fix::Mended, Failure> {
        let package_dirs = first.package_dirs.clone();
        let may_change = |source: &Source| self.may_change(source, &package_dirs);
        let permission = Permission {
            unsafe_fixes: self.args.unsafe_fixes,
            may_change: &may_change,
        };
        fix::mend(
            self.around.system,
            &self.project_dir,
            first,
            permission,
            |overlay| self.analyse(overlay),
        )
    }

    /// Whether a file is the user's to change: one of this project, links followed, that no package brought, or
    /// one that was named.
    fn may_change(&self, source: &Source, package_dirs: &[Utf8PathBuf]) -> bool {
        let system = self.around.system;
        let path = self.project_dir.join(&source.path);
        let (Ok(real), Ok(project)) = (system.canonical(&path), system.canonical(&self.project_dir)) else {
            return false;
        };
        let installed = package_dirs
            .iter()
            .any(|dir| path.starts_with(dir) || system.canonical(dir).is_ok_and(|dir| real.starts_with(dir)));
        !installed && (real.starts_with(project) || self.named.names(system, &path))
    }

    /// Whether statistics are printed as JSON; there are no statistics in formats for programs but that one.
    fn statistics_format(&self) -> Result<bool, Failure> {
        match &self.settings.output_format {
            Some(format) if self.args.statistics && format.value == Format::Json => Ok(true),
            Some(format) if self.args.statistics && !format.value.is_for_people() => {
                Err(Failure::Usage(format!(
                    "--statistics prints full, concise or json, not the format that {} asks for",
                    format.origin
                )))
            }
            _ => Ok(false),
        }
    }

    fn print(
        &self,
        analysis: &Analysis,
        elapsed: Duration,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        let report = Report {
            diagnostics: &analysis.diagnostics,
            sources: &analysis.sources,
            files: analysis.sources.len(),
            models: analysis.models,
            rules: self.around.rules,
            prefix: &self.prefix,
            fail_on: self.settings.fail_on.value,
        };
        let usual = if streams.out_is_terminal {
            Format::Full
        } else {
            Format::Concise
        };
        let format = self
            .settings
            .output_format
            .as_ref()
            .map_or(usual, |format| format.value);
        if self.args.statistics {
            report::statistics(report.diagnostics, self.statistics_format()?, streams.out)?;
        } else {
            report::write(&report, format, self.around.color, streams.out)?;
        }
        if format.is_for_people() && !self.settings.quiet.value {
            // Only a person is told the time: what a program reads is the same every time.
            let elapsed = streams.out_is_terminal.then_some(elapsed);
            writeln!(streams.out, "{}", report::summary(&report, elapsed))?;
        }
        streams.out.flush()?;
        let fails = report.diagnostics.iter().any(|d| d.severity >= report.fail_on);
        Ok(if fails && !self.args.exit_zero {
            Exit::Findings
        } else {
            Exit::Success
        })
    }
}

/// What `glueline.toml` says, or why it cannot be used at all.
pub(crate) type Read = Result<SettingsFile, (Source, Vec<SyntaxError>)>;

/// Reads `glueline.toml`, where there is one.
pub(crate) fn read_settings(
    system: &dyn System,
    project_dir: &Utf8Path,
    rules: &[RuleMeta],
) -> Result<Read, Failure> {
    let path = project_dir.join(FILE_NAME);
    if system.kind(&path).is_none() {
        return Ok(Ok(SettingsFile::default()));
    }
    match system.read(&path) {
        Ok(bytes) => Ok(SettingsFile::read(Source::decode(FILE_NAME.into(), bytes), rules)),
        Err(error) => Err(Failure::Usage(format!("cannot read `{path}`: {error}"))),
    }
}

/// Shows on standard error what is wrong with settings that cannot be used at all.
pub(crate) fn unusable(
    source: &Source,
    faults: &[SyntaxError],
    prefix: &str,
    rules: &[RuleMeta],
    color: bool,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let severity = glueline_base::Severity::Error;
    let diagnostics: Vec<_> = faults
        .iter()
        .map(|fault| finding(FileId(0), fault).severity(severity))
        .collect();
    let report = Report::of_faults(&diagnostics, std::slice::from_ref(source), rules, prefix);
    report::write(
        &report,
        Format::Full,
        color && streams.err_is_terminal,
        streams.err,
    )?;
    writeln!(
        streams.err,
        "error: {} cannot be used",
        clean(&format!("{prefix}{FILE_NAME}"))
    )?;
    Ok(Exit::Usage)
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use glueline_base::{Diagnostic, FileRange, Fix, Group, MemSystem, OsSystem, Severity, range};

    use super::*;
    use crate::args::{Cli, Command};
    use crate::settings::INVALID_SETTINGS;

    const RULE: RuleMeta = RuleMeta {
        id: "shouting",
        group: Group::Project,
        severity: Severity::Warning,
        summary: "a letter that shouts",
        page: "",
        since: "",
        stop: None,
    };

    /// Reads the SQL files below `models`, and below `dbt_packages`; every `X` is a finding.
    #[expect(clippy::unnecessary_wraps, reason = "the shape of an analysis")]
    fn shouting(system: &dyn System, request: &Request<'_>) -> Result<Analysis, Failure> {
        let mut analysis = Analysis {
            package_dirs: vec![request.project_dir.join("dbt_packages")],
            ..Analysis::default()
        };
        for dir in ["dbt_packages", "models"] {
            for entry in system
                .read_dir(&request.project_dir.join(dir))
                .unwrap_or_default()
            {
                let path = Utf8Path::new(dir).join(entry.name);
                let bytes = system.read(&request.project_dir.join(&path)).unwrap();
                let source = Source::decode(path, bytes);
                let file = FileId(u32::try_from(analysis.sources.len()).unwrap());
                let at = |start| FileRange {
                    file,
                    range: range(start, start + 1),
                };
                analysis
                    .diagnostics
                    .extend(source.text.match_indices('X').map(|(start, _)| {
                        Diagnostic::new(&RULE, at(start), "`X` shouts")
                            .fix(Fix::safe("Write `x`").replace(at(start), "x"))
                    }));
                analysis.sources.push(source);
                analysis.models += 1;
            }
        }
        Ok(analysis)
    }

    fn run(system: &dyn System, current_dir: &Utf8Path, arguments: &str) -> (Exit, String, String) {
        let words = ["glueline", "check"]
            .into_iter()
            .chain(arguments.split_whitespace());
        let cli = Cli::try_parse_from(words).unwrap();
        let Command::Check(args) = &cli.command else {
            panic!("check")
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let around = Surroundings {
            system,
            current_dir,
            rules: &[RULE, INVALID_SETTINGS],
            analyse: &shouting,
            color: false,
        };
        let mut streams = Streams {
            out: &mut out,
            err: &mut err,
            out_is_terminal: false,
            err_is_terminal: false,
        };
        let exit = check(args, &cli.talk, around, &mut streams).unwrap_or_else(|failure| {
            let exit = failure.exit();
            writeln!(streams.err, "error: {}", failure.message().unwrap()).unwrap();
            exit
        });
        (
            exit,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    fn world(settings: &str) -> MemSystem {
        let mut system = MemSystem::new();
        system.write("/w/shop/dbt_project.yml", "");
        system.write("/w/shop/models/a.sql", "X\n");
        system.write("/w/shop/models/b.sql", "quiet, X\n");
        if !settings.is_empty() {
            system.write("/w/shop/glueline.toml", settings);
        }
        system
    }

    #[test]
    fn findings_are_printed_and_decide_the_status() {
        let a = "models/a.sql:1:1: warning[shouting] `X` shouts\n";
        let b = "models/b.sql:1:8: warning[shouting] `X` shouts\n";
        for (current_dir, arguments, settings, exit, want) in [
            ("/w/shop", "", "", Exit::Findings, format!("{a}{b}Found 2 warnings in 2 files (2 models); 2 fixable with --fix\n")),
            ("/w/shop", "-q --exit-zero", "", Exit::Success, format!("{a}{b}")),
            ("/w/shop", "-q models/a.sql", "", Exit::Findings, a.to_owned()),
            ("/w", "-q shop/models/a.sql", "", Exit::Findings, format!("shop/{a}")),
            ("/w/shop/models", "-q .", "", Exit::Findings, format!("../{a}../{b}")),
            ("/home", "-q --project-dir /w/shop", "", Exit::Findings, format!("/w/shop/{a}/w/shop/{b}")),
            ("/w/shop", "-q --ignore shouting", "", Exit::Success, String::new()),
            ("/w/shop", "-q --error project models/a.sql", "", Exit::Findings, a.replace("warning", "error")),
            ("/w/shop", "-q", "exclude = ['a.sql']", Exit::Findings, b.to_owned()),
            ("/w/shop", "-q", "fail-on = 'error'", Exit::Success, format!("{a}{b}")),
            ("/w/shop", "-q models/a.sql", "[rules]\nshouting = 'info'", Exit::Success, a.replace("warning", "info")),
            ("/w/shop", "--statistics -q", "", Exit::Findings, "2  warning[shouting]  project  2 fixable\n".to_owned()),
            (
                "/w/shop",
                "-q",
                "targt = 'x'\n[rules]\nall = 'hint'\nproject = 'off'",
                Exit::Success,
                "glueline.toml:1:1: hint[invalid-settings] There is no setting `targt`; did you mean `target`?\n".to_owned(),
            ),
        ] {
            let found = run(&world(settings), current_dir.into(), arguments);
            assert_eq!(found, (exit, want, String::new()), "{current_dir} {arguments} {settings}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_a_matter_of_usage() {
        for (current_dir, arguments, settings, want) in [
            (
                "/w",
                "",
                "",
                "error: there is no dbt_project.yml in `/w` or above it",
            ),
            (
                "/w/shop",
                "models/z.sql",
                "",
                "error: there is no file or directory `models/z.sql`",
            ),
            (
                "/w/shop",
                "--project-dir x",
                "",
                "error: --project-dir: there is no directory `/w/shop/x`",
            ),
            (
                "/w/shop",
                "--statistics",
                "output-format = 'sarif'",
                "error: --statistics prints full, concise or json, not the format that glueline.toml:1 asks for",
            ),
            (
                "/w/shop",
                "",
                "a = 'b",
                "error[invalid-settings]: This is not TOML: ",
            ),
        ] {
            let (exit, out, err) = run(&world(settings), current_dir.into(), arguments);
            assert_eq!((exit, out.as_str()), (Exit::Usage, ""), "{arguments} {settings}");
            assert!(err.starts_with(want), "{err}");
        }
        let (_, _, err) = run(&world("a = 'b"), "/w/shop".into(), "");
        assert!(
            err.contains("glueline.toml:1:") && err.ends_with("error: glueline.toml cannot be used\n"),
            "{err}"
        );
    }

    #[test]
    fn a_difference_is_shown_and_nothing_changed() {
        let system = world("");
        let (exit, out, _) = run(&system, "/w".into(), "--diff shop/models/a.sql");
        assert_eq!(exit, Exit::Findings);
        assert_eq!(
            out,
            "--- shop/models/a.sql\n+++ shop/models/a.sql\n@@ -1 +1 @@\n-X\n+x\n"
        );
        assert_eq!(
            run(&system, "/w/shop".into(), "--diff --ignore all"),
            (Exit::Success, String::new(), String::new())
        );
    }

    #[cfg(unix)]
    #[test]
    fn fixes_reach_the_users_own_files_only() {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(dir.path().canonicalize().unwrap()).unwrap();
        let project = root.join("shop");
        for path in ["shop/models", "shop/dbt_packages", "elsewhere"] {
            std::fs::create_dir_all(root.join(path)).unwrap();
        }
        for (path, text) in [
            ("shop/dbt_project.yml", ""),
            ("shop/models/a.sql", "X"),
            ("shop/models/b.sql", "X"),
            ("shop/dbt_packages/p.sql", "X"),
            ("elsewhere/e.sql", "X"),
        ] {
            std::fs::write(root.join(path), text).unwrap();
        }
        std::os::unix::fs::symlink(root.join("elsewhere/e.sql"), project.join("models/link.sql")).unwrap();
        let text = |path: &str| String::from_utf8(OsSystem.read(&root.join(path)).unwrap()).unwrap();

        let (exit, out, err) = run(&OsSystem, &project, "--fix -q models/a.sql");
        assert_eq!((exit, out.as_str(), err.as_str()), (Exit::Success, "", ""));
        assert_eq!(
            (text("shop/models/a.sql"), text("shop/models/b.sql")),
            ("x".into(), "X".into())
        );

        let (exit, out, err) = run(&OsSystem, &project, "--fix");
        assert_eq!(exit, Exit::Findings);
        assert_eq!(err, "Applied 1 fix to 1 file\n");
        assert!(
            out.contains("dbt_packages/p.sql:1:1") && out.contains("models/link.sql:1:1"),
            "{out}"
        );
        assert_eq!(text("shop/models/b.sql"), "x");
        assert_eq!(
            (text("shop/dbt_packages/p.sql"), text("elsewhere/e.sql")),
            ("X".into(), "X".into())
        );

        let (exit, ..) = run(&OsSystem, &project, "--fix models/link.sql");
        assert_eq!(
            (exit, text("elsewhere/e.sql")),
            (Exit::Success, "x".into()),
            "it was named"
        );
        assert!(project.join("models/link.sql").is_symlink());
    }
}
