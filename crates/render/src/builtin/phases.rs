//! Steps that materializations share.

use glueline_template::{Error, Value};

use super::call::Call;

/// `run_hooks(pre_hooks, inside_transaction=...)`: the hooks under a name, those of one side of the transaction.
pub(super) fn hooks(call: &Call<'_>, name: &str, inside: bool) -> Result<(), Error> {
    let hooks = call.cx.lookup(name);
    let side = vec![("inside_transaction", inside.into())];
    call.ask_with("run_hooks", vec![hooks], side)?;
    Ok(())
}

/// `run_hooks(pre_hooks)`: the hooks under a name that run within the transaction, the default.
pub(super) fn hooks_within(call: &Call<'_>, name: &str) -> Result<(), Error> {
    call.ask("run_hooks", vec![call.cx.lookup(name)])?;
    Ok(())
}

/// The hooks of both sides before the node is made: those outside the transaction first.
pub(super) fn hooks_before(call: &Call<'_>) -> Result<(), Error> {
    hooks(call, "pre_hooks", false)?;
    hooks(call, "pre_hooks", true)
}

/// What a materialization returns.
pub(super) fn made(relations: Vec<Value>) -> Value {
    Value::dict([("relations", Value::list(relations))])
}

/// Adds the tags and grants of Lake Formation that the config names.
pub(super) fn lake_formation(call: &Call<'_>, relation: &Value) -> Result<(), Error> {
    for (key, method) in [
        ("lf_tags_config", "add_lf_tags"),
        ("lf_grants", "apply_lf_grants"),
    ] {
        let config = call.config(key)?;
        if !config.is_none() {
            call.method("adapter", method, vec![relation.clone(), config])?;
        }
    }
    Ok(())
}

/// `apply_grants(relation, grants, should_revoke(existing, mode))`, then `persist_docs(relation, model)`.
pub(super) fn grant_and_document(
    call: &Call<'_>,
    relation: &Value,
    grants: Value,
    revoking: Value,
) -> Result<(), Error> {
    call.ask("apply_grants", vec![relation.clone(), grants, revoking])?;
    let model = call.cx.lookup("model");
    call.ask("persist_docs", vec![relation.clone(), model])?;
    Ok(())
}
