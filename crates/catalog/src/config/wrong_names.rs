//! Names that people write and nothing on Glue reads: other adapters' configs, slips of documentations, misplaced keys.

use crate::Scope;

/// A key that nothing reads where it stands, and what to write instead.
#[derive(Debug, Clone, Copy)]
pub struct WrongName {
    /// The name as people write it.
    pub name: &'static str,
    /// Where it is wrong.
    pub scopes: &'static [Scope],
    /// The key of the same scope that does what was meant; `None` where none does.
    pub instead: Option<&'static str>,
    /// Whether that key takes the very same values, so that writing its name is all there is to do.
    pub same_values: bool,
    /// Where the name comes from.
    pub origin: Origin,
    /// What to do, as a sentence.
    pub advice: &'static str,
}

/// Where a wrong name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A config of dbt-athena.
    Athena,
    /// A config of dbt-bigquery.
    BigQuery,
    /// A config of dbt-databricks.
    Databricks,
    /// A documentation that spells it wrong or puts it in the wrong place.
    Documentation,
    /// A key of another file or level.
    Misplaced,
    /// A config of dbt-redshift or dbt-postgres.
    Redshift,
    /// A config of dbt-snowflake.
    Snowflake,
    /// A config of dbt-spark that dbt-glue's macros do not read.
    Spark,
    /// A common slip of the pen.
    Typo,
}

impl Origin {
    /// The origin in words, to complete "a config of ...".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Athena => "dbt-athena",
            Self::BigQuery => "dbt-bigquery",
            Self::Databricks => "dbt-databricks",
            Self::Documentation => "the documentation",
            Self::Misplaced => "another place",
            Self::Redshift => "dbt-redshift",
            Self::Snowflake => "dbt-snowflake",
            Self::Spark => "dbt-spark",
            Self::Typo => "a typo",
        }
    }
}

const NODES: &[Scope] = &[Scope::ModelConfig, Scope::SeedConfig, Scope::SnapshotConfig];
const PROFILE: &[Scope] = &[Scope::ProfileOutput];

const FROM_PROFILE: &str =
    "It is a key of the profile; on a node it does nothing. To override it for one node, put it into `meta`.";

