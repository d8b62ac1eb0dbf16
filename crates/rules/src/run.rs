//! Running the rules over a project.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use glueline_base::{Cancel, Diagnostic, FileId, FileRange, nearest, range};
use glueline_project::{FileKind, Project};
use glueline_render::Renderer;
use glueline_schema::Schemas;
use rayon::prelude::*;

use crate::context::{FileCx, NodeCx, ProjectCx, TargetCx};
use crate::known::Known;
use crate::rule::{Check, Rule, Sink};
use crate::{ALL, suppress};

/// Everything the rules have to say about a project, sorted by path, place and rule; suppressions are applied.
pub fn check(renderer: &Renderer) -> Vec<Diagnostic> {
    let known = Known::find(&Schemas::new(renderer), None, &Cancel::new());
    known.map(|known| known.found().to_vec()).unwrap_or_default()
}

/// What is left to say of what rules found: each fault once and by the rule that knows best, what comments allow taken out, comments
/// that allow nothing added; sorted.
pub(crate) fn settled(project: &Project, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    crate::rendering::without_known(&mut found);
    crate::sql::without_known(project, &mut found);
    sort(&mut found);
    found.dedup();
    let mut found = suppressed(project, found);
    sort(&mut found);
    found
}

/// The same for the findings of one file, among others.
pub(crate) fn settled_in(project: &Project, file: FileId, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    crate::rendering::without_known(&mut found);
    crate::sql::without_known(project, &mut found);
    found.retain(|diagnostic| diagnostic.at.file == file);
    sort(&mut found);
    found.dedup();
    allow(project, file, &mut found);
    sort(&mut found);
    found
}

/// Why dbt ends every command before it runs a node: what it finds first comes first. Empty where nodes run. Comments that allow a
/// rule change nothing: dbt does not read them.
pub fn stops(renderer: &Renderer) -> Vec<Diagnostic> {
    let project: &Project = renderer.project();
    let rules: Vec<&Rule> = ALL
        .iter()
        .copied()
        .filter(|rule| rule.meta.stop.is_some())
        .collect();
    let mut found = of_files_and_nodes(project, &rules);
    let context = ProjectCx { project };
    found.par_extend(rules.par_iter().flat_map_iter(|rule| {
        let mut sink = Sink::default();
        guarded(rule, project_place(project), &mut sink, |sink| match rule.check {
            Check::Project(check) => check(&context, sink),
            Check::Target(check) => of_targets(project, check, sink),
            Check::File(_) | Check::Node(_) | Check::GlueNode(_) | Check::Rendered(_) | Check::Elsewhere => {}
        });
        sink.take()
    }));
    // Without its packages a project has other faults than those that it seems to have.
    if project.all_packages_present() {
        found.append(&mut crate::rendering::unparsed(renderer));
    }
    found.retain(Diagnostic::stops);
    crate::rendering::without_known(&mut found);
    sort(&mut found);
    found.dedup();
    found.sort_by_key(|diagnostic| diagnostic.stop.map(|stop| stop.stage));
    found
}

pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    let key = |diagnostic: &Diagnostic| {
        (
            diagnostic.at.file,
            diagnostic.at.range.start(),
            diagnostic.at.range.end(),
        )
    };
    diagnostics.sort_by(|a, b| {
        key(a)
            .cmp(&key(b))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.message.cmp(&b.message))
    });
}

/// What the rules say that look at one file or node at a time.
fn of_files_and_nodes(project: &Project, rules: &[&Rule]) -> Vec<Diagnostic> {
    let files: Vec<FileId> = project
        .files()
        .ids()
        .filter(|file| is_own(project, *file))
        .collect();
    let is_glue = project.is_glue();
    let mut found: Vec<Diagnostic> = Vec::new();
    found.par_extend(files.par_iter().flat_map_iter(|file| {
        let mut sink = Sink::default();
        let cx = FileCx { project, file: *file };
        for rule in rules {
            if let Check::File(check) = rule.check {
                guarded(rule, cx.at(range(0, 0)), &mut sink, |sink| check(&cx, sink));
            }
        }
        let mut found = sink.take();
        if is_glue {
            drop_other_adapters(&cx, &mut found);
        }
        found
    }));
    found.par_extend(project.nodes().par_iter().flat_map_iter(|node| {
        let mut sink = Sink::default();
        let cx = NodeCx { project, node };
        if node.enabled && node.package == 0 {
            for rule in rules {
                match rule.check {
                    Check::Node(check) => guarded(rule, node.at, &mut sink, |sink| check(&cx, sink)),
                    Check::GlueNode(check) if is_glue => {
                        guarded(rule, node.at, &mut sink, |sink| check(&cx, sink));
                    }
                    _ => {}
                }
            }
        }
        sink.take()
    }));
    found
}

