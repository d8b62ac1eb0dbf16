//! Worker types: size, price weight and where each may be used.

use crate::words::words;

use super::GlueVersion;

words! {
    /// A worker type that `CreateSession` accepts.
    pub enum WorkerType {
        /// A quarter of a DPU, for streaming jobs.
        G025X = "G.025X",
        /// Twelve DPUs.
        G12X = "G.12X",
        /// Sixteen DPUs.
        G16X = "G.16X",
        /// One DPU.
        G1X = "G.1X",
        /// Two DPUs.
        G2X = "G.2X",
        /// Four DPUs.
        G4X = "G.4X",
        /// Eight DPUs.
        G8X = "G.8X",
        /// One memory-optimised DPU.
        R1X = "R.1X",
        /// Two memory-optimised DPUs.
        R2X = "R.2X",
        /// Four memory-optimised DPUs.
        R4X = "R.4X",
        /// Eight memory-optimised DPUs.
        R8X = "R.8X",
        /// The worker of Glue 0.9 and 1.0.
        Standard = "Standard",
        /// Ray.
        Z2X = "Z.2X",
    }
}

/// Size and use of a worker type (documentation of `WorkerType` in the Glue service model; `Standard` in the
/// Glue developer guide).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkerFacts {
    /// Virtual CPUs of one worker.
    pub vcpus: u16,
    /// Memory of one worker in GB.
    pub memory_gb: u16,
    /// Disk of one worker in GB, where the service model states it.
    pub disk_gb: Option<u16>,
    /// Hundredths of a DPU (or memory-optimised DPU) that one worker is billed as.
    pub centi_dpu: u32,
    /// Whether DPUs are memory-optimised ones, which have a price of their own.
    pub memory_optimised: bool,
    /// The first Glue release that has it.
    pub since: Option<GlueVersion>,
    /// Whether a Spark session may use it; the reason where it may not.
    pub unusable: Option<&'static str>,
}

impl WorkerType {
    /// Size and use.
    pub const fn facts(self) -> WorkerFacts {
        match self {
            Self::G025X => WorkerFacts {
                unusable: Some("it is for streaming jobs"),
                ..spark(2, 4, 84, 25, Some(GlueVersion::V3_0))
            },
            Self::G1X => spark(4, 16, 94, 100, None),
            Self::G2X => spark(8, 32, 138, 200, None),
            Self::G4X => spark(16, 64, 256, 400, Some(GlueVersion::V3_0)),
            Self::G8X => spark(32, 128, 512, 800, Some(GlueVersion::V3_0)),
            Self::G12X => spark(48, 192, 768, 1200, Some(GlueVersion::V4_0)),
            Self::G16X => spark(64, 256, 1024, 1600, Some(GlueVersion::V4_0)),
            Self::R1X => memory(spark(4, 32, 94, 100, Some(GlueVersion::V4_0))),
            Self::R2X => memory(spark(8, 64, 138, 200, Some(GlueVersion::V4_0))),
            Self::R4X => memory(spark(16, 128, 256, 400, Some(GlueVersion::V4_0))),
            Self::R8X => memory(spark(32, 256, 512, 800, Some(GlueVersion::V4_0))),
            Self::Standard => WorkerFacts {
                disk_gb: None,
                unusable: Some("it belongs to Glue 0.9 and 1.0"),
                ..spark(4, 16, 0, 100, None)
            },
            Self::Z2X => WorkerFacts {
                unusable: Some("it is for Ray"),
                ..memory(spark(8, 64, 128, 200, None))
            },
        }
    }
}

const fn spark(
    vcpus: u16,
    memory_gb: u16,
    disk_gb: u16,
    centi_dpu: u32,
    since: Option<GlueVersion>,
) -> WorkerFacts {
    WorkerFacts {
        vcpus,
        memory_gb,
        disk_gb: Some(disk_gb),
        centi_dpu,
        memory_optimised: false,
        since,
        unusable: None,
    }
}

const fn memory(facts: WorkerFacts) -> WorkerFacts {
    WorkerFacts {
        memory_optimised: true,
        ..facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dpu_is_four_cpus() {
        for worker in WorkerType::ALL {
            let facts = worker.facts();
            if *worker != WorkerType::G025X {
                assert_eq!(u32::from(facts.vcpus) * 25, facts.centi_dpu, "{worker}");
            }
            assert_eq!(WorkerType::parse(worker.name()), Some(*worker));
        }
        assert_eq!(WorkerType::parse("g.1x"), None);
    }

    #[test]
    fn three_are_no_spark_workers() {
        let unusable: Vec<_> = WorkerType::ALL
            .iter()
            .filter(|w| w.facts().unusable.is_some())
            .map(|w| w.name())
            .collect();
        assert_eq!(unusable, ["G.025X", "Standard", "Z.2X"]);
    }
}
