//! `unknown-table-file-format`.

use glueline_base::Fix;
use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::incremental::unknown_incremental_file_format::meant;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-table-file-format",
    Sql,
    Warning,
    "unknown_table_file_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("file_format").set() else {
        return;
    };
    let Some(written) = set.value.value.as_str() else {
        return;
    };
    if FileFormat::parse(written).is_some() || !model::is_sql_model(cx, "table") {
        return;
    }
    let by_case = FileFormat::parse_any_case(written);
    let meant = match by_case {
        // Spark itself does not mind the case; dbt-glue does where it treats a format in its own way.
        Some(format) if !format.is_transactional() => return,
        Some(format) => Some(format.name()),
        None => meant(written),
    };
    let Some(meant) = meant else { return };
    let message = if by_case.is_some() {
        format!(
            "dbt-glue compares the `file_format` `{written}` letter by letter: the table gets neither the catalogue nor \
             the create-or-replace of `{meant}`, and is dropped and made anew as a table that Spark finds elsewhere."
        )
    } else {
        format!(
            "dbt-glue checks no format of tables: `using {written}` is sent to Spark, after the old table was dropped, \
             and Spark knows no such data source. Write `{meant}`."
        )
    };
    let fix =
        Fix::needs_consent(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message).fix(fix));
}
