//! Functions that make structs and read them out of texts.

use super::super::arguments::text;
use super::{Call, Rule, Verdict, value};
use crate::types::operators::unexpected_type;
use crate::types::{self, DataType, Field, Mismatch, Operand};

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
    match call.argument(1) {
        Some(schema) => schema_of(call.function.class, schema),
        None => value(DataType::Unknown),
    }
}

/// The type that a schema says: columns as of a table, or a type.
fn schema_of(class: &str, schema: &Operand<'_>) -> Verdict {
    let Some(written) = text(Some(schema)) else {
        let is_none = schema.ty == DataType::Void || (schema.ty.is_certain() && !schema.ty.is_string());
        return if is_none && schema.foldable != Some(false) {
            Err(invalid(
                "INVALID_SCHEMA.NON_STRING_LITERAL",
                "The input expression must be string literal and not null.",
            ))
        } else {
            value(DataType::Unknown)
        };
    };
    let read = types::table(written).map(DataType::structure);
    let ty = match read.or_else(|fault| types::parse(written).map_err(|other| (fault, other))) {
        Ok(ty) => ty,
        Err((fault, other)) => return Err(unreadable(written, &fault, &other)),
    };
    if ty.has(&|ty| matches!(ty, DataType::Char(_) | DataType::Varchar(_))) {
        return Err(invalid(
            "UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING",
            "The char/varchar type can't be used in the table schema.",
        ));
    }
    let is_collection = match &ty {
        DataType::Struct(_) => true,
        DataType::Array(_) | DataType::Map(_) => class == "JsonToStructs",
        _ => false,
    };
    if !is_collection {
        return Err(if class == "JsonToStructs" {
            invalid(
                "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
                &format!(
                    "Input schema \"{}\" must be a struct, an array or a map.",
                    ty.sql()
                ),
            )
        } else {
            invalid(
                "INVALID_SCHEMA.NON_STRUCT_TYPE",
                &format!(
                    "The input expression should be evaluated to struct type, but got \"{}\".",
                    ty.sql()
                ),
            )
        });
    }
    if class == "JsonToStructs" && ty.has(&|ty| matches!(ty, DataType::Map(entry) if !entry.0.is_string())) {
        return Err(invalid(
            "DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE",
            &format!(
                "Input schema \"{}\" can only contain STRING as a key type for a MAP.",
                ty.sql()
            ),
        ));
    }
    value(ty.in_expressions())
}

/// What is wrong with the schema, laid at it.
fn invalid(class: &'static str, detail: &str) -> Mismatch {
    Mismatch::new(class, detail.to_owned()).at(1)
}

/// A schema that is neither columns nor a type: what Spark's parser says of it as a type.
fn unreadable(written: &str, fault: &types::InvalidType, other: &types::InvalidType) -> Mismatch {
    let is_word = !written.trim().is_empty()
        && written
            .trim()
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word {
        return invalid(
            "UNSUPPORTED_DATATYPE",
            &format!("Unsupported data type \"{}\".", written.trim().to_uppercase()),
        );
    }
    let further = if other.offset > fault.offset { other } else { fault };
    let found = if further.found.is_empty() {
        "end of input".to_owned()
    } else {
        format!("'{}'", further.found)
    };
    invalid(
        "PARSE_SYNTAX_ERROR",
        &format!("The schema cannot be read: syntax error at or near {found}."),
    )
}

/// Options are a map, written out.
fn options(call: &Call<'_, '_>, position: usize) -> Result<(), Mismatch> {
    let Some(given) = call.argument(position) else {
        return Ok(());
    };
    match given.ty {
        DataType::Map(ref entry)
            if [&entry.0, &entry.1]
                .iter()
                .any(|ty| ty.is_certain() && !ty.is_string())
                && given.foldable != Some(false) =>
        {
            Err(Mismatch::new(
                "INVALID_OPTIONS.NON_STRING_TYPE",
                format!(
                    "Invalid options: A type of keys and values in `map()` must be string, but got \"{}\".",
                    given.ty.sql()
                ),
            ))
        }
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
