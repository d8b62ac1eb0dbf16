//! `unused-macro-parameter`.

use std::collections::BTreeSet;

use glueline_base::{Diagnostic, TextRange};
use glueline_catalog::jinja::shipped_macro;
use glueline_jinja::{Context, Expr, ExprKind, Piece, Visitor, walk_pieces};
use glueline_project::facts::sql::{MacroDef, MacroKind};

use super::called::macro_files;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unused-macro-parameter",
    Project,
    Hint,
    "unused_macro_parameter.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    for file in macro_files(cx.project) {
        let Some(facts) = cx.project.facts(file).sql() else {
            continue;
        };
        let mut meant = facts
            .macros
            .iter()
            .filter(|definition| is_own_to_say(definition))
            .peekable();
        if meant.peek().is_none() || !facts.errors.is_empty() {
            continue;
        }
        let template = glueline_jinja::parse(cx.project.files().text(file));
        for definition in meant {
            let used = used(&template.body, definition.range);
            for (parameter, _) in &definition.parameters {
                let name = &*parameter.value;
                if name.starts_with('_') || used.contains(name) {
                    continue;
                }
                let message = format!(
                    "The macro `{}` never uses `{name}`: what callers pass for it is dropped without a word. Use it, or take it out.",
                    definition.written.value
                );
                sink.push(Diagnostic::new(&RULE.meta, parameter.in_file(file), message));
            }
        }
    }
}

/// Whether a macro's parameters are its own choice: not those that dbt passes, nor those of a macro it is dispatched for.
fn is_own_to_say(definition: &MacroDef) -> bool {
    let name = &*definition.written.value;
    definition.kind == MacroKind::Macro
        && !definition.takes_any
        && !definition.parameters.is_empty()
        && !name.contains("__")
        && shipped_macro(name).is_empty()
}

/// The names that are used in the statement at a range.
fn used<'t>(pieces: &'t [Piece<'t>], range: TextRange) -> BTreeSet<&'t str> {
    struct Names<'t>(BTreeSet<&'t str>);
    impl<'t> Visitor<'t, 't> for Names<'t> {
        fn expr(&mut self, expr: &'t Expr<'t>, _context: &Context<'t, 't>) {
            if let ExprKind::Name(name) = &expr.kind {
                self.0.insert(name.value);
            }
        }
    }
    let mut names = Names(BTreeSet::new());
    let inside = pieces.iter().position(|piece| piece.range() == range);
    if let Some(piece) = inside.and_then(|index| pieces.get(index..=index)) {
        walk_pieces(piece, &mut names);
    }
    names.0
}
