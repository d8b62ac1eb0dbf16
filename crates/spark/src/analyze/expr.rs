//! The meaning of expressions: names, operators, cases, casts.

use glueline_base::TextRange;

use super::Analyzer;
use super::scope::{Found, Scope, equal};
use super::value::{Constant, Kind, Value, hash};
use crate::syntax::ast::{
    Binary, Expr, ExprKind, IsWhat, Literal, Name, NamedWindow, NumberKind, Path, UnaryOp,
};
use crate::types::{DataType, Mismatch, operators};

/// An alias of a `select` that later items may read.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) name: Box<str>,
    pub(super) ty: DataType,
    pub(super) key: u64,
}

/// Where the arguments of aggregate functions look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregates {
    /// Where all else looks.
    Same,
    /// Below first.
    Below,
    /// Not below.
    Above,
}

/// What an expression can name.
#[derive(Clone, Copy)]
pub(super) struct Around<'s> {
    /// Looked into first.
    pub(super) scope: &'s Scope,
    /// Looked into where that has nothing: what lies under the columns of a `select`.
    pub(super) below: Option<&'s Scope>,
    /// Where the arguments of aggregate functions look.
    pub(super) aggregates: Aggregates,
    /// Aliases of the same list.
    pub(super) aliases: &'s [Alias],
    /// The `window` clause.
    pub(super) windows: &'s [NamedWindow],
}

impl<'s> Around<'s> {
    pub(super) const fn only(scope: &'s Scope) -> Self {
        Self {
            scope,
            below: None,
            aggregates: Aggregates::Same,
            aliases: &[],
            windows: &[],
        }
    }
}

