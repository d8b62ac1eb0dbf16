//! Python's `re`.

mod objects;
mod replace;
mod translate;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use fancy_regex::Regex;

use crate::{Args, Cx, Error, ErrorKind, Value};

use crate::python::iterate::Iter;
use crate::python::params;
use objects::{Match, Pattern};

/// Compiled expressions are kept for the next call, as Python does; that many of them.
const MOST_KEPT: usize = 512;

pub(crate) const IGNORE_CASE: i64 = 2;
pub(super) const MULTILINE: i64 = 8;
pub(super) const DOT_ALL: i64 = 16;
pub(super) const VERBOSE: i64 = 64;

/// The names that dbt hands out: those of `re.__all__`.
pub(super) fn module() -> Value {
    let flags: [(&str, i64); 15] = [
        ("A", 256),
        ("ASCII", 256),
        ("I", IGNORE_CASE),
        ("IGNORECASE", IGNORE_CASE),
        ("L", 4),
        ("LOCALE", 4),
        ("M", MULTILINE),
        ("MULTILINE", MULTILINE),
        ("S", DOT_ALL),
        ("DOTALL", DOT_ALL),
        ("U", 32),
        ("UNICODE", 32),
        ("X", VERBOSE),
        ("VERBOSE", VERBOSE),
        ("NOFLAG", 0),
    ];
    let functions: [(&'static str, crate::Body); 11] = [
        ("compile", compile),
        ("escape", escape),
        ("findall", |cx, args| on_pattern(cx, "findall", args)),
        ("finditer", |cx, args| on_pattern(cx, "finditer", args)),
        ("fullmatch", |cx, args| on_pattern(cx, "fullmatch", args)),
        ("match", |cx, args| on_pattern(cx, "match", args)),
        ("purge", |_, _| Ok(Value::None)),
        ("search", |cx, args| on_pattern(cx, "search", args)),
        ("split", |cx, args| on_pattern(cx, "split", args)),
        ("sub", |cx, args| on_pattern(cx, "sub", args)),
        ("subn", |cx, args| on_pattern(cx, "subn", args)),
    ];
    let functions = functions
        .into_iter()
        .map(|(name, body)| (name, Value::function(name, body)));
    let flags = flags.into_iter().map(|(name, flag)| (name, Value::Int(flag)));
    Value::dict(functions.chain(flags))
}

/// Where a match has to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Anchor {
    Anywhere,
    Start,
    Both,
}

type Kept = HashMap<(String, i64, Anchor), Arc<Regex>>;
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// A compiled expression.
pub(crate) fn regex(pattern: &str, flags: i64, anchor: Anchor) -> Result<Arc<Regex>, Error> {
    let key = (pattern.to_owned(), flags, anchor);
    if let Some(known) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let translated = translate::translate(pattern, flags)?;
    let anchored = match anchor {
        Anchor::Anywhere => translated,
        Anchor::Start => format!(r"\A(?:{translated})"),
        Anchor::Both => format!(r"\A(?:{translated})\z"),
    };
    let made = Regex::new(&anchored).map_err(|error| {
        Error::unsupported(format!(
            "the regular expression {pattern:?} cannot be read: {error}"
        ))
    })?;
    let made = Arc::new(made);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    kept.insert(key, made.clone());
    Ok(made)
}

fn flags_of(value: Option<&Value>) -> Result<i64, Error> {
    params::int_or(value, 0)
}

/// A pattern from its text, or one that is compiled.
fn pattern_of(value: &Value, flags: i64) -> Result<Arc<Pattern>, Error> {
    if let Some(pattern) = value.downcast::<Pattern>() {
        if flags != 0 {
            return Err(Error::value_error(
                "cannot process flags argument with a compiled pattern",
            ));
        }
        return Ok(Arc::new(pattern.clone()));
    }
    match value {
        Value::Str(text) => Pattern::new(&text.plain(), flags).map(Arc::new),
        Value::List(_) | Value::Dict(_) | Value::Set(_) => Err(Error::type_error(format!(
            "unhashable type: '{}'",
            value.type_name()
        ))),
        _ => Err(Error::type_error(
            "first argument must be string or compiled pattern",
        )),
    }
}

fn compile(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [pattern, flags] = args.bind("compile", ["pattern", "flags"], 1)?;
    let pattern = pattern.unwrap_or_default();
    if pattern.downcast::<Pattern>().is_some() && flags.is_none() {
        return Ok(pattern);
    }
    let pattern = pattern_of(&pattern, flags_of(flags.as_ref())?)?;
    Ok(Value::native((*pattern).clone()))
}

