//! The binary deriving policies of IAM.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use serde_json::Value;

use crate::common::Project;

/// A profile in which everything is asked for that a policy has to allow.
const PROFILE: &str = "shop:
  target: dev
  outputs:
    dev:
      type: glue
      role_arn: arn:aws-cn:iam::210987654321:role/dbt/session
      region: cn-north-1
      schema: core
      location: s3://lake/warehouse/
      workers: 2
      worker_type: G.1X
      use_arrow: true
      security_configuration: sealed
      connections: warehouse,crm
      extra_jars: s3://jars/a.jar
      tags: team=data
      conf: >-
        spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog
        --conf spark.sql.catalog.glue_catalog.warehouse=s3://lake/warehouse/iceberg
        --conf spark.sql.catalog.glue_catalog.lock-impl=org.apache.iceberg.aws.dynamodb.DynamoDbLockManager
        --conf spark.sql.catalog.glue_catalog.lock.table=locks
      default_arguments: --enable-continuous-cloudwatch-log=true,--TempDir=s3://temp
";

const CATALOG: &str = r#"{"databases": {"raw": {"tables": {"orders": {
    "columns": [{"name": "id", "type": "bigint"}], "location": "s3://landing/orders/"}}}}}"#;

fn project() -> Project {
    Project::new(&[
        ("profiles.yml", PROFILE),
        ("catalog.json", CATALOG),
        (
            "models/sources.yml",
            "sources:\n  - name: raw\n    tables: [{name: orders}]\n",
        ),
        (
            "models/orders.sql",
            "{{ config(materialized='table', partition_by=['day'], custom_location='s3://other/orders') }}\nselect id, 1 as day from {{ source('raw', 'orders') }}\n",
        ),
        (
            "models/marts.sql",
            "{{ config(schema='marts') }}\nselect * from {{ ref('orders') }}\n",
        ),
    ])
}

