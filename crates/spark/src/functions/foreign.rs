//! Functions of other engines that Spark does not have.

/// In lower case, sorted: from the references of Snowflake, `BigQuery`, Redshift, `PostgreSQL`, Trino and SQL Server.
#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    "approx_distinct", "array_cat", "array_construct", "array_length", "array_to_string", "arrayagg",
    "booland_agg", "boolor_agg", "countif", "current_datetime", "date_from_parts", "datefromparts",
    "datetime_add", "datetime_diff", "datetime_sub", "datetime_trunc", "div0", "div0null", "farm_fingerprint",
    "format_date", "format_datetime", "format_timestamp", "from_iso8601_date", "from_iso8601_timestamp",
    "generate_array", "generate_date_array", "generate_series", "generate_timestamp_array", "generate_uuid",
    "getdate", "iff", "is_array", "is_null_value", "isdate", "isnumeric", "json_extract", "json_extract_array",
    "json_extract_path_text", "json_extract_scalar", "json_parse", "json_query", "json_query_array",
    "json_typeof", "json_value", "jsonb_extract_path_text", "listagg", "logical_and", "logical_or", "monthname",
    "nullifzero", "object_agg", "object_construct", "object_keys", "parse_date", "parse_datetime", "parse_json",
    "parse_timestamp", "patindex", "regexp_contains", "regexp_extract_array", "regexp_matches", "safe_add",
    "safe_cast", "safe_convert_bytes_to_string", "safe_divide", "safe_multiply", "safe_negate", "safe_subtract",
    "split_to_array", "starts_with", "string_agg", "string_to_array", "strpos", "strtok", "strtok_to_array",
    "strtol", "sysdate", "systimestamp", "time_diff", "time_slice", "timeadd", "timediff", "timestamp_add",
    "timestamp_diff", "timestamp_from_parts", "timestamp_ntz_from_parts", "timestamp_sub", "timestamp_trunc",
    "to_array", "to_boolean", "to_decimal", "to_double", "to_hex", "to_iso8601", "to_json_string", "to_numeric",
    "to_object", "to_time", "to_timestamp_tz", "to_variant", "try_parse_json", "try_to_boolean",
    "try_to_date", "try_to_decimal", "try_to_double", "try_to_numeric", "xmlget", "zeroifnull",
];

/// Whether another engine has a function of that name, and Spark has none: who writes it means that engine's.
pub fn is_foreign(name: &str) -> bool {
    FOREIGN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::{Version, function};

    #[test]
    fn none_is_one_of_sparks() {
        let own: Vec<_> = FOREIGN
            .iter()
            .filter(|name| function(name, Version::V3_5).is_some())
            .collect();
        assert!(own.is_empty(), "{own:?}");
        assert!(is_foreign("IFF") && !is_foreign("millis_to_ts"));
    }
}
