//! What the texts of a project make in a session besides its nodes: temporary views and functions, in hooks, macros and Python.

use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::FileId;
use glueline_project::{FileKind, Project};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a text makes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    /// A table or view, in lower case; `None` for one whose name nobody knows before it is rendered.
    Relation(Option<Box<str>>),
    /// A function, likewise.
    Function(Option<Box<str>>),
}

/// What each text makes, with the text that was read: an edit leaves most of them alone.
#[derive(Debug, Default)]
pub(crate) struct Made(Mutex<FxHashMap<FileId, (Arc<str>, Arc<[Thing]>)>>);

/// The names of things that texts make.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// In lower case.
    known: FxHashSet<Box<str>>,
    /// Whether something has a name that nobody knows.
    has_others: bool,
}

impl Names {
    /// Whether there is a thing of a name, or may be.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.has_others || self.known.contains(&*name.to_lowercase())
    }

    fn add(&mut self, name: Option<&str>) {
        match name {
            Some(name) => drop(self.known.insert(name.into())),
            None => self.has_others = true,
        }
    }
}

/// What all texts of a project make.
#[derive(Debug, Default)]
pub(crate) struct All {
    /// Temporary views, and tables that are no node's.
    pub(crate) relations: Names,
    /// Functions.
    pub(crate) functions: Names,
}

impl Made {
    /// What all texts make.
    pub(crate) fn all(&self, project: &Project) -> All {
        let mut all = All::default();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = project.files();
        let ids = files
            .ids()
            .filter(|file| files.info(*file).kind != FileKind::Seed);
        for (file, source) in ids.filter_map(|file| Some((file, files.sources().get(file.0 as usize)?))) {
            let text = &source.text;
            let entry = known.entry(file).or_insert_with(|| (text.clone(), read(text)));
            if !Arc::ptr_eq(&entry.0, text) {
                *entry = (text.clone(), read(text));
            }
            for thing in &*entry.1 {
                match thing {
                    Thing::Relation(name) => all.relations.add(name.as_deref()),
                    Thing::Function(name) => all.functions.add(name.as_deref()),
                }
            }
        }
        all
    }
}

/// What `create` can say before the name of what it makes.
const BEFORE_NAME: [&str; 12] = [
    "or",
    "replace",
    "global",
    "temp",
    "temporary",
    "external",
    "table",
    "view",
    "function",
    "if",
    "not",
    "exists",
];

/// Calls that register something in a session, with whether that is a function.
const CALLS: [(&str, bool); 5] = [
    ("tempview", false),
    ("temptable", false),
    ("udf.register", true),
    ("registerfunction", true),
    ("registerjavafunction", true),
];

fn read(text: &str) -> Arc<[Thing]> {
    let mut found = Vec::new();
    // Few texts have any of it.
    let lower = text.to_ascii_lowercase();
    for word in ["create", "cache"] {
        for (at, _) in lower.match_indices(word) {
            let rest = lower.get(at + word.len()..).unwrap_or_default();
            let thing = created(rest).filter(|_| is_apart(&lower, at));
            found.extend(thing);
        }
    }
    for (call, is_function) in CALLS {
        for (at, _) in lower.match_indices(call) {
            found.extend(called(
                lower.get(at + call.len()..).unwrap_or_default(),
                is_function,
            ));
        }
    }
    found.into()
}

/// Whether a word starts at a place, and goes on behind none.
fn is_apart(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
}

/// What a statement makes that goes on like this behind its first word.
fn created(rest: &str) -> Option<Thing> {
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let mut words = rest.split_whitespace().take(BEFORE_NAME.len());
    let mut said = Vec::new();
    let name = words.find(|word| {
        let is_before = BEFORE_NAME.contains(word) || *word == "lazy";
        if is_before {
            said.push(*word);
        }
        !is_before
    })?;
    let has = |word: &str| said.contains(&word);
    let is_function = has("function");
    if !is_function && !has("view") && !has("table") {
        return None;
    }
    let is_known = !name.starts_with(['{', '"', '\'', '~']);
    let made = is_known.then(|| plain(name));
    match made {
        // A table that a macro makes has a schema; what is temporary has none.
        None if !is_function && !has("temp") && !has("temporary") => None,
        made if is_function => Some(Thing::Function(made)),
        made => Some(Thing::Relation(made)),
    }
}

/// The last part of a name, without quotes and what follows it.
fn plain(name: &str) -> Box<str> {
    let name = name.split(['(', ';', ',']).next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    last.trim_matches(['`', '"', '\'']).into()
}

/// What a call registers that goes on like this behind its name.
fn called(rest: &str, is_function: bool) -> Option<Thing> {
    let argument = rest.trim_start().strip_prefix('(')?.trim_start();
    let quoted = argument.strip_prefix(['"', '\'']);
    let name = quoted
        .and_then(|quoted| quoted.split(['"', '\'']).next())
        .map(Box::from);
    Some(if is_function {
        Thing::Function(name)
    } else {
        Thing::Relation(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_makes() {
        let cases = [
            ("create temporary view recent as select 1", "relation recent"),
            (
                "create or replace temp view `Recent` as select 1",
                "relation recent",
            ),
            ("CREATE TEMPORARY FUNCTION mask AS 'com.x.Mask'", "function mask"),
            ("create function if not exists util.mask as 'x'", "function mask"),
            ("create temporary view {{ name }} as", "relation ?"),
            ("create table {{ this }} as", ""),
            ("recreate view x", ""),
            ("created view x", ""),
            ("cache lazy table small as select 1", "relation small"),
            ("df.createOrReplaceTempView('recent')", "relation recent"),
            ("df.createOrReplaceTempView(name)", "relation ?"),
            ("spark.udf.register(\"mask\", f)", "function mask"),
            ("select created_at, cache from t", ""),
        ];
        for (text, expected) in cases {
            let shown: Vec<String> = read(text)
                .iter()
                .map(|thing| match thing {
                    Thing::Relation(name) => format!("relation {}", name.as_deref().unwrap_or("?")),
                    Thing::Function(name) => format!("function {}", name.as_deref().unwrap_or("?")),
                })
                .collect();
            assert_eq!(shown.join(", "), expected, "{text}");
        }
    }
}
