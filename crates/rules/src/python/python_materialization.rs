//! `python-materialization`.

use glueline_base::{Fix, Severity};
use glueline_catalog::{Choice, Language, Materialization, refused};

use super::model;
use crate::context::NodeCx;
use crate::incremental::edit;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-materialization",
    Fails,
    Error,
    "python_materialization.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::is_python(cx) {
        python(cx, sink);
    } else if cx.is_model("python_model") {
        let Some(set) = cx.config("materialized").set() else {
            return;
        };
        let message = "`python_model` is for Python models: a model in SQL fails with `only supports languages ['python']; \
                       got \"sql\"`. Use `table` or `incremental`.";
        sink.push(cx.diagnostic(&RULE.meta, set.value_at(), message));
    }
}

fn python(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(name) = cx.materialized().filter(|name| cx.is_model(name)) else {
        return;
    };
    let Some(materialization) = Materialization::parse(name) else {
        return;
    };
    let written = model::materialized(cx);
    if materialization == Materialization::Ephemeral {
        let message = "An `ephemeral` model in Python is put into the SQL of its readers as it stands, and Spark refuses \
                       that. Use `python_model`.";
        let at = written.map_or_else(|| model::blame(cx), glueline_project::Contribution::value_at);
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(Severity::Warning));
        return;
    }
    let choice = Choice {
        materialization,
        language: Language::Python,
        file_format: None,
        strategy: None,
        has_unique_key: false,
    };
    if refused(&choice).is_none_or(|refusal| refusal.languages != [Language::Python]) {
        return;
    }
    let finding = match written {
        Some(set) => {
            let message = format!(
                "dbt-glue runs no Python model as `{name}`: it fails with `only supports languages ['sql']; got \
                 \"python\"`. Use `python_model`, which rebuilds the table on each run, or `incremental`."
            );
            let finding = at_setting(cx, &RULE.meta, set, set.value_at(), message);
            // A folder's setting is right for its models in SQL.
            if materialization != Materialization::Table || set.file != cx.node.file() {
                finding
            } else {
                let text = edit::text(cx, set, Materialization::PythonModel.name());
                finding.fix(Fix::safe("Write `python_model`").replace(set.value_at(), text))
            }
        }
        None => {
            let message = "A Python model is a `table` unless it says otherwise, and dbt-glue runs none as such: it fails \
                           with `only supports languages ['sql']; got \"python\"`. Say `materialized=\"python_model\"`, or \
                           `incremental`.";
            let finding = cx.diagnostic(&RULE.meta, model::blame(cx), message);
            match say_python_model(cx) {
                Some(fix) => finding.fix(fix),
                None => finding,
            }
        }
    };
    sink.push(finding);
}

/// Puts the materialization in front of the first argument of `dbt.config()`.
fn say_python_model(cx: &NodeCx<'_>) -> Option<Fix> {
    let facts = model::facts(cx)?;
    let first = model::config_call(facts)?.arguments.first()?;
    let name = first.name.as_ref()?;
    let at = glueline_base::FileRange {
        file: cx.node.file(),
        range: name.range,
    };
    let fix = Fix::safe("Say `materialized=\"python_model\"`");
    Some(fix.insert_before(at, "materialized=\"python_model\", "))
}
