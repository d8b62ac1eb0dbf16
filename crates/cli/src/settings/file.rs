//! `glueline.toml`, beside `dbt_project.yml`.

use std::collections::BTreeMap;
use std::ops::Range;

use clap::ValueEnum;
use glueline_base::{
    Diagnostic, FileId, FileRange, Group, RuleMeta, Severity, Source, Spanned, SyntaxError, nearest, range,
};
use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::format_names;
use super::levels::{Level, is_name, unknown};
use crate::glob::Glob;
use crate::report::Format;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "glueline.toml";

/// The rule that reports on the file itself.
pub(crate) const INVALID_SETTINGS: RuleMeta = RuleMeta {
    id: "invalid-settings",
    group: Group::Ineffective,
    severity: Severity::Warning,
    summary: "a line of `glueline.toml` that means nothing",
    page: include_str!("invalid-settings.md"),
    since: "0.1.0",
    stop: None,
};

/// What the file says, and what it says that means nothing.
#[derive(Debug, Default)]
pub(crate) struct SettingsFile {
    /// The file, if there is one.
    pub source: Option<Source>,
    /// What means nothing and was passed over.
    pub faults: Vec<SyntaxError>,
    /// `target`.
    pub target: Option<Spanned<String>>,
    /// `profiles-dir`, relative to the project.
    pub profiles_dir: Option<Spanned<String>>,
    /// `vars`, as YAML.
    pub vars: Option<Spanned<String>>,
    /// `adapter-version`.
    pub adapter_version: Option<Spanned<String>>,
    /// `output-format`.
    pub output_format: Option<Spanned<Format>>,
    /// `fail-on`.
    pub fail_on: Option<Spanned<Severity>>,
    /// `stop-session`.
    pub stop_session: Option<Spanned<bool>>,
    /// `include`.
    pub include: Vec<Glob>,
    /// `exclude`.
    pub exclude: Vec<Glob>,
    /// `[rules]`: rules, groups and `all`.
    pub(super) levels: BTreeMap<String, Level>,
}

const KEYS: [&str; 10] = [
    "adapter-version",
    "exclude",
    "fail-on",
    "include",
    "output-format",
    "profiles-dir",
    "rules",
    "stop-session",
    "target",
    "vars",
];

