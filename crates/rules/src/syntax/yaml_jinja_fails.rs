//! `yaml-jinja-fails`.

use std::sync::Arc;

use glueline_base::{Diagnostic, Fix, MapEntry, Severity, Spanned, Value, slice};
use glueline_catalog::jinja::{self, Place};
use glueline_jinja::{Context, Expr, ExprKind, Visitor};
use glueline_project::FileKind;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "yaml-jinja-fails",
    Fails,
    Error,
    "yaml_jinja_fails.md",
    Check::File(check), Parse: "CompilationError"
);

/// The lists whose entries dbt renders before anything else.
const RENDERED: [&str; 3] = ["models", "seeds", "snapshots"];

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    if cx.project.files().info(cx.file).kind != FileKind::Properties {
        return;
    }
    let Some(facts) = cx.facts().yaml().filter(|facts| facts.errors.is_empty()) else {
        return;
    };
    for list in RENDERED {
        let entries = facts.value.value.get(list).and_then(|list| list.value.as_list());
        for entry in entries.into_iter().flatten() {
            let config = entry.value.get("config").and_then(|config| config.value.as_map());
            for setting in config.into_iter().flatten() {
                // Hooks wait for the run, in this spelling alone.
                if !matches!(&*setting.key.value, "pre_hook" | "post_hook" | "loaded_at_query") {
                    texts(&setting.value, &mut |text| look(cx, setting, text, sink));
                }
            }
        }
    }
}

/// The texts with Jinja in a value.
fn texts(value: &Spanned<Value>, report: &mut dyn FnMut(&Spanned<Value>)) {
    match &value.value {
        Value::Str(text) if text.contains("{{") || text.contains("{%") => report(value),
        Value::List(items) => items.iter().for_each(|item| texts(item, report)),
        Value::Map(entries) => entries.iter().for_each(|entry| texts(&entry.value, report)),
        _ => {}
    }
}

fn look(cx: &FileCx<'_>, setting: &MapEntry, value: &Spanned<Value>, sink: &mut Sink) {
    let Value::Str(text) = &value.value else { return };
    let template = glueline_jinja::parse(text);
    let mut finding = if let Some(error) = template.errors.first() {
        let message = format!("dbt cannot parse the Jinja here: {}.", error.message);
        Diagnostic::new(&RULE.meta, cx.at(value.range), message)
    } else {
        let mut unknown = Unknown::default();
        glueline_jinja::walk(&template, &mut unknown);
        match (unknown.called, unknown.named) {
            (Some(name), _) => {
                let message = format!(
                    "dbt renders this as it reads the file, where nothing is called `{name}`: no command runs. Macros \
                     and `ref` are not known here{}.",
                    hooks_wait(setting)
                );
                Diagnostic::new(&RULE.meta, cx.at(value.range), message)
            }
            (None, Some(name)) if is_hook(setting) => {
                let message = format!(
                    "dbt renders this as it reads the file, where `{name}` is not known and becomes nothing{}.",
                    hooks_wait(setting)
                );
                Diagnostic::new(&RULE.meta, cx.at(value.range), message).severity(Severity::Warning)
            }
            _ => return,
        }
    };
    if is_hook(setting) && slice(cx.text(), setting.key.range) == &*setting.key.value {
        let meant = setting.key.value.replace('-', "_");
        let fix = Fix::needs_consent(format!("Write `{meant}`"));
        finding = finding.fix(fix.replace(cx.at(setting.key.range), meant));
    }
    sink.push(finding);
}

fn is_hook(setting: &MapEntry) -> bool {
    matches!(&*setting.key.value, "pre-hook" | "post-hook")
}

fn hooks_wait(setting: &MapEntry) -> String {
    if is_hook(setting) {
        let meant = setting.key.value.replace('-', "_");
        format!(". Under `{meant}` it would wait for the run")
    } else {
        String::new()
    }
}

/// The first names of a template that its context lacks.
#[derive(Default)]
struct Unknown {
    called: Option<Arc<str>>,
    named: Option<Arc<str>>,
    locals: Vec<Arc<str>>,
}

impl<'t, 'a> Visitor<'t, 'a> for Unknown {
    fn statement(&mut self, statement: &'t glueline_jinja::Statement<'a>, _context: &Context<'t, 'a>) {
        match &statement.kind {
            glueline_jinja::StatementKind::If { .. } | glueline_jinja::StatementKind::Raw => {}
            // What others bind is not followed: nothing is said of such a template.
            _ => self.locals.push(Arc::from("")),
        }
    }

    fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
        if !context.conditions.is_empty() || !self.locals.is_empty() {
            return;
        }
        match &expr.kind {
            ExprKind::Call { callee, .. } => {
                let path = callee.path();
                let head = path.as_deref().and_then(|path| path.split('.').next());
                if let Some(head) = head.filter(|head| !is_known(head)) {
                    self.called.get_or_insert_with(|| Arc::from(head));
                }
            }
            ExprKind::Name(name) if !is_known(name.value) => {
                self.named.get_or_insert_with(|| Arc::from(name.value));
            }
            _ => {}
        }
    }
}

/// Whether Jinja in a properties file knows a name. What is not listed at all may be Jinja's own.
fn is_known(name: &str) -> bool {
    match jinja::name(name) {
        Some(known) => matches!(known.place, Place::Everywhere | Place::WithTarget | Place::Yaml),
        None => ["range", "dict", "lipsum", "cycler", "joiner", "namespace"].contains(&name),
    }
}
