//! `re.Pattern` and `re.Match`.

use std::sync::Arc;

use fancy_regex::{Captures, Regex};

use crate::{Args, Cx, Error, Native, Value};

use super::{Anchor, DOT_ALL, IGNORE_CASE, MULTILINE, VERBOSE, regex, translate};
use crate::python::strings::char_count;
use crate::python::{lists, params, repr};

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) source: Arc<str>,
    pub(super) flags: i64,
    /// The names of the groups, the whole match first.
    names: Arc<[Option<String>]>,
}

impl Pattern {
    pub(super) fn new(pattern: &str, flags: i64) -> Result<Self, Error> {
        let compiled: Arc<Regex> = regex(pattern, flags, Anchor::Anywhere)?;
        Ok(Self {
            source: pattern.into(),
            flags: flags | translate::leading_flags(pattern).1,
            names: compiled
                .capture_names()
                .map(|name| name.map(ToOwned::to_owned))
                .collect(),
        })
    }

    /// How many groups there are, without the whole match.
    pub(super) fn groups(&self) -> usize {
        self.names.len().saturating_sub(1)
    }

    /// The number of a group.
    pub(super) fn index_of(&self, group: &Value) -> Option<usize> {
        match group {
            Value::Int(index) => usize::try_from(*index)
                .ok()
                .filter(|index| *index <= self.groups()),
            Value::Str(name) => self.index_of_name(&name.plain()),
            _ => None,
        }
    }

    pub(super) fn index_of_name(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.as_deref() == Some(name))
    }
}

impl Native for Pattern {
    fn type_name(&self) -> &'static str {
        "re.Pattern"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let number = |count: usize| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        Ok(Some(match name {
            "pattern" => Value::str(&self.source),
            "flags" => Value::Int(self.flags | 32),
            "groups" => number(self.groups()),
            "groupindex" => {
                let named = self.names.iter().enumerate();
                Value::dict(named.filter_map(|(index, name)| Some((name.as_deref()?, number(index)))))
            }
            _ => return Ok(None),
        }))
    }

    fn methods(&self) -> &'static [&'static str] {
        &[
            "findall",
            "finditer",
            "fullmatch",
            "match",
            "search",
            "split",
            "sub",
            "subn",
        ]
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let pattern = Arc::new(self.clone());
        let args = args.clone();
        Some(match name {
            "match" | "fullmatch" | "search" | "findall" | "finditer" => args
                .bind(name, ["string", "pos", "endpos"], 1)
                .and_then(|[text, from, to]| match (from, to) {
                    (None, None) => pattern.look(cx, name, &text.unwrap_or_default()),
                    _ => Err(Error::unsupported(
                        "pos and endpos of a pattern are not supported",
                    )),
                }),
            "split" => args
                .bind(name, ["string", "maxsplit"], 1)
                .and_then(|[text, most]| pattern.split(cx, &text.unwrap_or_default(), most.as_ref())),
            "sub" | "subn" => args
                .bind(name, ["repl", "string", "count"], 2)
                .and_then(|given| pattern.substitute(cx, name, given)),
            _ => return None,
        })
    }

    fn text(&self) -> String {
        let flags: Vec<&str> = [
            (256, "re.ASCII"),
            (IGNORE_CASE, "re.IGNORECASE"),
            (MULTILINE, "re.MULTILINE"),
            (DOT_ALL, "re.DOTALL"),
            (VERBOSE, "re.VERBOSE"),
        ]
        .into_iter()
        .filter(|(flag, _)| self.flags & flag != 0)
        .map(|(_, name)| name)
        .collect();
        let flags = if flags.is_empty() {
            String::new()
        } else {
            format!(", {}", flags.join("|"))
        };
        format!("re.compile({}{flags})", repr(&Value::str(&self.source)))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<Self>()?;
        Some(self.source == other.source && self.flags == other.flags)
    }
}

/// A match.
#[derive(Debug)]
pub(super) struct Match {
    pattern: Arc<Pattern>,
    text: Arc<str>,
    /// The bytes of each group, the whole match first.
    spans: Vec<Option<(usize, usize)>>,
}

impl Match {
    pub(super) fn new(pattern: Arc<Pattern>, text: Arc<str>, captures: &Captures<'_>) -> Self {
        let spans = captures
            .iter()
            .map(|group| group.map(|group| (group.start(), group.end())))
            .collect();
        Self { pattern, text, spans }
    }