/// A policy as lines: the Sid, then the actions and the resources.
fn lines(text: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
    let document: Value = serde_json::from_str(text).unwrap();
    let statements = document["Statement"].as_array().unwrap();
    let strings = |value: &Value| -> Vec<String> {
        let list = value.as_array().unwrap().iter();
        list.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let line = |statement: &Value| {
        assert_eq!(statement["Effect"], "Allow");
        let sid = statement["Sid"].as_str().unwrap().to_owned();
        (
            sid,
            strings(&statement["Action"]),
            strings(&statement["Resource"]),
        )
    };
    statements.iter().map(line).collect()
}

fn policy(project: &Project, arguments: &[&str]) -> Vec<(String, Vec<String>, Vec<String>)> {
    let arguments: Vec<&str> = ["iam-policy"].iter().chain(arguments).copied().collect();
    let output = project.glueline(&arguments);
    assert_eq!(output.status, 0, "{}", output.stderr);
    lines(&output.stdout)
}

fn resources(policy: &[(String, Vec<String>, Vec<String>)], sid: &str) -> Vec<String> {
    let found = policy.iter().find(|statement| statement.0 == sid);
    found.unwrap_or_else(|| panic!("{sid}: {policy:#?}")).2.clone()
}

#[test]
fn the_role_is_allowed_what_the_project_reads_and_writes() {
    let found = policy(&project(), &["--catalog", "catalog.json"]);
    for (sid, expected) in [
        (
            "ReadOnlyDatabases",
            &[
                "arn:aws-cn:glue:cn-north-1:210987654321:catalog",
                "arn:aws-cn:glue:cn-north-1:210987654321:database/default",
                "arn:aws-cn:glue:cn-north-1:210987654321:database/global_temp",
                "arn:aws-cn:glue:cn-north-1:210987654321:database/raw",
                "arn:aws-cn:glue:cn-north-1:210987654321:table/default/*",
                "arn:aws-cn:glue:cn-north-1:210987654321:table/global_temp/*",
                "arn:aws-cn:glue:cn-north-1:210987654321:table/raw/*",
            ][..],
        ),
        (
            "ReadAndWriteDatabases",
            &[
                "arn:aws-cn:glue:cn-north-1:210987654321:catalog",
                "arn:aws-cn:glue:cn-north-1:210987654321:database/core",
                "arn:aws-cn:glue:cn-north-1:210987654321:database/core_marts",
                "arn:aws-cn:glue:cn-north-1:210987654321:table/core/*",
                "arn:aws-cn:glue:cn-north-1:210987654321:table/core_marts/*",
                "arn:aws-cn:glue:cn-north-1:210987654321:userDefinedFunction/core/*",
                "arn:aws-cn:glue:cn-north-1:210987654321:userDefinedFunction/core_marts/*",
            ],
        ),
        (
            "StorageAllBuckets",
            &[
                "arn:aws-cn:s3:::jars",
                "arn:aws-cn:s3:::lake",
                "arn:aws-cn:s3:::landing",
                "arn:aws-cn:s3:::other",
                "arn:aws-cn:s3:::temp",
            ],
        ),
        (
            "ReadAndWriteBuckets",
            &[
                "arn:aws-cn:s3:::lake/warehouse/*",
                "arn:aws-cn:s3:::lake/warehouse_$folder$",
                "arn:aws-cn:s3:::other/orders/*",
                "arn:aws-cn:s3:::other/orders_$folder$",
                "arn:aws-cn:s3:::temp/*",
            ],
        ),
        (
            "ReadOnlyBuckets",
            &["arn:aws-cn:s3:::jars/a.jar", "arn:aws-cn:s3:::landing/orders/*"],
        ),
        (
            "Connections",
            &[
                "arn:aws-cn:glue:cn-north-1:210987654321:catalog",
                "arn:aws-cn:glue:cn-north-1:210987654321:connection/crm",
                "arn:aws-cn:glue:cn-north-1:210987654321:connection/warehouse",
            ],
        ),
        (
            "CommitLockTable",
            &["arn:aws-cn:dynamodb:cn-north-1:210987654321:table/locks"],
        ),
        (
            "ContinuousLogs",
            &[
                "arn:aws-cn:logs:cn-north-1:210987654321:log-group:/aws-glue/*",
                "arn:aws-cn:logs:cn-north-1:210987654321:log-group:/aws-glue/*:*",
            ],
        ),
        (
            "Encryption",
            &["arn:aws-cn:kms:cn-north-1:210987654321:key/<key>"],
        ),
    ] {
        assert_eq!(resources(&found, sid), expected, "{sid}");
    }
    let actions = |sid: &str| {
        found
            .iter()
            .find(|statement| statement.0 == sid)
            .unwrap()
            .1
            .clone()
    };
    assert!(actions("ReadAndWriteDatabases").contains(&"glue:BatchCreatePartition".to_owned()));
    assert_eq!(
        actions("OwnSession"),
        ["glue:GetSession", "glue:GetSecurityConfiguration"]
    );
    assert!(!found.iter().any(|statement| statement.0 == "Metrics"));
}

#[test]
fn the_caller_opens_sessions_and_passes_the_role() {
    let project = project();
    let found = policy(&project, &["--for", "caller"]);
    assert_eq!(
        resources(&found, "Sessions"),
        ["arn:aws-cn:glue:cn-north-1:210987654321:session/*"]
    );
    let role = ["arn:aws-cn:iam::210987654321:role/dbt/session"];
    assert_eq!(resources(&found, "PassSessionRole"), role);
    assert_eq!(
        resources(&found, "ArrowResults"),
        ["arn:aws-cn:s3:::lake/warehouse/tmp-results/*"]
    );
    assert!(found.iter().any(|statement| statement.0 == "CatalogCalls"));
    let as_role = PROFILE.replace(
        "      use_arrow: true\n",
        "      use_interactive_session_role_for_api_calls: true\n      glue_session_id: mine\n",
    );
    project.write("profiles.yml", &as_role);
    let found = policy(&project, &["--for", "caller"]);
    assert_eq!(resources(&found, "AssumeSessionRole"), role);
    assert_eq!(
        resources(&found, "Sessions"),
        ["arn:aws-cn:glue:cn-north-1:210987654321:session/mine"]
    );
    assert!(!found.iter().any(|statement| statement.0 == "CatalogCalls"));
}

#[test]
fn what_is_not_known_is_said_and_left_to_be_filled_in() {
    let project = project();
    let output = project.glueline(&["iam-policy"]);
    assert!(
        output
            .stderr
            .contains("warning: where the tables of `raw` lie is not known"),
        "{}",
        output.stderr
    );
    let found = lines(&output.stdout);
    assert!(resources(&found, "ReadOnlyBuckets").contains(&"arn:aws-cn:s3:::<bucket of raw>/*".to_owned()));
    let bare = "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      schema: core\n";
    project.write("profiles.yml", bare);
    let output = project.glueline(&["iam-policy"]);
    assert!(
        output.stdout.contains("arn:aws:glue:<region>:<account>:catalog"),
        "{}",
        output.stdout
    );
    assert!(output.stderr.contains("`region` is not set"), "{}", output.stderr);
}

#[test]
fn a_policy_that_is_there_is_compared() {
    let project = project();
    let own = project.glueline(&["iam-policy"]).stdout;
    project.write("policy.json", &own);
    let output = project.glueline(&["iam-policy", "--diff", "policy.json"]);
    assert_eq!(output.status, 0, "{}", output.stdout);
    assert_eq!(
        output.stdout,
        "The policy allows what is needed, and nothing else.\n"
    );

    project.write(
        "policy.json",
        r#"{"Statement": {"Sid": "All", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    );
    let output = project.glueline(&["iam-policy", "--diff", "policy.json", "--output", "json"]);
    assert_eq!(output.status, 1);
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["schema"], "glueline-iam-diff/1");
    let lacks = report["lacks"].as_array().unwrap();
    assert!(!lacks.is_empty());
    assert!(
        lacks
            .iter()
            .all(|lack| !lack["action"].as_str().unwrap().starts_with("s3:"))
    );
    let excess = report["excess"].as_array().unwrap();
    assert_eq!(excess.len(), 1);
    assert_eq!(excess[0]["wider"], true);

    for (text, why) in [("{", "no JSON"), ("{}", "no policy of IAM")] {
        project.write("policy.json", text);
        let output = project.glueline(&["iam-policy", "--diff", "policy.json"]);
        assert_eq!(output.status, 2, "{text}");
        assert!(output.stderr.contains(why), "{}", output.stderr);
    }
}

#[test]
fn the_bundled_project_has_a_policy() {
    let shop = format!("{}/fixtures/shop", env!("CARGO_MANIFEST_DIR"));
    let found = policy(&Project::empty(), &["--project-dir", &shop]);
    let sids: Vec<&str> = found.iter().map(|statement| &*statement.0).collect();
    let first = [
        "ReadAndWriteDatabases",
        "ReadOnlyDatabases",
        "StorageAllBuckets",
        "ReadAndWriteBuckets",
        "ReadOnlyBuckets",
    ];
    assert_eq!(sids.get(..first.len()), Some(&first[..]));
    assert!(
        resources(&found, "ReadOnlyDatabases")
            .iter()
            .any(|name| name.ends_with("database/shop_raw"))
    );
    assert!(
        resources(&found, "ReadAndWriteBuckets")
            .contains(&"arn:aws:s3:::example-shop-lake/warehouse/*".to_owned())
    );
}

#[test]
fn nothing_is_derived_where_dbt_runs_nothing() {
    let project = project();
    project.write("models/torn.sql", "select {% if x %}\n");
    let output = project.glueline(&["iam-policy"]);
    assert_eq!((output.status, output.stdout.as_str()), (1, ""));
    assert!(output.stderr.contains("models/torn.sql"), "{}", output.stderr);
}
