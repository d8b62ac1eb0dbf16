//! The names that dbt puts into Jinja's context (`dbt/context/*.py`).

mod basics;
mod collections;
mod config;
mod convert;
mod environment;
mod exceptions;
mod flags;
mod manifest;
mod parsed;
mod rare;
mod refs;
mod relations;
mod results;
mod runtime;
mod seed_table;
mod sources;
mod target;
mod values;
mod variables;
mod whole;
mod yaml;

use glueline_template::{Cx, Value};

use crate::host::NodeHost;

pub(crate) use convert::deep_copy;
pub use environment::metadata_env;
pub(crate) use glueline_template::from_base as from_file;
pub(crate) use manifest::{Graph, calls, node_while_named, of_node};
pub use manifest::{Manifest, ManifestEntry, ManifestMember};
pub(crate) use parsed::parsed;
pub(crate) use results::RUN_NAMES;
pub(crate) use target::target;
pub use values::civil;
pub(crate) use values::{days, time};

/// A name of dbt's context.
pub(crate) fn member(cx: &Cx, host: &NodeHost, name: &str) -> Option<Value> {
    Some(match name {
        "ref" => Value::native(refs::Ref),
        "source" => Value::native(sources::Source),
        "this" => return relations::this(host),
        "config" => Value::native(config::ConfigObject),
        "var" => Value::native(variables::Var),
        "target" | "env" => target(&host.shared),
        "execute" => Value::Bool(host.executes()),
        "exceptions" => exceptions::members(),
        "adapter" => crate::adapter::adapter(&host.shared),
        "api" => crate::api::api(&host.shared),
        "store_result" => Value::function("store_result", crate::introspect::store_result),
        "store_raw_result" => Value::function("store_raw_result", crate::introspect::store_raw_result),
        "load_result" => Value::function("load_result", crate::introspect::load_result),
        "env_var" => environment::function(),
        "column" => Value::native(crate::column::ColumnClass),
        "context" => whole::context(host),
        "builtins" => whole::builtins(),
        "flags" => flags::flags(&host.shared),
        "invocation_args_dict" => flags::arguments(&host.shared),
        _ => {
            return values::value(cx, host, name)
                .or_else(|| basics::function(name))
                .or_else(|| collections::function(name))
                .or_else(|| rare::function(name));
        }
    })
}
