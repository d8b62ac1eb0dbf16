//! What the `{{ }}` under the cursor is rendered to.

use glueline_base::{FileRange, TextRange, slice};
use glueline_jinja::{Context, Output, Visitor, parse, walk};
use glueline_project::NodeId;
use glueline_render::Life;

use super::map::rendered_from;
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
