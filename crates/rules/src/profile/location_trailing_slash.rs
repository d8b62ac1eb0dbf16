//! `location-trailing-slash`.

use glueline_base::{Diagnostic, Fix};

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "location-trailing-slash",
    Data,
    Info,
    "location_trailing_slash.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(location) = Scalar::of(cx, "location") else {
        return;
    };
    let bare = location.text.trim_end_matches('/').len();
    if bare == location.text.len() || location.text.get(..bare).is_some_and(|bare| bare.ends_with(':')) {
        return;
    }
    let slashes = bare..location.text.len();
    let message = "`location` ends with `/`. Table paths drop it, but a database that dbt creates gets the location \
                   `s3://.../` + `/SCHEMA/`, with an empty part in each key below it. Take it out.";
    let mut diagnostic = Diagnostic::new(&RULE.meta, location.place(slashes.clone()), message);
    if let Some(at) = location.exact(slashes) {
        diagnostic = diagnostic.fix(Fix::safe("Take the slash out").delete(at));
    }
    cx.report(sink, diagnostic);
}
