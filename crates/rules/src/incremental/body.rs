//! What the SQL of a model does with the model's own table.

use glueline_base::{FileRange, TextRange, slice};
use glueline_project::facts::sql::{MacroCall, NameUse, Site};

use crate::context::NodeCx;

/// The first call of `is_incremental()` in the model itself.
pub(crate) fn asks_whether_incremental<'a>(cx: &NodeCx<'a>) -> Option<&'a MacroCall> {
    let facts = cx.project.facts(cx.node.file()).sql()?;
    facts
        .calls
        .iter()
        .find(|call| &*call.path.value == "is_incremental" && call.site.in_macro.is_none())
}

/// The first place where the model reads its own table with `from {{ this }}` or `join {{ this }}`.
pub(crate) fn reads_itself<'a>(cx: &NodeCx<'a>) -> Option<(&'a NameUse, FileRange)> {
    let facts = cx.project.facts(cx.node.file()).sql()?;
    let text = cx.project.files().text(cx.node.file());
    let found = facts.names.iter().find(|name| {
        &*name.path.value == "this" && name.site.in_macro.is_none() && is_read(text, name.path.range)
    })?;
    Some((
        found,
        FileRange {
            file: cx.node.file(),
            range: found.path.range,
        },
    ))
}

/// Whether it is reached in each run that adds to an existing table: nothing around it but `is_incremental()`.
pub(crate) fn is_reached_when_adding(cx: &NodeCx<'_>, site: &Site) -> bool {
    let text = cx.project.files().text(cx.node.file());
    let asks = |expression: TextRange| slice(text, expression).trim() == "is_incremental()";
    !site.in_loop
        && site
            .conditions
            .iter()
            .all(|condition| condition.holds && asks(condition.expression))
}

fn is_read(text: &str, name: TextRange) -> bool {
    let (start, end) = (usize::from(name.start()), usize::from(name.end()));
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
        return false;
    };
    let after = after.trim_start();
    if !after.starts_with("}}") && !after.starts_with("-}}") {
        return false;
    }
    let before = before.trim_end();
    let Some(before) = before.strip_suffix("{{-").or_else(|| before.strip_suffix("{{")) else {
        return false;
    };
    let before = before.trim_end();
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    (word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join")) && !in_comment(before)
}

fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.contains("--") || before.rfind("/*") > before.rfind("*/")
}

#[cfg(test)]
mod tests {
    use glueline_base::range;

    use super::*;

    #[test]
    fn reading_is_told_from_naming() {
        let reads = |text: &str| {
            let at = text.find("this").unwrap();
            is_read(text, range(at, at + 4))
        };
        assert!(reads("select max(x) from {{ this }}"));
        assert!(reads("left JOIN\n {{- this -}} as t"));
        assert!(!reads("{{ f(this) }}"));
        assert!(!reads("select '{{ this }}' as name"));
        assert!(!reads("-- from {{ this }}"));
        assert!(!reads("/* from {{ this }} */"));
        assert!(!reads("from {{ this.schema }}"));
        assert!(!reads("this"));
    }
}
