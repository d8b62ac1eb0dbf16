//! Helpers of this crate's tests.

#![expect(
    clippy::string_slice,
    reason = "the texts of the tests are ASCII where they are cut"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;

use glueline_base::{MapEntry, Node, Spanned, Value, range};

use crate::graph::{Graph, ResourceType, Standing, StateQuestion, TestKind};

/// Reads YAML's flow notation: `{a: b, c: [d, "e f", 1, true, null, ?]}`, where `?` is unknown.
pub(crate) fn flow(text: &str) -> Node {
    let mut at = 0;
    let node = flow_value(text, &mut at);
    assert_eq!(text[at..].trim(), "", "rest of {text}");
    node
}

fn flow_value(text: &str, at: &mut usize) -> Node {
    skip_blanks(text, at);
    let start = *at;
    let value = match text.as_bytes().get(start) {
        Some(b'[') => {
            *at += 1;
            let mut items = Vec::new();
            while !closes(text, at, ']') {
                items.push(flow_value(text, at));
            }
            Value::List(items)
        }
        Some(b'{') => {
            *at += 1;
            let mut entries = Vec::new();
            while !closes(text, at, '}') {
                let key = flow_value(text, at);
                skip_blanks(text, at);
                assert_eq!(&text[*at..=*at], ":", "colon in {text}");
                *at += 1;
                let value = flow_value(text, at);
                entries.push(MapEntry::of(key, value));
            }
            Value::Map(entries)
        }
        Some(b'"') => {
            let length = text[start + 1..].find('"').expect("a closing quote");
            *at += length + 2;
            Value::str(&text[start + 1..start + 1 + length])
        }
        _ => {
            let ends = |c: char| matches!(c, ',' | ']' | '}');
            let rest = &text[start..];
            let length = rest.find(ends).unwrap_or(rest.len());
            let length = rest.find(": ").map_or(length, |colon| colon.min(length));
            *at += length;
            scalar(rest[..length].trim())
        }
    };
    Spanned::new(value, range(start, *at))
}

fn closes(text: &str, at: &mut usize, close: char) -> bool {
    skip_blanks(text, at);
    let found = text[*at..].starts_with(close);
    *at += usize::from(found);
    found
}

fn skip_blanks(text: &str, at: &mut usize) {
    *at = text.len() - text[*at..].trim_start_matches([' ', ',', '\n']).len();
}

fn scalar(text: &str) -> Value {
    match text {
        "?" => Value::Unknown,
        "null" | "" => Value::Null,
        "true" | "false" => Value::Bool(text == "true"),
        _ => match (text.parse(), text.parse()) {
            (Ok(int), _) => Value::Int(int),
            (_, Ok(float)) => Value::Float(float),
            _ => Value::str(text),
        },
    }
}

/// A graph in memory.
#[derive(Debug, Default)]
pub(crate) struct MemGraph {
    pub(crate) nodes: Vec<MemNode>,
    /// What `state:modified` is true of; `None` without an earlier manifest.
    pub(crate) modified: Option<Vec<usize>>,
    paths: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct MemNode {
    id: String,
    kind: String,
    name: String,
    package: String,
    fqn: Vec<String>,
    path: String,
    patch: Option<String>,
    tags: Vec<String>,
    group: Option<String>,
    access: Option<String>,
    standing: Option<Standing>,
    test_kind: Option<TestKind>,
    test_name: Option<String>,
    source: Option<String>,
    config: Vec<(String, Value)>,
    parents: Vec<usize>,
    children: Vec<usize>,
}

impl MemGraph {
    /// Reads lines of `key: value | key: value`. The root project is `shop`.
    pub(crate) fn read(text: &str) -> Self {
        let ids: Vec<_> = text
            .lines()
            .map(|line| line.split(" | ").next().unwrap_or_default())
            .collect();
        let mut graph = Self::default();
        for line in text.lines() {
            let mut node = MemNode::default();
            for (key, value) in line.split(" | ").filter_map(|field| field.split_once(": ")) {
                let list = |separator| value.split(separator).map(str::to_owned).collect();
                let own = || Some(value.to_owned());
                match key {
                    "id" => node.id = value.to_owned(),
                    "type" => node.kind = value.to_owned(),
                    "name" => node.name = value.to_owned(),
                    "package" => node.package = value.to_owned(),
                    "path" => node.path = value.to_owned(),
                    "patch" => node.patch = own(),
                    "group" => node.group = own(),
                    "access" => node.access = own(),
                    "test" => node.test_name = own(),
                    "source" => node.source = own(),
                    "fqn" => node.fqn = list('/'),
                    "tags" => node.tags = list(','),
                    "version" => {
                        node.standing = Some(match value {
                            "latest" => Standing::Latest,
                            "old" => Standing::Old,
                            _ => Standing::Prerelease,
                        });
                    }
                    "kind" => {
                        node.test_kind = Some(match value {
                            "generic" => TestKind::Generic,
                            "unit" => TestKind::Unit,
                            _ => TestKind::Singular,
                        });
                    }
                    "config" => node.config.push(config_entry(value)),
                    "parents" => {
                        node.parents = value
                            .split(',')
                            .map(|id| {
                                ids.iter()
                                    .position(|known| known.strip_prefix("id: ") == Some(id))
                                    .unwrap_or_else(|| panic!("unknown parent {id}"))
                            })
                            .collect();
                    }
                    other => panic!("unknown field {other}"),
                }
            }
            graph.nodes.push(node);
        }
        for child in 0..graph.nodes.len() {
            for parent in graph.nodes[child].parents.clone() {
                graph.nodes[parent].children.push(child);
            }
        }
        for node in graph.nodes.iter().filter(|node| node.package == "shop") {
            for path in [Some(&node.path), node.patch.as_ref()].into_iter().flatten() {
                graph.paths.insert(path.clone());
                for (slash, _) in path.match_indices('/') {
                    graph.paths.insert(path[..slash].to_owned());
                }
            }
        }
        graph
    }

