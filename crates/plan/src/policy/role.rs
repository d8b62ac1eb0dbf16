//! What the role of the session needs.

use serde_json::json;

use super::storage::Place;
use super::{Facts, Statement};

/// What Spark asks of a database that it reads, whatever it reads there.
const READS: [&str; 7] = [
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetTable",
    "glue:GetTables",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
];
const WRITES: [&str; 4] = [
    "glue:CreateTable",
    "glue:UpdateTable",
    "glue:DeleteTable",
    "glue:GetUserDefinedFunctions",
];
const PARTITIONS: [&str; 6] = [
    "glue:CreatePartition",
    "glue:BatchCreatePartition",
    "glue:UpdatePartition",
    "glue:BatchUpdatePartition",
    "glue:DeletePartition",
    "glue:BatchDeletePartition",
];
/// What every session of Spark looks for: its default database, and that of temporary views of all sessions.
const SPARKS_OWN: [&str; 2] = ["default", "global_temp"];
/// The keys of DynamoDB's lock manager (Iceberg, `DynamoDbLockManager`), which makes its table where there is none.
const LOCKS: [&str; 6] = [
    "dynamodb:DescribeTable",
    "dynamodb:CreateTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
];

pub(super) fn statements(facts: &Facts) -> Vec<Statement> {
    let mut found = databases(facts);
    found.extend(buckets(facts));
    found.extend(lake_formation(facts));
    found.extend(connections(facts));
    found.extend(table_buckets(facts));
    let locks = facts.session.lock_tables();
    let tables = locks
        .iter()
        .map(|table| facts.name("dynamodb", &format!("table/{table}")));
    found.push(Statement::new("CommitLockTable", &LOCKS, tables));
    found.extend(monitoring(facts));
    found.extend(encryption(facts));
    found
}

/// Names of databases with all that is in them, the catalog among them.
pub(super) fn names<'a>(facts: &Facts, databases: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut found: Vec<String> = databases
        .flat_map(|database| [format!("database/{database}"), format!("table/{database}/*")])
        .map(|resource| facts.glue(&resource))
        .collect();
    if !found.is_empty() {
        found.insert(0, facts.glue("catalog"));
    }
    found
}

fn databases(facts: &Facts) -> Vec<Statement> {
    let mut writes = Statement::new(
        "ReadAndWriteDatabases",
        &READS,
        names(facts, facts.written.iter()),
    )
    .and(&WRITES);
    if facts.has_partitions {
        writes = writes.and(&PARTITIONS);
    }
    if facts.session.calls_as_role {
        writes = writes.and(&super::caller::catalog_calls(facts));
    }
    let functions = facts.written.iter();
    writes
        .resources
        .extend(functions.map(|database| facts.glue(&format!("userDefinedFunction/{database}/*"))));
    let own = SPARKS_OWN.map(str::to_owned);
    let is_new = |database: &&String| !facts.written.contains(*database) && !facts.read.contains(*database);
    let read = facts.only_read().chain(own.iter().filter(is_new));
    vec![
        writes,
        Statement::new("ReadOnlyDatabases", &READS, names(facts, read)),
    ]
}

fn buckets(facts: &Facts) -> Vec<Statement> {
    let partition = &facts.session.partition;
    let (stored, fetched, files) = (facts.stored(), facts.fetched(), facts.files());
    let all = stored.iter().chain(&fetched).chain(&files);
    let buckets = all.map(|place| place.bucket_name(partition));
    let written = stored.iter().flat_map(|place| {
        let folder = (!place.key.is_empty()).then(|| format!("{}_$folder$", place.object(partition)));
        [Some(place.objects(partition)), folder].into_iter().flatten()
    });
    // What is loaded is one object.
    let is_object = |place: &Place| {
        place
            .key
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'))
    };
    let read = fetched.iter().chain(&files).map(|place| {
        if is_object(place) {
            place.object(partition)
        } else {
            place.objects(partition)
        }
    });
    vec![
        Statement::new(
            "StorageAllBuckets",
            &["s3:GetBucketLocation", "s3:ListBucket"],
            buckets,
        ),
        Statement::new(
            "ReadAndWriteBuckets",
            &["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            written,
        ),
        Statement::new("ReadOnlyBuckets", &["s3:GetObject"], read),
    ]
}

/// Where Lake Formation keeps what is read, it hands out what opens it; it has no names for that.
fn lake_formation(facts: &Facts) -> Option<Statement> {
    let is_used = facts.calls.iter().any(|(service, _)| *service == "lakeformation");
    (is_used || facts.s3tables).then(|| {
        Statement::new(
            "LakeFormationDataAccess",
            &["lakeformation:GetDataAccess"],
            ["*".to_owned()],
        )
    })
}

fn connections(facts: &Facts) -> Vec<Statement> {
    let names = &facts.session.connections;
    if names.is_empty() {
        return Vec::new();
    }
    let mut resources = vec![facts.glue("catalog")];
    resources.extend(names.iter().map(|name| facts.glue(&format!("connection/{name}"))));
    // A connection into a network has interfaces of its own there (AWS's `AWSGlueServiceRole`).
    let network = [
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
    ];
    let interface = format!("arn:{}:ec2:*:*:network-interface/*", facts.session.partition);
    let tags = json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["aws-glue-service-resource"]}});
    vec![
        Statement::new(
            "Connections",
            &["glue:GetConnection", "glue:GetConnections"],
            resources,
        ),
        Statement::new("ConnectionsInNetworks", &network, ["*".to_owned()]),
        Statement::new(
            "ConnectionsInNetworksTags",
            &["ec2:CreateTags", "ec2:DeleteTags"],
            [interface],
        )
        .only_if(tags),
    ]
}

