//! What nodes read and call (`depends_on`, `refs`, `sources`).

use std::sync::Arc;

use glueline_catalog::jinja::shipped_macro;
use glueline_project::facts::sql::Site;
use glueline_project::{DependencyKind, Language, Node, NodeId, Resolution};
use glueline_template::Value;

use super::super::parsed::parsed;
use crate::renderer::Shared;

/// The nodes that a node reads, as dbt lists them: what `ref()` names, then what `source()` names.
pub(crate) fn nodes(shared: &Arc<Shared>, node: &Node) -> Vec<NodeId> {
    let is_certain = node
        .dependencies
        .iter()
        .all(|dependency| dependency.certain && dependency.resolution != Resolution::Unknown);
    let calls_nothing = node.language != Language::Sql || calls(shared, node).is_empty();
    let mut found = Vec::new();
    let mut add = |id: NodeId| {
        if !found.contains(&id) {
            found.push(id);
        }
    };
    if is_certain && calls_nothing && node.generic_test.is_none() {
        let of = |wants_ref: bool| {
            node.dependencies
                .iter()
                .filter(move |dependency| matches!(dependency.kind, DependencyKind::Ref { .. }) == wants_ref)
                .filter_map(|dependency| match dependency.resolution {
                    Resolution::Node(id) => Some(id),
                    _ => None,
                })
        };
        of(true).chain(of(false)).for_each(&mut add);
    } else {
        let captured = parsed(shared, node.id);
        captured.refs.iter().copied().for_each(&mut add);
        captured.sources.iter().copied().for_each(&mut add);
        node.parents().for_each(&mut add);
    }
    found
}

/// The macros of files that a node calls by itself, as unique ids.
pub(super) fn macros(shared: &Shared, node: &Node) -> Vec<String> {
    if let Some(test) = &node.generic_test {
        let (package, name) = match test.split_once('.') {
            Some((package, name)) => (Some(package), name),
            None => (None, &**test),
        };
        let mut found: Vec<String> = macro_id(shared, node, package, &format!("test_{name}"))
            .into_iter()
            .collect();
        // These two are not rendered while dbt parses, so that it sees no more of them (`dbt/parser/schema_generic_tests.py`).
        if !matches!(&**test, "unique" | "not_null") {
            found.extend(macro_id(shared, node, None, "get_where_subquery"));
        }
        return found;
    }
    let mut found = Vec::new();
    for path in calls(shared, node) {
        let mut parts = path.split('.');
        let id = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, _) => macro_id(shared, node, None, name),
            (Some(package), Some(name), None) => macro_id(shared, node, Some(package), name),
            _ => None,
        };
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// What a node's own file calls.
pub(crate) fn calls<'a>(shared: &'a Shared, node: &Node) -> Vec<&'a str> {
    let Some(facts) = shared.project.facts(node.file()).sql() else {
        return Vec::new();
    };
    let in_node = |site: &Site| site.in_macro.is_none() && site.in_snapshot == node.block;
    facts
        .calls
        .iter()
        .filter(|call| in_node(&call.site) && !call.is_local)
        .map(|call| &*call.path.value)
        .collect()
}

fn macro_id(shared: &Shared, node: &Node, package: Option<&str>, name: &str) -> Option<String> {
    let project = &shared.project;
    let packages = project.packages();
    let found = match package {
        None => project.macros().find(name, node.package),
        Some(package) => {
            let package = packages.iter().position(|found| *found.name == *package);
            package.and_then(|package| project.macros().find_in(name, package))
        }
    };
    if let Some(found) = found {
        let package = &packages.get(found.package)?.name;
        return Some(format!("macro.{package}.{name}"));
    }
    if !matches!(package, None | Some("dbt" | "dbt_spark" | "dbt_glue")) {
        return None;
    }
    let shipped = shipped_macro(name).last()?;
    Some(format!("macro.{}.{name}", shipped.package.name()))
}

/// `refs`: what `ref()` is called with.
pub(super) fn refs(shared: &Arc<Shared>, node: &Node, omit_none: bool) -> Value {
    if node.generic_test.is_some() {
        return refs_of_test(shared, node, omit_none);
    }
    let made = node
        .dependencies
        .iter()
        .filter_map(|dependency| match &dependency.kind {
            DependencyKind::Ref {
                package,
                name: Some(name),
                version,
            } => {
                let mut fields = vec![
                    ("name", Value::str(name)),
                    ("package", Value::from(package.as_deref())),
                    ("version", Value::from(version.as_deref())),
                ];
                fields.retain(|(_, value)| !(omit_none && value.is_none()));
                Some(Value::dict(fields))
            }
            _ => None,
        });
    Value::list(made.collect())
}

/// The arguments of a generic test may call `ref()`, too.
fn refs_of_test(shared: &Arc<Shared>, node: &Node, omit_none: bool) -> Value {
    let named = nodes(shared, node).into_iter().filter_map(|id| {
        let found = shared.project.node(id);
        let version = found.version.as_ref().map(|version| &*version.v);
        let mut fields = vec![
            ("name", Value::str(&found.name)),
            ("package", Value::None),
            ("version", Value::from(version)),
        ];
        fields.retain(|(_, value)| !(omit_none && value.is_none()));
        found.kind.is_refable().then(|| Value::dict(fields))
    });
    Value::list(named.collect())
}

/// `sources`: what `source()` is called with.
pub(super) fn sources(node: &Node) -> Value {
    let made = node
        .dependencies
        .iter()
        .filter_map(|dependency| match &dependency.kind {
            DependencyKind::Source {
                source: Some(source),
                table: Some(table),
            } => Some(Value::list(vec![Value::str(source), Value::str(table)])),
            _ => None,
        });
    Value::list(made.collect())
}
