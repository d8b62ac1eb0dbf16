//! `var` (`dbt/context/providers.py`, `ModelConfiguredVar`).

use glueline_template::{Args, Cx, Dict, Error, Native, Value, to_str};

use super::basics::{bind_method, render_text};
use super::from_file;
use crate::host::{NodeHost, Phase};

/// `var`: to be called, and asked with `has_var`.
#[derive(Debug)]
pub(super) struct Var;

impl Native for Var {
    fn type_name(&self) -> &'static str {
        "RuntimeVar"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RuntimeVar".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok((name == "has_var").then(|| Value::function("has_var", has_var)))
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let [_, name, default] = bind_method(args, "Var.__call__", ["self", "var_name", "default"], 2)?;
        let name = name.unwrap_or_default();
        let host = NodeHost::of(cx)?;
        if let Some(found) = find(host, &name) {
            return match found.as_str() {
                Some(text) => render_text(cx, "var", &text),
                None => Ok(found),
            };
        }
        match default {
            Some(default) => Ok(default),
            None if host.phase == Phase::Parse && host.is_parsed() => Ok(Value::None),
            None => Err(missing(cx, host, &to_str(&name).plain())),
        }
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RuntimeVar object>".to_owned()
    }
}

fn has_var(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [_, name] = bind_method(args, "Var.has_var", ["self", "var_name"], 2)?;
    let host = NodeHost::of(cx)?;
    Ok(Value::Bool(find(host, &name.unwrap_or_default()).is_some()))
}

/// Every mapping of vars that the package at hand sees, the strongest first: the command line, then what the root project says
/// for the package by name and for all, then what the package itself says.
fn layers(host: &NodeHost) -> impl Iterator<Item = &glueline_base::Value> {
    let project = &host.shared.project;
    let package = project.packages().get(host.package);
    let name = package.map_or("", |package| &*package.name);
    let own = package
        .filter(|_| host.package != 0)
        .map(|package| vars_of(package, name));
    std::iter::once(Some(project.cli_vars()))
        .chain(vars_of(project.root(), name))
        .chain(own.into_iter().flatten())
        .flatten()
}

/// What a project file says for a package by name, and for all.
fn vars_of<'a>(package: &'a glueline_project::Package, name: &str) -> [Option<&'a glueline_base::Value>; 2] {
    let vars = package.project.vars.as_ref().map(|vars| &vars.value);
    let scoped = vars.and_then(|vars| vars.get(name)).map(|scoped| &scoped.value);
    [scoped, vars]
}

fn find(host: &NodeHost, name: &Value) -> Option<Value> {
    let name = name.as_str()?;
    let of_test = host.tested().and_then(|test| test.overrides.vars.get_str(&name));
    if of_test.is_some() {
        return of_test;
    }
    layers(host)
        .find_map(|layer| layer.get(&name))
        .map(|found| from_file(&found.value))
}

/// Every var that the package at hand sees.
fn all(host: &NodeHost) -> Dict {
    let merged = Dict::default();
    let layers: Vec<_> = layers(host).collect();
    for layer in layers.into_iter().rev() {
        for entry in layer.as_map().unwrap_or_default() {
            merged.insert_str(&entry.key.value, from_file(&entry.value.value));
        }
    }
    for (name, value) in host
        .tested()
        .map_or_else(Vec::new, |test| test.overrides.vars.items())
    {
        if let Some(name) = name.as_str() {
            merged.insert_str(&name, value);
        }
    }
    merged
}

/// `dbt/exceptions.py`, `RequiredVarNotFoundError`.
fn missing(cx: &Cx, host: &NodeHost, name: &str) -> Error {
    let node = match host.names() {
        Some((_, name)) => name,
        None => match cx.trace().first() {
            Some(frame) => frame.name.clone(),
            None => "<Configuration>".into(),
        },
    };
    let vars = super::collections::pretty_json(&Value::Dict(std::sync::Arc::new(all(host))));
    Error::compilation(format!(
        "Required var '{name}' not found in config:\nVars supplied to {node} = {vars}"
    ))
}