/// Table buckets, as `conf` names them.
fn table_buckets(facts: &Facts) -> Option<Statement> {
    let session = &facts.session;
    let of_catalog = |catalog| {
        let warehouse = session.of_catalog(catalog, "warehouse");
        let named = warehouse.filter(|warehouse| warehouse.contains(":s3tables:"));
        let federated = session.of_catalog(catalog, "glue.id").and_then(|id| {
            let (account, bucket) = id.split_once(":s3tablescatalog/")?;
            let region = session.region.as_deref().unwrap_or("<region>");
            Some(format!(
                "arn:{}:s3tables:{region}:{account}:bucket/{bucket}",
                session.partition
            ))
        });
        named.map(str::to_owned).or(federated)
    };
    let mut buckets: Vec<String> = session.catalogs().filter_map(of_catalog).collect();
    if buckets.is_empty() && facts.s3tables {
        buckets.push(facts.name("s3tables", "bucket/<table bucket>"));
    }
    let tables: Vec<String> = buckets.iter().map(|bucket| format!("{bucket}/table/*")).collect();
    buckets.extend(tables);
    let actions = [
        "s3tables:GetTableBucket",
        "s3tables:GetNamespace",
        "s3tables:ListNamespaces",
        "s3tables:CreateNamespace",
        "s3tables:GetTable",
        "s3tables:ListTables",
        "s3tables:CreateTable",
        "s3tables:DeleteTable",
        "s3tables:GetTableMetadataLocation",
        "s3tables:UpdateTableMetadataLocation",
        "s3tables:GetTableData",
        "s3tables:PutTableData",
    ];
    (!buckets.is_empty()).then(|| Statement::new("TableBuckets", &actions, buckets))
}

/// What the profile asks to be logged and measured.
fn monitoring(facts: &Facts) -> Vec<Statement> {
    let session = &facts.session;
    let mut found = Vec::new();
    if session.is_on("--enable-continuous-cloudwatch-log") {
        let group = session.arguments.get("--continuous-log-logGroup");
        let group = group.map_or("/aws-glue/*", String::as_str);
        let resource = facts.name("logs", &format!("log-group:{group}"));
        let actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
        let streams = format!("{resource}:*");
        found.push(Statement::new("ContinuousLogs", &actions, [resource, streams]));
    }
    // `--enable-metrics` is on by being there, whatever its value.
    if session.arguments.contains_key("--enable-metrics") || session.is_on("--enable-observability-metrics") {
        let namespace = json!({"StringEquals": {"cloudwatch:namespace": "Glue"}});
        found.push(
            Statement::new("Metrics", &["cloudwatch:PutMetricData"], ["*".to_owned()]).only_if(namespace),
        );
    }
    found
}

/// What a security configuration makes of it: keys, and with Arrow the session looks its own configuration up.
fn encryption(facts: &Facts) -> Vec<Statement> {
    let mut found = Vec::new();
    if facts.session.arrow {
        let actions = ["glue:GetSession", "glue:GetSecurityConfiguration"];
        let actions = if facts.session.security.is_some() {
            &actions[..]
        } else {
            &["glue:GetSession"]
        };
        found.push(Statement::new("OwnSession", actions, ["*".to_owned()]));
    }
    if facts.session.security.is_some() {
        let actions = [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
        ];
        found.push(Statement::new("Encryption", &actions, [facts.key()]));
    }
    found
}