/// Runs a rule that looks at an output of the profile.
pub(crate) fn of_targets(project: &Project, check: fn(&TargetCx<'_>, &mut Sink), sink: &mut Sink) {
    let profile = project.profile().profile();
    let targets = profile.into_iter().flat_map(|profile| &profile.targets);
    for target in targets.filter(|target| target.is_glue()) {
        check(&TargetCx { project, target }, sink);
    }
}

/// Takes out what is found in macros for another adapter, `snowflake__concat`: they never run on Glue. What dbt cannot
/// parse stops it all the same.
pub(crate) fn drop_other_adapters(cx: &FileCx<'_>, found: &mut Vec<Diagnostic>) {
    let Some(facts) = cx.facts().sql().filter(|facts| facts.errors.is_empty()) else {
        return;
    };
    let macros = cx.project.macros();
    found.retain(|diagnostic| {
        let at = diagnostic.at;
        !facts.macros.iter().any(|definition| {
            at.file == cx.file
                && definition.range.contains_range(at.range)
                && macros.is_for_other_adapter(&definition.name.value)
        })
    });
}

/// Whether a file is the user's own: those of installed packages are not theirs to mend, and a text that stands in no file has the
/// number of none.
pub(crate) fn is_own(project: &Project, file: FileId) -> bool {
    let files = project.files();
    (file.0 as usize) < files.len() && files.info(file).package == 0
}

pub(crate) fn project_place(project: &Project) -> FileRange {
    FileRange {
        file: project.project_file().file,
        range: range(0, 0),
    }
}

/// Runs a rule so that a fault of its own becomes a report about the rule, and the rest of the report still appears.
pub(crate) fn guarded(rule: &Rule, place: FileRange, sink: &mut Sink, check: impl FnOnce(&mut Sink)) {
    let mut own = Sink::default();
    let outcome = catch_unwind(AssertUnwindSafe(|| check(&mut own)));
    for diagnostic in own.take() {
        sink.push(diagnostic);
    }
    if outcome.is_err() {
        let message = format!(
            "The rule `{}` failed here; this is a fault of Glueline, please report it.",
            rule.meta.id
        );
        sink.push(Diagnostic::new(
            &crate::internal::error::RULE.meta,
            place,
            message,
        ));
    }
}

/// Takes out what comments allow, and reports comments that allow nothing.
fn suppressed(project: &Project, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let files: Vec<FileId> = project
        .files()
        .ids()
        .filter(|file| is_own(project, *file))
        .collect();
    let mut by_file: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
    for diagnostic in found {
        by_file.entry(diagnostic.at.file).or_default().push(diagnostic);
    }
    let mut kept = Vec::new();
    for file in files {
        let mut here = by_file.remove(&file).unwrap_or_default();
        allow(project, file, &mut here);
        kept.append(&mut here);
    }
    kept.extend(by_file.into_values().flatten());
    kept
}

/// Takes out what comments of a file allow, and reports those that allow nothing.
fn allow(project: &Project, file: FileId, found: &mut Vec<Diagnostic>) {
    if project.files().info(file).kind != FileKind::Seed {
        let unused = suppress::apply(project.files().text(file), found);
        found.extend(unused.iter().map(|allowed| unused_suppression(file, allowed)));
    }
}

fn unused_suppression(file: FileId, allowed: &suppress::Allowed<'_>) -> Diagnostic {
    let id = allowed.id.value;
    let at = FileRange {
        file,
        range: suppress::place(allowed),
    };
    let message = if ALL.iter().any(|rule| rule.meta.id == id) {
        let place = if allowed.lines.is_some() {
            "on its line"
        } else {
            "in this file"
        };
        format!("Nothing to allow: the rule `{id}` finds nothing {place}. Remove the comment.")
    } else {
        match nearest(id, ALL.iter().map(|rule| rule.meta.id)) {
            Some(near) => format!("There is no rule `{id}`; did you mean `{near}`?"),
            None => format!("There is no rule `{id}`."),
        }
    };
    Diagnostic::new(&crate::internal::unused_suppression::RULE.meta, at, message)
}
