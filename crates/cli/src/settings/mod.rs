//! What the command works with: flags, the environment and `glueline.toml`, each value with where it came from.
//!
//! A flag goes before the environment, the environment before `glueline.toml`, and that before the default.

mod environment;
mod file;
mod levels;

use std::fmt;

use clap::ValueEnum;
use glueline_base::{FileKind, LineIndex, RuleMeta, Severity, Source, System, Utf8Path, Utf8PathBuf};

use crate::args::{Assume, CheckArgs, RESOURCE_TYPES, TalkArgs};
use crate::exit::Failure;
use crate::glob::Glob;
use crate::paths::absolute;
use crate::report::Format;

pub(crate) use environment::Environment;
pub(crate) use file::{FILE_NAME, INVALID_SETTINGS, SettingsFile, finding};
pub(crate) use levels::Levels;

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This flag.
    Flag(&'static str),
    /// This variable of the environment.
    Variable(&'static str),
    /// This line of `glueline.toml`, from 1.
    File(u32),
    /// Nobody set it.
    Default,
}

/// Everything that was set.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where `profiles.yml` is, if anyone said so.
    pub profiles_dir: Option<Setting<Utf8PathBuf>>,
    /// The profile, if not the one that the project names.
    pub profile: Option<Setting<String>>,
    /// The target, if not the one that the profile names.
    pub target: Option<Setting<String>>,
    /// `--vars`, as YAML.
    pub vars: Option<Setting<String>>,
    /// Whether the run that is checked is one with `--full-refresh`.
    pub full_refresh: Setting<bool>,
    /// The number of threads, if not the one that the profile names.
    pub threads: Option<Setting<u32>>,
    /// The directory of artifacts to compare with.
    pub state: Option<Setting<Utf8PathBuf>>,
    /// The file that tells what the Glue Data Catalog holds.
    pub catalog: Option<Setting<Utf8PathBuf>>,
    /// What is assumed of relations that no catalog tells of; nothing said means that both lives count.
    pub assume: Option<Setting<Assume>>,
    /// The version of dbt-glue that is meant.
    pub adapter_version: Option<Setting<String>>,
    /// Kinds of nodes to report on, in small letters; empty for all.
    pub resource_types: Vec<String>,
    /// How findings are printed, if anyone said so.
    pub output_format: Option<Setting<Format>>,
    /// The least severity that fails the check.
    pub fail_on: Setting<Severity>,
    /// Whether a run stops the session of the target at its end.
    #[cfg_attr(
        not(feature = "run"),
        expect(dead_code, reason = "there are no sessions to stop")
    )]
    pub stop_session: Setting<bool>,
    /// Whether nothing but findings is printed.
    pub quiet: Setting<bool>,
    /// Which rules report, and how loudly.
    pub levels: Levels,
    /// Files that are reported on; empty for all.
    pub include: Vec<Glob>,
    /// Files that are not reported on.
    pub exclude: Vec<Glob>,
}

impl<T> Setting<T> {
    const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File(line) => write!(f, "{FILE_NAME}:{line}"),
            Self::Default => f.write_str("the default"),
        }
    }
}

