//! What the texts of a project make in a session besides its nodes: temporary views and functions, in hooks, macros and Python.

use std::sync::{Arc, Mutex, PoisonError};

use glueline_base::FileId;
use glueline_catalog::classes;
use glueline_project::{FileKind, Project, conf};
use rustc_hash::FxHashMap;

/// What a text makes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    /// A table or view, in lower case; `None` for one whose name nobody knows before it is rendered.
    Relation(Option<Box<str>>),
    /// A function, likewise.
    Function(Option<Box<str>>),
}

/// What each text makes, as far as somebody asked, with the text that was read: an edit leaves most of them alone.
#[derive(Debug, Default)]
pub(crate) struct Made(Mutex<FxHashMap<FileId, (Arc<str>, Arc<[Thing]>)>>);

impl Made {
    /// Whether some text may make a relation of a name.
    pub(crate) fn has_relation(&self, project: &Project, name: &str) -> bool {
        let name = name.to_lowercase();
        self.any(project, |thing| match thing {
            Thing::Relation(made) => made.as_deref().is_none_or(|made| made == name),
            Thing::Function(_) => false,
        })
    }

    /// Whether some text may make a function of a name, or the session brings some of its own.
    pub(crate) fn has_function(&self, project: &Project, name: &str) -> bool {
        let name = name.to_lowercase();
        has_extensions(project)
            || self.any(project, |thing| match thing {
                Thing::Function(made) => made.as_deref().is_none_or(|made| made == name),
                Thing::Relation(_) => false,
            })
    }

    fn any(&self, project: &Project, is_it: impl Fn(&Thing) -> bool) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let files = project.files();
        files.ids().any(|file| {
            if files.info(file).kind == FileKind::Seed {
                return false;
            }
            let Some(source) = files.sources().get(file.0 as usize) else {
                return false;
            };
            let text = &source.text;
            let entry = known.entry(file).or_insert_with(|| (text.clone(), read(text)));
            if !Arc::ptr_eq(&entry.0, text) {
                *entry = (text.clone(), read(text));
            }
            entry.1.iter().any(&is_it)
        })
    }
}

/// Whether a word is written in one text of SQL and in no other file. What a variable or the profile brings is written elsewhere, if at all.
pub(crate) fn is_written_once(project: &Project, word: &str) -> bool {
    let mut naming = naming(project, word);
    let first = naming.next().map(|file| project.files().info(file).kind);
    first.is_some_and(FileKind::holds_sql) && naming.next().is_none()
}

/// Whether a word stands in more than one file of the project, in whatever case.
pub(crate) fn is_in_several_files(project: &Project, word: &str) -> bool {
    naming(project, word).nth(1).is_some()
}

/// The files that a word stands in, without seeds: those hold rows.
fn naming<'a>(project: &'a Project, word: &'a str) -> impl Iterator<Item = FileId> + 'a {
    let files = project.files();
    let texts = files
        .ids()
        .filter(|file| files.info(*file).kind != FileKind::Seed);
    texts.filter(move |file| has_word(files.text(*file), word))
}

/// Whether a word stands in a text, apart from other letters.
fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some(first) = word.first() else { return false };
    let is_of_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    starts.into_iter().any(|at| {
        let here = text.get(at..at + word.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(word))
            && !is_of_word(text.get(at + word.len()))
            && !is_of_word(at.checked_sub(1).and_then(|before| text.get(before)))
    })
}

/// Whether the session may have functions that neither Spark nor the formats bring: those of other extensions of Spark.
fn has_extensions(project: &Project) -> bool {
    let is_other = |class: &str| !class.is_empty() && classes().iter().all(|known| known.name != class);
    let has_others = |conf: &str| {
        let extensions = conf::setting(conf, "spark.sql.extensions");
        extensions.is_some_and(|extensions| extensions.text().split(',').map(str::trim).any(is_other))
    };
    let target = project.target();
    target.is_some_and(|target| target.spark_conf().is_none_or(has_others))
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
    fn words_stand_apart() {
        for (text, expected) in [
            ("from legacy.orders", true),
            ("FROM Legacy.Orders", true),
            ("from `legacy`.orders", true),
            ("legacy", true),
            ("from legacy_db.orders", false),
            ("from my_legacy.orders", false),
            ("", false),
        ] {
            assert_eq!(has_word(text, "legacy"), expected, "{text}");
        }
    }

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
