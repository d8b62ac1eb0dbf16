//! What `ref()` and `source()` name.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, Value};
use glueline_python::CallKind;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::facts::FileFacts;
use crate::facts::sql::{RefCall, Site, SourceCall};
use crate::files::PackageId;
use crate::fold::asks_for_vars;
use crate::node::{Dependency, DependencyKind, EntryList, Node, NodeId, Resolution, ResourceType};
use crate::project::Inputs;
use crate::values::Text;

/// Nodes by the names that calls use.
#[derive(Debug, Default)]
pub struct Lookup {
    refable: FxHashMap<Arc<str>, Vec<(PackageId, Option<Arc<str>>, NodeId)>>,
    sources: FxHashMap<(Arc<str>, Arc<str>), Vec<(PackageId, NodeId)>>,
    /// The keys of `sources`, sorted.
    source_names: Vec<(Arc<str>, Arc<str>)>,
    enabled: Vec<bool>,
    latest: Vec<bool>,
}

impl Lookup {
    pub(crate) fn new(nodes: &[Node]) -> Self {
        let mut lookup = Self {
            enabled: nodes.iter().map(|node| node.enabled).collect(),
            latest: nodes
                .iter()
                .map(|node| node.version.as_ref().is_none_or(|version| version.latest))
                .collect(),
            ..Self::default()
        };
        for node in nodes {
            if node.kind.is_refable() {
                let version = node.version.as_ref().map(|version| version.v.clone());
                lookup
                    .refable
                    .entry(node.name.clone())
                    .or_default()
                    .push((node.package, version, node.id));
            } else if let (ResourceType::Source, Some(source)) = (node.kind, &node.source_name) {
                let key = (source.clone(), node.name.clone());
                lookup.source_names.push(key.clone());
                lookup
                    .sources
                    .entry(key)
                    .or_default()
                    .push((node.package, node.id));
            }
        }
        lookup.source_names.sort_unstable();
        lookup.source_names.dedup();
        lookup.source_names.shrink_to_fit();
        lookup
    }

    /// The node that `ref()` means. Without a package, dbt looks in the root project, then in the package of the
    /// node that asks, then everywhere (`dbt/contracts/graph/manifest.py`, `_packages_to_search`).
    pub fn find_ref(
        &self,
        from: PackageId,
        package: Option<PackageId>,
        name: &str,
        version: Option<&str>,
    ) -> Resolution {
        let Some(candidates) = self.refable.get(name) else {
            return Resolution::Missing;
        };
        let fits = |(_, found, id): &&(PackageId, Option<Arc<str>>, NodeId)| match version {
            Some(wanted) => found.as_deref() == Some(wanted),
            None => self.latest.get(id.0 as usize).copied().unwrap_or(true),
        };
        let fitting: Vec<_> = candidates
            .iter()
            .filter(fits)
            .map(|(package, _, id)| (*package, *id))
            .collect();
        self.pick(&fitting, from, package)
    }

    /// The table that `source()` means.
    pub fn find_source(&self, from: PackageId, source: &str, table: &str) -> Resolution {
        // The key is a pair of shared texts; a look-up borrows neither.
        let key = (Arc::from(source), Arc::from(table));
        let Some(candidates) = self.sources.get(&key) else {
            return Resolution::Missing;
        };
        self.pick(candidates, from, None)
    }

    fn pick(
        &self,
        candidates: &[(PackageId, NodeId)],
        from: PackageId,
        package: Option<PackageId>,
    ) -> Resolution {
        let enabled = |id: NodeId| self.enabled.get(id.0 as usize).copied().unwrap_or(false);
        let mut disabled = None;
        let order: &[Option<PackageId>] = match package {
            Some(package) => &[Some(package)],
            None => &[Some(0), Some(from), None],
        };
        for wanted in order {
            let in_package = candidates
                .iter()
                .filter(|(package, _)| wanted.is_none_or(|wanted| wanted == *package));
            for id in in_package.map(|(_, id)| *id) {
                if enabled(id) {
                    return Resolution::Node(id);
                }
                disabled = disabled.or(Some(id));
            }
        }
        disabled.map_or(Resolution::Missing, Resolution::Disabled)
    }

