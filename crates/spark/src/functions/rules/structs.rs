//! Functions that make structs and read them out of texts.

use super::super::arguments::text;
use super::{Call, Rule, Verdict, value};
use crate::types::{self, DataType, Field, Mismatch};

pub(super) fn rule(class: &str) -> Option<Rule> {
    Some(match class {
        "CreateNamedStruct" => |call| match call.function.name {
            "struct" => by_position(call),
            _ => by_name(call),
        },
        "JsonToStructs" | "CsvToStructs" => from_text,
        "SchemaOfJson" | "SchemaOfCsv" => |_| value(DataType::String),
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
            None if name.foldable == Some(false) => {
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
    let Some(schema) = text(call.argument(1)) else {
        if call
            .argument(1)
            .is_some_and(|schema| schema.foldable == Some(false))
        {
            return Err(Mismatch::new(
                "INVALID_SCHEMA.NON_STRING_LITERAL",
                "The input expression must be string literal and not null.",
            ));
        }
        return value(DataType::Unknown);
    };
    let written = types::columns(schema)
        .map(DataType::structure)
        .or_else(|_| types::parse(schema));
    value(written.map_or(DataType::Unknown, |ty| ty.in_expressions()))
}

fn window_time(call: &Call<'_, '_>) -> Verdict {
    value(match call.ty(0) {
        DataType::Struct(fields) => fields
            .iter()
            .find(|field| field.name.as_ref() == "end")
            .map_or(DataType::Unknown, |field| field.ty.clone()),
        _ => DataType::Unknown,
    })
}
