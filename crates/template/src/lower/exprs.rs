//! Expressions.

use glueline_base::TextRange;
use glueline_jinja::{Arg, ArgKind, BinaryOp, CompareOp, Expr, ExprKind, Filter, UnaryOp};

use super::Lowerer;

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

const fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
        CompareOp::In => "in",
        CompareOp::NotIn => "not in",
    }
}

impl Lowerer<'_> {
    pub(super) fn expr(&mut self, expr: &Expr<'_>) {
        match &expr.kind {
            ExprKind::Error => {
                let site = self.code(expr.range);
                self.out
                    .push_str(&format!("__fault({site}, \"syntax\", \"expression expected\")"));
            }
            ExprKind::None => self.out.push_str("none"),
            ExprKind::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            ExprKind::Int(Some(value)) => self.out.push_str(&format!("{value}")),
            ExprKind::Int(None) => {
                let site = self.code(expr.range);
                self.out.push_str(&format!(
                    "__fault({site}, \"unsupported\", \"a whole number beyond 64 bits\")"
                ));
            }
            ExprKind::Float(value) if value.is_finite() => self.out.push_str(&format!("{value:?}")),
            ExprKind::Float(_) => self.operation("binary", expr.range, |lowerer| {
                lowerer.out.push_str(", \"*\", 1e308, 10.0");
            }),
            ExprKind::Str(literal) => self.string(&literal.text()),
            ExprKind::Name(name) => self.out.push_str(name.value),
            ExprKind::List(items) => self.operation("list", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Tuple(items) => self.operation("tuple", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Dict(entries) => self.operation("dict", expr.range, |lowerer| {
                for (key, value) in entries {
                    lowerer.item(key);
                    lowerer.item(value);
                }
            }),
            ExprKind::Attribute { base, name } if self.is_loop(base) => {
                self.out.push_str(&format!("loop.{}", name.value));
            }
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
                    lowerer
                        .out
                        .push_str(if *op == UnaryOp::Minus { ", \"-\"" } else { ", \"+\"" });
                    lowerer.item(operand);
                }),
            },
            ExprKind::Binary { op, left, right } => self.operation("binary", expr.range, |lowerer| {
                lowerer.out.push_str(&format!(", \"{}\"", binary(*op)));
                lowerer.item(left);
                lowerer.item(right);
            }),
            ExprKind::Compare { first, rest } => {
                self.out.push('(');
                let mut left: &Expr<'_> = first;
                for (index, (op, right)) in rest.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(" and ");
                    }
                    self.operation("compare", expr.range, |lowerer| {
                        lowerer.out.push_str(&format!(", \"{}\"", compare(*op)));
                        lowerer.item(left);
                        lowerer.item(right);
                    });
                    left = right;
                }
                self.out.push(')');
            }
            ExprKind::And(items) => self.joined(items, " and "),
            ExprKind::Or(items) => self.joined(items, " or "),
            ExprKind::Concat(items) => self.operation("concat", expr.range, |lowerer| lowerer.items(items)),
            ExprKind::Conditional {
                then,
                condition,
                otherwise,
            } => {
                self.out.push('(');
                self.expr(then);
                self.out.push_str(" if ");
                self.expr(condition);
                self.out.push_str(" else ");
                match otherwise {
                    Some(otherwise) => self.expr(otherwise),
                    None => self.operation("undefined", expr.range, |lowerer| {
                        lowerer.out.push_str(
                            ", \"the inline if-expression evaluated to false and no else section was defined.\"",
                        );
                    }),
                }
                self.out.push(')');
            }
        }
    }

    /// `__name(site, ...)`, where `rest` writes the arguments, each with a comma before it.
    fn operation(&mut self, name: &str, range: TextRange, rest: impl FnOnce(&mut Self)) {
        let site = self.code(range);
        self.out.push_str(&format!("__{name}({site}"));
        rest(self);
        self.out.push(')');
    }

    fn item(&mut self, expr: &Expr<'_>) {
        self.out.push_str(", ");
        self.expr(expr);
    }

    fn items(&mut self, items: &[Expr<'_>]) {
        items.iter().for_each(|item| self.item(item));
    }

    fn joined(&mut self, items: &[Expr<'_>], word: &str) {
        self.out.push('(');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(word);
            }
            self.expr(item);
        }
        self.out.push(')');
    }

    fn is_loop(&self, expr: &Expr<'_>) -> bool {
        self.loops > 0 && expr.as_name() == Some("loop")
    }

    fn args(&mut self, args: &[Arg<'_>]) {
        for arg in args {
            self.out.push_str(", ");
            match &arg.kind {
                ArgKind::Positional => self.expr(&arg.value),
                ArgKind::Keyword(name) => {
                    self.out.push_str(name.value);
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
    pub(super) fn call(&mut self, range: TextRange, callee: &Expr<'_>, args: &[Arg<'_>], caller: Option<&str>) {
        match &callee.kind {
            _ if self.is_loop(callee) => {
                let site = self.code(range);
                self.out.push_str(&format!("loop(__iterate({site}"));
                self.args(args);
                self.out.push_str("))");
            }
            ExprKind::Attribute { base, name } if self.is_loop(base) => {
                self.out.push_str(&format!("loop.{}(", name.value));
                for (index, arg) in args.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    self.expr(&arg.value);
                }
                self.out.push(')');
            }
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
        self.operation("filter", filter.name.range, |lowerer| {
            lowerer.out.push_str(", ");
            lowerer.string(filter.name.value);
            lowerer.out.push_str(", ");
            value(lowerer);
            lowerer.args(&filter.args);
        });
    }
}
