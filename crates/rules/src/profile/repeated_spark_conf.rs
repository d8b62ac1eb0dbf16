//! `repeated-spark-conf`.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, Fix};
use glueline_project::conf::{self, Setting};

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "repeated-spark-conf",
    Ineffective,
    Warning,
    "repeated_spark_conf.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    let mut seen: BTreeMap<&str, Setting<'_>> = BTreeMap::new();
    let mut found = 0;
    for setting in conf::settings(scalar.text) {
        let Some(earlier) = seen.insert(setting.key, setting) else {
            continue;
        };
        if earlier.text() == setting.text() || found == super::MOST_FINDINGS {
            continue;
        }
        found += 1;
        let message = format!(
            "`{}` is set twice, and only the last value counts: `{}` is lost.{}",
            setting.key,
            earlier.text(),
            if is_list(setting.key) {
                " Join the classes with a comma."
            } else {
                " Keep one."
            },
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(setting.key_range()), message)
            .related(scalar.place(earlier.key_range()), "set here first");
        if let Some(fix) = join(&scalar, &earlier, &setting) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

fn is_list(key: &str) -> bool {
    key == "spark.sql.extensions"
}

/// All classes in the first of the two, and the second taken out.
fn join(scalar: &Scalar<'_>, earlier: &Setting<'_>, later: &Setting<'_>) -> Option<Fix> {
    let written = is_list(later.key) && !earlier.text().is_empty() && !later.text().is_empty();
    let value = scalar.exact(earlier.value_range()).filter(|_| written)?;
    let whole = scalar.exact(later.from..later.value_range().end)?;
    // The blank before it goes with it.
    let gap = glueline_base::TextRange::new(
        scalar.exact(earlier.key_range())?.range.end(),
        whole.range.start(),
    );
    let fix = Fix::needs_consent("Join the two lists").insert_after(value, format!(",{}", later.text()));
    (!gap.is_empty()).then(|| fix.delete(whole))
}
