//! Relations beside the model's own, and relations that are there.

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value, to_str};

use super::Default::Str as Text;
use super::call::{Call, not_implemented, tilde};
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("make_intermediate_relation").with(&[("suffix", Text("__dbt_tmp"))]),
    Row::code("default__make_intermediate_relation", |call| {
        call.ask("default__make_temp_relation", call.values())
    }),
    Row::code("make_temp_relation", make_temp_relation).with(&[("suffix", Text("__dbt_tmp"))]),
    Row::code("default__make_temp_relation", |call| {
        beside(call, &call.arg("base_relation"), vec![])
    }),
    Row::code("spark__make_temp_relation", |call| {
        let relation = beside(call, &call.arg("base_relation"), vec![])?;
        let bare = vec![("database", false.into()), ("schema", false.into())];
        method(call, &relation, "include", bare)
    }),
    Row::code("glue__make_temp_relation", glue_temp_relation),
    Row::dispatch("make_backup_relation").with(&[("suffix", Text("__dbt_backup"))]),
    Row::code("default__make_backup_relation", |call| {
        let kind = vec![("type", call.arg("backup_relation_type"))];
        beside(call, &call.arg("base_relation"), kind)
    }),
    Row::code("load_cached_relation", |call| {
        let relation = call.arg("relation");
        let mut place = Vec::new();
        for part in ["database", "schema", "identifier"] {
            place.push((part, call.attr(&relation, part)?));
        }
        call.method_with("adapter", "get_relation", place)
    }),
    Row::code("load_relation", |call| {
        call.ask("load_cached_relation", call.values())
    }),
    Row::dispatch("get_or_create_relation"),
    Row::code("default__get_or_create_relation", |call| {
        let place = |names: &[&'static str]| -> Vec<(&'static str, Value)> {
            names.iter().map(|name| (*name, call.arg(name))).collect()
        };
        let found = call.method_with(
            "adapter",
            "get_relation",
            place(&["database", "schema", "identifier"]),
        )?;
        if found.truth() {
            return Ok(Value::list(vec![true.into(), found]));
        }
        let class = call.path("api", &["Relation"])?;
        let place = place(&["database", "schema", "identifier", "type"]);
        let made = method(call, &class, "create", place)?;
        Ok(Value::list(vec![false.into(), made]))
    }),
    Row::code("glue__make_target_relation", make_target_relation),
    Row::dispatch("information_schema_name"),
    Row::code("default__information_schema_name", |call| {
        let named = call.arg("database").truth();
        Ok(call.fill(if named {
            "{database}.INFORMATION_SCHEMA"
        } else {
            "INFORMATION_SCHEMA"
        }))
    }),
    Row::dispatch("check_schema_exists"),
    Row::dispatch("get_catalog"),
    Row::code("default__get_catalog", |call| {
        call.refuse("get_catalog not implemented for glue")
    }),
    Row::dispatch("get_catalog_relations"),
    Row::code("default__get_catalog_relations", |call| {
        call.refuse("get_catalog_relations not implemented for glue")
    }),
    Row::dispatch("get_catalog_for_single_relation"),
    Row::code("default__get_catalog_for_single_relation", not_implemented),
    Row::dispatch("get_relations"),
    Row::code("default__get_relations", not_implemented),
    Row::dispatch("get_relation_last_modified"),
    Row::code("default__get_relation_last_modified", not_implemented),
    Row::dispatch("list_function_relations_without_caching"),
    Row::code(
        "default__list_function_relations_without_caching",
        not_implemented,
    ),
    Row::dispatch("alter_relation_comment"),
    Row::code("default__alter_relation_comment", not_implemented),
];

fn method(call: &Call<'_>, value: &Value, name: &str, named: Vec<(&str, Value)>) -> Result<Value, Error> {
    let args = Args {
        positional: Vec::new(),
        keywords: named
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    };
    call.cx.call_method(value, name, args)
}

