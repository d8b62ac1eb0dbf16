//! The parameters of lambdas.

use super::Function;
use crate::types::{DataType, Operand};

/// The types of the parameters of the lambda that is the argument at `position`, told from the arguments before it (lambdas among them
/// with the types of their bodies). Empty: the function takes no lambda there. A lambda may name fewer of them.
pub fn lambda_parameters(function: &Function, before: &[Operand<'_>], position: usize) -> Vec<DataType> {
    let element = |at: usize| match before.get(at).map(|operand| &operand.ty) {
        Some(DataType::Array(element)) => element.as_ref().clone(),
        Some(DataType::Void) => DataType::Void,
        _ => DataType::Unknown,
    };
    let entry = |at: usize| match before.get(at).map(|operand| &operand.ty) {
        Some(DataType::Map(entry)) => entry.as_ref().clone(),
        Some(DataType::Void) => (DataType::Void, DataType::Void),
        _ => (DataType::Unknown, DataType::Unknown),
    };
    let given = |at: usize| {
        before
            .get(at)
            .map_or(DataType::Unknown, |operand| operand.ty.clone())
    };
    match (function.class, position) {
        ("ArrayTransform" | "ArrayFilter", 1) => vec![element(0), DataType::Int],
        ("ArrayExists" | "ArrayForAll", 1) => vec![element(0)],
        ("ArraySort", 1) => vec![element(0), element(0)],
        ("ArrayAggregate", 2) => vec![given(1), element(0)],
        ("ArrayAggregate", 3) => vec![given(1)],
        ("ZipWith", 2) => vec![element(0), element(1)],
        ("MapFilter" | "TransformKeys" | "TransformValues", 1) => {
            let (key, value) = entry(0);
            vec![key, value]
        }
        ("MapZipWith", 2) => {
            let ((key, left), (_, right)) = (entry(0), entry(1));
            vec![key, left, right]
        }
        _ => Vec::new(),
    }
}
