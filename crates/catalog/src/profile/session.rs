//! How large sessions are, how long they live, who shares them, and what they are started with.

use super::{FLAG, INTEGER, TEXT};
use crate::{AdapterVersion, AppliesWhen, Checked, GlueVersion, KeySpec, ValueType, sources};

pub(crate) static SESSION: &[KeySpec] = &[
    KeySpec {
        name: "conf",
        secret: true,
        summary: "Spark settings of the session",
        body: "Sent letter by letter as the value of `--conf`: `spark.a=1 --conf spark.b=2`. Do not begin it with \
               `--conf`, which Glue writes itself. At most 4096 characters. Lake formats need entries here, and so do \
               `spark.sql.sources.partitionOverwriteMode=dynamic` for `insert_overwrite` by partition and \
               `spark.sql.legacy.allowNonEmptyLocationInCTAS=true` for rebuilding plain tables. Write a key once: with two \
               `spark.sql.extensions` one is lost, so join the classes with a comma.",
        example: "conf: spark.sql.sources.partitionOverwriteMode=dynamic",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "connections",
        summary: "Names of Glue connections, separated by commas",
        body: "Split at commas and not trimmed: in `a, b` the second name begins with a blank and is not found. An empty \
               text asks for a connection without a name.",
        example: "connections: my_vpc",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "datalake_formats",
        content: Checked::AtRun,
        since: Some(AdapterVersion::new(1, 6, 2)),
        applies: &[AppliesWhen {
            glue_since: Some(GlueVersion::V3_0),
            ..AppliesWhen::ALWAYS
        }],
        summary: "Lake formats that Glue loads into the session",
        body: "`hudi`, `delta`, `iceberg`, or several joined by commas, sent as `--datalake-formats`. Nothing checks the \
               words. Without it Spark does not find the format, unless a connection or `extra_jars` brings it. Glue understands it from 3.0 on.",
        example: "datalake_formats: iceberg",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "default_arguments",
        secret: true,
        content: Checked::AtRun,
        summary: "Further job arguments of the session: `--a=1,--b=2`",
        body: "The adapter deletes every blank, splits at commas and then at `=`, and keeps only the first two parts: a \
               value with a blank, a comma or another `=` is cut, and a piece without `=` fails with `list index out of \
               range`. `--conf`, `--extra-jars`, `--extra-py-files` and `--datalake-formats` have keys of their own, which \
               win. Spark settings do not belong here but in `conf`.",
        example: "default_arguments: --enable-metrics=true,--enable-spark-ui=true",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "enable_session_per_model",
        since: Some(AdapterVersion::new(1, 6, 3)),
        summary: "Open a session for each node",
        body: "Each model, test and seed waits for a session of its own and pays for it. The session's id is made of the \
               node's unique id and stays the same from run to run, so that two runs of one project at a time collide.",
        example: "enable_session_per_model: false",
        source: sources::GLUE_CONNECTIONS,
        ..FLAG
    },
    KeySpec {
        name: "extra_jars",
        summary: "S3 paths of further jars, separated by commas",
        body: "Sent as `--extra-jars`. A jar has to fit the Spark version of `glue_version`.",
        example: "extra_jars: s3://bucket/jars/connector.jar",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "extra_py_files",
        summary: "S3 paths of further Python files, separated by commas",
        body: "Sent as `--extra-py-files`. Older instructions put a Delta jar here; `datalake_formats: delta` has made that \
               unnecessary.",
        example: "extra_py_files: s3://bucket/lib/helpers.zip",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "glue_session_id",
        summary: "The first part of the session's id",
        body: "Alone it does not make a session reusable: a random part is appended for each thread. Only together with \
               `glue_session_reuse: true` is it the whole id.",
        example: "glue_session_id: dbt-dev",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "glue_session_reuse",
        summary: "Share one session and leave it running",
        body: "All threads and all later runs use the session called `glue_session_id`; without that key the name is \
               `dbt-glue`, shared by the whole account. It is not stopped at the end but bills until `idle_timeout`. A \
               running session keeps the settings it was started with: changes of the profile wait until it has stopped.",
        example: "glue_session_reuse: true",
        source: sources::CONNECTION,
        ..FLAG
    },
    KeySpec {
        name: "glue_version",
        default: "\"5.0\"",
        content: Checked::AtParse,
        summary: "The Glue release of the session, in quotes",
        body: "Decides the versions of Spark, Python and the lake formats. It must be a quoted text: YAML reads a bare \
               `4.0` as a number, which dbt refuses. Sessions need more than 2.0. Null leaves the choice to AWS. The \
               default was `\"4.0\"` before dbt-glue 1.9.0.",
        example: "glue_version: \"5.0\"",
        ..TEXT
    },
    KeySpec {
        name: "group_session_id",
        since: Some(AdapterVersion::new(1, 10, 15)),
        dead: Some("it is read from a node's `meta` alone"),
        summary: "Share a session among the nodes of a group",
        body: "In a node's `meta` it names the session that all nodes with the same text share; the first of them decides \
               its size. In the profile it does nothing.",
        example: "group_session_id: heavy",
        source: sources::GLUE_CONNECTIONS,
        ..TEXT
    },
    KeySpec {
        name: "idle_timeout",
        default: "10",
        summary: "Minutes without a statement after which the session stops",
        body: "An idle session costs as much as a busy one. With `glue_session_reuse` this is what ends it. Too short a \
               time can end a session between two slow nodes.",
        example: "idle_timeout: 10",
        source: sources::CONNECTION,
        ..INTEGER
    },
    KeySpec {
        name: "packages",
        value: ValueType::Texts,
        since: Some(AdapterVersion::new(1, 10, 9)),
        dead: Some("the adapter stores it and never installs anything"),
        summary: "Python packages; never installed",
        body: "Must be a list: a text is refused, although code exists to split one. Use `default_arguments: \
               --additional-python-modules=...` instead.",
        example: "packages: [numpy]",
        ..TEXT
    },
    KeySpec {
        name: "query_timeout_in_minutes",
        default: "300",
        summary: "Minutes that the whole session lives",
        body: "Not a limit of one query, as the name says, but `CreateSession.Timeout`: a run that takes longer loses its \
               session in the middle.",
        example: "query_timeout_in_minutes: 300",
        source: sources::CONNECTION,
        ..INTEGER
    },
    KeySpec {
        name: "security_configuration",
        summary: "A Glue security configuration for encryption",
        body: "Sent as it is; also read inside the session when results go through S3 (`use_arrow`).",
        example: "security_configuration: my-kms-config",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "session_provisioning_timeout_in_seconds",
        default: "120",
        summary: "How long to wait for a session to start",
        body: "Looked at every 3 seconds. When it runs out, dbt fails with `Waiter SessionReady failed: Max attempts \
               exceeded` and the session goes on starting, and billing.",
        example: "session_provisioning_timeout_in_seconds: 240",
        source: "dbt/adapters/glue/util.py",
        ..INTEGER
    },
    KeySpec {
        name: "tags",
        content: Checked::AtRun,
        summary: "AWS tags of the session: `Key1=Value1,Key2=Value2`",
        body: "A text, not a mapping. Split at commas and `=` without trimming: a blank behind a comma becomes part of the \
               key, and a piece without `=` fails with `list index out of range`.",
        example: "tags: team=data,env=dev",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "use_arrow",
        since: Some(AdapterVersion::new(1, 7, 2)),
        summary: "Fetch query results through S3 as Arrow files",
        body: "The files under `tmp-results/` are never deleted, and threads share one local file, so that results can mix \
               when `threads` is above 1.",
        example: "use_arrow: false",
        source: "dbt/adapters/glue/gluedbapi/cursor.py",
        ..FLAG
    },
    KeySpec {
        name: "worker_type",
        required: Some("the first statement fails with `Invalid type for parameter WorkerType`"),
        content: Checked::AtRun,
        allowed: &[
            "G.025X", "G.12X", "G.16X", "G.1X", "G.2X", "G.4X", "G.8X", "R.1X", "R.2X", "R.4X", "R.8X",
            "Standard", "Z.2X",
        ],
        summary: "The size of each worker",
        body: "The adapter sends any text; AWS knows the worker types of this list, and of these `G.025X`, `Standard` and \
               `Z.2X` are not for Spark sessions. `G.4X` and `G.8X` need Glue 3.0, larger and memory-optimised ones 4.0.",
        example: "worker_type: G.1X",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "workers",
        value: ValueType::Integer,
        required: Some(
            "the first statement fails with `Invalid type for parameter NumberOfWorkers, value: None`",
        ),
        content: Checked::AtParse,
        summary: "How many workers a session has",
        body: "At least 2 in practice; nothing checks it before AWS does. Each session has this many, and each thread a \
               session, unless sessions are shared.",
        example: "workers: 2",
        source: sources::CONNECTION,
        ..TEXT
    },
];
