//! `table-rerun-needs-conf`.

use glueline_base::Diagnostic;
use glueline_catalog::GlueVersion;

use crate::context::{NodeCx, ProjectCx};
use crate::incremental::{model, session};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "table-rerun-needs-conf",
    Fails,
    Warning,
    "table_rerun_needs_conf.md",
    Check::Project(check)
);

/// The first Glue release whose Spark refuses to create a table where files are.
const SINCE: GlueVersion = GlueVersion::V4_0;

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let target = cx
        .project
        .target()
        .filter(|target| target.is_glue() && target.text("location").is_some());
    let Some(target) = target else { return };
    let version = match target.get("glue_version") {
        None => Some(GlueVersion::DEFAULT),
        Some(value) => value.as_str().and_then(GlueVersion::parse),
    };
    if version.is_none_or(|version| version < SINCE) {
        return;
    }
    let own = cx.project.own_nodes();
    let mut struck = own.filter_map(|node| {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        let is_plain = model::format(&cx).is_some_and(|format| !format.is_transactional());
        let conf = (is_plain && model::is_sql_model(&cx, "table"))
            .then(|| session::refuses_to_create_over_files(&cx))
            .flatten()?;
        Some((cx, conf))
    });
    let Some((first, conf)) = struck.next() else {
        return;
    };
    let more = match struck.count() {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    let message = format!(
        "Tables of plain formats (`{}`{more}) can be made once: the second run drops the table, whose files stay, and \
         Spark then refuses the folder, which is not empty. Add `--conf \
         spark.sql.legacy.allowNonEmptyLocationInCTAS=true`.",
        first.node.name
    );
    sink.push(Diagnostic::new(&RULE.meta, conf, message).related(first.node.at, "such a table"));
}
