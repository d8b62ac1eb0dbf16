//! Occurrences in YAML: keys by what the catalogue knows of their scopes, and the names that values hold.

mod entries;
mod generic_tests;
mod project_file;
mod selectors;

use std::borrow::Cow;

use glueline_base::{TextRange, range};
use glueline_catalog::{KeySpec, Scope, ValueType, lookup};
use glueline_project::FileKind;
use glueline_yaml::{NodeRef, Style};

use super::scan::Scan;
use super::template::config_value;
use super::{Role, Symbol};
use entries::Entry;

/// So many nodes are visited, aliases counted each time: an alias bomb ends there.
const BUDGET: usize = 500_000;

/// So deep mappings and lists are followed.
const MAX_DEPTH: usize = 48;

/// Reads a file of YAML.
pub(super) fn file(scan: &mut Scan<'_>, kind: FileKind) {
    let tree = match kind {
        FileKind::Profiles => glueline_yaml::parse(scan.text),
        _ => glueline_yaml::parse_stripped(scan.text),
    };
    let Some(root) = tree.root() else { return };
    let mut reader = Reader { scan, left: BUDGET };
    match kind {
        FileKind::ProjectFile => reader.map(Scope::ProjectFile, root, Entry::None, 0),
        FileKind::Profiles => reader.profiles(root),
        FileKind::Packages => reader.map(Scope::PackagesFile, root, Entry::None, 0),
        FileKind::Selectors => reader.map(Scope::SelectorsFile, root, Entry::None, 0),
        FileKind::Vars => reader.vars_file(root),
        _ => reader.map(Scope::PropertiesFile, root, Entry::None, 0),
    }
}

/// The bytes of a scalar without its quotes.
fn inner(node: NodeRef<'_>) -> TextRange {
    let whole = node.range();
    let Some(scalar) = node.as_scalar() else {
        return whole;
    };
    let quote = match scalar.style() {
        Style::SingleQuoted => '\'',
        Style::DoubleQuoted => '"',
        Style::Plain | Style::Literal | Style::Folded => return whole,
    };
    let raw = scalar.raw();
    let is_closed = raw.len() > 1 && raw.ends_with(quote);
    let start = usize::from(whole.start()) + 1;
    range(
        start,
        (usize::from(whole.end()) - usize::from(is_closed)).max(start),
    )
}

/// The text of a scalar as dbt would print it; `None` for what is nothing, no scalar, or stands elsewhere.
fn text(node: NodeRef<'_>) -> Option<Cow<'_, str>> {
    if node.is_alias() || node.is_null() {
        return None;
    }
    match node.as_str() {
        Some(text) => Some(text),
        None => node
            .as_scalar()
            .map(|_| Cow::Owned(node.scalar_value().display())),
    }
}

/// The value of a key of a mapping.
fn get<'y>(map: NodeRef<'y>, key: &str) -> Option<NodeRef<'y>> {
    let mut entries = map.raw_entries();
    entries
        .find(|entry| entry.name() == key)
        .map(|entry| entry.value())
}

/// The items of a list, or the node alone.
fn each(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    if node.is_sequence() {
        node.items().collect()
    } else {
        vec![node]
    }
}

/// Whether a text is a call of `ref` or `source`, which dbt evaluates in some places without braces.
fn is_call(text: &str) -> bool {
    let text = text.trim();
    ["ref", "source"].iter().any(|name| {
        text.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('('))
    })
}

struct Reader<'r, 'a> {
    scan: &'r mut Scan<'a>,
    left: usize,
}

impl Reader<'_, '_> {
    /// Counts a node; `false` when there were too many.
    fn spend(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    fn note(&mut self, node: NodeRef<'_>, role: Role, symbol: impl FnOnce(&Scan<'_>) -> Option<Symbol>) {
        if !node.is_alias() {
            self.scan.note(inner(node), role, symbol);
        }
    }

    fn key(&mut self, scope: Scope, node: NodeRef<'_>, name: &str) {
        self.note(node, Role::Reference, |_| {
            Some(Symbol::Key {
                scope,
                name: name.into(),
            })
        });
    }

