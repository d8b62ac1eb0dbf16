//! Reports what Spark refuses, at the place that a person would blame.

use glueline_base::{FileId, FileRange, Fix, Related, TextRange, TextSize, nearest, range, slice};
use glueline_project::{FileKind, Project};
use glueline_render::Compiled;
use glueline_spark::analyze::SparkError;
use glueline_spark::functions::{self, Version};
use glueline_spark::naming;

use super::judged::{self, Judged};
use super::{families, relation};
use crate::context::{NodeCx, RenderedCx};
use crate::rendering::report::{ByRule, is_sent};
use crate::rendering::sql;
use crate::rule::Sink;

/// A function that Spark does not know.
const UNKNOWN_FUNCTION: &str = "UNRESOLVED_ROUTINE";

pub(super) fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    judged::report(cx, sink, is_run, |text, found| {
        for error in &text.verdict.errors {
            if relation::is_certain(cx.project, error, text.code) {
                report(cx, text, error, found);
            }
        }
    });
}

fn report<'a>(cx: &RenderedCx<'a>, text: &Judged<'a, '_>, error: &SparkError, found: &mut ByRule<'a>) {
    let fault = fault(error, text.code);
    let blamed = blamed(cx.project, &text.node, text.compiled, error.class, fault);
    if speaks_for_itself(cx, &text.node, blamed.at.file) {
        return;
    }
    let findings = found.of(families::of_class(error.class));
    let found = findings.add_with(text.node.node, text.life, blamed.at, message(error), None);
    if let Some(made) = blamed.made_at {
        found.relate(Related {
            at: made,
            message: "The macro writes it here.".to_owned(),
        });
    }
    if let Some(fix) = fix(error, slice(text.code, fault), &blamed, cx.schemas.version()) {
        found.fix(fix);
    }
}

/// Whether a place in the text of a node belongs to an ephemeral model of which something is said already.
fn speaks_for_itself(cx: &RenderedCx<'_>, node: &NodeCx<'_>, file: FileId) -> bool {
    if file == node.node.file() || cx.project.files().info(file).kind == FileKind::Macro {
        return false;
    }
    let mut others = cx
        .project
        .nodes_in(file)
        .iter()
        .filter(|id| cx.project.node(**id).file() == file);
    others.any(|id| {
        let entry = cx.schemas.entry(*id);
        entry.is_some_and(|entry| {
            entry
                .verdicts
                .iter()
                .any(|(_, verdict)| !verdict.errors.is_empty())
        })
    })
}

/// Whether Spark gets the text: an ephemeral model comes to it with those that read it.
fn is_run(cx: &NodeCx<'_>) -> bool {
    is_sent(cx)
        && (cx.materialized() != Some("ephemeral")
            || cx.node.kind != glueline_project::ResourceType::Model
            || !cx.project.graph().children(cx.node.id).is_empty())
}

/// What Spark says, with the class by which it can be looked up.
fn message(error: &SparkError) -> String {
    if error.message.contains('\u{feff}') {
        return "The text begins with a byte order mark: dbt hands it on, and Spark's parser stops at it. Save the file as UTF-8 \
                without one."
            .to_owned();
    }
    let text = error.message.trim_end();
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    if error.class.starts_with("_LEGACY") {
        return format!("Spark: {text}{stop}");
    }
    format!("Spark: [{}] {text}{stop}", error.class)
}

/// What is wrong in a text: of a call, its name.
fn fault(error: &SparkError, code: &str) -> TextRange {
    if error.class != UNKNOWN_FUNCTION {
        return error.range;
    }
    let call = slice(code, error.range);
    let name = call.split('(').next().unwrap_or_default().trim_end();
    TextRange::at(error.range.start(), TextSize::of(name))
}

/// A place to point at.
struct Blamed {
    at: FileRange,
    /// Whether the characters stand there as Spark gets them.
    is_literal: bool,
    /// Where a macro wrote what is pointed at by its call.
    made_at: Option<FileRange>,
}

/// Where a person would look for the fault: where the text stands, or in the node's own file the expression that printed it. What a macro
/// writes by itself is the macro's fault where it is no SQL; whether a column is there depends on who calls it.
fn blamed(
    project: &Project,
    node: &NodeCx<'_>,
    compiled: &Compiled,
    class: &str,
    fault: TextRange,
) -> Blamed {
    let (start, end) = (usize::from(fault.start()), usize::from(fault.end()));
    // Spark points behind the end where the text ends too early.
    let length = compiled.code.as_deref().map_or(0, |code| code.trim_end().len());
    let start = start.min(length.saturating_sub(1));
    let end = end.clamp(start + 1, length.max(start + 1));
    let whole = |at| Blamed {
        at,
        is_literal: false,
        made_at: None,
    };
    let Some(place) = sql::place(project, compiled, start, end) else {
        return whole(node.node.at);
    };
    let Some(from) = compiled.map.at(start) else {
        return whole(place);
    };
    // A byte order mark is nowhere to be seen, and belongs to the file.
    let text = project.files().text(place.file);
    if place.range.start() == TextSize::new(0) && text.starts_with('\u{feff}') {
        return whole(FileRange {
            file: place.file,
            range: range(0, 0),
        });
    }
    let is_macro = project.files().info(place.file).kind == FileKind::Macro;
    let is_syntax = families::of_class(class).meta.id == families::SYNTAX.meta.id;
    if is_macro && !(from.literal && is_syntax) {
        let own = node.node.file();
        let calls = || from.expanded_from.iter().rev();
        // The text of an ephemeral model was called in that model's file.
        let elsewhere = || calls().find(|call| project.files().info(call.file).kind != FileKind::Macro);
        if let Some(call) = calls().find(|call| call.file == own).or_else(elsewhere) {
            return Blamed {
                at: *call,
                is_literal: false,
                made_at: Some(place),
            };
        }
    }
    Blamed {
        at: place,
        is_literal: from.literal && place.range.len() == fault.len(),
        made_at: None,
    }
}

/// The name that was most likely meant, in place of one that is not known.
fn fix(error: &SparkError, written: &str, blamed: &Blamed, version: Version) -> Option<Fix> {
    if !blamed.is_literal {
        return None;
    }
    let meant = if error.class == UNKNOWN_FUNCTION {
        nearest(&written.to_lowercase(), functions::names(version))?.to_owned()
    } else {
        let (before, name) = match written.rfind('.') {
            Some(dot) => written.split_at(dot + 1),
            None => ("", written),
        };
        let names = error.instead.iter().map(|name| &**name);
        let near = nearest(name.trim_matches('`'), names)?;
        format!("{before}{}", naming::written(near))
    };
    Some(Fix::needs_consent(format!("Change to `{meant}`")).replace(blamed.at, meant))
}
