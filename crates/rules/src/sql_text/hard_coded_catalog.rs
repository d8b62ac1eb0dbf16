//! `hard-coded-catalog`.

use glueline_base::{FileRange, Fix, range, slice};
use glueline_catalog::profile_key;

use super::texts::{Lexed, Lexer, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hard-coded-catalog",
    Sql,
    Warning,
    "hard_coded_catalog.md",
    Check::GlueNode(check)
);

const KEY: &str = "custom_iceberg_catalog_namespace";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    let (Some(target), Some(default)) = (
        cx.project.target(),
        profile_key(KEY).map(|key| key.default.trim_matches('"')),
    ) else {
        return;
    };
    let Some(configured) = target
        .text(KEY)
        .filter(|name| !name.is_empty() && *name != default)
    else {
        return;
    };
    let written = format!("{default}.");
    let declares = |conf: &str| conf.contains(&format!("spark.sql.catalog.{default}"));
    if !text.contains(&written) || target.text("conf").is_none_or(declares) {
        return;
    }
    let mut lexer = Lexer::default();
    for part in of_node(cx.node, facts) {
        let start = usize::from(part.start());
        let mut code = Vec::new();
        lexer.read(slice(text, part), |at, _, state| {
            if state == Lexed::Code {
                code.push(at);
            }
        });
        for (at, _) in slice(text, part).match_indices(&written) {
            if code.binary_search(&at).is_err() {
                continue;
            }
            let at = FileRange {
                file,
                range: range(start + at, start + at + default.len()),
            };
            let message = format!(
                "The profile calls the Iceberg catalog `{configured}`, and `conf` declares no `{default}`: Spark does not \
                 find this table. Write `{configured}`."
            );
            let fix = Fix::needs_consent(format!("Write `{configured}`")).replace(at, configured);
            sink.push(
                cx.diagnostic(&RULE.meta, at, message)
                    .fix(fix)
                    .related(target.value_at(KEY), "named here"),
            );
        }
    }
}
