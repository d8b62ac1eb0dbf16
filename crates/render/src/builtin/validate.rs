//! Checks of configs that materializations make.

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::Row;
use super::call::Call;

pub(super) const MACROS: &[Row] = &[
    Row::code("dbt_glue_validate_get_file_format", |call| {
        let own: &[&str] = if call.host()?.version().has(Change::S3Tables) {
            &["s3tables"]
        } else {
            &[]
        };
        file_format(call, &[SPARK_FORMATS, own].concat())
    }),
    Row::code("dbt_spark_validate_get_file_format", |call| {
        file_format(call, SPARK_FORMATS)
    }),
    Row::code("dbt_glue_validate_get_incremental_strategy", |call| {
        let mergeable: &[&str] = if call.host()?.version().has(Change::TypedStaging) {
            &["delta", "iceberg", "hudi", "s3tables"]
        } else {
            &["delta", "iceberg", "hudi"]
        };
        strategy(call, &["append", "merge", "insert_overwrite"], mergeable)
    }),
    Row::code("dbt_spark_validate_get_incremental_strategy", |call| {
        strategy(
            call,
            &["append", "merge", "insert_overwrite", "microbatch"],
            &["delta", "iceberg", "hudi"],
        )
    }),
];

const SPARK_FORMATS: &[&str] = &[
    "text", "csv", "json", "jdbc", "parquet", "orc", "hive", "delta", "iceberg", "libsvm", "hudi",
];

fn file_format(call: &Call<'_>, known: &[&str]) -> Result<Value, Error> {
    let format = call.arg("raw_file_format");
    if !call.is_one_of("raw_file_format", known) {
        let written = call.plain("raw_file_format");
        call.refuse(format!(
            "Invalid file format provided: {written}\n    Expected one of: {}",
            known.join(", ")
        ))?;
    }
    Ok(format)
}

fn strategy(call: &Call<'_>, known: &[&str], mergeable: &[&str]) -> Result<Value, Error> {
    let start = format!(
        "Invalid incremental strategy provided: {}\n    ",
        call.plain("raw_strategy")
    );
    let strategy = call.arg("raw_strategy");
    if !call.is_one_of("raw_strategy", known) {
        let known: Vec<String> = known.iter().map(|name| format!("'{name}'")).collect();
        call.refuse(format!("{start}Expected one of: {}", known.join(", ")))?;
        return Ok(strategy);
    }
    if call.is_one_of("raw_strategy", &["merge"]) && !call.is_one_of("file_format", mergeable) {
        let formats: Vec<String> = mergeable.iter().map(|name| format!("'{name}'")).collect();
        call.refuse(format!(
            "{start}You can only choose this strategy when file_format is set to {}",
            formats.join(" or ")
        ))?;
    }
    if call.is_one_of("raw_strategy", &["insert_overwrite", "microbatch"])
        && call.path("target", &["endpoint"])?.truth()
    {
        call.refuse(format!(
            "{start}You cannot use this strategy when connecting via endpoint\n    Use the 'append' or 'merge' strategy instead"
        ))?;
    }
    Ok(strategy)
}