    /// The names that `ref()` knows, sorted.
    pub fn ref_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.refable.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names
    }

    /// The sources and tables that `source()` knows, sorted.
    pub fn source_names(&self) -> Vec<(&str, &str)> {
        let names = self.source_names.iter();
        names.map(|(source, table)| (&**source, &**table)).collect()
    }

    /// The versions of a model.
    pub fn versions(&self, name: &str) -> Vec<&str> {
        let candidates = self.refable.get(name).into_iter().flatten();
        candidates
            .filter_map(|(_, version, _)| version.as_deref())
            .collect()
    }
}

/// Fills in what each node reads.
pub(crate) fn dependencies(inputs: &Inputs<'_>, lookup: &Lookup, nodes: &mut [Node]) {
    nodes.par_iter_mut().for_each(|node| fill(inputs, lookup, node));
}

/// Fills in what a node reads.
pub(crate) fn fill(inputs: &Inputs<'_>, lookup: &Lookup, node: &mut Node) {
    let (dependencies, asks) = asks_for_vars(|| of_node(inputs, lookup, node));
    node.dependencies = dependencies;
    node.asks_for_vars |= asks;
}

fn of_node(inputs: &Inputs<'_>, lookup: &Lookup, node: &Node) -> Vec<Dependency> {
    let resolver = Resolver {
        inputs,
        lookup,
        package: node.package,
    };
    match node.kind {
        ResourceType::Source => Vec::new(),
        ResourceType::Test if node.generic_test.is_some() => resolver.attached(node),
        ResourceType::Exposure => {
            let exposures = node.patch.and_then(|reference| {
                inputs
                    .facts(reference.file)
                    .yaml()?
                    .properties
                    .exposures
                    .get(reference.index)
            });
            let names = exposures
                .map(|exposure| exposure.depends_on.as_slice())
                .unwrap_or_default();
            names
                .iter()
                .flat_map(|name| resolver.expression(node.at.file, name))
                .collect()
        }
        ResourceType::UnitTest => resolver.unit_test(node),
        ResourceType::Snapshot if node.language == crate::node::Language::None => {
            let relation = node
                .patch
                .and_then(|reference| inputs.patch(reference)?.relation.as_ref());
            relation
                .map(|name| resolver.expression(node.at.file, name))
                .unwrap_or_default()
        }
        _ => resolver.file(node),
    }
}

struct Resolver<'a, 'b> {
    inputs: &'b Inputs<'a>,
    lookup: &'b Lookup,
    package: PackageId,
}

