//! `env_var` (`dbt/context/base.py`).

use glueline_base::System;
use glueline_template::{Args, Cx, Error, ErrorKind, Value};

use super::basics::{bind_method, text_of};
use crate::host::NodeHost;

/// Variables of the environment that dbt keeps from everything but profiles and packages (`dbt_common/constants.py`).
const SECRET: &str = "DBT_ENV_SECRET";

/// Variables with this prefix are told in every artifact (`dbt_common/constants.py`).
const CUSTOM: &str = "DBT_ENV_CUSTOM_ENV_";

/// What artifacts tell of the environment, without the prefix: `env` of their metadata (`get_metadata_vars` in
/// `dbt_common/events/functions.py`).
pub fn metadata_env(system: &dyn System) -> Vec<(String, String)> {
    let told = |(name, value): (String, String)| Some((name.strip_prefix(CUSTOM)?.to_owned(), value));
    system.env_vars().into_iter().filter_map(told).collect()
}

/// `env_var`.
pub(super) fn function() -> Value {
    Value::function("env_var", env_var)
}

fn env_var(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [_, name, default] = bind_method(args, "ProviderContext.env_var", ["self", "var", "default"], 2)?;
    let name = name.unwrap_or_default();
    let test = NodeHost::of(cx)?.tested();
    if let Some(value) = test
        .zip(name.as_str())
        .and_then(|(test, name)| test.overrides.env_vars.get_str(&name))
    {
        return Ok(value);
    }
    let name = text_of(&name, "startswith")?;
    if name.starts_with(SECRET) {
        return Err(parsing(format!(
            "Secret env vars are allowed only in profiles.yml or packages.yml. Found '{name}' referenced elsewhere."
        )));
    }
    let host = NodeHost::of(cx)?;
    match (host.shared.settings.system.env_var(&name), default) {
        (Some(value), _) => Ok(Value::from(value)),
        (None, Some(default)) if !default.is_none() => Ok(default),
        (None, _) => Err(parsing(format!("Env var required but not provided: '{name}'"))),
    }
}

/// What dbt calls a `Parsing Error`.
pub(super) fn parsing(message: String) -> Error {
    Error::new(ErrorKind::Python("ParsingError"), message)
}
