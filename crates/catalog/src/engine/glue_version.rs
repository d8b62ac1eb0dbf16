//! Glue runtimes: what Spark, Python and lake formats each release brings.

use crate::words::words;

use super::FileFormat;

words! {
    /// A Glue release that dbt-glue projects are seen on. Other well-formed texts are passed through to AWS.
    pub enum GlueVersion {
        /// Spark 2.4; sessions ask for something greater than 2.0.
        V2_0 = "2.0",
        /// Spark 3.1.
        V3_0 = "3.0",
        /// Spark 3.3.
        V4_0 = "4.0",
        /// Spark 3.5; the default of dbt-glue since 1.9.0.
        V5_0 = "5.0",
        /// Spark 3.5 with Hudi 1.0.
        V5_1 = "5.1",
    }
}

/// What a Glue release consists of, after AWS's release notes for Glue versions.
#[derive(Debug, Clone, Copy)]
pub struct GlueRuntime {
    /// The release.
    pub version: GlueVersion,
    /// Apache Spark's version.
    pub spark: &'static str,
    /// Python's version inside the session.
    pub python: &'static str,
    /// Apache Hudi's version when `datalake_formats` names it.
    pub hudi: Option<&'static str>,
    /// Delta Lake's version when `datalake_formats` names it.
    pub delta: Option<&'static str>,
    /// Apache Iceberg's version when `datalake_formats` names it.
    pub iceberg: Option<&'static str>,
    /// What the release means for dbt-glue.
    pub note: &'static str,
}

static RUNTIMES: [GlueRuntime; 5] = [
    GlueRuntime {
        version: GlueVersion::V2_0,
        spark: "2.4.3",
        python: "3.7",
        hudi: None,
        delta: None,
        iceberg: None,
        note: "Interactive sessions ask for a Glue version greater than 2.0; none can be started any more.",
    },
    GlueRuntime {
        version: GlueVersion::V3_0,
        spark: "3.1.1",
        python: "3.7",
        hudi: Some("0.10"),
        delta: Some("1.0.0"),
        iceberg: Some("0.13"),
        note: "Iceberg needs a DynamoDB lock manager, and Delta cannot overwrite partitions dynamically. \
               Auto scaling and the worker types G.4X and G.8X start here.",
    },
    GlueRuntime {
        version: GlueVersion::V4_0,
        spark: "3.3.0",
        python: "3.10",
        hudi: Some("0.12"),
        delta: Some("2.1.0"),
        iceberg: Some("1.0"),
        note: "Iceberg commits with Glue's optimistic locking; a lock manager is optional. Spark refuses to create a \
               table in a directory that is not empty.",
    },
    GlueRuntime {
        version: GlueVersion::V5_0,
        spark: "3.5.4",
        python: "3.11",
        hudi: Some("0.15"),
        delta: Some("3.3"),
        iceberg: Some("1.7"),
        note: "The default of dbt-glue since 1.9.0.",
    },
    GlueRuntime {
        version: GlueVersion::V5_1,
        spark: "3.5.6",
        python: "3.11",
        hudi: Some("1.0.2"),
        delta: Some("3.3.2"),
        iceberg: Some("1.10"),
        note: "Passed through by dbt-glue like any other text.",
    },
];

impl GlueRuntime {
    /// The first two numbers of Spark's version.
    pub fn spark_release(&self) -> (u8, u8) {
        let mut numbers = self.spark.split('.').map_while(|number| number.parse().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

impl GlueVersion {
    /// The default of `glue_version` in dbt-glue 1.9.0 and later (`dbt/adapters/glue/credentials.py`).
    pub const DEFAULT: Self = Self::V5_0;

    /// Every known release, oldest first.
    pub fn runtimes() -> &'static [GlueRuntime] {
        &RUNTIMES
    }

    /// What the release consists of.
    pub fn runtime(self) -> &'static GlueRuntime {
        let [v2, v3, v4, v5, v51] = &RUNTIMES;
        match self {
            Self::V2_0 => v2,
            Self::V3_0 => v3,
            Self::V4_0 => v4,
            Self::V5_0 => v5,
            Self::V5_1 => v51,
        }
    }

    /// Whether `datalake_formats` alone brings the format into a session of this release.
    pub fn brings(self, format: FileFormat) -> bool {
        let runtime = self.runtime();
        match format.datalake_format() {
            Some("hudi") => runtime.hudi.is_some(),
            Some("delta") => runtime.delta.is_some(),
            Some("iceberg") => runtime.iceberg.is_some(),
            _ => true,
        }
    }

    /// Whether a text has the shape that AWS asks of `GlueVersion`: words joined by dots, at least two of them, or
    /// `auto` (pattern `^((\w+\.)+\w+|auto)$` of the service model).
    pub fn is_well_formed(text: &str) -> bool {
        if text == "auto" {
            return true;
        }
        let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        text.contains('.') && text.split('.').all(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtimes_stand_under_their_own_version() {
        for version in GlueVersion::ALL {
            assert!(version.runtime().spark_release() >= (2, 4));
            assert_eq!(version.runtime().version, *version);
        }
        assert!(GlueVersion::V4_0 > GlueVersion::V3_0);
    }

    #[test]
    fn shapes_of_versions() {
        for good in ["4.0", "5.1", "6.0", "auto", "1.0.1"] {
            assert!(GlueVersion::is_well_formed(good), "{good}");
        }
        for bad in ["5", "", ".", "4.", "4.0 ", "latest", "4..0"] {
            assert!(!GlueVersion::is_well_formed(bad), "{bad}");
        }
    }

    #[test]
    fn formats_come_with_versions() {
        assert!(!GlueVersion::V2_0.brings(FileFormat::Iceberg));
        assert!(GlueVersion::V2_0.brings(FileFormat::Parquet));
        assert!(GlueVersion::V3_0.brings(FileFormat::Hudi));
    }
}
