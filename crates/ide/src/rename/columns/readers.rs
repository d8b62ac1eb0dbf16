//! Files in which a node is named in ways that cannot be followed.

use glueline_base::{FileId, TextRange};
use glueline_project::FileFacts;
use glueline_sql::{Item, ItemKind, Relation, Select};

use super::{Changes, Target, Why, words};
use crate::columns::readers;
use crate::query::Fragment;

/// Refuses where a file names the node, and not as a relation that a query reads.
pub(super) fn other_calls(target: &Target<'_>, file: FileId, fragments: &[Fragment], out: &mut Changes) {
    let Some(column) = target.node else { return };
    let text = target.analysis.text(file);
    let is_read = |call: TextRange| {
        fragments.iter().any(|fragment| {
            let selects = &fragment.sql.selects;
            let mut items = selects.iter().flat_map(|select| &select.from);
            let in_from = items.any(|item| match item.relation {
                Relation::Hole { hole, range } if range.contains_range(call) => {
                    // A macro around it hands it on as something else.
                    let is_itself = fragment.meant(hole).node() == Some(column.node);
                    is_itself || (!selects.iter().any(has_star) && words::places(text, target.old).is_empty())
                }
                _ => false,
            });
            in_from
                || fragment
                    .sql
                    .comments
                    .iter()
                    .any(|comment| comment.contains_range(call))
        })
    };
    let calls = readers::calls(target.analysis, file, column.node);
    for call in calls.into_iter().filter(|call| !is_read(*call)) {
        out.refuse_at(file, call, Why::Handed);
    }
}

fn has_star(select: &Select) -> bool {
    let is_star = |item: &Item| matches!(item.kind, ItemKind::Star { .. });
    select.items.iter().any(is_star)
}

/// Refuses where a file reads a relation whose name is computed, and names a column as the old name.
pub(super) fn computed(target: &Target<'_>, file: FileId, out: &mut Changes) {
    let FileFacts::Sql(facts) = target.analysis.project().facts(file) else {
        return;
    };
    let refs = facts.refs.iter().filter(|call| call.name.is_none());
    let sources = facts
        .sources
        .iter()
        .filter(|call| call.source.is_none() || call.table.is_none());
    let refs = refs.map(|call| call.site.range);
    let first = refs
        .chain(sources.map(|call| call.site.range))
        .min_by_key(|range| range.start());
    if let Some(call) = first
        && !words::places(target.analysis.text(file), target.old).is_empty()
    {
        out.refuse_at(file, call, Why::Computed);
    }
}
