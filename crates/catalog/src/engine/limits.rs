//! What AWS lets through: limits of the Glue API, and how the adapter fills `CreateSession`.

/// A limit of an API field (Glue service model of botocore, `glue/2017-03-31/service-2.json`).
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Operation and field: `RunStatement.Code`.
    pub field: &'static str,
    /// Fewest characters, or the smallest number where `numeric`.
    pub min: u32,
    /// Most characters, or the largest number where `numeric`; `None` where there is no limit.
    pub max: Option<u32>,
    /// Whether the bounds are of a number and not of a text.
    pub numeric: bool,
    /// The regular expression that a text has to match, as the service model spells it.
    pub pattern: Option<&'static str>,
}

/// How many characters the code of a statement has at most: `RunStatement.Code` of the service model.
pub const LONGEST_STATEMENT: usize = LONGEST_CODE as usize;

const LONGEST_CODE: u32 = 68_000;

const TEXT: Limit = Limit {
    field: "",
    min: 1,
    max: None,
    numeric: false,
    pattern: None,
};

static LIMITS: &[Limit] = &[
    Limit {
        field: "CreateSession.DefaultArguments.key",
        max: Some(128),
        pattern: Some(r"[\.\-_A-Za-z0-9]+"),
        ..TEXT
    },
    Limit {
        field: "CreateSession.DefaultArguments.value",
        min: 0,
        max: Some(4096),
        ..TEXT
    },
    Limit {
        field: "CreateSession.GlueVersion",
        max: Some(255),
        pattern: Some(r"^((\w+\.)+\w+|auto)$"),
        ..TEXT
    },
    Limit {
        field: "CreateSession.Id",
        max: Some(255),
        ..TEXT
    },
    Limit {
        field: "CreateSession.IdleTimeout",
        numeric: true,
        ..TEXT
    },
    Limit {
        field: "CreateSession.Role",
        min: 20,
        max: Some(2048),
        pattern: Some(r"arn:aws[^:]*:iam::[0-9]*:role/.+"),
        ..TEXT
    },
    Limit {
        field: "CreateSession.SecurityConfiguration",
        max: Some(255),
        ..TEXT
    },
    Limit {
        field: "CreateSession.Tags",
        min: 0,
        max: Some(50),
        numeric: true,
        ..TEXT
    },
    Limit {
        field: "CreateSession.Tags.key",
        max: Some(128),
        ..TEXT
    },
    Limit {
        field: "CreateSession.Tags.value",
        min: 0,
        max: Some(256),
        ..TEXT
    },
    Limit {
        field: "CreateSession.Timeout",
        numeric: true,
        ..TEXT
    },
    Limit {
        field: "DeleteSession.RequestOrigin",
        max: Some(128),
        pattern: Some(r"[\.\-_A-Za-z0-9]+"),
        ..TEXT
    },
    Limit {
        field: "RunStatement.Code",
        min: 0,
        max: Some(LONGEST_CODE),
        ..TEXT
    },
];

/// The least number that a key of the profile takes.
#[derive(Debug, Clone, Copy)]
pub struct ProfileMinimum {
    /// The key.
    pub key: &'static str,
    /// The least number.
    pub min: u32,
    /// What happens below it, to complete "or else ...".
    pub otherwise: &'static str,
    /// The upstream file that says so.
    pub source: &'static str,
}

static PROFILE_MINIMUMS: &[ProfileMinimum] = &[
    ProfileMinimum {
        key: "boto_retry_max_attempts",
        min: 1,
        otherwise: "dbt stops with `boto_retry_max_attempts must be greater than 0`",
        source: "dbt/adapters/glue/credentials.py",
    },
    ProfileMinimum {
        key: "idle_timeout",
        min: 1,
        otherwise: "the first statement fails with `Invalid value for parameter IdleTimeout`",
        source: "glue/2017-03-31/service-2.json",
    },
    ProfileMinimum {
        key: "query_timeout_in_minutes",
        min: 1,
        otherwise: "the first statement fails with `Invalid value for parameter Timeout`",
        source: "glue/2017-03-31/service-2.json",
    },
    ProfileMinimum {
        key: "statement_poll_interval",
        min: 1,
        otherwise: "dbt stops with `statement_poll_interval must be greater than or equal to 1`",
        source: "dbt/adapters/glue/credentials.py",
    },
];

/// The least numbers that dbt, the adapter and boto3 take, by key.
pub fn profile_minimums() -> &'static [ProfileMinimum] {
    PROFILE_MINIMUMS
}

/// Most pairs that `CreateSession.DefaultArguments` takes.
pub const DEFAULT_ARGUMENTS_MAX_PAIRS: usize = 75;

/// Fewest workers of a session: the driver and one executor (Glue developer guide, interactive sessions).
pub const LEAST_WORKERS: u32 = 2;

/// The job argument with which sessions of dbt-glue were seen to fail (aws-samples/dbt-glue#565).
pub const FINE_GRAINED_ACCESS: &str = "--enable-lakeformation-fine-grained-access";

/// Every limit, by field.
pub fn limits() -> &'static [Limit] {
    LIMITS
}

