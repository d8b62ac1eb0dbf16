//! Spark's verdict on what is rendered.

mod added;
mod columns;
mod config_names_no_column;
mod described_column_missing;
mod families;
mod judged;
mod lake_formation_columns;
mod merge_columns;
mod new_column_not_written;
mod partitions_differ_from_table;
mod relation;
mod second_run_lacks_column;
mod second_run_type_mismatch;
pub(crate) mod suspect;
mod unfit_partition_column;
mod verdict;

use glueline_base::{Diagnostic, FileRange, Group, Severity, TextRange};
use glueline_project::Project;

pub use self::families::{is_of_query, rule_of_class, rule_of_refusal};
use crate::rendering::sql_left_open;
use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &config_names_no_column::RULE,
    &described_column_missing::RULE,
    &new_column_not_written::RULE,
    &partitions_differ_from_table::RULE,
    &second_run_lacks_column::RULE,
    &second_run_type_mismatch::RULE,
    &unfit_partition_column::RULE,
];

/// The rules for what Spark refuses.
pub(crate) const FAMILIES: &[&Rule] = families::RULES;

/// What stands between two neighbours, one of which Jinja may write.
const JINJA: [char; 6] = ['{', '}', '%', '-', ' ', '\t'];

/// What another rule found.
struct Other {
    at: FileRange,
    kind: Cause,
}

/// How what another rule found bears on what Spark's parser says of the same file.
enum Cause {
    /// The text is none that Spark is meant to read.
    Fatal,
    /// Something in it is never closed.
    LeftOpen,
    /// It matters at its own place alone.
    Other,
}

/// Takes out what another rule says better: where a text cannot be read as it was meant, as with Jinja or Python left in it, what Spark's
/// parser says of it is the consequence.
pub(crate) fn without_known(project: &Project, found: &mut Vec<Diagnostic>) {
    let is_parsing = |diagnostic: &Diagnostic| diagnostic.rule == families::SYNTAX.meta.id;
    if !found.iter().any(is_parsing) {
        return;
    }
    let others: Vec<Other> = found
        .iter()
        .filter(|diagnostic| !families::is_one(diagnostic.rule))
        .map(|other| Other {
            at: other.at,
            kind: match (other.group, other.severity) {
                _ if other.rule == sql_left_open::RULE.meta.id => Cause::LeftOpen,
                (Group::Sql, Severity::Error) => Cause::Fatal,
                _ => Cause::Other,
            },
        })
        .collect();
    found.retain(|diagnostic| {
        let touches = |other: FileRange| {
            let (here, there) = (diagnostic.at.range, other.range);
            let text = project.files().text(other.file);
            let between = |before: TextRange, after: TextRange| {
                let between = text.get(before.end().into()..after.start().into());
                between.is_some_and(|between| between.trim_matches(JINJA).is_empty())
            };
            here.intersect(there).is_some() || between(there, here) || between(here, there)
        };
        // What is opened far above says something else than where the parser stops.
        let is_near = |other: FileRange| {
            let (here, there) = (diagnostic.at.range, other.range);
            let text = project.files().text(other.file);
            let (start, end) = (here.start().min(there.start()), here.start().max(there.start()));
            let between = text.get(start.into()..end.into()).unwrap_or_default();
            between.matches('\n').count() <= 1
        };
        let mut causes = others.iter().filter(|cause| cause.at.file == diagnostic.at.file);
        !is_parsing(diagnostic)
            || !causes.any(|cause| match cause.kind {
                Cause::Fatal => true,
                Cause::LeftOpen => is_near(cause.at),
                Cause::Other => touches(cause.at),
            })
    });
}
