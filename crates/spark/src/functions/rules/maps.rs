//! Functions of maps.

use super::{Call, Rule, Verdict, value};
use crate::types::operators::{different_data, unexpected_input, unexpected_type};
use crate::types::{DataType, Field, Input, Mismatch, cast, common};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "CreateMap" => create,
        "MapConcat" => concat,
        "MapKeys" => |call| of_entry(call, |key, _| DataType::array(key.clone())),
        "MapValues" => |call| of_entry(call, |_, value| DataType::array(value.clone())),
        "MapEntries" => |call| {
            of_entry(call, |key, value| {
                DataType::array(DataType::structure([
                    Field::new("key", key.clone()),
                    Field::new("value", value.clone()),
                ]))
            })
        },
        "MapFromArrays" => from_arrays,
        "MapFromEntries" => from_entries,
        "MapContainsKey" => contains_key,
        "ElementAt" | "TryElementAt" => element_at,
        _ => return None,
    })
}

/// A map that is a key.
pub(super) fn bad_key(key: &DataType) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE",
        format!("The key of map cannot be/contain \"{}\".", key.sql()),
    )
}

fn create(call: &Call<'_, '_>) -> Verdict {
    let (pairs, _) = call.types.as_chunks::<2>();
    let keys: Vec<DataType> = pairs.iter().map(|[key, _]| key.clone()).collect();
    let values: Vec<DataType> = pairs.iter().map(|[_, value]| value.clone()).collect();
    let different = |class, what: &str| {
        Mismatch::new(
            class,
            format!("The given {what} of function `map` should all be the same type."),
        )
    };
    let key = common::widest(&keys)
        .ok_or_else(|| different("DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES", "keys"))?;
    if cast::has_map(&key) {
        return Err(bad_key(&key));
    }
    let of_map = common::widest(&values)
        .ok_or_else(|| different("DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES", "values"))?;
    value(DataType::map(key, of_map))
}

fn concat(call: &Call<'_, '_>) -> Verdict {
    if call.types.is_empty() {
        return value(DataType::map(DataType::String, DataType::String));
    }
    let maps = call
        .types
        .iter()
        .all(|ty| matches!(ty, DataType::Map(_) | DataType::Unknown));
    if !maps {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES",
            "The `map_concat` should all be of type map.",
        ));
    }
    match common::widest(call.types) {
        Some(ty) => value(ty),
        None => Err(different_data("map_concat", call.types)),
    }
}

fn of_entry(call: &Call<'_, '_>, make: impl Fn(&DataType, &DataType) -> DataType) -> Verdict {
    match call.ty(0) {
        DataType::Map(entry) => value(make(&entry.0, &entry.1)),
        DataType::Void => value(make(&DataType::Void, &DataType::Void)),
        DataType::Unknown => value(DataType::Unknown),
        other => Err(unexpected_input(0, &Input::Map, other)),
    }
}

fn from_arrays(call: &Call<'_, '_>) -> Verdict {
    let element = |ty: &DataType| match ty {
        DataType::Array(element) => element.as_ref().clone(),
        DataType::Void => DataType::Void,
        _ => DataType::Unknown,
    };
    let key = element(call.ty(0));
    if cast::has_map(&key) {
        return Err(bad_key(&key));
    }
    value(DataType::map(key, element(call.ty(1))))
}

fn from_entries(call: &Call<'_, '_>) -> Verdict {
    let wrong = || Err(unexpected_type(0, "\"ARRAY\" of pair \"STRUCT\"", call.ty(0)));
    match call.ty(0) {
        DataType::Unknown => value(DataType::Unknown),
        DataType::Array(element) => match element.as_ref() {
            DataType::Unknown => value(DataType::Unknown),
            DataType::Struct(fields) => match fields.as_ref() {
                [key, _] if cast::has_map(&key.ty) => Err(bad_key(&key.ty)),
                [key, of_map] => value(DataType::map(key.ty.clone(), of_map.ty.clone())),
                _ => wrong(),
            },
            _ => wrong(),
        },
        _ => wrong(),
    }
}

fn contains_key(call: &Call<'_, '_>) -> Verdict {
    match (call.ty(0), call.ty(1)) {
        (DataType::Unknown, _) => value(DataType::Boolean),
        (_, DataType::Void) => Err(Mismatch::new(
            "DATATYPE_MISMATCH.NULL_TYPE",
            "Null typed values cannot be used as arguments of `map_contains_key`.",
        )),
        (DataType::Map(entry), key) => match common::tightest(&entry.0, key) {
            Some(_) => value(DataType::Boolean),
            None => Err(different_key(call)),
        },
        _ => Err(different_key(call)),
    }
}

fn different_key(call: &Call<'_, '_>) -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES",
        format!(
            "Input to the `{}` should have been \"MAP\" followed by a value with same key type, but it's [\"{}\", \"{}\"].",
            call.function.name,
            call.ty(0).sql(),
            call.ty(1).sql()
        ),
    )
}

/// An element by its number, or a value by its key.
fn element_at(call: &Call<'_, '_>) -> Verdict {
    const INPUT: Input = Input::OneOf(&[Input::Array, Input::Map]);
    match (call.ty(0), call.ty(1)) {
        (DataType::Unknown, _) => value(DataType::Unknown),
        (DataType::Array(element), index) => match index {
            DataType::Int | DataType::SmallInt | DataType::TinyInt | DataType::Unknown => {
                value(element.as_ref().clone())
            }
            DataType::Void => Err(Mismatch::new(
                "DATATYPE_MISMATCH.NULL_TYPE",
                "Null typed values cannot be used as arguments of `element_at`.",
            )),
            other => Err(unexpected_type(1, "\"INT\"", other)),
        },
        (DataType::Map(entry), key) => match common::tightest(&entry.0, key) {
            Some(_) => value(entry.1.clone()),
            None => Err(different_key(call)),
        },
        (other, _) => Err(unexpected_input(0, &INPUT, other)),
    }
}
