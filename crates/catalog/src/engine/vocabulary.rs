//! The words dbt and dbt-glue share: resource types, materializations, formats, strategies, languages.

use crate::words::words;

words! {
    /// A kind of node in dbt's graph, spelt as in a unique id (`dbt/artifacts/resources/types.py`).
    pub enum ResourceType {
        /// A SQL file under the analysis paths: compiled, never run.
        Analysis = "analysis",
        /// A dashboard, notebook or application that reads models.
        Exposure = "exposure",
        /// A user-defined function.
        Function = "function",
        /// A named owner of nodes.
        Group = "group",
        /// A Jinja macro.
        Macro = "macro",
        /// A metric of the semantic layer.
        Metric = "metric",
        /// A SQL or Python model.
        Model = "model",
        /// A hook of a run or a called macro.
        Operation = "operation",
        /// A saved query of the semantic layer.
        SavedQuery = "saved_query",
        /// A CSV file.
        Seed = "seed",
        /// A semantic model.
        SemanticModel = "semantic_model",
        /// A slowly changing dimension.
        Snapshot = "snapshot",
        /// A table that dbt reads and does not build.
        Source = "source",
        /// A data test, generic or singular.
        Test = "test",
        /// A unit test of a model.
        UnitTest = "unit_test",
    }
}

words! {
    /// How dbt puts a node into the warehouse. Projects may define more; those parse to nothing.
    pub enum Materialization {
        /// Inlined into its readers as a CTE.
        Ephemeral = "ephemeral",
        /// A user-defined function.
        Function = "function",
        /// Built once, then added to.
        Incremental = "incremental",
        /// Known to dbt, implemented by no macro of dbt-glue.
        MaterializedView = "materialized_view",
        /// dbt-glue's own materialization for Python models.
        PythonModel = "python_model",
        /// A CSV file sent as rows.
        Seed = "seed",
        /// A slowly changing dimension.
        Snapshot = "snapshot",
        /// Rebuilt on each run.
        Table = "table",
        /// A data test.
        Test = "test",
        /// A unit test.
        Unit = "unit",
        /// A view, dbt's default.
        View = "view",
    }
}

impl Materialization {
    /// The languages that dbt lets this materialization run on Glue
    /// (`supported_languages` in `dbt/include/glue/macros/materializations`).
    pub const fn languages(self) -> &'static [Language] {
        match self {
            Self::PythonModel => &[Language::Python],
            Self::Function | Self::Incremental => &[Language::Sql, Language::Python],
            Self::Ephemeral
            | Self::MaterializedView
            | Self::Seed
            | Self::Snapshot
            | Self::Table
            | Self::Test
            | Self::Unit
            | Self::View => &[Language::Sql],
        }
    }

    /// Whether files are written below the profile's `location`, so that the profile must have one.
    pub const fn writes_files(self) -> bool {
        matches!(
            self,
            Self::Incremental | Self::PythonModel | Self::Seed | Self::Snapshot | Self::Table
        )
    }
}

words! {
    /// The language a model is written in.
    pub enum Language {
        /// A `.py` file with a `model` function.
        Python = "python",
        /// A `.sql` file.
        Sql = "sql",
    }
}

words! {
    /// A storage format that the incremental materialization lets through
    /// (`dbt/include/glue/macros/materializations/incremental/validate.sql`). The spelling is case-sensitive.
    pub enum FileFormat {
        /// Comma-separated text.
        Csv = "csv",
        /// Delta Lake.
        Delta = "delta",
        /// Spark's Hive serde tables.
        Hive = "hive",
        /// Apache Hudi.
        Hudi = "hudi",
        /// Apache Iceberg.
        Iceberg = "iceberg",
        /// A JDBC table; dbt-glue has no way to pass its options.
        Jdbc = "jdbc",
        /// One JSON object per line.
        Json = "json",
        /// Labelled points; dbt-glue has no way to pass its options.
        Libsvm = "libsvm",
        /// Apache ORC.
        Orc = "orc",
        /// Apache Parquet, the default.
        Parquet = "parquet",
        /// Iceberg tables in an S3 table bucket.
        S3tables = "s3tables",
        /// One column of text.
        Text = "text",
    }
}

impl FileFormat {
    /// What a model is written in that names no format (`dbt/include/glue/macros/adapters.sql`).
    pub const DEFAULT: Self = Self::Parquet;

