//! Where a key may stand.

use crate::ResourceType;
use crate::words::words;

words! {
    /// A place where keys are looked up: a mapping of some file, or of a part of it.
    pub enum Scope {
        /// An output of type `glue` in `profiles.yml`.
        ProfileOutput = "profile output",
        /// A profile in `profiles.yml`: what holds `outputs` and `target`.
        Profile = "profile",
        /// The top level of `dbt_project.yml`.
        ProjectFile = "dbt_project.yml",
        /// `flags:` of `dbt_project.yml`.
        Flags = "flags",
        /// `quoting:` of `dbt_project.yml`.
        ProjectQuoting = "project quoting",
        /// An item of `dispatch:`.
        Dispatch = "dispatch",
        /// `query-comment:` written as a mapping.
        QueryComment = "query-comment",
        /// `warn_error_options:` among the flags.
        WarnErrorOptions = "warn_error_options",
        /// The top level of `packages.yml`.
        PackagesFile = "packages.yml",
        /// The top level of `dependencies.yml`.
        DependenciesFile = "dependencies.yml",
        /// An item of `packages:`.
        Package = "package",
        /// An item of `projects:` in `dependencies.yml`.
        ProjectDependency = "project dependency",
        /// The top level of `selectors.yml`.
        SelectorsFile = "selectors.yml",
        /// An item of `selectors:`.
        Selector = "selector",
        /// The `definition:` of a selector, and every mapping nested in it.
        SelectorDefinition = "selector definition",
        /// The top level of a properties file.
        PropertiesFile = "properties file",
        /// Configs of a model.
        ModelConfig = "model config",
        /// Configs of a seed.
        SeedConfig = "seed config",
        /// Configs of a snapshot.
        SnapshotConfig = "snapshot config",
        /// Configs of a source or a table of one.
        SourceConfig = "source config",
        /// Configs of a data test.
        TestConfig = "data test config",
        /// Configs of a unit test.
        UnitTestConfig = "unit test config",
        /// Configs of an exposure.
        ExposureConfig = "exposure config",
        /// Configs of an analysis.
        AnalysisConfig = "analysis config",
        /// Configs of a macro.
        MacroConfig = "macro config",
        /// Configs of a group.
        GroupConfig = "group config",
        /// Configs of a metric.
        MetricConfig = "metric config",
        /// Configs of a semantic model.
        SemanticModelConfig = "semantic model config",
        /// Configs of a saved query.
        SavedQueryConfig = "saved query config",
        /// Configs of a function.
        FunctionConfig = "function config",
        /// Configs of a column.
        ColumnConfig = "column config",
        /// Properties of a model.
        Model = "model",
        /// Properties of a version of a model.
        ModelVersion = "model version",
        /// Properties of a column.
        Column = "column",
        /// Properties of a seed.
        Seed = "seed",
        /// Properties of a snapshot.
        Snapshot = "snapshot",
        /// Properties of a source.
        Source = "source",
        /// Properties of a table of a source.
        SourceTable = "source table",
        /// Properties of a macro.
        Macro = "macro",
        /// An item of a macro's `arguments:`.
        MacroArgument = "macro argument",
        /// Properties of an exposure.
        Exposure = "exposure",
        /// Properties of an analysis.
        Analysis = "analysis",
        /// Properties of a group.
        Group = "group",
        /// `owner:` of an exposure or a group.
        Owner = "owner",
        /// Properties of a unit test.
        UnitTest = "unit test",
        /// An item of a unit test's `given:`.
        UnitTestInput = "unit test input",
        /// A unit test's `expect:`.
        UnitTestOutput = "unit test output",
        /// A unit test's `overrides:`.
        UnitTestOverrides = "unit test overrides",
        /// A unit test's `versions:`.
        UnitTestVersions = "unit test versions",
        /// Properties of a singular data test.
        SingularTest = "singular test",
        /// What stands below the name of a generic data test, beside the test's own arguments.
        DataTest = "data test",
        /// Properties of a metric.
        Metric = "metric",
        /// Properties of a semantic model.
        SemanticModel = "semantic model",
        /// Properties of a saved query.
        SavedQuery = "saved query",
        /// Properties of a function.
        Function = "function",
        /// `freshness:` of a source.
        Freshness = "freshness",
        /// `warn_after:` or `error_after:`.
        FreshnessTime = "freshness time",
        /// `freshness:` of a model.
        ModelFreshness = "model freshness",
        /// `build_after:` of a model's freshness.
        BuildAfter = "build_after",
        /// `external:` of a source table.
        External = "external",
        /// `quoting:` of a source or a node.
        Quoting = "quoting",
        /// An item of `constraints:`.
        Constraint = "constraint",
        /// `time_spine:` of a model.
        TimeSpine = "time_spine",
        /// `docs:`.
        Docs = "docs",
        /// `contract:`.
        Contract = "contract",
        /// `persist_docs:`.
        PersistDocs = "persist_docs",
        /// A hook written as a mapping.
        Hook = "hook",
        /// `latest_version_pointer:`.
        LatestVersionPointer = "latest_version_pointer",
        /// `snapshot_meta_column_names:`.
        SnapshotColumns = "snapshot_meta_column_names",
        /// `lf_tags_config:`.
        LfTags = "lf_tags_config",
        /// `lf_grants:`.
        LfGrants = "lf_grants",
        /// `data_cell_filters:` of `lf_grants`.
        DataCellFilters = "data_cell_filters",
        /// One filter below `data_cell_filters.filters`.
        DataCellFilter = "data cell filter",
    }
}

