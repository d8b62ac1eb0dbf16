//! Which names a template assigns and uses.

use std::sync::Arc;

use glueline_jinja::{Context, Expr, ExprKind, Param, Piece, Statement, StatementKind, Visitor};

use crate::program::Params;

/// The names that some pieces assign anywhere, with those of the parameters, sorted.
pub(super) fn assigned(pieces: &[Piece<'_>], params: &[Param<'_>]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = params.iter().map(|param| Arc::from(param.name.value)).collect();
    visit(pieces, &mut Assigned { names: &mut names });
    names.sort_unstable();
    names.dedup();
    names
}

/// The names that some pieces use, sorted.
pub(super) fn used(pieces: &[Piece<'_>]) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    visit(pieces, &mut Used { names: &mut names });
    names.sort_unstable();
    names.dedup();
    names
}

/// What a macro with these parameters and this body takes.
pub(super) fn params(params: &[Param<'_>], body: &[Piece<'_>]) -> Params {
    let used = used(body);
    let uses = |name: &str| {
        used.iter().any(|used| &**used == name) && params.iter().all(|param| param.name.value != name)
    };
    Params {
        names: params
            .iter()
            .map(|param| (Arc::from(param.name.value), param.default.is_some()))
            .collect(),
        takes_varargs: uses("varargs"),
        takes_kwargs: uses("kwargs"),
        takes_caller: uses("caller"),
    }
}

/// The names that an expression uses.
pub(super) fn used_in(expr: &Expr<'_>) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    glueline_jinja::walk_expr(expr, &mut Used { names: &mut names });
    names
}

fn visit<'t, 'a>(pieces: &'t [Piece<'a>], visitor: &mut impl Visitor<'t, 'a>) {
    glueline_jinja::walk_pieces(pieces, visitor);
}

struct Assigned<'n> {
    names: &'n mut Vec<Arc<str>>,
}

impl Assigned<'_> {
    fn target(&mut self, target: &Expr<'_>) {
        match &target.kind {
            ExprKind::Name(name) => self.names.push(Arc::from(name.value)),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| self.target(item)),
            _ => {}
        }
    }
}

impl<'t, 'a> Visitor<'t, 'a> for Assigned<'_> {
    fn statement(&mut self, statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {
        match &statement.kind {
            StatementKind::Set { target, .. } | StatementKind::SetBlock { target, .. } => self.target(target),
            StatementKind::For(each) => {
                self.target(&each.target);
                self.names.push("loop".into());
            }
            StatementKind::With { bindings, .. } => {
                bindings.iter().for_each(|(target, _)| self.target(target));
            }
            StatementKind::Macro(definition) => self.names.push(super::blocks::inner_macro(definition.name.value)),
            StatementKind::CallBlock { params, .. } => {
                self.names.extend(params.iter().map(|param| Arc::from(param.name.value)));
            }
            _ => {}
        }
    }
}

struct Used<'n> {
    names: &'n mut Vec<Arc<str>>,
}

impl<'t, 'a> Visitor<'t, 'a> for Used<'_> {
    fn expr(&mut self, expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {
        if let ExprKind::Name(name) = &expr.kind {
            self.names.push(Arc::from(name.value));
        }
    }
}
