//! `seed-alias`.

use super::seed;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!("seed-alias", Data, Error, "seed_alias.md", Check::GlueNode(check));

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !seed::is_loaded(cx) {
        return;
    }
    let Some(set) = cx.config("alias").set() else {
        return;
    };
    let Some(alias) = set
        .value
        .value
        .as_str()
        .filter(|alias| !alias.is_empty() && **alias != *cx.node.name)
    else {
        return;
    };
    let name = &cx.node.name;
    let message = format!(
        "dbt-glue writes a seed under the name of its file, `{name}`, while `ref('{name}')` reads `{alias}`: readers find \
         no table, or an old one. Rename the file to `{alias}.csv` and take the alias out."
    );
    sink.push(at_setting(cx, &RULE.meta, set, set.value_at(), message));
}
