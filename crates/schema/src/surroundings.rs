//! What a project says as a whole of relations, databases and functions: found when somebody asks, once for each state of the project.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glueline_base::FileId;
use glueline_catalog::classes;
use glueline_project::{FileKind, Node, Project, ResourceType, conf};
use glueline_render::Renderer;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::declared;
use crate::made::{All, Made};

/// What surrounds the nodes of a project. Whoever asks has to depend on the project as a whole.
#[derive(Debug)]
pub(crate) struct Surroundings {
    renderer: Renderer,
    texts: Arc<Made>,
    made: OnceLock<All>,
    relations: OnceLock<Relations>,
    describes_sources: OnceLock<bool>,
    has_extensions: OnceLock<bool>,
    words: Mutex<FxHashMap<Box<str>, Naming>>,
}

/// The relations that nodes have, in lower case; `None` stands for a name that is not known.
#[derive(Debug, Default)]
struct Relations {
    /// The schemas in which there is one of a name.
    schemas_of: FxHashMap<Option<String>, FxHashSet<Option<String>>>,
    /// All schemas.
    schemas: FxHashSet<Option<String>>,
}

/// Where a word stands in the files of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// In one text of SQL and in no other file.
    OnceInSql,
    /// In more than one file.
    Several,
    /// In no file, or in one that is no SQL.
    Other,
}

impl Surroundings {
    pub(crate) fn new(renderer: &Renderer) -> Self {
        Self::with(renderer, Arc::default())
    }

    /// The same after an edit: the texts that it leaves alone are not read again.
    pub(crate) fn renew(&self, renderer: &Renderer) -> Self {
        Self::with(renderer, Arc::clone(&self.texts))
    }

    fn with(renderer: &Renderer, texts: Arc<Made>) -> Self {
        Self {
            renderer: renderer.clone(),
            texts,
            made: OnceLock::new(),
            relations: OnceLock::new(),
            describes_sources: OnceLock::new(),
            has_extensions: OnceLock::new(),
            words: Mutex::default(),
        }
    }

    fn project(&self) -> &Project {
        self.renderer.project()
    }

    /// Whether a node has a relation, or a text makes one, or either may; in whatever schema where none is given.
    pub(crate) fn may_have_relation(&self, schema: Option<&str>, name: &str) -> bool {
        self.made().relations.may_have(name) || self.relations().may_have(schema, name)
    }

    /// Whether some text may make a function of a name, or the session brings some of its own.
    pub(crate) fn may_have_function(&self, name: &str) -> bool {
        let find = || has_extensions(self.project());
        *self.has_extensions.get_or_init(find) || self.made().functions.may_have(name)
    }

    /// Whether a node has a relation in a database, or may have, or anything but one text of SQL names it.
    pub(crate) fn speaks_of_database(&self, name: &str) -> bool {
        let schemas = &self.relations().schemas;
        let is_of_node = schemas.contains(&None) || schemas.contains(&Some(fold(name)));
        is_of_node || self.naming(name) != Naming::OnceInSql
    }

    /// Whether a word stands in more than one file of the project, in whatever case.
    pub(crate) fn is_in_several_files(&self, word: &str) -> bool {
        self.naming(word) == Naming::Several
    }

    /// Whether a function is of a library of which more than one file calls something: whoever uses it has it in the session.
    pub(crate) fn is_of_used_library(&self, function: &str) -> bool {
        /// How the names begin that Sedona and those for Uber's grid register; Spark has none such.
        const LIBRARIES: [&str; 3] = ["st_", "rs_", "h3_"];
        let function = fold(function);
        let mut libraries = LIBRARIES.iter();
        let library = libraries.find(|library| function.starts_with(**library));
        library.is_some_and(|library| {
            // No word has a parenthesis.
            let key = format!("{library}(");
            self.known_as(&key, |text| has_call(text, library)) == Naming::Several
        })
    }