impl Settings {
    /// Puts together what was set. Directories and files that were named have to exist.
    pub(crate) fn resolve(
        system: &dyn System,
        current_dir: &Utf8Path,
        project_dir: &Utf8Path,
        args: &CheckArgs,
        talk: &TalkArgs,
        file: &SettingsFile,
        rules: &[RuleMeta],
    ) -> Result<Self, Failure> {
        let environment = Environment::new(system);
        let project = &args.project;
        let here = |path: &Utf8Path| absolute(current_dir, path);
        let lines = LineIndex::new(file.source.as_ref().map_or("", |source: &Source| &source.text));
        let in_file = |at| Origin::File(lines.line_column(at).line);

        let profiles_dir = flag("--profiles-dir", project.profiles_dir.as_deref().map(here))
            .or_else(|| {
                environment
                    .dbt("PROFILES_DIR")
                    .map(|found| found.map(|dir| here(dir.as_str().into())))
            })
            .or_else(|| {
                let dir = file.profiles_dir.as_ref()?;
                let path = absolute(project_dir, Utf8Path::new(&dir.value));
                Some(Setting::new(path, in_file(dir.range.start())))
            });
        let target = flag("--target", project.target.clone())
            .or_else(|| environment.dbt("TARGET"))
            .or_else(|| {
                let target = file.target.as_ref()?;
                Some(Setting::new(target.value.clone(), in_file(target.range.start())))
            });
        let state = flag("--state", project.state.as_deref().map(here)).or_else(|| {
            let found = environment
                .dbt("STATE")
                .or_else(|| environment.dbt("ARTIFACT_STATE_PATH"));
            found.map(|found| found.map(|dir| here(dir.as_str().into())))
        });
        let catalog = flag("--catalog", project.catalog.as_deref().map(here));
        must_be(system, profiles_dir.as_ref(), "directory")?;
        must_be(system, state.as_ref(), "directory")?;
        must_be(system, catalog.as_ref(), "file")?;

        let output_format = match flag("--output-format", args.output_format) {
            Some(format) => Some(format),
            None => match environment.get("GLUELINE_OUTPUT_FORMAT") {
                Some(name) => Some(output_format(&name)?),
                None => file
                    .output_format
                    .as_ref()
                    .map(|format| Setting::new(format.value, in_file(format.range.start()))),
            },
        };
        Ok(Self {
            profiles_dir,
            profile: flag("--profile", project.profile.clone()).or_else(|| environment.dbt("PROFILE")),
            target,
            vars: flag("--vars", project.vars.clone()).or_else(|| {
                let vars = file.vars.as_ref()?;
                Some(Setting::new(vars.value.clone(), in_file(vars.range.start())))
            }),
            full_refresh: switch(
                "--full-refresh",
                project.full_refresh,
                environment.dbt_bool("FULL_REFRESH")?,
            ),
            threads: flag("--threads", project.threads),
            state,
            catalog,
            assume: flag("--assume", project.assume),
            adapter_version: file
                .adapter_version
                .as_ref()
                .map(|version| Setting::new(version.value.clone(), in_file(version.range.start()))),
            resource_types: resource_types(&args.selection.resource_types, &environment)?,
            output_format,
            fail_on: file.fail_on.as_ref().map_or_else(
                || Setting::new(Severity::Warning, Origin::Default),
                |severity| Setting::new(severity.value, in_file(severity.range.start())),
            ),
            stop_session: file.stop_session.as_ref().map_or_else(
                || Setting::new(false, Origin::Default),
                |stops| Setting::new(stops.value, in_file(stops.range.start())),
            ),
            quiet: switch("--quiet", talk.quiet, environment.dbt_bool("QUIET")?),
            levels: Levels::new(args, file, rules)?,
            include: file.include.clone(),
            exclude: file.exclude.clone(),
        })
    }

    /// Whether findings in a file, given by its path relative to the project, are reported.
    pub(crate) fn reports_on(&self, path: &Utf8Path) -> bool {
        let fits = |globs: &[Glob]| globs.iter().any(|glob| glob.fits(path));
        (self.include.is_empty() || fits(&self.include)) && !fits(&self.exclude)
    }
}

impl<T> Setting<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting::new(change(self.value), self.origin)
    }
}

/// The directory of the project, where a flag or the environment names one.
pub(crate) fn project_dir(
    system: &dyn System,
    current_dir: &Utf8Path,
    args: &CheckArgs,
) -> Result<Option<Setting<Utf8PathBuf>>, Failure> {
    let here = |path: &Utf8Path| absolute(current_dir, path);
    let dir = flag("--project-dir", args.project.project_dir.as_deref().map(here)).or_else(|| {
        let found = Environment::new(system).dbt("PROJECT_DIR")?;
        Some(found.map(|dir| here(dir.as_str().into())))
    });
    must_be(system, dir.as_ref(), "directory")?;
    Ok(dir)
}

fn flag<T>(name: &'static str, value: Option<T>) -> Option<Setting<T>> {
    value.map(|value| Setting::new(value, Origin::Flag(name)))
}

