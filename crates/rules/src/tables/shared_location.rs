//! `shared-location`.

use glueline_base::{FileRange, Severity};
use glueline_project::ResourceType;

use super::locations::{self, Written};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "shared-location",
    Data,
    Error,
    "shared_location.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let written = locations::all(cx);
    for group in written
        .chunk_by(|a, b| a.path == b.path)
        .filter(|group| group.len() > 1)
    {
        let mut places: Vec<FileRange> = Vec::new();
        for one in group
            .iter()
            .filter(|one| one.is_own() && one.node.kind != ResourceType::Source)
        {
            let Some(other) = group.iter().find(|other| !is_same_table(one, other)) else {
                continue;
            };
            // A path for a whole folder is one fault, however many nodes it strikes.
            if places.contains(&one.at()) {
                continue;
            }
            places.push(one.at());
            let what = if other.node.kind == ResourceType::Source {
                "lies in"
            } else {
                "is written to"
            };
            let message = format!(
                "`{}` is written to `{}`, and `{}` {what} the same folder: each replaces the files of the other, or mixes \
                 with them. Give each a path of its own.",
                one.node.name, one.path, other.node.name
            );
            // Tables that track each of their files can live in one folder, until one is purged; of Delta's there is one.
            let are_apart = one.tracks_files && other.tracks_files && !(one.is_delta && other.is_delta);
            let severity = if are_apart {
                Severity::Warning
            } else {
                Severity::Error
            };
            let finding = one
                .cx(cx)
                .diagnostic(&RULE.meta, one.at(), message)
                .severity(severity);
            sink.push(finding.related(other.at(), "the other one"));
        }
    }
}

/// Two nodes with one name are refused by dbt itself, and a source may name a table of this project.
fn is_same_table(one: &Written<'_>, other: &Written<'_>) -> bool {
    (&one.node.schema, &one.node.identifier) == (&other.node.schema, &other.node.identifier)
}
