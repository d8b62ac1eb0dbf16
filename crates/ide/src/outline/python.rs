//! The symbols of a Python model: its functions.

use glueline_base::{TextRange, TextSize, slice};
use glueline_python::{Function, ParameterKind, PythonModel};

use super::{Item, ItemKind};

/// The functions that are not inside another one.
pub(super) fn items(facts: &PythonModel, text: &str) -> Vec<Item> {
    let functions = facts.functions.iter().enumerate();
    functions
        .map(|(index, function)| {
            let next = facts.functions.get(index + 1);
            let end = next.map_or(TextSize::of(text), |next| next.header.start());
            let range = body(text, function.header, end);
            let name = &function.name;
            Item::new(ItemKind::Function, &*name.value, range, name.range)
                .with(parameters(function), Vec::new())
        })
        .collect()
}

/// From the header to the last line that is indented more deeply than it.
fn body(text: &str, header: TextRange, limit: TextSize) -> TextRange {
    let rest = slice(text, TextRange::new(header.end().min(limit), limit));
    let mut end = header.end();
    let mut at = header.end();
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        let is_inside = index == 0 || line.starts_with([' ', '\t']);
        if !is_inside && !line.trim().is_empty() {
            break;
        }
        if !line.trim().is_empty() {
            end = at + TextSize::of(line.trim_end());
        }
        at += TextSize::of(line);
    }
    TextRange::new(header.start(), end.max(header.end()))
}

fn parameters(function: &Function) -> String {
    let each = function.parameters.iter().map(|parameter| {
        let stars = match parameter.kind {
            ParameterKind::Rest => "*",
            ParameterKind::KeywordRest => "**",
            ParameterKind::PositionalOnly | ParameterKind::Plain | ParameterKind::KeywordOnly => "",
        };
        format!("{stars}{}", parameter.name.value)
    });
    format!("({})", each.collect::<Vec<_>>().join(", "))
}
