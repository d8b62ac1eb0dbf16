//! The names that Spark gives to columns without an alias: its spelling of their expressions.

mod call;
mod literal;

use std::borrow::Cow;

use glueline_base::TextRange;

use crate::syntax::ast::{
    Binary, Body, CallForm, Expr, ExprKind, IsWhat, LikeKind, Literal, Name, SelectItem, UnaryOp, WindowSpec,
};
use crate::syntax::keyword::Kw;
use crate::types::{self, DataType, DayTimeUnit};

/// The name of a column as a query writes it: in back-ticks where Spark would read it as something else.
pub fn written(name: &str) -> Cow<'_, str> {
    let mut chars = name.chars();
    let is_word = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word && (Kw::of(name).is_none() || is_read_as_column(name)) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(in_ticks(name))
    }
}

/// A name in back-ticks.
pub fn in_ticks(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn is_read_as_column(word: &str) -> bool {
    let parsed = crate::syntax::parse(&format!("select {word} as a from b"));
    let Some(Body::Select(select)) = parsed.query.map(|query| query.body) else {
        return false;
    };
    let [item] = select.items.as_slice() else {
        return false;
    };
    let path = match &item.expr.kind {
        ExprKind::Column(path) => path,
        // a column before it is a function
        ExprKind::Call(call) if call.form == CallForm::Bare => &call.name,
        _ => return false,
    };
    let is = |name: Option<&Name>, text: &str| name.is_some_and(|name| &*name.text == text);
    parsed.errors.is_empty() && is(item.alias.as_ref(), "a") && path.len() == 1 && is(path.first(), word)
}

/// What a name depends on besides the text of its expression.
pub trait Names {
    /// Whether the name with that range is of a column, though it could be of a function.
    fn is_column(&self, range: TextRange) -> bool;

    /// How many parts of the path are no part of the column but say whose it is.
    fn qualifiers(&self, path: &[Name], range: TextRange) -> usize;

    /// Whether the last parts of the path, of which there are so many, begin with a key of a map instead of a field.
    fn is_key(&self, path: &[Name], range: TextRange, last: usize) -> bool;

    /// The names of the columns that a star with that range stands for.
    fn star(&self, range: TextRange) -> Vec<&str>;

    /// The names of the columns around that the query within the expression with that range names; the first parts are none of them.
    fn outer(&self, range: TextRange, skip: usize) -> Vec<&str>;

    /// The window of that name.
    fn window(&self, name: &str) -> Option<&WindowSpec>;

    /// The type of the expression with that range, unknown where nobody knows it.
    fn data_type(&self, range: TextRange) -> DataType;
}

/// The name of a column that is `expr` without an alias.
pub fn column_name(expr: &Expr, names: &dyn Names) -> String {
    match &expr.kind {
        ExprKind::Column(path) => path.last().map_or_else(String::new, |name| name.text.to_string()),
        // A cast of a column keeps its name.
        ExprKind::Cast { expr: inner, .. }
            if let ExprKind::Column(path) = &inner.kind
                && names.qualifiers(path, inner.range) + 1 == path.len() =>
        {
            column_name(inner, names)
        }
        _ => Speller {
            names,
            parameters: Vec::new(),
        }
        .spell(expr),
    }
}

/// Spells expressions as Spark does.
struct Speller<'n> {
    names: &'n dyn Names,
    /// The parameters of the lambdas around.
    parameters: Vec<&'n str>,
}

impl<'n> Speller<'n> {
    fn like(&self, kind: LikeKind, expr: &'n Expr, pattern: &'n Expr) -> String {
        let (value, pattern) = (self.spell(expr), self.spell(pattern));
        match kind {
            LikeKind::Like => format!("{value} LIKE {pattern}"),
            LikeKind::ILike => format!("ilike({value}, {pattern})"),
            LikeKind::RLike => format!("RLIKE({value}, {pattern})"),
        }
    }

    /// `like any` of patterns that are not all texts: one `like` for each.
    fn each_like(
        &self,
        kind: LikeKind,
        all: bool,
        negated: bool,
        expr: &'n Expr,
        patterns: &'n [Expr],
    ) -> String {
        let word = if all { "AND" } else { "OR" };
        let each = patterns
            .iter()
            .map(|pattern| not(negated, self.like(kind, expr, pattern)));
        each.reduce(|before, next| format!("({before} {word} {next})"))
            .unwrap_or_default()
    }