    /// Whether the project has sources, and says of all of them which columns they have.
    pub(crate) fn describes_all_sources(&self) -> bool {
        *self.describes_sources.get_or_init(|| {
            let project = self.project();
            let nodes = project.nodes().iter();
            let mut sources = nodes.filter(|node| node.kind == ResourceType::Source).peekable();
            sources.peek().is_some()
                && sources.all(|source| {
                    let names = self.renderer.names(source.id);
                    declared::of_source(project, source, &names).columns.is_some()
                })
        })
    }

    fn made(&self) -> &All {
        self.made.get_or_init(|| self.texts.all(self.project()))
    }

    fn relations(&self) -> &Relations {
        self.relations.get_or_init(|| {
            let mut found = Relations::default();
            for node in self.project().nodes() {
                let names = self.renderer.names(node.id);
                let [schema, name] = [&names.schema, &names.identifier].map(|name| name.as_deref().map(fold));
                found.schemas.insert(schema.clone());
                found.schemas_of.entry(name).or_default().insert(schema);
            }
            found
        })
    }

    fn naming(&self, word: &str) -> Naming {
        self.known_as(word, |text| has_word(text, word))
    }

    /// Where texts stand that are like that, under a name for it.
    fn known_as(&self, key: &str, is_it: impl Fn(&str) -> bool) -> Naming {
        let known = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(key) {
            return *known;
        }
        drop(known);
        // Two that look at the same time find the same.
        let found = naming(self.project(), is_it);
        let mut known = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.into(), found);
        found
    }
}

impl Relations {
    fn may_have(&self, schema: Option<&str>, name: &str) -> bool {
        let schema = schema.map(fold);
        [Some(fold(name)), None].iter().any(|name| {
            self.schemas_of.get(name).is_some_and(|schemas| {
                schema.is_none() || schemas.contains(&None) || schemas.contains(&schema)
            })
        })
    }
}

/// Spark compares names of relations without case.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// Whether a session may have functions that neither Spark nor the formats bring: those of other extensions of Spark. A node's `meta`
/// may give it a session with a `conf` of its own (`dbt/adapters/glue/connections.py`, `open`).
fn has_extensions(project: &Project) -> bool {
    let is_other = |class: &str| !class.is_empty() && classes().iter().all(|known| known.name != class);
    let has_others = |conf: &str| {
        let extensions = conf::setting(conf, "spark.sql.extensions");
        extensions.is_some_and(|extensions| extensions.text().split(',').map(str::trim).any(is_other))
    };
    let target = project.target();
    let of_meta = |node: &Node| {
        let conf = node.config.nested("meta", "conf");
        conf.is_some_and(|(_, conf)| conf.value.as_str().is_none_or(has_others))
    };
    target.is_some_and(|target| target.spark_conf().is_none_or(has_others))
        || project.nodes().iter().any(of_meta)
}

/// Where texts stand that are like that. Seeds are not looked into: they hold rows. What a variable or the profile brings is written
/// elsewhere than in SQL, if at all.
fn naming(project: &Project, is_it: impl Fn(&str) -> bool) -> Naming {
    let files = project.files();
    let is_naming = |file: &FileId| files.info(*file).kind != FileKind::Seed && is_it(files.text(*file));
    let mut naming = files.ids().filter(is_naming);
    match (naming.next(), naming.next()) {
        (Some(_), Some(_)) => Naming::Several,
        (Some(file), None) if files.info(file).kind.holds_sql() => Naming::OnceInSql,
        _ => Naming::Other,
    }
}

/// Whether a word stands in a text, apart from other letters.
fn has_word(text: &str, word: &str) -> bool {
    starts_of(text, word).any(|at| !is_of_word(text.as_bytes().get(at + word.len())))
}

/// Whether a function is called in a text whose name begins like that.
fn has_call(text: &str, start: &str) -> bool {
    starts_of(text, start).any(|at| {
        let rest = text.get(at + start.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        rest.trim_start().starts_with('(')
    })
}

fn is_of_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Where words begin in a text that begin like that, in whatever case.
fn starts_of<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let first = word.first().copied().unwrap_or_default();
    let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    starts.filter(move |at| {
        let here = text.get(*at..at + word.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(word))
            && !is_of_word(at.checked_sub(1).and_then(|before| text.get(before)))
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
        assert!(!has_word("x", ""));
    }
}
