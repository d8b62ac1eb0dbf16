//! Reading `selectors.yml`.

use std::sync::Arc;

use glueline_base::{Node, Spanned, Value};

use crate::arguments::{parse_criterion, parse_method};
use crate::spec::{Criterion, Group, IndirectSelection, Reach, SelectError, Spec};

/// How deep definitions may nest.
const MAX_DEPTH: usize = 60;

/// One selector of `selectors.yml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// Its name; where one is given twice, the last selector counts.
    pub name: Spanned<Arc<str>>,
    /// Its description.
    pub description: Option<Spanned<Arc<str>>>,
    /// Whether it is taken where nothing is selected on the command line.
    pub is_default: bool,
    /// What it selects.
    pub spec: Spec,
}

/// What `selectors.yml` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selectors {
    /// The selectors that could be read, in the order written.
    pub selectors: Vec<Selector>,
    /// Why dbt refuses the file; it stops at the first.
    pub errors: Vec<SelectError>,
}

impl Selectors {
    /// The selector of a name.
    pub fn get(&self, name: &str) -> Option<&Selector> {
        self.selectors
            .iter()
            .rev()
            .find(|selector| &*selector.name.value == name)
    }

    /// The selector dbt takes where nothing is selected on the command line.
    pub fn default_selector(&self) -> Option<&Selector> {
        self.selectors.iter().find(|selector| selector.is_default)
    }
}

/// Reads the value of a whole `selectors.yml`. `indirect` is the value of `--indirect-selection`, which holds where
/// a definition says nothing.
pub fn parse_selectors(file: &Node, indirect: IndirectSelection) -> Selectors {
    let mut reader = Reader {
        indirect,
        errors: Vec::new(),
    };
    let selectors = reader.file(file);
    Selectors {
        selectors,
        errors: reader.errors,
    }
}

struct Reader {
    indirect: IndirectSelection,
    errors: Vec<SelectError>,
}

impl Reader {
    fn file(&mut self, file: &Node) -> Vec<Selector> {
        let entries = match &file.value {
            // dbt takes an empty file for one without selectors.
            Value::Null | Value::Unknown => return Vec::new(),
            Value::Map(entries) if entries.is_empty() => return Vec::new(),
            Value::Map(entries) => entries,
            _ => {
                self.fail("selectors.yml has to be a mapping with the key `selectors`", file);
                return Vec::new();
            }
        };
        for entry in entries {
            match &*entry.key.value {
                "selectors" => {}
                "version" => {
                    self.expect_kind(&entry.value, "version", "a whole number", |value| {
                        value.as_int().is_some()
                    });
                }
                other => self.unknown_key(other, &entry.key),
            }
        }
        let Some(list) = file.value.get("selectors") else {
            self.fail("selectors.yml has no key `selectors`", file);
            return Vec::new();
        };
        match &list.value {
            Value::List(items) => {
                let selectors: Vec<_> = items.iter().filter_map(|item| self.selector(item)).collect();
                self.check_defaults(&selectors);
                selectors
            }
            Value::Unknown => Vec::new(),
            _ => {
                self.fail("`selectors` has to be a list", list);
                Vec::new()
            }
        }
    }

    fn selector(&mut self, item: &Node) -> Option<Selector> {
        let Value::Map(entries) = &item.value else {
            if item.value != Value::Unknown {
                self.fail(
                    "a selector has to be a mapping with `name` and `definition`",
                    item,
                );
            }
            return None;
        };
        for entry in entries {
            if !matches!(
                &*entry.key.value,
                "name" | "definition" | "description" | "default"
            ) {
                self.unknown_key(&entry.key.value, &entry.key);
            }
        }
        let is_text = |value: &Value| value.as_str().is_some();
        let description = item.value.get("description").and_then(|node| {
            self.expect_kind(node, "description", "a text", is_text);
            text(node)
        });
        let is_default = item.value.get("default").is_some_and(|node| {
            self.expect_kind(node, "default", "`true` or `false`", |value| {
                value.as_bool().is_some()
            });
            node.value == Value::Bool(true)
        });
        let name = item.value.get("name");
        let definition = item.value.get("definition");
        for (key, node) in [("name", name), ("definition", definition)] {
            if node.is_none() {
                self.fail(format!("the selector has no `{key}`"), item);
            }
        }
        let (name, definition) = (name?, definition?);
        self.expect_kind(name, "name", "a text", is_text);
        let is_definition = |value: &Value| matches!(value, Value::Str(_) | Value::Map(_));
        if !self.expect_kind(definition, "definition", "a text or a mapping", is_definition) {
            return None;
        }
        Some(Selector {
            name: text(name)?,
            description,
            is_default,
            spec: self.definition(definition, 0)?,
        })
    }

