//! AWS: sessions, catalog, Lake Formation, storage.

use super::{KnownError, other};

/// In the order in which texts are tried.
pub(super) static ERRORS: &[KnownError] = &[
    other(
        "lake-formation-denied",
        &[
            "Insufficient Lake Formation permission(s)",
            "Unable to verify existence of default database",
        ],
        [
            "Lake Formation refuses the resource that is named. Two principals need its permissions: whoever calls dbt, for the calls of \
             the catalog, and `role_arn`, as which Spark reads and writes. Every session also looks at the database `default`.",
            "Grant what is missing to the one that was refused: `DESCRIBE` on the database (on `default` too), `SELECT` on what is read, \
             `CREATE_TABLE`, `ALTER`, `DROP` and `INSERT` on what is written, and the data location of the bucket.",
        ],
        &[],
    ),
    other(
        "session-failed",
        &["Waiter SessionReady failed*FAILED", "Session * failed to start"],
        [
            "The session could not be started, and dbt-glue does not ask why: `ErrorMessage` of `GetSession` says it. Usual reasons are a \
             role that Glue may not assume, a connection whose subnet has no way out, jars that cannot be read, and no capacity left in \
             the account.",
            "Look at `aws glue get-session --id ...`, or at the session in the console of Glue.",
        ],
        &["fine-grained-access-argument", "invalid-role-arn"],
    ),
    other(
        "session-not-ready",
        &[
            "Waiter SessionReady failed",
            "GlueSession took more than * seconds to be ready",
            "Session is not ready",
            "IllegalSessionStateException",
        ],
        [
            "The session was not ready to take a statement: it took longer to start than dbt-glue waits, or it ended meanwhile, by its \
             idle timeout or its lifetime (`query_timeout_in_minutes` is the lifetime of the session).",
            "Raise `session_provisioning_timeout_in_seconds`, `idle_timeout` or `query_timeout_in_minutes`, and run again.",
        ],
        &["short-session-lifetime"],
    ),
    other(
        "driver-lost",
        &[
            "Session unavailable, fail to call ReplServer",
            "fail to call ReplServer",
        ],
        [
            "The driver of the session died, out of memory mostly. The statement may have written files that no table names.",
            "Use a larger `worker_type`, read less at once, and look at the driver's log; remove the half-written files before the next run.",
        ],
        &[],
    ),
    other(
        "code-too-long",
        &["Member must have length less than or equal to 68000"],
        [
            "Glue takes statements of at most 68,000 characters, with the comment and the Python around the SQL.",
            "Make a part of the model a model of its own; ephemeral models count in each model that reads them.",
        ],
        &["statement-too-long"],
    ),
    other(
        "ThrottlingException",
        &["ThrottlingException", "Rate exceeded", "TooManyRequestsException"],
        [
            "AWS refuses calls that come too fast. dbt-glue asks for the state of each statement again and again, from every thread.",
            "Raise `statement_poll_interval`, lower `threads`, and set `boto_retry_mode: adaptive` with more `boto_retry_max_attempts`.",
        ],
        &[],
    ),
    other(
        "ConcurrentRunsExceededException",
        &[
            "ResourceNumberLimitExceededException",
            "ConcurrentRunsExceededException",
            "Max concurrent compute capacity",
        ],
        [
            "The account may not have more sessions, or more capacity, at once. Every thread of dbt opens a session of its own unless the \
             session is reused.",
            "Lower `threads` or `workers`, stop sessions that idle, or have the quota raised.",
        ],
        &["threads-open-sessions"],
    ),
    other(
        "AlreadyExistsException",
        &[],
        [
            "Something of that name is there already. For `CreateSession` two processes use one session id at the same time.",
            "Give each process a session id of its own, or let only one of them start it.",
        ],
        &[],
    ),
    other(
        "EntityNotFoundException",
        &[],
        [
            "The catalog has no database, table or session of that name, or in another account or region.",
            "Compare the name, the account and the region; build what is missing first.",
        ],
        &[],
    ),
    other(
        "AccessDeniedException",
        &[
            "AccessDeniedException",
            "is not authorized to perform",
            "AccessDenied",
        ],
        [
            "IAM refuses the call that is named. Calls of the catalog are made by whoever calls dbt; what Spark reads and writes, by \
             `role_arn`.",
            "Allow the action: `glueline iam-policy` prints what the role needs, `glueline iam-policy --for caller` what the caller needs.",
        ],
        &[],
    ),
    other(
        "ExpiredTokenException",
        &[
            "ExpiredToken",
            "The security token included in the request is expired",
            "Token has expired",
        ],
        [
            "The credentials ran out while dbt was running.",
            "Sign in again; for long runs use credentials that renew themselves, or a role with a longer session.",
        ],
        &[],
    ),
    other(
        "no-credentials",
        &[
            "Unable to locate credentials",
            "The config profile (*) could not be found",
        ],
        [
            "There are no AWS credentials where dbt runs.",
            "Set `AWS_PROFILE` or the variables of a key, or sign in.",
        ],
        &[],
    ),
    other(
        "ValidationException",
        &[],
        [
            "The service refuses a value of the call.",
            "The message names the parameter; most come from the profile.",
        ],
        &[],
    ),
    other(
        "parameter-validation-failed",
        &["Parameter validation failed"],
        [
            "A value has another type than the service takes: the call was never sent.",
            "The message names the parameter; look at the key of the profile or the config that it comes from.",
        ],
        &["wrong-profile-type", "wrong-config-type"],
    ),
    other(
        "InvalidInputException",
        &["InvalidInputException"],
        [
            "The service refuses a value of the call.",
            "The message names the parameter; most come from the profile.",
        ],
        &[],
    ),
    other(
        "iceberg-warehouse-missing",
        &["warehousePath must not be null"],
        [
            "The Iceberg catalog has no warehouse.",
            "Set `spark.sql.catalog.glue_catalog.warehouse` in `conf`.",
        ],
        &["iceberg-catalog-incomplete"],
    ),
    other(
        "not-an-iceberg-table",
        &["Input Glue table is not an iceberg table"],
        [
            "A table of that name is there, and it is no Iceberg table: it was made with another format.",
            "Drop the old table once, or go back to its format.",
        ],
        &["other-format-in-place"],
    ),
    other(
        "iceberg-commit-conflict",
        &["because Glue detected concurrent update", "CommitFailedException"],
        [
            "Something else wrote the Iceberg table at the same time.",
            "Let only one run write a table at a time, or set a lock manager.",
        ],
        &["lock-manager-without-table"],
    ),
    other(
        "iceberg-view",
        &["Replacing a view is not supported by catalog"],
        [
            "The Iceberg catalog of Glue has no views.",
            "Materialize the model as a table, or keep its view out of that catalog.",
        ],
        &["views-in-iceberg-catalog"],
    ),
    other(
        "table-type-missing",
        &["TableType cannot be null for table"],
        [
            "The table's entry in the Data Catalog has no `TableType`: what made it left that out.",
            "Set `TableType` to `EXTERNAL_TABLE` on the table.",
        ],
        &[],
    ),
    other(
        "s3-access-denied",
        &[
            "com.amazonaws.services.s3.model.AmazonS3Exception*Access Denied",
            "Status Code: 403",
        ],
        [
            "S3 refuses the object: the role of the session lacks an action on it, or on the key that encrypts it.",
            "Allow `role_arn` what `glueline iam-policy` prints, and the key of KMS where there is one.",
        ],
        &[],
    ),
    other(
        "out-of-memory",
        &[
            "java.lang.OutOfMemoryError",
            "Container killed by YARN for exceeding memory limits",
        ],
        [
            "A worker, or the driver, ran out of memory.",
            "Use a larger `worker_type` or more `workers`, and spread what is skewed.",
        ],
        &[],
    ),
];