impl Scope {
    /// Where the configs of a resource type are looked up.
    pub const fn config_of(resource: ResourceType) -> Option<Self> {
        Some(match resource {
            ResourceType::Analysis => Self::AnalysisConfig,
            ResourceType::Exposure => Self::ExposureConfig,
            ResourceType::Function => Self::FunctionConfig,
            ResourceType::Group => Self::GroupConfig,
            ResourceType::Macro => Self::MacroConfig,
            ResourceType::Metric => Self::MetricConfig,
            ResourceType::Model => Self::ModelConfig,
            ResourceType::SavedQuery => Self::SavedQueryConfig,
            ResourceType::Seed => Self::SeedConfig,
            ResourceType::SemanticModel => Self::SemanticModelConfig,
            ResourceType::Snapshot => Self::SnapshotConfig,
            ResourceType::Source => Self::SourceConfig,
            ResourceType::Test => Self::TestConfig,
            ResourceType::UnitTest => Self::UnitTestConfig,
            ResourceType::Operation => return None,
        })
    }

    /// Where the properties of a resource type are looked up in a properties file.
    pub const fn properties_of(resource: ResourceType) -> Option<Self> {
        Some(match resource {
            ResourceType::Analysis => Self::Analysis,
            ResourceType::Exposure => Self::Exposure,
            ResourceType::Function => Self::Function,
            ResourceType::Group => Self::Group,
            ResourceType::Macro => Self::Macro,
            ResourceType::Metric => Self::Metric,
            ResourceType::Model => Self::Model,
            ResourceType::SavedQuery => Self::SavedQuery,
            ResourceType::Seed => Self::Seed,
            ResourceType::SemanticModel => Self::SemanticModel,
            ResourceType::Snapshot => Self::Snapshot,
            ResourceType::Source => Self::Source,
            ResourceType::Test => Self::SingularTest,
            ResourceType::UnitTest => Self::UnitTest,
            ResourceType::Operation => return None,
        })
    }

    /// The scope of the keys below the key `config` of this one.
    pub const fn configs_below(self) -> Option<Self> {
        Some(match self {
            Self::Model | Self::ModelVersion => Self::ModelConfig,
            Self::Seed => Self::SeedConfig,
            Self::Snapshot => Self::SnapshotConfig,
            Self::Source | Self::SourceTable => Self::SourceConfig,
            Self::DataTest | Self::SingularTest => Self::TestConfig,
            Self::UnitTest => Self::UnitTestConfig,
            Self::Exposure => Self::ExposureConfig,
            Self::Analysis => Self::AnalysisConfig,
            Self::Macro => Self::MacroConfig,
            Self::Group => Self::GroupConfig,
            Self::Metric => Self::MetricConfig,
            Self::SemanticModel => Self::SemanticModelConfig,
            Self::SavedQuery => Self::SavedQueryConfig,
            Self::Function => Self::FunctionConfig,
            Self::Column => Self::ColumnConfig,
            _ => return None,
        })
    }

    /// Whether dbt refuses a file for a key that it does not know here: the classes of `dbt/contracts/graph/unparsed.py`
    /// and `dbt/contracts/project.py` whose JSON schema allows no additional properties.
    pub const fn refuses_unknown_keys(self) -> bool {
        matches!(
            self,
            Self::ProjectFile
                | Self::QueryComment
                | Self::PackagesFile
                | Self::Package
                | Self::Source
                | Self::ModelVersion
                | Self::Exposure
                | Self::Group
                | Self::UnitTest
                | Self::UnitTestInput
                | Self::UnitTestOutput
                | Self::UnitTestOverrides
                | Self::UnitTestVersions
                | Self::MacroArgument
                | Self::Docs
        )
    }

    /// Whether keys that the catalogue does not know have a meaning here: packages and macros of the project may read
    /// configs of their own, and a data test has its own arguments.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::ModelConfig
                | Self::SeedConfig
                | Self::SnapshotConfig
                | Self::SourceConfig
                | Self::TestConfig
                | Self::UnitTestConfig
                | Self::ExposureConfig
                | Self::AnalysisConfig
                | Self::MacroConfig
                | Self::GroupConfig
                | Self::MetricConfig
                | Self::SemanticModelConfig
                | Self::SavedQueryConfig
                | Self::FunctionConfig
                | Self::ColumnConfig
                | Self::DataTest
                | Self::External
                | Self::Owner
                | Self::SelectorDefinition
        )
    }
}
