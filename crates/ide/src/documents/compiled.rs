//! What `glueline compile` gives for a node.

use std::sync::Arc;

use glueline_base::Diagnostic;
use glueline_plan::fault::{Fault, diagnostic, kind, no_target, place};
use glueline_plan::show::{Dialect, Item, Show};
use glueline_project::{Language, Node, NodeId};
use glueline_render::{Compiled, Failure, Life, Status};

use super::lines::{Lines, comment};
use super::map::Piece;
use super::{Document, effective, left_out};
use crate::Analysis;

/// The text of a node, under comments that say what has to be known of it.
pub(super) fn document(analysis: &Analysis, id: NodeId, life: Life) -> Document {
    let project = analysis.project();
    let node = project.node(id);
    let mut document = empty(node);
    let why = left_out(analysis, node).or_else(|| no_target(project));
    if let Some(why) = why {
        comment(
            &mut document.text,
            document.dialect,
            &format!("Nothing is compiled: {why}."),
        );
        return document;
    }
    let compiled = analysis.renderer().compile(id, life);
    if let Some(failure) = &compiled.failure {
        let lines = Lines::new(analysis);
        let found = fault(analysis, id, failure);
        failed(&mut document.text, document.dialect, &lines, &found);
        return document;
    }
    if let Some(line) = life_line(analysis, id, life) {
        comment(&mut document.text, document.dialect, &line);
    }
    unknown(analysis, &compiled, &mut document);
    match (&compiled.code, compiled.status) {
        (Some(code), _) => {
            if !document.text.is_empty() {
                document.text.push('\n');
            }
            document.complete = true;
            document.pieces.push(Piece {
                start: document.text.len(),
                len: code.len(),
                skipped: 0,
                compiled: compiled.clone(),
            });
            document.text.push_str(code);
            if !code.ends_with('\n') {
                document.text.push('\n');
            }
        }
        (None, Status::Success | Status::Skipped | Status::Error) => {
            let line = format!("There is nothing to compile in a {}.", kind(node.kind));
            comment(&mut document.text, document.dialect, &line);
        }
    }
    document
}

/// A text with nothing in it.
pub(super) fn empty(node: &Node) -> Document {
    Document {
        text: String::new(),
        dialect: match node.language {
            Language::Python => Dialect::Python,
            Language::Sql | Language::None => Dialect::Sql,
        },
        source: node.file(),
        complete: false,
        pieces: Vec::new(),
    }
}

/// Which life of a node is shown, where its two lives differ.
fn life_line(analysis: &Analysis, id: NodeId, life: Life) -> Option<String> {
    let renderer = analysis.renderer();
    let code = |life| renderer.compile(id, life);
    let (first, later): (Arc<Compiled>, Arc<Compiled>) = (code(Life::Absent), code(Life::Exists));
    if first.code == later.code {
        return None;
    }
    let name = renderer
        .relation_name(id)
        .unwrap_or_else(|| analysis.project().node(id).name.to_string());
    Some(match effective(analysis, id, life) {
        Life::Exists => format!("A later run: {name} is there."),
        Life::Absent | Life::Known => format!("The first run: {name} is not there yet."),
    })
}

/// Says what could not be known without a warehouse.
fn unknown(analysis: &Analysis, compiled: &Compiled, document: &mut Document) {
    let lines = Lines::new(analysis);
    let position = |place| lines.start(place);
    let show = Show {
        renderer: analysis.renderer(),
        prefix: "",
        position: &position,
    };
    for note in &compiled.unknown {
        if let Item::Note(_, label, text) = show.unknown(note) {
            comment(&mut document.text, document.dialect, &format!("{label}: {text}"));
        }
    }
}

/// Why a node cannot be compiled.
fn fault(analysis: &Analysis, id: NodeId, failure: &Failure) -> Diagnostic {
    let project = analysis.project();
    let culprit = failure.node.unwrap_or(id);
    let fault = Fault {
        at: place(project, Some(culprit), None, failure),
        text: String::new(),
        operation: None,
        failure,
        nodes: vec![culprit],
    };
    diagnostic(project, &fault, ["cannot be compiled", "cannot be compiled"])
}

/// Writes down why something fails: what, where, and the calls that led there.
pub(super) fn failed(out: &mut String, dialect: Dialect, lines: &Lines<'_>, found: &Diagnostic) {
    comment(out, dialect, &found.message);
    comment(out, dialect, &format!("--> {}", lines.place(found.at)));
    for call in &found.related {
        let line = format!("    {}: {}", lines.place(call.at), call.message);
        comment(out, dialect, &line);
    }
}
