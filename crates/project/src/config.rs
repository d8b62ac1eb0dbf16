//! The config of a node: what was set, by which layer, where.
//!
//! dbt's order, weakest first (`dbt/context/context_config.py`, `calculate_node_config`): the node's own project
//! file from the root of the tree down to the node's folder, the properties file, the `config()` calls in the file
//! itself, and, for a node of an installed package, the root project's tree. How two layers join depends on the key
//! (`dbt_common/contracts/config/base.py`): the later replaces, lists append, mappings update.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, Value};
use glueline_catalog::{Checked, KeySpec};

use crate::values::Text;

/// Who set a config value. Sorts from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The project file of the node's own package, so many folders deep.
    ProjectFile(u16),
    /// A properties file.
    Properties,
    /// The file of the node itself.
    InFile,
    /// The root project's file, for a node of an installed package.
    RootProjectFile(u16),
}

/// One setting of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The key, without a leading `+`; its range covers what was written.
    pub key: Text,
    /// The value. [`Value::Unknown`] where it depends on something that cannot be known.
    pub value: Spanned<Value>,
    /// The file of both ranges.
    pub file: FileId,
    /// Who set it.
    pub layer: Layer,
}

impl Contribution {
    /// Whether the node itself sets it: in its properties, or in its file.
    const fn is_own(&self) -> bool {
        matches!(self.layer, Layer::Properties | Layer::InFile)
    }

    /// Where the key stands.
    pub const fn key_at(&self) -> FileRange {
        FileRange {
            file: self.file,
            range: self.key.range,
        }
    }

    /// Where the value stands.
    pub const fn value_at(&self) -> FileRange {
        FileRange {
            file: self.file,
            range: self.value.range,
        }
    }

    /// Another range in the same file.
    pub const fn at(&self, range: glueline_base::TextRange) -> FileRange {
        FileRange {
            file: self.file,
            range,
        }
    }

    /// From the key to the end of the value.
    pub fn whole_at(&self) -> FileRange {
        FileRange {
            file: self.file,
            range: self.key.range.cover(self.value.range),
        }
    }
}

/// The effective state of a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Setting<'a> {
    /// Nobody set it.
    Unset,
    /// It is, or may be, set to something that cannot be known.
    Unknown,
    /// Set, by the strongest layer.
    Set(&'a Contribution),
}

impl<'a> Setting<'a> {
    /// The value, if set and known.
    pub fn value(self) -> Option<&'a Value> {
        match self {
            Setting::Set(contribution) => Some(&contribution.value.value),
            Setting::Unset | Setting::Unknown => None,
        }
    }

    /// The setting, if set and known.
    pub const fn set(self) -> Option<&'a Contribution> {
        match self {
            Setting::Set(contribution) => Some(contribution),
            Setting::Unset | Setting::Unknown => None,
        }
    }

    /// Whether nobody set it, or somebody set it to null.
    pub fn is_unset(self) -> bool {
        match self {
            Setting::Unset => true,
            Setting::Unknown => false,
            Setting::Set(contribution) => contribution.value.value == Value::Null,
        }
    }

    /// Whether the value cannot be known.
    pub const fn is_unknown(self) -> bool {
        matches!(self, Setting::Unknown)
    }
}

/// The config of one node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Weakest first; within a layer, in the order written.
    entries: Vec<Arc<Contribution>>,
    /// Whether something sets keys that cannot be listed: `config(**kwargs)`, a macro that calls `config`.
    opaque: bool,
}

impl Config {
    pub(crate) fn push(&mut self, contribution: Arc<Contribution>) {
        self.entries.push(contribution);
    }

    /// Takes over what is set by another config's node itself: in its properties, or in its file.
    pub(crate) fn push_own(&mut self, other: &Self) {
        let own = other.entries.iter().filter(|entry| entry.is_own());
        self.entries.extend(own.cloned());
        self.opaque |= other.opaque;
    }

    pub(crate) fn make_opaque(&mut self) {
        self.opaque = true;
    }

    /// Lets go of what a null takes back. dbt starts from what project files say, and then leaves out whatever properties and the file
    /// itself make null, so that a null there brings the project's value back. Keys that dbt does not declare keep their null
    /// (`update_parsed_node_config_dict` in `dbt/parser/base.py`).
    pub(crate) fn settle_nulls(&mut self) {
        let takes_back = |entry: &Contribution| {
            let spec = glueline_catalog::model_key(canonical_key(&entry.key.value));
            let is_declared = |spec: &KeySpec| spec.nullable && spec.checked == Checked::AtParse;
            entry.is_own() && entry.value.value == Value::Null && spec.is_some_and(is_declared)
        };
        while let Some(at) = self.entries.iter().rposition(|entry| takes_back(entry)) {
            let Some(key) = self.entries.get(at).map(|entry| entry.key.value.clone()) else {
                return;
            };
            let mut index = 0;
            self.entries.retain(|entry| {
                let is_before = index <= at;
                index += 1;
                !(is_before && entry.is_own() && canonical_key(&entry.key.value) == canonical_key(&key))
            });
        }
    }

