//! What Jinja sees when it is evaluated without being run: variables, the environment, the target.
//!
//! Everything else is [`Value::Unknown`]. The values are those of the time when dbt parses a project: `execute` is false,
//! and `is_incremental()` too.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{FileRange, MapEntry, Spanned, System, TextRange, Value, range};
use glueline_jinja::{ExprKind, Piece, Reach, Statement, StatementKind};

use crate::facts::sql::Site;
use crate::files::PackageId;
use crate::macros::MacroRef;
use crate::node::Node;
use crate::profile::Target;
use crate::project::{Inputs, Package};
use crate::values::as_text;

/// Text that a template may make before it is given up.
const MAX_OUTPUT: usize = 100_000;
/// Pieces that a template may run before it is given up.
const MAX_STEPS: usize = 10_000;

thread_local! {
    /// Whether somebody asked for a variable.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Does something on this thread; whether it asked any scope for a variable.
pub(crate) fn asks_for_vars<T>(work: impl FnOnce() -> T) -> (T, bool) {
    let outer = ASKED.replace(false);
    let done = work();
    let asks = ASKED.replace(outer);
    (done, asks)
}

/// A scope for evaluating Jinja.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    system: &'a dyn System,
    target: Option<&'a Target>,
    target_name: Option<&'a str>,
    cli_vars: &'a Value,
    /// The root project and the package of the node, whose vars `var()` reads; none while a profile or project file
    /// is read.
    packages: Option<(&'a [Package], PackageId)>,
    inputs: Option<&'a Inputs<'a>>,
    locals: RefCell<BTreeMap<String, Value>>,
    missing_env: RefCell<Vec<String>>,
}

impl<'a> Scope<'a> {
    /// For `profiles.yml`, `packages.yml`: the environment and the variables of the command line.
    pub(crate) fn for_profile(system: &'a dyn System, cli_vars: &'a Value) -> Self {
        Self {
            system,
            target: None,
            target_name: None,
            cli_vars,
            packages: None,
            inputs: None,
            locals: RefCell::default(),
            missing_env: RefCell::default(),
        }
    }

    /// For `dbt_project.yml` and `selectors.yml`: the target too.
    pub(crate) fn for_project(
        system: &'a dyn System,
        cli_vars: &'a Value,
        target: Option<&'a Target>,
    ) -> Self {
        Self {
            target,
            target_name: target.map(|target| &*target.name.value),
            ..Self::for_profile(system, cli_vars)
        }
    }

    /// For the nodes of a package.
    pub(crate) fn for_node(inputs: &'a Inputs<'a>, package: PackageId) -> Self {
        Self {
            system: inputs.system,
            target: inputs.target,
            target_name: inputs.target_name,
            cli_vars: &inputs.vars.value,
            packages: Some((inputs.packages, package)),
            inputs: Some(inputs),
            locals: RefCell::default(),
            missing_env: RefCell::default(),
        }
    }

    /// Variables of the environment that were asked for without a default and are not set.
    pub(crate) fn take_missing_env(&self) -> Vec<String> {
        std::mem::take(&mut self.missing_env.borrow_mut())
    }

    /// A value with the Jinja in its texts evaluated; mappings and lists throughout.
    pub(crate) fn render(&self, value: &Spanned<Value>) -> Spanned<Value> {
        let rendered = match &value.value {
            Value::Str(text) => self.text(text),
            Value::List(items) => Value::List(items.iter().map(|item| self.render(item)).collect()),
            Value::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|entry| entry.with(self.render(&entry.value)))
                    .collect(),
            ),
            other => other.clone(),
        };
        Spanned::new(rendered, value.range)
    }

    /// As [`Scope::render`], with a place for each variable of the environment that is missing, and only below the
    /// paths of keys that `wanted` accepts.
    pub(crate) fn render_file(
        &self,
        value: &Spanned<Value>,
        wanted: &dyn Fn(&[Arc<str>]) -> bool,
        missing: &mut dyn FnMut(TextRange, String),
    ) -> Spanned<Value> {
        let mut path = Vec::new();
        self.render_below(value, wanted, missing, &mut path)
    }

    fn render_below(
        &self,
        value: &Spanned<Value>,
        wanted: &dyn Fn(&[Arc<str>]) -> bool,
        missing: &mut dyn FnMut(TextRange, String),
        path: &mut Vec<Arc<str>>,
    ) -> Spanned<Value> {
        let rendered = match &value.value {
            Value::Str(text) if wanted(path) => {
                let rendered = self.text(text);
                for name in self.take_missing_env() {
                    missing(value.range, name);
                }
                rendered
            }
            Value::List(items) => Value::List(
                items
                    .iter()
                    .map(|item| self.render_below(item, wanted, missing, path))
                    .collect(),
            ),
            Value::Map(entries) => Value::Map(
                entries
                    .iter()
                    .map(|entry| {
                        path.push(entry.key.value.clone());
                        let value = self.render_below(&entry.value, wanted, missing, path);
                        path.pop();
                        entry.with(value)
                    })
                    .collect(),
            ),
            other => other.clone(),
        };
        Spanned::new(rendered, value.range)
    }

    /// A text with its Jinja evaluated. Where one `{{ }}` is all that is left, it keeps its type, as in dbt's native
    /// rendering; more than one piece make a text (`dbt_common/clients/jinja.py`, `quoted_native_concat`).
    pub(crate) fn text(&self, text: &Arc<str>) -> Value {
        if !text.contains("{{") && !text.contains("{%") && !text.contains("{#") {
            return Value::Str(text.clone());
        }
        let template = glueline_jinja::parse(text);
        if !template.errors.is_empty() {
            return Value::Unknown;
        }
        if let [Piece::Output(output)] = template.body.as_slice() {
            return glueline_jinja::eval(&output.expr, self).value;
        }
        self.body(text, &template.body)
            .map_or(Value::Unknown, Made::into_value)
    }

    /// A value of a `config()` call, evaluated again with what is known here where it was not literal.
    pub(crate) fn expression(&self, text: &str, value: &Spanned<Value>) -> Spanned<Value> {
        if value.value.is_known() || value.range.is_empty() {
            return value.clone();
        }
        let (expr, errors) = glueline_jinja::parse_expression(text, value.range);
        if !errors.is_empty() {
            return value.clone();
        }
        let found = glueline_jinja::eval(&expr, &InSql(self));
        if found.value.is_known() || !text.contains("set ") {
            return found;
        }
        self.set_before(text, value.range);
        let found = glueline_jinja::eval(&expr, &InSql(self));
        self.locals.borrow_mut().clear();
        found
    }

    /// Takes in what a file sets before a place, once and under no condition. What is not a scalar can be changed
    /// where it stands, so it stays unknown.
    fn set_before(&self, text: &str, place: TextRange) {
        let template = glueline_jinja::parse(text);
        let mut sets = SetNames::default();
        glueline_jinja::walk(&template, &mut sets);
        let mut pieces = template.body.as_slice();
        // dbt renders a snapshot without the file around it.
        let around = pieces.iter().find_map(|piece| match piece {
            Piece::Statement(statement) if statement.range.contains_range(place) => match &statement.kind {
                StatementKind::Snapshot { body, .. } => Some(body),
                _ => None,
            },
            _ => None,
        });
        if let Some(body) = around {
            pieces = body;
        }
        for piece in pieces {
            let Piece::Statement(statement) = piece else {
                continue;
            };
            if statement.range.end() > place.start() {
                return;
            }
            let StatementKind::Set { target, value } = &statement.kind else {
                continue;
            };
            let ExprKind::Name(name) = &target.kind else {
                continue;
            };
            if sets.0.get(name.value) != Some(&1) {
                continue;
            }
            let value = glueline_jinja::eval(value, &InSql(self)).value;
            if !matches!(value, Value::List(_) | Value::Map(_)) {
                self.locals.borrow_mut().insert(name.value.to_owned(), value);
            }
        }
    }

    /// Whether a call is reached when its file is evaluated.
    pub(crate) fn reach(&self, text: &str, site: &Site) -> Reach {
        let mut reach = Reach::Always;
        for condition in &site.conditions {
            let (expr, errors) = glueline_jinja::parse_expression(text, condition.expression);
            let holds = if errors.is_empty() {
                glueline_jinja::truth(&expr, &InSql(self))
            } else {
                None
            };
            match holds {
                Some(holds) if holds != condition.holds => return Reach::Never,
                Some(_) => {}
                None => reach = Reach::Maybe,
            }
        }
        reach
    }

    /// What a project's own `generate_..._name` macro makes of a custom name and a node.
    pub(crate) fn generate_name(&self, definition: MacroRef, node: &Node, custom: Option<&Value>) -> Value {
        let Some(inputs) = self.inputs else {
            return Value::Unknown;
        };
        let text = inputs.files.text(definition.file);
        let Some(facts) = inputs.facts(definition.file).sql() else {
            return Value::Unknown;
        };
        let Some(found) = facts.macros.get(definition.index) else {
            return Value::Unknown;
        };
        let source = glueline_base::slice(text, found.range);
        let template = glueline_jinja::parse(source);
        let [Piece::Statement(statement)] = template.body.as_slice() else {
            return Value::Unknown;
        };
        let StatementKind::Macro(definition) = &statement.kind else {
            return Value::Unknown;
        };
        {
            let mut locals = self.locals.borrow_mut();
            let values = [custom.cloned().unwrap_or(Value::Null), node_value(node)];
            let values = values.into_iter().chain(std::iter::repeat(Value::Null));
            for (parameter, value) in definition.params.iter().zip(values) {
                locals.insert(parameter.name.value.to_owned(), value);
            }
        }
        let made = self.body(source, &definition.body);
        self.locals.borrow_mut().clear();
        made.map_or(Value::Unknown, |made| Value::Str(made.text.trim().into()))
    }

    /// What pieces make; `None` where any of it is not known.
    fn body(&self, text: &str, pieces: &[Piece<'_>]) -> Option<Made> {
        let mut out = Made::default();
        let mut steps = 0;
        self.pieces(text, pieces, &mut out, &mut steps)?;
        Some(out)
    }

    fn pieces(&self, text: &str, pieces: &[Piece<'_>], out: &mut Made, steps: &mut usize) -> Option<()> {
        for piece in pieces {
            *steps += 1;
            if *steps > MAX_STEPS || out.text.len() > MAX_OUTPUT {
                return None;
            }
            match piece {
                Piece::Text(range) => out.push_text(shown_text(text, *range)),
                Piece::Comment(_) => {}
                Piece::Output(output) => out.push(glueline_jinja::eval(&output.expr, self).value)?,
                Piece::Statement(statement) => self.statement(text, statement, out, steps)?,
            }
        }
        Some(())
    }

    fn statement(
        &self,
        text: &str,
        statement: &Statement<'_>,
        out: &mut Made,
        steps: &mut usize,
    ) -> Option<()> {
        match &statement.kind {
            StatementKind::If { branches } => {
                for branch in branches {
                    let holds = match &branch.condition {
                        Some(condition) => glueline_jinja::eval(condition, self).value.truthy()?,
                        None => true,
                    };
                    if holds {
                        return self.pieces(text, &branch.body, out, steps);
                    }
                }
                Some(())
            }
            StatementKind::Set { target, value } => {
                let ExprKind::Name(name) = &target.kind else {
                    return None;
                };
                let value = glueline_jinja::eval(value, self).value;
                self.locals.borrow_mut().insert(name.value.to_owned(), value);
                Some(())
            }
            StatementKind::Raw => {
                out.push_text(glueline_base::slice(text, statement.inside()));
                Some(())
            }
            _ => None,
        }
    }

    fn var(&self, name: &str, default: Option<&Value>) -> Value {
        ASKED.set(true);
        if let Some(value) = self.cli_vars.get(name) {
            return value.value.clone();
        }
        let Some((packages, own)) = self.packages else {
            return default.cloned().unwrap_or(Value::Unknown);
        };
        // The root project speaks first, for the package by name and then for all; then the package for itself
        // (`dbt/config/project.py`, `vars_for`).
        let own_name = packages.get(own).map(|package| &*package.name);
        let mut order = vec![0];
        if own != 0 {
            order.push(own);
        }
        for package in order {
            let Some(vars) = packages
                .get(package)
                .and_then(|package| package.project.vars.as_ref())
            else {
                continue;
            };
            if let Some(scoped) = own_name.and_then(|own_name| vars.value.get(own_name))
                && let Some(value) = scoped.value.get(name)
            {
                return value.value.clone();
            }
            if let Some(value) = vars.value.get(name) {
                return value.value.clone();
            }
        }
        default.cloned().unwrap_or(Value::Unknown)
    }

    fn env_var(&self, name: &str, default: Option<&Value>) -> Value {
        // A secret is never looked at: what is made of it could be printed.
        if name.starts_with("DBT_ENV_SECRET") || name.starts_with("DBT_ENGINE_ENV_SECRET") {
            return Value::Unknown;
        }
        match (self.system.env_var(name), default) {
            (Some(value), _) => Value::Str(value.into()),
            (None, Some(default)) => default.clone(),
            (None, None) => {
                self.missing_env.borrow_mut().push(name.to_owned());
                Value::Unknown
            }
        }
    }

    fn target_value(&self) -> Value {
        let Some(target) = self.target else {
            return Value::Unknown;
        };
        let key = |name: &str| Spanned::new(Arc::from(name), range(0, 0));
        let mut entries: Vec<MapEntry> = target
            .value
            .value
            .as_map()
            .unwrap_or_default()
            .iter()
            .filter(|entry| {
                glueline_catalog::profile_key(&entry.key.value).is_some_and(|key| key.profile.in_target)
            })
            .cloned()
            .collect();
        let mut set = |name: &str, value: Value| {
            entries.push(MapEntry::named(key(name), Spanned::new(value, range(0, 0))));
        };
        if let Some(name) = self.target_name {
            set("name", Value::str(name));
            set("target_name", Value::str(name));
        }
        Value::Map(entries)
    }
}

impl glueline_jinja::Scope for Scope<'_> {
    fn name(&self, name: &str, _range: TextRange) -> Value {
        if let Some(value) = self.locals.borrow().get(name) {
            return value.clone();
        }
        match name {
            "target" => self.target_value(),
            "execute" => Value::Bool(false),
            _ => Value::Unknown,
        }
    }

    fn call(
        &self,
        callee: &str,
        args: &[Spanned<Value>],
        kwargs: &[(&str, Spanned<Value>)],
        _range: TextRange,
    ) -> Value {
        let keyword = |name: &str| {
            kwargs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| &value.value)
        };
        match callee {
            "var" | "env_var" => {
                let Some(name) = args.first().and_then(|arg| arg.value.as_str()) else {
                    return Value::Unknown;
                };
                let default = args.get(1).map(|arg| &arg.value).or_else(|| keyword("default"));
                if callee == "var" {
                    self.var(name, default)
                } else {
                    self.env_var(name, default)
                }
            }
            "is_incremental" if args.is_empty() => Value::Bool(false),
            _ => Value::Unknown,
        }
    }

    fn native(&self) -> bool {
        true
    }
}

