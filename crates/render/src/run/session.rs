//! The session that a node's statements run in: with which credentials, under which id, and what stops it before it starts
//! (`dbt/adapters/glue/connections.py`, `dbt/adapters/glue/gluedbapi/connection.py`).

mod validate;

use std::sync::Arc;

use glueline_catalog::{AdapterVersion, Change};
use glueline_project::NodeId;
use glueline_template::{Dict, Error, ErrorKind, Value, repr, to_json, to_str};
use serde_json::{Map, Value as Json};

use crate::context;
use crate::renderer::Shared;

/// Which connections share a session: those of one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SessionKey {
    /// The main thread: hooks of the run.
    Main,
    /// A worker thread.
    Worker,
    /// A node's own, or a group's: the text that ends the id.
    Named(Arc<str>),
    /// The code of a Python model runs in a session of its own.
    Python(NodeId),
}

/// When dbt-glue stops a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stops {
    /// When the command ends.
    AtEnd,
    /// When the node is done.
    WithNode,
    /// Never: it idles until its timeout.
    Never,
}

/// The credentials that a connection is opened with. Of those that share a session, the first decides.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    values: Arc<Dict>,
    key: SessionKey,
    /// What a model's `meta` says of the session's id.
    suffix: Option<Value>,
    /// The release of dbt-glue that makes the session.
    version: AdapterVersion,
}

/// Keys whose numbers are whole: `2.0` is read as `2`.
const WHOLE: [&str; 5] = [
    "workers",
    "idle_timeout",
    "query_timeout_in_minutes",
    "session_provisioning_timeout_in_seconds",
    "boto_retry_max_attempts",
];

/// What ends the id of a session that is no other thread's: a random UUID.
pub(super) const RANDOM: &str = "<UUID>";

impl Credentials {
    /// Those of a hook of the run, which runs in the main thread.
    pub(crate) fn of_hook(shared: &Shared, unique_id: &str) -> Self {
        let mut made = Self::plain(shared, SessionKey::Main);
        if made.is_per_model() {
            made.name_after(Value::str(unique_id));
        }
        made
    }

    /// Those of the profile, for no node in particular.
    pub(crate) fn of_profile(shared: &Shared) -> Self {
        Self::plain(shared, SessionKey::Main)
    }

    /// Those of the code of a Python model, for which `meta` does not count (`GluePythonJobHelper`).
    pub(crate) fn of_python(shared: &Shared, node: NodeId) -> Self {
        Self::plain(shared, SessionKey::Python(node))
    }

