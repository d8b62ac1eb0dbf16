//! What dbt writes behind the code of a Python model (`macros/python_model/python.sql`).

use glueline_python::CallKind;
use glueline_template::{Args, Dict, Error, Value, from_base};
use std::sync::Arc;

use super::Row;
use super::call::Call;
use super::fill;

pub(super) const MACROS: &[Row] = &[
    Row::code("build_ref_function", build_refs),
    Row::code("build_source_function", build_sources),
    Row::code("build_config_dict", build_config),
    Row::code("py_script_postfix", postfix),
    Row::text(
        "py_script_comment",
        "\n# how to execute python model in notebook\n# dbt = dbtObj(spark.table)\n# df = model(dbt, spark)\n",
    ),
];

/// A JSON object as the filter `tojson` writes it: sorted, and safe within HTML.
fn json(mut entries: Vec<(String, String)>) -> Value {
    entries.sort();
    let text = |text: &str| {
        let mut written = String::from("\"");
        for unit in text.encode_utf16() {
            match char::from_u32(unit.into()) {
                Some('"') => written += "\\\"",
                Some('\\') => written += "\\\\",
                Some('\n') => written += "\\n",
                Some('\r') => written += "\\r",
                Some('\t') => written += "\\t",
                Some(c) if (' '..='~').contains(&c) && !"<>&'".contains(c) => written.push(c),
                _ => written += &format!("\\u{unit:04x}"),
            }
        }
        written + "\""
    };
    let entries = entries
        .iter()
        .map(|(key, value)| format!("{}: {}", text(key), text(value)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")).into()
}

/// Sets the value under a key as `dict.update` does.
fn set(entries: &mut Vec<(String, String)>, key: String, value: String) {
    entries.retain(|(known, _)| *known != key);
    entries.push((key, value));
}

fn build_refs(call: &Call<'_>) -> Result<Value, Error> {
    let mut refs = Vec::new();
    for reference in call.iterate(&call.attr(&call.arg("model"), "refs")?)? {
        let package = call.item(&reference, "package")?;
        let version = call.item(&reference, "version")?;
        let mut args = vec![call.item(&reference, "name")?];
        if package.truth() {
            args.insert(0, package);
        }
        let named = if version.is_undefined() {
            Value::None
        } else {
            version
        };
        let mut resolved = call.ask_with("ref", args.clone(), vec![("v", named.clone())])?;
        if matches!(resolved, Value::Native(_)) {
            resolved = call.cx.call_method(&resolved, "render", Args::default())?;
        }
        if named.truth() {
            args.push(fill::concat(["v".into(), named]));
        }
        let resolved = call.ask("resolve_model_name", vec![resolved])?;
        set(
            &mut refs,
            fill::plain(&fill::join(".", args)),
            fill::plain(&resolved),
        );
    }
    let text = "def ref(*args, **kwargs):\n    refs = {refs}\n    key = '.'.join(args)\n    version = kwargs.get(\"v\") or \
                kwargs.get(\"version\")\n    if version:\n        key += f\".v{version}\"\n    dbt_load_df_function = \
                kwargs.get(\"dbt_load_df_function\")\n    return dbt_load_df_function(refs[key])\n\n";
    Ok(call.fill_with(text, &[("refs", &json(refs))]))
}

fn build_sources(call: &Call<'_>) -> Result<Value, Error> {
    let mut sources = Vec::new();
    for source in call.iterate(&call.attr(&call.arg("model"), "sources")?)? {
        let args = call.iterate(&source)?;
        let resolved = call.ask("source", args.clone())?;
        let resolved = call.ask("resolve_model_name", vec![resolved])?;
        set(
            &mut sources,
            fill::plain(&fill::join(".", args)),
            fill::plain(&resolved),
        );
    }
    let text = "def source(*args, dbt_load_df_function):\n    sources = {sources}\n    key = '.'.join(args)\n    return \
                dbt_load_df_function(sources[key])\n\n";
    Ok(call.fill_with(text, &[("sources", &json(sources))]))
}

/// The names that the code asks its config for, each with the default written there (`dbt/parser/models.py`,
/// `parse_python_model`).
fn asked(call: &Call<'_>, kind: CallKind) -> Result<Vec<(String, Value)>, Error> {
    let host = call.host()?;
    let project = &host.shared.project;
    let Some(file) = host.node_id().map(|node| project.node(node).file()) else {
        return Ok(Vec::new());
    };
    let Some(code) = project.facts(file).python() else {
        return Ok(Vec::new());
    };
    let calls = code
        .calls
        .iter()
        .filter(|written| written.is_seen && written.kind == kind);
    let pairs = calls.filter_map(|written| {
        let mut places = written
            .positional()
            .map(|argument| from_base(&argument.value.value));
        let key = fill::plain(&places.next()?);
        Some((key, places.next().unwrap_or_default()))
    });
    Ok(pairs.collect())
}

fn build_config(call: &Call<'_>) -> Result<Value, Error> {
    let config = call.attr(&call.arg("model"), "config")?;
    let used = Dict::default();
    for (key, default) in asked(call, CallKind::ConfigGet)? {
        let args = Args::of(vec![Value::str(&key), default]);
        used.insert_str(&key, call.cx.call_method(&config, "get", args)?);
    }
    let meta = call.attr(&config, "meta")?;
    let meta_used = Dict::default();
    for (key, default) in asked(call, CallKind::ConfigMetaGet)? {
        let found = if meta.truth() {
            call.item(&meta, &key)?
        } else {
            Value::None
        };
        let known = meta.truth() && !found.is_undefined();
        meta_used.insert_str(&key, if known { found } else { default });
    }
    Ok(call.fill_with(
        "config_dict = {config}\nmeta_dict = {meta}\n",
        &[
            ("config", &Value::Dict(Arc::new(used))),
            ("meta", &Value::Dict(Arc::new(meta_used))),
        ],
    ))
}

const POSTFIX: &str = r#"
# This part is user provided model code
# you will need to copy the next section to run the code
# COMMAND ----------
# this part is dbt logic for get ref work, do not modify

{refs}
{sources}
{config}

class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)

class this:
    """dbt.this() or dbt.this.identifier"""
    database = "{database}"
    schema = "{schema}"
    identifier = "{identifier}"
    
    def __repr__(self):
        return '{relation}'


class dbtObj:
    def __init__(self, load_df_function) -> None:
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.ref = lambda *args, **kwargs: ref(*args, **kwargs, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {incremental}

# COMMAND ----------
{comment}
"#;

fn postfix(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.arg("model");
    let this = call.cx.lookup("this");
    Ok(call.fill_with(
        POSTFIX,
        &[
            ("refs", &call.ask("build_ref_function", vec![model.clone()])?),
            (
                "sources",
                &call.ask("build_source_function", vec![model.clone()])?,
            ),
            ("config", &call.ask("build_config_dict", vec![model])?),
            ("database", &call.attr(&this, "database")?),
            ("schema", &call.attr(&this, "schema")?),
            ("identifier", &call.attr(&this, "identifier")?),
            ("relation", &call.ask("resolve_model_name", vec![this])?),
            ("incremental", &call.ask("is_incremental", Vec::new())?),
            ("comment", &call.ask("py_script_comment", Vec::new())?),
        ],
    ))
}
