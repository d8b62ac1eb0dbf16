//! `failing-profile-filter`.

use glueline_base::{Diagnostic, Fix, Value};
use glueline_jinja::ExprKind;

use super::scalar::Scalar;
use super::{output, template};
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "failing-profile-filter",
    Fails,
    Error,
    "failing_profile_filter.md",
    Check::Target(check), Profile: "DbtProfileError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for entry in cx.target.value.value.as_map().unwrap_or_default() {
        let key = &*entry.key.value;
        if entry.value.value != Value::Unknown || !template::is_template(cx, key) {
            continue;
        }
        let Some(raw) = Scalar::raw(cx, key) else { continue };
        let Some(failing) = failing(raw.text) else {
            continue;
        };
        let Failing {
            filter,
            wanted,
            ref default,
            ..
        } = failing;
        let message = format!(
            "`{filter}` cannot read the default `{default}`: dbt stops with `Could not convert value '{default}' into \
             type '{}'`. It takes what Python would read as {wanted}.",
            if filter == "as_bool" { "bool" } else { "number" },
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, output::at(cx, &entry.value), message);
        if let Some(fix) = failing.fix(&raw) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

struct Failing {
    filter: &'static str,
    wanted: &'static str,
    default: String,
    /// Where the default stands in the template.
    at: std::ops::Range<usize>,
}

/// `env_var('X', 'default') | filter` with a default that the filter refuses.
fn failing(template: &str) -> Option<Failing> {
    let expr = template::only_expression(template)?;
    let ExprKind::Filter { base, filter } = &expr.kind else {
        return None;
    };
    let (filter, wanted) = match filter.name.value {
        "as_bool" => ("as_bool", "a boolean: `True` or `False`"),
        "as_number" => ("as_number", "a number"),
        _ => return None,
    };
    let ExprKind::Call { args, .. } = &base.kind else {
        return None;
    };
    let Value::Str(default) = template::by_default(base) else {
        return None;
    };
    let at = args.get(1)?.value.range;
    let fails = template::by_default(&expr) == Value::Unknown;
    let at = usize::from(at.start())..usize::from(at.end());
    fails.then(|| Failing {
        filter,
        wanted,
        default: default.to_string(),
        at,
    })
}

impl Failing {
    /// `true` means `True`.
    fn fix(&self, raw: &Scalar<'_>) -> Option<Fix> {
        let python = match (self.filter, self.default.trim().to_ascii_lowercase().as_str()) {
            ("as_bool", "true" | "yes" | "on" | "1") => "True",
            ("as_bool", "false" | "no" | "off" | "0") => "False",
            _ => return None,
        };
        let quote = raw.text.get(self.at.clone())?.chars().next()?;
        let at = raw.exact(self.at.clone())?;
        Some(Fix::safe(format!("Write `{python}`")).replace(at, format!("{quote}{python}{quote}")))
    }
}
