//! An expression: what can follow what stands before the caret.

use glueline_jinja::LexemeKind;

use super::super::calls::path_at_end;
use super::super::config;
use super::super::cx::Cx;
use super::super::item::{Item, ItemKind, List};
use super::super::words::Host;
use super::{Spot, members, names, strings};

/// Keywords behind which an operand begins.
const BEFORE_OPERANDS: [&str; 16] = [
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "elif",
    "is",
    "do",
    "set",
    "print",
    "call",
    "return",
    "recursive",
    "filter",
    "with",
];

pub(super) fn offer(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(last) = spot.before.last() else {
        return names::offer(cx, spot, list);
    };
    let word = cx.slice(last.range);
    let is_statement_word = spot.before.len() == 1 && spot.place == glueline_jinja::Place::Statement;
    match last.kind {
        LexemeKind::Dot => members::offer(cx, spot, list),
        LexemeKind::Pipe => names::filters(list),
        LexemeKind::Name if is_test(cx, spot) => names::tests(list, word == "not"),
        LexemeKind::Name if BEFORE_OPERANDS.contains(&word) || is_statement_word => {
            names::offer(cx, spot, list);
        }
        LexemeKind::Name
        | LexemeKind::Number
        | LexemeKind::Text
        | LexemeKind::OpenText
        | LexemeKind::Close => operators(list),
        LexemeKind::Assign => value_of_keyword(cx, spot, list),
        LexemeKind::Open | LexemeKind::Comma if spot.frame().is_some_and(|frame| frame.opener == '(') => {
            argument(cx, spot, list);
        }
        LexemeKind::Colon | LexemeKind::Open | LexemeKind::Comma => {
            if !in_config_value(cx, spot, list) {
                names::offer(cx, spot, list);
            }
        }
        LexemeKind::Operator => {
            strings::compared(cx, spot, list, Host::Jinja);
            names::offer(cx, spot, list);
        }
    }
}

/// Whether a test follows: behind `is` or `is not`.
fn is_test(cx: &Cx<'_>, spot: &Spot) -> bool {
    let word = |back: usize| {
        let at = spot.before.len().checked_sub(back)?;
        spot.before.get(at).map(|lexeme| cx.slice(lexeme.range))
    };
    // An attribute may be called so: `x.is`.
    let after_dot = |back: usize| word(back) == Some(".");
    word(1) == Some("is") && !after_dot(2) || word(1) == Some("not") && word(2) == Some("is")
}

fn operators(list: &mut List<'_>) {
    // Behind a complete operand, nothing is worth a popup that was not asked for by a letter.
    if list.has_typed() {
        for word in ["and", "or", "if", "else", "in", "is", "not in", "is not"] {
            list.offer(0, word, |item| item, ItemKind::Keyword);
        }
    }
}

/// `key=`: the values of a config, or anything.
fn value_of_keyword(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    if !in_config_value(cx, spot, list) {
        let version = spot.frame().is_some_and(|frame| {
            matches!(frame.callee.as_str(), "ref" | "builtins.ref")
                && matches!(frame.keyword.as_deref(), Some("v" | "version"))
        });
        if version && let Some(frame) = spot.frame() {
            strings::versions_of(cx, frame, list, Host::Jinja);
            return;
        }
        names::offer(cx, spot, list);
    }
}

/// Offers the values of the config at the caret; `false` where no config is being set there.
fn in_config_value(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) -> bool {
    let Some((spec, in_key)) = strings::config_at(cx, &spot.frames) else {
        return false;
    };
    match (spec, in_key) {
        (Some((scope, spec)), false) => {
            let _ = scope;
            config::values(cx, list, spec, cx.node(), Host::Jinja);
            // A value may be computed as well; only the caret's own names are likely.
            names::likely(cx, spot, list);
        }
        (Some((scope, _)), true) => strings::nested_keys(cx, spot, list, scope, Host::Jinja),
        (None, _) => names::likely(cx, spot, list),
    }
    true
}

/// The start of an argument: keywords of what is called, literal names, or any expression.
fn argument(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(frame) = spot.frame() else { return };
    let callee = frame.callee.as_str();
    if matches!(callee, "config" | "builtins.config" | "config.set") && callee != "config.set" {
        return config_keys(cx, spot, list);
    }
    if !callee.is_empty() && strings::argument(cx, frame, list, Host::Jinja) {
        names::keywords(cx, spot, list);
        names::likely(cx, spot, list);
        return;
    }
    names::keywords(cx, spot, list);
    names::offer(cx, spot, list);
}

/// The keys that `config()` can set here.
fn config_keys(cx: &Cx<'_>, spot: &Spot, list: &mut List<'_>) {
    let Some(scope) = strings::config_scope(cx, spot) else {
        return;
    };
    let given = spot.given(cx.text);
    let has_value = spot.is_followed_by(cx, '=');
    let is_given = |name: &str| {
        given
            .iter()
            .any(|other| other.replace('-', "_") == name.replace('-', "_"))
    };
    let found: Vec<_> = config::open_keys(cx, scope, cx.node(), is_given).collect();
    for key in found {
        // A keyword argument has no hyphen: `pre_hook` stands for `pre-hook`.
        let label = key.spec.name.replace('-', "_");
        let mut item = config::key_item(list, scope, key.spec, &label);
        if !has_value {
            item = with_value(item, &label, key.spec, Host::Jinja);
        }
        list.push(key.tier, item);
    }
}

/// `key=` with the brackets or quotes of its value.
pub(in crate::completion) fn with_value(
    item: Item,
    name: &str,
    spec: &glueline_catalog::KeySpec,
    host: Host,
) -> Item {
    use glueline_catalog::ValueType as Type;
    let quote = if host == Host::Python { '"' } else { '\'' };
    let inner = match spec.value {
        Type::Text | Type::TextBool(_) | Type::TextOrTexts | Type::Date => format!("{quote}$1{quote}"),
        Type::Texts => format!("[{quote}$1{quote}]"),
        Type::List | Type::Objects(_) | Type::DataTests => "[$1]".to_owned(),
        Type::Mapping | Type::TextMap | Type::Object(_) | Type::ObjectMap(_) => "{$1}".to_owned(),
        _ => "$1".to_owned(),
    };
    let asks = config::has_values(spec) || spec.value.scope().is_some();
    let item = item.text(format!("{name}=")).snippet(format!("{name}={inner}$0"));
    if asks { item.asks_again() } else { item }
}

/// The path of names that ends before a comparison: `target.name` of `target.name == `.
pub(super) fn compared_path(cx: &Cx<'_>, spot: &Spot) -> Option<String> {
    let mut before = spot.before.as_slice();
    while let Some((last, rest)) = before.split_last() {
        let word = cx.slice(last.range);
        let skips = matches!(
            last.kind,
            LexemeKind::Operator | LexemeKind::Open | LexemeKind::Comma | LexemeKind::Text
        ) || matches!(word, "in" | "not");
        if !skips {
            break;
        }
        before = rest;
    }
    if before.len() == spot.before.len() {
        return None;
    }
    let compares = spot
        .before
        .get(before.len())
        .is_some_and(|lexeme| matches!(cx.slice(lexeme.range), "==" | "!=" | "in" | "not"));
    if compares {
        path_at_end(cx.text, before)
    } else {
        None
    }
}
