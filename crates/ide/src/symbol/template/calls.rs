//! The calls of Jinja whose arguments name things: `ref`, `source`, `config`, `doc`, `adapter.dispatch`, and macros.

use std::borrow::Cow;

use glueline_base::{Spanned, TextRange, TextSize, Value};
use glueline_catalog::{CONFIGS_OF_COLUMNS, Materialization, Scope, lookup};
use glueline_jinja::{Arg, ArgKind, Expr, ExprKind, NoScope};

use super::super::locals::Locals;
use super::super::scan::{Origin, Scan};
use super::super::{MissingKind, Role, Symbol, resolve};
use super::{MAX_NESTED, Reader, inside_quotes};

/// What a value of a config stands for.
pub(in super::super) fn config_value(
    scan: &Scan<'_>,
    scope: Scope,
    key: &str,
    value: &str,
) -> Option<Symbol> {
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

/// The column of the file's own node that a config names.
pub(in super::super) fn config_column(
    scan: &Scan<'_>,
    key: &str,
    value: &str,
    at: TextSize,
) -> Option<Symbol> {
    let of = names_columns(key, value)
        .then(|| resolve::node_of_file(scan.project, scan.file, at))
        .flatten()?;
    Some(Symbol::Column {
        of,
        name: value.into(),
    })
}

/// Whether a config's value is the name of a column: configs of columns also take expressions.
pub(in super::super) fn names_columns(key: &str, value: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    CONFIGS_OF_COLUMNS.contains(&key)
        && (key, value) != ("check_cols", "all")
        && !value.starts_with(|c: char| c.is_ascii_digit())
        && !value.is_empty()
        && value.chars().all(is_name)
}

impl Reader<'_, '_, '_> {
    /// The arguments of a call.
    pub(super) fn call(&mut self, callee: &Expr<'_>, args: &[Arg<'_>]) {
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
            let ArgKind::Keyword(name) = arg.kind else {
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
                (ArgKind::Keyword(key), _) => self.setting(scope, *key, &arg.value),
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
                    .or_else(|| config_column(scan, key.value, &text, literal.range.start()))
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
    version: Option<Value>,
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
        let version = version.map(|version| glueline_jinja::eval(&version.value, &NoScope).value);
        Some(Self {
            package,
            name,
            version,
        })
    }

    fn target(&self, scan: &Scan<'_>) -> Option<Symbol> {
        let (name, _) = self.name.as_ref()?;
        let package = self.package.as_ref().map(|(package, _)| &**package);
        if self.version.as_ref().is_some_and(|version| !version.is_known()) {
            return None;
        }
        let version = self.version.as_ref().map(Value::display);
        Some(resolve::reference(
            scan.project,
            scan.package,
            package,
            name,
            version.as_deref(),
        ))
    }
}

/// What a text of YAML names with a call of `ref` or `source`, with or without braces.
pub(in super::super) fn expression_target(scan: &Scan<'_>, text: &str) -> Option<Symbol> {
    let bare = text.trim();
    let bare = bare.strip_prefix("{{").unwrap_or(bare);
    let bare = bare.strip_suffix("}}").unwrap_or(bare).trim();
    let (expr, _) = glueline_jinja::parse_expression(bare, glueline_base::range(0, bare.len()));
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
