//! Files in which a node is named in ways that cannot be followed.

use glueline_base::{FileId, TextRange};
use glueline_project::FileFacts;
use glueline_sql::Relation;

use super::{Changes, Target, Why, words};
use crate::columns::readers;
use crate::query::Fragment;

/// Refuses where a file names the node, and not as a relation that a query reads.
pub(super) fn other_calls(target: &Target<'_>, file: FileId, fragments: &[Fragment], out: &mut Changes) {
    let Some(column) = target.node else { return };
    let is_read = |call: TextRange| {
        fragments.iter().any(|fragment| {
            let mut items = fragment.sql.selects.iter().flat_map(|select| &select.from);
            let in_from = items.any(|item| match item.relation {
                Relation::Hole { range, .. } => range.contains_range(call),
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
