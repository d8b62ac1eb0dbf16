//! Which rules report, and how loudly.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Group, RuleMeta, Severity, nearest};

use super::SettingsFile;
use crate::args::CheckArgs;
use crate::exit::Failure;

/// How loudly a rule reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Not at all.
    Off,
    /// With this severity.
    At(Severity),
}

/// What was said of rules and groups: on the command line, and below that in `glueline.toml`. In each, a rule
/// goes before its group, and that before `all`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Levels {
    flags: BTreeMap<String, Level>,
    file: BTreeMap<String, Level>,
}

/// The name that means every rule.
pub(super) const ALL: &str = "all";

impl Level {
    /// The names of the levels.
    pub(super) const NAMES: [&str; 5] = ["error", "warning", "info", "hint", "off"];

    /// The level of a name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        if name == "off" {
            return Some(Self::Off);
        }
        Severity::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
            .map(Self::At)
    }
}

impl Levels {
    /// Reads the flags, and takes over what the file says.
    pub(super) fn new(args: &CheckArgs, file: &SettingsFile, rules: &[RuleMeta]) -> Result<Self, Failure> {
        let mut levels = Self {
            flags: BTreeMap::new(),
            file: file.levels.clone(),
        };
        for (flag, names, level) in [
            ("--error", &args.error, Level::At(Severity::Error)),
            ("--warn", &args.warn, Level::At(Severity::Warning)),
            ("--ignore", &args.ignore, Level::Off),
        ] {
            for name in names {
                if !is_name(name, rules) {
                    return Err(Failure::Usage(format!(
                        "{flag}: there is {}",
                        unknown(name, rules)
                    )));
                }
                if levels
                    .flags
                    .insert(name.clone(), level)
                    .is_some_and(|before| before != level)
                {
                    return Err(Failure::Usage(format!(
                        "{flag}: `{name}` has been given another level too"
                    )));
                }
            }
        }
        Ok(levels)
    }

    /// What was said of a rule, if anything was.
    pub(crate) fn of(&self, rule: &str, group: Group) -> Option<Level> {
        [&self.flags, &self.file]
            .into_iter()
            .find_map(|said| [rule, group.name(), ALL].iter().find_map(|name| said.get(*name)))
            .copied()
    }

    /// The finding with the severity that was asked for, or nothing if its rule is off.
    pub(crate) fn apply(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        match self.of(diagnostic.rule, diagnostic.group) {
            None => Some(diagnostic),
            Some(Level::At(severity)) => Some(diagnostic.severity(severity)),
            Some(Level::Off) => None,
        }
    }
}

/// Whether a name is that of a rule or a group, or means every rule.
pub(super) fn is_name(name: &str, rules: &[RuleMeta]) -> bool {
    names(rules).any(|known| known == name)
}

/// What to say after "there is": no such rule, and which one may be meant.
pub(super) fn unknown(name: &str, rules: &[RuleMeta]) -> String {
    match nearest(name, names(rules)) {
        Some(known) => format!("no rule or group `{name}`; did you mean `{known}`?"),
        None => format!("no rule or group `{name}`; `glueline rules` lists them"),
    }
}

fn names(rules: &[RuleMeta]) -> impl Iterator<Item = &'static str> {
    let groups = Group::ALL.into_iter().map(Group::name);
    rules.iter().map(|rule| rule.id).chain(groups).chain([ALL])
}

#[cfg(test)]
mod tests {
    use glueline_base::{FileId, FileRange, Source, range};

    use super::super::FILE_NAME;
    use super::*;

    const fn rule(id: &'static str, group: Group) -> RuleMeta {
        RuleMeta {
            id,
            group,
            severity: Severity::Warning,
            summary: "",
            page: "",
            since: "",
            stop: None,
        }
    }

    const RULES: [RuleMeta; 3] = [
        rule("idle-session", Group::Cost),
        rule("many-files", Group::Cost),
        rule("lost-rows", Group::Data),
    ];

    fn levels(error: &[&str], warn: &[&str], ignore: &[&str], toml: &str) -> Result<Levels, String> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let args = CheckArgs {
            error: owned(error),
            warn: owned(warn),
            ignore: owned(ignore),
            ..CheckArgs::default()
        };
        let source = Source::decode(FILE_NAME.into(), toml.as_bytes().to_vec());
        let file = SettingsFile::read(source, &RULES).unwrap();
        Levels::new(&args, &file, &RULES).map_err(|failure| failure.message().unwrap())
    }

    #[test]
    fn the_most_particular_word_counts_and_flags_go_first() {
        let toml = "[rules]\ncost = 'off'\nidle-session = 'hint'\nall = 'info'";
        for (error, ignore, want) in [
            (&[][..], &[][..], ["hint", "off", "info"]),
            (&["idle-session"], &[], ["error", "off", "info"]),
            (&["cost"], &["many-files"], ["error", "off", "info"]),
            (&["all"], &["data"], ["error", "error", "off"]),
        ] {
            let levels = levels(error, &[], ignore, toml).unwrap();
            let found = RULES.map(|rule| {
                let at = FileRange {
                    file: FileId(0),
                    range: range(0, 0),
                };
                let applied = levels.apply(Diagnostic::new(&rule, at, ""));
                applied.map_or("off", |diagnostic| diagnostic.severity.name())
            });
            assert_eq!(found, want, "{error:?} {ignore:?}");
        }
        let silent = levels(&[], &[], &[], "").unwrap();
        assert_eq!(silent.of("idle-session", Group::Cost), None);
    }

    #[test]
    fn a_flag_has_to_name_a_rule_and_say_one_thing() {
        for (error, warn, ignore, want) in [
            (
                &["idle-sesion"][..],
                &[][..],
                &[][..],
                "--error: there is no rule or group `idle-sesion`; did you mean `idle-session`?",
            ),
            (
                &[],
                &["costs"],
                &[],
                "--warn: there is no rule or group `costs`; did you mean `cost`?",
            ),
            (
                &[],
                &[],
                &["zebra"],
                "--ignore: there is no rule or group `zebra`; `glueline rules` lists them",
            ),
            (
                &["cost"],
                &[],
                &["cost"],
                "--ignore: `cost` has been given another level too",
            ),
        ] {
            assert_eq!(levels(error, warn, ignore, "").unwrap_err(), want);
        }
        assert!(levels(&["cost", "cost"], &[], &[], "").is_ok());
    }
}
