//! `unrendered_config`: what sets the config of a node, with its Jinja as it is written (`build_config_dict` in
//! `dbt/context/context_config.py`, with `state_modified_compare_more_unrendered_values`, which is on by default).

use std::sync::Arc;

use glueline_base::{Spanned, TextRange, Value as Written};
use glueline_jinja as jinja;
use glueline_jinja::{Arg, ArgKind, Expr, ExprKind, UnaryOp, Visitor};
use glueline_project::{Contribution, Language, Layer, Node};
use glueline_template::{Dict, Value, repr};

use super::super::{deep_copy, from_file};
use crate::info::NodeInfo;
use crate::renderer::Shared;

/// The dict of a node whose text is `raw_code`.
pub(super) fn config(shared: &Shared, node: &Node, info: &NodeInfo, raw_code: &str) -> Value {
    // These two are not rendered as dbt parses them (`dbt/parser/schema_generic_tests.py`).
    let is_plain = matches!(node.generic_test.as_deref(), Some("unique" | "not_null"));
    let called = (node.language != Language::Python && !is_plain)
        .then(|| first_call(raw_code))
        .flatten();
    let dict = Dict::default();
    let mut rest = Some(|| match &called {
        Some(called) => called
            .iter()
            .for_each(|(key, value)| dict.insert_str(key, Value::str(value))),
        None => {
            let in_file = deep_copy(&Value::Dict(info.in_file.clone()));
            if let Value::Dict(in_file) = in_file {
                for (key, value) in in_file.items() {
                    dict.insert_str(&key.as_str().unwrap_or_default(), value);
                }
            }
        }
    });
    let mut is_described = false;
    for entry in node.config.entries() {
        let is_in_text = match entry.layer {
            Layer::InFile => true,
            // dbt writes them into the text of the test.
            Layer::Properties => node.generic_test.is_some() && !is_plain,
            Layer::ProjectFile(_) | Layer::RootProjectFile(_) => false,
        };
        if !is_in_text && entry.layer == Layer::Properties && node.generic_test.is_none() {
            is_described = true;
            continue;
        }
        if std::mem::take(&mut is_described) {
            add(&dict, &described_by(shared, node));
        }
        let is_due = is_in_text || matches!(entry.layer, Layer::RootProjectFile(_));
        if let Some(rest) = rest.take_if(|_| is_due) {
            rest();
        }
        if !is_in_text {
            dict.insert_str(&entry.key.value, value(shared, entry));
        }
    }
    if is_described {
        add(&dict, &described_by(shared, node));
    }
    if let Some(rest) = rest.take() {
        rest();
    }
    if let Some(alias) = super::generic::short_alias(node).filter(|_| is_plain) {
        dict.insert_str("alias", Value::str(alias));
    }
    Value::Dict(Arc::new(dict))
}

/// What the entry of a node in a properties file says. dbt puts what is written under `config:` once more over what it renders to, and lists
/// grow by that (`build_config_dict` in `dbt/parser/base.py`, `deep_merge`); of a version, its own `config:` alone.
fn described_by(shared: &Shared, node: &Node) -> Dict {
    let dict = Dict::default();
    let entries = || {
        let all = node.config.entries();
        all.filter(|entry| entry.layer == Layer::Properties)
    };
    for entry in entries() {
        merge(&dict, &entry.key.value, from_file(&entry.value.value));
    }
    let again = shared
        .project
        .patch(node)
        .and_then(|patch| match node.patch?.inner {
            Some(version) => patch.versions.get(version)?.config.as_ref(),
            None => patch.config.as_ref(),
        });
    let Some(again) = again else { return dict };
    for entry in entries().filter(|entry| again.range.contains_range(entry.value.range)) {
        merge(&dict, &entry.key.value, value(shared, entry));
    }
    dict
}

fn add(dict: &Dict, more: &Dict) {
    for (key, value) in more.items() {
        dict.insert_str(&key.as_str().unwrap_or_default(), value);
    }
}

/// Lists are put before those that are there, mappings are joined (`deep_merge_item` in `dbt_common/utils/dict.py`).
fn merge(dict: &Dict, key: &str, value: Value) {
    let value = match (dict.get_str(key), value) {
        (Some(Value::List(before)), Value::List(now)) => {
            Value::list(now.items().into_iter().chain(before.items()).collect())
        }
        (Some(Value::Dict(before)), Value::Dict(now)) => {
            for (key, value) in now.items() {
                merge(&before, &key.as_str().unwrap_or_default(), value);
            }
            Value::Dict(before)
        }
        (_, value) => value,
    };
    dict.insert_str(key, value);
}

