//! What rules about `default_arguments` and `tags` share.

use glueline_base::{Diagnostic, Fix, RuleMeta};
use glueline_catalog::default_arguments;

use super::output;
use super::pairs::{Fault, Pair, pairs};
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::Sink;

/// Reports the pieces of a key that keep the session from starting.
pub(crate) fn report_faults(cx: &TargetCx<'_>, sink: &mut Sink, rule: &RuleMeta, key: &str) {
    let Some(scalar) = Scalar::of(cx, key) else { return };
    let faulty = pairs(scalar.text).filter_map(|pair| Some((pair, pair.fault()?)));
    for (pair, fault) in faulty.take(super::MOST_FINDINGS) {
        let whole = pair.text.len() == scalar.text.len();
        let message = match fault {
            Fault::Empty if whole => {
                format!(
                    "`{key}` is an empty text: the first statement fails with `list index out of range`. Leave it out."
                )
            }
            Fault::Empty => format!(
                "There is nothing beside this comma in `{key}`: the first statement fails with `list index out of range`. \
                 Take the comma out."
            ),
            Fault::NoValue => format!(
                "`{}` has no `=`: the first statement fails with `list index out of range`. Write `{}=VALUE`.",
                pair.key(),
                pair.key()
            ),
            Fault::NoKey => format!(
                "Nothing stands before this `=` in `{key}`: the first statement fails with `Invalid length for parameter`."
            ),
        };
        let at = if fault == Fault::Empty {
            comma(&scalar, &pair)
        } else {
            scalar.exact(pair.trimmed_range())
        };
        let mut diagnostic = Diagnostic::new(rule, at.unwrap_or(scalar.at()), message);
        let fix = match fault {
            Fault::Empty if whole => {
                let entry = cx.target.entry(key);
                entry
                    .and_then(|entry| output::delete_entry(cx, entry, Fix::safe(format!("Take `{key}` out"))))
            }
            Fault::Empty => at.map(|at| Fix::safe("Take the comma out").delete(at)),
            // Glue's switches are written `--enable-metrics=true`.
            Fault::NoValue if pair.key().starts_with("--enable-") => {
                at.map(|at| Fix::safe("Write `=true`").insert_after(at, "=true"))
            }
            Fault::NoValue | Fault::NoKey => None,
        };
        if let Some(fix) = fix {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// The comma beside an empty piece.
fn comma(scalar: &Scalar<'_>, pair: &Pair<'_>) -> Option<glueline_base::FileRange> {
    let at = match pair.start.checked_sub(1) {
        Some(before) => before,
        None => pair.range().end,
    };
    scalar.exact(at..at + 1)
}

/// Whether an argument is meant as a Spark setting.
pub(crate) fn is_spark_conf(pair: &Pair<'_>) -> bool {
    ["--spark.", "--hive."]
        .iter()
        .any(|start| pair.key().starts_with(start))
}

/// The key of the profile that sets the same argument and wins, where it is set.
pub(crate) fn overriding_key(cx: &TargetCx<'_>, pair: &Pair<'_>) -> Option<&'static str> {
    let argument = default_arguments()
        .iter()
        .find(|argument| argument.name == pair.key())?;
    argument.key.filter(|key| !cx.target.lacks(key))
}
