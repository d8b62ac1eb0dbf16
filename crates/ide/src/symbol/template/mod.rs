//! Occurrences in Jinja: in files of SQL and Markdown, and in texts of YAML.

mod calls;

use std::borrow::Cow;

use glueline_base::{Spanned, TextRange, TextSize, range};
use glueline_jinja::{
    Definition, Expr, ExprKind, Filter, Param, Piece, Statement, StatementKind, StringLiteral,
};
use glueline_project::{FileKind, MacroRef};

pub(super) use calls::{config_column, config_value, expression_target, names_columns};

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
}