impl Analyzer<'_> {
    /// What an expression means.
    pub(super) fn expr(&mut self, expr: &Expr, around: Around<'_>) -> Value {
        let range = expr.range;
        match &expr.kind {
            ExprKind::Literal(literal) => Value::literal(literal, range),
            ExprKind::Column(path) => self.column(path, range, around),
            ExprKind::Star(_) => {
                self.error(
                    "INVALID_USAGE_OF_STAR_OR_REGEX",
                    "Invalid usage of '*' in an expression.",
                    range,
                );
                Value::unknown(range)
            }
            ExprKind::Field { base, name } => {
                let base = self.expr(base, around);
                self.field(base, name, range)
            }
            ExprKind::Index { base, index } => {
                let base = self.expr(base, around);
                let index = self.expr(index, around);
                let ty = operators::subscript(&base.ty, &index.operand());
                self.typed(ty, range, "[]", vec![base, index])
            }
            ExprKind::Unary { op, expr } => self.unary(*op, expr, range, around),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, range, around),
            ExprKind::Between { expr, low, high, .. } => {
                let parts = [expr, low, high].map(|part| self.expr(part, around));
                let [value, low, high] = &parts;
                let ty = operators::between(&value.operand(), &low.operand(), &high.operand());
                self.typed(ty, range, "between", parts.into())
            }
            ExprKind::InList { expr, list, .. } => {
                let value = self.expr(expr, around);
                let items: Vec<Value> = list.iter().map(|item| self.expr(item, around)).collect();
                let operands: Vec<_> = items.iter().map(Value::operand).collect();
                let ty = operators::in_list(&value.operand(), &operands);
                let parts = std::iter::once(value).chain(items).collect();
                self.typed(ty, range, "in", parts)
            }
            ExprKind::Like { expr, pattern, .. } => {
                let value = self.expr(expr, around);
                let pattern = self.expr(pattern, around);
                let ty = operators::binary(Binary::Like, &value.operand(), &pattern.operand());
                self.typed(ty, range, "like", vec![value, pattern])
            }
            ExprKind::LikeMany { expr, patterns, .. } => {
                let mut parts = vec![self.expr(expr, around)];
                parts.extend(patterns.iter().map(|pattern| self.expr(pattern, around)));
                self.typed(Ok(DataType::Boolean), range, "like many", parts)
            }
            ExprKind::Is { expr, what, negated } => self.is(expr, *what, *negated, range, around),
            ExprKind::DistinctFrom { left, right, .. } => {
                self.binary(Binary::NullSafeEqual, left, right, range, around)
            }
            ExprKind::Exists(query) => self.exists(query, range, around),
            ExprKind::Subquery(query) => self.scalar_query(query, range, around),
            ExprKind::InQuery { expr, query, .. } => self.in_query(expr, query, range, around),
            ExprKind::Case {
                operand,
                whens,
                otherwise,
            } => self.case(operand.as_deref(), whens, otherwise.as_deref(), range, around),
            ExprKind::Cast { expr, to, .. } => {
                let value = self.expr(expr, around);
                let to = crate::types::parse(&to.text).unwrap_or(DataType::Unknown);
                let ty = operators::cast(&value.ty, &to);
                let name = value.name.clone();
                let what = format!("cast {to}");
                let mut cast = self.typed(ty, range, what, vec![value]);
                cast.name = name;
                cast
            }
            ExprKind::Call(call) => self.call(call, range, around),
            ExprKind::TimestampAdd { unit, amount, to } => {
                let parts = vec![self.expr(amount, around), self.expr(to, around)];
                let ty = parts
                    .get(1)
                    .map_or(Ok(DataType::Timestamp), |part| instant(&part.ty));
                self.typed(ty, range, unit.text.to_lowercase(), parts)
            }
            ExprKind::TimestampDiff { unit, start, end } => {
                let parts = vec![self.expr(start, around), self.expr(end, around)];
                let ty = parts
                    .iter()
                    .try_fold(DataType::BigInt, |ty, part| instant(&part.ty).map(|_| ty));
                self.typed(ty, range, unit.text.to_lowercase(), parts)
            }
            ExprKind::Row(items) => self.row(items, range, around),
            ExprKind::Lambda { .. } => {
                self.error(
                    "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
                    "Invalid lambda function call. A lambda function should only be used in a higher order function.",
                    range,
                );
                Value::unknown(range)
            }
            ExprKind::Hole => Value::unknown(range),
        }
    }

    /// An operator of these parts, or what is wrong with it.
    pub(super) fn typed(
        &mut self,
        ty: Result<DataType, Mismatch>,
        range: TextRange,
        what: impl std::hash::Hash,
        parts: Vec<Value>,
    ) -> Value {
        let ty = ty.unwrap_or_else(|mismatch| {
            self.mismatch(&mismatch, range);
            DataType::Unknown
        });
        Value::of(ty, range, what, parts)
    }

    /// A column, or a field of one.
    pub(super) fn column(&mut self, path: &Path, range: TextRange, around: Around<'_>) -> Value {
        if let [name] = path.as_slice()
            && let Some(value) = self.variable(name, range)
        {
            return value;
        }
        if let [name, fields @ ..] = path.as_slice()
            && !fields.is_empty()
            && let Some(value) = self.variable(name, range)
        {
            return self.fields(value, fields, range);
        }
        let mut found = around.scope.find(path);
        if matches!(found, Found::Missing)
            && let Some(below) = around.below
        {
            found = below.find(path);
        }
        match found {
            Found::Column(column, parts) => {
                self.refer(&column, path, parts);
                let mut value = Value::new(
                    column.ty.in_expressions(),
                    range,
                    Kind::Column(column.id),
                    Vec::new(),
                    hash(&("column", column.id)),
                );
                value.name = path.get(parts.saturating_sub(1)).map(|name| name.text.clone());
                self.fields(value, path.get(parts..).unwrap_or_default(), range)
            }
            Found::Ambiguous(names) => {
                let written = quoted(path);
                self.error(
                    "AMBIGUOUS_REFERENCE",
                    format!(
                        "Reference {written} is ambiguous, could be: [{}].",
                        names.join(", ")
                    ),
                    range,
                );
                Value::unknown(range)
            }
            Found::Unknown => Value::unknown(range),
            Found::Missing => self.column_elsewhere(path, range, around),
        }
    }

    /// A name that no relation here has: an alias of the same list, a column of a query around, a function without parentheses.
    fn column_elsewhere(&mut self, path: &Path, range: TextRange, around: Around<'_>) -> Value {
        if let Some(name) = path.first() {
            let mut aliases = around
                .aliases
                .iter()
                .filter(|alias| equal(&alias.name, &name.text));
            if let (Some(alias), None) = (aliases.next(), aliases.next()) {
                let mut value = Value::new(alias.ty.clone(), range, Kind::Alias, Vec::new(), alias.key);
                value.name = Some(name.text.clone());
                return self.fields(value, path.get(1..).unwrap_or_default(), range);
            }
            let several = around
                .aliases
                .iter()
                .filter(|alias| equal(&alias.name, &name.text))
                .count();
            if several > 1 {
                self.error(
                    "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                    format!(
                        "Lateral column alias `{}` is ambiguous and has {several} matches.",
                        name.text
                    ),
                    range,
                );
                return Value::unknown(range);
            }
        }
        for depth in (0..self.outer.len()).rev() {
            let Some(scope) = self.outer.get(depth).cloned() else {
                break;
            };
            match scope.find(path) {
                Found::Column(column, parts) => {
                    self.refer(&column, path, parts);
                    self.outer_named += 1;
                    let key = hash(&("column", column.id));
                    let mut value =
                        Value::new(column.ty.in_expressions(), range, Kind::Given, Vec::new(), key);
                    value.name = path.get(parts.saturating_sub(1)).map(|name| name.text.clone());
                    return self.fields(value, path.get(parts..).unwrap_or_default(), range);
                }
                Found::Missing => {}
                _ => return Value::unknown(range),
            }
        }
        if let [name] = path.as_slice()
            && [
                "current_date",
                "current_timestamp",
                "current_user",
                "user",
                "session_user",
                "current_catalog",
                "current_database",
            ]
            .iter()
            .any(|bare| equal(bare, &name.text))
        {
            return Value::unknown(range);
        }
        self.unresolved(path, range, around);
        Value::unknown(range)
    }

    fn unresolved(&mut self, path: &Path, range: TextRange, around: Around<'_>) {
        let written = quoted(path);
        let head = format!("A column or function parameter with name {written} cannot be resolved.");
        let suggestions = around.scope.suggestions(path);
        if suggestions.is_empty() {
            self.error("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", head, range);
        } else {
            let message = format!(
                "{head} Did you mean one of the following? [{}].",
                suggestions.join(", ")
            );
            self.error("UNRESOLVED_COLUMN.WITH_SUGGESTION", message, range);
        }
    }

    fn refer(&mut self, column: &super::scope::Column, path: &Path, parts: usize) {
        let Some(name) = path.get(parts.saturating_sub(1)) else {
            return;
        };
        self.references.push(super::Reference {
            range: name.range,
            relation: column.qualifier.clone(),
            column: column.name.clone(),
        });
    }

    /// A parameter of a lambda around.
    fn variable(&self, name: &Name, range: TextRange) -> Option<Value> {
        let found = self
            .variables
            .iter()
            .rev()
            .find(|(variable, ..)| equal(variable, &name.text));
        found.map(|(_, ty, id)| {
            let mut value = Value::new(
                ty.clone(),
                range,
                Kind::Given,
                Vec::new(),
                hash(&("variable", id)),
            );
            value.name = Some(name.text.clone());
            value
        })
    }

    fn fields(&mut self, mut value: Value, fields: &[Name], range: TextRange) -> Value {
        for name in fields {
            value = self.field(value, name, range);
        }
        value
    }

    fn field(&mut self, base: Value, name: &Name, range: TextRange) -> Value {
        let ty = match operators::field(&base.ty, &name.text) {
            Ok(ty) => ty,
            Err(mismatch) => {
                self.mismatch(&mismatch, range);
                return Value::unknown(range);
            }
        };
        let mut value = Value::of(ty, range, (".", name.text.to_lowercase()), vec![base]);
        value.name = Some(name.text.clone());
        value
    }

    fn unary(&mut self, op: UnaryOp, expr: &Expr, range: TextRange, around: Around<'_>) -> Value {
        let operand = self.expr(expr, around);
        if op == UnaryOp::Minus && matches!(expr.kind, ExprKind::Literal(Literal::Number { .. })) {
            let mut value = operand;
            value.range = range;
            value.key = hash(&("-", value.key));
            if let Some(Constant::Integer(number)) = &mut value.literal {
                *number = number.wrapping_neg();
                // the sign belongs to the literal: the least integer is one
                if value.ty == DataType::BigInt && *number == i64::from(i32::MIN) && !has_suffix(expr) {
                    value.ty = DataType::Int;
                }
            }
            // The least number of a type is written with digits that have no place in it without the sign.
            if let ExprKind::Literal(Literal::Number {
                digits,
                kind: NumberKind::Integer,
            }) = &expr.kind
                && let Ok(number) = format!("-{digits}").parse::<i64>()
            {
                value.ty = if i32::try_from(number).is_ok() {
                    DataType::Int
                } else {
                    DataType::BigInt
                };
                value.literal = Some(Constant::Integer(number));
            }
            return value;
        }
        let ty = match op {
            UnaryOp::Minus => operators::negate(&operand.operand()),
            UnaryOp::Plus => operators::positive(&operand.operand()),
            UnaryOp::BitNot => operators::bit_not(&operand.operand()),
            UnaryOp::Not => operators::not(&operand.operand()),
        };
        self.typed(ty, range, ("unary", op as u8), vec![operand])
    }

    fn binary(
        &mut self,
        op: Binary,
        left: &Expr,
        right: &Expr,
        range: TextRange,
        around: Around<'_>,
    ) -> Value {
        let left = self.expr(left, around);
        let right = self.expr(right, around);
        let ty = operators::binary(op, &left.operand(), &right.operand());
        let ty = ty.unwrap_or_else(|mismatch| {
            self.mismatch(&mismatch, range);
            DataType::Unknown
        });
        match op {
            Binary::Greater => Value::of(ty, range, Binary::Less as u8, vec![right, left]),
            Binary::GreaterOrEqual => Value::of(ty, range, Binary::LessOrEqual as u8, vec![right, left]),
            Binary::Add
            | Binary::Multiply
            | Binary::And
            | Binary::Or
            | Binary::Equal
            | Binary::NotEqual
            | Binary::NullSafeEqual
            | Binary::BitAnd
            | Binary::BitOr
            | Binary::BitXor => Value::commutative(ty, range, op as u8, vec![left, right]),
            _ => Value::of(ty, range, op as u8, vec![left, right]),
        }
    }

    fn is(
        &mut self,
        expr: &Expr,
        what: IsWhat,
        negated: bool,
        range: TextRange,
        around: Around<'_>,
    ) -> Value {
        let value = self.expr(expr, around);
        let ty = match what {
            IsWhat::Null => Ok(DataType::Boolean),
            IsWhat::True | IsWhat::False | IsWhat::Unknown => {
                let mut truth = Value::new(DataType::Boolean, range, Kind::Literal, Vec::new(), 0);
                truth.literal = Some(Constant::Boolean(true));
                operators::binary(Binary::NullSafeEqual, &value.operand(), &truth.operand())
            }
        };
        self.typed(ty, range, ("is", what as u8, negated), vec![value])
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        whens: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        range: TextRange,
        around: Around<'_>,
    ) -> Value {
        let operand = operand.map(|operand| self.expr(operand, around));
        let mut parts = Vec::new();
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        for (when, then) in whens {
            let condition = self.expr(when, around);
            conditions.push(match &operand {
                Some(operand) => {
                    let compared = operators::binary(Binary::Equal, &operand.operand(), &condition.operand());
                    compared.unwrap_or_else(|mismatch| {
                        self.mismatch(&mismatch, range);
                        DataType::Unknown
                    })
                }
                None => condition.ty.clone(),
            });
            let value = self.expr(then, around);
            values.push(value.ty.clone());
            parts.extend([condition, value]);
        }
        let otherwise = otherwise.map(|otherwise| self.expr(otherwise, around));
        let ty = operators::case(&conditions, &values, otherwise.as_ref().map(|other| &other.ty));
        parts.extend(operand);
        parts.extend(otherwise);
        self.typed(ty, range, "case", parts)
    }
}

/// Whether a number says its type.
fn has_suffix(expr: &Expr) -> bool {
    !matches!(
        expr.kind,
        ExprKind::Literal(Literal::Number {
            kind: NumberKind::Integer,
            ..
        })
    )
}

/// What an instant is to `timestampadd` and its like.
fn instant(ty: &DataType) -> Result<DataType, Mismatch> {
    match ty {
        DataType::TimestampNtz => Ok(DataType::TimestampNtz),
        DataType::Unknown | DataType::Void | DataType::Timestamp | DataType::Date => Ok(DataType::Timestamp),
        ty if ty.is_string() => Ok(DataType::Timestamp),
        ty => Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            format!(
                "Parameter 2 requires the \"TIMESTAMP\" type, however it has the type \"{}\".",
                ty.sql()
            ),
        )),
    }
}

/// A name of several parts, as Spark's messages write it.
pub(super) fn quoted(path: &[Name]) -> String {
    let parts: Vec<String> = path.iter().map(|name| format!("`{}`", name.text)).collect();
    parts.join(".")
}