    /// The effective value of a key that later layers replace.
    pub fn get(&self, key: &str) -> Setting<'_> {
        let key = canonical_key(key);
        if self.opaque {
            return Setting::Unknown;
        }
        match self
            .entries
            .iter()
            .rev()
            .find(|entry| canonical_key(&entry.key.value) == key)
        {
            None => Setting::Unset,
            Some(entry) if entry.value.value == Value::Unknown => Setting::Unknown,
            Some(entry) => Setting::Set(entry),
        }
    }

    /// Every setting of a key, weakest first: what lists that append and mappings that update are made of.
    pub fn all<'a>(&'a self, key: &'a str) -> impl DoubleEndedIterator<Item = &'a Contribution> {
        let key = canonical_key(key);
        self.entries
            .iter()
            .map(|entry| &**entry)
            .filter(move |entry| canonical_key(&entry.key.value) == key)
    }

    /// The entry of a mapping that layers update (`meta`, `contract`, `persist_docs`, `column_types`, ...).
    pub fn nested(&self, key: &str, inner: &str) -> Option<(&Contribution, &Spanned<Value>)> {
        let canonical = canonical_key(key);
        let of_key = self
            .entries
            .iter()
            .rev()
            .filter(|entry| canonical_key(&entry.key.value) == canonical);
        of_key
            .map(|entry| &**entry)
            .find_map(|entry| Some((entry, entry.value.value.get(inner)?)))
    }

    /// Every setting, weakest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Contribution> {
        self.entries.iter().map(|entry| &**entry)
    }

    /// Whether keys may be set that cannot be listed.
    pub const fn is_opaque(&self) -> bool {
        self.opaque
    }
}

/// dbt reads `pre_hook` for `pre-hook` and `post_hook` for `post-hook`, and no other key has two spellings
/// (`dbt/context/context_config.py`, `translate_hook_names`).
pub fn canonical_key(key: &str) -> &str {
    match key {
        "pre_hook" => "pre-hook",
        "post_hook" => "post-hook",
        other => other,
    }
}

/// A tree of configs in a project file: `models:`, `seeds:`, ...
#[derive(Debug, Clone, Default)]
pub struct ConfigTree {
    own: Vec<(Text, Spanned<Value>)>,
    folders: Vec<(Text, ConfigTree)>,
}

impl ConfigTree {
    /// Reads a tree. A key with a `+`, and any key whose value is no mapping, is a config; the rest are folders
    /// (`dbt/context/context_config.py`, `_project_configs`).
    pub(crate) fn read(value: &Value) -> Self {
        let mut tree = Self::default();
        for entry in value.as_map().unwrap_or_default() {
            let written = &*entry.key.value;
            if let Some(bare) = written.strip_prefix('+') {
                let key = Spanned::new(Arc::from(bare.trim()), entry.key.range);
                tree.own.push((key, entry.value.clone()));
            } else if entry.value.value.as_map().is_some() {
                tree.folders
                    .push((entry.key.clone(), Self::read(&entry.value.value)));
            } else if entry.value.value != Value::Null {
                tree.own.push((entry.key.clone(), entry.value.clone()));
            }
        }
        tree
    }

    /// The configs of this level, in the order written.
    pub fn own(&self) -> &[(Text, Spanned<Value>)] {
        &self.own
    }

    /// The folders below, in the order written.
    pub fn folders(&self) -> &[(Text, ConfigTree)] {
        &self.folders
    }

    /// The levels that apply to an fqn, from the root of the tree down.
    pub(crate) fn levels<'a>(&'a self, fqn: &'a [Arc<str>]) -> impl Iterator<Item = (u16, &'a Self)> {
        let mut level = Some(self);
        let mut names = fqn.iter();
        let mut depth = 0_u16;
        std::iter::from_fn(move || {
            let here = level?;
            let found = (depth, here);
            level = names.next().and_then(|name| {
                here.folders
                    .iter()
                    .rev()
                    .find(|(folder, _)| folder.value == *name)
                    .map(|(_, tree)| tree)
            });
            depth = depth.saturating_add(1);
            Some(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::range;

    use super::*;

    fn contribution(key: &str, value: Value, layer: Layer) -> Arc<Contribution> {
        Arc::new(Contribution {
            key: Spanned::new(key.into(), range(0, 0)),
            value: Spanned::new(value, range(0, 0)),
            file: FileId(0),
            layer,
        })
    }

    #[test]
    fn the_strongest_layer_wins_and_all_are_kept() {
        let mut config = Config::default();
        config.push(contribution(
            "materialized",
            Value::str("view"),
            Layer::ProjectFile(0),
        ));
        config.push(contribution("materialized", Value::str("table"), Layer::InFile));
        config.push(contribution("pre_hook", Value::str("x"), Layer::InFile));
        assert_eq!(config.get("materialized").value(), Some(&Value::str("table")));
        assert_eq!(config.all("materialized").count(), 2);
        assert!(config.get("pre-hook").set().is_some());
        assert!(config.get("file_format").is_unset());
    }

    #[test]
    fn what_may_be_set_elsewhere_is_unknown() {
        let mut config = Config::default();
        config.push(contribution("file_format", Value::Unknown, Layer::InFile));
        assert!(config.get("file_format").is_unknown());
        config.make_opaque();
        assert!(config.get("anything").is_unknown());
    }
}