    /// Adds an edge.
    pub(crate) fn link(&mut self, parent: usize, child: usize) {
        self.nodes[parent].children.push(child);
        self.nodes[child].parents.push(parent);
    }
}

/// `key=s:text`, `key=b:true`, `key=l:a,b`, `key=i:1`.
fn config_entry(text: &str) -> (String, Value) {
    let (key, value) = text.split_once('=').expect("a config entry");
    let (kind, value) = value.split_once(':').expect("a config value");
    let value = match kind {
        "s" => Value::str(value),
        "l" => Value::List(
            value
                .split(',')
                .filter(|item| !item.is_empty())
                .map(|item| Spanned::new(Value::str(item), range(0, 0)))
                .collect(),
        ),
        _ => scalar(value),
    };
    (key.to_owned(), value)
}

impl Graph for MemGraph {
    fn node_count(&self) -> usize {
        self.nodes.len()
    }

    fn project(&self) -> &'static str {
        "shop"
    }

    fn is_in_project(&self, path: &str) -> bool {
        path.is_empty() || self.paths.contains(path)
    }

    fn unique_id(&self, node: usize) -> &str {
        &self.nodes[node].id
    }

    fn name(&self, node: usize) -> &str {
        &self.nodes[node].name
    }

    fn package(&self, node: usize) -> &str {
        &self.nodes[node].package
    }

    fn resource_type(&self, node: usize) -> ResourceType {
        ResourceType::from_name(&self.nodes[node].kind).expect("a known type")
    }

    fn fqn(&self, node: usize) -> impl Iterator<Item = &str> {
        self.nodes[node].fqn.iter().map(String::as_str)
    }

    fn path(&self, node: usize) -> &str {
        &self.nodes[node].path
    }

    fn patch_path(&self, node: usize) -> Option<&str> {
        self.nodes[node].patch.as_deref()
    }

    fn tags(&self, node: usize) -> impl Iterator<Item = &str> {
        self.nodes[node].tags.iter().map(String::as_str)
    }

    fn group(&self, node: usize) -> Option<&str> {
        self.nodes[node].group.as_deref()
    }

    fn access(&self, node: usize) -> Option<&str> {
        self.nodes[node].access.as_deref()
    }

    fn standing(&self, node: usize) -> Option<Standing> {
        self.nodes[node].standing
    }

    fn config(&self, node: usize, path: &[String]) -> Option<Cow<'_, Value>> {
        let path = path.join(".");
        let entry = self.nodes[node].config.iter().find(|(key, _)| *key == path)?;
        Some(Cow::Borrowed(&entry.1))
    }

    fn source_name(&self, node: usize) -> Option<&str> {
        self.nodes[node].source.as_deref()
    }

    fn test_kind(&self, node: usize) -> Option<TestKind> {
        self.nodes[node].test_kind
    }

    fn test_name(&self, node: usize) -> Option<&str> {
        self.nodes[node].test_name.as_deref()
    }

    fn parents(&self, node: usize) -> impl Iterator<Item = usize> {
        self.nodes[node].parents.iter().copied()
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        self.nodes[node].children.iter().copied()
    }

    fn has_state(&self) -> bool {
        self.modified.is_some()
    }

    fn state(&self, node: usize, question: StateQuestion) -> bool {
        let modified = self
            .modified
            .as_ref()
            .is_some_and(|modified| modified.contains(&node));
        match question {
            StateQuestion::Modified => modified,
            StateQuestion::Unmodified => !modified,
            _ => false,
        }
    }
}
