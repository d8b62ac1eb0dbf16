//! Names of dbt's context that hardly any project uses: `metric`, `function`, `load_agate_table`.

use glueline_template::{Args, Cx, Error, Value};

use super::refs::{Named, not_found, own_relation};
use crate::host::NodeHost;

/// The function of a name.
pub(super) fn function(name: &str) -> Option<Value> {
    Some(match name {
        "metric" => Value::function("metric", metric),
        "function" => Value::function("function", user_function),
        "load_agate_table" => Value::function("load_agate_table", load_agate_table),
        _ => return None,
    })
}

fn metric(cx: &Cx, args: Args) -> Result<Value, Error> {
    resolve(cx, args, "metric")
}

fn user_function(cx: &Cx, args: Args) -> Result<Value, Error> {
    resolve(cx, args, "function")
}

/// Metrics and functions are not read: while dbt parses, a call gives something; afterwards it can only be said that it is unknown.
fn resolve(cx: &Cx, args: Args, kind: &str) -> Result<Value, Error> {
    let named = Named::read(args, kind, "at most two arguments")?;
    let host = NodeHost::of(cx)?;
    if !host.executes() {
        return Ok(own_relation(host));
    }
    Err(match kind {
        "metric" => not_found(host, &named, kind, None),
        _ => not_found(host, &named, kind, Some(false)),
    })
}

fn load_agate_table(cx: &Cx, args: Args) -> Result<Value, Error> {
    args.bind("ProviderContext.load_agate_table", [], 0)
        .map(|[]: [_; 0]| ())?;
    let host = NodeHost::of(cx)?;
    let kind = match (host.node_id(), host.operation()) {
        (Some(node), _) => host.shared.project.node(node).kind.name(),
        (None, Some(_)) => "operation",
        (None, None) => "sql_operation",
    };
    if let Some(node) = host.node_id().filter(|_| kind == "seed") {
        return super::seed_table::load(cx, host, node);
    }
    Err(Error::compilation(format!(
        "can only load_agate_table for seeds (got a {kind})"
    )))
}
