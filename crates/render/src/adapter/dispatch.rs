//! `adapter.dispatch`, and the macro of an incremental strategy.

use glueline_template::{Args, Cx, Error, Value, repr, to_str};

use super::relations::class_name;
use crate::host::NodeHost;
use crate::relation::runtime_error;

/// The macro that fits the adapter best (`BaseDatabaseWrapper.dispatch` in `dbt/context/providers.py`).
pub(super) fn dispatch(_cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [name, namespace, packages] = args.bind(
        "BaseDatabaseWrapper.dispatch",
        ["macro_name", "macro_namespace", "packages"],
        1,
    )?;
    let name = match name.unwrap_or_default() {
        Value::Str(name) => name.to_plain(),
        undefined @ Value::Undefined(_) => to_str(&undefined).to_plain(),
        other => {
            return Err(Error::type_error(format!(
                "argument of type '{}' is not iterable",
                other.type_name()
            )));
        }
    };
    if let Some((package, rest)) = name.split_once('.') {
        return Err(Error::compilation(format!(
            "In adapter.dispatch, got a macro name of \"{name}\", but \".\" is not a valid macro name component. \
             Did you mean `adapter.dispatch(\"{rest}\", macro_namespace=\"{package}\")`?"
        )));
    }
    if packages.is_some_and(|packages| !packages.is_none()) {
        return Err(Error::compilation(packages_argument(&name)));
    }
    let namespace = match namespace.unwrap_or_default() {
        Value::None => None,
        Value::Str(namespace) => Some(namespace.to_plain()),
        other => {
            return Err(Error::compilation(format!(
                "In adapter.dispatch, got a <class '{}'> macro_namespace argument (\"{}\"), \
                 but macro_namespace should be None or a string.",
                class_name(&other),
                to_str(&other).plain()
            )));
        }
    };
    host.shared.macros.dispatch(host, &name, namespace.as_deref())
}

/// dbt's words for an argument that is no more, its margin included (`MacroDispatchArgError` in `dbt/exceptions.py`).
fn packages_argument(name: &str) -> String {
    let lines = [
        "The \"packages\" argument of adapter.dispatch() has been deprecated.",
        "Use the \"macro_namespace\" argument instead.",
        "",
        &format!("Raised during dispatch for: {name}"),
        "",
        "For more information, see:",
        "",
        "https://docs.getdbt.com/reference/dbt-jinja-functions/dispatch",
        "",
    ];
    lines
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("        {line}")
            }
        })
        .join("\n")
        + "        "
}

/// The macro `get_incremental_STRATEGY_sql` out of a dict of names. Only `append` counts as dbt-glue's own among dbt's
/// strategies: `valid_incremental_strategies` is not overridden.
pub(super) fn get_incremental_strategy_macro(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [context, strategy] = args.bind(
        "BaseAdapter.get_incremental_strategy_macro",
        ["model_context", "strategy"],
        2,
    )?;
    let strategy = match strategy.unwrap_or_default() {
        Value::None => "default".to_owned(),
        other => to_str(&other).plain().into_owned(),
    };
    if ["delete+insert", "merge", "insert_overwrite", "microbatch"].contains(&strategy.as_str()) {
        return Err(runtime_error(format!(
            "The incremental strategy '{strategy}' is not valid for this adapter"
        )));
    }
    let name = format!("get_incremental_{}_sql", strategy.replace('+', "_"));
    let found = cx.item(&context.unwrap_or_default(), &Value::str(&name))?;
    if found.is_undefined() {
        return Err(runtime_error(format!(
            "dbt could not find an incremental strategy macro with the name {} in {}",
            repr(&Value::str(&name)).replace('\'', "\""),
            host.shared.project.root().name
        )));
    }
    Ok(found)
}
