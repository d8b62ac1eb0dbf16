//! The symbols of a template: what it defines, sets and configures, and the blocks around that.

use glueline_base::{TextRange, slice};
use glueline_jinja::{Arg, Branch, Definition, Expr, Output, Piece, Statement, StatementKind, parse};

use super::{Item, ItemKind};

/// How much of a condition or a call is shown.
const SHOWN: usize = 60;

/// The symbols of a text of Jinja and SQL.
pub(super) fn items(text: &str) -> Vec<Item> {
    let template = parse(text);
    let mut items = Vec::new();
    pieces(text, &template.body, &mut items);
    items
}

fn pieces(text: &str, body: &[Piece<'_>], out: &mut Vec<Item>) {
    for piece in body {
        match piece {
            Piece::Text(_) | Piece::Comment(_) => {}
            Piece::Output(output) => out.extend(config(output)),
            Piece::Statement(found) => statement(text, found, out),
        }
    }
}

/// `{{ config(materialized='table') }}`.
fn config(output: &Output<'_>) -> Option<Item> {
    let (callee, args) = output.expr.as_call()?;
    (callee.as_name() == Some("config")).then_some(())?;
    let keys: Vec<&str> = args.iter().filter_map(Arg::keyword).collect();
    let item = Item::new(ItemKind::Config, "config", output.range, callee.range);
    let children = args.iter().filter_map(|arg| {
        let name = arg.keyword()?;
        Some(Item::new(ItemKind::Key, name, arg.range, arg.range))
    });
    Some(item.with(keys.join(", "), children.collect()))
}

fn statement(text: &str, found: &Statement<'_>, out: &mut Vec<Item>) {
    let inside = |body: &[Piece<'_>]| {
        let mut items = Vec::new();
        pieces(text, body, &mut items);
        items
    };
    let block = |name: String, children: Vec<Item>| {
        Item::new(ItemKind::Block, name, found.range, found.open.range).with("", children)
    };
    let named = |kind: ItemKind, name: &str, at: TextRange| Item::new(kind, name, found.range, at);
    let item = match &found.kind {
        StatementKind::Macro(definition) | StatementKind::Test(definition) => {
            let (name, detail) = (definition.name, parameters(text, definition));
            named(ItemKind::Macro, name.value, name.range).with(detail, inside(&definition.body))
        }
        StatementKind::Materialization { name, body, .. } => {
            named(ItemKind::Macro, name.value, name.range).with("materialization", inside(body))
        }
        StatementKind::Snapshot { name, body } => {
            named(ItemKind::Snapshot, name.value, name.range).with("", inside(body))
        }
        StatementKind::Docs { name, .. } => named(ItemKind::Docs, name.value, name.range),
        StatementKind::Block { name, body } => {
            named(ItemKind::Block, name.value, name.range).with("", inside(body))
        }
        StatementKind::Set { target, .. } => variable(text, target, found.range),
        StatementKind::SetBlock { target, body, .. } => {
            variable(text, target, found.range).with("", inside(body))
        }
        StatementKind::If { branches } => {
            let children: Vec<Item> = branches.iter().flat_map(|branch| inside(&branch.body)).collect();
            let name = branches
                .first()
                .map_or_else(String::new, |branch| condition(text, branch));
            block(name, children)
        }
        StatementKind::For(each) => {
            let mut children = inside(&each.body);
            children.extend(each.otherwise.iter().flat_map(|branch| inside(&branch.body)));
            let (target, iter) = (shown(text, &each.target), shown(text, &each.iter));
            block(format!("for {target} in {iter}"), children)
        }
        StatementKind::CallBlock { call, body, .. } => {
            block(format!("call {}", shown(text, call)), inside(body))
        }
        StatementKind::FilterBlock { body, .. } => block("filter".to_owned(), inside(body)),
        StatementKind::With { body, .. } => block("with".to_owned(), inside(body)),
        StatementKind::Do(call) => {
            // `do` runs something for what it does, and may set configs.
            let Some(("config", args)) = call
                .as_call()
                .and_then(|(callee, args)| Some((callee.as_name()?, args)))
            else {
                return;
            };
            let keys: Vec<&str> = args.iter().filter_map(Arg::keyword).collect();
            Item::new(ItemKind::Config, "config", found.range, call.range).with(keys.join(", "), Vec::new())
        }
        StatementKind::Autoescape { body, .. } => {
            out.extend(inside(body));
            return;
        }
        StatementKind::Raw
        | StatementKind::Print(_)
        | StatementKind::Break
        | StatementKind::Continue
        | StatementKind::Include(_)
        | StatementKind::Extends(_)
        | StatementKind::Import { .. }
        | StatementKind::FromImport { .. }
        | StatementKind::Unknown => return,
    };
    out.push(item);
}

fn variable(text: &str, target: &Expr<'_>, whole: TextRange) -> Item {
    Item::new(ItemKind::Variable, shown(text, target), whole, target.range)
}

fn condition(text: &str, branch: &Branch<'_>) -> String {
    match &branch.condition {
        Some(condition) => format!("if {}", shown(text, condition)),
        None => "if".to_owned(),
    }
}

/// `(a, b=1)`.
fn parameters(text: &str, definition: &Definition<'_>) -> String {
    let each = definition.params.iter().map(|param| match &param.default {
        Some(default) => format!("{}={}", param.name.value, shown(text, default)),
        None => param.name.value.to_owned(),
    });
    format!("({})", each.collect::<Vec<_>>().join(", "))
}

/// An expression as it is written, on one line.
fn shown(text: &str, expr: &Expr<'_>) -> String {
    let line = slice(text, expr.range)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
