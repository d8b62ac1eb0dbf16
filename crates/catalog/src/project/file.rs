//! The top level of `dbt_project.yml`. dbt refuses keys that it does not know, and `model_paths` for `model-paths` too.

use crate::{KeySpec, Merge, Scope, Template, ValueType, sources};

const TOP: KeySpec = KeySpec {
    scopes: &[Scope::ProjectFile],
    merge: Merge::Clobber,
    source: sources::PROJECT,
    ..KeySpec::PLAIN
};

const PATHS: KeySpec = KeySpec {
    value: ValueType::Texts,
    nullable: true,
    ..TOP
};

/// Configs by folder, for one resource type.
const TREE: KeySpec = KeySpec {
    value: ValueType::Mapping,
    default: "{}",
    ..TOP
};

const TREE_BODY: &str = "Keys are package names, then folders and file names; configs stand among them, with a `+` in front \
                         so that they cannot be taken for a folder. A folder that does not exist draws a warning.";

const QUOTING: KeySpec = KeySpec {
    scopes: &[Scope::ProjectQuoting],
    value: ValueType::Bool,
    nullable: true,
    ..TOP
};

const COMMENT: KeySpec = KeySpec {
    scopes: &[Scope::QueryComment],
    source: "dbt/adapters/contracts/connection.py",
    ..TOP
};

