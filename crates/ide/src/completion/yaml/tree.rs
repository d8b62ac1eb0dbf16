//! `models:`, `seeds:` and their kin in `dbt_project.yml`: packages, folders that are there, and configs with a `+`.

use std::collections::BTreeMap;

use glueline_catalog::Scope;
use glueline_project::{FileKind, TreeKind};

use super::super::config;
use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::Spot;
use super::keys::with_colon;

pub(super) fn offer(
    cx: &Cx<'_>,
    spot: &Spot<'_>,
    list: &mut List<'_>,
    scope: Scope,
    kind: TreeKind,
    folders: &[&str],
    given: &[&str],
) {
    for (name, detail) in below(cx, kind, folders) {
        if !given.contains(&name.as_str()) {
            let item = Item::new(ItemKind::Folder, name, list.range).detail(detail);
            list.push(0, with_colon(spot, item, false));
        }
    }
    let is_given = |name: &str| given.iter().any(|other| other.trim_start_matches('+') == name);
    let found: Vec<_> = config::open_keys(cx, scope, None, is_given).collect();
    for key in found {
        let label = format!("+{}", key.spec.name);
        let mut item = config::key_item(list, scope, key.spec, &label);
        item.filter = Some(label.clone());
        let is_scalar = key.spec.value.scope().is_none()
            && !matches!(
                key.spec.value,
                glueline_catalog::ValueType::Mapping | glueline_catalog::ValueType::TextMap
            );
        let asks = is_scalar && config::has_values(key.spec);
        let item = with_colon(spot, item, is_scalar);
        list.push(1 + key.tier, if asks { item.asks_again() } else { item });
    }
}

/// The names that can follow: packages at the top, then folders and files.
fn below(cx: &Cx<'_>, kind: TreeKind, folders: &[&str]) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    let Some((package, inner)) = folders.split_first() else {
        for package in cx.project.packages() {
            found.insert(package.name.to_string(), "package");
        }
        return found;
    };
    let Some(package) = cx.package_named(package) else {
        return found;
    };
    if kind == TreeKind::Sources {
        for node in cx.project.nodes().iter().filter(|node| node.package == package) {
            note(
                &mut found,
                node.fqn.iter().skip(1).map(|part| &**part),
                inner,
                node.source_name.is_some(),
            );
        }
        return found;
    }
    let files = cx.project.files();
    for file in files.ids() {
        let info = files.info(file);
        if info.package == package && is_of(kind, info.kind) {
            let parts = info.below.components().map(|part| part.as_str());
            note(&mut found, parts, inner, true);
        }
    }
    found
}

/// Notes what follows the folders given in a path, if it begins with them.
fn note<'p>(
    found: &mut BTreeMap<String, &'static str>,
    parts: impl Iterator<Item = &'p str>,
    inner: &[&str],
    fits: bool,
) {
    let parts: Vec<&str> = parts.collect();
    let Some(rest) = parts.strip_prefix(inner).filter(|_| fits) else {
        return;
    };
    match rest {
        [] => {}
        [file] => {
            let stem = file.rsplit_once('.').map_or(*file, |(stem, _)| stem);
            found.entry(stem.to_owned()).or_insert("file");
        }
        [folder, ..] => {
            found.insert((*folder).to_owned(), "folder");
        }
    }
}

const fn is_of(tree: TreeKind, file: FileKind) -> bool {
    match tree {
        TreeKind::Models => matches!(file, FileKind::Model | FileKind::PythonModel),
        TreeKind::Seeds => matches!(file, FileKind::Seed),
        TreeKind::Snapshots => matches!(file, FileKind::Snapshot),
        TreeKind::DataTests => matches!(file, FileKind::SingularTest),
        TreeKind::Sources | TreeKind::UnitTests | TreeKind::Exposures => false,
    }
}
