//! What the `{{ }}` under the cursor is rendered to.

use glueline_base::{FileRange, TextRange, TextSize, slice};
use glueline_jinja::{Context, Output, Visitor, parse, walk};
use glueline_plan::fault::no_target;
use glueline_project::NodeId;
use glueline_render::Life;

use super::lines::{Lines, comment};
use super::map::{Piece, rendered_from};
use super::{Document, compiled};
use crate::{Analysis, FilePosition, nodes};

/// What one `{{ }}` of a node's file is rendered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// The node that was rendered.
    pub node: NodeId,
    /// The `{{ }}`, in its file.
    pub call: TextRange,
    /// What it gave, once for each time that it was rendered; empty where it was not, or gave nothing.
    pub texts: Vec<String>,
    /// Where the texts stand in the compiled code.
    pub places: Vec<TextRange>,
    /// The places that wrote the first text: the templates of macros, the innermost first. Empty for what is no macro of a file.
    pub from: Vec<FileRange>,
}

/// What the `{{ }}` around a place is rendered to. `None` where there is none, where its file belongs to no node, and where the node
/// cannot be rendered.
pub fn expansion(analysis: &Analysis, position: FilePosition, life: Life) -> Option<Expansion> {
    let project = analysis.project();
    project.facts(position.file).sql()?;
    let template = parse(analysis.text(position.file));
    let mut finder = Finder {
        position,
        found: None,
    };
    walk(&template, &mut finder);
    let call = finder.found?;
    let node = nodes::at(analysis, position)?;
    let compiled = analysis.renderer().compile(node, life);
    let code = compiled.code.as_deref()?;
    let at = FileRange {
        file: position.file,
        range: call,
    };
    let places = rendered_from(&compiled, at);
    let first = places
        .first()
        .and_then(|place| compiled.map.at(place.start().into()));
    let mut from: Vec<FileRange> = Vec::new();
    if let Some(first) = first {
        let all = std::iter::once(first.place).chain(first.expanded_from);
        from.extend(all.take_while(|place| place.file != position.file));
    }
    Some(Expansion {
        node,
        call,
        texts: places
            .iter()
            .map(|place| slice(code, *place).to_owned())
            .collect(),
        places,
        from,
    })
}

/// The text of an expansion, under comments that say of what and by whom.
pub(super) fn document(analysis: &Analysis, node: NodeId, offset: TextSize, life: Life) -> Document {
    let node = analysis.project().node(node);
    let mut document = compiled::empty(node);
    let (file, dialect) = (node.file(), document.dialect);
    let found = match no_target(analysis.project()) {
        Some(why) => {
            comment(
                &mut document.text,
                dialect,
                &format!("Nothing is rendered: {why}."),
            );
            return document;
        }
        None => expansion(analysis, FilePosition { file, offset }, life),
    };
    let Some(found) = found else {
        let compiled = compiled::document(analysis, node.id, life);
        if compiled.complete {
            let line = "Nothing is rendered at this place: no {{ }} is around it.";
            comment(&mut document.text, dialect, line);
            return document;
        }
        return compiled;
    };
    let lines = Lines::new(analysis);
    let call = FileRange {
        file,
        range: found.call,
    };
    comment(
        &mut document.text,
        dialect,
        slice(analysis.text(file), found.call),
    );
    comment(&mut document.text, dialect, &lines.place(call));
    let from = found
        .from
        .iter()
        .filter(|from| (from.file.0 as usize) < analysis.project().files().len());
    for from in from {
        comment(
            &mut document.text,
            dialect,
            &format!("from {}", lines.place(*from)),
        );
    }
    if found.places.is_empty() {
        comment(&mut document.text, dialect, "It is rendered to nothing.");
        return document;
    }
    let compiled = analysis.renderer().compile(found.node, life);
    for (number, (text, place)) in found.texts.iter().zip(&found.places).enumerate() {
        document.text.push('\n');
        if found.texts.len() > 1 {
            comment(&mut document.text, dialect, &format!("{}.", number + 1));
        }
        document.pieces.push(Piece {
            start: document.text.len(),
            len: text.len(),
            skipped: place.start().into(),
            compiled: compiled.clone(),
        });
        document.text.push_str(text);
        document.text.push('\n');
    }
    document.complete = true;
    document
}

struct Finder {
    position: FilePosition,
    found: Option<TextRange>,
}

impl<'t, 'a> Visitor<'t, 'a> for Finder {
    fn output(&mut self, output: &'t Output<'a>, context: &Context<'t, 'a>) {
        let in_macro = context.definition.is_some_and(|definition| {
            !matches!(definition.kind, glueline_jinja::StatementKind::Snapshot { .. })
        });
        if !in_macro && output.range.contains_inclusive(self.position.offset) {
            self.found = Some(output.range);
        }
    }
}
