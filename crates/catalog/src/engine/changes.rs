//! What releases of dbt-glue changed in what is sent: one dated entry for each change, which whoever plays an older release asks for.

use super::AdapterVersion;

/// A change in what dbt-glue sends. Names say what is true since the release of the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Double quotes reach Spark.
    KeepsDoubleQuotes,
    /// A staging table has a location of its own.
    OwnStagingLocation,
    /// `on_schema_change` is read.
    ReadsSchemaChange,
    /// Delta and Iceberg tables are created or replaced.
    ReplacesTables,
    /// Incremental models stage rows without a table, and set nothing in the session.
    StagesInSession,
    /// Iceberg tables are written by SQL of macros.
    IcebergInMacros,
    /// Formats and strategies are checked by macros of dbt-glue.
    OwnValidation,
    /// A merge names the columns that it updates.
    OwnMerge,
    /// Views are created or replaced.
    ReplacesViews,
    /// Locations of tables end without a slash.
    SlashlessTables,
    /// Lake Formation tags and grants do not apply to snapshots.
    UntaggedSnapshots,
    /// Rows for Iceberg tables are staged in Iceberg tables.
    IcebergStaging,
    /// Settings in `meta` open a session for the node.
    MetaSettings,
    /// Views that are Iceberg tables are dropped as tables.
    IcebergViewsAreTables,
    /// `file_format: s3tables` is a format of its own.
    S3Tables,
    /// A merge of new columns honours the strategy, and names what it inserts.
    MergesNewColumns,
    /// `insert_overwrite` reads the staged rows without a schema.
    ReadsStagedView,
    /// Models in Python run.
    PythonModels,
    /// `temp_schema` says where rows are staged.
    TempSchema,
    /// The id of a node's own session has no dots.
    DotlessSessions,
    /// What `meta` says of other things opens no session.
    OnlySessionMeta,
    /// Staging relations know whether they are views.
    TypedStaging,
    /// `meta.group_session_id` shares a session.
    GroupSessions,
    /// The intervals and attempts of the profile are checked.
    ChecksRetries,
    /// Every location honours `root_location` and is made without a second slash.
    OneLocation,
    /// Sessions use the schema of the profile.
    UsesSchema,
    /// `is_incremental()` looks for S3 tables.
    S3TablesIncremental,
}

/// A change with its date.
#[derive(Debug, Clone, Copy)]
pub struct DatedChange {
    /// The change.
    pub change: Change,
    /// The first release with it.
    pub since: AdapterVersion,
    /// What is otherwise before it, as a sentence.
    pub before: &'static str,
    /// The file of dbt-glue that changed.
    pub source: &'static str,
}

const fn dated(
    change: Change,
    (major, minor, patch): (u16, u16, u16),
    before: &'static str,
    source: &'static str,
) -> DatedChange {
    DatedChange {
        change,
        since: AdapterVersion::new(major, minor, patch),
        before,
        source,
    }
}

const ADAPTER: &str = "dbt/adapters/glue/impl.py";
const CONNECTIONS: &str = "dbt/adapters/glue/connections.py";
const MACROS: &str = "dbt/include/glue/macros/adapters.sql";
const INCREMENTAL: &str = "dbt/include/glue/macros/materializations/incremental/incremental.sql";
const STRATEGIES: &str = "dbt/include/glue/macros/materializations/incremental/strategies.sql";
const SNAPSHOT: &str = "dbt/include/glue/macros/materializations/snapshot.sql";