    fn check_defaults(&mut self, selectors: &[Selector]) {
        let mut defaults = selectors.iter().filter(|selector| selector.is_default);
        let Some(first) = defaults.next() else { return };
        for other in defaults {
            let (first, name) = (&first.name.value, &other.name.value);
            self.errors.push(SelectError::new(
                format!("`{first}` and `{name}` cannot both be the default selector"),
                &**name,
                Some(other.name.range),
            ));
        }
    }

    fn definition(&mut self, node: &Node, depth: usize) -> Option<Spec> {
        if depth > MAX_DEPTH {
            self.fail("the definition nests too deeply", node);
            return None;
        }
        let entries = match &node.value {
            Value::Str(text) => {
                return match parse_criterion(text, Some(node.range), self.indirect) {
                    Ok(criterion) => Some(Spec::Criterion(criterion)),
                    Err(error) => {
                        self.errors.push(error);
                        None
                    }
                };
            }
            Value::Map(entries) => entries,
            _ => return Some(Spec::Unknown(node.range)),
        };
        for (key, combine) in [
            ("union", Spec::Union as fn(Group) -> Spec),
            ("intersection", Spec::Intersection),
        ] {
            let Some(entry) = node.value.entry(key) else {
                continue;
            };
            if depth == 0 && entries.len() > 1 {
                self.fail(
                    format!("`{key}` has to be the only key of a selector's definition"),
                    node,
                );
                return None;
            }
            return self.combination(key, &entry.value, combine, depth);
        }
        self.criterion_mapping(node, depth)
    }

    fn combination(
        &mut self,
        key: &str,
        list: &Node,
        combine: fn(Group) -> Spec,
        depth: usize,
    ) -> Option<Spec> {
        let mut parts = Vec::new();
        let mut excluded: Option<Option<Spec>> = None;
        for item in self.list(key, list)? {
            match item.value.get("exclude") {
                None => parts.extend(self.definition(item, depth + 1)),
                // An empty `exclude` does not count.
                Some(_) if matches!(excluded, Some(Some(_))) => {
                    self.fail(format!("`{key}` can hold one `exclude` only"), item);
                }
                Some(exclude) => excluded = Some(self.exclusion(exclude, depth)),
            }
        }
        let combined = combine(Group::new(parts));
        Some(match excluded.flatten() {
            Some(excluded) => Spec::Difference(Group::new(vec![combined, excluded])),
            None => combined,
        })
    }

    /// The union of what an `exclude` lists; `None` where it is empty.
    fn exclusion(&mut self, list: &Node, depth: usize) -> Option<Spec> {
        let mut parts: Vec<_> = self
            .list("exclude", list)?
            .iter()
            .filter_map(|item| self.definition(item, depth + 1))
            .collect();
        if parts.len() > 1 {
            return Some(Spec::Union(Group::new(parts)));
        }
        parts.pop()
    }