impl SettingsFile {
    /// Reads the text of the file. What means nothing is noted; what is no TOML is an error.
    pub(crate) fn read(source: Source, rules: &[RuleMeta]) -> Result<Self, (Source, Vec<SyntaxError>)> {
        if let Some(at) = source.not_utf8 {
            let fault = SyntaxError::new("This is not UTF-8, which TOML has to be", at);
            return Err((source, vec![fault]));
        }
        let text = source.text.clone();
        let (table, errors) = DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            let fault = |error: &toml::de::Error| {
                let span = error.span().unwrap_or_default();
                SyntaxError::new(
                    format!("This is not TOML: {}", error.message()),
                    range(span.start, span.end),
                )
            };
            let faults = errors.iter().map(fault).collect();
            return Err((source, faults));
        }
        let mut file = Self {
            source: Some(source),
            ..Self::default()
        };
        for (key, value) in table.get_ref() {
            file.entry(key, value, rules);
        }
        // A table hands its entries out by name; people read from top to bottom.
        file.faults.sort_by_key(|fault| fault.range.start());
        Ok(file)
    }

    /// What means nothing, as findings in the file of the given number.
    pub(crate) fn findings(&self, file: FileId) -> impl Iterator<Item = Diagnostic> {
        self.faults.iter().map(move |fault| finding(file, fault))
    }

    fn entry(
        &mut self,
        key: &TomlSpanned<std::borrow::Cow<'_, str>>,
        value: &TomlSpanned<DeValue<'_>>,
        rules: &[RuleMeta],
    ) {
        let name = key.get_ref().as_ref();
        match name {
            "target" => self.target = self.text(name, value),
            "profiles-dir" => self.profiles_dir = self.text(name, value),
            "vars" => self.vars = self.text(name, value),
            "adapter-version" => self.adapter_version = self.text(name, value),
            "stop-session" => self.stop_session = self.switch(name, value),
            "include" => self.include = self.globs(name, value),
            "exclude" => self.exclude = self.globs(name, value),
            "output-format" => {
                let names: Vec<String> = format_names().collect();
                let read = |text: &str| Format::from_str(text, false).ok();
                self.output_format = self.choice(name, value, &names, read);
            }
            "fail-on" => {
                let names = Severity::ALL.map(|severity| severity.name().to_owned());
                let read = |text: &str| Severity::ALL.into_iter().find(|severity| severity.name() == text);
                self.fail_on = self.choice(name, value, &names, read);
            }
            "rules" => self.rules(value, rules),
            other => {
                let message = match nearest(other, KEYS) {
                    Some(known) => format!("There is no setting `{other}`; did you mean `{known}`?"),
                    None => format!("There is no setting `{other}`; there are {}.", KEYS.join(", ")),
                };
                self.fault(key.span(), message);
            }
        }
    }

    fn rules(&mut self, value: &TomlSpanned<DeValue<'_>>, rules: &[RuleMeta]) {
        let DeValue::Table(table) = value.get_ref() else {
            self.fault(
                value.span(),
                "`rules` is a table: write `[rules]`, and below it a line for each rule.".to_owned(),
            );
            return;
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if !is_name(name, rules) {
                self.fault(key.span(), format!("There is {}", unknown(name, rules)));
                continue;
            }
            let names = Level::NAMES.map(str::to_owned);
            if let Some(level) = self.choice(name, value, &names, Level::parse) {
                self.levels.insert(name.to_owned(), level.value);
            }
        }
    }

    fn text(&mut self, key: &str, value: &TomlSpanned<DeValue<'_>>) -> Option<Spanned<String>> {
        match value.get_ref().as_str() {
            Some(text) if !text.is_empty() => Some(Spanned::new(text.to_owned(), bytes(value.span()))),
            Some(_) => {
                self.fault(
                    value.span(),
                    format!("`{key}` is empty; leave the line out instead."),
                );
                None
            }
            None => {
                let kind = value.get_ref().type_str();
                self.fault(
                    value.span(),
                    format!("`{key}` takes a text in quotes, not {}.", article(kind)),
                );
                None
            }
        }
    }

    fn switch(&mut self, key: &str, value: &TomlSpanned<DeValue<'_>>) -> Option<Spanned<bool>> {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            let kind = value.get_ref().type_str();
            self.fault(
                value.span(),
                format!("`{key}` takes true or false, not {}.", article(kind)),
            );
        }
        found.map(|found| Spanned::new(found, bytes(value.span())))
    }

    fn choice<T>(
        &mut self,
        key: &str,
        value: &TomlSpanned<DeValue<'_>>,
        names: &[String],
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let text = self.text(key, value)?;
        if let Some(found) = read(&text.value) {
            return Some(Spanned::new(found, text.range));
        }
        let message = match nearest(&text.value, names.iter().map(String::as_str)) {
            Some(known) => format!("`{key}` cannot be `{}`; did you mean `{known}`?", text.value),
            None => format!(
                "`{key}` cannot be `{}`; it can be {}.",
                text.value,
                names.join(", ")
            ),
        };
        self.fault(value.span(), message);
        None
    }

    fn globs(&mut self, key: &str, value: &TomlSpanned<DeValue<'_>>) -> Vec<Glob> {
        let DeValue::Array(items) = value.get_ref() else {
            self.fault(
                value.span(),
                format!("`{key}` takes a list of patterns: `{key} = [\"models\"]`."),
            );
            return Vec::new();
        };
        let mut globs = Vec::new();
        for item in items {
            globs.extend(self.text(key, item).map(|text| Glob::new(&text.value)));
        }
        globs
    }

    fn fault(&mut self, span: Range<usize>, message: String) {
        self.faults.push(SyntaxError::new(message, bytes(span)));
    }
}

/// A fault of the file as a finding.
pub(crate) fn finding(file: FileId, fault: &SyntaxError) -> Diagnostic {
    let at = FileRange {
        file,
        range: fault.range,
    };
    Diagnostic::new(&INVALID_SETTINGS, at, fault.message.clone())
}

