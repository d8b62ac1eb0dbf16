//! Occurrences in Jinja: in files of SQL and Markdown, and in texts of YAML.

use std::borrow::Cow;

use glueline_base::{Spanned, TextRange, TextSize, range};
use glueline_catalog::{Materialization, Scope, lookup};
use glueline_jinja::{
    Arg, Definition, Expr, ExprKind, Filter, NoScope, Param, Piece, Statement, StatementKind, StringLiteral,
};
use glueline_project::{FileKind, MacroRef};

use super::locals::Locals;
use super::scan::{Origin, Scan};
use super::{MissingKind, Role, Symbol, resolve};

/// Reads a file of Jinja.
pub(super) fn file(scan: &mut Scan<'_>) {
    text(scan, scan.text, Origin::File, false);
}

/// Reads a text of Jinja that stands somewhere in the file: a template, or one expression.
pub(super) fn text(scan: &mut Scan<'_>, text: &str, origin: Origin<'_>, is_expression: bool) {
    let is_template = !is_expression || text.contains("{{") || text.contains("{%");
    let mut reader = Reader {
        scan,
        origin,
        locals: Locals::new(),
        nested: 0,
    };
    if is_template {
        let template = glueline_jinja::parse(text);
        reader.pieces(&template.body);
    } else {
        let (expr, _) = glueline_jinja::parse_expression(text, range(0, text.len()));
        reader.expr(&expr);
    }
}

/// The bytes between the quotes of a string.
pub(crate) fn inside_quotes(literal: &StringLiteral<'_>) -> TextRange {
    let source = literal.source;
    let whole = literal.range;
    let quote = source.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let Some(quote) = quote else { return whole };
    let is_closed = source.len() > 1 && source.ends_with(quote);
    let start = usize::from(whole.start()) + 1;
    let end = usize::from(whole.end()) - usize::from(is_closed);
    range(start, end.max(start))
}

/// What a value of a config stands for.
pub(super) fn config_value(scan: &Scan<'_>, scope: Scope, key: &str, value: &str) -> Option<Symbol> {
    match key {
        "tags" | "tag" => return Some(Symbol::Tag(value.into())),
        "group" => return Some(resolve::group(scan.project, value)),
        "materialized" => {
            let found = resolve::materialization(scan.project, value);
            if matches!(found, Some(Symbol::Macro(_))) {
                return found;
            }
            // What the catalogue says of the word is more than that some macro has it.
            let is_known = found.is_some() || Materialization::parse(value).is_some();
            return is_known.then(|| Symbol::Value {
                scope,
                key: key.into(),
                value: value.into(),
            });
        }
        _ => {}
    }
    let spec = lookup(scope, key)?;
    spec.allowed.contains(&value).then(|| Symbol::Value {
        scope,
        key: spec.name.into(),
        value: value.into(),
    })
}

/// A text that holds Jinja in a text that holds Jinja is read so deep.
const MAX_NESTED: usize = 2;

struct Reader<'r, 'a, 's> {
    scan: &'r mut Scan<'a>,
    origin: Origin<'s>,
    locals: Locals,
    nested: usize,
}