    pub(super) fn span_bytes(&self) -> (usize, usize) {
        self.spans.first().copied().flatten().unwrap_or((0, 0))
    }

    fn span(&self, group: usize) -> Option<(usize, usize)> {
        self.spans.get(group).copied().flatten()
    }

    pub(super) fn group_text(&self, group: usize) -> Option<&str> {
        let (start, end) = self.span(group)?;
        self.text.get(start..end)
    }

    /// A group, `None` where it did not take part.
    pub(super) fn group(&self, group: usize) -> Value {
        self.group_text(group).map_or(Value::None, Value::str)
    }

    /// What `findall` makes of it.
    pub(super) fn as_found(&self) -> Value {
        let text = |group: usize| Value::str(self.group_text(group).unwrap_or(""));
        match self.pattern.groups() {
            0 => text(0),
            1 => text(1),
            groups => Value::tuple((1..=groups).map(text).collect()),
        }
    }

    fn index(&self, group: &Value) -> Result<usize, Error> {
        self.pattern
            .index_of(group)
            .ok_or_else(|| lists::index_error("no such group"))
    }

    fn place(&self, byte: usize) -> Value {
        let chars = char_count(self.text.get(..byte).unwrap_or(""));
        Value::Int(i64::try_from(chars).unwrap_or(i64::MAX))
    }

    fn method(&self, cx: &Cx, name: &str, args: Args) -> Result<Value, Error> {
        match name {
            "group" => {
                if args.positional.is_empty() {
                    return Ok(self.group(0));
                }
                let groups = args
                    .positional
                    .iter()
                    .map(|group| Ok(self.group(self.index(group)?)));
                let mut groups = groups.collect::<Result<Vec<_>, Error>>()?;
                Ok(if groups.len() == 1 {
                    groups.pop().unwrap_or_default()
                } else {
                    Value::tuple(groups)
                })
            }
            "groups" => {
                let [default] = args.bind(name, ["default"], 0)?;
                let default = default.unwrap_or_default();
                let group = |group| self.group_text(group).map_or_else(|| default.clone(), Value::str);
                Ok(Value::tuple((1..=self.pattern.groups()).map(group).collect()))
            }
            "groupdict" => {
                let [default] = args.bind(name, ["default"], 0)?;
                let default = default.unwrap_or_default();
                let names = self.pattern.names.iter().enumerate();
                Ok(Value::dict(names.filter_map(|(index, name)| {
                    let value = self.group_text(index).map_or_else(|| default.clone(), Value::str);
                    Some((name.as_deref()?, value))
                })))
            }
            "expand" => {
                let template = params::one(args, "expand")?;
                let template = params::text(&template, "template")?;
                super::replace::expand(&template, self).map(Value::from)
            }
            _ => {
                let [group] = params::places::<1>(args, name, 0)?;
                let span = self.span(self.index(&group.unwrap_or(Value::Int(0)))?);
                let (start, end) = match span {
                    Some((start, end)) => (self.place(start), self.place(end)),
                    None => (Value::Int(-1), Value::Int(-1)),
                };
                let _ = cx;
                Ok(match name {
                    "start" => start,
                    "end" => end,
                    _ => Value::tuple(vec![start, end]),
                })
            }
        }
    }

    pub(super) fn pattern(&self) -> &Pattern {
        &self.pattern
    }
}

impl Native for Match {
    fn type_name(&self) -> &'static str {
        "re.Match"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(match name {
            "string" => Value::str(&self.text),
            "re" => Value::native((*self.pattern).clone()),
            "pos" => Value::Int(0),
            "endpos" => self.place(self.text.len()),
            "lastindex" => {
                let last = (1..=self.pattern.groups())
                    .rev()
                    .find(|group| self.span(*group).is_some());
                last.and_then(|last| i64::try_from(last).ok())
                    .map_or(Value::None, Value::Int)
            }
            _ => return Ok(None),
        }))
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        Some(self.index(key).map(|index| self.group(index)))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["end", "expand", "group", "groupdict", "groups", "span", "start"]
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        matches!(
            name,
            "group" | "groups" | "groupdict" | "expand" | "start" | "end" | "span"
        )
        .then(|| self.method(cx, name, args.clone()))
    }

    fn text(&self) -> String {
        let (start, end) = self.span_bytes();
        format!(
            "<re.Match object; span=({}, {}), match={}>",
            repr(&self.place(start)),
            repr(&self.place(end)),
            repr(&self.group(0))
        )
    }

    fn len(&self) -> Option<usize> {
        None
    }
}
