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

/// What a model reads its own table for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadFor {
    /// For its rows: in a `from`, a join or a query with a name. Spark looks for the target of an overwrite there.
    Rows,
    /// To look something up in it, behind `in` or `exists`. Spark makes a join of it when it has looked.
    Lookup,
    /// For one value, as in `where day > (select max(day) from`. Spark asks for it while it writes.
    Value,
}

/// What the model reads its own table for at the place where it does.
pub(crate) fn reads_for(cx: &NodeCx<'_>, at: FileRange) -> ReadFor {
    let text = cx.project.files().text(cx.node.file());
    text.get(..usize::from(at.range.start()))
        .map_or(ReadFor::Rows, read_for)
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

/// What a query is for of which a text holds all up to its `from`: what stands before its parenthesis tells.
fn read_for(before: &str) -> ReadFor {
    let mut closed = 0_usize;
    for (at, c) in before.char_indices().rev() {
        match c {
            ')' => closed += 1,
            '(' if closed > 0 => closed -= 1,
            '(' => {
                let outside = before.get(..at).unwrap_or_default().trim_end();
                if !outside.ends_with('(') {
                    return behind(outside);
                }
            }
            _ => {}
        }
    }
    ReadFor::Rows
}

/// Words in front of a query in parentheses that is read as a table is, or is a part of such a query.
const BEFORE_ROWS: [&str; 9] = [
    "from",
    "join",
    "as",
    "union",
    "all",
    "distinct",
    "except",
    "intersect",
    "minus",
];

fn behind(outside: &str) -> ReadFor {
    let word = outside
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if outside.is_empty() || outside.ends_with("%}") || is_one_of(&BEFORE_ROWS) {
        ReadFor::Rows
    } else if is_one_of(&["in", "exists"]) {
        ReadFor::Lookup
    } else {
        ReadFor::Value
    }
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

    #[test]
    fn what_it_is_read_for() {
        for (before, expected) in [
            ("select a from b where d > (select max(d) from ", ReadFor::Value),
            ("where d > coalesce((select max(d) from ", ReadFor::Value),
            ("where (d, e) >= (select max(d), max(e) from ", ReadFor::Value),
            ("where d in (select d from ", ReadFor::Lookup),
            ("where not EXISTS (select 1 from c join ", ReadFor::Lookup),
            ("select a from ", ReadFor::Rows),
            ("select f(a) from b union all select a from ", ReadFor::Rows),
            ("select a from (select * from ", ReadFor::Rows),
            ("select a from ((select * from ", ReadFor::Rows),
            ("with c as (select max(d) from ", ReadFor::Rows),
            ("select a from b left join (select * from ", ReadFor::Rows),
            ("(select a from b) union all (select a from ", ReadFor::Rows),
            ("", ReadFor::Rows),
        ] {
            assert_eq!(read_for(before), expected, "{before}");
        }
    }
}