fn switch(name: &'static str, given: bool, environment: Option<Setting<bool>>) -> Setting<bool> {
    flag(name, given.then_some(true))
        .or(environment)
        .unwrap_or(Setting::new(false, Origin::Default))
}

fn must_be(system: &dyn System, path: Option<&Setting<Utf8PathBuf>>, what: &str) -> Result<(), Failure> {
    let Some(Setting { value, origin }) = path else {
        return Ok(());
    };
    let fits = match system.kind(value) {
        Some(FileKind::Directory) => what == "directory",
        Some(FileKind::File(_) | FileKind::Other) => what == "file",
        None => false,
    };
    if fits {
        return Ok(());
    }
    Err(Failure::Usage(format!("{origin}: there is no {what} `{value}`")))
}

fn output_format(name: &Setting<String>) -> Result<Setting<Format>, Failure> {
    match Format::from_str(&name.value, true) {
        Ok(format) => Ok(Setting::new(format, name.origin.clone())),
        Err(_) => Err(Failure::Usage(format!(
            "{}: there is no output format `{}`; there are {}",
            name.origin,
            name.value,
            format_names().collect::<Vec<_>>().join(", "),
        ))),
    }
}

/// The names of the output formats.
fn format_names() -> impl Iterator<Item = String> {
    let name = |format: &Format| {
        format
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
    };
    Format::value_variants().iter().filter_map(name)
}

