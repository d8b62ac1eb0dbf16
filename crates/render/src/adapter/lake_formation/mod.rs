//! Tags and grants of Lake Formation (`dbt/adapters/glue/lakeformation.py`).

mod grants;
mod request;
mod tags;

use glueline_template::{Args, Error, Value};

pub(super) use grants::apply_lf_grants;
pub(super) use tags::add_lf_tags;

use crate::host::NodeHost;

/// `Class(**config)`: what the class takes, by name.
fn construct<const N: usize>(
    class: &str,
    config: &Value,
    params: [&str; N],
    required: usize,
) -> Result<[Option<Value>; N], Error> {
    let Value::Dict(config) = config else {
        return Err(Error::type_error(format!(
            "dbt.adapters.glue.lakeformation.{class}() argument after ** must be a mapping, not {}",
            config.type_name()
        )));
    };
    let mut args = Args::default();
    for (name, value) in config.items() {
        let Value::Str(name) = name else {
            return Err(Error::type_error("keywords must be strings"));
        };
        args.keywords.push((name.to_plain(), value));
    }
    args.bind(&format!("{class}.__init__"), params, required)
}

/// What the catalog file tells of Lake Formation.
fn held(host: &NodeHost) -> Option<&glueline_project::LakeFormation> {
    host.shared.project.state()?.lakeformation.as_ref()
}

/// Notes that nobody says what Lake Formation holds, where no catalog file is given.
fn note_unknown(cx: &glueline_template::Cx, host: &NodeHost, table: &str) {
    if host.shared.project.state().is_none() {
        cx.note(format!(
            "what Lake Formation holds for `{table}`: no catalog file was given"
        ));
    }
}