    /// A mapping with the keys of a scope.
    fn map<'y>(&mut self, scope: Scope, node: NodeRef<'y>, around: Entry<'y>, depth: usize) {
        if depth > MAX_DEPTH || !self.spend() {
            return;
        }
        let entry = around.inside(scope, node);
        for each_entry in node.raw_entries() {
            if each_entry.is_merge() {
                for merged in each(each_entry.value()) {
                    self.map(scope, merged, around, depth + 1);
                }
                continue;
            }
            let name = each_entry.name();
            self.key(scope, each_entry.key(), &name);
            self.value(scope, &name, each_entry.value(), entry, depth);
        }
    }

    /// The value of a key.
    fn value<'y>(&mut self, scope: Scope, key: &str, node: NodeRef<'y>, entry: Entry<'y>, depth: usize) {
        if !self.spend() || depth > MAX_DEPTH {
            return;
        }
        if self.special(scope, key, node, entry, depth) {
            return;
        }
        let spec = lookup(scope, key);
        if node.is_mapping() || node.is_sequence() {
            self.below(scope, key, spec, node, entry, depth);
            return;
        }
        self.scalar(scope, key, node, entry);
    }

    /// A single value of a key.
    fn scalar(&mut self, scope: Scope, key: &str, node: NodeRef<'_>, entry: Entry<'_>) {
        let Some(text) = text(node) else { return };
        if node.has_jinja() {
            self.jinja(node, false);
            return;
        }
        if is_call(&text) {
            self.jinja(node, true);
            return;
        }
        let role = entries::role(scope, key);
        self.note(node, role, |scan| {
            let named = entries::named(scan, scope, key, &text, inner(node), entry);
            named.or_else(|| config_value(scan, scope, key, &text))
        });
    }

    fn jinja(&mut self, node: NodeRef<'_>, is_expression: bool) {
        if let Some(scalar) = node.as_scalar().filter(|_| !node.is_alias()) {
            self.scan.scalar_template(&scalar, is_expression);
        }
    }

    /// What stands below a key.
    fn below<'y>(
        &mut self,
        scope: Scope,
        key: &str,
        spec: Option<&'static KeySpec>,
        node: NodeRef<'y>,
        entry: Entry<'y>,
        depth: usize,
    ) {
        match spec.map(|spec| spec.value) {
            Some(ValueType::DataTests) => self.generic_tests(node, entry, depth),
            Some(ValueType::Objects(inner)) => {
                for item in each(node) {
                    self.map(inner, item, entry, depth + 1);
                }
            }
            Some(ValueType::ObjectMap(inner)) => {
                for item in node.raw_entries() {
                    self.map(inner, item.value(), entry, depth + 1);
                }
            }
            Some(ValueType::Hooks) => {
                for item in each(node) {
                    if item.is_mapping() {
                        self.map(Scope::Hook, item, entry, depth + 1);
                    } else {
                        self.scalar(scope, key, item, entry);
                    }
                }
            }
            Some(value) if node.is_mapping() => match value.scope() {
                Some(inner) => self.map(inner, node, entry, depth + 1),
                None => self.loose(node, depth + 1),
            },
            _ if node.is_sequence() => {
                for item in node.items() {
                    if item.is_mapping() || item.is_sequence() {
                        self.loose(item, depth + 1);
                    } else {
                        self.scalar(scope, key, item, entry);
                    }
                }
            }
            _ => self.loose(node, depth + 1),
        }
    }

    /// Values of which nothing is known: only the Jinja in them is looked at.
    fn loose(&mut self, node: NodeRef<'_>, depth: usize) {
        if depth > MAX_DEPTH || !self.spend() {
            return;
        }
        if node.is_mapping() {
            for entry in node.raw_entries() {
                self.loose(entry.value(), depth + 1);
            }
        } else if node.is_sequence() {
            for item in node.items() {
                self.loose(item, depth + 1);
            }
        } else if let Some(text) = text(node) {
            if node.has_jinja() {
                self.jinja(node, false);
            } else if is_call(&text) {
                self.jinja(node, true);
            }
        }
    }
}