/// Sorted by name.
pub(crate) static WRONG_NAMES: &[WrongName] = &[
    foreign(
        "auto_liquid_cluster",
        Origin::Databricks,
        None,
        "Glue has no liquid clustering; use `partition_by`.",
    ),
    foreign(
        "auto_refresh",
        Origin::Redshift,
        None,
        "dbt-glue has no materialized views.",
    ),
    foreign(
        "automatic_clustering",
        Origin::Snowflake,
        None,
        "Glue has no automatic clustering; use `partition_by`.",
    ),
    foreign(
        "backup",
        Origin::Redshift,
        None,
        "Tables on S3 are backed up by the bucket's own settings.",
    ),
    foreign(
        "bind",
        Origin::Redshift,
        None,
        "Views of Glue are never bound; take it out.",
    ),
    renamed(
        "bucket_count",
        Origin::Athena,
        "buckets",
        "Use `buckets` together with `clustered_by`.",
    ),
    renamed(
        "bucketed_by",
        Origin::Athena,
        "clustered_by",
        "Use `clustered_by` together with `buckets`.",
    ),
    foreign(
        "cluster_by",
        Origin::BigQuery,
        Some("clustered_by"),
        "Use `clustered_by` together with `buckets`, or `partition_by`.",
    ),
    WrongName {
        name: "columns",
        scopes: &[Scope::DataCellFilter],
        instead: Some("column_names"),
        same_values: true,
        origin: Origin::Documentation,
        advice: "The key is `column_names`; under this name the list is not read and every column is granted.",
    },
    profile_only("conf"),
    WrongName {
        name: "copy_grants",
        scopes: NODES,
        instead: None,
        same_values: false,
        origin: Origin::Snowflake,
        advice: "Spark on Glue has no SQL grants; use `lf_grants`.",
    },
    foreign(
        "databricks_tags",
        Origin::Databricks,
        Some("lf_tags_config"),
        "Use `lf_tags_config` for Lake Formation tags.",
    ),
    profile_only("datalake_formats"),
    WrongName {
        name: "dataset",
        scopes: &[
            Scope::ModelConfig,
            Scope::SeedConfig,
            Scope::SnapshotConfig,
            Scope::ProfileOutput,
        ],
        instead: Some("schema"),
        same_values: true,
        origin: Origin::BigQuery,
        advice: "Use `schema`.",
    },
    foreign(
        "dist",
        Origin::Redshift,
        None,
        "Spark has no distribution keys; take it out.",
    ),
    foreign(
        "distkey",
        Origin::Redshift,
        None,
        "Spark has no distribution keys; take it out.",
    ),
    WrongName {
        name: "excluded_columns_names",
        scopes: &[Scope::DataCellFilter],
        instead: Some("excluded_column_names"),
        same_values: true,
        origin: Origin::Documentation,
        advice: "The key is `excluded_column_names`; under this name the list is not read and every column is granted.",
    },
    renamed(
        "external_location",
        Origin::Athena,
        "custom_location",
        "Use `custom_location`.",
    ),
    foreign(
        "field_delimiter",
        Origin::Athena,
        None,
        "dbt-glue has no way to pass options of text formats.",
    ),
    foreign(
        "force_batch",
        Origin::Athena,
        None,
        "Spark has no limit of open partitions; take it out.",
    ),
    renamed("format", Origin::Athena, "file_format", "Use `file_format`."),
    profile_only("glue_version"),
    foreign(
        "include_full_name_in_path",
        Origin::Databricks,
        None,
        "Use `custom_location` for a path of your own.",
    ),
    foreign(
        "indexes",
        Origin::Redshift,
        None,
        "Spark has no indexes; take it out.",
    ),
    foreign(
        "kms_key_name",
        Origin::BigQuery,
        None,
        "Encryption is set by `security_configuration` in the profile or by the bucket.",
    ),
    WrongName {
        name: "lf_inherited_tags",
        scopes: NODES,
        instead: Some("lf_tags_config"),
        same_values: false,
        origin: Origin::Athena,
        advice: "`lf_tags_config` has no list of inherited tags; `drop_existing: false` keeps what is there.",
    },
    foreign(
        "liquid_clustered_by",
        Origin::Databricks,
        Some("partition_by"),
        "dbt-glue's macros do not read it; use `partition_by`.",
    ),
    foreign(
        "location",
        Origin::Misplaced,
        Some("custom_location"),
        "It is a key of the profile; the path of one table is `custom_location`.",
    ),
    foreign(
        "location_root",
        Origin::Spark,
        Some("custom_location"),
        "dbt-glue reads `custom_location`, which is the whole path and not a root.",
    ),
    foreign(
        "native_drop",
        Origin::Athena,
        None,
        "Use `purge_dropped_iceberg_data` to delete the files of Iceberg tables.",
    ),
    foreign(
        "options",
        Origin::Spark,
        None,
        "dbt-glue's macros do not read it; use `table_properties`, `write_options` or `hudi_options`.",
    ),
    foreign(
        "partition_expiration_days",
        Origin::BigQuery,
        None,
        "Glue does not expire partitions.",
    ),
    renamed(
        "partitioned_by",
        Origin::Athena,
        "partition_by",
        "Use `partition_by`.",
    ),
    foreign(
        "partitions",
        Origin::BigQuery,
        None,
        "Use `incremental_predicates` or `spark.sql.sources.partitionOverwriteMode=dynamic`.",
    ),
    foreign(
        "project",
        Origin::BigQuery,
        None,
        "Glue has no level above the schema; take it out.",
    ),
    WrongName {
        name: "project_name",
        scopes: PROFILE,
        instead: None,
        same_values: false,
        origin: Origin::Documentation,
        advice: "It is no key of a profile; the project's name is `name` in `dbt_project.yml`.",
    },
    WrongName {
        name: "query-comment",
        scopes: PROFILE,
        instead: None,
        same_values: false,
        origin: Origin::Documentation,
        advice: "It is read in `dbt_project.yml` alone.",
    },
    WrongName {
        name: "query_comment",
        scopes: PROFILE,
        instead: None,
        same_values: false,
        origin: Origin::Documentation,
        advice: "It is read in `dbt_project.yml` alone.",
    },
    foreign(
        "query_tag",
        Origin::Snowflake,
        None,
        "Glue has no query tags; use `query-comment` in `dbt_project.yml`.",
    ),
    WrongName {
        name: "region_name",
        scopes: PROFILE,
        instead: Some("region"),
        same_values: true,
        origin: Origin::Athena,
        advice: "Use `region`.",
    },
    foreign(
        "require_partition_filter",
        Origin::BigQuery,
        None,
        "Spark cannot require a filter; take it out.",
    ),
    WrongName {
        name: "role",
        scopes: PROFILE,
        instead: Some("role_arn"),
        same_values: true,
        origin: Origin::Snowflake,
        advice: "Use `role_arn`.",
    },
    foreign(
        "row_format",
        Origin::Athena,
        None,
        "dbt-glue has no way to set a row format; use `file_format`.",
    ),
    foreign(
        "s3_data_dir",
        Origin::Athena,
        Some("custom_location"),
        "Use `custom_location`, or `location` in the profile.",
    ),
    foreign(
        "s3_data_naming",
        Origin::Athena,
        None,
        "A table lies at `{location}/{schema}/{name}`, or at `custom_location`.",
    ),
    WrongName {
        name: "s3_staging_dir",
        scopes: &[
            Scope::ModelConfig,
            Scope::SeedConfig,
            Scope::SnapshotConfig,
            Scope::ProfileOutput,
        ],
        instead: None,
        same_values: false,
        origin: Origin::Athena,
        advice: "Glue needs no place for results; tables go below `location` of the profile.",
    },
    foreign(
        "s3_tmp_table_dir",
        Origin::Athena,
        None,
        "Staging tables go to `temp_schema` of the profile.",
    ),
    WrongName {
        name: "session_id",
        scopes: PROFILE,
        instead: Some("glue_session_id"),
        same_values: true,
        origin: Origin::Typo,
        advice: "Use `glue_session_id` together with `glue_session_reuse: true`.",
    },
    foreign(
        "snowflake_warehouse",
        Origin::Snowflake,
        None,
        "The size of a session is `workers` and `worker_type`, in the profile or in `meta`.",
    ),
    foreign(
        "sort",
        Origin::Redshift,
        None,
        "Spark has no sort keys; order rows in the select.",
    ),
    foreign(
        "sort_type",
        Origin::Redshift,
        None,
        "Spark has no sort keys; order rows in the select.",
    ),
    foreign(
        "sortkey",
        Origin::Redshift,
        None,
        "Spark has no sort keys; order rows in the select.",
    ),
    foreign(
        "table_type",
        Origin::Athena,
        Some("file_format"),
        "Use `file_format`: `iceberg`, or `parquet` for Hive tables.",
    ),
    foreign(
        "target_lag",
        Origin::Snowflake,
        None,
        "dbt-glue has no dynamic tables.",
    ),
    renamed(
        "tblproperties",
        Origin::Spark,
        "table_properties",
        "dbt-glue reads `table_properties`.",
    ),
    foreign(
        "tmp_relation_type",
        Origin::Snowflake,
        Some("use_iceberg_temp_views"),
        "Use `use_iceberg_temp_views: 'True'` for a staging view on Iceberg.",
    ),
    foreign(
        "transient",
        Origin::Snowflake,
        None,
        "Tables on S3 have no fail-safe period; take it out.",
    ),
    foreign(
        "versions_to_keep",
        Origin::Athena,
        None,
        "The Data Catalog's versions are not managed by dbt-glue.",
    ),
    WrongName {
        name: "worker",
        scopes: PROFILE,
        instead: Some("workers"),
        same_values: true,
        origin: Origin::Typo,
        advice: "Use `workers`.",
    },
    profile_only("worker_type"),
    profile_only("workers"),
    foreign(
        "write_compression",
        Origin::Athena,
        None,
        "Set `spark.sql.parquet.compression.codec` in `conf` of the profile, or a table property.",
    ),
    foreign(
        "zorder",
        Origin::Databricks,
        None,
        "Run `optimize ... zorder by` in a `post-hook`, where the format has it.",
    ),
];