/// A value of a file, as it is written there.
fn value(shared: &Shared, entry: &Contribution) -> Value {
    let facts = shared.project.facts(entry.file).yaml();
    let written = facts.and_then(|facts| find(&facts.value, entry.value.range));
    from_file(written.unwrap_or(&entry.value.value))
}

/// What stands at a range of a file of YAML.
fn find(node: &Spanned<Written>, range: TextRange) -> Option<&Written> {
    match &node.value {
        _ if node.range == range => Some(&node.value),
        Written::List(items) => items.iter().find_map(|item| find(item, range)),
        Written::Map(entries) => {
            let inner = entries
                .iter()
                .filter(|entry| entry.value.range.contains_range(range));
            inner
                .map(|entry| &entry.value)
                .find_map(|value| find(value, range))
        }
        _ => None,
    }
}

/// The keywords of the first call of `config()` in a text; `None` where it has none (`statically_parse_unrendered_config` in
/// `dbt/clients/jinja_static.py`).
fn first_call(text: &str) -> Option<Vec<(String, String)>> {
    if !text.contains("config(") {
        return None;
    }
    let template = jinja::parse(text);
    let mut search = Search::default();
    jinja::walk(&template, &mut search);
    search.found.filter(|found| !found.is_empty())
}

#[derive(Default)]
struct Search {
    found: Option<Vec<(String, String)>>,
}

impl<'t, 'a> Visitor<'t, 'a> for Search {
    fn expr(&mut self, expr: &'t Expr<'a>, _: &jinja::Context<'t, 'a>) {
        if self.found.is_some() {
            return;
        }
        let Some((callee, args)) = expr.as_call() else {
            return;
        };
        if callee.as_name() == Some("config") {
            let keywords = args.iter().filter_map(|arg| match arg.kind {
                ArgKind::Keyword(name) => Some((name.value.to_owned(), outermost(&arg.value))),
                _ => None,
            });
            self.found = Some(keywords.collect());
        }
    }
}

/// A value of a keyword: a text as it is, anything else as Python would write it (`construct_static_kwarg_value`).
fn outermost(expr: &Expr<'_>) -> String {
    match expr.as_text() {
        Some(text) => text.into_owned(),
        None => source(expr),
    }
}

fn source(expr: &Expr<'_>) -> String {
    let all = |items: &[Expr<'_>], separator: &str| -> String {
        items.iter().map(source).collect::<Vec<_>>().join(separator)
    };
    match &expr.kind {
        ExprKind::None => "None".to_owned(),
        ExprKind::Bool(value) => repr(&Value::Bool(*value)),
        ExprKind::Int(Some(value)) => value.to_string(),
        ExprKind::Float(value) => repr(&Value::Float(*value)),
        ExprKind::Str(literal) => repr(&Value::str(&*literal.text())),
        ExprKind::Name(name) => name.value.to_owned(),
        ExprKind::List(items) => format!("[{}]", all(items, ", ")),
        ExprKind::Tuple(items) if items.len() == 1 => format!("({},)", all(items, ", ")),
        ExprKind::Tuple(items) => format!("({})", all(items, ", ")),
        ExprKind::Dict(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", source(key), source(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        ExprKind::Attribute { base, name } => format!("{}.{}", source(base), name.value),
        ExprKind::Item { base, index } => format!("{}[{}]", source(base), source(index)),
        ExprKind::Call { callee, args } => {
            let args: Vec<String> = args.iter().map(argument).collect();
            format!("{}({})", source(callee), args.join(", "))
        }
        ExprKind::Unary { op, operand } => match op {
            UnaryOp::Not => format!("not {}", source(operand)),
            UnaryOp::Minus => format!("-{}", source(operand)),
            UnaryOp::Plus => format!("+{}", source(operand)),
        },
        ExprKind::Compare { first, rest } => {
            let rest: Vec<String> = rest
                .iter()
                .map(|(op, operand)| format!("{} {}", op.sign(), source(operand)))
                .collect();
            format!("{} {}", source(first), rest.join(" "))
        }
        ExprKind::And(operands) => all(operands, " and "),
        ExprKind::Or(operands) => all(operands, " or "),
        ExprKind::Concat(operands) => all(operands, " ~ "),
        // dbt writes the nodes of Jinja2's tree here, whose form is an accident of its version.
        _ => String::new(),
    }
}

fn argument(arg: &Arg<'_>) -> String {
    let value = source(&arg.value);
    match arg.kind {
        ArgKind::Positional => value,
        ArgKind::Keyword(name) => format!("{}={value}", name.value),
        ArgKind::Star => format!("*{value}"),
        ArgKind::DoubleStar => format!("**{value}"),
    }
}
