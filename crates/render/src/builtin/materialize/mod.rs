//! How models become relations: the materializations of models, and what they share.
//!
//! A materialization does what the original does in the same order, as each step may ask Glue, send a statement or fail. What
//! it writes is thrown away: it gives a dict with the relations that it made.

pub(super) mod default;
pub(super) mod incremental;
pub(super) mod spark;
pub(super) mod table;
pub(super) mod view;

use glueline_template::{Args, Error, Value};

use super::call::Call;

/// What a materialization gives: the relation that it made.
pub(super) fn relations(target: Value) -> Value {
    Value::dict([("relations", Value::list(vec![target]))])
}

/// Runs the hooks that a name means: `run_hooks(name)`, or those inside or outside of the transaction alone.
pub(super) fn hooks(call: &Call<'_>, name: &str, inside: Option<bool>) -> Result<Value, Error> {
    let named = inside.map(|inside| ("inside_transaction", inside.into()));
    call.ask_with(
        "run_hooks",
        vec![call.cx.lookup(name)],
        named.into_iter().collect(),
    )
}

/// Runs the hooks before the node is made, those outside of the transaction first.
pub(super) fn hooks_before(call: &Call<'_>) -> Result<(), Error> {
    hooks(call, "pre_hooks", Some(false))?;
    hooks(call, "pre_hooks", Some(true))?;
    Ok(())
}

/// `apply_grants(target, grants, revoke)`, then `persist_docs(target, model)`.
pub(super) fn grant_and_document(
    call: &Call<'_>,
    target: &Value,
    grants: Value,
    revoke: Value,
) -> Result<(), Error> {
    grant_given(call, target, grants, revoke)?;
    let model = call.cx.lookup("model");
    call.ask("persist_docs", vec![target.clone(), model])?;
    Ok(())
}

/// What comes after a table is made: grants, descriptions, constraints, Lake Formation and hooks.
pub(super) fn finish_table(
    call: &Call<'_>,
    target: Value,
    old: Value,
    grants: Value,
    lake: LakeFormation,
) -> Result<Value, Error> {
    let anew = vec![("full_refresh_mode", true.into())];
    let revoke = call.ask_with("should_revoke", vec![old], anew)?;
    grant_and_document(call, &target, grants, revoke)?;
    let model = call.cx.lookup("model");
    call.ask("persist_constraints", vec![target.clone(), model])?;
    lake.apply(call, &target)?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}

/// `api.Relation.create(...)` for the model under a name.
pub(super) fn new_relation(call: &Call<'_>, identifier: Value, kind: &str) -> Result<Value, Error> {
    let class = call.path("api", &["Relation"])?;
    let parts = Args {
        positional: Vec::new(),
        keywords: vec![
            ("identifier".into(), identifier),
            ("schema".into(), call.cx.lookup("schema")),
            ("database".into(), call.cx.lookup("database")),
            ("type".into(), kind.into()),
        ],
    };
    call.cx.call_method(&class, "create", parts)
}

/// `relation.incorporate(type=kind)`.
pub(super) fn with_type(call: &Call<'_>, relation: &Value, kind: Value) -> Result<Value, Error> {
    let args = Args {
        positional: Vec::new(),
        keywords: vec![("type".into(), kind)],
    };
    call.cx.call_method(relation, "incorporate", args)
}

/// Grants as configured, after revoking what was granted on the relation that was there.
pub(super) fn grant(call: &Call<'_>, target: &Value, grants: Value, existing: Value) -> Result<(), Error> {
    let anew = vec![("full_refresh_mode", true.into())];
    let revoke = call.ask_with("should_revoke", vec![existing], anew)?;
    let revoke = vec![("should_revoke", revoke)];
    call.ask_with("apply_grants", vec![target.clone(), grants], revoke)?;
    Ok(())
}

/// `apply_grants(target, grants, revoke)`.
pub(super) fn grant_given(
    call: &Call<'_>,
    target: &Value,
    grants: Value,
    revoke: Value,
) -> Result<(), Error> {
    call.ask("apply_grants", vec![target.clone(), grants, revoke])?;
    Ok(())
}

/// `adapter.get_relation(...)` of the model itself.
pub(super) fn existing(call: &Call<'_>, identifier: Value, format: &Value) -> Result<Value, Error> {
    let place = vec![
        ("database", call.cx.lookup("database")),
        ("schema", call.cx.lookup("schema")),
        ("identifier", identifier),
        ("file_format", format.clone()),
    ];
    call.method_with("adapter", "get_relation", place)
}

/// What Lake Formation is to be told of the model.
pub(super) struct LakeFormation {
    tags: Value,
    grants: Value,
}

impl LakeFormation {
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Error> {
        Ok(Self {
            tags: call.config("lf_tags_config")?,
            grants: call.config("lf_grants")?,
        })
    }

    pub(super) fn apply(self, call: &Call<'_>, target: &Value) -> Result<(), Error> {
        if !self.tags.is_none() {
            call.method("adapter", "add_lf_tags", vec![target.clone(), self.tags])?;
        }
        if !self.grants.is_none() {
            call.method("adapter", "apply_lf_grants", vec![target.clone(), self.grants])?;
        }
        Ok(())
    }
}
