//! Functions that make structs and read them out of texts.

use super::super::arguments::text;
use super::{Call, Rule, Verdict, value};
use crate::types::operators::unexpected_type;
use crate::types::{self, DataType, Field, Mismatch};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "CreateNamedStruct" => |call| match call.function.name {
            "struct" => by_position(call),
            _ => by_name(call),
        },
        "JsonToStructs" | "CsvToStructs" => from_text,
        "SchemaOfJson" | "SchemaOfCsv" => |call| {
            options(call, 1)?;
            match call.ty(0) {
                ty if ty.is_string() || matches!(ty, DataType::Unknown | DataType::Void) => {
                    value(DataType::String)
                }
                _ if call
                    .argument(0)
                    .is_some_and(|argument| argument.foldable == Some(false)) =>
                {
                    value(DataType::String)
                }
                other => Err(unexpected_type(0, "\"STRING\"", other)),
            }
        },
        "StructsToJson" => to_json,
        "StructsToCsv" => |call| {
            options(call, 1)?;
            match call.ty(0) {
                DataType::Struct(_) | DataType::Void | DataType::Unknown => value(DataType::String),
                other => Err(unexpected_type(0, "\"STRUCT\"", other)),
            }
        },
        "WindowTime" => window_time,
        _ => return None,
    })
}

fn by_position(call: &Call<'_, '_>) -> Verdict {
    let fields = call
        .arguments
        .iter()
        .zip(call.types)
        .enumerate()
        .map(|(position, (argument, ty))| {
            let name = argument
                .name
                .map_or_else(|| format!("col{}", position + 1), ToOwned::to_owned);
            Field::new(name, ty.clone())
        });
    value(DataType::structure(fields))
}

/// `named_struct('a', 1, 'b', 2)`
fn by_name(call: &Call<'_, '_>) -> Verdict {
    let mut fields = Vec::new();
    let (pairs, _) = call.arguments.as_chunks::<2>();
    let (types, _) = call.types.as_chunks::<2>();
    for ([name, _], [_, ty]) in pairs.iter().zip(types) {
        match text(Some(name)) {
            Some(name) => fields.push(Field::new(name, ty.clone())),
            None if name.foldable == Some(false) || !(name.ty.is_string() || name.ty.is_unknown()) => {
                return Err(Mismatch::new(
                    "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                    "Only foldable `STRING` expressions are allowed to appear at odd position.",
                ));
            }
            None => return value(DataType::Unknown),
        }
    }
    value(DataType::structure(fields))
}

/// The type that the schema says, where it is written out.
fn from_text(call: &Call<'_, '_>) -> Verdict {
    match call.ty(0) {
        ty if ty.is_string() || matches!(ty, DataType::Void | DataType::Unknown) => {}
        other => {
            return Err(crate::types::operators::unexpected_type(0, "\"STRING\"", other));
        }
    }
    options(call, 2)?;
    let Some(schema) = text(call.argument(1)) else {
        return value(DataType::Unknown);
    };
    let written = types::columns(schema)
        .map(DataType::structure)
        .or_else(|_| types::parse(schema));
    value(written.map_or(DataType::Unknown, |ty| ty.in_expressions()))
}

/// Options are a map, written out.
fn options(call: &Call<'_, '_>, position: usize) -> Result<(), Mismatch> {
    let Some(given) = call.argument(position) else {
        return Ok(());
    };
    match given.ty {
        DataType::Map(_) | DataType::Unknown if given.foldable != Some(false) => Ok(()),
        _ => Err(Mismatch::new(
            "INVALID_OPTIONS.NON_MAP_FUNCTION",
            "Must use the `map()` function for options.",
        )),
    }
}

fn to_json(call: &Call<'_, '_>) -> Verdict {
    options(call, 1)?;
    match call.ty(0) {
        DataType::Array(_) | DataType::Map(_) | DataType::Struct(_) | DataType::Void | DataType::Unknown => {
            value(DataType::String)
        }
        other => Err(Mismatch::new(
            "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
            format!(
                "Input schema \"{}\" must be a struct, an array, a map or a variant.",
                other.sql()
            ),
        )),
    }
}

fn window_time(call: &Call<'_, '_>) -> Verdict {
    let end = match call.ty(0) {
        DataType::Unknown => Some(DataType::Unknown),
        DataType::Struct(fields) => fields
            .iter()
            .find(|field| field.name.as_ref() == "end")
            .map(|field| field.ty.clone()),
        _ => None,
    };
    match end {
        Some(ty) => value(ty),
        None => Err(unexpected_type(0, "\"STRUCT\" of a window", call.ty(0))),
    }
}
