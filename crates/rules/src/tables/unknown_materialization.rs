//! `unknown-materialization`.

use glueline_base::{Fix, nearest};
use glueline_catalog::Materialization;
use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::incremental::edit;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-materialization",
    Fails,
    Error,
    "unknown_materialization.md",
    Check::GlueNode(check)
);

/// How dbt lets a model be built.
const OF_MODELS: [Materialization; 6] = [
    Materialization::Ephemeral,
    Materialization::Incremental,
    Materialization::MaterializedView,
    Materialization::PythonModel,
    Materialization::Table,
    Materialization::View,
];

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind != ResourceType::Model {
        return;
    }
    let Some(set) = cx.config("materialized").set() else {
        return;
    };
    let Some(written) = set.value.value.as_str() else {
        return;
    };
    if Materialization::parse(written).is_some()
        || !cx.project.all_packages_present()
        || cx.project.macros().materialization(written).is_some()
    {
        return;
    }
    let meant = nearest(written, OF_MODELS.iter().map(|known| known.name()));
    let advice = meant.map_or_else(
        || "Use `view`, `table`, `incremental` or `ephemeral`.".to_owned(),
        |meant| format!("Write `{meant}`."),
    );
    let message = format!(
        "There is no materialization `{written}` for dbt-glue, in this project or its packages: each run of `{}` fails. \
         {advice}",
        cx.node.name
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(meant) = meant {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
