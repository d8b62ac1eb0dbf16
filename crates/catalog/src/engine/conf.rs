//! What Spark's `conf` has to say for each lake format, and the class names that go wrong most often.

use glueline_base::nearest;

use super::{FileFormat, GlueVersion};

/// A `conf` entry that a format needs.
#[derive(Debug, Clone, Copy)]
pub struct ConfNeed {
    /// The format.
    pub format: FileFormat,
    /// The key; `{catalog}` stands for `custom_iceberg_catalog_namespace`.
    pub key: &'static str,
    /// What its value has to be.
    pub value: ConfValue,
    /// Whether the node fails without it. Otherwise it works by halves; see `why`.
    pub fails_without: bool,
    /// The first Glue release that asks for it.
    pub since: GlueVersion,
    /// The last Glue release that asks for it.
    pub until: GlueVersion,
    /// What goes wrong without it, as a sentence.
    pub why: &'static str,
}

impl ConfNeed {
    /// The key with the catalog's name filled in.
    pub fn key_for(&self, catalog: &str) -> String {
        self.key.replace("{catalog}", catalog)
    }
}

/// What the value of a `conf` entry has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfValue {
    /// Exactly this text.
    Exactly(&'static str),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A comma-separated list that contains this class.
    Includes(&'static str),
    /// Anything that is not empty.
    Anything,
}

impl ConfValue {
    /// Whether a value satisfies it.
    pub fn accepts(self, value: &str) -> bool {
        let value = value.trim();
        match self {
            Self::Exactly(wanted) => value == wanted,
            Self::OneOf(wanted) => wanted.contains(&value),
            Self::Includes(wanted) => value.split(',').any(|part| part.trim() == wanted),
            Self::Anything => !value.is_empty(),
        }
    }

    /// The value to propose, where one is certain.
    pub const fn example(self) -> Option<&'static str> {
        match self {
            Self::Exactly(value) | Self::Includes(value) => Some(value),
            Self::OneOf(values) => values.first().copied(),
            Self::Anything => None,
        }
    }
}

/// Iceberg's extension of Spark's SQL.
pub const ICEBERG_EXTENSIONS: &str = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions";
const ICEBERG_CATALOG: &str = "org.apache.iceberg.spark.SparkCatalog";
const ICEBERG_SESSION_CATALOG: &str = "org.apache.iceberg.spark.SparkSessionCatalog";
const ICEBERG_GLUE_CATALOG: &str = "org.apache.iceberg.aws.glue.GlueCatalog";
const ICEBERG_FILE_IO: &str = "org.apache.iceberg.aws.s3.S3FileIO";
const DELTA_EXTENSION: &str = "io.delta.sql.DeltaSparkSessionExtension";
const DELTA_CATALOG: &str = "org.apache.spark.sql.delta.catalog.DeltaCatalog";
/// Hudi's extension of Spark's SQL.
pub const HUDI_EXTENSION: &str = "org.apache.spark.sql.hudi.HoodieSparkSessionExtension";
const HUDI_CATALOG: &str = "org.apache.spark.sql.hudi.catalog.HoodieCatalog";
const KRYO: &str = "org.apache.spark.serializer.KryoSerializer";
const LOCK_ON_3: &str = "org.apache.iceberg.aws.glue.DynamoLockManager";
const LOCK_ON_4: &str = "org.apache.iceberg.aws.dynamodb.DynamoDbLockManager";

const ALWAYS: ConfNeed = ConfNeed {
    format: FileFormat::Iceberg,
    key: "",
    value: ConfValue::Anything,
    fails_without: true,
    since: GlueVersion::V3_0,
    until: GlueVersion::V5_1,
    why: "",
};

