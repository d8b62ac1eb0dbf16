//! What operators give for operands of these types, or why Spark refuses them.

mod arithmetic;
mod like;
mod refusal;

use super::cast::{can_cast, is_orderable};
use super::{DataType, Field, Input, Literal, Mismatch, Operand, common};

use arithmetic::arithmetic;
use like::like;
pub use like::like_many;
pub(crate) use refusal::{
    different_data, different_types, not_orderable, unexpected_input, unexpected_type, wrong_type,
};
use refusal::{no_array_field, no_fields, quoted};

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `div`
    IntegralDivide,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `=`, `==`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<=>`
    NullSafeEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `and`
    And,
    /// `or`
    Or,
    /// `||`
    Concat,
    /// `like`, `ilike`, `rlike`: two strings
    Like,
}

impl Binary {
    /// The operator as Spark writes it.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::IntegralDivide => "div",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::NullSafeEqual => "<=>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "AND",
            Self::Or => "OR",
            Self::Concat => "||",
            Self::Like => "LIKE",
        }
    }

    /// It asks whether its operands are equal, in one way or another.
    const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual | Self::NullSafeEqual)
    }
}

/// The type of `left OP right`.
pub fn binary(op: Binary, left: &Operand<'_>, right: &Operand<'_>) -> Result<DataType, Mismatch> {
    let verdict = match op {
        Binary::And | Binary::Or => logic(&left.ty, &right.ty),
        Binary::Concat => concat(&[left.ty.clone(), right.ty.clone()]),
        Binary::Like => like(&left.ty, &right.ty),
        Binary::Equal
        | Binary::NotEqual
        | Binary::NullSafeEqual
        | Binary::Less
        | Binary::LessOrEqual
        | Binary::Greater
        | Binary::GreaterOrEqual => comparison(op, &left.ty, &right.ty),
        _ => arithmetic(op, left, right),
    };
    certain(verdict, [&left.ty, &right.ty])
}

/// The verdict, unless it is a refusal for the sake of something unknown.
fn certain<'t>(
    verdict: Result<DataType, Mismatch>,
    types: impl IntoIterator<Item = &'t DataType>,
) -> Result<DataType, Mismatch> {
    verdict.or_else(|mismatch| {
        if types.into_iter().all(DataType::is_certain) {
            Err(mismatch)
        } else {
            Ok(DataType::Unknown)
        }
    })
}

fn logic(left: &DataType, right: &DataType) -> Result<DataType, Mismatch> {
    let fits = |ty: &DataType| matches!(ty, DataType::Boolean | DataType::Void | DataType::Unknown);
    if fits(left) && fits(right) {
        return Ok(DataType::Boolean);
    }
    // A decimal beside a double is one before anybody asks what the operator takes.
    let doubles = matches!(
        (left, right),
        (DataType::Double, DataType::Decimal(..)) | (DataType::Decimal(..), DataType::Double)
    );
    if doubles || left == right {
        return Err(wrong_type("\"BOOLEAN\"", left));
    }
    Err(different_types(left, right))
}

fn comparison(op: Binary, left: &DataType, right: &DataType) -> Result<DataType, Mismatch> {
    let common = compared(op, left, right).ok_or_else(|| different_types(left, right))?;
    if is_orderable(&common) {
        Ok(DataType::Boolean)
    } else {
        Err(not_orderable(op.symbol(), &common))
    }
}

/// The type that both are compared in.
fn compared(op: Binary, left: &DataType, right: &DataType) -> Option<DataType> {
    if let Some(ty) = common::compared(left, right).or_else(|| common::tightest(left, right)) {
        return Some(ty);
    }
    if left.is_numeric() && right.is_numeric() {
        return common::wider_without_strings(left, right);
    }
    match (left, right) {
        (DataType::Boolean, number) | (number, DataType::Boolean) if number.is_numeric() => {
            op.is_equality().then(|| number.clone())
        }
        _ => None,
    }
}

/// The type of `concat` of these: arrays together, bytes together, else a string.
pub fn concat(types: &[DataType]) -> Result<DataType, Mismatch> {
    const INPUT: Input = Input::OneOf(&[Input::String, Input::Binary, Input::Array]);
    let is_array = |ty: &DataType| matches!(ty, DataType::Array(_));
    for (position, ty) in types.iter().enumerate() {
        if !is_array(ty) && Input::String.implicit(ty).is_none() {
            return Err(unexpected_input(position, &INPUT, ty));
        }
    }
    if types.iter().any(is_array) {
        let arrays = types.iter().all(|ty| is_array(ty) || ty.is_unknown());
        let common = if arrays { common::widest(types) } else { None };
        return common.ok_or_else(|| different_data("concat", types));
    }
    if types.iter().any(DataType::is_unknown) {
        return Ok(DataType::Unknown);
    }
    let binary = !types.is_empty() && types.iter().all(|ty| *ty == DataType::Binary);
    Ok(if binary {
        DataType::Binary
    } else {
        DataType::String
    })
}

/// The type of `-operand`.
pub fn negate(operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    number_or_interval(&operand.ty)
}

/// The type of `+operand`.
pub fn positive(operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    number_or_interval(&operand.ty)
}

fn number_or_interval(ty: &DataType) -> Result<DataType, Mismatch> {
    match ty {
        DataType::Unknown | DataType::Interval => Ok(ty.clone()),
        DataType::String | DataType::Void => Ok(DataType::Double),
        ty if ty.is_numeric() || ty.is_ansi_interval() => Ok(ty.clone()),
        ty => Err(unexpected_input(0, &arithmetic::NUMERIC_AND_INTERVAL, ty)),
    }
}

/// The type of `~operand`.
pub fn bit_not(operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    only(&Input::Integral, &operand.ty)
}

/// The type of `not operand`.
pub fn not(operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    only(&Input::Boolean, &operand.ty).map(|_| DataType::Boolean)
}

/// That input and nothing that would have to be cast to it but `null`.
fn only(input: &Input, ty: &DataType) -> Result<DataType, Mismatch> {
    match ty {
        DataType::Void => Ok(input.default_type()),
        ty if input.accepts(ty) => Ok(ty.clone()),
        ty => Err(unexpected_input(0, input, ty)),
    }
}

/// The type of `value in (items)`, the items being expressions.
pub fn in_list(value: &Operand<'_>, items: &[Operand<'_>]) -> Result<DataType, Mismatch> {
    let types: Vec<DataType> = std::iter::once(value)
        .chain(items)
        .map(|operand| operand.ty.clone())
        .collect();
    let verdict = match common::widest(&types) {
        None => Err(different_data("in", &types)),
        Some(ty) if !is_orderable(&ty) => Err(not_orderable("in", &ty)),
        Some(_) => Ok(DataType::Boolean),
    };
    known_boolean(certain(verdict, &types))
}

/// The type of `value in (select ...)`: `values` before `in`, `columns` of the subquery.
pub fn in_subquery(values: &[DataType], columns: &[DataType]) -> Result<DataType, Mismatch> {
    if values.len() != columns.len() {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
            format!(
                "The number of columns in the left hand side of an IN subquery does not match the number of columns in the output of \
                 subquery. Left hand side columns (length: {}), right hand side columns (length: {}).",
                values.len(),
                columns.len()
            ),
        ));
    }
    let common: Option<Vec<DataType>> = values
        .iter()
        .zip(columns)
        .map(|(value, column)| common::wider(value, column))
        .collect();
    let verdict = match common {
        Some(types) => match types.iter().find(|ty| !is_orderable(ty)) {
            None => Ok(DataType::Boolean),
            Some(ty) => Err(not_orderable("in", ty)),
        },
        None => Err(Mismatch::new(
            "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
            format!(
                "The data type of one or more elements in the left hand side of an IN subquery is not compatible with the data type of the \
                 output of the subquery. Left side: [{}], right side: [{}].",
                quoted(values),
                quoted(columns)
            ),
        )),
    };
    known_boolean(certain(verdict, values.iter().chain(columns)))
}

/// What is boolean or refused is boolean when it cannot be refused.
fn known_boolean(verdict: Result<DataType, Mismatch>) -> Result<DataType, Mismatch> {
    verdict.map(|_| DataType::Boolean)
}

/// The type of `operand between low and high`.
pub fn between(operand: &Operand<'_>, low: &Operand<'_>, high: &Operand<'_>) -> Result<DataType, Mismatch> {
    known_boolean(binary(Binary::GreaterOrEqual, operand, low))?;
    known_boolean(binary(Binary::LessOrEqual, operand, high))
}

/// The type of `case when condition then value ... else other end`. `case x when y` has the condition `x = y`.
pub fn case(
    conditions: &[DataType],
    values: &[DataType],
    other: Option<&DataType>,
) -> Result<DataType, Mismatch> {
    let results: Vec<DataType> = values.iter().chain(other).cloned().collect();
    let Some(ty) = common::widest(&results) else {
        return certain(Err(different_data("casewhen", &results)), &results);
    };
    for (position, condition) in conditions.iter().enumerate() {
        if !matches!(condition, DataType::Boolean | DataType::Void | DataType::Unknown) {
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                format!(
                    "Parameter {} requires the \"BOOLEAN\" type, however the condition has the type \"{}\".",
                    position + 1,
                    condition.sql()
                ),
            )
            .at(position));
        }
    }
    Ok(ty)
}

/// The type of `base[index]`.
pub fn subscript(base: &DataType, index: &Operand<'_>) -> Result<DataType, Mismatch> {
    match base {
        DataType::Unknown => Ok(DataType::Unknown),
        DataType::Array(element) => match &index.ty {
            ty if ty.is_integral() || matches!(ty, DataType::Void | DataType::Unknown) => {
                Ok(element.as_ref().clone())
            }
            // `[{'a': 1}]['a']`: the field of each
            _ if matches!(element.as_ref(), DataType::Struct(_))
                && let Some(Literal::Text(name)) = index.literal =>
            {
                field(base, name)
            }
            ty => Err(unexpected_input(1, &Input::Integral, ty)),
        },
        DataType::Map(entry) => {
            // The key is cast to the type of the keys as an argument would be.
            if accepts_key(&entry.0, &index.ty) {
                Ok(entry.1.clone())
            } else {
                certain(
                    Err(unexpected_type(1, &format!("\"{}\"", entry.0.sql()), &index.ty)),
                    [&entry.0, &index.ty],
                )
            }
        }
        DataType::Struct(_) => match index.literal {
            Some(Literal::Text(name)) => field(base, name),
            _ if index.ty.is_unknown() => Ok(DataType::Unknown),
            _ if index.foldable == Some(true) && index.ty == DataType::String => Ok(DataType::Unknown),
            _ => Err(Mismatch::new(
                "INVALID_EXTRACT_FIELD_TYPE",
                "Field name should be a non-null string literal.".to_owned(),
            )),
        },
        other => Err(no_fields(other)),
    }
}

/// Whether a value of that type may be looked up among keys of that type.
pub(crate) fn accepts_key(key: &DataType, given: &DataType) -> bool {
    given.may_equal(key)
        || *given == DataType::Void
        || match (key, given) {
            (key, given) if key.is_string() => given.is_atomic(),
            (key, given) if key.is_numeric() => given.is_numeric() || given.is_string(),
            (key, given) if key.is_datetime() => given.is_datetime() || given.is_string(),
            (DataType::Binary, given) => given.is_string(),
            (DataType::Array(_) | DataType::Map(_), _) => common::tightest(key, given).is_some(),
            _ => false,
        }
}

/// The type of `base.name`: of a field of a struct, of that field of each struct of an array, of the value of a map.
pub fn field(base: &DataType, name: &str) -> Result<DataType, Mismatch> {
    match base {
        DataType::Unknown => Ok(DataType::Unknown),
        DataType::Struct(fields) => named_field(fields, name),
        DataType::Array(element) => match element.as_ref() {
            DataType::Struct(fields) => named_field(fields, name).map(DataType::array),
            DataType::Unknown => Ok(DataType::Unknown),
            other => Err(no_array_field(other)),
        },
        DataType::Map(entry) => {
            if accepts_key(&entry.0, &DataType::String) {
                Ok(entry.1.clone())
            } else {
                Err(unexpected_type(
                    1,
                    &format!("\"{}\"", entry.0.sql()),
                    &DataType::String,
                ))
            }
        }
        other => Err(no_fields(other)),
    }
}

fn named_field(fields: &[Field], name: &str) -> Result<DataType, Mismatch> {
    let mut found = fields
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (Some(field), None) => Ok(field.ty.clone()),
        (Some(_), Some(_)) => Err(Mismatch::new(
            "AMBIGUOUS_REFERENCE_TO_FIELDS",
            format!("Ambiguous reference to the field `{name}`. It appears more than once in the schema."),
        )),
        (None, _) => {
            let names: Vec<String> = fields.iter().map(|field| format!("`{}`", field.name)).collect();
            Err(Mismatch::new(
                "FIELD_NOT_FOUND",
                format!("No such struct field `{name}` in {}.", names.join(", ")),
            ))
        }
    }
}

/// The type of `cast(operand as to)`; `try_cast` is judged alike.
pub fn cast(operand: &DataType, to: &DataType) -> Result<DataType, Mismatch> {
    let from = operand.in_expressions();
    let to = to.in_expressions();
    if can_cast(&from, &to) {
        return Ok(to);
    }
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        format!("cannot cast \"{}\" to \"{}\".", from.sql(), to.sql()),
    ))
}

/// The types of the columns of a set operation over queries with as many columns each; a column whose types have nothing in common is
/// `None`.
pub fn set_operation(queries: &[Vec<DataType>]) -> Vec<Option<DataType>> {
    let columns = queries.first().map_or(0, Vec::len);
    (0..columns)
        .map(|column| {
            let types = queries.iter().filter_map(|query| query.get(column));
            types
                .cloned()
                .map(Some)
                .reduce(|all, ty| common::wider(&all?, &ty?))
                .flatten()
        })
        .collect()
}
