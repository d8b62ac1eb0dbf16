//! Selecting nodes as dbt does.

use std::borrow::Cow;

use glueline_base::{FileId, Spanned, Utf8Path, Value};
use glueline_select::{
    Graph as SelectGraph, IndirectSelection, ResourceType as SelectType, SelectError, Selectors, Spec,
    Standing, StateQuestion, TestKind, parse_arguments, parse_selectors,
};

use crate::files::FileKind;
use crate::manifest::Manifest;
use crate::node::{Node, NodeId, ResourceType};
use crate::project::Project;
use crate::values::as_texts;

/// What is to be selected, as the command line says it.
#[derive(Debug, Clone, Default)]
pub struct SelectionRequest<'a> {
    /// `--select`.
    pub select: &'a [String],
    /// `--exclude`.
    pub exclude: &'a [String],
    /// `--selector`.
    pub selector: Option<&'a str>,
    /// `--resource-type`; empty for all.
    pub resource_types: &'a [String],
    /// The earlier manifest that `state:` compares with.
    pub manifest: Option<&'a Manifest>,
}

/// What was selected.
#[derive(Debug, Clone, Default)]
pub struct Selected {
    /// The nodes, by number.
    pub nodes: Vec<NodeId>,
    /// Criteria that selected nothing.
    pub unmatched: Vec<String>,
}

impl Project {
    /// The definitions of `selectors.yml`, with their faults.
    pub fn selectors(&self) -> Option<(FileId, Selectors)> {
        let file = self.files.of_kind(FileKind::Selectors).next()?;
        let value = &self.facts(file).yaml()?.value;
        Some((file, parse_selectors(value, IndirectSelection::default())))
    }

    /// Selects nodes.
    ///
    /// # Errors
    /// Criteria that mean nothing, each as one sentence.
    pub fn select(&self, request: &SelectionRequest<'_>) -> Result<Selected, Vec<SelectError>> {
        let selectors = self.selectors().map(|(_, selectors)| selectors);
        let definitions = selectors
            .as_ref()
            .map_or(&[][..], |selectors| &selectors.selectors);
        let spec: Spec = match request.selector {
            Some(name) => {
                let found = selectors.as_ref().and_then(|selectors| selectors.get(name));
                match found {
                    Some(selector) => selector.spec.clone(),
                    None => {
                        let known: Vec<&str> = definitions.iter().map(|known| &*known.name.value).collect();
                        let known = if known.is_empty() {
                            "there are none".to_owned()
                        } else {
                            known.join(", ")
                        };
                        let message = format!("There is no selector `{name}` in selectors.yml ({known})");
                        return Err(vec![SelectError {
                            message,
                            part: name.to_owned(),
                            range: None,
                        }]);
                    }
                }
            }
            None => {
                let (spec, errors) =
                    parse_arguments(request.select, request.exclude, IndirectSelection::default());
                if !errors.is_empty() {
                    return Err(errors);
                }
                spec
            }
        };
        let view = View {
            project: self,
            manifest: request.manifest,
        };
        let wanted = |node: usize| {
            let types = request.resource_types;
            types.is_empty()
                || types.iter().any(|name| matches!(&**name, "all" | "default"))
                || types.iter().any(|name| name == view.resource_type(node).name())
        };
        let selection = glueline_select::select(&view, &spec, definitions, wanted);
        if let Some(error) = selection.error {
            return Err(vec![error]);
        }
        let number = |node: &usize| NodeId(u32::try_from(*node).unwrap_or(u32::MAX));
        let enabled = |node: &NodeId| self.node(*node).enabled;
        Ok(Selected {
            nodes: selection.nodes.iter().map(number).filter(enabled).collect(),
            unmatched: selection.unmatched,
        })
    }
}

/// The project as the selection sees it.
struct View<'a> {
    project: &'a Project,
    manifest: Option<&'a Manifest>,
}

impl View<'_> {
    fn node(&self, node: usize) -> &Node {
        self.project.node(NodeId(u32::try_from(node).unwrap_or(u32::MAX)))
    }

    fn text(&self, node: usize, key: &str) -> Option<&str> {
        self.node(node).config.get(key).value()?.as_str()
    }
}

fn numbers(nodes: &[NodeId]) -> impl Iterator<Item = usize> + '_ {
    nodes.iter().map(|node| node.0 as usize)
}

