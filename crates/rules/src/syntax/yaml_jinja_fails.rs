//! `yaml-jinja-fails`.

use std::sync::Arc;

use glueline_base::{Diagnostic, Fix, MapEntry, Severity, Spanned, Value, slice};
use glueline_catalog::jinja::{self, Place};
use glueline_jinja::{Arg, Context, Expr, ExprKind, Visitor};
use glueline_project::{FileKind, is_rendered_in_project_file};

use crate::context::FileCx;
use crate::profile::template;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "yaml-jinja-fails",
    Fails,
    Error,
    "yaml_jinja_fails.md",
    Check::File(check), Parse: "CompilationError"
);

/// The lists of a properties file whose entries dbt renders as it reads them (`dbt/parser/schemas.py`).
const RENDERED: [&str; 14] = [
    "analyses",
    "data_tests",
    "exposures",
    "functions",
    "groups",
    "macros",
    "metrics",
    "models",
    "saved_queries",
    "seeds",
    "semantic_models",
    "snapshots",
    "sources",
    "unit_tests",
];

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(facts) = cx.facts().yaml().filter(|facts| facts.errors.is_empty()) else {
        return;
    };
    let root = &facts.value;
    let mut path = Vec::new();
    match cx.project.files().info(cx.file).kind {
        FileKind::Properties => {
            for list in root.value.as_map().into_iter().flatten() {
                let name = &*list.key.value;
                if !RENDERED.contains(&name) {
                    continue;
                }
                let renders = |path: &[Arc<str>]| !waits(name, path);
                for entry in list.value.value.as_list().into_iter().flatten() {
                    texts(entry, &renders, &mut path, &mut |path, text| {
                        let setting = setting(entry, path);
                        look(cx, &Reading::Properties(setting), text, sink);
                    });
                }
            }
        }
        FileKind::ProjectFile if cx.file == cx.project.project_file().file => {
            let files = cx.project.files().of_kind(FileKind::Vars);
            let of_file = files.filter_map(|file| {
                let vars = &cx.project.facts(file).yaml()?.value.value;
                Some(&vars.get("vars")?.value)
            });
            let vars = std::iter::once(cx.project.cli_vars()).chain(of_file);
            let reading = Reading::ProjectFile(vars.collect());
            texts(root, &is_rendered_in_project_file, &mut path, &mut |_, text| {
                look(cx, &reading, text, sink);
            });
        }
        _ => {}
    }
}

/// How a file is read.
enum Reading<'a> {
    /// A properties file; the setting of `config:` that the text belongs to, if it is one.
    Properties(Option<&'a MapEntry>),
    /// `dbt_project.yml`, with the variables of the command line and of `vars.yml`, which are all that it knows
    /// (`load_project` of `dbt/config/runtime.py`).
    ProjectFile(Vec<&'a Value>),
}

/// The setting under `config:` of an entry that a path leads into.
fn setting<'a>(entry: &'a Spanned<Value>, path: &[Arc<str>]) -> Option<&'a MapEntry> {
    let [config, name, ..] = path else { return None };
    (&**config == "config").then(|| entry.value.get("config")?.value.entry(name))?
}

/// Whether dbt renders a text of an entry of a list later, or never: its path of keys, items by their number
/// (`SchemaYamlRenderer.should_render_keypath` of `dbt/parser/schema_renderer.py`).
fn waits(list: &str, path: &[Arc<str>]) -> bool {
    let keys: Vec<&str> = path.iter().map(|key| &**key).collect();
    let is_filter = || {
        let last = keys.iter().rev().take(2);
        last.into_iter().any(|key| *key == "filter")
    };
    match (list, keys.as_slice()) {
        (_, []) => false,
        ("sources", ["description" | "loaded_at_query", ..] | ["config", "loaded_at_query", ..]) => true,
        ("sources", ["tables", _, below @ ..]) => is_rendered_later(below),
        ("sources", _) => false,
        ("macros", ["arguments", below @ ..]) => is_rendered_later(below),
        ("metrics", _) if is_filter() => true,
        ("saved_queries", ["query_params", "where", ..]) => true,
        ("metrics" | "saved_queries" | "macros", all) => is_rendered_later(all),
        (_, ["metrics", ..]) if is_filter() => true,
        (_, all) => is_rendered_later(all),
    }
}

