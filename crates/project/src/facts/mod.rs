//! What each file says, depending on nothing but its path and text.

mod extract;
mod keep;
pub mod properties;
pub mod sql;

use std::sync::Arc;

use glueline_base::{Spanned, SyntaxError, TextRange, Value};
use glueline_python::PythonModel;

pub use properties::Properties;
pub use sql::SqlFacts;

use crate::values::Text;

/// A key that stands twice in one mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The later key, which counts.
    pub at: TextRange,
    /// The earlier key, which is lost.
    pub first: TextRange,
    /// The key.
    pub name: String,
}

/// What a YAML file says.
#[derive(Debug, Clone)]
pub struct YamlFacts {
    /// The whole content, as PyYAML would load it; null for an empty file.
    pub value: Spanned<Value>,
    /// Faults of the YAML.
    pub errors: Vec<SyntaxError>,
    /// Keys that stand twice.
    pub duplicates: Vec<DuplicateKey>,
    /// What it declares, for a properties file.
    pub properties: Properties,
}

/// What a file says.
#[derive(Debug, Clone)]
pub enum FileFacts {
    /// Jinja and SQL, or Markdown with docs blocks.
    Sql(Arc<SqlFacts>),
    /// YAML.
    Yaml(Arc<YamlFacts>),
    /// A Python model.
    Python(Arc<PythonModel>),
    /// A seed.
    Seed(Arc<glueline_seed::Seed>),
    /// Nothing that dbt reads.
    None,
}

impl FileFacts {
    /// The facts of a file of Jinja and SQL.
    pub fn sql(&self) -> Option<&SqlFacts> {
        match self {
            Self::Sql(facts) => Some(facts),
            _ => None,
        }
    }

    /// The facts of a YAML file.
    pub fn yaml(&self) -> Option<&YamlFacts> {
        match self {
            Self::Yaml(facts) => Some(facts),
            _ => None,
        }
    }

    /// The facts of a Python model.
    pub fn python(&self) -> Option<&PythonModel> {
        match self {
            Self::Python(facts) => Some(facts),
            _ => None,
        }
    }

    /// The facts of a seed.
    pub fn seed(&self) -> Option<&glueline_seed::Seed> {
        match self {
            Self::Seed(facts) => Some(facts),
            _ => None,
        }
    }
}

/// Reads the facts of a text of Jinja and SQL, or of Markdown with docs blocks.
pub fn read_sql(text: &str) -> SqlFacts {
    extract::read(text)
}

/// Reads the facts of an expression that stands as a text in YAML.
pub(crate) fn read_expression(text: &str) -> SqlFacts {
    extract::read_expression(text)
}

/// A range inside a text of YAML, in its file: exact where the scalar stands there as it is read, with or without quotes;
/// else the whole scalar.
pub(crate) fn inside(text: &Text, inner: TextRange) -> TextRange {
    let written = usize::from(text.range.len());
    let offset = match written.checked_sub(text.value.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return text.range,
    };
    let start = usize::from(text.range.start()) + offset;
    glueline_base::range(
        start + usize::from(inner.start()),
        start + usize::from(inner.end()),
    )
}

/// Values that one YAML file may expand to, aliases counted each time: an alias bomb ends there.
const YAML_BUDGET: usize = 2_000_000;

/// How dbt reads a YAML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum YamlKind {
    /// `profiles.yml`, read as it is.
    Profiles,
    /// Any other file, read without the white space around it.
    Stripped,
    /// A properties file, read so too.
    Properties,
    /// The variables of a command line.
    Vars,
}

impl YamlKind {
    /// The keys under which dates stay dates: dbt renders nothing there, and where it renders, it makes texts of them
    /// (`BaseRenderer.render_value` and each `should_render_keypath` of `dbt/config/renderer.py` and `dbt/parser/schema_renderer.py`).
    const fn unrendered(self) -> &'static [&'static str] {
        match self {
            Self::Profiles | Self::Vars => &[],
            Self::Stripped => &[
                "vars",
                "on-run-start",
                "on-run-end",
                "query-comment",
                "pre-hook",
                "post-hook",
                "pre_hook",
                "post_hook",
                "+pre-hook",
                "+post-hook",
                "+pre_hook",
                "+post_hook",
            ],
            Self::Properties => &["tests", "data_tests", "description", "loaded_at_query"],
        }
    }
}

/// Makes texts of the dates that dbt makes texts of, as `isoformat` writes them.
fn dates_as_texts(value: &mut Value, unrendered: &[&str]) {
    match value {
        Value::Date(text) => *value = Value::Str(text.replacen(' ', "T", 1).into()),
        Value::List(items) => items
            .iter_mut()
            .for_each(|item| dates_as_texts(&mut item.value, unrendered)),
        Value::Map(entries) => entries
            .iter_mut()
            .filter(|entry| !unrendered.contains(&&*entry.key.value))
            .for_each(|entry| dates_as_texts(&mut entry.value.value, unrendered)),
        _ => {}
    }
}

/// Reads the facts of a YAML file.
pub(crate) fn read_yaml(text: &str, kind: YamlKind) -> YamlFacts {
    let tree = match kind {
        YamlKind::Profiles => glueline_yaml::parse(text),
        YamlKind::Stripped | YamlKind::Properties | YamlKind::Vars => glueline_yaml::parse_stripped(text),
    };
    let mut value = match tree.root() {
        Some(root) => root.to_value(YAML_BUDGET),
        None => Spanned::new(Value::Null, glueline_base::range(0, 0)),
    };
    if kind != YamlKind::Vars {
        dates_as_texts(&mut value.value, kind.unrendered());
    }
    let duplicates = tree
        .duplicates
        .iter()
        .map(|duplicate| DuplicateKey {
            at: duplicate.key,
            first: duplicate.first,
            name: duplicate.name.clone(),
        })
        .collect();
    let properties = if kind == YamlKind::Properties {
        Properties::read(&value.value)
    } else {
        Properties::default()
    };
    YamlFacts {
        value,
        errors: tree.errors,
        duplicates,
        properties,
    }
}
