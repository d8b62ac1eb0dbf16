//! The meaning of expressions: names, operators, cases, casts.

use glueline_base::TextRange;

use super::Analyzer;
use super::scope::Scope;
use super::value::{Constant, Kind, Value, hash};
use crate::syntax::ast::{Binary, Expr, ExprKind, IsWhat, Literal, NamedWindow, NumberKind, UnaryOp};
use crate::types::{DataType, Input, Mismatch, operators};

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
        let value = self.meaning(expr, around);
        self.look_at(expr, &value, around);
        value
    }

    fn meaning(&mut self, expr: &Expr, around: Around<'_>) -> Value {
        let range = expr.range;
        match &expr.kind {
            ExprKind::Literal(literal) => {
                let value = Value::literal(literal, range);
                self.newer_type(&value.ty, range);
                value
            }
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
                let name = match &index.literal {
                    Some(Constant::Text(name)) if !self.is_older() => Some(name.clone()),
                    _ => None,
                };
                let mut value = self.typed(ty, range, "[]", vec![base, index]);
                value.name = name;
                value
            }
            ExprKind::Unary { op, expr } => self.unary(*op, expr, range, around),
            ExprKind::Binary { .. } => self.chain(expr, around),
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
                let operands: Vec<_> = parts.iter().map(Value::operand).collect();
                let ty = operators::like_many(&operands);
                self.typed(ty, range, "like many", parts)
            }
            ExprKind::Is { expr, what, negated } => self.is(expr, *what, *negated, range, around),
            ExprKind::DistinctFrom { left, right, .. } => {
                self.binary(Binary::NullSafeEqual, left, right, range, around)
            }
            ExprKind::Exists(query) => self.exists(query, range, around),
            ExprKind::Subquery(query) => self.scalar_query(query, range, around),
            ExprKind::InQuery { expr, query, negated } => self.in_query(expr, query, *negated, range, around),
            ExprKind::Case {
                operand,
                whens,
                otherwise,
            } => self.case(operand.as_deref(), whens, otherwise.as_deref(), range, around),
            ExprKind::Cast { expr, to, .. } => {
                let value = self.expr(expr, around);
                let place = to.range;
                let to = crate::types::parse(&to.text).unwrap_or(DataType::Unknown);
                self.newer_type(&to, place);
                let ty = operators::cast(&value.ty, &to);
                self.typed(ty, range, format!("cast {to}"), vec![value])
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

    /// Operators in a row, from the left: however long, they take no more of the stack than one.
    fn chain(&mut self, expr: &Expr, around: Around<'_>) -> Value {
        let mut chain = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary { op, left, right } = &first.kind {
            chain.push((first, *op, right));
            first = left;
        }
        let mut value = self.expr(first, around);
        while let Some((whole, op, right)) = chain.pop() {
            let right = self.expr(right, around);
            value = self.operated(op, value, right, whole.range);
            if !chain.is_empty() {
                self.look_at(whole, &value, around);
            }
        }
        value
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
        self.operated(op, left, right, range)
    }

    fn operated(&mut self, op: Binary, left: Value, right: Value, range: TextRange) -> Value {
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
            // arrays and the like are asked for nothing
            IsWhat::Unknown if !value.ty.is_atomic() || matches!(value.ty, DataType::Boolean) => {
                Ok(DataType::Boolean)
            }
            IsWhat::Unknown => Err(operators::unexpected_input(0, &Input::Boolean, &value.ty)),
            IsWhat::True | IsWhat::False => {
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