/// `_is_norender_key`
fn is_rendered_later(keys: &[&str]) -> bool {
    const TESTS: [&str; 3] = ["tests", "data_tests", "description"];
    let is_late = |key: &str| TESTS.contains(&key) || key == "loaded_at_query";
    match keys {
        [first, ..] if is_late(first) => true,
        [_, second] if is_late(second) => true,
        ["config", "pre_hook" | "post_hook" | "loaded_at_query", ..] => true,
        [_, _, _, _, "description"] => true,
        ["versions", _, "columns", _, key, ..] if TESTS.contains(key) => true,
        ["derived_semantics", "dimensions" | "entities", _, key, ..] => TESTS.contains(key),
        [
            "versions" | "columns" | "dimensions" | "measures" | "entities" | "metrics",
            _,
            key,
            ..,
        ] => TESTS.contains(key),
        _ => false,
    }
}

/// The texts with Jinja in a value that are rendered, each with its path of keys.
fn texts(
    value: &Spanned<Value>,
    renders: &dyn Fn(&[Arc<str>]) -> bool,
    path: &mut Vec<Arc<str>>,
    report: &mut dyn FnMut(&[Arc<str>], &Spanned<Value>),
) {
    match &value.value {
        Value::Str(text) if (text.contains("{{") || text.contains("{%")) && renders(path) => {
            report(path, value);
        }
        Value::List(items) => {
            for (number, item) in items.iter().enumerate() {
                path.push(number.to_string().into());
                texts(item, renders, path, report);
                path.pop();
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                path.push(entry.key.value.clone());
                texts(&entry.value, renders, path, report);
                path.pop();
            }
        }
        _ => {}
    }
}

fn look(cx: &FileCx<'_>, reading: &Reading<'_>, value: &Spanned<Value>, sink: &mut Sink) {
    let Value::Str(text) = &value.value else { return };
    let hook = match reading {
        Reading::Properties(setting) => setting.filter(|setting| is_hook(setting)),
        Reading::ProjectFile(_) => None,
    };
    let template = glueline_jinja::parse(text);
    let at = cx.at(value.range);
    let mut finding = if let Some(error) = template.errors.first() {
        let message = format!("dbt cannot parse the Jinja here: {}.", error.message);
        Diagnostic::new(&RULE.meta, at, message)
    } else {
        let mut faults = Faults {
            reading,
            called: None,
            named: None,
            fault: None,
            is_followed: true,
        };
        glueline_jinja::walk(&template, &mut faults);
        match (faults.called, faults.fault, faults.named) {
            (Some(name), ..) => {
                let message = format!(
                    "dbt renders this as it reads the file, where nothing is called `{name}`: no command runs. Macros \
                     and `ref` are not known here{}.",
                    hooks_wait(hook)
                );
                Diagnostic::new(&RULE.meta, at, message)
            }
            (None, Some(fault), _) => {
                let message =
                    format!("dbt cannot render this as it reads the file, and no command runs: {fault}.");
                Diagnostic::new(&RULE.meta, at, message)
            }
            (None, None, Some(name)) if hook.is_some() => {
                let message = format!(
                    "dbt renders this as it reads the file, where `{name}` is not known and becomes nothing{}.",
                    hooks_wait(hook)
                );
                Diagnostic::new(&RULE.meta, at, message).severity(Severity::Warning)
            }
            _ => match refused_default(text).filter(|refused| cx.project.lacks_env(&refused.variable)) {
                Some(Refused {
                    variable,
                    filter,
                    default,
                }) => {
                    let message = format!(
                        "`{variable}` is not set, and `{filter}` cannot read the default `{default}`: dbt stops with `Could \
                         not convert value '{default}'`. It takes what Python would read: `True`, `False`, a number."
                    );
                    Diagnostic::new(&RULE.meta, at, message)
                }
                None => return,
            },
        }
    };
    if let Some(setting) = hook
        && slice(cx.text(), setting.key.range) == &*setting.key.value
    {
        let meant = setting.key.value.replace('-', "_");
        let fix = Fix::needs_consent(format!("Write `{meant}`"));
        finding = finding.fix(fix.replace(cx.at(setting.key.range), meant));
    }
    sink.push(finding);
}

