//! `ref.config`: dbt's own configuration, which packages reach through `builtins.ref` (`dbt/config/runtime.py`, `RuntimeConfig`).

use glueline_project::Package;
use glueline_template::Value;

use super::{flags, from_file, target};
use crate::info::Record;
use crate::renderer::Shared;

/// The configuration of the run: what a project file says, with the target and the packages.
pub(super) fn config(shared: &Shared) -> Value {
    let packages = shared.project.packages();
    let dependencies = packages
        .iter()
        .map(|package| (&*package.name, Record::value("RuntimeConfig", project(package))));
    let root = shared.project.root();
    let mut fields = project(root);
    fields.push(("dependencies", Value::dict(dependencies)));
    fields.push(("credentials", target::target(shared)));
    fields.push(("target_name", Value::from(shared.project.wanted_target())));
    fields.push(("cli_vars", from_file(shared.project.cli_vars())));
    let Value::Dict(arguments) = flags::arguments(shared) else {
        return Value::None;
    };
    fields.push(("args", Value::Dict(arguments)));
    Record::value("RuntimeConfig", fields)
}

fn project(package: &Package) -> Vec<(&'static str, Value)> {
    let file = &package.project.value.value;
    let get = |key: &str| file.get(key).map_or(Value::None, |found| from_file(&found.value));
    let profile = package.project.profile.as_ref().map(|name| &*name.value);
    vec![
        ("project_name", Value::str(&package.name)),
        ("version", get("version")),
        ("project_root", Value::str(package.root.as_str())),
        ("profile_name", Value::from(profile)),
        ("quoting", get("quoting")),
        ("models", get("models")),
        ("seeds", get("seeds")),
        ("snapshots", get("snapshots")),
        ("sources", get("sources")),
        ("dispatch", get("dispatch")),
        ("packages_install_path", Value::str(&package.project.install_path)),
    ]
}
