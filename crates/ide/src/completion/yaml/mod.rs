//! What can stand at a place in a file of YAML.

mod keys;
mod lists;
mod selectors;
mod shape;
mod tree;
mod values;

use glueline_base::{TextRange, range};
use glueline_catalog::Scope;
use glueline_catalog::jinja::Place as Known;
use glueline_project::FileKind;
use glueline_yaml::cursor::{Cursor, Place, cursor};

use super::cx::Cx;
use super::item::{Completions, List};
use super::words::{Ending, Host};
use shape::Shape;

/// The caret in a file of YAML.
pub(super) struct Spot<'a> {
    pub(super) cursor: Cursor<'a>,
    /// What the caret stands in.
    pub(super) shape: Shape<'a>,
    /// How a text is written there.
    pub(super) host: Host,
}

pub(super) fn complete(cx: &Cx<'_>) -> Completions {
    let cursor = cursor(cx.text, cx.offset());
    if cursor.place == Place::Nowhere {
        return Completions::default();
    }
    let shape = shape::at(cx, &cursor);
    let known = known(cx, &shape);
    if let Some(found) = super::jinja::in_scalar(cx, cursor.word, known) {
        return found;
    }
    if cursor.quote == Some('|') {
        return Completions::default();
    }
    let host = match cursor.quote {
        Some(_) if cursor.is_closed => Host::Quoted(Ending::default()),
        Some(quote) => Host::Quoted(Ending {
            quote: Some(quote),
            bracket: false,
        }),
        None => Host::Yaml,
    };
    let spot = Spot { cursor, shape, host };
    if spot.shape.is_expression() && spot.cursor.place != Place::Key {
        return lists::expression(cx, &spot);
    }
    let mut list = List::new(cx.text, spot.cursor.word, cx.caret);
    match spot.cursor.place {
        Place::Key => keys::offer(cx, &spot, &mut list),
        Place::Value => values::offer(cx, &spot, &mut list),
        Place::Node => {
            if !keys::offer_below(cx, &spot, &mut list) {
                values::offer(cx, &spot, &mut list);
            }
        }
        Place::Item if matches!(spot.shape, Shape::Scope(Scope::SelectorDefinition)) => {
            selectors::text(cx, &spot, &mut list);
            if list.range == spot.cursor.word {
                keys::offer_below(cx, &spot, &mut list);
            }
        }
        Place::Item => {
            if !keys::offer_below(cx, &spot, &mut list) {
                values::offer(cx, &spot, &mut list);
            }
        }
        Place::Nowhere => {}
    }
    list.finish()
}

/// Which names Jinja knows in a scalar.
fn known(cx: &Cx<'_>, shape: &Shape<'_>) -> Known {
    match (cx.info.kind, shape) {
        (FileKind::Profiles, _) => Known::Everywhere,
        (_, Shape::Value { spec, .. }) if spec.name == "description" => Known::Docs,
        (
            _,
            Shape::Value {
                scope: Scope::Hook, ..
            },
        ) => Known::Nodes,
        (_, Shape::Value { spec, .. }) if spec.name.contains("hook") || spec.name.starts_with("on-run") => {
            Known::Nodes
        }
        (FileKind::Properties, Shape::Expression | Shape::Argument { .. }) => Known::Nodes,
        _ => Known::WithTarget,
    }
}

/// The word of a scalar from its last separator on: `b` of `a,b`.
pub(super) fn last_word(cx: &Cx<'_>, word: TextRange, separators: &[char]) -> TextRange {
    let typed = cx.slice(TextRange::new(
        word.start(),
        cx.caret.clamp(word.start(), word.end()),
    ));
    let head = typed.rfind(separators).map_or(0, |at| {
        at + typed
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    });
    let start = usize::from(word.start()) + head;
    let rest = cx.slice(range(cx.offset(), usize::from(word.end())));
    let tail = rest.find(separators).unwrap_or(rest.len());
    range(start, cx.offset() + tail)
}
