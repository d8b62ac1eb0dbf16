//! `unknown-lf-key`.

use glueline_base::Fix;
use glueline_catalog::{Scope, keys, lookup, suggest};

use super::acts;
use crate::config::setting;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-lf-key",
    Fails,
    Error,
    "unknown_lf_key.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    for (config, scope) in acts::CONFIGS.into_iter().zip([Scope::LfTags, Scope::LfGrants]) {
        let Some(set) = acts::applied(cx, config) else {
            continue;
        };
        for entry in set.value.value.as_map().unwrap_or_default() {
            let key = &*entry.key.value;
            if lookup(scope, key).is_some() {
                continue;
            }
            let meant = suggest(scope, key);
            let advice = match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => {
                    let known: Vec<String> = keys(scope).map(|key| format!("`{}`", key.name)).collect();
                    format!("It takes {}.", known.join(", "))
                }
            };
            let message = format!(
                "`{config}` takes no `{key}`: the node fails after its data was written, even where `enabled` is false. \
                 {advice}"
            );
            let at = set.at(entry.key.range);
            let mut finding = at_setting(cx, &RULE.meta, set, at, message);
            let free = meant.filter(|meant| set.value.value.entry(meant).is_none());
            let fix = free.and_then(|meant| {
                setting::renamed(cx.project, at, key, meant, Fix::safe(format!("Write `{meant}`")))
            });
            if let Some(fix) = fix {
                finding = finding.fix(fix);
            }
            sink.push(finding);
        }
    }
}