impl Reader<'_, '_, '_> {
    fn note(&mut self, inner: TextRange, role: Role, symbol: impl FnOnce(&Scan<'_>) -> Option<Symbol>) {
        if let Some(range) = self.origin.range(inner) {
            self.scan.note(range, role, symbol);
        }
    }

    /// Where a name stands in the file, to tell locals of one name apart.
    fn offset(&self, inner: TextRange) -> TextSize {
        self.origin.range(inner).unwrap_or(inner).start()
    }

    fn pieces(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            match piece {
                Piece::Text(_) | Piece::Comment(_) => {}
                Piece::Output(output) => self.expr(&output.expr),
                Piece::Statement(statement) => self.statement(statement),
            }
        }
    }

    /// A part whose names end with it.
    fn framed(&mut self, pieces: &[Piece<'_>]) {
        self.locals.enter();
        self.pieces(pieces);
        self.locals.leave();
    }

    fn statement(&mut self, statement: &Statement<'_>) {
        match &statement.kind {
            StatementKind::If { branches } => {
                for branch in branches {
                    branch.condition.iter().for_each(|condition| self.expr(condition));
                    self.pieces(&branch.body);
                }
            }
            StatementKind::For(each) => {
                self.expr(&each.iter);
                self.locals.enter();
                self.target(&each.target, true);
                each.filter.iter().for_each(|filter| self.expr(filter));
                self.pieces(&each.body);
                self.locals.leave();
                each.otherwise.iter().for_each(|branch| self.framed(&branch.body));
            }
            StatementKind::Set { target, value } => {
                self.expr(value);
                self.target(target, false);
            }
            StatementKind::SetBlock {
                target,
                filters,
                body,
            } => {
                self.filters(filters);
                self.framed(body);
                self.target(target, false);
            }
            StatementKind::FilterBlock { filters, body } => {
                self.filters(filters);
                self.framed(body);
            }
            StatementKind::CallBlock { params, call, body } => {
                self.expr(call);
                self.locals.enter();
                self.parameters(params, None);
                self.pieces(body);
                self.locals.leave();
            }
            StatementKind::Macro(definition) | StatementKind::Test(definition) => {
                self.definition(statement, definition);
            }
            StatementKind::Materialization { name, args, body } => {
                let found = self.macro_of(statement);
                self.note(name.range, Role::Definition, |_| found.map(Symbol::Macro));
                self.alone(|reader| {
                    args.iter().for_each(|arg| reader.expr(&arg.value));
                    reader.pieces(body);
                });
            }
            StatementKind::Snapshot { name, body } => {
                self.note(name.range, Role::Definition, |scan| {
                    let package = &scan.project.packages().get(scan.package)?.name;
                    let id = format!("snapshot.{package}.{}", name.value);
                    resolve::by_unique_id(scan.project, &id).map(Symbol::Node)
                });
                self.alone(|reader| reader.pieces(body));
            }
            StatementKind::Docs { name, body } => {
                self.note(name.range, Role::Definition, |scan| {
                    let docs = &scan.project.facts(scan.file).sql()?.docs;
                    let index = docs.iter().position(|block| block.range == statement.range)?;
                    Some(Symbol::Doc {
                        file: scan.file,
                        index,
                    })
                });
                self.alone(|reader| reader.pieces(body));
            }
            StatementKind::Do(expr) | StatementKind::Include(expr) | StatementKind::Extends(expr) => {
                self.expr(expr);
            }
            StatementKind::Print(values) => values.iter().for_each(|value| self.expr(value)),
            StatementKind::Block { body, .. } => self.framed(body),
            StatementKind::With { bindings, body } => {
                bindings.iter().for_each(|(_, value)| self.expr(value));
                self.locals.enter();
                bindings.iter().for_each(|(target, _)| self.target(target, true));
                self.pieces(body);
                self.locals.leave();
            }
            StatementKind::Autoescape { value, body } => {
                self.expr(value);
                self.framed(body);
            }
            StatementKind::Import { template, alias } => {
                self.expr(template);
                self.bind(*alias, false);
            }
            StatementKind::FromImport { template, names } => {
                self.expr(template);
                for (name, alias) in names {
                    self.bind(alias.unwrap_or(*name), false);
                }
            }
            StatementKind::Raw | StatementKind::Break | StatementKind::Continue | StatementKind::Unknown => {}
        }
    }

    /// What a loop, `set` or `with` binds.
    fn target(&mut self, target: &Expr<'_>, is_new: bool) {
        match &target.kind {
            ExprKind::Name(name) => self.bind(*name, is_new),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|item| self.target(item, is_new));
            }
            // An attribute of a namespace.
            _ => self.expr(target),
        }
    }

    fn bind(&mut self, name: Spanned<&str>, is_new: bool) {
        let at = self.offset(name.range);
        if is_new {
            self.locals.bind(name.value, at);
        } else {
            self.locals.set(name.value, at);
        }
        let symbol = self.locals.symbol(self.scan.file, name.value);
        self.note(name.range, Role::Definition, |_| symbol);
    }

    /// The number of a definition that other files can name.
    fn macro_of(&self, statement: &Statement<'_>) -> Option<MacroRef> {
        let scan = &*self.scan;
        let kind = scan.project.files().info(scan.file).kind;
        let is_shared = matches!(kind, FileKind::Macro | FileKind::GenericTest);
        let is_file = matches!(self.origin, Origin::File);
        (is_shared && is_file)
            .then(|| resolve::macro_at(scan.project, scan.file, scan.package, statement.range))
            .flatten()
    }

    fn definition(&mut self, statement: &Statement<'_>, definition: &Definition<'_>) {
        let found = self.macro_of(statement);
        match found {
            Some(found) => self.note(definition.name.range, Role::Definition, |_| {
                Some(Symbol::Macro(found))
            }),
            None => self.bind(definition.name, false),
        }
        let body = |reader: &mut Self| {
            reader.parameters(&definition.params, found);
            reader.pieces(&definition.body);
        };
        if found.is_some() {
            self.alone(body);
        } else {
            self.locals.enter();
            body(self);
            self.locals.leave();
        }
    }

    /// A definition that sees none of the names around it.
    fn alone(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = self.locals.hide();
        inside(self);
        self.locals = outer;
    }

    fn parameters(&mut self, params: &[Param<'_>], of: Option<MacroRef>) {
        for param in params {
            param.default.iter().for_each(|default| self.expr(default));
            match of {
                Some(of) => {
                    self.locals.bind_parameter(param.name.value, of);
                    let symbol = self.locals.symbol(self.scan.file, param.name.value);
                    self.note(param.name.range, Role::Definition, |_| symbol);
                }
                None => self.bind(param.name, true),
            }
        }
    }

    fn filters(&mut self, filters: &[Filter<'_>]) {
        for filter in filters {
            self.note(filter.name.range, Role::Reference, |_| {
                Some(Symbol::Filter(filter.name.value.into()))
            });
            filter.args.iter().for_each(|arg| self.expr(&arg.value));
        }
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(*name, false),
            ExprKind::Attribute { base, name } => {
                self.expr(base);
                self.attribute(expr, *name);
            }
            ExprKind::Call { callee, args } => {
                match &callee.kind {
                    ExprKind::Name(name) => self.name(*name, true),
                    _ => self.expr(callee),
                }
                self.call(callee, args);
                args.iter().for_each(|arg| self.expr(&arg.value));
            }
            ExprKind::Filter { base, filter } => {
                self.expr(base);
                self.filters(std::slice::from_ref(filter));
            }
            ExprKind::Test { base, name, args, .. } => {
                self.expr(base);
                self.note(name.range, Role::Reference, |_| {
                    Some(Symbol::JinjaTest(name.value.into()))
                });
                args.iter().for_each(|arg| self.expr(&arg.value));
            }
            _ => expr.for_each_child(&mut |child| self.expr(child)),
        }
    }

    fn name(&mut self, name: Spanned<&str>, is_called: bool) {
        if let Some(symbol) = self.locals.symbol(self.scan.file, name.value) {
            self.note(name.range, Role::Reference, |_| Some(symbol));
            return;
        }
        self.note(name.range, Role::Reference, |scan| {
            let found = resolve::global(scan.project, scan.package, name.value);
            found.or_else(|| is_called.then(|| resolve::missing(MissingKind::Macro, name.value)))
        });
    }

    /// The path of a callee or attribute whose first name the template does not bind.
    fn free_path<'e>(&self, expr: &Expr<'e>) -> Option<Cow<'e, str>> {
        let path = expr.path()?;
        let head = path.split('.').next().unwrap_or_default();
        (!self.locals.knows(head)).then_some(path)
    }

    fn attribute(&mut self, expr: &Expr<'_>, name: Spanned<&str>) {
        let Some(path) = self.free_path(expr) else { return };
        self.note(name.range, Role::Reference, |scan| {
            resolve::member(scan.project, scan.package, &path)
        });
    }

    fn call(&mut self, callee: &Expr<'_>, args: &[Arg<'_>]) {
        let Some(path) = self.free_path(callee) else {
            return;
        };
        match &*path {
            "ref" | "builtins.ref" => self.reference(args),
            "source" | "builtins.source" => self.source(args),
            "config" | "builtins.config" => self.config(args),
            "config.get" | "config.require" => {
                let scope = self.config_scope();
                self.first(args, |_, key| {
                    Some(Symbol::Key {
                        scope,
                        name: key.into(),
                    })
                });
            }
            "var" | "builtins.var" => self.first(args, |_, name| Some(Symbol::Var(name.into()))),
            "env_var" => self.first(args, |_, name| Some(Symbol::EnvVar(name.into()))),
            "doc" => self.doc(args),
            "adapter.dispatch" => self.dispatch(args),
            _ => self.keywords(&path, args),
        }
    }

    fn config_scope(&self) -> Scope {
        resolve::config_scope(self.scan.project.files().info(self.scan.file).kind)
    }

    fn first(&mut self, args: &[Arg<'_>], symbol: impl FnOnce(&Scan<'_>, &str) -> Option<Symbol>) {
        let first = args.first().and_then(text_of);
        if let Some((name, at)) = first {
            self.note(at, Role::Reference, |scan| symbol(scan, &name));
        }
    }

    fn package(&mut self, name: &str, at: TextRange) {
        self.note(at, Role::Reference, |scan| {
            let found = resolve::package_named(scan.project, name).map(Symbol::Package);
            Some(found.unwrap_or_else(|| resolve::missing(MissingKind::Package, name)))
        });
    }

    fn reference(&mut self, args: &[Arg<'_>]) {
        let Some(call) = RefCall::read(args) else { return };
        if let Some((package, at)) = &call.package {
            self.package(package, *at);
        }
        if let Some((_, at)) = &call.name {
            self.note(*at, Role::Reference, |scan| call.target(scan));
        }
    }

    fn source(&mut self, args: &[Arg<'_>]) {
        let mut by_place = args.iter().filter(|arg| arg.is_positional());
        let Some((source, at)) = by_place.next().and_then(text_of) else {
            return;
        };
        self.note(at, Role::Reference, |scan| {
            Some(resolve::source(scan.project, scan.package, &source))
        });
        if let Some((table, at)) = by_place.next().and_then(text_of) {
            self.note(at, Role::Reference, |scan| {
                Some(resolve::table(scan.project, scan.package, &source, &table))
            });
        }
    }

    fn doc(&mut self, args: &[Arg<'_>]) {
        let by_place: Vec<_> = args.iter().filter_map(text_of).collect();
        let (package, name) = match by_place.as_slice() {
            [name] => (None, name),
            [package, name] => (Some(package), name),
            _ => return,
        };
        if let Some((package, at)) = package {
            self.package(package, *at);
        }
        self.note(name.1, Role::Reference, |scan| {
            let package = package.map(|(package, _)| &**package);
            Some(resolve::doc(scan.project, scan.package, package, &name.0))
        });
    }

    fn dispatch(&mut self, args: &[Arg<'_>]) {
        let place = |at: usize, keyword: &str| {
            let by_place = args.get(at).filter(|arg| arg.is_positional());
            let arg = by_place.or_else(|| args.iter().find(|arg| arg.keyword() == Some(keyword)));
            arg.and_then(text_of)
        };
        let Some((name, at)) = place(0, "macro_name") else {
            return;
        };
        let namespace = place(1, "macro_namespace");
        if let Some((namespace, at)) = namespace.as_ref().filter(|(namespace, _)| namespace != "dbt") {
            self.package(namespace, *at);
        }
        self.note(at, Role::Reference, |scan| {
            let namespace = namespace.as_ref().map(|(namespace, _)| &**namespace);
            let found = resolve::dispatch(scan.project, scan.package, &name, namespace);
            let first = found.into_iter().next();
            Some(first.unwrap_or_else(|| resolve::missing(MissingKind::Macro, &*name)))
        });
    }

    /// The names of arguments that are passed to a macro of the project.
    fn keywords(&mut self, path: &str, args: &[Arg<'_>]) {
        for arg in args {
            let glueline_jinja::ArgKind::Keyword(name) = arg.kind else {
                continue;
            };
            self.note(name.range, Role::Reference, |scan| {
                let called = if path.contains('.') {
                    resolve::member(scan.project, scan.package, path)
                } else {
                    resolve::global(scan.project, scan.package, path)
                };
                let Some(Symbol::Macro(of)) = called else {
                    return None;
                };
                resolve::parameter(scan.project, of, name.value)
            });
        }
    }

    fn config(&mut self, args: &[Arg<'_>]) {
        let scope = self.config_scope();
        for arg in args {
            match (&arg.kind, &arg.value.kind) {
                (glueline_jinja::ArgKind::Keyword(key), _) => self.setting(scope, *key, &arg.value),
                (_, ExprKind::Dict(entries)) => {
                    for (key, value) in entries {
                        if let ExprKind::Str(literal) = &key.kind {
                            let text = literal.text();
                            self.setting(scope, Spanned::new(&*text, inside_quotes(literal)), value);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn setting(&mut self, scope: Scope, key: Spanned<&str>, value: &Expr<'_>) {
        self.note(key.range, Role::Reference, |_| {
            Some(Symbol::Key {
                scope,
                name: key.value.into(),
            })
        });
        let values = match &value.kind {
            ExprKind::List(items) | ExprKind::Tuple(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        for value in values {
            let ExprKind::Str(literal) = &value.kind else {
                continue;
            };
            let text = literal.text();
            self.note(inside_quotes(literal), Role::Reference, |scan| {
                config_value(scan, scope, key.value, &text)
            });
            if matches!(&text, Cow::Borrowed(_)) && text.contains('{') {
                self.template_in_string(&text, inside_quotes(literal));
            }
        }
    }

    /// Jinja in a text that a config sets: dbt renders hooks when they run.
    fn template_in_string(&mut self, inner: &str, at: TextRange) {
        let origin = match self.origin {
            Origin::File => Origin::Shifted(at.start()),
            Origin::Shifted(by) => Origin::Shifted(by + at.start()),
            Origin::Scalar(_) => return,
        };
        if self.nested >= MAX_NESTED {
            return;
        }
        let template = glueline_jinja::parse(inner);
        let mut reader = Reader {
            scan: &mut *self.scan,
            origin,
            locals: Locals::new(),
            nested: self.nested + 1,
        };
        reader.pieces(&template.body);
    }
}

/// The text of an argument, with what stands between its quotes.
fn text_of<'e>(arg: &Arg<'e>) -> Option<(Cow<'e, str>, TextRange)> {
    match &arg.value.kind {
        ExprKind::Str(literal) => Some((literal.text(), inside_quotes(literal))),
        _ => None,
    }
}

/// What `ref` is called with.
struct RefCall<'e> {
    package: Option<(Cow<'e, str>, TextRange)>,
    name: Option<(Cow<'e, str>, TextRange)>,
    /// `None` where it is computed.
    version: Option<Option<String>>,
}

impl<'e> RefCall<'e> {
    /// `None` where the name cannot be known.
    fn read(args: &[Arg<'e>]) -> Option<Self> {
        let by_place: Vec<&Arg<'e>> = args.iter().filter(|arg| arg.is_positional()).collect();
        let (package, name) = match by_place.as_slice() {
            [name] => (None, text_of(name)),
            [package, name, ..] => (Some(text_of(package)?), text_of(name)),
            [] => return None,
        };
        let version = args
            .iter()
            .find(|arg| matches!(arg.keyword(), Some("v" | "version")));
        let version = match version {
            None => Some(None),
            Some(version) => {
                let value = glueline_jinja::eval(&version.value, &NoScope).value;
                value.is_known().then(|| Some(value.display()))
            }
        };
        Some(Self {
            package,
            name,
            version,
        })
    }

    fn target(&self, scan: &Scan<'_>) -> Option<Symbol> {
        let (name, _) = self.name.as_ref()?;
        let package = self.package.as_ref().map(|(package, _)| &**package);
        Some(resolve::reference(
            scan.project,
            scan.package,
            package,
            name,
            self.version.as_ref()?.as_deref(),
        ))
    }
}

/// What a text of YAML names with a call of `ref` or `source`, with or without braces.
pub(super) fn expression_target(scan: &Scan<'_>, text: &str) -> Option<Symbol> {
    let bare = text.trim();
    let bare = bare.strip_prefix("{{").unwrap_or(bare);
    let bare = bare.strip_suffix("}}").unwrap_or(bare).trim();
    let (expr, _) = glueline_jinja::parse_expression(bare, range(0, bare.len()));
    let (callee, args) = expr.as_call()?;
    match callee.as_name()? {
        "ref" => RefCall::read(args)?.target(scan),
        "source" => {
            let mut by_place = args.iter().filter(|arg| arg.is_positional()).filter_map(text_of);
            let (source, table) = (by_place.next()?.0, by_place.next()?.0);
            Some(resolve::table(scan.project, scan.package, &source, &table))
        }
        _ => None,
    }
}