    fn plain(shared: &Shared, key: SessionKey) -> Self {
        let values = match context::target(shared) {
            Value::Dict(values) => values,
            _ => Arc::default(),
        };
        for name in WHOLE {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it is whole, and a wrong one fails anyway"
            )]
            if let Some(Value::Float(number)) = values.get_str(name)
                && number.fract() == 0.0
            {
                values.insert_str(name, Value::Int(number as i64));
            }
        }
        Self {
            values,
            key,
            suffix: None,
            version: shared.project.release().version,
        }
    }

    /// Those of a node's statements: what its `meta` says of the session replaces what the profile says, unchecked
    /// (`GlueConnectionManager.open`).
    pub(crate) fn of_node(shared: &Arc<Shared>, node: NodeId) -> Self {
        let mut made = Self::plain(shared, SessionKey::Worker);
        let info = Shared::info(shared, node);
        let meta = info.config.get_str("meta");
        let Some(Value::Dict(meta)) = meta else {
            return made.named_after_node(shared, node);
        };
        let given = |name: &str| meta.get_str(name).filter(Value::truth);
        if !made.version.has(Change::MetaSettings) && !made.is_per_model() {
            return made;
        }
        if !made.version.has(Change::OnlySessionMeta) && !meta.is_empty() {
            made.values
                .insert_str("enable_session_per_model", Value::Bool(true));
        }
        for key in glueline_catalog::profile_keys()
            .filter(|key| key.profile.meta_override && key.exists_in(made.version))
        {
            if let Some(value) = given(key.name) {
                made.values
                    .insert_str("enable_session_per_model", Value::Bool(true));
                made.values.insert_str(key.name, value);
            }
        }
        if let Some(group) = given("group_session_id").filter(|_| made.version.has(Change::GroupSessions)) {
            made.values
                .insert_str("enable_session_per_model", Value::Bool(false));
            made.name_after(group);
            return made;
        }
        made.named_after_node(shared, node)
    }

    fn named_after_node(mut self, shared: &Shared, node: NodeId) -> Self {
        if self.is_per_model() {
            let id = &shared.project.node(node).unique_id;
            self.name_after(Value::str(id));
        }
        self
    }

    fn name_after(&mut self, suffix: Value) {
        self.key = SessionKey::Named(to_str(&suffix).to_plain());
        self.suffix = Some(suffix);
    }

    fn is_per_model(&self) -> bool {
        self.flag("enable_session_per_model")
    }

    fn get(&self, key: &str) -> Value {
        self.values.get_str(key).unwrap_or_default()
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).truth()
    }

    /// Which connections share the session.
    pub(crate) fn key(&self) -> &SessionKey {
        &self.key
    }

    /// When the session is stopped.
    pub(crate) fn stops(&self) -> Stops {
        if self.flag("glue_session_reuse") || matches!(self.key, SessionKey::Python(_)) {
            Stops::Never
        } else if self.is_per_model() {
            Stops::WithNode
        } else {
            Stops::AtEnd
        }
    }

    /// `use_arrow` as the code of a statement writes it: `True`, `False`, or what `meta` says.
    pub(crate) fn use_arrow(&self) -> String {
        match self.values.get_str("use_arrow") {
            Some(wanted) => to_str(&wanted).plain().into_owned(),
            None => "False".to_owned(),
        }
    }

    /// `location` as the code of a statement writes it: the text, or `None`.
    pub(crate) fn location(&self) -> String {
        to_str(&self.get("location")).plain().into_owned()
    }

    /// The statement that each session starts with, and that comes before each statement: `spark.sql('use analytics')`.
    ///
    /// # Errors
    ///
    /// Where there is no schema.
    pub(crate) fn use_schema(&self) -> Result<String, Error> {
        if !self.version.has(Change::UsesSchema) {
            return Ok("spark.sql('use None')".to_owned());
        }
        let schema = self.get("schema");
        if !schema.truth() {
            return Err(failed(
                "DbtRuntimeError",
                "'schema' is required in profiles.yml but was not provided",
            ));
        }
        Ok(format!("spark.sql('use {}')", to_str(&schema).plain()))
    }

    /// The id of the session; its random part is shown as `<UUID>`.
    ///
    /// # Errors
    ///
    /// Where the role, or the group of the session, is no text.
    pub(crate) fn session_id(&self) -> Result<String, Error> {
        let role = self.get("role_arn");
        let Some(role) = role.as_str() else {
            return Err(no_attribute(&role, "partition"));
        };
        let role: String = after_slash(&role).chars().take(150).collect();
        let own = self.get("glue_session_id");
        let mut id = if own.truth() {
            to_str(&own).plain().into_owned()
        } else {
            "dbt-glue".to_owned()
        };
        if let Some(suffix) = &self.suffix {
            let Some(suffix) = suffix.as_str() else {
                return Err(no_attribute(suffix, "replace"));
            };
            let suffix = if self.version.has(Change::DotlessSessions) {
                suffix.replace('.', "_")
            } else {
                (*suffix).to_owned()
            };
            id = format!("{id}__{suffix}");
        } else if self.is_per_model() || !self.flag("glue_session_reuse") {
            id = format!("{id}__{role}__{RANDOM}");
        }
        Ok(id)
    }

    /// What is sent to make the session (`GlueConnection._create_session`).
    ///
    /// # Errors
    ///
    /// With what stops a node before its first statement, as the adapter raises it.
    pub(crate) fn create_session(&self) -> Result<Json, Error> {
        let id = self.session_id()?;
        self.client().map_err(|error| {
            // A session of the node's own is closed when the node is done, and stumbles over the client that is not there.
            if self.stops() == Stops::WithNode {
                return failed("AttributeError", "'NoneType' object has no attribute 'wait'");
            }
            error
        })?;
        let arguments = self.default_arguments()?;
        let mut request = vec![
            ("Id", Value::str(&id)),
            ("Role", self.get("role_arn")),
            ("DefaultArguments", Value::Dict(arguments)),
            (
                "Command",
                Value::dict([
                    ("Name", Value::str("glueetl")),
                    ("PythonVersion", Value::str("3")),
                ]),
            ),
            ("NumberOfWorkers", self.get("workers")),
            ("WorkerType", self.get("worker_type")),
            ("IdleTimeout", self.get("idle_timeout")),
            ("Timeout", self.get("query_timeout_in_minutes")),
            ("RequestOrigin", Value::str("dbt-glue")),
        ];
        let written = |key: &str| {
            let value = self.get(key);
            (!value.is_none()).then(|| Value::str(to_str(&value).plain()))
        };
        request.extend(written("glue_version").map(|value| ("GlueVersion", value)));
        request.extend(written("security_configuration").map(|value| ("SecurityConfiguration", value)));
        let connections = self.get("connections");
        if !connections.is_none() {
            let Some(text) = connections.as_str() else {
                return Err(wrapped(&no_attribute(&connections, "split")));
            };
            let mut names: Vec<&str> = Vec::new();
            for name in text.split(',') {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let names = Value::list(names.into_iter().map(Value::str).collect());
            request.push(("Connections", Value::dict([("Connections", names)])));
        }
        let tags = self.get("tags");
        if !tags.is_none() {
            let Some(text) = tags.as_str() else {
                return Err(wrapped(&no_attribute(&tags, "split")));
            };
            request.push(("Tags", Value::Dict(pairs(&text)?)));
        }
        validate::create_session(&request)?;
        let mut sent = Map::new();
        for (name, value) in request {
            sent.insert(name.to_owned(), json_of(&value)?);
        }
        Ok(Json::Object(sent))
    }

    /// What making the client of AWS refuses (`GlueConnection.client`; `botocore/config.py`).
    fn client(&self) -> Result<(), Error> {
        if self.version.has(Change::ChecksRetries) {
            self.retries()?;
        }
        let timeout = self.get("session_provisioning_timeout_in_seconds");
        if !matches!(timeout, Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
            return Err(connecting(&format!(
                "unsupported operand type(s) for /: '{}' and 'int'",
                timeout.type_name()
            )));
        }
        Ok(())
    }

    /// What making the client refuses of the retries.
    fn retries(&self) -> Result<(), Error> {
        let attempts = self.get("boto_retry_max_attempts");
        let count = match &attempts {
            #[expect(clippy::cast_precision_loss, reason = "only its sign counts")]
            Value::Int(count) => *count as f64,
            Value::Float(count) => *count,
            Value::Bool(flag) => f64::from(u8::from(*flag)),
            other => {
                return Err(connecting(&format!(
                    "'<' not supported between instances of '{}' and 'int'",
                    other.type_name()
                )));
            }
        };
        if count < 0.0 {
            return Err(connecting(&format!(
                "Value provided to \"max_attempts\": {} must be an integer greater than or equal to 0.",
                to_str(&attempts).plain()
            )));
        }
        let mode = self.get("boto_retry_mode");
        let allowed = ["legacy", "standard", "adaptive"];
        if mode.truth() && !mode.as_str().is_some_and(|mode| allowed.contains(&&*mode)) {
            let allowed = Value::tuple(allowed.map(Value::str).to_vec());
            return Err(connecting(&format!(
                "Invalid value provided to \"mode\": \"{}\" must be one of: {}",
                to_str(&mode).plain(),
                repr(&allowed)
            )));
        }
        Ok(())
    }

    /// `DefaultArguments`: those of the key of that name first, which the others then overwrite.
    fn default_arguments(&self) -> Result<Arc<Dict>, Error> {
        const OWN: [(&str, &str); 4] = [
            ("--extra-jars", "extra_jars"),
            ("--conf", "conf"),
            ("--extra-py-files", "extra_py_files"),
            ("--datalake-formats", "datalake_formats"),
        ];
        let arguments = Dict::default();
        arguments.insert_str("--enable-glue-datacatalog", Value::str("true"));
        let given = self.get("default_arguments");
        if !given.is_none() {
            let Some(text) = given.as_str() else {
                return Err(wrapped(&no_attribute(&given, "replace")));
            };
            for (key, value) in pairs(&text.replace(' ', ""))?.items() {
                arguments.insert_str(&to_str(&key).plain(), value);
            }
        }
        for (name, key) in OWN {
            let value = self.get(key);
            if !value.is_none() {
                arguments.insert_str(name, Value::str(to_str(&value).plain()));
            }
        }
        Ok(Arc::new(arguments))
    }
}

