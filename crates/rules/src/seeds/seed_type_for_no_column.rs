//! `seed-type-for-no-column`.

use glueline_base::{Fix, nearest};

use super::seed;
use crate::config::setting;
use crate::context::NodeCx;
use crate::incremental::model::{at_setting, is_folder_wide};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-type-for-no-column",
    Ineffective,
    Warning,
    "seed_type_for_no_column.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx).filter(|facts| !facts.columns.is_empty()) else {
        return;
    };
    for set in cx.node.config.all("column_types") {
        // What is set for a folder may be meant for another of its seeds.
        if is_folder_wide(set) {
            continue;
        }
        for entry in set.value.value.as_map().unwrap_or_default() {
            let name = &*entry.key.value;
            if facts.columns.iter().any(|column| column.name == name) {
                continue;
            }
            let meant = nearest(name, facts.columns.iter().map(|column| &*column.name));
            let advice = match meant {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => "Take it out.".to_owned(),
            };
            let message = format!(
                "The seed has no column `{name}`, and nothing says so; names are compared letter by letter. {advice}"
            );
            let at = set.at(entry.key.range);
            let mut finding = at_setting(cx, &RULE.meta, set, at, message);
            let free = meant.filter(|meant| set.value.value.entry(meant).is_none());
            let fix = free.and_then(|meant| {
                setting::renamed(
                    cx.project,
                    at,
                    name,
                    meant,
                    Fix::needs_consent(format!("Write `{meant}`")),
                )
            });
            if let Some(fix) = fix {
                finding = finding.fix(fix);
            }
            sink.push(finding);
        }
    }
}
