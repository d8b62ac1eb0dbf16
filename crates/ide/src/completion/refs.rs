//! What `source()`, `var()`, `env_var()` and `doc()` can name; for `ref()` see [`super::models`].

use std::collections::{BTreeMap, BTreeSet};

use glueline_base::{TextRange, Value};
use glueline_project::facts::sql::VarCall;
use glueline_project::{FileKind, Node, PackageId, ResourceType};

use super::cx::Cx;
use super::item::{Item, ItemKind, List};
use super::subject::Subject;

/// What is said of a node in the list: how it is made, and as what.
pub(super) fn summary(cx: &Cx<'_>, node: &Node) -> String {
    let mut parts: Vec<String> = Vec::new();
    match node.kind {
        ResourceType::Model => {
            let made = node.config.get("materialized");
            match made.value().and_then(Value::as_str) {
                Some(made) => parts.push(made.to_owned()),
                None if made.is_unset() => parts.push("view".to_owned()),
                None => parts.push("model".to_owned()),
            }
        }
        kind => parts.push(kind.name().to_owned()),
    }
    parts.extend(node.relation());
    if node.package != cx.package() {
        parts.push(cx.package_name(node.package).to_owned());
    }
    parts.join(" · ")
}

/// Offers the versions of a model.
pub(super) fn versions(cx: &Cx<'_>, list: &mut List<'_>, name: &str, write: impl Fn(&str) -> String) {
    let mut versions = cx.project.lookup().versions(name);
    versions.sort_unstable();
    versions.dedup();
    for version in versions {
        list.offer(0, version, |item| item.text(write(version)), ItemKind::Value);
    }
}

/// Offers the names of sources.
pub(super) fn sources(cx: &Cx<'_>, list: &mut List<'_>, tier: u16, write: impl Fn(&str) -> String) {
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (source, table) in cx.project.lookup().source_names() {
        tables.entry(source).or_default().push(table);
    }
    for (source, tables) in tables {
        let shown: Vec<&str> = tables.iter().copied().take(4).collect();
        let more = if tables.len() > 4 { ", ..." } else { "" };
        let detail = format!("{}{more}", shown.join(", "));
        list.offer(
            tier,
            source,
            |item| item.detail(detail).text(write(source)),
            ItemKind::Namespace,
        );
    }
}

/// Offers the tables of a source.
pub(super) fn tables(cx: &Cx<'_>, list: &mut List<'_>, source: &str, write: impl Fn(&str) -> String) {
    for (found, table) in cx.project.lookup().source_names() {
        if found != source {
            continue;
        }
        let node = cx.find_source(source, table);
        list.offer(
            0,
            table,
            |item| {
                let item = item.text(write(table));
                match node {
                    Some(node) => item
                        .detail(node.relation().unwrap_or_default())
                        .about(Subject::Node(node.unique_id.to_string())),
                    None => item,
                }
            },
            ItemKind::Relation,
        );
    }
}

/// Offers variables: those that the project sets, with their values, and those that other files ask for.
pub(super) fn vars(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for file in cx.project.files().ids() {
        if let Some(facts) = cx.project.facts(file).sql() {
            known.extend(literal_names(cx, file, &facts.vars));
        }
    }
    let own = cx.package_name(cx.package());
    let packages = cx.project.packages();
    let mut layers: Vec<&Value> = Vec::new();
    for package in [packages.get(cx.package()), packages.first()]
        .into_iter()
        .flatten()
    {
        layers.extend(package.project.vars.as_ref().map(|vars| &vars.value));
    }
    layers.push(cx.project.cli_vars());
    let mut set: BTreeMap<&str, String> = BTreeMap::new();
    for layer in layers {
        let of_all = layer.as_map().unwrap_or_default().iter().filter(|entry| {
            entry.value.value.as_map().is_none() || cx.package_named(&entry.key.value).is_none()
        });
        let of_package = layer
            .get(own)
            .and_then(|vars| vars.value.as_map())
            .unwrap_or_default();
        for entry in of_all.chain(of_package) {
            set.insert(&entry.key.value, short(&entry.value.value));
        }
    }
    for (name, value) in &set {
        let detail = value.clone();
        list.offer(
            0,
            name,
            |item| item.detail(detail).text(write(name)),
            ItemKind::Variable,
        );
    }
    for name in known.into_iter().filter(|name| !set.contains_key(name)) {
        list.offer(
            1,
            name,
            |item| item.detail("not set").text(write(name)),
            ItemKind::Variable,
        );
    }
}

