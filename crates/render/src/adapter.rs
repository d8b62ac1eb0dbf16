//! `adapter`: what templates ask the warehouse through.
//!
//! While dbt parses, the questions have fixed answers (`ParseDatabaseWrapper` in `dbt/context/providers.py`, and the
//! `@available` decorators of `dbt/adapters/base/impl.py`). While it compiles, dbt-glue asks Glue; here the catalog file
//! answers, else what the project declares, else nothing, with a note that it is not known.

mod account;
mod code;
mod constraints;
mod delta;
mod dispatch;
mod header;
mod hudi;
mod iceberg;
mod knowledge;
mod lake_formation;
mod made;
mod names;
mod pyspark;
mod python;
mod relations;
pub(crate) mod schemas;
mod seed;
mod statements;
mod table;
mod targets;

use std::sync::Arc;

use glueline_catalog::{AdapterVersion, Change};
use glueline_template::{Args, Cx, Error, Native, Value};

use crate::host::NodeHost;
use crate::relation::Bound;
use crate::renderer::Shared;

pub use header::{SeedColumn, columns_of_seed};
pub(crate) use knowledge::{Named, base_table, is_known_to_be, named};
pub use made::{SnapshotColumn, columns_of_snapshot};
pub(crate) use pyspark::submit_python_job;
pub(crate) use relations::{current_schema, declared_columns, describe_rows};

/// The value of `adapter`.
pub(crate) fn adapter(shared: &Arc<Shared>) -> Value {
    Value::native(Adapter {
        shared: shared.clone(),
    })
}

#[derive(Debug, Clone)]
struct Adapter {
    shared: Arc<Shared>,
}

/// What a method does.
type Method = fn(&Cx, &NodeHost, Args) -> Result<Value, Error>;

/// What a method gives while dbt parses.
#[derive(Clone, Copy)]
enum AtParse {
    /// The same as ever: dbt has no replacement for it.
    Same,
    Nothing,
    EmptyList,
    False,
    /// An empty text and an empty table.
    EmptyResult,
    /// `None` twice.
    NothingTwice,
}

/// Every method that a template can call.
const METHODS: &[(&str, AtParse, Method)] = &[
    ("add_lf_tags", AtParse::Same, lake_formation::add_lf_tags),
    ("add_query", AtParse::NothingTwice, statements::add_query),
    ("already_exists", AtParse::False, relations::already_exists),
    ("apply_lf_grants", AtParse::Same, lake_formation::apply_lf_grants),
    (
        "assert_valid_snapshot_target_given_strategy",
        AtParse::Nothing,
        targets::assert_valid_snapshot_target_given_strategy,
    ),
    ("build_catalog_relation", AtParse::Same, statements::nothing),
    ("cache_added", AtParse::Same, targets::cache_added),
    ("cache_dropped", AtParse::Same, targets::cache_dropped),
    ("cache_renamed", AtParse::Same, targets::cache_renamed),
    (
        "check_schema_exists",
        AtParse::False,
        schemas::check_schema_exists,
    ),
    ("commit", AtParse::Same, statements::nothing),
    ("convert_type", AtParse::Same, statements::convert_type),
    ("create_csv_table", AtParse::Same, seed::create_csv_table),
    ("create_schema", AtParse::Nothing, schemas::create_schema),
    ("delta_create_table", AtParse::Same, delta::delta_create_table),
    (
        "delta_update_manifest",
        AtParse::Same,
        delta::delta_update_manifest,
    ),
    ("dispatch", AtParse::Same, dispatch::dispatch),
    ("drop_relation", AtParse::Nothing, targets::drop_relation),
    ("drop_schema", AtParse::Nothing, schemas::drop_schema),
    ("duplicate_view", AtParse::Same, table::duplicate_view),
    ("execute", AtParse::EmptyResult, statements::execute),
    ("execute_pyspark", AtParse::Same, pyspark::execute_pyspark),
    ("execute_python", AtParse::Same, pyspark::execute_python),
    (
        "expand_target_column_types",
        AtParse::Nothing,
        targets::expand_target_column_types,
    ),
    (
        "get_catalog_integration",
        AtParse::Same,
        statements::get_catalog_integration,
    ),
    (
        "get_column_schema_from_query",
        AtParse::EmptyList,
        statements::get_column_schema_from_query,
    ),
    (
        "get_columns_in_relation",
        AtParse::EmptyList,
        relations::get_columns_in_relation,
    ),
    (
        "get_columns_in_table",
        AtParse::EmptyList,
        relations::get_columns_in_table,
    ),
    (
        "get_custom_iceberg_catalog_namespace",
        AtParse::Same,
        names::get_custom_iceberg_catalog_namespace,
    ),
    (
        "get_hard_deletes_behavior",
        AtParse::Nothing,
        names::get_hard_deletes_behavior,
    ),
    (
        "get_incremental_strategy_macro",
        AtParse::Nothing,
        dispatch::get_incremental_strategy_macro,
    ),
    ("get_location", AtParse::Same, names::get_location),
    (
        "get_missing_columns",
        AtParse::EmptyList,
        relations::get_missing_columns,
    ),
    (
        "get_partitions_metadata",
        AtParse::EmptyResult,
        statements::get_partitions_metadata,
    ),
    ("get_relation", AtParse::Nothing, relations::get_relation_method),
    ("get_table_type", AtParse::Same, relations::get_table_type),
    ("glue_rename_relation", AtParse::Same, table::glue_rename_relation),
    ("hudi_merge_table", AtParse::Same, hudi::hudi_merge_table),
    (
        "iceberg_expire_snapshots",
        AtParse::Same,
        table::iceberg_expire_snapshots,
    ),
    (OLD, AtParse::Same, iceberg::iceberg_write),
    ("quote", AtParse::Same, names::quote),
    ("quote_as_configured", AtParse::Same, names::quote_as_configured),
    ("quote_seed_column", AtParse::Same, names::quote_seed_column),
    ("rename_relation", AtParse::Nothing, targets::rename_relation),
    (
        "render_raw_columns_constraints",
        AtParse::Same,
        constraints::render_raw_columns_constraints,
    ),
    (
        "render_raw_model_constraints",
        AtParse::Same,
        constraints::render_raw_model_constraints,
    ),
    ("run_sql_for_tests", AtParse::Same, pyspark::run_sql_for_tests),
    (
        "standardize_grants_dict",
        AtParse::Same,
        statements::standardize_grants_dict,
    ),
    ("truncate_relation", AtParse::Nothing, targets::truncate_relation),
    ("type", AtParse::Same, names::adapter_type),
    (
        "valid_snapshot_target",
        AtParse::Nothing,
        targets::valid_snapshot_target,
    ),
];

