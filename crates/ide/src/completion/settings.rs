//! `glueline.toml`.

use std::collections::BTreeSet;

use glueline_base::{Group, Severity, TextRange, range};
use glueline_catalog::PUBLISHED;

use super::cx::Cx;
use super::item::{Completions, ItemKind, List};
use super::suppress::offer_rules;
use super::words::Ending;

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingValue {
    /// A text of the user's own.
    Text,
    /// A release of dbt-glue.
    Release,
    /// An output of the profile.
    Target,
    /// A form of reports.
    Format,
    /// A severity.
    Severity,
    /// Yes or no.
    Switch,
    /// A list of patterns.
    Patterns,
    /// A table of rules and levels.
    Rules,
}

/// The settings of `glueline.toml`, with what they take and a line about each. The program that reads the file compares them
/// with its own.
pub const SETTINGS: [(&str, SettingValue, &str); 10] = [
    (
        "adapter-version",
        SettingValue::Release,
        "The version of dbt-glue that the project is run with",
    ),
    (
        "exclude",
        SettingValue::Patterns,
        "Files that findings are not reported for",
    ),
    (
        "fail-on",
        SettingValue::Severity,
        "The severity from which on `check` fails",
    ),
    (
        "include",
        SettingValue::Patterns,
        "Files that findings are reported for",
    ),
    ("output-format", SettingValue::Format, "The form of reports"),
    (
        "profiles-dir",
        SettingValue::Text,
        "The folder of `profiles.yml`, relative to the project",
    ),
    ("rules", SettingValue::Rules, "The levels of rules and groups"),
    (
        "stop-session",
        SettingValue::Switch,
        "Whether `run` stops the session at its end",
    ),
    (
        "target",
        SettingValue::Target,
        "The output of the profile that is meant",
    ),
    ("vars", SettingValue::Text, "Variables, as YAML"),
];

/// The levels of a rule.
pub const LEVELS: [&str; 5] = ["error", "warning", "info", "hint", "off"];

pub(super) fn complete(cx: &Cx<'_>) -> Completions {
    let before = cx.line_before();
    let table = table_at(cx);
    if before.trim_start().starts_with('#') {
        return Completions::default();
    }
    if let Some(inner) = before
        .trim_start()
        .strip_prefix('[')
        .filter(|_| !before.contains('='))
    {
        let word = around(cx, inner.trim_start().len());
        let mut list = List::new(cx.text, word, cx.caret);
        if !inner.contains(']') {
            list.offer(0, "rules", |item| item, ItemKind::Key);
        }
        return list.finish();
    }
    match before.split_once('=') {
        None => keys(cx, table, before.trim_start()),
        Some((key, value)) => values(cx, table, key.trim().trim_matches(['"', '\'']), value),
    }
}

/// The name of the table that the caret's line stands in; empty at the top.
fn table_at<'a>(cx: &Cx<'a>) -> &'a str {
    let before = cx.text.get(..cx.offset()).unwrap_or("");
    let mut lines = before.rsplit('\n');
    lines.next();
    lines
        .find_map(|line| line.trim().strip_prefix('[')?.split(']').next())
        .map_or("", str::trim)
}

/// The word at the caret, of which so many bytes are typed.
fn around(cx: &Cx<'_>, typed: usize) -> TextRange {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let after = cx.line_after();
    let rest = after.len() - after.trim_start_matches(is_word).len();
    range(cx.offset() - typed.min(cx.offset()), cx.offset() + rest)
}

fn keys(cx: &Cx<'_>, table: &str, typed: &str) -> Completions {
    if typed.contains([' ', '"', '\'']) {
        return Completions::default();
    }
    let mut list = List::new(cx.text, around(cx, typed.len()), cx.caret);
    let given: BTreeSet<&str> = cx
        .text
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0.trim().trim_matches(['"', '\''])))
        .collect();
    let follows = cx.line_after().contains('=');
    let write = |name: &str| {
        if follows {
            name.to_owned()
        } else {
            format!("{name} = ")
        }
    };
    match table {
        "" => {
            for (name, kind, summary) in SETTINGS {
                if kind != SettingValue::Rules && !given.contains(name) {
                    list.offer(
                        0,
                        name,
                        |item| item.detail(summary).text(write(name)).asks_again(),
                        ItemKind::Key,
                    );
                }
            }
            list.offer(1, "[rules]", |item| item, ItemKind::Key);
        }
        "rules" => {
            list.offer(
                0,
                "all",
                |item| item.detail("every rule").text(write("all")),
                ItemKind::Key,
            );
            for group in Group::ALL
                .iter()
                .map(|group| group.name())
                .filter(|name| !given.contains(name))
            {
                list.offer(
                    0,
                    group,
                    |item| item.detail("a group of rules").text(write(group)),
                    ItemKind::Key,
                );
            }
            let given: Vec<&str> = given.into_iter().collect();
            offer_rules(&mut list, &given, write);
        }
        _ => {}
    }
    list.finish()
}

fn values(cx: &Cx<'_>, table: &str, key: &str, value: &str) -> Completions {
    let inner = value.trim_start();
    let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let typed = match quote {
        Some(quote) => inner.get(1..).filter(|rest| !rest.contains(quote)),
        None => Some(inner).filter(|rest| !rest.contains([' ', '[', ']', '#', '{', '"', '\''])),
    };
    let Some(typed) = typed else {
        return Completions::default();
    };
    let mut list = List::new(cx.text, around(cx, typed.len()), cx.caret);
    let closed = quote.is_some_and(|quote| cx.line_after().contains(quote));
    let write = |word: &str| match quote {
        Some(quote) => Ending {
            quote: (!closed).then_some(quote),
            bracket: false,
        }
        .close(word, true),
        None => format!("\"{word}\""),
    };
    let setting = SETTINGS
        .iter()
        .find(|(name, _, _)| *name == key)
        .map(|(_, kind, _)| *kind);
    if let ("", Some(SettingValue::Switch), None) = (table, setting, quote) {
        ["true", "false"]
            .iter()
            .for_each(|word| list.offer(0, word, |item| item, ItemKind::Value));
        return list.finish();
    }
    let mut word = |word: &str, detail: &str| {
        list.offer(
            0,
            word,
            |item| item.detail(detail).text(write(word)),
            ItemKind::Value,
        );
    };
    match (table, setting) {
        ("rules", _) => LEVELS.iter().for_each(|level| word(level, "")),
        ("", Some(SettingValue::Severity)) => Severity::ALL
            .iter()
            .for_each(|severity| word(severity.name(), "")),
        ("", Some(SettingValue::Format)) => FORMATS.iter().for_each(|format| word(format, "")),
        ("", Some(SettingValue::Target)) => {
            let profile = cx.project.profile().profile();
            for target in profile.into_iter().flat_map(|profile| &profile.targets) {
                word(&target.name.value, "output of the profile");
            }
        }
        ("", Some(SettingValue::Release)) => {
            for release in PUBLISHED.iter().rev() {
                word(&release.to_string(), "dbt-glue");
            }
        }
        _ => {}
    }
    list.finish()
}

/// The forms of reports.
pub const FORMATS: [&str; 10] = [
    "full",
    "concise",
    "json",
    "json-lines",
    "github",
    "gitlab",
    "junit",
    "sarif",
    "checkstyle",
    "rdjson",
];
