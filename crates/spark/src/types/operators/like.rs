//! `like` and its kin.

use super::unexpected_input;
use crate::types::{DataType, Input, Mismatch, Operand};

pub(super) fn like(left: &DataType, right: &DataType) -> Result<DataType, Mismatch> {
    for (position, ty) in [left, right].into_iter().enumerate() {
        if Input::String.implicit(ty).is_none() {
            return Err(unexpected_input(position, &Input::String, ty));
        }
    }
    Ok(DataType::Boolean)
}

/// `a like any (b, c)`: a value, and the patterns behind it.
pub fn like_many(operands: &[Operand<'_>]) -> Result<DataType, Mismatch> {
    let Some((value, patterns)) = operands.split_first() else {
        return Ok(DataType::Boolean);
    };
    patterns
        .iter()
        .try_for_each(|pattern| like(&value.ty, &pattern.ty).map(|_| ()))
        .map(|()| DataType::Boolean)
}