/// A value in a few characters.
pub(super) fn short(value: &Value) -> String {
    let shown = value.repr();
    match shown.char_indices().nth(40) {
        Some((cut, _)) => format!("{}...", shown.get(..cut).unwrap_or("")),
        None => shown,
    }
}

/// The names of calls, but for the call at the caret, whose name is only being typed.
fn literal_names<'c>(
    cx: &Cx<'_>,
    file: glueline_base::FileId,
    calls: &'c [VarCall],
) -> impl Iterator<Item = &'c str> {
    let caret = (file == cx.file).then_some(cx.caret);
    let is_typed = move |range: TextRange| caret.is_some_and(|caret| range.contains_inclusive(caret));
    calls
        .iter()
        .filter_map(|call| call.name.as_ref())
        .filter(move |name| !is_typed(name.range))
        .map(|name| &*name.value)
}

/// Offers the names of variables of the environment that the project asks for somewhere. Their values are never read.
pub(super) fn env_vars(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for file in cx.project.files().ids() {
        if let Some(facts) = cx.project.facts(file).sql() {
            names.extend(literal_names(cx, file, &facts.env_vars));
        }
        let kind = cx.project.files().info(file).kind;
        if matches!(
            kind,
            FileKind::ProjectFile
                | FileKind::Profiles
                | FileKind::Packages
                | FileKind::Selectors
                | FileKind::Vars
        ) && file != cx.file
        {
            names.extend(env_names(cx.project.files().text(file)));
        }
    }
    // Of the file at the caret only what is closed counts, and not what the caret stands in.
    let (before, after) = cx.text.split_at_checked(cx.offset()).unwrap_or((cx.text, ""));
    names.extend(env_names(before));
    names.extend(env_names(after));
    for name in names {
        list.offer(0, name, |item| item.text(write(name)), ItemKind::Variable);
    }
}

/// The literal names in calls of `env_var` in a text.
fn env_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("env_var(").filter_map(|(at, call)| {
        let rest = text.get(at + call.len()..)?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let (name, _) = rest.get(1..)?.split_once(quote)?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_name.then_some(name)
    })
}

/// Offers docs blocks: those of a package, or all that `doc()` finds without one.
pub(super) fn docs(
    cx: &Cx<'_>,
    list: &mut List<'_>,
    package: Option<PackageId>,
    write: impl Fn(&str) -> String,
) {
    for file in cx.project.files().of_kind(FileKind::Docs) {
        let info = cx.project.files().info(file);
        if package.is_some_and(|package| package != info.package) {
            continue;
        }
        let Some(facts) = cx.project.facts(file).sql() else {
            continue;
        };
        let tier = u16::from(info.package != cx.package());
        for block in &facts.docs {
            let name = &*block.name.value;
            let of = cx.package_name(info.package).to_owned();
            let item = |item: Item| {
                item.detail(info.shown.as_str())
                    .text(write(name))
                    .about(Subject::Docs(of, name.to_owned()))
            };
            list.offer(tier, name, item, ItemKind::Name);
        }
    }
}

/// Offers the names of packages, the root project's own among them.
pub(super) fn packages(cx: &Cx<'_>, list: &mut List<'_>, tier: u16, write: impl Fn(&str) -> String) {
    for package in cx.project.packages() {
        let name = &*package.name;
        list.offer(
            tier,
            name,
            |item| item.detail("package").text(write(name)),
            ItemKind::Namespace,
        );
    }
}
