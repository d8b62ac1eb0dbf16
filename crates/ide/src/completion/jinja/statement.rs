//! Statements: `{% ... %}`.

use glueline_base::slice;
use glueline_jinja::{LexemeKind, statement_tags};

use super::super::cx::Cx;
use super::super::item::{ItemKind, List};
use super::{Spot, expression, names};
use crate::completion::calls::path_at_end;

/// Tags that dbt's templates never use: templates cannot be loaded from one another.
const UNUSED: [&str; 7] = [
    "block",
    "extends",
    "from",
    "import",
    "include",
    "autoescape",
    "print",
];

pub(super) fn offer(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(first) = spot.before.first() else {
        return tags(cx, spot, list);
    };
    let keyword = cx.slice(first.range);
    let has = |kind: LexemeKind| spot.before.iter().any(|lexeme| lexeme.kind == kind);
    match keyword {
        "set" if !has(LexemeKind::Assign) => {}
        "for" => loop_head(cx, spot, list),
        // A default may be any expression; the rest are new names.
        "macro" | "test" | "snapshot" | "docs" | "block" if ends_with_assignment(spot) => {
            names::offer(cx, spot, list);
        }
        "materialization" => materialization(cx, spot, list),
        "call" if spot.before.len() >= 2 && parameters_of_call(cx, spot) => {}
        "filter" if spot.before.len() == 1 => names::filters(list),
        "if" | "elif" | "set" | "do" | "print" | "call" | "filter" | "with" => {
            expression::offer(cx, spot, list);
        }
        _ => {}
    }
}

fn ends_with_assignment(spot: &Spot) -> bool {
    spot.before
        .last()
        .is_some_and(|last| last.kind == LexemeKind::Assign)
}

/// Whether the caret stands in the parameters of `{% call(a, b) f() %}`.
fn parameters_of_call(cx: &Cx<'_>, spot: &Spot) -> bool {
    let opens = spot
        .before
        .get(1)
        .is_some_and(|second| slice(cx.text, second.range) == "(");
    opens && spot.frames.len() == 1 && spot.before.iter().all(|lexeme| lexeme.kind != LexemeKind::Close)
}

/// The words that a statement can begin with: the ends of open blocks first, the innermost before the others.
fn tags(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let inside = |end: &str| spot.blocks.iter().any(|block| block.end == end);
    for (depth, block) in spot.blocks.iter().rev().enumerate() {
        let opened = cx.slice(block.keyword).to_owned();
        // Only the innermost block can end here; the others are for those who close several at once.
        let tier = if depth == 0 { 1 } else { 20 };
        list.offer(
            tier,
            block.end,
            |item| item.detail(format!("end of `{opened}`")),
            ItemKind::Keyword,
        );
    }
    let innermost = spot.blocks.last().map(|block| block.end);
    for tag in statement_tags() {
        let fits = match tag {
            "else" => matches!(innermost, Some("endif" | "endfor")),
            "elif" => innermost == Some("endif"),
            "break" | "continue" => inside("endfor"),
            "macro" | "test" | "materialization" | "snapshot" | "docs" => spot.blocks.is_empty(),
            tag => !UNUSED.contains(&tag),
        };
        if fits {
            list.offer(tier_of(cx, tag), tag, |item| item, ItemKind::Keyword);
        }
    }
}

fn tier_of(cx: &Cx<'_>, tag: &str) -> u16 {
    use glueline_project::FileKind::{Docs, GenericTest, Macro, Snapshot};
    match (tag, cx.info.kind) {
        ("macro", Macro) | ("docs", Docs) | ("snapshot", Snapshot) | ("test", GenericTest) => 0,
        ("else" | "elif", _) => 2,
        ("if" | "for" | "set", _) => 3,
        ("do" | "call" | "break" | "continue", _) => 4,
        ("docs", _) => 12,
        _ => 10,
    }
}

/// `{% for x in xs %}`: a new name, then `in`, then an expression.
fn loop_head(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let is_in = |lexeme: &glueline_jinja::Lexeme| cx.slice(lexeme.range) == "in";
    if spot.before.iter().any(is_in) {
        return expression::offer(cx, spot, list);
    }
    let after_name = spot.before.len() >= 2
        && spot
            .before
            .last()
            .is_some_and(|last| matches!(last.kind, LexemeKind::Name | LexemeKind::Close));
    if after_name {
        list.offer(0, "in", |item| item, ItemKind::Keyword);
    }
}

/// `{% materialization name, adapter='glue' %}`.
fn materialization(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let ends = |kind: LexemeKind| spot.before.last().is_some_and(|last| last.kind == kind);
    if ends(LexemeKind::Comma) {
        for (word, text) in [
            ("adapter", "adapter='glue'"),
            ("default", "default"),
            ("supported_languages", "supported_languages=['sql', 'python']"),
        ] {
            list.offer(0, word, |item| item.text(text), ItemKind::Keyword);
        }
    } else if ends(LexemeKind::Assign) && path_at_end(cx.text, &spot.before).is_none() {
        list.offer(0, "'glue'", |item| item, ItemKind::Value);
    }
}
