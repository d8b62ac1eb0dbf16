//! Which combinations of materialization, language, format and strategy dbt-glue refuses, and in which words.

use super::{FileFormat, Language, Materialization, Strategy};

/// What a node asks for. Texts are as written; `None` where nothing is set in any layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// How the node is built.
    pub materialization: Materialization,
    /// The language it is written in.
    pub language: Language,
    /// `file_format` as written.
    pub file_format: Option<&'a str>,
    /// `incremental_strategy` as written.
    pub strategy: Option<&'a str>,
    /// Whether `unique_key` is set to something.
    pub has_unique_key: bool,
}

/// When a refusal strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// On each run, before anything is sent.
    EachRun,
    /// Only once the target exists: the first run succeeds.
    SecondRun,
}

/// What has to hold, beside materialization and language, for a refusal to strike.
#[derive(Debug, Clone, Copy)]
pub enum Condition {
    /// Nothing more.
    Always,
    /// The format is not one of these; an unset one counts as `parquet`.
    FormatNotIn(&'static [FileFormat]),
    /// The format is this one.
    FormatIs(FileFormat),
    /// The strategy is not one of these; an unset one is none of them.
    StrategyNotIn(&'static [Strategy]),
    /// The strategy is the first and the format none of the second.
    StrategyNeedsFormat(Strategy, &'static [FileFormat]),
    /// The format is this one and there is no `unique_key`.
    FormatNeedsUniqueKey(FileFormat),
}

/// A refused cell of the matrix.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// A stable handle: `incremental-format`.
    pub id: &'static str,
    /// The materializations it is about.
    pub materializations: &'static [Materialization],
    /// The languages it is about.
    pub languages: &'static [Language],
    /// What else has to hold.
    pub condition: Condition,
    /// When it strikes.
    pub moment: Moment,
    /// What dbt prints. `{materialization}`, `{language}`, `{file_format}` and `{strategy}` stand for what was asked.
    pub message: &'static str,
    /// Where upstream says so.
    pub source: &'static str,
}

const SQL: &[Language] = &[Language::Sql];
const BOTH: &[Language] = &[Language::Sql, Language::Python];
const VALIDATE: &str = "dbt/include/glue/macros/materializations/incremental/validate.sql";
const INCREMENTAL: &str = "dbt/include/glue/macros/materializations/incremental/incremental.sql";
const SNAPSHOT: &str = "dbt/include/glue/macros/materializations/snapshot.sql";
const RUN: &str = "dbt/task/run.py";

/// The formats that snapshots accept.
pub(crate) const SNAPSHOT_FORMATS: &[FileFormat] =
    &[FileFormat::Delta, FileFormat::Iceberg, FileFormat::Hudi];

/// The formats that rows can be merged into.
pub(crate) const MERGE_FORMATS: &[FileFormat] = &[
    FileFormat::Delta,
    FileFormat::Iceberg,
    FileFormat::Hudi,
    FileFormat::S3tables,
];

/// In the order in which dbt and the adapter test them, so that the first that holds is the one a user sees.
static REFUSALS: &[Refusal] = &[
    Refusal {
        id: "python-materialization",
        // Nothing runs an ephemeral model: its text is put into its readers, Python or not.
        materializations: &[
            Materialization::MaterializedView,
            Materialization::Table,
            Materialization::View,
        ],
        languages: &[Language::Python],
        condition: Condition::Always,
        moment: Moment::EachRun,
        message: "Materialization \"materialization_{materialization}_glue\" only supports languages ['sql']; got \"python\"",
        source: RUN,
    },
    Refusal {
        id: "sql-python-model",
        materializations: &[Materialization::PythonModel],
        languages: SQL,
        condition: Condition::Always,
        moment: Moment::EachRun,
        message: "Materialization \"materialization_python_model_glue\" only supports languages ['python']; got \"sql\"",
        source: RUN,
    },
    Refusal {
        id: "materialized-view",
        materializations: &[Materialization::MaterializedView],
        languages: SQL,
        condition: Condition::Always,
        moment: Moment::EachRun,
        message: "`get_create_materialized_view_as_sql` has not been implemented for this adapter.",
        source: "dbt/include/global_project/macros/relations/materialized_view/create.sql",
    },
    Refusal {
        id: "unit-test",
        materializations: &[Materialization::Unit],
        languages: SQL,
        condition: Condition::Always,
        moment: Moment::EachRun,
        message: "'NoneType' object is not iterable",
        source: "dbt/include/global_project/macros/materializations/tests/unit.sql",
    },
    Refusal {
        id: "incremental-format",
        materializations: &[Materialization::Incremental],
        languages: BOTH,
        condition: Condition::FormatNotIn(FileFormat::ALL),
        moment: Moment::EachRun,
        message: "Invalid file format provided: {file_format}\n    Expected one of: text, csv, json, jdbc, parquet, orc, \
                  hive, delta, iceberg, libsvm, hudi, s3tables",
        source: VALIDATE,
    },
    Refusal {
        id: "incremental-strategy",
        materializations: &[Materialization::Incremental],
        languages: BOTH,
        condition: Condition::StrategyNotIn(Strategy::ALL),
        moment: Moment::EachRun,
        message: "Invalid incremental strategy provided: {strategy}\n    Expected one of: 'append', 'merge', \
                  'insert_overwrite'",
        source: VALIDATE,
    },
    Refusal {
        id: "merge-format",
        materializations: &[Materialization::Incremental],
        languages: BOTH,
        condition: Condition::StrategyNeedsFormat(Strategy::Merge, MERGE_FORMATS),
        moment: Moment::EachRun,
        message: "Invalid incremental strategy provided: {strategy}\n    You can only choose this strategy when \
                  file_format is set to 'delta' or 'iceberg' or 'hudi' or 's3tables'",
        source: VALIDATE,
    },
    Refusal {
        id: "hudi-unique-key",
        materializations: &[Materialization::Incremental],
        languages: BOTH,
        condition: Condition::FormatNeedsUniqueKey(FileFormat::Hudi),
        moment: Moment::EachRun,
        message: "unique_key model configuration is required for HUDI incremental materializations.",
        source: INCREMENTAL,
    },
    Refusal {
        id: "snapshot-format",
        materializations: &[Materialization::Snapshot],
        languages: SQL,
        condition: Condition::FormatNotIn(SNAPSHOT_FORMATS),
        moment: Moment::EachRun,
        message: "Invalid file format: {file_format}\n      Snapshot functionality requires file_format be set to 'delta' \
                  or 'iceberg' or 'hudi'",
        source: SNAPSHOT,
    },
    Refusal {
        id: "snapshot-hudi-again",
        materializations: &[Materialization::Snapshot],
        languages: SQL,
        condition: Condition::FormatIs(FileFormat::Hudi),
        moment: Moment::SecondRun,
        message: "The existing table is in another format than 'delta' or 'iceberg' or 'hudi'",
        source: SNAPSHOT,
    },
];

/// Every refused cell, in the order in which upstream tests them.
pub fn refusals() -> &'static [Refusal] {
    REFUSALS
}

/// The first refusal that strikes a choice; `None` where dbt-glue lets it through.
pub fn refused(choice: &Choice<'_>) -> Option<&'static Refusal> {
    REFUSALS.iter().find(|refusal| refusal.strikes(choice))
}

impl Refusal {
    /// The message with what was asked filled in, as dbt prints it.
    pub fn text(&self, choice: &Choice<'_>) -> String {
        self.message
            .replace("{materialization}", choice.materialization.name())
            .replace("{language}", choice.language.name())
            .replace(
                "{file_format}",
                choice.file_format.unwrap_or(FileFormat::Parquet.name()),
            )
            .replace("{strategy}", choice.strategy.unwrap_or("None"))
    }

    fn strikes(&self, choice: &Choice<'_>) -> bool {
        if !self.materializations.contains(&choice.materialization)
            || !self.languages.contains(&choice.language)
        {
            return false;
        }
        let format = FileFormat::parse(choice.file_format.unwrap_or(FileFormat::Parquet.name()));
        let strategy = choice.strategy.and_then(Strategy::parse);
        let format_in = |formats: &[FileFormat]| format.is_some_and(|format| formats.contains(&format));
        match self.condition {
            Condition::Always => true,
            Condition::FormatNotIn(formats) => !format_in(formats),
            Condition::FormatIs(wanted) => format == Some(wanted),
            Condition::StrategyNotIn(strategies) => {
                !strategy.is_some_and(|strategy| strategies.contains(&strategy))
            }
            Condition::StrategyNeedsFormat(wanted, formats) => {
                strategy == Some(wanted) && !format_in(formats)
            }
            Condition::FormatNeedsUniqueKey(wanted) => format == Some(wanted) && !choice.has_unique_key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(
        materialization: Materialization,
        language: Language,
        format: &str,
        strategy: &str,
        key: bool,
    ) -> &'static str {
        let set = |text: &'static str| (!text.is_empty()).then_some(text);
        let (format, strategy): (String, String) = (format.into(), strategy.into());
        let choice = Choice {
            materialization,
            language,
            file_format: set(format.leak()),
            strategy: set(strategy.leak()),
            has_unique_key: key,
        };
        refused(&choice).map_or("", |refusal| refusal.id)
    }

    #[test]
    fn cells() {
        use Language::{Python, Sql};
        use Materialization::{
            Ephemeral, Incremental, MaterializedView, PythonModel, Seed, Snapshot, Table, Unit, View,
        };
        let cases = [
            (Incremental, Sql, "", "", false, "incremental-strategy"),
            (Incremental, Sql, "", "append", false, ""),
            (Incremental, Sql, "parquet", "insert_overwrite", false, ""),
            (Incremental, Sql, "parquet", "merge", true, "merge-format"),
            (Incremental, Sql, "", "merge", true, "merge-format"),
            (Incremental, Sql, "iceberg", "merge", false, ""),
            (Incremental, Sql, "Iceberg", "merge", true, "incremental-format"),
            (Incremental, Sql, "avro", "microbatch", true, "incremental-format"),
            (
                Incremental,
                Sql,
                "delta",
                "microbatch",
                true,
                "incremental-strategy",
            ),
            (
                Incremental,
                Sql,
                "delta",
                "delete+insert",
                true,
                "incremental-strategy",
            ),
            (Incremental, Sql, "hudi", "append", false, "hudi-unique-key"),
            (Incremental, Sql, "hudi", "append", true, ""),
            (Incremental, Python, "iceberg", "merge", true, ""),
            (Snapshot, Sql, "", "", true, "snapshot-format"),
            (Snapshot, Sql, "s3tables", "", true, "snapshot-format"),
            (Snapshot, Sql, "hudi", "", true, "snapshot-hudi-again"),
            (Snapshot, Sql, "iceberg", "", true, ""),
            (Table, Sql, "anything", "nonsense", false, ""),
            (Table, Python, "", "", false, "python-materialization"),
            (Ephemeral, Python, "", "", false, ""),
            (PythonModel, Sql, "", "", false, "sql-python-model"),
            (PythonModel, Python, "", "", false, ""),
            (MaterializedView, Sql, "", "", false, "materialized-view"),
            (Unit, Sql, "", "", false, "unit-test"),
            (View, Sql, "iceberg", "", false, ""),
            (Seed, Sql, "whatever", "", false, ""),
        ];
        for (materialization, language, format, strategy, key, expected) in cases {
            let found = id(materialization, language, format, strategy, key);
            assert_eq!(
                found, expected,
                "{materialization} {language} {format} {strategy} {key}"
            );
        }
    }

    #[test]
    fn messages_are_dbts() {
        let choice = Choice {
            materialization: Materialization::Incremental,
            language: Language::Sql,
            file_format: None,
            strategy: None,
            has_unique_key: false,
        };
        let refusal = refused(&choice).unwrap();
        assert_eq!(
            refusal.text(&choice),
            "Invalid incremental strategy provided: None\n    Expected one of: 'append', 'merge', 'insert_overwrite'"
        );
        assert!(refusals().iter().all(|refusal| {
            let text = refusal.text(&choice);
            !text.contains('{') && !refusal.source.is_empty()
        }));
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = REFUSALS.iter().map(|refusal| refusal.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), REFUSALS.len());
    }
}
