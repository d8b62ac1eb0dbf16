//! Spark's verdict on what is rendered.

mod columns;
mod config_names_no_column;
mod described_column_missing;
mod families;
mod relation;
mod second_run_lacks_column;
pub(crate) mod suspect;
mod verdict;

use glueline_base::{Diagnostic, FileRange, Group, Severity, TextRange};
use glueline_project::Project;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &config_names_no_column::RULE,
    &described_column_missing::RULE,
    &second_run_lacks_column::RULE,
];

/// The rules for what Spark refuses.
pub(crate) const FAMILIES: &[&Rule] = families::RULES;

/// What stands between two neighbours, one of which Jinja may write.
const JINJA: [char; 6] = ['{', '}', '%', '-', ' ', '\t'];

/// Takes out what another rule says better: where a text cannot be read as it was meant, as with Jinja or Python left in it, what Spark's
/// parser says of it is the consequence.
pub(crate) fn without_known(project: &Project, found: &mut Vec<Diagnostic>) {
    let is_parsing = |diagnostic: &Diagnostic| diagnostic.rule == families::SYNTAX.meta.id;
    if !found.iter().any(is_parsing) {
        return;
    }
    let others: Vec<(FileRange, bool)> = found
        .iter()
        .filter(|diagnostic| !families::is_one(diagnostic.rule))
        .map(|other| {
            (
                other.at,
                other.group == Group::Sql && other.severity == Severity::Error,
            )
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
        let mut causes = others.iter().filter(|(at, _)| at.file == diagnostic.at.file);
        !is_parsing(diagnostic) || !causes.any(|(at, is_fatal)| *is_fatal || touches(*at))
    });
}
