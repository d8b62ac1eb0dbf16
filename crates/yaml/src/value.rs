//! Trees to values, without the positions of what is inside scalars.

use std::collections::HashSet;
use std::sync::Arc;

use glueline_base::{MapEntry, Node, Spanned, Value};

use crate::construct;
use crate::resolve::value_of;
use crate::tag::Tag;
use crate::tree::{Kind, NodeRef};

/// How deep a value may be, which aliases can make deeper than the text.
const DEPTH_LIMIT: usize = 256;

impl NodeRef<'_> {
    /// The value that Python gets, with the range of each part. An alias has its own range, and what it stands
    /// for the range where that is written.
    ///
    /// At most `budget` nodes are made: what is beyond, and what cannot be read, is [`Value::Unknown`]. So a
    /// few lines of aliases cannot fill the memory.
    pub fn to_value(&self, budget: usize) -> Node {
        let mut converter = Converter {
            budget,
            words: HashSet::new(),
        };
        converter.convert(*self, 0)
    }

    /// The value of a scalar; [`Value::Unknown`] for collections and what cannot be read.
    pub fn scalar_value(&self) -> Value {
        let (Some(kind), Some(node)) = (self.scalar_kind(), self.target()) else {
            return Value::Unknown;
        };
        let decoded = node
            .scalar(&self.tree.text)
            .map(|scalar| construct::resolve(node, &scalar).1);
        decoded
            .and_then(|decoded| value_of(kind, &decoded))
            .unwrap_or_default()
    }
}

/// Texts up to this length are kept once for each file: keys and types recur in every entry of a properties file.
const SHARED_LENGTH: usize = 24;

struct Converter {
    budget: usize,
    words: HashSet<Arc<str>>,
}

impl Converter {
    fn convert(&mut self, node: NodeRef<'_>, depth: usize) -> Node {
        let range = node.range();
        if self.budget == 0 || depth > DEPTH_LIMIT {
            return Spanned::unknown(range);
        }
        self.budget -= 1;
        if matches!(
            node.tag(),
            Some(Tag::Set | Tag::OrderedMap | Tag::Pairs | Tag::Unknown | Tag::Undeclared)
        ) {
            return Spanned::unknown(range);
        }
        let value = match node.kind() {
            Kind::Scalar(_) => match node.scalar_value() {
                Value::Str(text) => Value::Str(self.shared(&text)),
                other => other,
            },
            Kind::Sequence => Value::List(node.items().map(|item| self.convert(item, depth + 1)).collect()),
            Kind::Mapping => {
                let mut entries = Vec::new();
                for entry in node.entries() {
                    if self.budget == 0 {
                        return Spanned::unknown(range);
                    }
                    let typed = entry.key().identity().is_text();
                    let typed = (!typed).then(|| entry.key().scalar_value());
                    entries.push(MapEntry {
                        typed: typed.filter(|key| *key != Value::Unknown).map(Box::new),
                        key: Spanned::new(self.shared(&entry.name()), entry.key().range()),
                        value: self.convert(entry.value(), depth + 1),
                    });
                }
                entries.shrink_to_fit();
                Value::Map(entries)
            }
            Kind::Unreadable => Value::Unknown,
        };
        Spanned::new(value, range)
    }

    fn shared(&mut self, text: &str) -> Arc<str> {
        if text.len() > SHARED_LENGTH {
            return text.into();
        }
        if let Some(known) = self.words.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.words.insert(new.clone());
        new
    }
}