static CONF_NEEDS: &[ConfNeed] = &[
    ConfNeed {
        key: "spark.sql.extensions",
        value: ConfValue::Includes(ICEBERG_EXTENSIONS),
        why: "Spark does not know `MERGE INTO` and `CALL` on Iceberg tables.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}",
        value: ConfValue::OneOf(&[ICEBERG_CATALOG, ICEBERG_SESSION_CATALOG]),
        why: "The catalog that dbt-glue writes in front of the schema does not exist.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}.catalog-impl",
        value: ConfValue::Exactly(ICEBERG_GLUE_CATALOG),
        why: "The catalog does not read the Glue Data Catalog.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}.io-impl",
        value: ConfValue::Exactly(ICEBERG_FILE_IO),
        fails_without: false,
        why: "Files are written through Hadoop's S3 client instead of Iceberg's own.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}.warehouse",
        value: ConfValue::Anything,
        why: "Iceberg refuses to start its catalog: `warehousePath must not be null`.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}.lock-impl",
        value: ConfValue::Exactly(LOCK_ON_3),
        fails_without: false,
        until: GlueVersion::V3_0,
        why: "Two writers of one table can lose each other's commits on Glue 3.0, which has no optimistic locking.",
        ..ALWAYS
    },
    ConfNeed {
        key: "spark.sql.catalog.{catalog}.lock.table",
        value: ConfValue::Anything,
        fails_without: false,
        until: GlueVersion::V3_0,
        why: "The lock manager does not know its DynamoDB table.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::S3tables,
        key: "spark.sql.extensions",
        value: ConfValue::Includes(ICEBERG_EXTENSIONS),
        why: "Spark does not know `MERGE INTO` on S3 tables.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::S3tables,
        key: "spark.sql.catalog.{catalog}",
        value: ConfValue::OneOf(&[ICEBERG_CATALOG, ICEBERG_SESSION_CATALOG]),
        why: "The catalog that dbt-glue writes in front of the schema does not exist.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::S3tables,
        key: "spark.sql.catalog.{catalog}.glue.id",
        value: ConfValue::Anything,
        why: "The catalog reads the account's own Glue catalog and not the S3 table bucket.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::Delta,
        key: "spark.sql.extensions",
        value: ConfValue::Includes(DELTA_EXTENSION),
        why: "Spark does not know Delta's statements.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::Delta,
        key: "spark.sql.catalog.spark_catalog",
        value: ConfValue::Exactly(DELTA_CATALOG),
        why: "Delta tables are created as tables of an unknown provider.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::Hudi,
        key: "spark.serializer",
        value: ConfValue::Exactly(KRYO),
        why: "Hudi asks for Kryo serialization.",
        ..ALWAYS
    },
    ConfNeed {
        format: FileFormat::Hudi,
        key: "spark.sql.hive.convertMetastoreParquet",
        value: ConfValue::Exactly("false"),
        fails_without: false,
        why: "Spark reads the table's Parquet files past Hudi's timeline: old versions of rows show up.",
        ..ALWAYS
    },
];

/// What `conf` has to say for a format on a Glue release.
pub fn conf_needs(format: FileFormat, glue: GlueVersion) -> impl Iterator<Item = &'static ConfNeed> {
    CONF_NEEDS
        .iter()
        .filter(move |need| need.format == format && need.since <= glue && glue <= need.until)
}

/// A Java class that stands in `conf`.
#[derive(Debug, Clone, Copy)]
pub struct ClassName {
    /// The class.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub role: &'static str,
    /// Spellings seen in the wild that no class has.
    pub wrong: &'static [&'static str],
}

static CLASSES: &[ClassName] = &[
    ClassName {
        name: DELTA_EXTENSION,
        role: "Delta's SQL extension",
        wrong: &["io.delta.sql.DeltaSparkSessionExtensions"],
    },
    ClassName {
        name: LOCK_ON_4,
        role: "Iceberg's lock manager on Glue 4.0 and later",
        wrong: &["org.apache.iceberg.aws.glue.DynamoDbLockManager"],
    },
    ClassName {
        name: LOCK_ON_3,
        role: "Iceberg's lock manager on Glue 3.0",
        wrong: &[],
    },
    ClassName {
        name: ICEBERG_GLUE_CATALOG,
        role: "Iceberg's Glue catalog",
        wrong: &["org.apache.iceberg.aws.GlueCatalog"],
    },
    ClassName {
        name: ICEBERG_FILE_IO,
        role: "Iceberg's S3 client",
        wrong: &["org.apache.iceberg.aws.S3FileIO"],
    },
    ClassName {
        name: ICEBERG_CATALOG,
        role: "Iceberg's own Spark catalog",
        wrong: &[],
    },
    ClassName {
        name: ICEBERG_SESSION_CATALOG,
        role: "Iceberg's wrapper of Spark's session catalog",
        wrong: &[],
    },
    ClassName {
        name: ICEBERG_EXTENSIONS,
        role: "Iceberg's SQL extensions",
        wrong: &["org.apache.iceberg.spark.extensions.IcebergSparkSessionExtension"],
    },
    ClassName {
        name: KRYO,
        role: "the Kryo serializer",
        wrong: &[],
    },
    ClassName {
        name: DELTA_CATALOG,
        role: "Delta's Spark catalog",
        wrong: &[],
    },
    ClassName {
        name: HUDI_EXTENSION,
        role: "Hudi's SQL extension",
        wrong: &["org.apache.spark.sql.hudi.HoodieSparkSessionExtensions"],
    },
    ClassName {
        name: HUDI_CATALOG,
        role: "Hudi's Spark catalog",
        wrong: &[],
    },
];