    fn spell(&self, expr: &'n Expr) -> String {
        match &expr.kind {
            ExprKind::Literal(value) => literal::spell(value),
            ExprKind::Column(path) => self.column(path, expr.range),
            ExprKind::Star(_) => "*".to_owned(),
            ExprKind::Field { base, name } => self.field(base, &name.text),
            ExprKind::Index { base, index } => self.index(base, index),
            ExprKind::Unary { op, expr } => self.unary(*op, expr),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, expr.range),
            ExprKind::Between {
                expr,
                negated,
                low,
                high,
            } => {
                let value = self.spell(expr);
                let (low, high) = (self.spell(low), self.spell(high));
                not(*negated, format!("(({value} >= {low}) AND ({value} <= {high}))"))
            }
            ExprKind::InList { expr, negated, list } => {
                let list: Vec<String> = list.iter().map(|item| self.spell(item)).collect();
                not(
                    *negated,
                    format!("({} IN ({}))", self.spell(expr), list.join(", ")),
                )
            }
            ExprKind::InQuery {
                expr: value, negated, ..
            } => {
                let left = match &value.kind {
                    ExprKind::Row(items) => items.len(),
                    _ => 1,
                };
                let outer = self.names.outer(expr.range, left).join(", ");
                not(
                    *negated,
                    format!("({} IN (listquery({outer})))", self.spell(value)),
                )
            }
            ExprKind::Like {
                kind,
                expr,
                negated,
                pattern,
                ..
            } => not(*negated, self.like(*kind, expr, pattern)),
            ExprKind::LikeMany {
                kind,
                all,
                expr,
                negated,
                patterns,
            } => {
                if !patterns.iter().all(is_text) {
                    return self.each_like(*kind, *all, *negated, expr, patterns);
                }
                let quantity = if *all { "all" } else { "any" };
                let mut value = self.spell(expr);
                if *kind == LikeKind::ILike {
                    value = format!("lower({value})");
                }
                format!("{}like{quantity}({value})", if *negated { "not" } else { "" })
            }
            ExprKind::Is { expr, negated, what } => self.is(expr, *negated, *what),
            ExprKind::DistinctFrom { left, negated, right } => not(
                !*negated,
                format!("({} <=> {})", self.spell(left), self.spell(right)),
            ),
            ExprKind::Exists(_) => format!("exists({})", self.names.outer(expr.range, 0).join(", ")),
            ExprKind::Subquery(_) => {
                format!("scalarsubquery({})", self.names.outer(expr.range, 0).join(", "))
            }
            ExprKind::Case {
                operand,
                whens,
                otherwise,
            } => self.case(operand.as_deref(), whens, otherwise.as_deref()),
            ExprKind::Cast { expr, to, attempt } => {
                let word = if *attempt { "TRY_CAST" } else { "CAST" };
                let ty = types::parse(&to.text).map_or_else(|_| to.text.to_uppercase(), |ty| ty.sql());
                format!("{word}({} AS {ty})", self.spell(expr))
            }
            // `from_json` of a map goes by what the map holds
            ExprKind::Call(call)
                if call.over.is_none()
                    && matches!(call.name.as_slice(), [name] if name.text.eq_ignore_ascii_case("from_json"))
                    && matches!(self.names.data_type(expr.range), DataType::Map(_)) =>
            {
                "entries".to_owned()
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::TimestampAdd { unit, amount, to } => {
                format!(
                    "timestampadd({}, {}, {})",
                    unit.text,
                    self.spell(amount),
                    self.spell(to)
                )
            }
            ExprKind::TimestampDiff { unit, start, end } => {
                format!(
                    "timestampdiff({}, {}, {})",
                    unit.text,
                    self.spell(start),
                    self.spell(end)
                )
            }
            ExprKind::Row(items) => self.row(items),
            ExprKind::Lambda { params, body } => self.lambda(params, body),
            ExprKind::Hole => String::new(),
        }
    }

    fn column(&self, path: &'n [Name], range: TextRange) -> String {
        let parameter = |name: &Name| {
            self.parameters
                .iter()
                .any(|parameter| parameter.eq_ignore_ascii_case(&name.text))
        };
        let skipped = self
            .names
            .qualifiers(path, range)
            .min(path.len().saturating_sub(1));
        let mut text = String::new();
        for (position, name) in path.iter().enumerate().skip(skipped) {
            if position == skipped {
                text.push_str(if parameter(name) {
                    "namedlambdavariable()"
                } else {
                    &name.text
                });
            } else if self.names.is_key(path, range, path.len() - position) {
                text.push_str(&format!("[{}]", name.text));
            } else {
                text.push_str(&format!(".{}", name.text));
            }
        }
        text
    }

