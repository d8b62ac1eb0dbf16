//! Definitions of functions.

use std::ops::Range;

use glueline_base::TextRange;

use crate::model::{Ending, Function, Parameter, ParameterKind};
use crate::tokens::{Kind, Line, Span, Tokens};

/// The functions that are not inside another one.
pub(crate) fn read(tokens: &Tokens<'_>) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut index = 0;
    while let Some(line) = tokens.lines.get(index) {
        let Some(def) = definition(tokens, *line) else {
            index += 1;
            continue;
        };
        let body = index + 1..end_of_block(&tokens.lines, index);
        index = body.end;
        functions.extend(function(tokens, *line, def, body));
    }
    functions
}

/// The token `def` of a line that defines a function.
fn definition(tokens: &Tokens<'_>, line: Line) -> Option<usize> {
    match tokens.text_at(line.start) {
        "def" => Some(line.start),
        "async" if tokens.text_at(line.start + 1) == "def" => Some(line.start + 1),
        _ => None,
    }
}

/// The first line behind the block that a line heads.
fn end_of_block(lines: &[Line], header: usize) -> usize {
    let Some(indent) = lines.get(header).map(|line| line.indent) else {
        return lines.len();
    };
    lines
        .iter()
        .enumerate()
        .skip(header + 1)
        .find(|(_, line)| line.indent <= indent)
        .map_or(lines.len(), |(index, _)| index)
}

fn function(tokens: &Tokens<'_>, line: Line, def: usize, body: Range<usize>) -> Option<Function> {
    let name = def + 1;
    if name >= line.end || tokens.kind_at(name) != Some(Kind::Name) {
        return None;
    }
    let header_end = tokens.header_end(line);
    let signature = Span {
        start: name + 1,
        end: header_end,
    };
    let open = tokens.find(signature, "(");
    let inline = Span {
        start: header_end,
        end: line.end,
    };
    let last = if inline.start < inline.end {
        Some(inline)
    } else {
        let lines = tokens.lines.get(body.clone()).unwrap_or_default();
        let indent = lines.first().map_or(0, |line| line.indent);
        lines.iter().rfind(|line| line.indent <= indent).map(|line| Span {
            start: line.start,
            end: line.end,
        })
    };
    Some(Function {
        name: tokens.name_at(name),
        parameters: open.map_or_else(Vec::new, |open| parameters(tokens, tokens.inside(open))),
        header: tokens.range_of(Span {
            start: line.start,
            end: header_end,
        }),
        is_async: def != line.start,
        returns: returns(tokens, inline, body),
        ending: last.map_or(Ending::Missing, |last| ending(tokens, last)),
    })
}

fn parameters(tokens: &Tokens<'_>, span: Span) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    let mut kind = ParameterKind::Plain;
    for part in tokens.split(span, ",") {
        let (own, name) = match tokens.text_at(part.start) {
            _ if part.start >= part.end => continue,
            "/" => {
                for parameter in &mut found {
                    parameter.kind = ParameterKind::PositionalOnly;
                }
                continue;
            }
            "*" => {
                kind = ParameterKind::KeywordOnly;
                (ParameterKind::Rest, part.start + 1)
            }
            "**" => (ParameterKind::KeywordRest, part.start + 1),
            _ => (kind, part.start),
        };
        if name < part.end && tokens.kind_at(name) == Some(Kind::Name) {
            found.push(Parameter {
                name: tokens.name_at(name),
                kind: own,
            });
        }
    }
    found
}

/// The `return` statements of a body, those of functions inside it left out.
fn returns(tokens: &Tokens<'_>, inline: Span, body: Range<usize>) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut look_in = |span: Span| {
        // A `return` can follow other statements on its line, and the colon of a header.
        for statement in tokens.split(span, ";") {
            if let Some(at) = tokens.find(statement, "return") {
                found.push(tokens.range_of(Span {
                    start: at,
                    end: statement.end,
                }));
            }
        }
    };
    look_in(inline);
    let mut index = body.start;
    while index < body.end {
        let Some(line) = tokens.lines.get(index) else {
            break;
        };
        if definition(tokens, *line).is_some() {
            index = end_of_block(&tokens.lines, index);
            continue;
        }
        look_in(Span {
            start: line.start,
            end: line.end,
        });
        index += 1;
    }
    found
}

fn ending(tokens: &Tokens<'_>, line: Span) -> Ending {
    let statement = tokens
        .split(line, ";")
        .filter(|part| part.start < part.end)
        .last()
        .unwrap_or(line);
    if tokens.text_at(statement.start) != "return" {
        return Ending::Other(tokens.range_at(statement.start));
    }
    let value = Span {
        start: statement.start + 1,
        end: statement.end,
    };
    if is_tuple(tokens, value) {
        return Ending::ReturnTuple(tokens.range_of(statement));
    }
    Ending::Return
}

fn is_tuple(tokens: &Tokens<'_>, mut value: Span) -> bool {
    // Parentheses around the whole do not count; an empty pair is a tuple.
    while tokens.opener_at(value.start) == "(" && tokens.after(value.start) == value.end {
        value = tokens.inside(value.start);
        if value.start >= value.end {
            return true;
        }
        if tokens.find(value, "for").is_some() {
            return false;
        }
    }
    let mut at = value.start;
    while at < value.end {
        match tokens.text_at(at) {
            "," => return true,
            // The commas between a lambda's parameters are not the tuple's.
            "lambda" => {
                let rest = Span {
                    start: at,
                    end: value.end,
                };
                at = tokens.find(rest, ":").unwrap_or(value.end);
            }
            _ => {}
        }
        at = tokens.after(at);
    }
    false
}
