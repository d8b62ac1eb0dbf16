//! What the adapter knows without asking anybody: quoting, locations, settings.

use std::sync::Arc;

use glueline_base::Value as BaseValue;
use glueline_catalog::Change;
use glueline_project::Target;
use glueline_template::{Args, Cx, Error, ErrorKind, Native, Value, to_str};

use super::account::{connect, credential};
use super::knowledge::iceberg_catalog;
use super::python::{text, text_attr};
use crate::host::NodeHost;
use crate::relation::{project_quoting, runtime_error};
use crate::renderer::Shared;

/// A name in back-ticks.
fn quoted(name: &Value) -> Value {
    Value::from(format!("`{}`", to_str(name).plain()))
}

pub(super) fn quote(_cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [name] = args.bind("GlueAdapter.quote", ["identifier"], 1)?;
    Ok(quoted(&name.unwrap_or_default()))
}

/// A name in back-ticks where the project's `quoting:` asks for them.
pub(super) fn quote_as_configured(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [name, part] = args.bind("BaseAdapter.quote_as_configured", ["identifier", "quote_key"], 2)?;
    let name = name.unwrap_or_default();
    let part = part.unwrap_or_default();
    let mut policy = project_quoting(&host.shared.project);
    let is_quoted = part
        .as_str()
        .and_then(|part| policy.part_mut(&part).copied())
        .unwrap_or(false);
    Ok(if is_quoted { quoted(&name) } else { name })
}

pub(super) fn quote_seed_column(_cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [name, config] = args.bind("BaseAdapter.quote_seed_column", ["column", "quote_config"], 2)?;
    let name = name.unwrap_or_default();
    match config.unwrap_or_default() {
        Value::None | Value::Bool(true) => Ok(quoted(&name)),
        Value::Bool(false) => Ok(name),
        other => Err(Error::compilation(format!(
            "The seed configuration value of \"quote_columns\" has an invalid type <class '{}'>",
            other.type_name()
        ))),
    }
}

pub(super) fn adapter_type(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [] = args.bind("BaseDatabaseWrapper.type", [], 0)?;
    let target = host.shared.project.target().and_then(Target::adapter);
    Ok(Value::str(target.unwrap_or("glue")))
}

#[expect(clippy::unnecessary_wraps, reason = "the type of a method")]
pub(super) fn get_custom_iceberg_catalog_namespace(
    _cx: &Cx,
    host: &NodeHost,
    _args: Args,
) -> Result<Value, Error> {
    connect(host);
    Ok(Value::from(iceberg_catalog(&host.shared.project).as_deref()))
}

/// The S3 path of a table (`_build_location` in `dbt/adapters/glue/impl.py`).
pub(super) fn get_location(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation, custom, as_clause, trailing_slash] = args.bind(
        "GlueAdapter.get_location",
        ["relation", "custom_location", "as_clause", "trailing_slash"],
        1,
    )?;
    connect(host);
    let relation = relation.unwrap_or_default();
    let part = |name| text_attr(cx, &relation, name);
    let slash = trailing_slash.is_some_and(|slash| slash.truth());
    let slashless = host.version().has(Change::SlashlessTables);
    let slash = slash || !slashless;
    let path = path_of(
        host,
        &part("schema")?,
        &part("name")?,
        custom.as_ref(),
        slash,
        slashless,
    )?;
    let is_clause = as_clause.is_none_or(|clause| clause.truth());
    Ok(Value::from(if is_clause {
        format!("LOCATION '{path}'")
    } else {
        path
    }))
}

/// The S3 path of a table: a custom one, else a folder of the profile's location.
pub(super) fn location_of(
    host: &NodeHost,
    schema: &str,
    name: &str,
    custom: Option<&Value>,
    trailing_slash: bool,
) -> Result<String, Error> {
    path_of(host, schema, name, custom, trailing_slash, false)
}

