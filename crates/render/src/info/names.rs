//! The schema and the name under which a node is made (`dbt/parser/base.py`, `update_parsed_node_relation_names`).

use std::sync::Arc;

use glueline_project::{Node, NodeId, PackageId, ResourceType};
use glueline_template::{Args, Dict, Error, Value, to_str};

use super::{Names, NodeInfo};
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// Fills in schema and identifier.
pub(super) fn fill(shared: &Arc<Shared>, id: NodeId, info: &mut NodeInfo) {
    let node = shared.project.node(id);
    let mut names = (*info.names).clone();
    match node.kind {
        ResourceType::Source => {
            names.schema.clone_from(&node.schema);
            names.identifier.clone_from(&node.identifier);
            source(shared, node, &mut names);
        }
        ResourceType::Exposure | ResourceType::UnitTest => {}
        _ => {
            let made = generate(shared, id, info, "generate_schema_name", "schema");
            names.schema = settle(made, &mut names.error);
            info.names = Arc::new(names.clone());
            let made = generate(shared, id, info, "generate_alias_name", "alias");
            names.identifier = settle(made, &mut names.error);
            if node.kind == ResourceType::Snapshot
                && let Some(target) = info.config.get_str("target_schema").filter(Value::truth)
            {
                names.schema = Some(to_str(&target).to_plain());
            }
        }
    }
    info.names = Arc::new(names);
}

fn settle(made: Result<Option<Arc<str>>, Error>, fault: &mut Option<Error>) -> Option<Arc<str>> {
    made.unwrap_or_else(|error| {
        fault.get_or_insert(error);
        None
    })
}

/// The names of a source, where they hold Jinja that calls macros.
fn source(shared: &Arc<Shared>, node: &Node, names: &mut Names) {
    let Some((source, table)) = shared.project.source_entry(node) else {
        return;
    };
    let Some(table) = source.tables.get(table) else {
        return;
    };
    let evaluate = |text: &glueline_project::Text| {
        let place = text.in_file(node.at.file);
        let made = super::layers::evaluate(shared, node, &text.value, place);
        made.truth().then(|| to_str(&made).to_plain())
    };
    // What comes out as nothing counts as not written (`dbt/parser/sources.py`, `parse_source`).
    if names.schema.is_none() {
        let written = source.schema.as_ref().and_then(evaluate);
        names.schema = written.or_else(|| evaluate(&source.name));
    }
    if names.identifier.is_none() {
        let written = table.identifier.as_ref().and_then(evaluate);
        names.identifier = written.or_else(|| evaluate(&table.name));
    }
    names.database = source
        .database
        .as_ref()
        .and_then(|(_, database)| evaluate(database));
}

/// What `generate_schema_name` or `generate_alias_name` makes of a config.
fn generate(
    shared: &Arc<Shared>,
    id: NodeId,
    info: &NodeInfo,
    name: &str,
    key: &str,
) -> Result<Option<Arc<str>>, Error> {
    let project = &shared.project;
    let node = project.node(id);
    let custom = info.config.get_str(key).unwrap_or_default();
    if project.macros().override_of(name, node.package).is_none() {
        return Ok(by_default(shared, node, &custom, key));
    }
    // A package's own macro for its own nodes, else the root project's, else dbt's, which dispatches
    // (`dbt/contracts/graph/manifest.py`, `find_generate_macro_by_name`).
    let package = [node.package, 0]
        .into_iter()
        .find(|package| project.macros().find_in(name, *package).is_some());
    let made = call(shared, id, info, name, package.unwrap_or(0), custom)?;
    Ok(match made {
        Value::None => None,
        Value::Str(text) => Some(text.plain().trim().into()),
        other => Some(to_str(&other).to_plain()),
    })
}

fn call(
    shared: &Arc<Shared>,
    id: NodeId,
    info: &NodeInfo,
    name: &str,
    package: PackageId,
    custom: Value,
) -> Result<Value, Error> {
    let mut host = NodeHost::text(shared, name, Phase::Parse);
    host.package = package;
    let (made, _) = shared.engine.with(Arc::new(host), shared.settings.limits, |cx| {
        let node = crate::context::node_while_named(shared, id, info);
        cx.call(&cx.lookup(name), Args::of(vec![custom, node]))
    });
    made
}

/// dbt's own `generate_schema_name` and `generate_alias_name`.
fn by_default(shared: &Shared, node: &Node, custom: &Value, key: &str) -> Option<Arc<str>> {
    let custom = (!custom.is_none()).then(|| to_str(custom).to_plain());
    if key == "schema" {
        let default = shared.project.target()?.text("schema")?;
        return Some(match custom {
            None => default.into(),
            Some(custom) => format!("{default}_{}", custom.trim()).trim().into(),
        });
    }
    Some(match (custom, &node.version) {
        (Some(alias), _) if !alias.is_empty() => alias.trim().into(),
        (_, Some(version)) => format!("{}_v{}", node.name, version.v.replace('.', "_")).into(),
        (_, None) => node.name.clone(),
    })
}

/// What a config holds, for those who only want a text.
pub(super) fn text(config: &Dict, key: &str) -> Option<Arc<str>> {
    match config.get_str(key)? {
        Value::Str(text) => Some(text.to_plain()),
        _ => None,
    }
}