/// A default that a filter refuses.
struct Refused {
    variable: String,
    filter: &'static str,
    default: String,
}

/// `env_var('X', 'default') | filter` with a default that the filter refuses.
fn refused_default(text: &str) -> Option<Refused> {
    let expr = template::only_expression(text)?;
    let ExprKind::Filter { base, filter } = &expr.kind else {
        return None;
    };
    let filter = ["as_bool", "as_number"]
        .into_iter()
        .find(|known| *known == filter.name.value)?;
    let Value::Str(default) = template::by_default(base) else {
        return None;
    };
    let ExprKind::Call { args, .. } = &base.kind else {
        return None;
    };
    let ExprKind::Str(variable) = &args.first()?.value.kind else {
        return None;
    };
    (template::by_default(&expr) == Value::Unknown).then(|| Refused {
        variable: variable.text().into_owned(),
        filter,
        default: default.to_string(),
    })
}

fn is_hook(setting: &MapEntry) -> bool {
    matches!(&*setting.key.value, "pre-hook" | "post-hook")
}

fn hooks_wait(hook: Option<&MapEntry>) -> String {
    hook.map_or_else(String::new, |setting| {
        let meant = setting.key.value.replace('-', "_");
        format!(". Under `{meant}` it would wait for the run")
    })
}

/// The first faults of a template.
struct Faults<'r> {
    reading: &'r Reading<'r>,
    /// A name that is called, and that its context lacks.
    called: Option<Arc<str>>,
    /// A name that its context lacks.
    named: Option<Arc<str>>,
    /// Anything else, in a few words.
    fault: Option<String>,
    /// What statements bind is not followed: nothing is said of such a template.
    is_followed: bool,
}

impl<'t, 'a> Visitor<'t, 'a> for Faults<'_> {
    fn statement(&mut self, statement: &'t glueline_jinja::Statement<'a>, _context: &Context<'t, 'a>) {
        let is_simple = matches!(
            statement.kind,
            glueline_jinja::StatementKind::If { .. } | glueline_jinja::StatementKind::Raw
        );
        self.is_followed &= is_simple;
    }

    fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
        if !context.conditions.is_empty() || !self.is_followed {
            return;
        }
        match &expr.kind {
            ExprKind::Call { callee, args } => {
                let path = callee.path();
                let head = path.as_deref().and_then(|path| path.split('.').next());
                if let Some(head) = head.filter(|head| !is_known(head)) {
                    self.called.get_or_insert_with(|| Arc::from(head));
                }
                if path.as_deref() == Some("var")
                    && let Some(fault) = self.missing_var(args)
                {
                    self.fault.get_or_insert(fault);
                }
            }
            ExprKind::Filter { filter, .. } if !jinja::FILTERS.contains(&filter.name.value) => {
                let fault = format!("there is no filter `{}`", filter.name.value);
                self.fault.get_or_insert(fault);
            }
            ExprKind::Name(name) if !is_known(name.value) => {
                self.named.get_or_insert_with(|| Arc::from(name.value));
            }
            _ => {}
        }
    }
}

impl Faults<'_> {
    /// A variable that `dbt_project.yml` asks for and does not know.
    fn missing_var(&self, args: &[Arg<'_>]) -> Option<String> {
        let Reading::ProjectFile(vars) = self.reading else {
            return None;
        };
        let [only] = args else { return None };
        let ExprKind::Str(name) = &only.value.kind else {
            return None;
        };
        let name = name.text();
        vars.iter().all(|vars| vars.get(&name).is_none()).then(|| {
            format!(
                "only `--vars` and `vars.yml` set variables for `dbt_project.yml` itself, and `{name}` is not among them. What \
                 stands under `vars:` is for the nodes. Give a default: `var('{name}', ...)`"
            )
        })
    }
}

/// Whether Jinja in a file of YAML knows a name. What is not listed at all may be Jinja's own.
fn is_known(name: &str) -> bool {
    match jinja::name(name) {
        Some(known) => matches!(known.place, Place::Everywhere | Place::WithTarget | Place::Yaml),
        None => ["range", "dict", "lipsum", "cycler", "joiner", "namespace"].contains(&name),
    }
}
