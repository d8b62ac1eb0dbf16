//! Names and what they name: refs, sources, macros, variables, versions.

pub(crate) mod always_raises;
mod called;
pub(crate) mod dependency_cycle;
pub(crate) mod disabled_ref;
pub(crate) mod duplicate_macro;
pub(crate) mod duplicate_name;
pub(crate) mod duplicate_properties;
pub(crate) mod invalid_versions;
pub(crate) mod macro_arguments;
pub(crate) mod missing_env_var;
pub(crate) mod missing_ref;
pub(crate) mod missing_source;
pub(crate) mod missing_var;
pub(crate) mod missing_version;
mod moment;
pub(crate) mod private_ref;
mod properties;
pub(crate) mod properties_without_node;
pub(crate) mod ref_arguments;
pub(crate) mod ref_not_inferred;
pub(crate) mod secret_env_var;
pub(crate) mod undefined_in_config;
pub(crate) mod undefined_macro;
pub(crate) mod undefined_name;
pub(crate) mod unknown_generic_test;
pub(crate) mod unknown_group;
pub(crate) mod unused_macro_parameter;

use std::sync::Arc;

use glueline_base::{Diagnostic, Fix, Severity, slice};
use glueline_project::{Dependency, DependencyKind, Node, Project, Resolution, ResourceType};

use crate::context::NodeCx;
use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &always_raises::RULE,
    &dependency_cycle::RULE,
    &disabled_ref::RULE,
    &duplicate_macro::RULE,
    &duplicate_name::RULE,
    &duplicate_properties::RULE,
    &invalid_versions::RULE,
    &macro_arguments::RULE,
    &missing_env_var::RULE,
    &missing_ref::RULE,
    &missing_source::RULE,
    &missing_var::RULE,
    &missing_version::RULE,
    &private_ref::RULE,
    &properties_without_node::RULE,
    &ref_arguments::RULE,
    &ref_not_inferred::RULE,
    &secret_env_var::RULE,
    &undefined_in_config::RULE,
    &undefined_macro::RULE,
    &undefined_name::RULE,
    &unknown_generic_test::RULE,
    &unknown_group::RULE,
    &unused_macro_parameter::RULE,
];

/// What follows from a name that is not there: dbt leaves tests out with a warning, and stops for everything else
/// (`dbt/parser/manifest.py`, `invalid_target_fail_unless_test`).
fn consequence(node: &Node) -> (Severity, &'static str) {
    match node.kind {
        ResourceType::Test => (
            Severity::Warning,
            "dbt warns and leaves this test out, whatever the data",
        ),
        ResourceType::UnitTest => (Severity::Warning, "the unit test cannot be built"),
        _ => (
            Severity::Error,
            "dbt stops when it parses the project, and no command runs",
        ),
    }
}

/// dbt's own words of a name that a node asks for in vain (`dbt/exceptions.py`, `TargetNotFoundError`).
fn target_not_found(cx: &NodeCx<'_>, dependency: &Dependency) -> String {
    let node = cx.node;
    let path = &cx.project.files().info(node.file()).original;
    let kind = node.kind.name();
    let kind = kind.get(..1).map_or(String::new(), str::to_uppercase) + kind.get(1..).unwrap_or_default();
    let (what, name, place) = match &dependency.kind {
        DependencyKind::Ref {
            package,
            name,
            version,
        } => {
            let within = package.as_ref().map_or(String::new(), |package| {
                format!(" in package or project '{package}'")
            });
            let version = version
                .as_ref()
                .map_or(String::new(), |version| format!(" with version '{version}'"));
            (
                "node",
                name.as_deref().unwrap_or_default().to_owned(),
                within + &version,
            )
        }
        DependencyKind::Source { source, table } => {
            let part = |part: &Option<Arc<str>>| part.as_deref().unwrap_or_default().to_owned();
            (
                "source",
                format!("{}.{}", part(source), part(table)),
                String::new(),
            )
        }
    };
    let why = match dependency.resolution {
        Resolution::Disabled(_) => "is disabled",
        _ => "was not found",
    };
    format!(
        "Compilation Error\n  {kind} '{}' ({path}) depends on a {what} named '{name}'{place} which {why}",
        node.unique_id
    )
}

/// The end of a message that names what was most likely meant; empty where nothing is near.
fn did_you_mean(meant: Option<&str>) -> String {
    meant
        .map(|meant| format!(" Did you mean `{meant}`?"))
        .unwrap_or_default()
}

/// A finding about a name that a node gives, with the name that was most likely meant.
fn with_suggestion(
    project: &Project,
    dependency: &Dependency,
    written: &str,
    meant: Option<&str>,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let Some(meant) = meant else { return diagnostic };
    let text = project.files().text(dependency.at.file);
    if slice(text, dependency.at.range) != written {
        return diagnostic;
    }
    diagnostic.fix(Fix::needs_consent(format!("Name `{meant}`")).replace(dependency.at, meant))
}

/// Whether dbt takes an environment variable for a secret (`dbt_common/constants.py`, `SECRET_ENV_PREFIX`).
fn is_secret(name: &str) -> bool {
    name.starts_with("DBT_ENV_SECRET")
}
