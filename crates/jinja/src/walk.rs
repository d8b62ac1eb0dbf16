//! Every statement and expression of a template with where it stands.

use crate::{Branch, Expr, ExprKind, Output, Param, Piece, Statement, StatementKind, Template};

/// A condition that has to hold, or not to hold, for code to run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition<'t, 'a> {
    /// The condition.
    pub expr: &'t Expr<'a>,
    /// Whether it has to hold.
    pub holds: bool,
}

/// Where something stands.
#[derive(Debug, Clone, Default)]
pub struct Context<'t, 'a> {
    /// The innermost macro, test, materialization or snapshot.
    pub definition: Option<&'t Statement<'a>>,
    /// The statement whose tags hold the expression; `None` in `{{ }}`.
    pub statement: Option<&'t Statement<'a>>,
    /// What has to hold for this to run, outermost first: `if` and `elif`, the `if` of loops and inline, and what
    /// stands before in `and` and `or`.
    pub conditions: Vec<Condition<'t, 'a>>,
    /// Whether this runs once for every turn of a loop.
    pub in_loop: bool,
    /// The innermost set block, call block or filter block: what its body renders does not go where it stands.
    pub captured_by: Option<&'t Statement<'a>>,
}

/// What to do with the parts of a template. Every part is visited once, in the order written.
pub trait Visitor<'t, 'a> {
    /// A `{{ }}`, before its expressions.
    fn output(&mut self, _output: &'t Output<'a>, _context: &Context<'t, 'a>) {}

    /// A statement, before its expressions and its body.
    fn statement(&mut self, _statement: &'t Statement<'a>, _context: &Context<'t, 'a>) {}

    /// An expression, before those that stand in it.
    fn expr(&mut self, _expr: &'t Expr<'a>, _context: &Context<'t, 'a>) {}
}

/// Visits every part of a template.
pub fn walk<'t, 'a>(template: &'t Template<'a>, visitor: &mut impl Visitor<'t, 'a>) {
    walk_pieces(&template.body, visitor);
}

/// Visits every part of some pieces of a template.
pub fn walk_pieces<'t, 'a>(pieces: &'t [Piece<'a>], visitor: &mut impl Visitor<'t, 'a>) {
    let mut walker = Walker {
        visitor,
        context: Context::default(),
    };
    walker.pieces(pieces);
}

/// Visits an expression that stands alone and those in it.
pub fn walk_expr<'t, 'a>(expr: &'t Expr<'a>, visitor: &mut impl Visitor<'t, 'a>) {
    let mut walker = Walker {
        visitor,
        context: Context::default(),
    };
    walker.expr(expr);
}

struct Walker<'v, 't, 'a, V> {
    visitor: &'v mut V,
    context: Context<'t, 'a>,
}

