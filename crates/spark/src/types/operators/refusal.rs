//! Why operators and functions are refused, in Spark's words.

use super::super::{DataType, Input, Mismatch};

pub(crate) fn different_types(left: &DataType, right: &DataType) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
        format!(
            "the left and right operands of the binary operator have incompatible types (\"{}\" and \"{}\").",
            left.sql(),
            right.sql()
        ),
    )
}

pub(crate) fn wrong_type(wanted: &str, found: &DataType) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
        format!(
            "the binary operator requires the input type {wanted}, not \"{}\".",
            found.sql()
        ),
    )
}

pub(crate) fn unexpected_input(position: usize, wanted: &Input, found: &DataType) -> Mismatch {
    unexpected_type(position, &format!("\"{wanted}\""), found)
}

pub(crate) fn unexpected_type(position: usize, wanted: &str, found: &DataType) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
        format!(
            "Parameter {} requires the {wanted} type, however it has the type \"{}\".",
            position + 1,
            found.sql()
        ),
    )
    .at(position)
}

pub(crate) fn different_data(function: &str, types: &[DataType]) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        format!(
            "Input to `{function}` should all be the same type, but it's [{}].",
            quoted(types)
        ),
    )
}

pub(crate) fn not_orderable(function: &str, ty: &DataType) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        format!(
            "The `{function}` does not support ordering on type \"{}\".",
            ty.sql()
        ),
    )
}

pub(super) fn no_fields(base: &DataType) -> Mismatch {
    Mismatch::new(
        "INVALID_EXTRACT_BASE_FIELD_TYPE",
        format!(
            "Can't extract a value from it. Need a complex type [STRUCT, ARRAY, MAP] but got \"{}\".",
            base.sql()
        ),
    )
}

pub(super) fn no_array_field(element: &DataType) -> Mismatch {
    unexpected_type(1, "\"INTEGRAL\"", &DataType::String).with_detail(format!(
        "Parameter 2 requires the \"INTEGRAL\" type, however it is a name; the elements have the type \"{}\" and no fields.",
        element.sql()
    ))
}

pub(super) fn quoted(types: &[DataType]) -> String {
    let types: Vec<String> = types.iter().map(|ty| format!("\"{}\"", ty.sql())).collect();
    types.join(", ")
}
