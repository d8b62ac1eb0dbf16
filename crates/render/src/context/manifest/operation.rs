//! A hook of a run as dbt's manifest holds it (`HookNode` in `dbt/contracts/graph/nodes.py`).

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_template::{Dict, Value};

use super::depends;
use super::node::{Fields, checksum_of, created_at};
use crate::compile::{OPERATION_PATH, Operation};
use crate::info;
use crate::renderer::Shared;

/// A hook of a run as a dict. `refs` and `sources` are what it asked for while it was parsed.
pub(crate) fn of_operation(
    shared: &Arc<Shared>,
    operation: &Operation,
    (refs, sources): (&[NodeId], &[NodeId]),
    omit_none: bool,
) -> Value {
    let project = &shared.project;
    let fqn = info::fqn_of_operation(project, operation);
    let config = info::of_operation(project, operation);
    let (name, [package, ..]) = (&*operation.name, &fqn);
    let fields = Fields::new(omit_none);
    fields.add("database", crate::relation::node_database(project).as_deref());
    fields.add("schema", crate::relation::target_schema(project).as_deref());
    fields.add("name", name);
    fields.add("resource_type", "operation");
    fields.add("package_name", &**package);
    fields.add("path", format!("hooks/{name}.sql"));
    fields.add("original_file_path", OPERATION_PATH);
    fields.add("unique_id", &*operation.unique_id);
    fields.texts("fqn", fqn.iter().map(|part| &**part));
    fields.add("alias", name);
    fields.add(
        "checksum",
        checksum_of(project.files().text(operation.place.file)),
    );
    fields.add("config", info::dict_of_operation(&config, omit_none));
    fields.add("tags", tags(operation, &config));
    fields.add("description", "");
    fields.add("columns", empty());
    fields.add("meta", config.get_str("meta").unwrap_or_else(empty));
    fields.add("group", config.get_str("group").unwrap_or_default());
    let docs = Fields::new(omit_none);
    docs.add("show", true);
    docs.add("node_color", Value::None);
    fields.add("docs", docs.finish());
    fields.add("patch_path", Value::None);
    fields.add("build_path", Value::None);
    let written = info::written_of_operation(project, operation);
    fields.add(
        "unrendered_config",
        Value::dict(written.iter().map(|(key, value)| (&**key, value.clone()))),
    );
    fields.add("created_at", created_at(shared));
    fields.add("config_call_dict", empty());
    fields.add("unrendered_config_call_dict", empty());
    fields.add("relation_name", Value::None);
    fields.add("raw_code", &*operation.text);
    fields.add("doc_blocks", Value::list(Vec::new()));
    fields.add("language", "sql");
    let node = |id: &NodeId| project.node(*id);
    let named = |id: &NodeId| Value::dict([("name", Value::str(&node(id).name))]);
    fields.add("refs", Value::list(refs.iter().map(named).collect()));
    let of_source = |id: &NodeId| {
        let source = Value::from(node(id).source_name.as_deref());
        Value::list(vec![source, Value::str(&node(id).name)])
    };
    fields.add("sources", Value::list(sources.iter().map(of_source).collect()));
    fields.add("metrics", Value::list(Vec::new()));
    fields.add("functions", Value::list(Vec::new()));
    let macros = depends::macros_of_text(shared, operation.package, &operation.text);
    let parents = refs.iter().chain(sources);
    let parents = parents.map(|id| Value::str(&node(id).unique_id)).collect();
    fields.add(
        "depends_on",
        Value::dict([
            (
                "macros",
                Value::list(macros.into_iter().map(Value::from).collect()),
            ),
            ("nodes", Value::list(parents)),
        ]),
    );
    fields.add("compiled_path", Value::None);
    let contract = Fields::new(omit_none);
    contract.add("enforced", false);
    contract.add("alias_types", true);
    contract.add("checksum", Value::None);
    fields.add("contract", contract.finish());
    fields.add(
        "index",
        i64::try_from(operation.index).map_or(Value::None, |index| Value::Int(index + 1)),
    );
    fields.finish()
}

/// When the hook is run, then the tags of its config.
fn tags(operation: &Operation, config: &Dict) -> Value {
    let mut tags = vec![Value::str(operation.when.key())];
    match config.get_str("tags") {
        Some(Value::List(more)) => tags.extend(more.items()),
        Some(Value::Str(tag)) => tags.push(Value::Str(tag)),
        _ => {}
    }
    Value::list(tags)
}

fn empty() -> Value {
    Value::dict::<&str>([])
}
