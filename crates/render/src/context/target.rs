//! `target` (`dbt/config/profile.py`, `to_target_dict`; `dbt/adapters/glue/credentials.py`).

use glueline_catalog::{default_in, profile_key};
use glueline_template::{Dict, Value};

use super::from_file;
use crate::renderer::Shared;

/// What a default is.
#[derive(Clone, Copy)]
enum Default {
    None,
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(&'static str),
}

/// The keys that dbt-glue shows of its credentials, in its order, each with what it is where the profile does not say.
const KEYS: [(&str, Default); 35] = [
    ("role_arn", Default::None),
    ("region", Default::None),
    ("workers", Default::None),
    ("worker_type", Default::None),
    ("session_provisioning_timeout_in_seconds", Default::Int(120)),
    ("schema", Default::None),
    ("temp_schema", Default::None),
    ("location", Default::None),
    ("extra_jars", Default::None),
    ("idle_timeout", Default::Int(10)),
    ("query_timeout_in_minutes", Default::Int(300)),
    ("glue_version", Default::Text("5.0")),
    ("security_configuration", Default::None),
    ("connections", Default::None),
    ("conf", Default::None),
    ("extra_py_files", Default::None),
    ("delta_athena_prefix", Default::None),
    ("tags", Default::None),
    ("seed_format", Default::Text("parquet")),
    ("seed_mode", Default::Text("overwrite")),
    ("default_arguments", Default::None),
    ("iceberg_glue_commit_lock_table", Default::Text("myGlueLockTable")),
    ("use_interactive_session_role_for_api_calls", Default::Bool(false)),
    ("lf_tags", Default::None),
    ("glue_session_id", Default::None),
    ("glue_session_reuse", Default::Bool(false)),
    ("datalake_formats", Default::None),
    ("enable_session_per_model", Default::Bool(false)),
    ("group_session_id", Default::None),
    ("use_arrow", Default::Bool(false)),
    ("enable_spark_seed_casting", Default::Bool(false)),
    ("statement_poll_interval", Default::Float(1.0)),
    ("boto_retry_mode", Default::Text("adaptive")),
    ("boto_retry_max_attempts", Default::Int(10)),
    ("packages", Default::None),
];

impl Default {
    fn value(self) -> Value {
        match self {
            Self::None => Value::None,
            Self::Int(value) => Value::Int(value),
            Self::Float(value) => Value::Float(value),
            Self::Bool(value) => Value::Bool(value),
            Self::Text(text) => Value::str(text),
        }
    }
}

/// `target`: a dict of its own each time, as dbt makes one for each context.
pub(crate) fn target(shared: &Shared) -> Value {
    let project = &shared.project;
    let dict = Dict::default();
    let target = project.target();
    let get = |key: &str| target.and_then(|target| target.get(key)).map(from_file);
    let version = project.release().version;
    for (key, default) in KEYS {
        if profile_key(key).is_some_and(|spec| !spec.exists_in(version)) {
            continue;
        }
        let value = get(key).unwrap_or_else(|| match default_in(key, version) {
            Some(dated) => Value::str(dated.trim_matches('"')),
            None => default.value(),
        });
        let value = match (key, value.as_str()) {
            ("packages", Some(text)) => {
                Value::list(text.split(',').map(|part| Value::str(part.trim())).collect())
            }
            _ => value,
        };
        dict.insert_str(key, value);
    }
    if let Some(target) = target.filter(|target| !target.is_glue()) {
        // Another adapter's profile: what it says is all that is known of it.
        for entry in target.value.value.as_map().unwrap_or_default() {
            dict.insert_str(&entry.key.value, from_file(&entry.value.value));
        }
    }
    let name = Value::from(project.wanted_target());
    dict.insert_str("type", get("type").unwrap_or_else(|| Value::str("glue")));
    let threads = project.run_options().threads.map(i64::from).map(Value::Int);
    dict.insert_str(
        "threads",
        threads.or_else(|| get("threads")).unwrap_or(Value::Int(1)),
    );
    dict.insert_str("name", name.clone());
    dict.insert_str("target_name", name);
    let profile = project.profile().profile().map(|profile| &*profile.name.value);
    dict.insert_str("profile_name", Value::from(profile));
    Value::Dict(std::sync::Arc::new(dict))
}