    fn field(&self, base: &'n Expr, name: &str) -> String {
        let spelled = self.spell(base);
        match self.names.data_type(base.range) {
            DataType::Map(_) => format!("{spelled}[{name}]"),
            _ => format!("{spelled}.{name}"),
        }
    }

    fn index(&self, base: &'n Expr, index: &'n Expr) -> String {
        if let ExprKind::Literal(Literal::String(name)) = &index.kind
            && matches!(self.names.data_type(base.range), DataType::Struct(_))
        {
            return self.field(base, name);
        }
        format!("{}[{}]", self.spell(base), self.spell(index))
    }

    fn unary(&self, op: UnaryOp, expr: &'n Expr) -> String {
        let operand = self.spell(expr);
        match op {
            UnaryOp::Minus if matches!(expr.kind, ExprKind::Literal(Literal::Number { .. })) => {
                format!("-{operand}")
            }
            UnaryOp::Minus => format!("(- {operand})"),
            UnaryOp::Plus => format!("(+ {operand})"),
            UnaryOp::BitNot => format!("~{operand}"),
            UnaryOp::Not => format!("(NOT {operand})"),
        }
    }

    fn binary(&self, op: Binary, left: &'n Expr, right: &'n Expr, range: TextRange) -> String {
        match op {
            Binary::And | Binary::Or => {
                let mut operands = vec![right];
                chain(op, left, range, &mut operands);
                operands.reverse();
                let operands: Vec<String> = operands.into_iter().map(|operand| self.spell(operand)).collect();
                return balanced(op.symbol(), &operands);
            }
            Binary::NotEqual => return format!("(NOT ({} = {}))", self.spell(left), self.spell(right)),
            Binary::Concat => return format!("concat({}, {})", self.spell(left), self.spell(right)),
            Binary::Like => return format!("{} LIKE {}", self.spell(left), self.spell(right)),
            Binary::Add | Binary::Subtract => {
                if let Some(moved) = self.moved(op, left, right) {
                    return moved;
                }
            }
            _ => {}
        }
        let (first, second) = self.rounded(op, left, right);
        format!("({first} {} {second})", op.symbol())
    }

    /// The operands of an operator. A whole number is compared with the next whole one instead of a decimal's literal.
    fn rounded(&self, op: Binary, left: &'n Expr, right: &'n Expr) -> (String, String) {
        let up = match op {
            Binary::Greater | Binary::LessOrEqual => false,
            Binary::Less | Binary::GreaterOrEqual => true,
            _ => return (self.spell(left), self.spell(right)),
        };
        let whole = |expr: &Expr| self.names.data_type(expr.range).is_integral();
        if whole(left)
            && let Some(rounded) = literal::rounded(right, up)
        {
            return (self.spell(left), rounded);
        }
        if whole(right)
            && let Some(rounded) = literal::rounded(left, !up)
        {
            return (rounded, self.spell(right));
        }
        (self.spell(left), self.spell(right))
    }

    /// A date or a time that is moved by days or by an interval.
    fn moved(&self, op: Binary, left: &'n Expr, right: &'n Expr) -> Option<String> {
        use DataType as T;
        let (from, by) = (
            self.names.data_type(left.range),
            self.names.data_type(right.range),
        );
        let is_special = |ty: &T| *ty == T::Date || ty.is_ansi_interval() || *ty == T::Interval;
        if !is_special(&from) && !is_special(&by) {
            // spelling what is spelt again below would double the work with every operator of a chain
            return None;
        }
        let (first, second) = (self.spell(left), self.spell(right));
        let days = |ty: &T| *ty == T::DayTime(DayTimeUnit::Day, DayTimeUnit::Day);
        let span = |ty: &T| ty.is_ansi_interval() || *ty == T::Interval;
        if op == Binary::Subtract {
            return match (&from, &by) {
                (T::Date, by) if days(by) => Some(format!(
                    "date_add({first}, (- extractansiintervaldays({second})))"
                )),
                (from, by) if span(by) && !span(from) => Some(format!("{first} - {second}")),
                (T::Date, by) if by.is_integral() => Some(format!("date_sub({first}, {second})")),
                _ => None,
            };
        }
        match (&from, &by) {
            (T::Date, by) if days(by) => {
                Some(format!("date_add({first}, extractansiintervaldays({second}))"))
            }
            (from, T::Date) if days(from) => {
                Some(format!("date_add({second}, extractansiintervaldays({first}))"))
            }
            (from, by) if span(by) && !span(from) && !from.is_unknown() => {
                Some(format!("{first} + {second}"))
            }
            (from, by) if span(from) && !span(by) && !by.is_unknown() => Some(format!("{second} + {first}")),
            (T::Date, by) if by.is_integral() => Some(format!("date_add({first}, {second})")),
            (from, T::Date) if from.is_integral() => Some(format!("date_add({second}, {first})")),
            _ => None,
        }
    }

