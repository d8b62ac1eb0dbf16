//! The commands of dbt that run nodes.

use glueline_project::ResourceType;

/// A command of dbt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Command {
    /// `dbt run`: models.
    #[default]
    Run,
    /// `dbt seed`: seeds.
    Seed,
    /// `dbt snapshot`: snapshots.
    Snapshot,
    /// `dbt test`: data tests and unit tests.
    Test,
    /// `dbt build`: all of these, each node after the tests of what it reads. Exposures are taken up, too, and nothing is done.
    Build,
    /// `dbt compile`: no node is made, but queries that templates ask are sent.
    Compile,
}

impl Command {
    /// As dbt spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Test => "test",
            Self::Build => "build",
            Self::Compile => "compile",
        }
    }

    /// Whether the command takes up nodes of a kind (`resource_types` of the tasks in `dbt/task`).
    pub const fn takes(self, kind: ResourceType) -> bool {
        match self {
            Self::Run => matches!(kind, ResourceType::Model),
            Self::Seed => matches!(kind, ResourceType::Seed),
            Self::Snapshot => matches!(kind, ResourceType::Snapshot),
            Self::Test => matches!(kind, ResourceType::Test | ResourceType::UnitTest),
            Self::Build => matches!(
                kind,
                ResourceType::Model
                    | ResourceType::Seed
                    | ResourceType::Snapshot
                    | ResourceType::Test
                    | ResourceType::UnitTest
                    | ResourceType::Exposure
            ),
            Self::Compile => matches!(
                kind,
                ResourceType::Model
                    | ResourceType::Seed
                    | ResourceType::Snapshot
                    | ResourceType::Test
                    | ResourceType::Analysis
            ),
        }
    }

    /// Whether nodes are made, and hooks of the run with them.
    pub const fn makes(self) -> bool {
        !matches!(self, Self::Compile)
    }

    /// Whether the hooks of a run are run.
    pub const fn has_hooks(self) -> bool {
        !matches!(self, Self::Compile)
    }
}