/// What stands behind the first slash of a role; all of it where there is none.
fn after_slash(role: &str) -> &str {
    match role.split_once('/') {
        Some((_, name)) if !name.is_empty() => name,
        _ => role,
    }
}

/// `a=1,b=2` as a dict (`GlueConnection._string_to_dict`). What stands behind a second `=` is lost.
fn pairs(text: &str) -> Result<Arc<Dict>, Error> {
    let found = Dict::default();
    for pair in text.split(',') {
        let mut parts = pair.split('=');
        let key = parts
            .next()
            .unwrap_or_default()
            .trim_matches('\'')
            .replace('"', "");
        let value = parts
            .next()
            .ok_or_else(|| connecting("list index out of range"))?;
        found.insert_str(&key, Value::str(value.trim_matches(['"', '\''])));
    }
    Ok(Arc::new(found))
}

fn failed(class: &'static str, message: &str) -> Error {
    Error::new(ErrorKind::Python(class), message)
}

/// An error that the adapter wraps as one of the connection's: dbt calls it a `Database Error`.
fn connecting(message: &str) -> Error {
    failed("DbtDatabaseError", message)
}

/// Python's `AttributeError`, which dbt calls a `Runtime Error`.
fn no_attribute(value: &Value, name: &str) -> Error {
    let class = value.type_name();
    failed(
        "DbtRuntimeError",
        &format!("'{class}' object has no attribute '{name}'"),
    )
}

/// An error that comes up while the session is made, and is wrapped there.
fn wrapped(error: &Error) -> Error {
    connecting(error.message())
}

fn json_of(value: &Value) -> Result<Json, Error> {
    let text = to_json(value, false)?;
    serde_json::from_str(&text).map_err(|error| Error::unsupported(error.to_string()))
}

#[cfg(test)]
mod tests;