/// The same, where releases before [`Change::OneLocation`] may have taken slashes off the end of the profile's location.
fn path_of(
    host: &NodeHost,
    schema: &str,
    name: &str,
    custom: Option<&Value>,
    trailing_slash: bool,
    slashless: bool,
) -> Result<String, Error> {
    let custom = custom.filter(|custom| custom.truth()).map(text);
    let mut path = match custom.filter(|custom| custom != "empty") {
        Some(custom) => custom,
        None => {
            let location = credential(host, "location", Value::None);
            if location.is_none() {
                return Err(runtime_error(
                    "'location' must be set in profiles.yml to build a table location",
                ));
            }
            let location = text(&location);
            let location = if slashless || !location.ends_with('/') || host.has(Change::OneLocation) {
                location.trim_end_matches('/')
            } else {
                &location
            };
            let target = host.shared.project.target();
            let is_root = target
                .and_then(|target| target.get("root_location"))
                .and_then(BaseValue::truthy)
                .unwrap_or(false);
            if is_root && host.has(Change::OneLocation) {
                format!("{location}/{name}")
            } else {
                format!("{location}/{schema}/{name}")
            }
        }
    };
    if trailing_slash {
        path.push('/');
    }
    Ok(path)
}

/// What a snapshot does with rows that are gone, from its config.
pub(super) fn get_hard_deletes_behavior(cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [config] = args.bind("BaseAdapter.get_hard_deletes_behavior", ["config"], 1)?;
    let config = config.unwrap_or_default();
    let get = |name: &str| cx.call_method(&config, "get", Args::of(vec![Value::str(name), Value::None]));
    let invalidate = get("invalidate_hard_deletes")?;
    let behavior = get("hard_deletes")?;
    let invalid = |message: &str| Err(Error::new(ErrorKind::Python("DbtValidationError"), message));
    if !invalidate.is_none() && !behavior.is_none() {
        return invalid(
            "You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.",
        );
    }
    let word = match behavior.as_str().as_deref() {
        _ if invalidate.truth() => "invalidate",
        Some("invalidate") => "invalidate",
        Some("new_record") => "new_record",
        Some("ignore") => "ignore",
        None if behavior.is_none() => "ignore",
        _ => return invalid("Invalid setting for property hard_deletes."),
    };
    Ok(Value::str(word))
}

/// The behaviour flags that dbt's adapters have; dbt-glue adds none.
const FLAGS: [&str; 2] = [
    "require_batched_execution_for_custom_microbatch_strategy",
    "enable_truthy_nulls_equals_macro",
];

/// `adapter.behavior`: each flag, off unless the project's `flags:` turns it on.
pub(super) fn behavior(shared: &Arc<Shared>) -> Value {
    let flags = shared.project.project_file().flags.as_ref();
    let is_on = |name: &str| {
        let set = flags.and_then(|flags| flags.value.get(name));
        set.and_then(|flag| flag.value.truthy()).unwrap_or(false)
    };
    Value::native(Behavior {
        flags: FLAGS.map(|name| (name, is_on(name))),
    })
}

#[derive(Debug)]
struct Behavior {
    flags: [(&'static str, bool); 2],
}

impl Native for Behavior {
    fn type_name(&self) -> &'static str {
        "Behavior"
    }

    /// An unknown flag is an error, not an undefined value (`Behavior.__getattr__` in `dbt_common/behavior_flags.py`).
    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        match self.flags.iter().find(|(known, _)| *known == name) {
            Some((_, is_on)) => Ok(Some(Value::native(Flag(*is_on)))),
            None => Err(Error::compilation(format!(
                "The flag {name} has not been registered."
            ))),
        }
    }

    fn text(&self) -> String {
        "<dbt_common.behavior_flags.Behavior object>".to_owned()
    }
}

/// One behaviour flag: true where it is on.
#[derive(Debug)]
struct Flag(bool);

impl Native for Flag {
    fn type_name(&self) -> &'static str {
        "BehaviorFlagRendered"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(matches!(name, "setting" | "no_warn").then_some(Value::Bool(self.0)))
    }

    fn truth(&self) -> bool {
        self.0
    }

    fn text(&self) -> String {
        "<dbt_common.behavior_flags.BehaviorFlagRendered object>".to_owned()
    }
}
