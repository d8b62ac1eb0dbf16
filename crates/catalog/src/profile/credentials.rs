//! Who connects, where to, and how AWS is called.

use super::{FLAG, INTEGER, SHOWN, TEXT};
use crate::spec::ProfileUse;
use crate::{AdapterVersion, Checked, KeySpec, ValueType, sources};

pub(crate) static CREDENTIALS: &[KeySpec] = &[
    KeySpec {
        name: "boto_retry_max_attempts",
        default: "10",
        since: Some(AdapterVersion::new(1, 10, 19)),
        summary: "How often an AWS call is tried",
        body: "Greater than 0, or dbt stops with `boto_retry_max_attempts must be greater than 0`. Holds for calls from \
               the machine that runs dbt and for those made inside the session.",
        example: "boto_retry_max_attempts: 10",
        ..INTEGER
    },
    KeySpec {
        name: "boto_retry_mode",
        default: "adaptive",
        allowed: &["adaptive", "legacy", "standard"],
        since: Some(AdapterVersion::new(1, 10, 19)),
        summary: "How boto3 spaces retries of AWS calls",
        body: "Nothing checks it before the first statement; another text than the three then fails with `Invalid value \
               provided to \"mode\"`. An empty text or null leaves the choice to boto3.",
        example: "boto_retry_mode: adaptive",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "database",
        nullable: true,
        profile: ProfileUse {
            in_target: false,
            meta_override: false,
        },
        dead: Some(
            "Glue has no level above the schema, and the adapter forgets the value after comparing it",
        ),
        summary: "Must be absent or equal to `schema`",
        body: "Spark takes database and schema for the same thing. Another value than that of `schema` stops dbt with \
               `On Spark, database must be omitted or have the same value as schema.`; an equal one does nothing. \
               `target.database` does not exist: write `target.schema`.",
        example: "database: analytics",
        ..TEXT
    },
    KeySpec {
        name: "region",
        summary: "The AWS region of Glue and Lake Formation",
        body: "May be left out where the AWS environment has a default region. The STS calls never use it.",
        example: "region: eu-west-1",
        source: sources::CONNECTION,
        ..TEXT
    },
    KeySpec {
        name: "role_arn",
        required: Some("the first statement fails with `'NoneType' object has no attribute 'partition'`"),
        content: Checked::AtRun,
        summary: "The IAM role that the session runs as",
        body: "Handed to `CreateSession` and therefore needs `iam:PassRole`; it is the role that reads and writes data. \
               Calls to the Data Catalog are made as the user who runs dbt, unless \
               `use_interactive_session_role_for_api_calls` is true. It must be a whole ARN of at least 20 characters, \
               `arn:aws:iam::123456789012:role/name`: a bare role name is refused.",
        example: "role_arn: arn:aws:iam::123456789012:role/dbt-glue",
        ..TEXT
    },
    KeySpec {
        name: "schema",
        required: Some(
            "dbt stops with `None is not of type 'string'` when it parses the first node; an empty text fails at the \
             first statement",
        ),
        content: Checked::AtRun,
        profile: SHOWN,
        summary: "The Glue database that models are built in",
        body: "Each session starts with `use {schema}`, and nodes with a `schema` config go to `{schema}_{config}`. \
               Glue stores names in lower case and compares them exactly: write it so. Hyphens need quoting that dbt-glue \
               does not do.",
        example: "schema: analytics",
        ..TEXT
    },
    KeySpec {
        name: "statement_poll_interval",
        value: ValueType::Number,
        default: "1.0",
        since: Some(AdapterVersion::new(1, 10, 19)),
        summary: "Seconds between two looks at a running statement",
        body: "At least 1, or dbt stops with `statement_poll_interval must be greater than or equal to 1`. Python models \
               look every 10 seconds whatever it says.",
        example: "statement_poll_interval: 2",
        ..INTEGER
    },
    KeySpec {
        name: "use_interactive_session_role_for_api_calls",
        summary: "Call the Data Catalog as `role_arn`",
        body: "When true, each catalog call first assumes `role_arn` through STS. Sessions are still started, and Lake \
               Formation is still called, as the user who runs dbt. Needed where the role belongs to another account.",
        example: "use_interactive_session_role_for_api_calls: true",
        source: sources::GLUE_IMPL,
        ..FLAG
    },
];
