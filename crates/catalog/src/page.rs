//! The page of a configuration key, in Markdown.

use std::fmt::Write as _;

use crate::{
    AppliesWhen, FileFormat, KeySpec, Language, Materialization, Merge, Scope, Strategy, TextBool, ValueType,
    WrongName, all_keys, wrong_name,
};

/// The page of a key, in Markdown; one section for each meaning that the key has in different places.
pub fn page(name: &str) -> Option<String> {
    let found: Vec<&KeySpec> = all_keys()
        .filter(|key| key.name == name || key.aliases.contains(&name))
        .collect();
    if found.is_empty() {
        return Scope::ALL
            .iter()
            .find_map(|scope| wrong_name(*scope, name))
            .map(wrong_page);
    }
    let mut out = format!("# {name}\n");
    for key in found {
        section(&mut out, key);
    }
    Some(out)
}

/// Every name that has a page, sorted.
pub fn page_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = all_keys()
        .flat_map(|key| std::iter::once(key.name).chain(key.aliases.iter().copied()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What is known of one key in the places where it has one meaning: a page without its heading.
pub fn page_of(key: &KeySpec) -> String {
    let mut out = String::new();
    section(&mut out, key);
    out.trim().to_owned()
}

/// The page of a name that nothing reads.
pub fn wrong_page(wrong: &WrongName) -> String {
    let mut out = format!("# {}\n\n{}\n", wrong.name, wrong.advice);
    if let Some(instead) = wrong.instead {
        let _ = write!(out, "\nUse `{instead}`.\n");
    }
    out
}

fn section(out: &mut String, key: &KeySpec) {
    let places: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    let _ = write!(
        out,
        "\n{}.\n\n{}\n\n",
        key.summary.trim_end_matches('.'),
        key.body
    );
    fact(out, "Stands in", &places.join(", "));
    if !key.aliases.is_empty() {
        fact(out, "Also written", &codes(key.aliases));
    }
    let null = if key.nullable { ", or null" } else { "" };
    fact(out, "Takes", &format!("{}{null}", type_words(key.value)));
    if !key.allowed.is_empty() {
        fact(out, "Allowed", &codes(key.allowed));
    }
    if !key.default.is_empty() {
        fact(out, "Default", &format!("`{}`", key.default));
    }
    if let Some(without) = key.required {
        fact(out, "Needed", without);
    }
    if let Some(merge) = merge_words(key.merge) {
        fact(out, "Layers", merge);
    }
    let read: Vec<String> = key
        .applies
        .iter()
        .map(situation)
        .filter(|case| !case.is_empty())
        .collect();
    if !read.is_empty() {
        fact(out, "Read by", &read.join("; "));
    }
    if let Some(since) = key.since {
        fact(out, "Since dbt-glue", &since.to_string());
    }
    if let Some(until) = key.until {
        fact(out, "Until dbt-glue", &until.to_string());
    }
    if let Some(why) = key.dead {
        fact(out, "Dead", why);
    }
    if let Some(instead) = key.deprecated {
        fact(out, "Deprecated", instead);
    }
    if key.profile.meta_override {
        fact(
            out,
            "In `meta`",
            "a value of this name on a node opens a session of its own",
        );
    }
    if !key.example.is_empty() {
        let _ = write!(out, "\n```yaml\n{}\n```\n", key.example);
    }
    let _ = write!(out, "\nSource: {}\n", key.source);
}

fn fact(out: &mut String, what: &str, text: &str) {
    let _ = writeln!(out, "- {what}: {text}");
}

fn codes(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn situation(case: &AppliesWhen) -> String {
    fn names<T: Copy>(members: &[T], name: fn(T) -> &'static str) -> Option<String> {
        (!members.is_empty()).then(|| {
            members
                .iter()
                .map(|member| name(*member))
                .collect::<Vec<_>>()
                .join("/")
        })
    }
    let parts = [
        names(case.materializations, Materialization::name),
        names(case.formats, FileFormat::name),
        names(case.strategies, Strategy::name),
        names(case.languages, Language::name),
        case.glue_since
            .map(|glue| format!("Glue {} and later", glue.name())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a key takes, in words: `a text or a list of texts`.
pub fn type_words(value: ValueType) -> String {
    match value {
        ValueType::Any => "anything".to_owned(),
        ValueType::Text => "a text".to_owned(),
        ValueType::Bool => "`true` or `false`".to_owned(),
        ValueType::Integer => "a whole number".to_owned(),
        ValueType::Number => "a number".to_owned(),
        ValueType::TextOrNumber => "a text or a number".to_owned(),
        ValueType::TextBool(TextBool::OnlyTrue) => {
            "the text `'True'` or `'False'`; on for exactly `'True'`, so that the boolean `true` means off"
                .to_owned()
        }
        ValueType::TextBool(TextBool::AllButFalse) => {
            "the text `'True'` or `'False'`; off for exactly `'False'`, so that the boolean `false` means on"
                .to_owned()
        }
        ValueType::TextOrTexts => "a text or a list of texts".to_owned(),
        ValueType::Texts => "a list of texts".to_owned(),
        ValueType::List => "a list".to_owned(),
        ValueType::Mapping => "a mapping".to_owned(),
        ValueType::TextMap => "a mapping from names to texts".to_owned(),
        ValueType::Object(scope) => format!("a mapping ({})", scope.name()),
        ValueType::Objects(scope) => format!("a list of mappings ({})", scope.name()),
        ValueType::ObjectMap(scope) => format!("a mapping from names to mappings ({})", scope.name()),
        ValueType::TextOrObject(scope) => format!("a text or a mapping ({})", scope.name()),
        ValueType::BoolOrObject(scope) => format!("`true`, `false` or a mapping ({})", scope.name()),
        ValueType::Hooks => "SQL, a mapping with `sql` and `transaction`, or a list of these".to_owned(),
        ValueType::DataTests => "a list of data tests".to_owned(),
        ValueType::Date => "a date or a time".to_owned(),
    }
}

const fn merge_words(merge: Merge) -> Option<&'static str> {
    match merge {
        Merge::Clobber => None,
        Merge::Append => Some("lists of all layers are joined"),
        Merge::Update | Merge::Object => {
            Some("mappings of all layers are joined, the nearest winning key by key")
        }
        Merge::DictKeyAppend => Some("a key with a leading `+` adds to its list, another replaces it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_page() {
        for name in page_names() {
            let page = page(name).unwrap();
            assert!(
                page.starts_with(&format!("# {name}\n")) && page.contains("\nSource: "),
                "{page}"
            );
        }
    }

    #[test]
    fn flags_that_are_texts_say_so() {
        let page = page("use_iceberg_temp_views").unwrap();
        assert!(page.contains("the boolean `false` means on"), "{page}");
    }

    #[test]
    fn a_known_mistake_has_a_page() {
        assert!(page("no_such_key_at_all").is_none());
        assert!(page("location_root").unwrap().contains("custom_location"));
    }
}