fn bytes(span: Range<usize>) -> glueline_base::TextRange {
    range(span.start, span.end)
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

#[cfg(test)]
mod tests {
    use glueline_base::slice;

    use super::*;

    const RULES: [RuleMeta; 1] = [INVALID_SETTINGS];

    fn read(text: &str) -> Result<SettingsFile, (Source, Vec<SyntaxError>)> {
        SettingsFile::read(Source::decode(FILE_NAME.into(), text.as_bytes().to_vec()), &RULES)
    }

    const FULL: &str = "\u{FEFF}# settings é\r\ntarget = \"prod\"\r\nprofiles-dir = 'conf'\r\nvars = '{a: 1}'\r\n\
        adapter-version = '1.10.19'\r\noutput-format = 'json'\r\nfail-on = 'error'\r\nstop-session = true\r\n\
        include = ['models', \"*.yml\"]\r\nexclude = []\r\n[rules]\r\ninvalid-settings = 'off'\r\n\
        cost = 'hint'\r\nall = 'info'\r\n";

    #[test]
    fn every_setting_is_read() {
        let file = read(FULL).unwrap();
        assert!(file.faults.is_empty(), "{:?}", file.faults);
        let target = file.target.unwrap();
        assert_eq!(target.value, "prod");
        assert_eq!(slice(FULL, target.range), "\"prod\"");
        assert_eq!(file.profiles_dir.unwrap().value, "conf");
        assert_eq!(file.vars.unwrap().value, "{a: 1}");
        assert_eq!(file.adapter_version.unwrap().value, "1.10.19");
        assert_eq!(file.output_format.unwrap().value, Format::Json);
        assert_eq!(file.fail_on.unwrap().value, Severity::Error);
        assert!(file.stop_session.unwrap().value);
        assert_eq!(file.include, [Glob::new("models"), Glob::new("*.yml")]);
        assert_eq!(file.levels.get("cost"), Some(&Level::At(Severity::Hint)));
        assert_eq!(file.levels.get("invalid-settings"), Some(&Level::Off));
    }

    #[test]
    fn an_editor_offers_the_same() {
        use glueline_ide::completion::{FORMATS, LEVELS, SETTINGS};
        let offered: Vec<&str> = SETTINGS.iter().map(|(name, _, _)| *name).collect();
        assert_eq!(offered, KEYS);
        assert_eq!(LEVELS, Level::NAMES);
        assert_eq!(format_names().collect::<Vec<_>>(), FORMATS);
    }

    #[test]
    fn what_means_nothing_is_told_at_its_place_and_passed_over() {
        for (text, place, message) in [
            (
                "targt = 'x'",
                "targt",
                "There is no setting `targt`; did you mean `target`?",
            ),
            (
                "zebra = 1",
                "zebra",
                "There is no setting `zebra`; there are adapter-version, exclude, fail-on, include, output-format, profiles-dir, rules, stop-session, target, vars.",
            ),
            (
                "stop-session = 'yes'",
                "'yes'",
                "`stop-session` takes true or false, not a string.",
            ),
            (
                "target = 1",
                "1",
                "`target` takes a text in quotes, not an integer.",
            ),
            (
                "target = ''",
                "''",
                "`target` is empty; leave the line out instead.",
            ),
            (
                "include = 'models'",
                "'models'",
                "`include` takes a list of patterns: `include = [\"models\"]`.",
            ),
            (
                "exclude = ['a', true]",
                "true",
                "`exclude` takes a text in quotes, not a boolean.",
            ),
            (
                "output-format = 'jsn'",
                "'jsn'",
                "`output-format` cannot be `jsn`; did you mean `json`?",
            ),
            (
                "fail-on = 'never'",
                "'never'",
                "`fail-on` cannot be `never`; it can be error, warning, info, hint.",
            ),
            (
                "rules = 'off'",
                "'off'",
                "`rules` is a table: write `[rules]`, and below it a line for each rule.",
            ),
            (
                "[rules]\ninvalid-setings = 'off'",
                "invalid-setings",
                "There is no rule or group `invalid-setings`; did you mean `invalid-settings`?",
            ),
            (
                "[rules]\ndata = 'of'",
                "'of'",
                "`data` cannot be `of`; did you mean `off`?",
            ),
            (
                "[rules.cost]\nx = 'off'",
                "[rules.cost]",
                "`cost` takes a text in quotes, not a table.",
            ),
        ] {
            let text = format!("# first é\n{text}\n");
            let file = read(&text).unwrap();
            let [fault] = file.faults.as_slice() else {
                panic!("{text}: {:?}", file.faults)
            };
            assert_eq!(
                (slice(&text, fault.range), fault.message.as_str()),
                (place, message)
            );
            let finding = file.findings(FileId(7)).next().unwrap();
            assert_eq!((finding.rule, finding.at.file), ("invalid-settings", FileId(7)));
        }
    }

    #[test]
    fn what_is_no_toml_cannot_be_used() {
        for text in ["target = ", "[rules", "a = 1\na = 2", "x", "\0"] {
            let (_, faults) = read(text).unwrap_err();
            assert!(
                faults
                    .iter()
                    .all(|fault| fault.message.starts_with("This is not TOML: ")),
                "{faults:?}"
            );
        }
        let latin = Source::decode(FILE_NAME.into(), b"target = 'caf\xe9'".to_vec());
        let (_, faults) = SettingsFile::read(latin, &RULES).unwrap_err();
        assert_eq!(faults[0].range, range(13, 16));
    }

    /// Every prefix, every deletion, deep nesting: an answer whose places lie in the text.
    #[test]
    fn no_text_is_too_broken() {
        let broken = "target = 1\n[rules]\ndata = 'é'\nzebra = [[{a = 1}]]\n";
        let mut texts = vec![
            "[".repeat(50_000),
            format!("a = {}", "[".repeat(50_000)),
            "a.".repeat(50_000),
        ];
        for text in [FULL, broken] {
            for (at, c) in text.char_indices() {
                let (before, after) = text.split_at(at);
                texts.push(before.to_owned());
                texts.push(format!("{before}{}", after.strip_prefix(c).unwrap()));
            }
        }
        for text in texts {
            let faults = match read(&text) {
                Ok(file) => file.faults,
                Err((_, faults)) => faults,
            };
            for fault in faults {
                let (start, end) = (usize::from(fault.range.start()), usize::from(fault.range.end()));
                assert!(text.get(start..end).is_some(), "{start}..{end} of {text:?}");
            }
        }
    }
}
