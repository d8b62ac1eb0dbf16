//! `unknown-jinja-filter`.

use glueline_base::{Diagnostic, Fix, Severity, Spanned, nearest};
use glueline_catalog::jinja::{FILTERS, TESTS};
use glueline_jinja::{Context, Expr, ExprKind, Filter, Statement, StatementKind, Visitor};
use glueline_project::FileKind;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-jinja-filter",
    Fails,
    Error,
    "unknown_jinja_filter.md",
    Check::File(check), Parse: "CompilationError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let only_blocks = match cx.project.files().info(cx.file).kind {
        FileKind::Fixture | FileKind::Docs => return,
        FileKind::Macro | FileKind::GenericTest | FileKind::Snapshot => true,
        _ => false,
    };
    let text = cx.text();
    if cx.facts().sql().is_none() || !text.contains('{') || !(text.contains('|') || text.contains(" is ")) {
        return;
    }
    let template = glueline_jinja::parse(text);
    if !template.errors.is_empty() {
        return;
    }
    glueline_jinja::walk(
        &template,
        &mut Look {
            cx,
            only_blocks,
            sink,
        },
    );
}

struct Look<'c, 's> {
    cx: &'c FileCx<'c>,
    /// Whether dbt passes over what stands outside of definitions.
    only_blocks: bool,
    sink: &'s mut Sink,
}

impl<'t, 'a> Visitor<'t, 'a> for Look<'_, '_> {
    fn statement(&mut self, statement: &'t Statement<'a>, context: &Context<'t, 'a>) {
        if let StatementKind::SetBlock { filters, .. } = &statement.kind {
            for filter in filters {
                self.filter(filter, context);
            }
        }
    }

    fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
        match &expr.kind {
            ExprKind::Filter { filter, .. } => self.filter(filter, context),
            ExprKind::Test { name, .. } => self.name(name, "test", TESTS, context),
            _ => {}
        }
    }
}

impl Look<'_, '_> {
    fn filter(&mut self, filter: &Filter<'_>, context: &Context<'_, '_>) {
        self.name(&filter.name, "filter", FILTERS, context);
    }

    fn name(&mut self, name: &Spanned<&str>, what: &str, known: &[&'static str], context: &Context<'_, '_>) {
        // What depends on a condition fails when it is evaluated, if ever.
        if known.contains(&name.value)
            || !context.conditions.is_empty()
            || !name.value.starts_with(|c: char| c.is_alphabetic() || c == '_')
            || (self.only_blocks && context.definition.is_none())
        {
            return;
        }
        let in_snapshot = context
            .definition
            .is_none_or(|around| matches!(around.kind, StatementKind::Snapshot { .. }));
        // Macros are compiled when they are called, if ever.
        let (severity, then) = if in_snapshot {
            (Severity::Error, "dbt cannot read this file, and no command runs")
        } else {
            (Severity::Warning, "whatever calls this fails")
        };
        let meant = nearest(name.value, known.iter().copied());
        let hint = meant
            .map(|meant| format!(" Did you mean `{meant}`?"))
            .unwrap_or_default();
        let message = format!("Jinja has no {what} `{}`: {then}.{hint}", name.value);
        let at = self.cx.at(name.range);
        let mut finding = Diagnostic::new(&RULE.meta, at, message).severity(severity);
        if let Some(meant) = meant {
            finding = finding.fix(Fix::safe(format!("Write `{meant}`")).replace(at, meant));
        }
        self.sink.push(finding);
    }
}