/// A config of another adapter on a node.
const fn foreign(
    name: &'static str,
    origin: Origin,
    instead: Option<&'static str>,
    advice: &'static str,
) -> WrongName {
    WrongName {
        name,
        scopes: NODES,
        instead,
        same_values: false,
        origin,
        advice,
    }
}

/// A config of another adapter that dbt-glue has under another name.
const fn renamed(
    name: &'static str,
    origin: Origin,
    instead: &'static str,
    advice: &'static str,
) -> WrongName {
    WrongName {
        same_values: true,
        ..foreign(name, origin, Some(instead), advice)
    }
}

/// A key of the profile written on a node.
const fn profile_only(name: &'static str) -> WrongName {
    WrongName {
        name,
        scopes: NODES,
        instead: None,
        same_values: false,
        origin: Origin::Misplaced,
        advice: FROM_PROFILE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lookup, suggest, wrong_name};

    #[test]
    fn wrong_names_are_sorted_and_wrong() {
        assert!(WRONG_NAMES.windows(2).all(|pair| pair[0].name <= pair[1].name));
        for wrong in WRONG_NAMES {
            assert!(wrong.advice.ends_with('.'), "{}", wrong.name);
            for scope in wrong.scopes {
                assert!(lookup(*scope, wrong.name).is_none(), "{scope} {}", wrong.name);
            }
            if let Some(instead) = wrong.instead {
                let known = wrong.scopes.iter().any(|scope| lookup(*scope, instead).is_some());
                assert!(known, "{}", wrong.name);
            }
            assert!(!wrong.same_values || wrong.instead.is_some(), "{}", wrong.name);
        }
    }

    #[test]
    fn suggestions_prefer_knowledge_over_spelling() {
        assert_eq!(
            suggest(Scope::ModelConfig, "partitioned_by"),
            Some("partition_by")
        );
        assert_eq!(suggest(Scope::ModelConfig, "format"), Some("file_format"));
        assert_eq!(
            suggest(Scope::ModelConfig, "location_root"),
            Some("custom_location")
        );
        assert_eq!(suggest(Scope::ModelConfig, "file_fromat"), Some("file_format"));
        assert_eq!(
            suggest(Scope::DataCellFilter, "excluded_columns_names"),
            Some("excluded_column_names")
        );
        assert!(wrong_name(Scope::SourceConfig, "format").is_none());
        assert!(wrong_name(Scope::ModelConfig, "").is_none());
        assert!(wrong_name(Scope::ModelConfig, "zzzz").is_none());
    }
}