impl<'t, 'a, V: Visitor<'t, 'a>> Walker<'_, 't, 'a, V> {
    fn pieces(&mut self, pieces: &'t [Piece<'a>]) {
        for piece in pieces {
            match piece {
                Piece::Text(_) | Piece::Comment(_) => {}
                Piece::Output(output) => {
                    let statement = self.context.statement.take();
                    self.visitor.output(output, &self.context);
                    self.expr(&output.expr);
                    self.context.statement = statement;
                }
                Piece::Statement(statement) => {
                    let outer = self.context.statement.take();
                    self.statement(statement);
                    self.context.statement = outer;
                }
            }
        }
    }

    fn statement(&mut self, statement: &'t Statement<'a>) {
        self.visitor.statement(statement, &self.context);
        self.context.statement = Some(statement);
        match &statement.kind {
            StatementKind::Raw | StatementKind::Break | StatementKind::Continue | StatementKind::Unknown => {}
            StatementKind::If { branches } => self.branches(branches),
            StatementKind::For(each) => {
                self.expr(&each.target);
                self.expr(&each.iter);
                let outer = std::mem::replace(&mut self.context.in_loop, true);
                let conditions = self.context.conditions.len();
                if let Some(filter) = &each.filter {
                    self.expr(filter);
                    self.require(filter, true);
                }
                self.pieces(&each.body);
                self.context.conditions.truncate(conditions);
                self.context.in_loop = outer;
                if let Some(otherwise) = &each.otherwise {
                    self.pieces(&otherwise.body);
                }
            }
            StatementKind::Set { target, value } => {
                self.expr(target);
                self.expr(value);
            }
            StatementKind::SetBlock {
                target,
                filters,
                body,
            } => {
                self.expr(target);
                for filter in filters {
                    filter.args.iter().for_each(|arg| self.expr(&arg.value));
                }
                self.captured(statement, body);
            }
            StatementKind::FilterBlock { filters, body } => {
                for filter in filters {
                    filter.args.iter().for_each(|arg| self.expr(&arg.value));
                }
                self.captured(statement, body);
            }
            StatementKind::CallBlock { params, call, body } => {
                self.params(params);
                self.expr(call);
                self.captured(statement, body);
            }
            StatementKind::Macro(definition) | StatementKind::Test(definition) => {
                self.definition(statement, |walker| {
                    walker.params(&definition.params);
                    walker.pieces(&definition.body);
                });
            }
            StatementKind::Materialization { args, body, .. } => self.definition(statement, |walker| {
                args.iter().for_each(|arg| walker.expr(&arg.value));
                walker.pieces(body);
            }),
            StatementKind::Snapshot { body, .. } => {
                self.definition(statement, |walker| walker.pieces(body));
            }
            StatementKind::Docs { body, .. } | StatementKind::Block { body, .. } => self.pieces(body),
            StatementKind::Do(expr)
            | StatementKind::Include(expr)
            | StatementKind::Extends(expr)
            | StatementKind::Import { template: expr, .. }
            | StatementKind::FromImport { template: expr, .. } => self.expr(expr),
            StatementKind::Print(values) => values.iter().for_each(|value| self.expr(value)),
            StatementKind::With { bindings, body } => {
                for (target, value) in bindings {
                    self.expr(target);
                    self.expr(value);
                }
                self.pieces(body);
            }
            StatementKind::Autoescape { value, body } => {
                self.expr(value);
                self.pieces(body);
            }
        }
    }

    /// Each branch runs where its condition holds and those before it do not.
    fn branches(&mut self, branches: &'t [Branch<'a>]) {
        let outer = self.context.conditions.len();
        for branch in branches {
            let before = self.context.conditions.len();
            if let Some(condition) = &branch.condition {
                self.expr(condition);
                self.require(condition, true);
            }
            self.pieces(&branch.body);
            self.context.conditions.truncate(before);
            if let Some(condition) = &branch.condition {
                self.require(condition, false);
            }
        }
        self.context.conditions.truncate(outer);
    }

    fn params(&mut self, params: &'t [Param<'a>]) {
        params
            .iter()
            .filter_map(|param| param.default.as_ref())
            .for_each(|default| self.expr(default));
    }

    fn captured(&mut self, statement: &'t Statement<'a>, body: &'t [Piece<'a>]) {
        let outer = self.context.captured_by.replace(statement);
        self.pieces(body);
        self.context.captured_by = outer;
    }

    /// A definition runs when it is called, and not as part of a loop or a block around it.
    fn definition(&mut self, statement: &'t Statement<'a>, body: impl FnOnce(&mut Self)) {
        let definition = self.context.definition.replace(statement);
        let in_loop = std::mem::take(&mut self.context.in_loop);
        let captured_by = self.context.captured_by.take();
        body(self);
        self.context.definition = definition;
        self.context.in_loop = in_loop;
        self.context.captured_by = captured_by;
    }

    fn require(&mut self, expr: &'t Expr<'a>, holds: bool) {
        self.context.conditions.push(Condition { expr, holds });
    }

    fn expr(&mut self, expr: &'t Expr<'a>) {
        self.visitor.expr(expr, &self.context);
        let outer = self.context.conditions.len();
        match &expr.kind {
            ExprKind::And(items) => self.chain(items, true),
            ExprKind::Or(items) => self.chain(items, false),
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                self.require(condition, true);
                self.expr(then);
                self.context.conditions.truncate(outer);
                self.expr(condition);
                if let Some(otherwise) = otherwise {
                    self.require(condition, false);
                    self.expr(otherwise);
                }
            }
            _ => expr.for_each_child(&mut |child| self.expr(child)),
        }
        self.context.conditions.truncate(outer);
    }

    /// In `a and b` the right side runs where the left one holds, in `a or b` where it does not.
    fn chain(&mut self, items: &'t [Expr<'a>], holds: bool) {
        for item in items {
            self.expr(item);
            self.require(item, holds);
        }
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::slice;

    use super::*;
    use crate::parse;

    /// Notes every name with where it stands.
    struct Names<'t> {
        text: &'t str,
        found: Vec<String>,
    }

    impl<'t, 'a> Visitor<'t, 'a> for Names<'_> {
        fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
            let Some(name) = expr.as_name() else { return };
            let mut note = name.to_owned();
            for condition in &context.conditions {
                note.push_str(if condition.holds { " if " } else { " unless " });
                note.push_str(slice(self.text, condition.expr.range));
            }
            if let Some(definition) = context.definition.and_then(Statement::defined_name) {
                note.push_str(" in ");
                note.push_str(definition.value);
            }
            if context.in_loop {
                note.push_str(" looped");
            }
            if let Some(captured_by) = context.captured_by {
                note.push_str(" captured by ");
                note.push_str(captured_by.open.name.value);
            }
            if let Some(statement) = context.statement {
                note.push_str(" of ");
                note.push_str(statement.open.name.value);
            }
            self.found.push(note);
        }
    }

    #[test]
    fn every_name_is_met_with_its_surroundings() {
        for (text, expected) in [
            ("{{ a }}", "a"),
            (
                "{% if a %}{{ b }}{% elif c %}{{ d }}{% else %}{{ e }}{% endif %}{{ f }}",
                "a of if, b if a, c unless a of if, d unless a if c, e unless a unless c, f",
            ),
            (
                "{% for a in b if c %}{{ d }}{% else %}{{ e }}{% endfor %}",
                "a of for, b of for, c looped of for, d if c looped, e",
            ),
            ("{{ a if b else c }}", "a if b, b, c unless b"),
            ("{{ a and b or c }}", "a, b if a, c unless a and b"),
            (
                "{% set a | f(b) %}{{ c }}{% endset %}{{ d }}",
                "a of set, b of set, c captured by set, d",
            ),
            (
                "{% call(x=a) b(c) %}{{ d }}{% endcall %}",
                "a of call, b of call, c of call, d captured by call",
            ),
            (
                "{% filter f(a) %}{{ b }}{% endfilter %}",
                "a of filter, b captured by filter",
            ),
            (
                "{% for a in b %}{% macro m(x=c) %}{{ d }}{% endmacro %}{% endfor %}",
                "a of for, b of for, c in m of macro, d in m",
            ),
            (
                "{% test t(m) %}{{ a }}{% endtest %}{% snapshot s %}{{ b }}{% endsnapshot %}",
                "a in t, b in s",
            ),
            (
                "{% materialization m, adapter=a %}{% do b(c) %}{% endmaterialization %}",
                "a in m of materialization, b in m of do, c in m of do",
            ),
            (
                "{{ f(a, *b, c=d)[e].g | h(i) is j(k) }}{% set x = y.z %}",
                "f, a, b, d, e, i, k, x of set, y of set",
            ),
            (
                "{% with a = b %}{% print c, d %}{% endwith %}{% include e %}",
                "a of with, b of with, c of print, d of print, e of include",
            ),
        ] {
            let template = parse(text);
            let mut names = Names {
                text,
                found: Vec::new(),
            };
            walk(&template, &mut names);
            assert_eq!(names.found.join(", "), expected, "{text}");
        }
    }
}