/// How often a template sets each name, anywhere in it.
#[derive(Debug, Default)]
struct SetNames<'a>(BTreeMap<&'a str, usize>);

impl<'t, 'a> glueline_jinja::Visitor<'t, 'a> for SetNames<'a> {
    fn statement(&mut self, statement: &'t Statement<'a>, _context: &glueline_jinja::Context<'t, 'a>) {
        let (StatementKind::Set { target, .. } | StatementKind::SetBlock { target, .. }) = &statement.kind
        else {
            return;
        };
        glueline_jinja::walk_expr(target, &mut NamesIn(&mut self.0));
    }
}

struct NamesIn<'s, 'a>(&'s mut BTreeMap<&'a str, usize>);

impl<'t, 'a> glueline_jinja::Visitor<'t, 'a> for NamesIn<'_, 'a> {
    fn expr(&mut self, expr: &'t glueline_jinja::Expr<'a>, _context: &glueline_jinja::Context<'t, 'a>) {
        if let ExprKind::Name(name) = &expr.kind {
            *self.0.entry(name.value).or_default() += 1;
        }
    }
}

/// What a template has made so far.
#[derive(Debug, Default)]
struct Made {
    text: String,
    /// The value of the only piece, while it is the only one.
    only: Option<Value>,
}

impl Made {
    fn push_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(text);
            self.only = None;
        }
    }

    /// `None` if the value is not known.
    fn push(&mut self, value: Value) -> Option<()> {
        if !value.is_known() {
            // Nothing can be said of a text with such a piece in it.
            return None;
        }
        let first = self.text.is_empty() && self.only.is_none();
        self.text.push_str(&value.display());
        self.only = first.then_some(value);
        Some(())
    }

    fn into_value(self) -> Value {
        self.only.unwrap_or_else(|| Value::Str(self.text.into()))
    }
}