fn resource_types(flags: &[String], environment: &Environment<'_>) -> Result<Vec<String>, Failure> {
    if !flags.is_empty() {
        return Ok(flags.iter().map(|name| name.to_lowercase()).collect());
    }
    let Some(found) = environment.dbt("RESOURCE_TYPES") else {
        return Ok(Vec::new());
    };
    let names: Vec<String> = found.value.split_whitespace().map(str::to_lowercase).collect();
    if let Some(unknown) = names.iter().find(|name| !RESOURCE_TYPES.contains(&name.as_str())) {
        return Err(Failure::Usage(format!(
            "{}: there is no resource type `{unknown}`",
            found.origin
        )));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use glueline_base::MemSystem;

    use super::*;
    use crate::args::{Cli, Command};

    fn resolve(system: &MemSystem, arguments: &str, toml: &str) -> Result<Settings, String> {
        let words = ["glueline", "check"]
            .into_iter()
            .chain(arguments.split_whitespace());
        let cli = Cli::try_parse_from(words).unwrap();
        let Command::Check(args) = cli.command else {
            panic!("check")
        };
        let file =
            SettingsFile::read(Source::decode(FILE_NAME.into(), toml.as_bytes().to_vec()), &[]).unwrap();
        assert!(file.faults.is_empty(), "{:?}", file.faults);
        Settings::resolve(
            system,
            "/w".into(),
            "/w/shop".into(),
            &args,
            &cli.talk,
            &file,
            &[],
        )
        .map_err(|failure| failure.message().unwrap())
    }

    fn world(variables: &[(&str, &str)]) -> MemSystem {
        let mut system = MemSystem::new();
        system.write("/w/shop/dbt_project.yml", "");
        system.write("/w/shop/conf/profiles.yml", "");
        system.write("/w/conf/profiles.yml", "");
        system.write("/w/catalog.json", "{}");
        for (name, value) in variables {
            system.set_env(*name, *value);
        }
        system
    }

    #[test]
    fn a_flag_goes_before_the_environment_and_that_before_the_file() {
        let toml = "# settings\ntarget = 'file'\n";
        for (arguments, variables, want) in [
            ("-t flag", &[("DBT_TARGET", "old")][..], ("flag", "--target")),
            (
                "",
                &[("DBT_TARGET", "old"), ("DBT_ENGINE_TARGET", "new")],
                ("new", "DBT_ENGINE_TARGET"),
            ),
            (
                "",
                &[("DBT_TARGET", "old"), ("DBT_ENGINE_TARGET", "")],
                ("old", "DBT_TARGET"),
            ),
            ("", &[], ("file", "glueline.toml:2")),
        ] {
            let target = resolve(&world(variables), arguments, toml)
                .unwrap()
                .target
                .unwrap();
            let found = (target.value.as_str(), target.origin.to_string());
            assert_eq!(found, (want.0, want.1.to_owned()), "{arguments} {variables:?}");
        }
    }

    #[test]
    fn vars_of_the_command_line_replace_those_of_the_file() {
        let vars = |arguments| {
            let toml = "vars = '{a: 1}'";
            let vars = resolve(&world(&[]), arguments, toml).unwrap().vars.unwrap();
            (vars.value, vars.origin.to_string())
        };
        assert_eq!(vars(""), ("{a: 1}".to_owned(), "glueline.toml:1".to_owned()));
        assert_eq!(vars("--vars b:2"), ("b:2".to_owned(), "--vars".to_owned()));
    }

    #[test]
    fn directories_are_relative_to_whoever_names_them() {
        let dir = |arguments, variables, toml| {
            resolve(&world(variables), arguments, toml)
                .map(|settings| settings.profiles_dir.unwrap().value.into_string())
        };
        let toml = "profiles-dir = 'conf'";
        assert_eq!(dir("", &[], toml).as_deref(), Ok("/w/shop/conf"));
        assert_eq!(dir("--profiles-dir conf", &[], toml).as_deref(), Ok("/w/conf"));
        assert_eq!(
            dir("", &[("DBT_PROFILES_DIR", "./conf")], toml).as_deref(),
            Ok("/w/conf")
        );
        for (arguments, variables, toml, want) in [
            (
                "--profiles-dir x",
                &[][..],
                "",
                "--profiles-dir: there is no directory `/w/x`",
            ),
            (
                "",
                &[("DBT_STATE", "x")],
                "",
                "DBT_STATE: there is no directory `/w/x`",
            ),
            ("--catalog conf", &[], "", "--catalog: there is no file `/w/conf`"),
            (
                "",
                &[],
                "\nprofiles-dir = 'x'",
                "glueline.toml:2: there is no directory `/w/shop/x`",
            ),
        ] {
            let error = resolve(&world(variables), arguments, toml).unwrap_err();
            assert_eq!(error, want);
        }
    }

    #[test]
    fn variables_are_read_as_dbt_reads_them() {
        let on =
            |variables| resolve(&world(variables), "", "").map(|s| (s.full_refresh.value, s.quiet.value));
        assert_eq!(
            on(&[("DBT_FULL_REFRESH", "Yes"), ("DBT_QUIET", "1")]),
            Ok((true, true))
        );
        assert_eq!(
            on(&[("DBT_FULL_REFRESH", "off"), ("DBT_QUIET", "")]),
            Ok((false, false))
        );
        assert!(
            on(&[("DBT_QUIET", "maybe")])
                .unwrap_err()
                .starts_with("DBT_QUIET: `maybe`")
        );

        let types = |variables| resolve(&world(variables), "", "").map(|s| s.resource_types);
        assert_eq!(
            types(&[("DBT_RESOURCE_TYPES", "Model seed")]).unwrap(),
            ["model", "seed"]
        );
        let error = types(&[("DBT_RESOURCE_TYPES", "table")]).unwrap_err();
        assert_eq!(error, "DBT_RESOURCE_TYPES: there is no resource type `table`");

        let format = |variables| {
            resolve(&world(variables), "", "output-format = 'sarif'")
                .map(|s| s.output_format.map(|format| format.value))
        };
        assert_eq!(
            format(&[("GLUELINE_OUTPUT_FORMAT", "json-lines")]),
            Ok(Some(Format::JsonLines))
        );
        assert_eq!(format(&[]), Ok(Some(Format::Sarif)));
        assert!(
            format(&[("GLUELINE_OUTPUT_FORMAT", "xml")])
                .unwrap_err()
                .contains("full, concise, json,")
        );
    }

    #[test]
    fn include_and_exclude_choose_files() {
        let toml = "include = ['models', '*.yml']\nexclude = ['models/legacy']";
        let settings = resolve(&world(&[]), "", toml).unwrap();
        for (path, want) in [
            ("models/a.sql", true),
            ("models/legacy/a.sql", false),
            ("seeds/a.csv", false),
            ("seeds/a.yml", true),
        ] {
            assert_eq!(settings.reports_on(path.into()), want, "{path}");
        }
    }
}