/// The relation whose name ends in `suffix`.
fn beside(call: &Call<'_>, base: &Value, mut named: Vec<(&str, Value)>) -> Result<Value, Error> {
    let identifier = call.attr(base, "identifier")?;
    let identifier = tilde(&[&identifier, &call.arg("suffix")]);
    named.insert(0, ("path", Value::dict([("identifier", identifier)])));
    method(call, base, "incorporate", named)
}

/// A batch of a microbatch model has a relation of its own.
fn make_temp_relation(call: &Call<'_>) -> Result<Value, Error> {
    let mut suffix = call.arg("suffix");
    if suffix.as_str().as_deref() == Some("__dbt_tmp") {
        let batch = call.path("model", &["batch"])?;
        if batch.truth() {
            suffix = tilde(&[&suffix, &"_".into(), &call.attr(&batch, "id")?]);
        }
    }
    call.dispatch("make_temp_relation", vec![call.arg("base_relation"), suffix])
}

/// dbt-glue stages in a temporary view without a schema, but for Iceberg in a table (`macros/adapters.sql`).
fn glue_temp_relation(call: &Call<'_>) -> Result<Value, Error> {
    let base = call.arg("base_relation");
    let typed = call.host()?.version().has(Change::TypedStaging);
    let format = config(call, "file_format", "parquet")?;
    let views = config(call, "use_iceberg_temp_views", "False")?;
    let table = ["iceberg", "s3tables"].contains(&fill::plain(&format).as_str())
        && views.as_str().as_deref() == Some("False");
    let identifier = tilde(&[&call.attr(&base, "identifier")?, &call.arg("suffix")]);
    let schema = match call.path("target", &["temp_schema"])? {
        schema if schema.truth() && call.has(Change::TempSchema)? => schema,
        _ => call.attr(&base, "schema")?,
    };
    let kind = if table { "table" } else { "view" };
    let path = Value::dict([("schema", schema), ("identifier", identifier)]);
    if !typed {
        return method(call, &base, "incorporate", vec![("path", path)]);
    }
    let relation = method(
        call,
        &base,
        "incorporate",
        vec![("path", path), ("type", kind.into())],
    )?;
    if table {
        return Ok(relation);
    }
    method(call, &relation, "include", vec![("schema", false.into())])
}

fn config(call: &Call<'_>, key: &str, default: &str) -> Result<Value, Error> {
    let config = call.cx.lookup("config");
    let args = Args {
        positional: vec![key.into()],
        keywords: vec![("default".into(), default.into())],
    };
    call.cx.call_method(&config, "get", args)
}

/// Whether tables of a format are written through a catalog.
pub(super) fn is_managed(call: &Call<'_>, format: &Value) -> Result<bool, Error> {
    Ok(match format.as_str().as_deref() {
        Some("iceberg") => true,
        Some("s3tables") => call.has(Change::TypedStaging)?,
        _ => false,
    })
}

/// Iceberg tables are written through their catalog (`macros/utils/make_target_relation.sql`).
fn make_target_relation(call: &Call<'_>) -> Result<Value, Error> {
    let catalog = call.method("adapter", "get_custom_iceberg_catalog_namespace", Vec::new())?;
    let relation = call.arg("relation");
    let identifier = call.attr(&relation, "identifier")?;
    let written = to_str(&relation);
    let bare = identifier.as_str().is_some_and(|name| *name == *written.plain());
    if bare && fill::plain(&call.attr(&relation, "type")?) == "view" && call.has(Change::TypedStaging)? {
        return method(call, &relation, "include", vec![("schema", false.into())]);
    }
    if catalog.is_none() || !is_managed(call, &call.arg("file_format"))? {
        return Ok(relation);
    }
    let schema = call.attr(&relation, "schema")?;
    let start = format!("{}.", fill::plain(&catalog));
    if fill::plain(&schema).starts_with(&start) {
        return Ok(relation);
    }
    let schema = tilde(&[&catalog, &".".into(), &schema]);
    let path = Value::dict([("schema", schema), ("identifier", identifier)]);
    method(call, &relation, "incorporate", vec![("path", path)])
}
