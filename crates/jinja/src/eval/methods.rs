//! Methods of texts and mappings.

use std::collections::BTreeMap;

use glueline_base::{MapEntry, Node, Spanned, Value};

use super::calls::Args;
use super::{Evaluator, known};

impl Evaluator<'_> {
    /// A method of a known value.
    pub(super) fn method(&mut self, base: &Node, name: &str, args: &Args<'_>) -> Option<Value> {
        match &base.value {
            Value::Str(text) => self.text_method(base, text, name, args),
            Value::Map(entries) => self.map_method(entries, name, args),
            _ => None,
        }
    }

    fn text_method(&mut self, base: &Node, text: &str, name: &str, args: &Args<'_>) -> Option<Value> {
        if name == "format" {
            return self.format(text, &args.positional, &args.keywords);
        }
        if !args.keywords.is_empty() {
            return None;
        }
        let texts: Vec<Option<&str>> = args.positional.iter().map(|node| node.value.as_str()).collect();
        let third = args.positional.get(2).map(|node| &node.value);
        match (name, texts.as_slice()) {
            ("lower", []) => self.text(text.to_lowercase()),
            ("upper", []) => self.text(text.to_uppercase()),
            ("strip", []) => self.text(text.trim()),
            ("lstrip", []) => self.text(text.trim_start()),
            ("rstrip", []) => self.text(text.trim_end()),
            ("strip", [Some(chars)]) => self.text(text.trim_matches(|c| chars.contains(c))),
            ("lstrip", [Some(chars)]) => self.text(text.trim_start_matches(|c| chars.contains(c))),
            ("rstrip", [Some(chars)]) => self.text(text.trim_end_matches(|c| chars.contains(c))),
            ("replace", [Some(old), Some(new)]) => self.replace(text, old, new, None),
            ("replace", [Some(old), Some(new), None]) => self.replace(text, old, new, Some(third?.as_int()?)),
            ("split", []) => self.split(base, None, None),
            ("split", [Some(separator)]) => self.split(base, Some(separator), None),
            ("split", [Some(separator), None]) => {
                let most = args.positional.get(1)?.value.as_int()?;
                self.split(base, Some(separator), Some(most))
            }
            ("startswith", [Some(prefix)]) => Some(Value::Bool(text.starts_with(prefix))),
            ("endswith", [Some(suffix)]) => Some(Value::Bool(text.ends_with(suffix))),
            ("startswith", [None]) => any_text(args, |prefix| text.starts_with(prefix)),
            ("endswith", [None]) => any_text(args, |suffix| text.ends_with(suffix)),
            ("join", [None]) => {
                let items = args.positional.first()?.value.as_list()?;
                self.join(text, items, true)
            }
            _ => None,
        }
    }

    fn map_method(&mut self, entries: &[MapEntry], name: &str, args: &Args<'_>) -> Option<Value> {
        if name == "get" {
            let key = args.get(0, "")?;
            return match entries.iter().rev().find(|entry| entry.is_under(key)) {
                Some(entry) => known(entry.value.value.clone()),
                None => known(args.get(1, "").cloned().unwrap_or(Value::Null)),
            };
        }
        if !args.fit(0, &[]) {
            return None;
        }
        let entries = distinct(entries);
        self.spend(entries.len() * 3 * size_of::<Node>())?;
        let items = match name {
            "keys" => entries.into_iter().map(MapEntry::key_value).collect(),
            "values" => entries.into_iter().map(|entry| entry.value.clone()).collect(),
            "items" => {
                let pair = |entry: &MapEntry| {
                    let range = entry.key.range.cover(entry.value.range);
                    Spanned::new(Value::List(vec![entry.key_value(), entry.value.clone()]), range)
                };
                entries.into_iter().map(pair).collect()
            }
            _ => return None,
        };
        Some(Value::List(items))
    }
}

/// One entry for each key: in the order in which keys come first, with the value that comes last.
pub(super) fn distinct(entries: &[MapEntry]) -> Vec<&MapEntry> {
    let mut by_key: BTreeMap<(&str, bool), (usize, &MapEntry)> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let key = (&*entry.key.value, entry.typed.is_some());
        by_key.entry(key).or_insert((index, entry)).1 = entry;
    }
    let mut out: Vec<_> = by_key.into_values().collect();
    out.sort_unstable_by_key(|(index, _)| *index);
    out.into_iter().map(|(_, entry)| entry).collect()
}

/// Whether a test holds for one text of the list that is the only argument.
fn any_text(args: &Args<'_>, test: impl Fn(&str) -> bool) -> Option<Value> {
    let items = args.positional.first()?.value.as_list()?;
    let texts: Option<Vec<&str>> = items.iter().map(|item| item.value.as_str()).collect();
    Some(Value::Bool(texts?.into_iter().any(test)))
}