/// A field of `CreateSession` and where the adapter takes it from (`dbt/adapters/glue/gluedbapi/connection.py`).
#[derive(Debug, Clone, Copy)]
pub struct SessionArgument {
    /// The field of the request.
    pub field: &'static str,
    /// The profile keys behind it; empty where the adapter decides alone.
    pub keys: &'static [&'static str],
    /// How the value is made, as a sentence.
    pub how: &'static str,
}

/// The fields of `CreateSession` that the adapter sends, by name.
pub static SESSION_ARGUMENTS: &[SessionArgument] = &[
    SessionArgument {
        field: "Command",
        keys: &[],
        how: "Always `glueetl` with Python 3.",
    },
    SessionArgument {
        field: "Connections",
        keys: &["connections"],
        how: "The text split at commas, not trimmed, without doubles and in no fixed order.",
    },
    SessionArgument {
        field: "DefaultArguments",
        keys: &[
            "conf",
            "datalake_formats",
            "default_arguments",
            "extra_jars",
            "extra_py_files",
        ],
        how: "`--enable-glue-datacatalog: true`, then the pairs of `default_arguments`, then the keys that have an \
              argument of their own.",
    },
    SessionArgument {
        field: "GlueVersion",
        keys: &["glue_version"],
        how: "As written; left out when null.",
    },
    SessionArgument {
        field: "Id",
        keys: &[
            "glue_session_id",
            "glue_session_reuse",
            "group_session_id",
            "role_arn",
        ],
        how: "`glue_session_id` (or `dbt-glue`), the part of the role behind its first slash and a random suffix; \
              without role and suffix where sessions are reused.",
    },
    SessionArgument {
        field: "IdleTimeout",
        keys: &["idle_timeout"],
        how: "Minutes.",
    },
    SessionArgument {
        field: "NumberOfWorkers",
        keys: &["workers"],
        how: "As written; nothing checks the range before AWS does.",
    },
    SessionArgument {
        field: "RequestOrigin",
        keys: &[],
        how: "Always `dbt-glue`.",
    },
    SessionArgument {
        field: "Role",
        keys: &["role_arn"],
        how: "As written.",
    },
    SessionArgument {
        field: "SecurityConfiguration",
        keys: &["security_configuration"],
        how: "As written; left out when null.",
    },
    SessionArgument {
        field: "Tags",
        keys: &["tags"],
        how: "Pairs split at commas and `=`, blanks kept.",
    },
    SessionArgument {
        field: "Timeout",
        keys: &["query_timeout_in_minutes"],
        how: "Minutes that the whole session lives.",
    },
    SessionArgument {
        field: "WorkerType",
        keys: &["worker_type"],
        how: "As written.",
    },
];

/// An entry of `DefaultArguments` that the adapter or a profile key sets.
#[derive(Debug, Clone, Copy)]
pub struct DefaultArgument {
    /// The argument, with its dashes.
    pub name: &'static str,
    /// The profile key that sets it; it wins over `default_arguments`.
    pub key: Option<&'static str>,
    /// The value the adapter always sends, which `default_arguments` can override.
    pub fixed: Option<&'static str>,
}

static DEFAULT_ARGUMENTS: [DefaultArgument; 5] = [
    DefaultArgument {
        name: "--conf",
        key: Some("conf"),
        fixed: None,
    },
    DefaultArgument {
        name: "--datalake-formats",
        key: Some("datalake_formats"),
        fixed: None,
    },
    DefaultArgument {
        name: "--enable-glue-datacatalog",
        key: None,
        fixed: Some("true"),
    },
    DefaultArgument {
        name: "--extra-jars",
        key: Some("extra_jars"),
        fixed: None,
    },
    DefaultArgument {
        name: "--extra-py-files",
        key: Some("extra_py_files"),
        fixed: None,
    },
];

/// The entries of `DefaultArguments` that have a key or a fixed value, by name.
pub fn default_arguments() -> &'static [DefaultArgument] {
    &DEFAULT_ARGUMENTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile_key;

    #[test]
    fn tables_are_sorted_and_name_profile_keys() {
        assert!(LIMITS.windows(2).all(|pair| pair[0].field < pair[1].field));
        assert!(
            SESSION_ARGUMENTS
                .windows(2)
                .all(|pair| pair[0].field < pair[1].field)
        );
        assert!(
            DEFAULT_ARGUMENTS
                .windows(2)
                .all(|pair| pair[0].name < pair[1].name)
        );
        assert!(PROFILE_MINIMUMS.windows(2).all(|pair| pair[0].key < pair[1].key));
        assert!(
            PROFILE_MINIMUMS
                .iter()
                .all(|minimum| profile_key(minimum.key).is_some())
        );
        let sent = SESSION_ARGUMENTS.iter().flat_map(|argument| argument.keys);
        for key in sent.chain(
            DEFAULT_ARGUMENTS
                .iter()
                .filter_map(|argument| argument.key.as_ref()),
        ) {
            assert!(profile_key(key).is_some(), "{key}");
        }
    }
}
