//! Finding keys by scope and name.

use std::sync::LazyLock;

use glueline_base::nearest;

use crate::{KeySpec, Scope, WrongName, config, profile, project, properties};

/// Every table of keys. Their order decides nothing: each scope has a sorted index.
static TABLES: &[&[KeySpec]] = &[
    profile::CREDENTIALS,
    profile::SESSION,
    profile::STORAGE,
    profile::OUTPUT,
    config::COMMON,
    config::NODE,
    config::STORAGE,
    config::INCREMENTAL,
    config::ICEBERG,
    config::LAKE_FORMATION,
    config::SEED,
    config::SNAPSHOT,
    config::TEST,
    config::OTHER,
    config::NESTED,
    properties::COMMON,
    properties::COLUMN,
    properties::FILE,
    properties::METRIC_KEYS,
    properties::MODEL,
    properties::SOURCE,
    properties::TESTS,
    properties::OTHER,
    project::FILE,
    project::FLAGS,
    project::PACKAGES,
    project::SELECTORS,
];

/// The entries of each scope, by the number of the scope, sorted by spelling. Built once, on first use: pointers only.
static INDEX: LazyLock<Vec<Vec<Entry>>> = LazyLock::new(|| {
    let mut index: Vec<Vec<Entry>> = vec![Vec::new(); Scope::ALL.len()];
    for key in all_keys() {
        for scope in key.scopes {
            if let Some(entries) = index.get_mut(*scope as usize) {
                entries.push((key.name, key));
                entries.extend(key.aliases.iter().map(|alias| (*alias, key)));
            }
        }
    }
    for entries in &mut index {
        entries.sort_by_key(|(spelling, _)| *spelling);
    }
    index
});

type Entry = (&'static str, &'static KeySpec);

/// Every key of every scope, in the order of the tables.
pub fn all_keys() -> impl Iterator<Item = &'static KeySpec> {
    TABLES.iter().copied().flatten()
}

/// The key of a scope with exactly this spelling, or this alias.
pub fn lookup(scope: Scope, name: &str) -> Option<&'static KeySpec> {
    let entries = entries(scope);
    let at = entries
        .binary_search_by(|(spelling, _)| (*spelling).cmp(name))
        .ok()?;
    entries.get(at).map(|(_, key)| *key)
}

/// The keys of a scope, sorted by name, aliases left out.
pub fn keys(scope: Scope) -> impl Iterator<Item = &'static KeySpec> {
    entries(scope)
        .iter()
        .filter(|(spelling, key)| *spelling == key.name)
        .map(|(_, key)| *key)
}

/// The keys of an output of type `glue`, sorted by name.
pub fn profile_keys() -> impl Iterator<Item = &'static KeySpec> {
    keys(Scope::ProfileOutput)
}

/// A key of an output of type `glue`.
pub fn profile_key(name: &str) -> Option<&'static KeySpec> {
    lookup(Scope::ProfileOutput, name)
}

/// A config of models.
pub fn model_key(name: &str) -> Option<&'static KeySpec> {
    lookup(Scope::ModelConfig, name)
}

/// The key that an unknown one most likely means: what a known mistake stands for, or else the nearest spelling.
pub fn suggest(scope: Scope, name: &str) -> Option<&'static str> {
    if let Some(instead) = wrong_name(scope, name).and_then(|wrong| wrong.instead) {
        return Some(instead);
    }
    nearest(name, entries(scope).iter().map(|(spelling, _)| *spelling))
}

/// What is known of a key that nothing reads in this scope: another adapter's, a documentation's slip, a misplaced one.
pub fn wrong_name(scope: Scope, name: &str) -> Option<&'static WrongName> {
    let table = config::WRONG_NAMES;
    let first = table.partition_point(|wrong| wrong.name < name);
    table
        .iter()
        .skip(first)
        .take_while(|wrong| wrong.name == name)
        .find(|wrong| wrong.scopes.contains(&scope))
}

