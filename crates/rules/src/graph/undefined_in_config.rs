//! `undefined-in-config`.

use glueline_base::{FileRange, Fix, Spanned, nearest, slice};
use glueline_catalog::jinja;
use glueline_jinja::{Context, Expr, ExprKind, Statement, Visitor};

use super::moment::{Moment, is_in, moment};
use super::undefined_name::is_undefined;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "undefined-in-config",
    Fails,
    Error,
    "undefined_in_config.md",
    Check::Node(check), Parse: "SchemaConfigError"
);

/// What other languages call Jinja's constants.
const FOREIGN: [(&str, &str); 4] = [
    ("NULL", "none"),
    ("Null", "none"),
    ("nil", "none"),
    ("null", "none"),
];

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    for call in facts.configs.iter().filter(|call| is_in(cx.node, &call.site)) {
        if moment(text, &call.site) != Some(Moment::Always) {
            continue;
        }
        for (key, value) in &call.entries {
            if value.value.is_known() || value.range.is_empty() {
                continue;
            }
            let (expr, errors) = glueline_jinja::parse_expression(text, value.range);
            let found = if errors.is_empty() {
                undefined(cx, &expr)
            } else {
                None
            };
            let Some(name) = found.filter(|name| !is_bound(text, name.value)) else {
                continue;
            };
            let at = FileRange {
                file,
                range: name.range,
            };
            let message = format!(
                "Nothing is called `{}`, so `{}` is undefined and dbt stops as it parses the project. {}",
                name.value,
                key.value,
                hint(name.value)
            );
            let mut finding = cx.diagnostic(&RULE.meta, at, message);
            if let Some((_, meant)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name.value) {
                finding = finding.fix(Fix::safe(format!("Write `{meant}`")).replace(at, *meant));
            } else if nearest(name.value, jinja::names().map(|known| known.name)).is_none() {
                let quoted = format!("'{}'", name.value);
                finding = finding.fix(Fix::needs_consent("Put it into quotes").replace(at, quoted));
            }
            sink.push(finding);
        }
    }
}

fn hint(name: &str) -> String {
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
    match foreign {
        Some((_, meant)) => format!("Jinja calls it `{meant}`."),
        None => format!("A text needs quotes: `'{name}'`."),
    }
}

/// The first name in an expression, or in the lists and mappings it is made of, that nothing has.
fn undefined<'a>(cx: &NodeCx<'_>, expr: &Expr<'a>) -> Option<Spanned<&'a str>> {
    match &expr.kind {
        ExprKind::Name(name) if is_undefined(cx, name.value) => Some(*name),
        ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::Dict(_) => {
            let mut found = None;
            expr.for_each_child(&mut |child| found = found.take().or_else(|| undefined(cx, child)));
            found
        }
        _ => None,
    }
}

/// Whether a statement of the file speaks of a name: it may be the one that binds it.
fn is_bound(text: &str, name: &str) -> bool {
    let template = glueline_jinja::parse(text);
    let mut tags = Tags {
        text,
        name,
        found: false,
    };
    glueline_jinja::walk(&template, &mut tags);
    tags.found
}

struct Tags<'n> {
    text: &'n str,
    name: &'n str,
    found: bool,
}

impl<'t, 'a> Visitor<'t, 'a> for Tags<'_> {
    fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
        self.found |= slice(self.text, statement.open.range)
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == self.name);
    }
}
