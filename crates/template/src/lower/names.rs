//! Which names a template assigns and uses.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use glueline_jinja::{Context, Expr, ExprKind, Param, Piece, Statement, StatementKind, Visitor};

use crate::program::Params;

/// What a name is called where minijinja could not have it: behind this stand its bytes.
const MANGLED: &str = "__n_";

/// Words of minijinja's own, which are plain names to Jinja2 somewhere.
const RESERVED: &[&str] = &[
    "False", "None", "True", "and", "else", "false", "if", "in", "is", "loop", "none", "not", "or", "self",
    "super", "true",
];

/// A name as minijinja can have it: its names are ASCII, some are its own, and some are those of this crate's operations.
pub(crate) fn mangled(name: &str) -> Cow<'_, str> {
    let plain = name.is_ascii() && !name.starts_with("__") && !RESERVED.contains(&name);
    if plain {
        return Cow::Borrowed(name);
    }
    let mut out = MANGLED.to_owned();
    for byte in name.bytes() {
        // Writing to a text cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    Cow::Owned(out)
}

/// The name as the template has it.
pub(crate) fn unmangled(name: &str) -> Cow<'_, str> {
    let Some(digits) = name.strip_prefix(MANGLED) else {
        return Cow::Borrowed(name);
    };
    let bytes = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).unwrap_or("");
        u8::from_str_radix(pair, 16).unwrap_or(b'?')
    });
    Cow::Owned(String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned())
}

/// Whether `break` or `continue` among some pieces leaves the loop that the pieces stand in.
pub(super) fn leaves(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| {
        let Piece::Statement(statement) = piece else {
            return false;
        };
        match &statement.kind {
            StatementKind::Break | StatementKind::Continue => true,
            StatementKind::If { branches } => branches.iter().any(|branch| leaves(&branch.body)),
            StatementKind::For(each) => each.otherwise.as_ref().is_some_and(|branch| leaves(&branch.body)),
            StatementKind::With { body, .. }
            | StatementKind::SetBlock { body, .. }
            | StatementKind::FilterBlock { body, .. }
            | StatementKind::Block { body, .. }
            | StatementKind::Autoescape { body, .. } => leaves(body),
            _ => false,
        }
    })
}

/// The names that some pieces assign anywhere, with those of the parameters, sorted.
pub(super) fn assigned(pieces: &[Piece<'_>], params: &[Param<'_>]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = params.iter().map(|param| Arc::from(param.name.value)).collect();
    visit(pieces, &mut Assigned { names: &mut names });
    names.sort_unstable();
    names.dedup();
    names
}

/// The names that a target assigns.
pub(super) fn targets(target: &Expr<'_>) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    Assigned { names: &mut names }.target(target);
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
        takes_caller: used.iter().any(|used| &**used == "caller"),
        anonymous: false,
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
            StatementKind::Macro(definition) => {
                self.names.push(super::blocks::inner_macro(definition.name.value));
            }
            StatementKind::CallBlock { params, .. } => {
                self.names
                    .extend(params.iter().map(|param| Arc::from(param.name.value)));
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