    /// The items of a list of definitions. Other items than texts and mappings are reported.
    fn list<'n>(&mut self, key: &str, list: &'n Node) -> Option<&'n [Node]> {
        let items = match &list.value {
            Value::List(items) => items,
            Value::Unknown => return None,
            _ => {
                self.fail(format!("`{key}` has to be a list"), list);
                return None;
            }
        };
        for item in items {
            if !matches!(item.value, Value::Str(_) | Value::Map(_) | Value::Unknown) {
                let kind = item.value.kind();
                self.fail(format!("`{key}` lists texts and mappings; this is {kind}"), item);
            }
        }
        Some(items)
    }

    /// `tag: nightly`, or `method:`, `value:` and their companions.
    fn criterion_mapping(&mut self, node: &Node, depth: usize) -> Option<Spec> {
        let entries = node.value.as_map()?;
        let method_and_value = match entries {
            [only] => {
                let key = Spanned::new(Value::Str(only.key.value.clone()), only.key.range);
                Some((key, &only.value))
            }
            _ => node.value.get("method").cloned().zip(node.value.get("value")),
        };
        let Some((method, value)) = method_and_value else {
            self.fail(
                "a criterion is either one key (`tag: nightly`) or has `method` and `value`",
                node,
            );
            return None;
        };
        let excluded = match entries {
            [_] => None,
            _ => node.value.get("exclude"),
        }
        .and_then(|exclude| self.exclusion(exclude, depth));
        let base = self.criterion(node, &method, value)?;
        Some(match excluded {
            Some(excluded) => Spec::Difference(Group::new(vec![base, excluded])),
            None => base,
        })
    }

    fn criterion(&mut self, node: &Node, method: &Node, value: &Node) -> Option<Spec> {
        let Value::Str(method_text) = &method.value else {
            if method.value == Value::Unknown {
                return Some(Spec::Unknown(method.range));
            }
            self.fail("`method` has to be a text", method);
            return None;
        };
        let (found, arguments) = match parse_method(method_text) {
            Ok(found) => found,
            Err(message) => {
                self.fail(message, method);
                return None;
            }
        };
        let is_set = |key| {
            node.value
                .get(key)
                .is_some_and(|node| node.value.truthy() == Some(true))
        };
        let parents_depth = self.depth(node, "parents_depth");
        let children_depth = self.depth(node, "children_depth");
        let childrens_parents = is_set("childrens_parents");
        let children = is_set("children").then_some(children_depth);
        if childrens_parents && children.is_some() {
            self.fail("`childrens_parents` and `children` cannot be combined", node);
            return None;
        }
        let indirect = match node.value.get("indirect_selection") {
            None => self.indirect,
            Some(mode) => self.indirect_selection(mode),
        };
        Some(Spec::Criterion(Criterion {
            raw: format!("{method_text}:{}", value.value.display()),
            range: Some(node.range),
            method: found,
            arguments,
            value: value.value.clone(),
            childrens_parents,
            parents: is_set("parents").then_some(parents_depth),
            children,
            indirect,
        }))
    }

    fn indirect_selection(&mut self, mode: &Node) -> IndirectSelection {
        if mode.value == Value::Unknown {
            return self.indirect;
        }
        let found = mode.value.as_str().and_then(IndirectSelection::from_name);
        found.unwrap_or_else(|| {
            let names: Vec<_> = IndirectSelection::ALL.iter().map(|mode| mode.name()).collect();
            self.fail(
                format!("`indirect_selection` has to be one of `{}`", names.join("`, `")),
                mode,
            );
            self.indirect
        })
    }

    /// A depth as Python's `int` reads it. What is false there (0, null, an empty text) sets no limit.
    fn depth(&mut self, node: &Node, key: &str) -> Reach {
        let Some(found) = node.value.get(key) else {
            return Reach::All;
        };
        if found.value.truthy() != Some(true) {
            return Reach::All;
        }
        let steps = match &found.value {
            Value::Bool(_) => Some(1),
            Value::Int(steps) => Some(*steps),
            #[expect(clippy::cast_possible_truncation, reason = "as Python's `int` does")]
            Value::Float(steps) => Some(*steps as i64),
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        let Some(steps) = steps else {
            self.fail(format!("`{key}` has to be a whole number"), found);
            return Reach::All;
        };
        Reach::Steps(u32::try_from(steps.max(0)).unwrap_or(u32::MAX))
    }

    /// Reports a value of a wrong kind; true where it is right. Unknown values pass.
    fn expect_kind(&mut self, node: &Node, key: &str, kind: &str, is_right: fn(&Value) -> bool) -> bool {
        let right = node.value == Value::Unknown || is_right(&node.value);
        if !right {
            self.fail(
                format!("`{key}` has to be {kind}, not {}", node.value.kind()),
                node,
            );
        }
        right
    }

    fn unknown_key(&mut self, name: &str, key: &Spanned<Arc<str>>) {
        self.errors.push(SelectError::new(
            format!("dbt knows no key `{name}` here"),
            name,
            Some(key.range),
        ));
    }

    fn fail(&mut self, message: impl Into<String>, node: &Node) {
        let part = node.value.display();
        self.errors
            .push(SelectError::new(message, part, Some(node.range)));
    }
}

fn text(node: &Node) -> Option<Spanned<Arc<str>>> {
    match &node.value {
        Value::Str(text) => Some(Spanned::new(text.clone(), node.range)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