pub(crate) static FILE: &[KeySpec] = &[
    KeySpec {
        name: "analyses",
        summary: "Configs of analyses",
        body: TREE_BODY,
        example: "analyses: {shop: {+enabled: true}}",
        ..TREE
    },
    KeySpec {
        name: "analysis-paths",
        default: "[analyses]",
        summary: "Folders with analyses",
        body: "Relative to the project.",
        example: "analysis-paths: [analyses]",
        ..PATHS
    },
    KeySpec {
        name: "append",
        value: ValueType::Bool,
        nullable: true,
        default: "false",
        summary: "Put the comment behind the statement",
        body: "A final `;` moves behind the comment.",
        example: "append: true",
        ..COMMENT
    },
    KeySpec {
        name: "asset-paths",
        default: "[]",
        summary: "Folders copied into the documentation site",
        body: "For images in descriptions.",
        example: "asset-paths: [assets]",
        ..PATHS
    },
    KeySpec {
        name: "clean-targets",
        default: "[target]",
        summary: "Folders that `dbt clean` deletes",
        body: "Must lie inside the project.",
        example: "clean-targets: [target, dbt_packages]",
        ..PATHS
    },
    KeySpec {
        name: "comment",
        scopes: &[Scope::QueryComment],
        value: ValueType::Text,
        template: Template::Later,
        summary: "The text of the comment",
        body: "`*/` in it is refused; an empty text turns comments off.",
        example: "comment: \"run by {{ target.name }}\"",
        ..COMMENT
    },
    KeySpec {
        name: "config-version",
        value: ValueType::Integer,
        nullable: true,
        default: "2",
        allowed: &["2"],
        summary: "The version of the file's form",
        body: "Always 2, and may be left out.",
        example: "config-version: 2",
        ..TOP
    },
    KeySpec {
        name: "data-paths",
        deprecated: Some("`seed-paths` is the name now"),
        summary: "Older name of `seed-paths`",
        body: "dbt refuses it together with the new name.",
        example: "data-paths: [data]",
        ..PATHS
    },
    KeySpec {
        name: "data_tests",
        summary: "Configs of data tests",
        body: TREE_BODY,
        example: "data_tests: {+severity: warn}",
        ..TREE
    },
    KeySpec {
        name: "database",
        summary: "Quote the database",
        body: "The database is never written on Glue.",
        example: "database: false",
        ..QUOTING
    },
    KeySpec {
        name: "dbt-cloud",
        value: ValueType::Mapping,
        nullable: true,
        summary: "Settings of dbt's hosted service",
        body: "Not read by dbt-core.",
        example: "dbt-cloud: {project-id: 1}",
        ..TOP
    },
    KeySpec {
        name: "dispatch",
        value: ValueType::Objects(Scope::Dispatch),
        default: "[]",
        summary: "Where macros of a package are looked for first",
        body: "Lets a project or a shim package override macros of another. Each entry has `macro_namespace` and \
               `search_order`.",
        example: "dispatch: [{macro_namespace: dbt_utils, search_order: [spark_utils, dbt_utils]}]",
        ..TOP
    },
    KeySpec {
        name: "docs-paths",
        summary: "Folders with documentation blocks",
        body: "By default all folders that dbt reads.",
        example: "docs-paths: [docs]",
        ..PATHS
    },
    KeySpec {
        name: "exposures",
        summary: "Configs of exposures",
        body: TREE_BODY,
        example: "exposures: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "flags",
        value: ValueType::Object(Scope::Flags),
        default: "{}",
        summary: "Defaults of command-line flags, and switches of behaviour",
        body: "Read in the root project alone. The environment and the command line win.",
        example: "flags: {fail_fast: true}",
        ..TOP
    },
    KeySpec {
        name: "function-paths",
        default: "[functions]",
        summary: "Folders with user-defined functions",
        body: "dbt-glue has no macros that create functions.",
        example: "function-paths: [functions]",
        ..PATHS
    },
    KeySpec {
        name: "functions",
        summary: "Configs of functions",
        body: TREE_BODY,
        example: "functions: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "identifier",
        summary: "Quote table names",
        body: "Uses back-ticks, in `ref()` and `this`. Describing, seeds, Hudi, Delta and Lake Formation never quote.",
        example: "identifier: true",
        ..QUOTING
    },
    KeySpec {
        name: "job-label",
        scopes: &[Scope::QueryComment],
        value: ValueType::Bool,
        default: "false",
        dead: Some("only BigQuery has job labels"),
        summary: "No effect on Glue",
        body: "Turns the comment into BigQuery's labels.",
        example: "job-label: true",
        ..COMMENT
    },
    KeySpec {
        name: "log-path",
        value: ValueType::Text,
        nullable: true,
        default: "logs",
        deprecated: Some("use `--log-path` or `DBT_LOG_PATH`"),
        summary: "The folder of dbt's logs",
        body: "Read late: the first lines of a run go elsewhere.",
        example: "log-path: logs",
        ..TOP
    },
    KeySpec {
        name: "macro-paths",
        default: "[macros]",
        summary: "Folders with macros",
        body: "Generic tests under `tests/generic` are read as well.",
        example: "macro-paths: [macros]",
        ..PATHS
    },
    KeySpec {
        name: "macro_namespace",
        scopes: &[Scope::Dispatch],
        value: ValueType::Text,
        required: Some("dbt stops with `Invalid project dispatch config`"),
        summary: "The package whose macros are meant",
        body: "`dbt` means dbt's own macros.",
        example: "macro_namespace: dbt_utils",
        ..TOP
    },
    KeySpec {
        name: "metrics",
        summary: "Configs of metrics",
        body: TREE_BODY,
        example: "metrics: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "model-paths",
        default: "[models]",
        summary: "Folders with models",
        body: "Properties files may stand in any folder that dbt reads.",
        example: "model-paths: [models]",
        ..PATHS
    },
    KeySpec {
        name: "models",
        nullable: true,
        summary: "Configs of models",
        body: TREE_BODY,
        example: "models: {shop: {+materialized: table}}",
        ..TREE
    },
    KeySpec {
        name: "name",
        value: ValueType::Text,
        required: Some("dbt refuses the project"),
        summary: "The project's name",
        body: "Letters, digits and underscores, not beginning with a digit; it is the package name in unique ids and in \
               config trees. Some words, such as `config` or `model`, are reserved.",
        example: "name: shop",
        ..TOP
    },
    KeySpec {
        name: "on-run-end",
        value: ValueType::TextOrTexts,
        nullable: true,
        default: "[]",
        template: Template::Later,
        summary: "SQL after the run",
        body: "Runs in the main thread's session, which is not that of the models unless sessions are reused.",
        example: "on-run-end: [\"select 1\"]",
        ..TOP
    },
    KeySpec {
        name: "on-run-start",
        value: ValueType::TextOrTexts,
        nullable: true,
        default: "[]",
        template: Template::Later,
        summary: "SQL before the run",
        body: "Runs in the main thread's session: `set` statements and temporary functions do not reach the models unless \
               `glue_session_reuse` is true. Opens a session of its own.",
        example: "on-run-start: [\"select 1\"]",
        ..TOP
    },
    KeySpec {
        name: "osi-paths",
        summary: "Folders with semantic definitions of the open exchange format",
        body: "Not read on Glue.",
        example: "osi-paths: [osi]",
        ..PATHS
    },
    KeySpec {
        name: "packages",
        value: ValueType::List,
        default: "[]",
        dead: Some("dbt reads packages from `packages.yml` and `dependencies.yml`"),
        summary: "Not read here",
        body: "Put the list into `packages.yml`.",
        example: "packages: []",
        ..TOP
    },
    KeySpec {
        name: "packages-install-path",
        value: ValueType::Text,
        nullable: true,
        default: "dbt_packages",
        summary: "The folder that packages are installed into",
        body: "Leave it out of version control.",
        example: "packages-install-path: dbt_packages",
        ..TOP
    },
    KeySpec {
        name: "profile",
        value: ValueType::Text,
        nullable: true,
        summary: "The profile of `profiles.yml`",
        body: "`--profile` wins. Without either dbt does not know where to connect.",
        example: "profile: shop",
        ..TOP
    },
    KeySpec {
        name: "project",
        summary: "Quote the database; BigQuery's word for it",
        body: "The database is never written on Glue.",
        example: "project: false",
        ..QUOTING
    },
    KeySpec {
        name: "project-root",
        nullable: true,
        dead: Some("dbt writes the real path over it"),
        summary: "Set by dbt",
        body: "There is no need to write it.",
        example: "project-root: .",
        ..TOP
    },
    KeySpec {
        name: "query-comment",
        value: ValueType::TextOrObject(Scope::QueryComment),
        nullable: true,
        template: Template::Later,
        summary: "The comment in front of every statement",
        body: "By default a JSON text that names dbt, the profile, the target and the node. An empty text or null turns it \
               off. `*/`, three quotes in a row or a backslash in it break statements. In `profiles.yml` it is not read.",
        example: "query-comment: \"run by {{ target.name }}\"",
        ..TOP
    },
    KeySpec {
        name: "quoting",
        value: ValueType::Object(Scope::ProjectQuoting),
        nullable: true,
        default: "{}",
        summary: "Which parts of names are quoted",
        body: "Off for all parts on Glue. Quoting the schema breaks Iceberg tables: the catalog's name is part of the text \
               that is quoted.",
        example: "quoting: {identifier: true}",
        ..TOP
    },
    KeySpec {
        name: "require-dbt-version",
        value: ValueType::TextOrTexts,
        nullable: true,
        summary: "The dbt versions that the project works with",
        body: "One range, or a list of conditions that all hold.",
        example: "require-dbt-version: [\">=1.10.0\", \"<2.0.0\"]",
        ..TOP
    },
    KeySpec {
        name: "restrict-access",
        value: ValueType::Bool,
        default: "false",
        summary: "Whether other projects may use only public models of this one",
        body: "Otherwise packages may refer to every model that is not private.",
        example: "restrict-access: true",
        ..TOP
    },
    KeySpec {
        name: "saved-queries",
        summary: "Configs of saved queries",
        body: TREE_BODY,
        example: "saved-queries: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "schema",
        summary: "Quote the schema",
        body: "Breaks Iceberg and S3 tables: `` `glue_catalog.shop`.`orders` `` names no catalog.",
        example: "schema: false",
        ..QUOTING
    },
    KeySpec {
        name: "search_order",
        scopes: &[Scope::Dispatch],
        value: ValueType::Texts,
        required: Some("dbt stops with `Invalid project dispatch config`"),
        summary: "The packages to look into, in this order",
        body: "Name the project itself to override macros in it.",
        example: "search_order: [shop, dbt_utils]",
        ..TOP
    },
    KeySpec {
        name: "seed-paths",
        default: "[seeds]",
        summary: "Folders with seeds",
        body: "Every CSV file in them is a seed.",
        example: "seed-paths: [seeds]",
        ..PATHS
    },
    KeySpec {
        name: "seeds",
        nullable: true,
        summary: "Configs of seeds",
        body: TREE_BODY,
        example: "seeds: {+schema: reference}",
        ..TREE
    },
    KeySpec {
        name: "semantic-models",
        summary: "Configs of semantic models",
        body: TREE_BODY,
        example: "semantic-models: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "snapshot-paths",
        default: "[snapshots]",
        summary: "Folders with snapshots",
        body: "Snapshots written in YAML stand in properties files.",
        example: "snapshot-paths: [snapshots]",
        ..PATHS
    },
    KeySpec {
        name: "snapshots",
        nullable: true,
        summary: "Configs of snapshots",
        body: TREE_BODY,
        example: "snapshots: {+file_format: iceberg}",
        ..TREE
    },
    KeySpec {
        name: "snowflake_ignore_case",
        dead: Some("it is for Snowflake"),
        summary: "No effect on Glue",
        body: "Names are compared exactly.",
        example: "snowflake_ignore_case: true",
        ..QUOTING
    },
    KeySpec {
        name: "source-paths",
        deprecated: Some("`model-paths` is the name now"),
        summary: "Older name of `model-paths`",
        body: "dbt refuses it together with the new name.",
        example: "source-paths: [models]",
        ..PATHS
    },
    KeySpec {
        name: "sources",
        summary: "Configs of sources",
        body: TREE_BODY,
        example: "sources: {+enabled: true}",
        ..TREE
    },
    KeySpec {
        name: "target-path",
        value: ValueType::Text,
        nullable: true,
        default: "target",
        deprecated: Some("use `--target-path` or `DBT_TARGET_PATH`"),
        summary: "The folder of compiled files and artifacts",
        body: "Leave it out of version control.",
        example: "target-path: target",
        ..TOP
    },
    KeySpec {
        name: "test-paths",
        default: "[tests]",
        summary: "Folders with singular tests, generic tests and fixtures",
        body: "Generic tests stand in `generic` below, fixtures of unit tests in `fixtures`.",
        example: "test-paths: [tests]",
        ..PATHS
    },
    KeySpec {
        name: "tests",
        deprecated: Some("`data_tests` is the name now; both are refused"),
        summary: "Older name of `data_tests`",
        body: "Still read.",
        example: "tests: {+severity: warn}",
        ..TREE
    },
    KeySpec {
        name: "unit_tests",
        summary: "Configs of unit tests",
        body: TREE_BODY,
        example: "unit_tests: {+enabled: false}",
        ..TREE
    },
    KeySpec {
        name: "vars",
        value: ValueType::Mapping,
        nullable: true,
        default: "null",
        template: Template::Never,
        summary: "Variables",
        body: "Names and values for all, or below a package's name for that package. Jinja in them is not rendered. `--vars` \
               wins.",
        example: "vars: {start_date: \"2024-01-01\"}",
        ..TOP
    },
    KeySpec {
        name: "version",
        value: ValueType::TextOrNumber,
        nullable: true,
        summary: "The project's version",
        body: "For your own use; may be left out.",
        example: "version: \"1.0.0\"",
        ..TOP
    },
];

