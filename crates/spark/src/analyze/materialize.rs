//! What may become a table or a view.

use super::{Analysis, SparkError};
use crate::types::DataType;

/// What a query is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// `create view .. as`
    View,
    /// `create table .. as`
    Table,
}

/// What Spark refuses of a query that it accepts by itself, when a table or view is made of it.
pub fn materialize(analysis: &Analysis, stored: Stored) -> Vec<SparkError> {
    let mut errors = Vec::new();
    if stored == Stored::View {
        for column in analysis.columns.iter().filter(|column| !column.named) {
            errors.push(SparkError {
                class: "CREATE_PERMANENT_VIEW_WITHOUT_ALIAS",
                message: format!(
                    "Not allowed to create a permanent view without explicitly assigning an alias for the expression \"{}\".",
                    column.name
                ),
                range: column.range,
                instead: Vec::new(),
            });
        }
    }
    for (index, column) in analysis.columns.iter().enumerate() {
        let name = column.name.to_lowercase();
        let before = analysis.columns.iter().take(index);
        if before.into_iter().any(|other| other.name.to_lowercase() == name) {
            errors.push(SparkError {
                class: "COLUMN_ALREADY_EXISTS",
                message: format!(
                    "The column `{name}` already exists. Consider to choose another name or rename the existing column."
                ),
                range: column.range,
                instead: Vec::new(),
            });
        }
        if stored == Stored::Table && has_void(&column.ty) {
            errors.push(SparkError {
                class: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                message: format!(
                    "The Parquet datasource doesn't support the column `{}` of the type \"{}\".",
                    column.name,
                    column.ty.sql()
                ),
                range: column.range,
                instead: Vec::new(),
            });
        }
    }
    errors
}

fn has_void(ty: &DataType) -> bool {
    match ty {
        DataType::Void => true,
        DataType::Array(element) => has_void(element),
        DataType::Map(entry) => has_void(&entry.0) || has_void(&entry.1),
        DataType::Struct(fields) => fields.iter().any(|field| has_void(&field.ty)),
        _ => false,
    }
}
