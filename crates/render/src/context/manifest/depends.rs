//! What nodes read and call (`depends_on`, `refs`, `sources`).

use std::sync::Arc;

use glueline_catalog::jinja::shipped_macro;
use glueline_jinja as jinja;
use glueline_jinja::{Expr, ExprKind, UnaryOp};
use glueline_project::facts::sql::{MacroCall, Site};
use glueline_project::{DependencyKind, Language, Node, NodeId, PackageId, Resolution};
use glueline_template::Value;

use super::super::parsed::parsed;
use crate::info::NodeInfo;
use crate::renderer::Shared;

/// The nodes that a node reads, as dbt lists them: what `source()` names, then what `ref()` names (`dbt/parser/manifest.py`, `load`).
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
        of(false).chain(of(true)).for_each(&mut add);
    } else {
        let captured = parsed(shared, node.id);
        captured.sources.iter().copied().for_each(&mut add);
        captured.refs.iter().copied().for_each(&mut add);
        node.parents().for_each(&mut add);
    }
    found
}

/// The macros of files that a node calls by itself, as unique ids.
pub(super) fn macros(shared: &Arc<Shared>, node: &Node) -> Vec<String> {
    if let Some(test) = &node.generic_test {
        let (package, name) = match test.split_once('.') {
            Some((package, name)) => (Some(package), name),
            None => (None, &**test),
        };
        let mut found: Vec<String> = macro_id(shared, node.package, package, &format!("test_{name}"))
            .into_iter()
            .collect();
        // These two are not rendered while dbt parses, so that it sees no more of them (`dbt/parser/schema_generic_tests.py`).
        if !matches!(&**test, "unique" | "not_null") {
            found.extend(macro_id(shared, node.package, None, "get_where_subquery"));
        }
        return found;
    }
    let calls = calls_while_parsed(shared, node);
    let mut found = resolved(shared, node.package, calls.into_iter());
    for hook in hooks(&Shared::info(shared, node.id)) {
        for id in macros_of_text(shared, node.package, &hook) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

/// The texts of the hooks of a node, which dbt renders as it parses the node (`dbt/parser/base.py`, `update_parsed_node_config`).
fn hooks(info: &NodeInfo) -> Vec<String> {
    let listed = ["pre_hook", "post_hook"]
        .into_iter()
        .filter_map(|key| match info.config.get_str(key)? {
            Value::List(hooks) => Some(hooks.items()),
            _ => None,
        });
    let records = listed.flatten().filter_map(|hook| {
        let record = hook.downcast::<crate::info::Record>()?.to_dict(true);
        match record {
            Value::Dict(record) => Some(record.get_str("sql")?.as_str()?.into_owned()),
            _ => None,
        }
    });
    records.filter(|text| text.contains('{')).collect()
}

/// The same of a text that is no file: a hook of a run.
pub(super) fn macros_of_text(shared: &Shared, package: PackageId, text: &str) -> Vec<String> {
    let facts = glueline_project::read_jinja(text);
    let calls = facts
        .calls
        .iter()
        .filter(|call| !call.is_local && runs_while_parsed(text, call));
    resolved(shared, package, calls.map(|call| &*call.path.value))
}

fn resolved<'a>(shared: &Shared, from: PackageId, calls: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for path in calls {
        let mut parts = path.split('.');
        let id = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, _) => macro_id(shared, from, None, name),
            (Some(package), Some(name), None) => macro_id(shared, from, Some(package), name),
            _ => None,
        };
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// What a node's own file calls while dbt parses it.
fn calls_while_parsed<'a>(shared: &'a Shared, node: &Node) -> Vec<&'a str> {
    let Some(facts) = shared.project.facts(node.file()).sql() else {
        return Vec::new();
    };
    let text = shared.project.files().text(node.file());
    let in_node = |site: &Site| site.in_macro.is_none() && site.in_snapshot == node.block;
    let calls = facts
        .calls
        .iter()
        .filter(|call| in_node(&call.site) && !call.is_local && runs_while_parsed(text, call));
    calls.map(|call| &*call.path.value).collect()
}

/// Whether nothing around a call keeps it from being made while dbt parses: `execute` is false then, and so is `is_incremental()`.
fn runs_while_parsed(text: &str, call: &MacroCall) -> bool {
    !call.site.conditions.iter().any(|condition| {
        let (expr, _) = jinja::parse_expression(text, condition.expression);
        let known = while_parsed(&expr);
        known.is_some_and(|known| known != condition.holds)
    })
}

/// What a condition is while dbt parses, as far as it is known.
fn while_parsed(expr: &Expr<'_>) -> Option<bool> {
    match &expr.kind {
        ExprKind::Bool(value) => Some(*value),
        ExprKind::Name(name) => (name.value == "execute").then_some(false),
        ExprKind::Call { callee, .. } => (callee.as_name()? == "is_incremental").then_some(false),
        ExprKind::Unary {
            op: UnaryOp::Not,
            operand,
        } => while_parsed(operand).map(|known| !known),
        ExprKind::And(parts) => {
            let known: Vec<_> = parts.iter().map(while_parsed).collect();
            if known.contains(&Some(false)) {
                return Some(false);
            }
            known.iter().all(|part| *part == Some(true)).then_some(true)
        }
        ExprKind::Or(parts) => {
            let known: Vec<_> = parts.iter().map(while_parsed).collect();
            if known.contains(&Some(true)) {
                return Some(true);
            }
            known.iter().all(|part| *part == Some(false)).then_some(false)
        }
        _ => None,
    }
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

fn macro_id(shared: &Shared, from: PackageId, package: Option<&str>, name: &str) -> Option<String> {
    let project = &shared.project;
    let packages = project.packages();
    let found = match package {
        None => project.macros().find(name, from),
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
pub(super) fn refs(shared: &Arc<Shared>, node: &Node, info: &NodeInfo, omit_none: bool) -> Value {
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
                    (
                        "version",
                        version.as_deref().map_or(Value::None, super::node::version),
                    ),
                ];
                fields.retain(|(_, value)| !(omit_none && value.is_none()));
                Some(Value::dict(fields))
            }
            _ => None,
        });
    let of_hooks = hooks(info)
        .into_iter()
        .flat_map(|hook| refs_of_text(&hook, omit_none));
    Value::list(made.chain(of_hooks).collect())
}

/// What `ref()` is called with in a text that is no file.
fn refs_of_text(text: &str, omit_none: bool) -> Vec<Value> {
    let facts = glueline_project::read_jinja(text);
    let made = facts.refs.iter().filter_map(|call| {
        let name = call.name.as_ref()?;
        let version = call.version.as_ref();
        let mut fields = vec![
            ("name", Value::str(&name.value)),
            (
                "package",
                Value::from(call.package.as_ref().map(|package| &*package.value)),
            ),
            (
                "version",
                version.map_or(Value::None, |version| super::super::from_file(&version.value)),
            ),
        ];
        fields.retain(|(_, value)| !(omit_none && value.is_none()));
        Some(Value::dict(fields))
    });
    made.collect()
}

/// The arguments of a generic test may call `ref()`, too.
fn refs_of_test(shared: &Arc<Shared>, node: &Node, omit_none: bool) -> Value {
    let named = nodes(shared, node).into_iter().filter_map(|id| {
        let found = shared.project.node(id);
        let mut fields = vec![
            ("name", Value::str(&found.name)),
            ("package", Value::None),
            (
                "version",
                found
                    .version
                    .as_ref()
                    .map_or(Value::None, |found| super::node::version(&found.v)),
            ),
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