/// Every change, oldest first; each was read off the packages on `PyPI`, release against release.
pub static CHANGES: &[DatedChange] = &[
    dated(
        Change::KeepsDoubleQuotes,
        (1, 7, 2),
        "The session deletes every double quote from SQL.",
        "dbt/adapters/glue/gluedbapi/connection.py",
    ),
    dated(
        Change::OwnStagingLocation,
        (1, 8, 1),
        "The staging table is put at `custom_location` as well.",
        MACROS,
    ),
    dated(
        Change::ReadsSchemaChange,
        (1, 8, 6),
        "`on_schema_change` is not read.",
        INCREMENTAL,
    ),
    dated(
        Change::ReplacesTables,
        (1, 8, 6),
        "Delta and Iceberg tables are created, not replaced.",
        MACROS,
    ),
    dated(
        Change::StagesInSession,
        (1, 9, 0),
        "The session is set to overwrite partitions dynamically, to broadcast no joins and to create tables over files that are \
         there; rows are staged in a table.",
        INCREMENTAL,
    ),
    dated(
        Change::IcebergInMacros,
        (1, 9, 0),
        "Iceberg tables are written by Python code of the adapter, in the catalog `glue_catalog`.",
        ADAPTER,
    ),
    dated(
        Change::OwnValidation,
        (1, 9, 0),
        "Formats and strategies are checked by dbt-spark, and those of Iceberg by nobody.",
        INCREMENTAL,
    ),
    dated(
        Change::OwnMerge,
        (1, 9, 0),
        "Merges are written by dbt-spark, without predicates.",
        STRATEGIES,
    ),
    dated(
        Change::ReplacesViews,
        (1, 9, 0),
        "A view is dropped before it is created anew.",
        MACROS,
    ),
    dated(
        Change::SlashlessTables,
        (1, 9, 0),
        "The location of a table ends with a slash.",
        ADAPTER,
    ),
    dated(
        Change::UntaggedSnapshots,
        (1, 9, 0),
        "Lake Formation tags and grants apply to snapshots.",
        SNAPSHOT,
    ),
    dated(
        Change::IcebergStaging,
        (1, 9, 2),
        "Rows for Iceberg tables are staged in a temporary view, and `add_iceberg_timestamp` is not read.",
        MACROS,
    ),
    dated(
        Change::MetaSettings,
        (1, 9, 2),
        "Settings in `meta` count only with `enable_session_per_model`.",
        CONNECTIONS,
    ),
    dated(
        Change::IcebergViewsAreTables,
        (1, 9, 4),
        "A view of an Iceberg model is dropped as a view, though it is a table.",
        MACROS,
    ),
    dated(
        Change::S3Tables,
        (1, 10, 9),
        "`s3tables` is no format that dbt-glue knows.",
        MACROS,
    ),
    dated(
        Change::MergesNewColumns,
        (1, 10, 9),
        "With `on_schema_change`, rows of Iceberg tables are inserted whatever the strategy.",
        STRATEGIES,
    ),
    dated(
        Change::ReadsStagedView,
        (1, 10, 9),
        "`insert_overwrite` reads the staged rows under the schema, where no temporary view is.",
        STRATEGIES,
    ),
    dated(
        Change::PythonModels,
        (1, 10, 9),
        "Models in Python are not supported.",
        INCREMENTAL,
    ),
    dated(
        Change::TempSchema,
        (1, 10, 9),
        "`temp_schema` is not read.",
        MACROS,
    ),
    dated(
        Change::DotlessSessions,
        (1, 10, 9),
        "The id of a node's own session keeps the dots of the node's name, which Glue refuses.",
        "dbt/adapters/glue/gluedbapi/connection.py",
    ),
    dated(
        Change::OnlySessionMeta,
        (1, 10, 11),
        "Any `meta` opens a session for the node.",
        CONNECTIONS,
    ),
    dated(
        Change::TypedStaging,
        (1, 10, 13),
        "`custom_temp_suffix`, `use_iceberg_temp_views` and `purge_dropped_iceberg_data` are not read, and what is staged is dropped \
         as a table or not at all.",
        MACROS,
    ),
    dated(
        Change::GroupSessions,
        (1, 10, 15),
        "`meta.group_session_id` is not read.",
        CONNECTIONS,
    ),
    dated(
        Change::ChecksRetries,
        (1, 10, 19),
        "`statement_poll_interval` and `boto_retry_max_attempts` are not read.",
        "dbt/adapters/glue/credentials.py",
    ),
    dated(
        Change::OneLocation,
        (1, 12, 3),
        "`root_location` is not read, and a slash at the end of `location` stays in the locations of Hudi, Delta and seeds.",
        ADAPTER,
    ),
    dated(
        Change::UsesSchema,
        (1, 12, 3),
        "Each session starts with `use None`.",
        "dbt/adapters/glue/gluedbapi/connection.py",
    ),
    dated(
        Change::S3TablesIncremental,
        (1, 12, 4),
        "`is_incremental()` is never true for S3 tables.",
        "dbt/include/glue/macros/materializations/incremental/is_incremental.sql",
    ),
];

impl Change {
    /// The entry of the change.
    pub fn dated(self) -> &'static DatedChange {
        CHANGES
            .iter()
            .find(|dated| dated.change == self)
            .unwrap_or_else(|| unreachable!("every change has a date"))
    }
}

impl AdapterVersion {
    /// Whether the release has a change already.
    ///
    /// ```
    /// use glueline_catalog::{AdapterVersion, Change};
    ///
    /// assert!(!AdapterVersion::new(1, 8, 6).has(Change::ReplacesViews));
    /// assert!(AdapterVersion::new(1, 9, 0).has(Change::ReplacesViews));
    /// ```
    pub fn has(self, change: Change) -> bool {
        self >= change.dated().since
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PUBLISHED;

    #[test]
    fn changes_are_dated_in_order() {
        assert!(CHANGES.windows(2).all(|pair| pair[0].since <= pair[1].since));
        assert!(
            CHANGES.windows(2).all(|pair| pair[0].change < pair[1].change),
            "as the enum has them"
        );
        for dated in CHANGES {
            assert!(PUBLISHED.contains(&dated.since), "{:?}", dated.change);
            assert!(dated.before.ends_with('.'), "{:?}", dated.change);
            assert!(AdapterVersion::DESCRIBED.has(dated.change), "{:?}", dated.change);
        }
        assert_eq!(CHANGES.len(), Change::S3TablesIncremental as usize + 1);
    }
}
