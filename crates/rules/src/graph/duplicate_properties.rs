//! `duplicate-properties`.

use glueline_base::{Diagnostic, FileRange};
use glueline_project::facts::properties::PatchKind;
use rustc_hash::FxHashMap;

use super::properties::{Described, entries, kind_of};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "duplicate-properties",
    Fails,
    Error,
    "duplicate_properties.md",
    Check::Project(check), Parse: "DuplicatePatchPathError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut seen: FxHashMap<(PatchKind, &str), FileRange> = FxHashMap::default();
    let mut described: Option<Described<'_>> = None;
    for (file, patch) in entries(cx.project) {
        let name = &*patch.name.value;
        let at = patch.name.in_file(file);
        // Versions are looked at one by one, and a snapshot with `relation` is defined by its entry.
        if !patch.versions.is_empty() || patch.relation.is_some() {
            continue;
        }
        let Some(first) = seen.insert((patch.kind, name), at) else {
            continue;
        };
        let exists = match kind_of(patch.kind) {
            None => cx.project.macros().find_in(name, 0).is_some(),
            Some(kind) => {
                let described = described.get_or_insert_with(|| Described::new(cx.project));
                described.find(kind, name).iter().any(|node| node.enabled)
            }
        };
        if exists {
            let message = format!(
                "`{name}` has two entries in properties files: dbt stops when it parses the project, and no command \
                 runs. Make one of the two."
            );
            sink.push(Diagnostic::new(&RULE.meta, at, message).related(first, "the other one"));
        }
    }
}