/// A method that dbt-glue had once.
const OLD: &str = "iceberg_write";

impl Adapter {
    fn version(&self) -> AdapterVersion {
        self.shared.project.release().version
    }
}

impl Native for Adapter {
    fn type_name(&self) -> &'static str {
        "RuntimeDatabaseWrapper"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.context.providers.RuntimeDatabaseWrapper".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "Relation" => Some(crate::api::relation_class(&self.shared)),
            "behavior" => Some(names::behavior(&self.shared)),
            _ if method(name).is_some() && (name != OLD || !self.version().has(Change::IcebergInMacros)) => {
                Some(Value::native(Bound {
                    object: Value::native(self.clone()),
                    class: "GlueAdapter",
                    name: name.into(),
                }))
            }
            _ => None,
        })
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let (at_parse, method) = method(name)?;
        let gone =
            name == OLD && NodeHost::of(cx).is_ok_and(|host| host.version().has(Change::IcebergInMacros));
        if gone {
            return None;
        }
        Some(NodeHost::of(cx).and_then(|host| {
            if host.executes() {
                return method(cx, host, args.clone());
            }
            match at_parse {
                AtParse::Same => method(cx, host, args.clone()),
                AtParse::Nothing => Ok(Value::None),
                AtParse::EmptyList => Ok(Value::list(Vec::new())),
                AtParse::False => Ok(Value::Bool(false)),
                AtParse::EmptyResult => Ok(statements::result("", crate::agate::Table::default())),
                AtParse::NothingTwice => Ok(Value::tuple(vec![Value::None, Value::None])),
            }
        }))
    }

    fn text(&self) -> String {
        "<dbt.context.providers.RuntimeDatabaseWrapper object>".to_owned()
    }
}

fn method(name: &str) -> Option<(AtParse, Method)> {
    let found = METHODS.binary_search_by_key(&name, |(known, _, _)| known).ok()?;
    METHODS
        .get(found)
        .map(|(_, at_parse, method)| (*at_parse, *method))
}

#[cfg(test)]
mod tests {
    use super::METHODS;

    #[test]
    fn methods_are_sorted_for_the_search() {
        assert!(METHODS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