    fn is(&self, expr: &'n Expr, negated: bool, what: IsWhat) -> String {
        let value = self.spell(expr);
        match (what, negated) {
            (IsWhat::Null | IsWhat::Unknown, false) => format!("({value} IS NULL)"),
            (IsWhat::Null | IsWhat::Unknown, true) => format!("({value} IS NOT NULL)"),
            (IsWhat::True, negated) => not(negated, format!("({value} <=> true)")),
            (IsWhat::False, negated) => not(negated, format!("({value} <=> false)")),
        }
    }

    fn case(
        &self,
        operand: Option<&'n Expr>,
        whens: &'n [(Expr, Expr)],
        otherwise: Option<&'n Expr>,
    ) -> String {
        let mut text = "CASE".to_owned();
        let operand = operand.map(|operand| self.spell(operand));
        for (condition, result) in whens {
            let condition = self.spell(condition);
            let condition = match &operand {
                Some(operand) => format!("({operand} = {condition})"),
                None => condition,
            };
            text.push_str(&format!(" WHEN {condition} THEN {}", self.spell(result)));
        }
        if let Some(other) = otherwise {
            text.push_str(&format!(" ELSE {}", self.spell(other)));
        }
        text.push_str(" END");
        text
    }

    /// `(a, b + 1)` is a struct whose fields have the names of columns, or numbers.
    fn row(&self, items: &'n [SelectItem]) -> String {
        let fields: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(position, item)| {
                let name: Cow<'_, str> = match (&item.alias, &item.expr.kind) {
                    (Some(alias), _) => Cow::Borrowed(&alias.text),
                    (None, ExprKind::Column(path)) => path
                        .last()
                        .map_or(Cow::Borrowed(""), |name| Cow::Borrowed(&*name.text)),
                    (None, ExprKind::Field { name, .. }) => Cow::Borrowed(&*name.text),
                    _ => Cow::Owned(format!("col{}", position + 1)),
                };
                format!("{name}, {}", self.spell(&item.expr))
            })
            .collect();
        format!("named_struct({})", fields.join(", "))
    }

    fn lambda(&self, params: &'n [Name], body: &'n Expr) -> String {
        let mut parameters = self.parameters.clone();
        parameters.extend(params.iter().map(|name| &*name.text));
        let inner = Self {
            names: self.names,
            parameters,
        };
        let variables = vec!["namedlambdavariable()"; params.len()];
        format!("lambdafunction({}, {})", inner.spell(body), variables.join(", "))
    }
}

fn not(negated: bool, text: String) -> String {
    if negated { format!("(NOT {text})") } else { text }
}

/// The operands of `a and b and c` before the last one, last first. Parentheses end a chain: they lie in the range of the whole.
fn chain<'e>(op: Binary, left: &'e Expr, range: TextRange, operands: &mut Vec<&'e Expr>) {
    let mut left = left;
    loop {
        match &left.kind {
            ExprKind::Binary {
                op: inner,
                left: first,
                right: second,
            } if *inner == op && left.range.start() == range.start() => {
                operands.push(second);
                left = first;
            }
            _ => {
                operands.push(left);
                return;
            }
        }
    }
}

/// Spark's parser makes a balanced tree of a chain.
fn balanced(symbol: &str, operands: &[String]) -> String {
    match operands {
        [] => String::new(),
        [one] => one.clone(),
        many => {
            let (first, second) = many.split_at(many.len().div_ceil(2));
            format!(
                "({} {symbol} {})",
                balanced(symbol, first),
                balanced(symbol, second)
            )
        }
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::String(_)))
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn names_that_spark_would_misread_stand_in_back_ticks() {
        for name in [
            "a",
            "_b2",
            "date",
            "timestamp",
            "first",
            "user",
            "version",
            "interval_id",
        ] {
            assert_eq!(written(name), name);
        }
        for name in ["", "a b", "1a", "a`b", "é", "true", "null", "distinct"] {
            assert_ne!(written(name), name);
        }
        assert_eq!(written("a`b"), "`a``b`");
    }
}