/// Every class that is known, by name.
pub fn classes() -> &'static [ClassName] {
    CLASSES
}

/// The class that a misspelt one most likely means; `None` for a known class and for one that resembles none.
pub fn class_near_miss(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if CLASSES.iter().any(|class| class.name == text) {
        return None;
    }
    if let Some(class) = CLASSES.iter().find(|class| class.wrong.contains(&text)) {
        return Some(class.name);
    }
    // A class outside these packages may exist; only one that differs by a letter or two inside them is a typo.
    let candidate = nearest(text, CLASSES.iter().map(|class| class.name))?;
    let package = |name: &str| name.rsplit_once('.').map(|(package, _)| package.to_owned());
    (package(text) == package(candidate)).then_some(candidate)
}

/// Iceberg's lock manager on a range of Glue releases.
#[derive(Debug, Clone, Copy)]
pub struct LockManager {
    /// The class for `spark.sql.catalog.{catalog}.lock-impl`.
    pub class: &'static str,
    /// The first Glue release it fits.
    pub since: GlueVersion,
    /// The last Glue release it fits.
    pub until: GlueVersion,
    /// Whether Iceberg needs a lock manager there; later releases commit with optimistic locking.
    pub needed: bool,
}

/// The lock manager for each Glue release (Iceberg's AWS module; dbt-glue's README).
pub static LOCK_MANAGERS: [LockManager; 2] = [
    LockManager {
        class: LOCK_ON_3,
        since: GlueVersion::V3_0,
        until: GlueVersion::V3_0,
        needed: true,
    },
    LockManager {
        class: LOCK_ON_4,
        since: GlueVersion::V4_0,
        until: GlueVersion::V5_1,
        needed: false,
    },
];

/// A Delta jar that older instructions put into `extra_py_files`.
#[derive(Debug, Clone, Copy)]
pub struct DeltaJar {
    /// The name of the file.
    pub file: &'static str,
    /// The only Glue release it fits. Later releases ship the library as `delta-spark` and need no jar.
    pub glue: GlueVersion,
}

/// Delta jars by Glue release. None is needed since `datalake_formats: delta` exists.
pub static DELTA_JARS: [DeltaJar; 2] = [
    DeltaJar {
        file: "delta-core_2.12-1.0.0.jar",
        glue: GlueVersion::V3_0,
    },
    DeltaJar {
        file: "delta-core_2.12-2.1.0.jar",
        glue: GlueVersion::V4_0,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_of_a_format() {
        let keys = |format, glue| {
            conf_needs(format, glue)
                .map(|need| need.key_for("gc"))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(FileFormat::Iceberg, GlueVersion::V5_0).len(), 5);
        assert!(
            keys(FileFormat::Iceberg, GlueVersion::V3_0)
                .contains(&"spark.sql.catalog.gc.lock-impl".to_owned())
        );
        assert_eq!(keys(FileFormat::Delta, GlueVersion::V4_0).len(), 2);
        assert!(keys(FileFormat::Parquet, GlueVersion::V4_0).is_empty());
        assert!(
            CONF_NEEDS
                .iter()
                .all(|need| !need.why.is_empty() && need.format.is_transactional())
        );
    }

    #[test]
    fn values() {
        let both = "io.delta.sql.DeltaSparkSessionExtension, org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions";
        assert!(ConfValue::Includes(ICEBERG_EXTENSIONS).accepts(both));
        assert!(
            !ConfValue::Includes(ICEBERG_EXTENSIONS)
                .accepts("org.apache.iceberg.spark.extensions.IcebergSparkSessionExtension")
        );
        assert!(ConfValue::Exactly("false").accepts(" false "));
        assert!(!ConfValue::Anything.accepts(" "));
        assert_eq!(ConfValue::Anything.example(), None);
    }

    #[test]
    fn near_misses_of_classes() {
        for class in classes() {
            assert_eq!(class_near_miss(class.name), None);
            for wrong in class.wrong {
                assert_eq!(class_near_miss(wrong), Some(class.name));
                assert!(classes().iter().all(|other| other.name != *wrong));
            }
        }
        assert_eq!(
            class_near_miss("org.apache.spark.serializer.KryoSerialiser"),
            Some(KRYO)
        );
        assert_eq!(class_near_miss("com.example.MyExtensions"), None);
        assert_eq!(class_near_miss(""), None);
        assert!(classes().windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn lock_managers_do_not_overlap() {
        let [old, new] = &LOCK_MANAGERS;
        assert!(old.until < new.since && old.needed && !new.needed);
        assert!(DELTA_JARS.iter().all(|jar| jar.glue < GlueVersion::V5_0));
    }
}
