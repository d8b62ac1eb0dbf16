//! `reads-itself`.

use glueline_catalog::FileFormat;
use glueline_project::Setting;

use crate::context::{Exists, NodeCx};
use crate::incremental::{body, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "reads-itself",
    Sql,
    Error,
    "reads_itself.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((read, at)) = body::reads_itself(cx) else {
        return;
    };
    let may_be_made_before = cx.config("pre-hook") != Setting::Unset;
    if !read.site.is_unconditional() || read.site.captured || may_be_made_before {
        return;
    }
    // A lake table is replaced while it is read; every other table is dropped first, and a view cannot read itself.
    let is_replaced = model::format(cx).is_none_or(FileFormat::is_transactional);
    let when = if model::is_sql_model(cx, "view") || (model::is_sql_model(cx, "table") && !is_replaced) {
        "each run fails"
    } else if model::is_sql_model(cx, "table") || model::is_sql_incremental(cx) {
        if cx.exists() == Exists::Yes && !cx.project.run_options().full_refresh {
            return;
        }
        "the run that creates it fails"
    } else {
        return;
    };
    let message = format!(
        "`{}` reads itself, and when it is made there is nothing to read: {when} with `TABLE_OR_VIEW_NOT_FOUND`. Put the \
         part that does into `{{% if is_incremental() %}}` of an incremental model.",
        cx.node.name
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
