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
        if stored == Stored::Table && has_unstorable(&column.ty) {
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

/// What is to blame for two columns of one name: a star over a query that gives both already is not.
fn twice(one: &OutColumn, other: &OutColumn) -> TextRange {
    let together = one.range == other.range && one.qualifier == other.qualifier;
    if together && !other.made.is_empty() {
        other.made
    } else {
        other.range
    }
}

/// Types that no file holds: `void`, and the interval of months, days and microseconds in one.
fn has_unstorable(ty: &DataType) -> bool {
    ty.has(&|ty| matches!(ty, DataType::Void | DataType::Interval))
}
