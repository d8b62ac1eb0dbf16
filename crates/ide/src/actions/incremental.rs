//! A condition that holds for later runs only.

use glueline_base::{FileId, FileRange, TextRange, slice};
use glueline_sql::{ClauseKind, Keyword};

use super::text::{indentation, line_ending, line_start, trimmed};
use super::{Action, ActionKind, extract};
use crate::{Analysis, query};

/// Where a whole `where`, or the rest of one from an `and`, of an incremental model is selected: `{% if is_incremental() %}` around it.
pub(super) fn wrap(analysis: &Analysis, file: FileId, range: TextRange) -> Option<Action> {
    let text = analysis.text(file);
    let selected = trimmed(text, range);
    if selected.is_empty() {
        return None;
    }
    let fragments = query::fragments(analysis, file);
    let fragment = query::fragment_at(&fragments, selected.start()).filter(|fragment| fragment.is_main)?;
    let node = analysis.project().node(fragment.node?);
    let materialized = node.config.get("materialized");
    if materialized.value().and_then(|value| value.as_str()) != Some("incremental") {
        return None;
    }
    let clauses = fragment.sql.selects.iter().flat_map(|select| &select.clauses);
    let clause = clauses
        .into_iter()
        .find(|clause| clause.kind == ClauseKind::Where && clause.content.contains_range(selected))?;
    let first = fragment
        .sql
        .tokens
        .iter()
        .find(|token| token.range.start() == selected.start())?;
    let is_rest = selected.end() == clause.content.end()
        && (first.kind.is(Keyword::And) || first.kind.is(Keyword::Or))
        && !fragment.sql.tokens.iter().enumerate().any(|(open, _)| {
            // In parentheses the rest is theirs.
            fragment
                .sql
                .parentheses(open)
                .is_some_and(|group| group.start() > clause.content.start() && group.contains_range(selected))
        });
    let is_whole = selected == clause.content;
    if !(is_whole || is_rest)
        || !extract::is_balanced(text, selected)
        || slice(text, selected).contains("is_incremental")
    {
        return None;
    }
    let newline = line_ending(text);
    let indent = indentation(text, selected.start());
    let before = slice(
        text,
        TextRange::new(line_start(text, selected.start()), selected.start()),
    );
    // On a line with something else before it, the tags stand beside it.
    let wrapped = if before.trim().is_empty() {
        format!(
            "{{% if is_incremental() %}}{newline}{indent}{}{newline}{indent}{{% endif %}}",
            slice(text, selected)
        )
    } else {
        format!(
            "{{% if is_incremental() %}}{}{{% endif %}}",
            slice(text, selected)
        )
    };
    let at = FileRange {
        file,
        range: selected,
    };
    Some(Action::new("Wrap in `is_incremental()`", ActionKind::Rewrite).replace(at, wrapped))
}
