//! `unknown-target-member`.

use glueline_base::{Diagnostic, Fix, range, slice};
use glueline_catalog::{jinja, profile_key};
use glueline_project::FileKind;
use glueline_project::facts::sql::NameUse;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-target-member",
    Ineffective,
    Warning,
    "unknown_target_member.md",
    Check::File(check)
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let is_macro = matches!(
        cx.project.files().info(cx.file).kind,
        FileKind::Macro | FileKind::GenericTest
    );
    let Some(facts) = cx.facts().sql() else { return };
    for used in &facts.names {
        let Some(member) = used.path.value.strip_prefix("target.") else {
            continue;
        };
        let member = member.split('.').next().unwrap_or(member);
        // Macros that ask for the adapter first are written for others too.
        if is_known(member) || (is_macro && !used.site.conditions.is_empty()) || !cx.project.is_glue() {
            continue;
        }
        // A default of a macro that may be called with something else.
        if is_default(cx, used) {
            continue;
        }
        let is_database = matches!(member, "database" | "dbname" | "project" | "catalog");
        let hint = if is_database {
            " On Glue the database is `target.schema`."
        } else {
            ""
        };
        let message = format!(
            "dbt-glue's `target` has no `{member}`: it renders as nothing, and counts as false in a condition.{hint}"
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, cx.at(used.path.range), message);
        if is_database && slice(cx.text(), used.path.range) == &*used.path.value {
            let fix =
                Fix::needs_consent("Write `target.schema`").replace(cx.at(used.path.range), "target.schema");
            diagnostic = diagnostic.fix(fix);
        }
        sink.push(diagnostic);
    }
}

/// Whether a name stands among the parameters of a macro.
fn is_default(cx: &FileCx<'_>, used: &NameUse) -> bool {
    let facts = cx.facts().sql();
    let Some(definition) = facts.and_then(|facts| facts.macros.get(used.site.in_macro?)) else {
        return false;
    };
    let up_to = range(
        usize::from(definition.range.start()),
        usize::from(used.path.range.start()),
    );
    !slice(cx.text(), up_to).contains("%}")
}

/// Whether `target` has a member of this name: a key of the profile that dbt-glue shows, one of dbt's own, or a method
/// of mappings.
fn is_known(member: &str) -> bool {
    profile_key(member).is_some_and(|key| key.profile.in_target)
        || jinja::name(&format!("target.{member}")).is_some()
        || matches!(member, "get" | "items" | "keys" | "values")
}