impl SelectGraph for View<'_> {
    fn node_count(&self) -> usize {
        self.project.nodes().len()
    }

    fn project(&self) -> &str {
        &self.project.root().name
    }

    fn is_in_project(&self, path: &str) -> bool {
        let path = Utf8Path::new(path);
        self.project
            .files()
            .ids()
            .any(|file| self.project.files().info(file).shown.starts_with(path))
    }

    fn unique_id(&self, node: usize) -> &str {
        &self.node(node).unique_id
    }

    fn name(&self, node: usize) -> &str {
        &self.node(node).name
    }

    fn package(&self, node: usize) -> &str {
        self.project
            .packages()
            .get(self.node(node).package)
            .map_or("", |package| &package.name)
    }

    fn resource_type(&self, node: usize) -> SelectType {
        match self.node(node).kind {
            ResourceType::Model => SelectType::Model,
            ResourceType::Seed => SelectType::Seed,
            ResourceType::Snapshot => SelectType::Snapshot,
            ResourceType::Source => SelectType::Source,
            ResourceType::Test => SelectType::Test,
            ResourceType::UnitTest => SelectType::UnitTest,
            ResourceType::Analysis => SelectType::Analysis,
            ResourceType::Exposure => SelectType::Exposure,
        }
    }

    fn fqn(&self, node: usize) -> impl Iterator<Item = &str> {
        self.node(node).fqn.iter().map(|part| &**part)
    }

    fn path(&self, node: usize) -> &str {
        self.project
            .files()
            .info(self.node(node).file())
            .original
            .as_str()
    }

    fn patch_path(&self, node: usize) -> Option<&str> {
        let reference = self.node(node).patch?;
        Some(self.project.files().info(reference.file).original.as_str())
    }

    fn tags(&self, node: usize) -> impl Iterator<Item = &str> {
        self.node(node)
            .config
            .all("tags")
            .flat_map(|set| match &set.value.value {
                Value::Str(tag) => vec![&**tag],
                Value::List(items) => items.iter().filter_map(|item| item.value.as_str()).collect(),
                _ => Vec::new(),
            })
    }

    fn group(&self, node: usize) -> Option<&str> {
        match self.node(node).kind {
            ResourceType::Source | ResourceType::Exposure | ResourceType::UnitTest => None,
            _ => self.text(node, "group"),
        }
    }

    fn access(&self, node: usize) -> Option<&str> {
        (self.node(node).kind == ResourceType::Model)
            .then(|| self.text(node, "access").unwrap_or("protected"))
    }

    fn standing(&self, node: usize) -> Option<Standing> {
        let version = self.node(node).version.as_ref()?;
        Some(match (version.latest, version.old) {
            (true, _) => Standing::Latest,
            (false, Some(true)) => Standing::Old,
            (false, _) => Standing::Prerelease,
        })
    }

    fn config(&self, node: usize, path: &[String]) -> Option<Cow<'_, Value>> {
        let node = self.node(node);
        let (key, inner) = path.split_first()?;
        if matches!(node.kind, ResourceType::Exposure | ResourceType::UnitTest) {
            return None;
        }
        if inner.is_empty() {
            if key == "tags" {
                let tags = node.config.all("tags").flat_map(|set| as_texts(&set.value));
                let tags = tags
                    .map(|tag| Spanned::new(Value::Str(tag.value), tag.range))
                    .collect();
                return Some(Cow::Owned(Value::List(tags)));
            }
            return match node.config.get(key).value() {
                Some(value) => Some(Cow::Borrowed(value)),
                None => default_config(node, key).map(Cow::Owned),
            };
        }
        let (_, mut value) = node.config.nested(key, inner.first()?)?;
        for step in inner.iter().skip(1) {
            value = value.value.get(step)?;
        }
        Some(Cow::Borrowed(&value.value))
    }

    fn source_name(&self, node: usize) -> Option<&str> {
        self.node(node).source_name.as_deref()
    }

    fn test_kind(&self, node: usize) -> Option<TestKind> {
        let node = self.node(node);
        match (node.kind, &node.generic_test) {
            (ResourceType::Test, Some(_)) => Some(TestKind::Generic),
            (ResourceType::Test, None) => Some(TestKind::Singular),
            (ResourceType::UnitTest, _) => Some(TestKind::Unit),
            _ => None,
        }
    }

    fn test_name(&self, node: usize) -> Option<&str> {
        let name = self.node(node).generic_test.as_deref()?;
        Some(name.rsplit('.').next().unwrap_or(name))
    }

    fn parents(&self, node: usize) -> impl Iterator<Item = usize> {
        numbers(
            self.project
                .graph()
                .parents(NodeId(u32::try_from(node).unwrap_or(u32::MAX))),
        )
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        numbers(
            self.project
                .graph()
                .children(NodeId(u32::try_from(node).unwrap_or(u32::MAX))),
        )
    }

    fn has_state(&self) -> bool {
        self.manifest.is_some()
    }

    fn state(&self, node: usize, question: StateQuestion) -> bool {
        self.manifest
            .is_some_and(|manifest| manifest.answers(self.project, self.node(node), question))
    }
}

/// What dbt's `config` object holds for a key that nobody set.
fn default_config(node: &Node, key: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::str(text));
    match (key, node.kind) {
        ("materialized", ResourceType::Model | ResourceType::Analysis) => text("view"),
        ("materialized", ResourceType::Seed) => text("seed"),
        ("materialized", ResourceType::Snapshot) => text("snapshot"),
        ("materialized", ResourceType::Test) => text("test"),
        ("enabled", _) => Some(Value::Bool(true)),
        ("on_schema_change", ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot) => {
            text("ignore")
        }
        ("access", ResourceType::Model) => text("protected"),
        ("severity", ResourceType::Test) => text("ERROR"),
        ("tags", _) => Some(Value::List(Vec::new())),
        ("meta", _) => Some(Value::Map(Vec::new())),
        _ => None,
    }
}