/// `re.escape()`.
fn escape(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [pattern] = args.bind("escape", ["pattern"], 1)?;
    let text = subject(&pattern.unwrap_or_default())?;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(Value::from(out))
}

/// The text that is looked into.
fn subject(value: &Value) -> Result<Arc<str>, Error> {
    match value {
        Value::Str(text) => Ok(text.to_plain()),
        other => Err(Error::type_error(format!(
            "expected string or bytes-like object, got '{}'",
            other.type_name()
        ))),
    }
}

/// A function of the module that takes the pattern first.
fn on_pattern(cx: &Cx, name: &str, args: Args) -> Result<Value, Error> {
    match name {
        "sub" | "subn" => {
            let names = ["pattern", "repl", "string", "count", "flags"];
            let [pattern, replacement, text, count, flags] = args.bind(name, names, 3)?;
            let pattern = pattern_of(&pattern.unwrap_or_default(), flags_of(flags.as_ref())?)?;
            pattern.substitute(cx, name, [replacement, text, count])
        }
        "split" => {
            let [pattern, text, most, flags] =
                args.bind(name, ["pattern", "string", "maxsplit", "flags"], 2)?;
            let pattern = pattern_of(&pattern.unwrap_or_default(), flags_of(flags.as_ref())?)?;
            pattern.split(cx, &text.unwrap_or_default(), most.as_ref())
        }
        _ => {
            let [pattern, text, flags] = args.bind(name, ["pattern", "string", "flags"], 2)?;
            let pattern = pattern_of(&pattern.unwrap_or_default(), flags_of(flags.as_ref())?)?;
            pattern.look(cx, name, &text.unwrap_or_default())
        }
    }
}

impl Pattern {
    /// `match`, `fullmatch`, `search`, `findall` and `finditer`.
    fn look(self: &Arc<Self>, cx: &Cx, name: &str, text: &Value) -> Result<Value, Error> {
        let text = subject(text)?;
        let anchor = match name {
            "match" => Anchor::Start,
            "fullmatch" => Anchor::Both,
            "search" => Anchor::Anywhere,
            _ => {
                let found = self.all(cx, &text, usize::MAX)?;
                if name == "findall" {
                    return Ok(Value::list(found.iter().map(Match::as_found).collect()));
                }
                let mut found = found.into_iter().map(Value::native);
                return Ok(Iter::iterator(
                    "callable_iterator",
                    Box::new(move |_| Ok(found.next())),
                ));
            }
        };
        cx.spend(1 + text.len() as u64 / 64)?;
        let regex = regex(&self.source, self.flags, anchor)?;
        let captures = regex.captures(&text).map_err(|error| too_hard(&error))?;
        Ok(captures.map_or(Value::None, |captures| {
            Value::native(Match::new(self.clone(), text.clone(), &captures))
        }))
    }

    /// Every match, from left to right.
    fn all(self: &Arc<Self>, cx: &Cx, text: &Arc<str>, most: usize) -> Result<Vec<Match>, Error> {
        let regex = regex(&self.source, self.flags, Anchor::Anywhere)?;
        let (mut found, mut at) = (Vec::new(), 0);
        while at <= text.len() && found.len() < most {
            cx.spend(1 + text.len() as u64 / 1024)?;
            let captures = regex
                .captures_from_pos(text, at)
                .map_err(|error| too_hard(&error))?;
            let Some(captures) = captures else { break };
            let made = Match::new(self.clone(), text.clone(), &captures);
            let (start, end) = made.span_bytes();
            // An empty match is followed by the next character.
            at = if start == end {
                end + text
                    .get(end..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8)
            } else {
                end
            };
            found.push(made);
        }
        Ok(found)
    }

    fn split(self: &Arc<Self>, cx: &Cx, text: &Value, most: Option<&Value>) -> Result<Value, Error> {
        let text = subject(text)?;
        let most = usize::try_from(params::int_or(most, 0)?).unwrap_or(0);
        let mut parts = Vec::new();
        let mut last = 0;
        for found in self.all(cx, &text, if most == 0 { usize::MAX } else { most })? {
            let (start, end) = found.span_bytes();
            parts.push(Value::str(text.get(last..start).unwrap_or("")));
            parts.extend((1..=self.groups()).map(|group| found.group(group)));
            last = end;
        }
        parts.push(Value::str(text.get(last..).unwrap_or("")));
        Ok(Value::list(parts))
    }
}

fn too_hard(error: &fancy_regex::Error) -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("a regular expression took too long: {error}"),
    )
}