    /// The format that a spelling stands for when its case is set right: `Iceberg` is not understood, `iceberg` is meant.
    pub fn parse_any_case(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name().eq_ignore_ascii_case(text))
    }

    /// Whether the format keeps its own log of commits, so that rows can be merged into it.
    pub const fn is_transactional(self) -> bool {
        matches!(self, Self::Delta | Self::Hudi | Self::Iceberg | Self::S3tables)
    }

    /// The columns with the time of writing that dbt-glue's own writers add: to Hudi tables, and to Iceberg ones where
    /// `add_iceberg_timestamp` says so (`dbt/adapters/glue/impl.py`, `dbt/include/glue/macros/iceberg_helper.sql`).
    pub const TIMES_OF_WRITING: [&'static str; 2] = ["update_hudi_ts", "update_iceberg_ts"];

    /// The columns that the format puts before those of the query, all of them texts (`HoodieRecord.HOODIE_META_COLUMNS`).
    pub const fn own_columns(self) -> &'static [&'static str] {
        match self {
            Self::Hudi => &[
                "_hoodie_commit_time",
                "_hoodie_commit_seqno",
                "_hoodie_record_key",
                "_hoodie_partition_path",
                "_hoodie_file_name",
            ],
            _ => &[],
        }
    }

    /// Whether relations of this format carry the Iceberg catalog's name in front of the schema
    /// (`dbt/include/glue/macros/utils/make_target_relation.sql`).
    pub const fn has_catalog_prefix(self) -> bool {
        matches!(self, Self::Iceberg | Self::S3tables)
    }

    /// The word that has to stand in `datalake_formats` for the session to know the format.
    pub const fn datalake_format(self) -> Option<&'static str> {
        match self {
            Self::Delta => Some("delta"),
            Self::Hudi => Some("hudi"),
            Self::Iceberg | Self::S3tables => Some("iceberg"),
            Self::Csv
            | Self::Hive
            | Self::Jdbc
            | Self::Json
            | Self::Libsvm
            | Self::Orc
            | Self::Parquet
            | Self::Text => None,
        }
    }
}

words! {
    /// How an incremental model adds to its table on Glue.
    pub enum Strategy {
        /// Insert the new rows.
        Append = "append",
        /// Replace the table, or the partitions that the new rows fall into.
        InsertOverwrite = "insert_overwrite",
        /// Update matching rows and insert the others.
        Merge = "merge",
    }
}

impl Strategy {
    /// Strategies that dbt knows and dbt-glue refuses.
    pub const REFUSED: &'static [&'static str] = &["delete+insert", "microbatch"];
}

words! {
    /// What an incremental model does when the columns of its query differ from those of its table
    /// (`dbt/include/global_project/macros/materializations/models/incremental/on_schema_change.sql`).
    pub enum SchemaChange {
        /// Add columns that are new.
        AppendNewColumns = "append_new_columns",
        /// Stop; dbt-glue never does.
        Fail = "fail",
        /// Nothing.
        Ignore = "ignore",
        /// Add columns that are new, drop those that are gone, change types.
        SyncAllColumns = "sync_all_columns",
    }
}

impl SchemaChange {
    /// Whether dbt-glue adds new columns to the table, on the formats where it acts at all
    /// (`dbt/include/glue/macros/materializations/incremental/incremental.sql`).
    pub const fn adds_columns(self) -> bool {
        matches!(self, Self::AppendNewColumns | Self::SyncAllColumns)
    }

    /// Whether dbt lets an incremental model with an enforced contract have it (`dbt/artifacts/resources/v1/config.py`).
    pub const fn fits_contract(self) -> bool {
        matches!(self, Self::AppendNewColumns | Self::Fail)
    }
}

words! {
    /// How a snapshot finds changed rows; another word calls a macro of the project
    /// (`dbt/include/global_project/macros/materializations/snapshots/strategies.sql`).
    pub enum SnapshotStrategy {
        /// Compare columns.
        Check = "check",
        /// Compare the time of the last change.
        Timestamp = "timestamp",
    }
}

impl SnapshotStrategy {
    /// The config that it needs besides `unique_key` (`dbt/artifacts/resources/v1/snapshot.py`).
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Check => "check_cols",
            Self::Timestamp => "updated_at",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_exact() {
        for format in FileFormat::ALL {
            assert_eq!(FileFormat::parse(format.name()), Some(*format));
        }
        assert_eq!(FileFormat::parse("Iceberg"), None);
        assert_eq!(FileFormat::parse_any_case("Iceberg"), Some(FileFormat::Iceberg));
        assert_eq!(FileFormat::parse_any_case("avro"), None);
        assert_eq!(
            Strategy::parse("insert_overwrite"),
            Some(Strategy::InsertOverwrite)
        );
        assert!(
            Strategy::REFUSED
                .iter()
                .all(|word| Strategy::parse(word).is_none())
        );
    }

    #[test]
    fn python_runs_in_two_materializations() {
        let python: Vec<_> = Materialization::ALL
            .iter()
            .filter(|m| m.languages().contains(&Language::Python) && **m != Materialization::Function)
            .collect();
        assert_eq!(
            python,
            [&Materialization::Incremental, &Materialization::PythonModel]
        );
    }
}
