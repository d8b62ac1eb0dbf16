//! What may become a table or a view.

use glueline_base::TextRange;

use super::{Analysis, OutColumn, SparkError};
use crate::types::DataType;

/// What a query is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// `create view .. as`
    View,
    /// `create table .. as`
    Table(Format),
}

/// What a table's rows are written in, as far as that decides about types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Parquet, and what goes by the same types.
    Parquet,
    /// ORC
    Orc,
    /// CSV
    Csv,
    /// JSON
    Json,
    /// One column of text.
    Text,
    /// One of which nobody knows.
    Other,
}

impl Format {
    /// Its name in messages of Spark.
    const fn name(self) -> &'static str {
        match self {
            Self::Parquet | Self::Other => "Parquet",
            Self::Orc => "ORC",
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Text => "Text",
        }
    }

    /// Whether it can hold values of a type (`FileFormat.supportDataType`).
    fn holds(self, ty: &DataType) -> bool {
        use DataType as T;
        match self {
            Self::Other => true,
            _ if ty.is_unknown() => true,
            Self::Text => ty.is_string(),
            Self::Csv => ty.is_atomic() && *ty != T::Binary,
            Self::Json => !ty.has(&|ty| *ty == T::Interval),
            Self::Parquet | Self::Orc => !ty.has(&|ty| matches!(ty, T::Void | T::Interval)),
        }
    }
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
        let mut before = analysis.columns.iter().take(index);
        if let Some(other) = before.find(|other| other.name.to_lowercase() == name) {
            errors.push(SparkError {
                class: "COLUMN_ALREADY_EXISTS",
                message: format!(
                    "The column `{name}` already exists. Consider to choose another name or rename the existing column."
                ),
                range: twice(other, column),
                instead: Vec::new(),
            });
        }
        let Stored::Table(format) = stored else { continue };
        if format.holds(&column.ty) {
            continue;
        }
        let (class, message) = if column.ty == DataType::Interval && format != Format::Parquet {
            (
                "_LEGACY_ERROR_TEMP_1136",
                "Cannot save interval data type into external storage.".to_owned(),
            )
        } else {
            (
                "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                format!(
                    "The {} datasource doesn't support the column `{}` of the type \"{}\".",
                    format.name(),
                    column.name,
                    column.ty.sql()
                ),
            )
        };
        errors.push(SparkError {
            class,
            message,
            range: column.range,
            instead: Vec::new(),
        });
    }
    errors
}

/// What is to blame for two columns of one name: a star over a query that gives both already is not.
fn twice(one: &OutColumn, other: &OutColumn) -> TextRange {
    let together = one.range == other.range && one.qualifier == other.qualifier;
    if together && !other.made.is_empty() {
        other.made
    } else {
        other.range
    }
}