#[cfg(test)]
mod tests {
    use glueline_base::{MapEntry, Spanned, Value, range};

    use crate::{Scope, keys, lookup};

    /// Kinds of values that dbt-core 1.12.6 takes for each key, tried one by one: null, a text, a list of texts, a
    /// mapping, a boolean, a whole number.
    const TAKEN: &[(&str, &str)] = &[
        ("analyses", "m"),
        ("analysis-paths", "-l"),
        ("asset-paths", "-l"),
        ("clean-targets", "-l"),
        ("config-version", "-i"),
        ("data-paths", "-l"),
        ("data_tests", "m"),
        ("dbt-cloud", "-m"),
        ("docs-paths", "-l"),
        ("exposures", "m"),
        ("flags", "m"),
        ("function-paths", "-l"),
        ("functions", "m"),
        ("log-path", "-t"),
        ("macro-paths", "-l"),
        ("metrics", "m"),
        ("model-paths", "-l"),
        ("models", "-m"),
        ("name", "t"),
        ("on-run-end", "-tl"),
        ("on-run-start", "-tl"),
        ("osi-paths", "-l"),
        ("packages-install-path", "-t"),
        ("profile", "-t"),
        ("restrict-access", "b"),
        ("saved-queries", "m"),
        ("seed-paths", "-l"),
        ("seeds", "-m"),
        ("semantic-models", "m"),
        ("snapshot-paths", "-l"),
        ("snapshots", "-m"),
        ("source-paths", "-l"),
        ("sources", "m"),
        ("target-path", "-t"),
        ("test-paths", "-l"),
        ("tests", "m"),
        ("unit_tests", "m"),
        ("vars", "-m"),
    ];

    #[test]
    fn values_are_taken_as_by_dbt() {
        let at = |value| Spanned::new(value, range(0, 0));
        let entry = MapEntry::named(Spanned::new("x".into(), range(0, 0)), at(Value::str("y")));
        let values = [
            ('-', Value::Null),
            ('t', Value::str("x")),
            ('l', Value::List(vec![at(Value::str("x"))])),
            ('m', Value::Map(vec![entry])),
            ('b', Value::Bool(true)),
            ('i', Value::Int(3)),
        ];
        for (name, taken) in TAKEN {
            let key = lookup(Scope::ProjectFile, name).unwrap();
            for (letter, value) in &values {
                assert_eq!(
                    key.accepts(value),
                    Some(taken.contains(*letter)),
                    "{name}: {value:?}"
                );
            }
        }
    }

    #[test]
    fn keys_are_written_in_one_way() {
        assert!(keys(Scope::ProjectFile).all(|key| key.aliases.is_empty()));
        assert!(lookup(Scope::ProjectFile, "model_paths").is_none());
    }
}