/// A text between tags without the blanks that the `-` of a tag beside it takes, and without the line break at the end
/// of the template, which Jinja drops.
fn shown_text(text: &str, range: TextRange) -> &str {
    let before = glueline_base::slice(text, glueline_base::range(0, usize::from(range.start())));
    let after = glueline_base::slice(text, glueline_base::range(usize::from(range.end()), text.len()));
    let mut shown = glueline_base::slice(text, range);
    if after.is_empty() {
        shown = shown.strip_suffix('\n').unwrap_or(shown);
        shown = shown.strip_suffix('\r').unwrap_or(shown);
    }
    if ["-%}", "-}}", "-#}"].iter().any(|tag| before.ends_with(tag)) {
        shown = shown.trim_start();
    }
    if ["{%-", "{{-", "{#-"].iter().any(|tag| after.starts_with(tag)) {
        shown = shown.trim_end();
    }
    shown
}

/// The same scope in SQL, where the filters of dbt's YAML files do nothing.
struct InSql<'a, 'b>(&'b Scope<'a>);

impl glueline_jinja::Scope for InSql<'_, '_> {
    fn name(&self, name: &str, range: TextRange) -> Value {
        self.0.name(name, range)
    }

    fn call(
        &self,
        callee: &str,
        args: &[Spanned<Value>],
        kwargs: &[(&str, Spanned<Value>)],
        range: TextRange,
    ) -> Value {
        self.0.call(callee, args, kwargs, range)
    }
}