fn entries(scope: Scope) -> &'static [Entry] {
    INDEX.get(scope as usize).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{FileFormat, SchemaChange, Strategy, ValueType, WorkerType};

    fn place(key: &KeySpec) -> String {
        format!(
            "{} of {}",
            key.name,
            key.scopes.first().map_or("nothing", |scope| scope.name())
        )
    }

    #[test]
    fn spellings_are_unique_in_each_scope() {
        for scope in Scope::ALL {
            let mut seen = BTreeMap::new();
            for (spelling, key) in entries(*scope) {
                let before = seen.insert(*spelling, key.summary);
                assert_eq!(before, None, "{spelling} twice in {scope}");
            }
            let names: Vec<_> = keys(*scope).map(|key| key.name).collect();
            assert!(names.is_sorted(), "{scope}");
            assert!(!names.is_empty(), "{scope} has no keys");
        }
    }

    #[test]
    fn every_key_is_found_under_every_spelling() {
        for key in all_keys() {
            for scope in key.scopes {
                for spelling in std::iter::once(&key.name).chain(key.aliases) {
                    let found = lookup(*scope, spelling).unwrap();
                    assert!(std::ptr::eq(found, key), "{spelling} in {scope}");
                }
            }
        }
        assert!(lookup(Scope::ModelConfig, "").is_none());
        assert!(lookup(Scope::ModelConfig, "é😀").is_none());
    }

    #[test]
    fn every_key_is_described() {
        for key in all_keys() {
            let place = place(key);
            assert!(!key.scopes.is_empty(), "{place}");
            let summary = key.summary;
            assert!(summary.len() > 4 && summary.len() <= 90, "{place}: summary");
            assert!(
                !summary.ends_with('.') && !summary.contains('\n'),
                "{place}: summary"
            );
            assert!(key.body.ends_with('.'), "{place}: body");
            assert!(
                !key.body.contains("  ") && !summary.contains("  "),
                "{place}: blanks"
            );
            assert!(key.source.contains('/'), "{place}: source");
            let reasons = [key.dead, key.deprecated, key.required];
            assert!(
                reasons.iter().flatten().all(|reason| !reason.is_empty()),
                "{place}"
            );
        }
    }

    #[test]
    fn allowed_words_are_sorted_and_hold_the_default() {
        for key in all_keys() {
            let place = place(key);
            assert!(key.allowed.is_sorted(), "{place}");
            let default = key.default.trim_matches(['"', '\'']);
            let free = matches!(default, "" | "null");
            // Snapshots have a default that they refuse themselves.
            let refused = key.name == "file_format" && key.scopes == [Scope::SnapshotConfig];
            assert!(key.allows(default) || free || refused, "{place}: {default}");
        }
    }

    #[test]
    fn closed_sets_and_allowed_words_agree() {
        let words = |key: &KeySpec| key.allowed.to_vec();
        let formats: Vec<_> = FileFormat::ALL.iter().map(|format| format.name()).collect();
        assert_eq!(words(model_key("file_format").unwrap()), formats);
        let strategies: Vec<_> = Strategy::ALL.iter().map(|strategy| strategy.name()).collect();
        assert_eq!(words(model_key("incremental_strategy").unwrap()), strategies);
        let changes: Vec<_> = SchemaChange::ALL.iter().map(|change| change.name()).collect();
        assert_eq!(words(model_key("on_schema_change").unwrap()), changes);
        let workers: Vec<_> = WorkerType::ALL.iter().map(|worker| worker.name()).collect();
        assert_eq!(words(profile_key("worker_type").unwrap()), workers);
    }

    /// Not a YAML parser: the key with its colon, and after it brackets and quotes that close in order.
    fn is_balanced(value: &str) -> bool {
        let mut open = Vec::new();
        let mut quote = None;
        let mut escaped = false;
        for c in value.chars() {
            if let Some(end) = quote {
                if escaped {
                    escaped = false;
                } else if end == '"' && c == '\\' {
                    escaped = true;
                } else if c == end {
                    quote = None;
                }
                continue;
            }
            match c {
                '"' => quote = Some(c),
                '\'' if value.starts_with(['[', '{', '\'']) => quote = Some(c),
                '[' | '{' => open.push(c),
                ']' if open.pop() != Some('[') => return false,
                '}' if open.pop() != Some('{') => return false,
                _ => {}
            }
        }
        open.is_empty() && quote.is_none()
    }

    #[test]
    fn examples_set_their_own_key() {
        for key in all_keys() {
            let place = place(key);
            let (name, value) = key
                .example
                .split_once(": ")
                .unwrap_or_else(|| panic!("{place}: no example"));
            assert_eq!(name, key.name, "{place}");
            assert!(is_balanced(value), "{place}: {value}");
            assert!(
                !value.trim().is_empty() && !value.contains(['\n', '\t']),
                "{place}"
            );
            let fits = match key.value {
                ValueType::Bool => matches!(value, "true" | "false"),
                ValueType::Integer => value.parse::<i64>().is_ok(),
                ValueType::Number => value.parse::<f64>().is_ok(),
                ValueType::TextBool(_) => matches!(value, "'True'" | "'False'"),
                ValueType::Texts | ValueType::List | ValueType::Objects(_) | ValueType::DataTests => {
                    value.starts_with('[')
                }
                ValueType::Mapping | ValueType::TextMap | ValueType::Object(_) | ValueType::ObjectMap(_) => {
                    value.starts_with('{')
                }
                ValueType::Text => !value.starts_with(['[', '{']),
                _ => true,
            };
            assert!(fits, "{place}: {value}");
            let word = value.trim_matches(['"', '\'']);
            let is_word = matches!(key.value, ValueType::Text | ValueType::Integer);
            assert!(!is_word || key.allows(word), "{place}: {value} is not allowed");
        }
    }

    #[test]
    fn suggestions_are_keys_of_the_scope() {
        for scope in [
            Scope::ProfileOutput,
            Scope::Column,
            Scope::DataCellFilter,
            Scope::LfTags,
        ] {
            for key in keys(scope) {
                // Every prefix and every deletion of a letter: nothing panics and what is proposed exists.
                for at in 0..=key.name.len() {
                    let Some(prefix) = key.name.get(..at) else {
                        continue;
                    };
                    let rest = key.name.get(at + 1..).unwrap_or("");
                    for word in [prefix.to_owned(), format!("{prefix}{rest}"), format!("é{prefix}")] {
                        let known = suggest(scope, &word).is_none_or(|found| {
                            lookup(scope, found).is_some() || wrong_name(scope, &word).is_some()
                        });
                        assert!(known, "{scope} {word}");
                    }
                }
            }
        }
    }
}