impl Resolver<'_, '_> {
    fn file(&self, node: &Node) -> Vec<Dependency> {
        let file = node.at.file;
        match self.inputs.facts(file) {
            FileFacts::Sql(facts) => {
                let in_node = |site: &Site| site.in_macro.is_none() && site.in_snapshot == node.block;
                let refs = facts
                    .refs
                    .iter()
                    .filter(|call| in_node(&call.site))
                    .map(|call| self.ref_call(file, call));
                let sources = facts.sources.iter().filter(|call| in_node(&call.site));
                let mut found: Vec<_> = refs
                    .chain(sources.map(|call| self.source_call(file, call)))
                    .collect();
                found.sort_by_key(|dependency| dependency.at.range.start());
                found
            }
            FileFacts::Python(model) => model
                .calls
                .iter()
                .filter_map(|call| self.python_call(file, call))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn python_call(&self, file: FileId, call: &glueline_python::Call) -> Option<Dependency> {
        let by_place: Vec<Option<Text>> = call
            .positional()
            .map(|argument| python_text(&argument.value))
            .collect();
        let last = by_place.last().cloned().flatten();
        let at = last.as_ref().map_or(call.range, |name| name.range);
        match (call.kind, by_place.as_slice()) {
            (CallKind::Ref, [name]) => {
                let version = call
                    .named("v")
                    .or_else(|| call.named("version"))
                    .map(|argument| &argument.value);
                Some(self.reference(file, at, None, name.as_ref(), version, true))
            }
            (CallKind::Ref, [package, name]) => {
                let name = name.as_ref().filter(|_| package.is_some());
                let version = call
                    .named("v")
                    .or_else(|| call.named("version"))
                    .map(|argument| &argument.value);
                Some(self.reference(file, at, package.as_ref(), name, version, true))
            }
            (CallKind::Ref, _) => Some(self.reference(file, at, None, None, None, true)),
            (CallKind::Source, [source, table]) => {
                Some(self.table(file, at, source.as_ref(), table.as_ref(), true))
            }
            (CallKind::Source, _) => Some(self.table(file, at, None, None, true)),
            (CallKind::Config | CallKind::ConfigGet | CallKind::ConfigMetaGet, _) => None,
        }
    }

    fn ref_call(&self, file: FileId, call: &RefCall) -> Dependency {
        let at = call.name.as_ref().map_or(call.site.range, |name| name.range);
        let certain = self.is_certain(file, &call.site);
        self.reference(
            file,
            at,
            call.package.as_ref(),
            call.name.as_ref(),
            call.version.as_ref(),
            certain,
        )
    }

    fn source_call(&self, file: FileId, call: &SourceCall) -> Dependency {
        let at = call.table.as_ref().map_or(call.site.range, |table| table.range);
        let certain = self.is_certain(file, &call.site);
        self.table(file, at, call.source.as_ref(), call.table.as_ref(), certain)
    }

    fn is_certain(&self, file: FileId, site: &Site) -> bool {
        if site.is_unconditional() {
            return true;
        }
        if site.in_loop || site.in_macro.is_some() {
            return false;
        }
        let scope = self.inputs.scope(self.package);
        scope.reach(self.inputs.files.text(file), site) == glueline_jinja::Reach::Always
    }

    fn reference(
        &self,
        file: FileId,
        at: glueline_base::TextRange,
        package: Option<&Text>,
        name: Option<&Text>,
        version: Option<&Spanned<Value>>,
        certain: bool,
    ) -> Dependency {
        let version_text = version.map(|version| match &version.value {
            Value::Unknown => None,
            value => Some(Arc::<str>::from(value.display())),
        });
        let resolution = match (name, &version_text) {
            (None, _) | (_, Some(None)) => Resolution::Unknown,
            (Some(name), version) => {
                let version = version.as_ref().and_then(|version| version.as_deref());
                match package.map(|package| self.inputs.package_named(&package.value)) {
                    Some(None) => Resolution::Missing,
                    Some(Some(package)) => {
                        self.lookup
                            .find_ref(self.package, Some(package), &name.value, version)
                    }
                    None => self.lookup.find_ref(self.package, None, &name.value, version),
                }
            }
        };
        Dependency {
            at: FileRange { file, range: at },
            kind: DependencyKind::Ref {
                package: package.map(|package| package.value.clone()),
                name: name.map(|name| name.value.clone()),
                version: version_text.flatten(),
            },
            resolution: self.doubt(resolution),
            certain,
        }
    }

    fn table(
        &self,
        file: FileId,
        at: glueline_base::TextRange,
        source: Option<&Text>,
        table: Option<&Text>,
        certain: bool,
    ) -> Dependency {
        let resolution = match (source, table) {
            (Some(source), Some(table)) => self.lookup.find_source(self.package, &source.value, &table.value),
            _ => Resolution::Unknown,
        };
        Dependency {
            at: FileRange { file, range: at },
            kind: DependencyKind::Source {
                source: source.map(|source| source.value.clone()),
                table: table.map(|table| table.value.clone()),
            },
            resolution: self.doubt(resolution),
            certain,
        }
    }

    /// What is missing may be in a package that is asked for and not installed, or in a file that could not be read.
    fn doubt(&self, resolution: Resolution) -> Resolution {
        if resolution == Resolution::Missing && self.inputs.knows_all_nodes() {
            Resolution::Missing
        } else if resolution == Resolution::Missing {
            Resolution::Unknown
        } else {
            resolution
        }
    }

    /// `ref(...)` or `source(...)` written as a text in YAML.
    fn expression(&self, file: FileId, text: &Text) -> Vec<Dependency> {
        let facts = crate::facts::read_expression(&text.value);
        let at = |range: glueline_base::TextRange| crate::facts::inside(text, range);
        let mut found = Vec::new();
        for call in &facts.refs {
            let range = at(call.name.as_ref().map_or(call.site.range, |name| name.range));
            let certain = call.site.is_unconditional();
            found.push(self.reference(
                file,
                range,
                call.package.as_ref(),
                call.name.as_ref(),
                call.version.as_ref(),
                certain,
            ));
        }
        for call in &facts.sources {
            let range = at(call.table.as_ref().map_or(call.site.range, |table| table.range));
            found.push(self.table(
                file,
                range,
                call.source.as_ref(),
                call.table.as_ref(),
                call.site.is_unconditional(),
            ));
        }
        found
    }

    /// The resource that a generic test is put on.
    fn attached(&self, node: &Node) -> Vec<Dependency> {
        let Some(reference) = node.patch else {
            return Vec::new();
        };
        let mut dependency = match reference.list {
            EntryList::Sources => {
                let Some(source) = self.inputs.source_facts(reference) else {
                    return Vec::new();
                };
                let Some(table) = reference.inner.and_then(|inner| source.tables.get(inner)) else {
                    return Vec::new();
                };
                self.table(
                    node.at.file,
                    node.at.range,
                    Some(&self.entry_name(node, &source.name)),
                    Some(&self.entry_name(node, &table.name)),
                    true,
                )
            }
            _ => {
                let Some(patch) = self.inputs.patch(reference) else {
                    return Vec::new();
                };
                let version = reference.inner.and_then(|inner| patch.versions.get(inner));
                let version =
                    version.map(|version| Spanned::new(Value::Str(version.v.value.clone()), version.range));
                self.reference(
                    node.at.file,
                    node.at.range,
                    None,
                    Some(&self.entry_name(node, &patch.name)),
                    version.as_ref(),
                    true,
                )
            }
        };
        // An entry for a resource that does not exist has its own message; its tests need none.
        if dependency.resolution == Resolution::Missing {
            dependency.resolution = Resolution::Unknown;
        }
        let mut found = vec![dependency];
        if let Some(test) = self.inputs.test_use(node) {
            for (_, value) in &test.arguments {
                self.argument(node.at.file, value, &mut found);
            }
        }
        found
    }

    /// What an argument of a generic test reads: its texts are Jinja, and those that look like a call of `ref` or `source` are one
    /// (`dbt/context/configured.py`, `add_rendered_test_kwargs`).
    fn argument(&self, file: FileId, value: &Spanned<Value>, found: &mut Vec<Dependency>) {
        match &value.value {
            Value::Str(text) => {
                let trimmed = text.trim();
                let inner = trimmed
                    .strip_prefix("{{")
                    .and_then(|rest| rest.strip_suffix("}}"));
                let calls = |name: &str| {
                    let rest = trimmed.strip_prefix(name).map(str::trim_start);
                    rest.is_some_and(|rest| rest.starts_with('(') && rest.ends_with(')'))
                };
                if let Some(inner) = inner {
                    let lead = text.len() - text.trim_start().len() + 2;
                    let within = glueline_base::range(lead, lead + inner.len());
                    let at = crate::facts::inside(&Spanned::new(text.clone(), value.range), within);
                    found.extend(self.expression(file, &Spanned::new(inner.into(), at)));
                } else if calls("ref") || calls("source") {
                    found.extend(self.expression(file, &Spanned::new(text.clone(), value.range)));
                }
            }
            Value::List(items) => {
                for item in items {
                    self.argument(file, item, found);
                }
            }
            Value::Map(entries) => {
                for entry in entries {
                    self.argument(file, &entry.value, found);
                }
            }
            _ => {}
        }
    }

    fn entry_name(&self, node: &Node, name: &Text) -> Text {
        Spanned::new(self.inputs.entry_name(node.package, &name.value), name.range)
    }

    fn unit_test(&self, node: &Node) -> Vec<Dependency> {
        let Some(test) = node.patch.and_then(|reference| self.inputs.unit_test(reference)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if let Some(model) = &test.model {
            let version = node.version.as_ref().map(|version| Spanned {
                value: Value::Str(version.v.clone()),
                range: model.range,
            });
            found.push(self.reference(
                node.at.file,
                model.range,
                None,
                Some(model),
                version.as_ref(),
                true,
            ));
        }
        for input in &test.inputs {
            found.extend(self.expression(node.at.file, input));
        }
        found
    }
}

/// A text of Python with the range of what stands between its quotes.
fn python_text(value: &Spanned<Value>) -> Option<Text> {
    let text = value.value.as_str()?;
    let range = if usize::from(value.range.len()) == text.len() + 2 {
        glueline_base::range(
            usize::from(value.range.start()) + 1,
            usize::from(value.range.end()) - 1,
        )
    } else {
        value.range
    };
    Some(Spanned::new(text.into(), range))
}
