//! Which casts Spark knows with ANSI mode off (`Cast.canCast` of Spark 3.5).

use super::DataType;

/// Whether `cast(from as to)` is accepted. What is unknown casts to everything.
pub fn can_cast(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    match (from, to) {
        (T::Unknown, _) | (_, T::Unknown) => true,
        (from, to) if from == to => true,
        (T::Void, _) => true,
        (_, to) if to.is_string() => true,
        (from, T::Binary) => from.is_string() || from.is_integral(),
        (from, T::Boolean) => from.is_string() || from.is_numeric() || matches!(from, T::Date | T::Timestamp),
        (from, T::Timestamp) => {
            from.is_string() || from.is_numeric() || from.is_datetime() || *from == T::Boolean
        }
        (from, T::Date | T::TimestampNtz) => from.is_string() || from.is_datetime(),
        (from, T::Interval) => from.is_string(),
        (T::DayTime(..), T::DayTime(..)) | (T::YearMonth(..), T::YearMonth(..)) => true,
        (from, T::DayTime(..) | T::YearMonth(..)) => {
            from.is_string() || from.is_integral() || matches!(from, T::Decimal(..))
        }
        (T::DayTime(..) | T::YearMonth(..), to) => to.is_integral() || matches!(to, T::Decimal(..)),
        (from, to) if to.is_numeric() => {
            from.is_string() || from.is_numeric() || matches!(from, T::Boolean | T::Date | T::Timestamp)
        }
        (T::Array(from), T::Array(to)) => can_cast(from, to),
        (T::Map(from), T::Map(to)) => can_cast(&from.0, &to.0) && can_cast(&from.1, &to.1),
        (T::Struct(from), T::Struct(to)) => {
            from.len() == to.len()
                && from
                    .iter()
                    .zip(to.iter())
                    .all(|(from, to)| can_cast(&from.ty, &to.ty))
        }
        _ => false,
    }
}

/// Whether a column of one type can be written into a table's column of another, as Spark's store assignment has it unless somebody sets
/// another policy (`Cast.canANSIStoreAssign`). Fields of structs go by position. What is unknown goes into everything.
pub fn can_store(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    match (from, to) {
        (T::Unknown | T::Void, _) | (_, T::Unknown) => true,
        (from, to) if from == to => true,
        (from, to) if from.is_numeric() && to.is_numeric() => true,
        (from, to) if from.is_datetime() && to.is_datetime() => true,
        (from, to) if to.is_string() => from.is_atomic(),
        (T::Array(from), T::Array(to)) => can_store(from, to),
        (T::Map(from), T::Map(to)) => can_store(&from.0, &to.0) && can_store(&from.1, &to.1),
        (T::Struct(from), T::Struct(to)) => {
            from.len() == to.len()
                && from
                    .iter()
                    .zip(to.iter())
                    .all(|(from, to)| can_store(&from.ty, &to.ty))
        }
        _ => false,
    }
}

/// Whether values of the type have an order, and so may be compared, sorted and grouped by: all but maps and the old `interval`.
pub fn is_orderable(ty: &DataType) -> bool {
    match ty {
        DataType::Map(_) | DataType::Interval => false,
        DataType::Array(element) => is_orderable(element),
        DataType::Struct(fields) => fields.iter().all(|field| is_orderable(&field.ty)),
        _ => true,
    }
}

/// Whether there is a map in the type.
pub fn has_map(ty: &DataType) -> bool {
    ty.has(&|ty| matches!(ty, DataType::Map(_)))
}
