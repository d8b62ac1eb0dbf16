//! Expressions.

use glueline_base::{Spanned, TextRange};
use glueline_jinja::{Arg, ArgKind, BinaryOp, CompareOp, Expr, ExprKind, Filter, UnaryOp};

use super::{Lowerer, names};
use crate::python;

const fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
    }
}

/// The operators, dots and brackets one behind the other that minijinja gets as nested calls.
const MAX_SPINE: usize = 16;

/// The expression within another that is evaluated before anything else of it.
fn first_within<'e, 'a>(expr: &'e Expr<'a>) -> Option<&'e Expr<'a>> {
    match &expr.kind {
        ExprKind::Binary { left, .. } => Some(left),
        ExprKind::Filter { base, .. }
        | ExprKind::Test { base, .. }
        | ExprKind::Attribute { base, .. }
        | ExprKind::Item { base, .. } => Some(base),
        ExprKind::Compare { first, .. } => Some(first),
        ExprKind::Call { callee, .. } => match &callee.kind {
            // The method is called on what stands before the dot.
            ExprKind::Attribute { base, .. } => Some(base),
            _ => Some(callee),
        },
        _ => None,
    }
}

impl Lowerer<'_> {
    /// An expression. Where much stands before an operator, a dot or a bracket, it is evaluated piece by piece, innermost first:
    /// minijinja reads nested calls by recursion, and only so many.
    pub(super) fn expr(&mut self, expr: &Expr<'_>) {
        if let Some(place) = self.standin(expr) {
            self.operation("kept", expr.range, |lowerer| {
                lowerer.push(format_args!(", {place}"));
            });
            return;
        }
        let spine = self.spine(expr);
        if spine.len() <= MAX_SPINE {
            return self.expr_itself(expr);
        }
        let before = self.standins.len();
        self.operation("last", expr.range, |lowerer| {
            for part in spine.iter().rev().step_by(MAX_SPINE / 2).skip(1) {
                let place = lowerer.kept;
                lowerer.kept += 1;
                lowerer.out.push_str(", ");
                lowerer.operation("keep", part.range, |lowerer| {
                    lowerer.push(format_args!(", {place}, "));
                    lowerer.expr_itself(part);
                });
                lowerer.standins.push((part.range, place));
            }
            lowerer.out.push_str(", ");
            lowerer.expr_itself(expr);
        });
        self.standins.truncate(before);
    }

    fn standin(&self, expr: &Expr<'_>) -> Option<usize> {
        let found = self.standins.iter().rev().find(|(range, _)| *range == expr.range);
        found.map(|(_, place)| *place)
    }

    /// What is evaluated first within an expression, and first within that, down to what was evaluated before.
    fn spine<'e, 'a>(&self, expr: &'e Expr<'a>) -> Vec<&'e Expr<'a>> {
        let (mut spine, mut at) = (Vec::new(), expr);
        while let Some(first) = first_within(at)
            && self.standin(first).is_none()
        {
            spine.push(first);
            at = first;
        }
        spine
    }

    fn expr_itself(&mut self, expr: &Expr<'_>) {
        match &expr.kind {
            ExprKind::Error => {
                let site = self.code(expr.range);
                self.push(format_args!(
                    "__fault({site}, \"syntax\", \"expression expected\")"
                ));
            }
            ExprKind::None => self.out.push_str("none"),
            ExprKind::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            ExprKind::Int(Some(value)) => self.push(format_args!("{value}")),
            ExprKind::Int(None) => {
                let site = self.code(expr.range);
                self.push(format_args!(
                    "__fault({site}, \"unsupported\", \"a whole number beyond 64 bits\")"
                ));
            }
            ExprKind::Float(value) if value.is_finite() => self.push(format_args!("{value:?}")),
            ExprKind::Float(_) => self.operation("binary", expr.range, |lowerer| {
                lowerer.out.push_str(", \"*\", 1e308, 10.0");
            }),
            ExprKind::Str(literal) => self.string(&literal.text()),
            ExprKind::Name(name) => match self.loops.last() {
                Some(own) if name.value == "loop" => self.out.push_str(own),
                _ => self.out.push_str(&names::mangled(name.value)),
            },
            ExprKind::List(items) => self.operation("list", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Tuple(items) => self.operation("tuple", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Dict(entries) => self.operation("dict", expr.range, |lowerer| {
                for (key, value) in entries {
                    lowerer.item(key);
                    lowerer.item(value);
                }
            }),
            ExprKind::Attribute { base, name } => self.operation("attr", expr.range, |lowerer| {
                lowerer.item(base);
                lowerer.out.push_str(", ");
                lowerer.string(name.value);
            }),
            ExprKind::Item { base, index } => match &index.kind {
                ExprKind::Slice { parts } => self.operation("slice", expr.range, |lowerer| {
                    lowerer.item(base);
                    for part in &**parts {
                        match part {
                            Some(part) => lowerer.item(part),
                            None => lowerer.out.push_str(", none"),
                        }
                    }
                }),
                _ => self.operation("item", expr.range, |lowerer| {
                    lowerer.item(base);
                    lowerer.item(index);
                }),
            },
            ExprKind::Slice { .. } => self.out.push_str("none"),
            ExprKind::Call { callee, args } => self.call(expr.range, callee, args, None),
            ExprKind::Filter { base, filter } => self.filter_call(filter, |lowerer| lowerer.expr(base)),
            ExprKind::Test {
                base,
                name,
                negated,
                args,
            } => {
                self.check_name("test", name, python::has_test(name.value));
                self.out.push_str(if *negated { "(not " } else { "(" });
                self.operation("test", name.range, |lowerer| {
                    lowerer.out.push_str(", ");
                    lowerer.string(name.value);
                    lowerer.item(base);
                    lowerer.args(args);
                });
                self.out.push(')');
            }
            ExprKind::Unary { op, operand } => match op {
                UnaryOp::Not => {
                    self.out.push_str("(not ");
                    self.expr(operand);
                    self.out.push(')');
                }
                UnaryOp::Minus | UnaryOp::Plus => self.operation("unary", expr.range, |lowerer| {
                    lowerer.out.push_str(if *op == UnaryOp::Minus {
                        ", \"-\""
                    } else {
                        ", \"+\""
                    });
                    lowerer.item(operand);
                }),
            },
            ExprKind::Binary { op, left, right } => self.operation("binary", expr.range, |lowerer| {
                lowerer.push(format_args!(", \"{}\"", binary(*op)));
                lowerer.item(left);
                lowerer.item(right);
            }),
            ExprKind::Compare { first, rest } => self.comparison(expr.range, first, rest),
            ExprKind::And(items) => self.joined(items, " and "),
            ExprKind::Or(items) => self.joined(items, " or "),
            ExprKind::Concat(items) => self.operation("concat", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                let soft = std::mem::replace(&mut self.soft, true);
                self.out.push('(');
                self.expr(then);
                self.out.push_str(" if ");
                self.expr(condition);
                self.out.push_str(" else ");
                match otherwise {
                    Some(otherwise) => self.expr(otherwise),
                    None => self.operation("undefined", expr.range, |lowerer| {
                        let line = lowerer.line(expr.range);
                        lowerer.push(format_args!(
                            ", \"the inline if-expression on line {line} evaluated to false and no else section was \
                             defined.\""
                        ));
                    }),
                }
                self.out.push(')');
                self.soft = soft;
            }
        }
    }

    /// `__name(site, ...)`, where `rest` writes the arguments, each with a comma before it.
    fn operation(&mut self, name: &str, range: TextRange, rest: impl FnOnce(&mut Self)) {
        let site = self.code(range);
        self.push(format_args!("__{name}({site}"));
        rest(self);
        self.out.push(')');
    }

    fn item(&mut self, expr: &Expr<'_>) {
        self.out.push_str(", ");
        self.expr(expr);
    }

    fn items(&mut self, items: &[Expr<'_>]) {
        // minijinja takes no more arguments than this of one call, but lists of any length.
        if items.len() <= 1000 {
            items.iter().for_each(|item| self.item(item));
            return;
        }
        self.out.push_str(", *[");
        for item in items {
            self.expr(item);
            self.out.push_str(", ");
        }
        self.out.push(']');
    }

    /// Operands of `and` or `or`: halved where there are many, as minijinja goes through them by recursion.
    fn joined(&mut self, items: &[Expr<'_>], word: &str) {
        self.out.push('(');
        match items.split_at_checked(items.len() / 2) {
            Some((first, second)) if items.len() > 16 => {
                self.joined(first, word);
                self.out.push_str(word);
                self.joined(second, word);
            }
            _ => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(word);
                    }
                    self.expr(item);
                }
            }
        }
        self.out.push(')');
    }

    /// A chain of comparisons. An operand that stands between two of them is evaluated once.
    fn comparison(&mut self, range: TextRange, first: &Expr<'_>, rest: &[(CompareOp, Expr<'_>)]) {
        self.out.push('(');
        let mut left: Option<usize> = None;
        for (index, (op, right)) in rest.iter().enumerate() {
            if index > 0 {
                self.out.push_str(" and ");
            }
            let keeps = index + 1 < rest.len();
            let place = self.kept;
            self.kept += usize::from(keeps);
            self.operation("compare", range, |lowerer| {
                lowerer.push(format_args!(", \"{}\"", op.sign()));
                match left {
                    Some(place) => {
                        lowerer.out.push_str(", ");
                        lowerer.operation("kept", range, |lowerer| lowerer.push(format_args!(", {place}")));
                    }
                    None => lowerer.item(first),
                }
                if keeps {
                    lowerer.out.push_str(", ");
                    lowerer.operation("keep", right.range, |lowerer| {
                        lowerer.push(format_args!(", {place}"));
                        lowerer.item(right);
                    });
                } else {
                    lowerer.item(right);
                }
            });
            left = Some(place);
        }
        self.out.push(')');
    }

    /// Jinja2 refuses a template with a filter or test that is not there, but where a branch is open.
    fn check_name(&mut self, kind: &str, name: &Spanned<&str>, known: bool) {
        if !known && !self.soft {
            let name_as_written = python::repr(&crate::Value::str(name.value));
            self.refuse(&format!("No {kind} named {name_as_written}."), name.range);
        }
    }

    fn args(&mut self, args: &[Arg<'_>]) {
        for arg in args {
            self.out.push_str(", ");
            match &arg.kind {
                ArgKind::Positional => self.expr(&arg.value),
                ArgKind::Keyword(name) => {
                    self.out.push_str(&names::mangled(name.value));
                    self.out.push('=');
                    self.expr(&arg.value);
                }
                ArgKind::Star => {
                    self.out.push('*');
                    self.operation("iterate", arg.range, |lowerer| lowerer.item(&arg.value));
                }
                ArgKind::DoubleStar => {
                    self.out.push_str("**");
                    self.operation("keywords", arg.range, |lowerer| lowerer.item(&arg.value));
                }
            }
        }
    }

    /// A call, with the block it is given where it opens one.
    pub(super) fn call(
        &mut self,
        range: TextRange,
        callee: &Expr<'_>,
        args: &[Arg<'_>],
        caller: Option<&str>,
    ) {
        match &callee.kind {
            ExprKind::Attribute { base, name } => self.operation("method", range, |lowerer| {
                lowerer.item(base);
                lowerer.out.push_str(", ");
                lowerer.string(name.value);
                lowerer.args(args);
                lowerer.caller(caller);
            }),
            _ => self.operation("call", range, |lowerer| {
                lowerer.item(callee);
                lowerer.args(args);
                lowerer.caller(caller);
            }),
        }
    }

    fn caller(&mut self, caller: Option<&str>) {
        if let Some(caller) = caller {
            self.out.push_str(", caller=");
            self.out.push_str(caller);
        }
    }

    /// A filter, where `value` writes what is filtered.
    pub(super) fn filter_call(&mut self, filter: &Filter<'_>, value: impl FnOnce(&mut Self)) {
        self.check_name("filter", &filter.name, python::has_filter(filter.name.value));
        self.operation("filter", filter.name.range, |lowerer| {
            lowerer.out.push_str(", ");
            lowerer.string(filter.name.value);
            lowerer.out.push_str(", ");
            value(lowerer);
            lowerer.args(&filter.args);
        });
    }
}