/// What a `generate_..._name` macro may ask of the node.
fn node_value(node: &Node) -> Value {
    let key = |name: &str| Spanned::new(Arc::from(name), range(0, 0));
    let at = |value: Value| Spanned::new(value, range(0, 0));
    let entry = |name: &str, value: Value| MapEntry::named(key(name), at(value));
    let fqn = node.fqn.iter().map(|part| at(Value::Str(part.clone()))).collect();
    let package = node.fqn.first().cloned().unwrap_or_else(|| Arc::from(""));
    let tags: Vec<_> = node
        .config
        .all("tags")
        .flat_map(|set| crate::values::as_texts(&set.value))
        .map(|tag| at(Value::Str(tag.value)))
        .collect();
    // Everything else of a node is not known here.
    let mut entries = vec![
        entry("name", Value::Str(node.name.clone())),
        entry("resource_type", Value::str(node.kind.name())),
        entry("unique_id", Value::Str(node.unique_id.clone())),
        entry("package_name", Value::Str(package)),
        entry("fqn", Value::List(fqn)),
        entry("tags", Value::List(tags)),
        entry("config", Value::Unknown),
        entry("path", Value::Unknown),
        entry("original_file_path", Value::Unknown),
        entry("schema", Value::Unknown),
        entry("database", Value::Unknown),
        entry("alias", Value::Unknown),
    ];
    let version = node
        .version
        .as_ref()
        .map_or(Value::Null, |version| Value::Str(version.v.clone()));
    entries.push(entry("version", version));
    Value::Map(entries)
}

/// Collects missing variables of the environment with their places in a file.
pub(crate) fn place_missing(
    file: glueline_base::FileId,
    out: &mut Vec<(FileRange, String)>,
) -> impl FnMut(TextRange, String) + '_ {
    move |range, name| out.push((FileRange { file, range }, name))
}

/// A scalar as text, for callers that have a rendered value.
pub(crate) fn scalar(value: &Spanned<Value>) -> Option<String> {
    as_text(value).map(|text| text.value.to_string())
}
