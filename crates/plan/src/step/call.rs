//! What a call of an AWS service does.

use glueline_render::ApiCall;
use serde_json::Value;

use super::{Effect, Harm, Reading, Step, Strikes};

/// Reads one call.
pub(super) fn read(reading: &Reading<'_>, call: &ApiCall) -> Step {
    let text = |key: &str| call.request.get(key).and_then(Value::as_str).unwrap_or_default();
    let (database, name) = (text("DatabaseName"), text("Name"));
    let table = format!("{database}.{name}");
    let input = |key: &str| {
        let input = call.request.get(key).and_then(|input| input.get("Name"));
        input.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    match (call.service, call.operation) {
        ("glue", "GetTable") => Step::new(Effect::Reads, format!("Ask Glue for table {table}")),
        ("glue", "GetTables") => Step::new(Effect::Reads, format!("Ask Glue for the tables of {database}")),
        ("glue", "GetDatabases") => Step::new(Effect::Reads, "Ask Glue for all databases"),
        ("glue", "GetDatabase") => Step::new(Effect::Reads, format!("Ask Glue for database {name}")),
        ("glue", "GetTableVersions") => Step::new(
            Effect::Reads,
            format!(
                "Ask Glue for the versions of table {database}.{}",
                text("TableName")
            ),
        ),
        ("glue", "CreateDatabase") => Step::new(
            Effect::Creates,
            format!("Create database {} in Glue", input("DatabaseInput")),
        ),
        ("glue", "UpdateTable") => Step::new(
            Effect::Changes,
            format!(
                "Change the Glue entry of table {database}.{}",
                input("TableInput")
            ),
        ),
        ("glue", "CreateTable") => Step::new(
            Effect::Creates,
            format!("Create table {database}.{} in Glue", input("TableInput")),
        ),
        ("glue", "DeleteTable") => {
            Step::new(Effect::Deletes, format!("Delete the Glue entry of table {table}")).danger(
                reading.strikes(&table),
                Harm::Deletes,
                format!("table {table} as a whole; its files stay on S3"),
                None,
            )
        }
        ("glue", "DeleteTableVersion" | "BatchDeleteTableVersion") => Step::new(
            Effect::Deletes,
            format!(
                "Delete old versions of the Glue entry of table {database}.{}",
                text("TableName")
            ),
        ),
        ("glue", "DeleteDatabase") => Step::new(Effect::Deletes, format!("Delete database {name}")).danger(
            Strikes::Other,
            Harm::Deletes,
            format!("database {name} with every table in it; their files stay on S3"),
            None,
        ),
        ("lakeformation", operation) => lake_formation(operation, &call.request),
        ("sts", "GetCallerIdentity") => Step::new(Effect::Reads, "Ask who is calling"),
        ("sts", "AssumeRole") => Step::new(Effect::Settles, "Take on the role of the session"),
        (service, operation) => by_name(service, operation),
    }
}

fn lake_formation(operation: &str, request: &Value) -> Step {
    let on = resource(request);
    let (effect, title) = match operation {
        "GetResourceLFTags" => (Effect::Reads, format!("Ask Lake Formation for the tags of {on}")),
        "ListPermissions" => (
            Effect::Reads,
            format!("Ask Lake Formation for the permissions on {on}"),
        ),
        "ListDataCellsFilter" => (
            Effect::Reads,
            format!("Ask Lake Formation for the data filters of {on}"),
        ),
        "AddLFTagsToResource" => (Effect::Grants, format!("Put Lake Formation tags on {on}")),
        "RemoveLFTagsFromResource" => (Effect::Grants, format!("Take Lake Formation tags off {on}")),
        "BatchGrantPermissions" => (
            Effect::Grants,
            format!("Grant Lake Formation permissions on {on}"),
        ),
        "BatchRevokePermissions" => (
            Effect::Grants,
            format!("Revoke Lake Formation permissions on {on}"),
        ),
        "CreateDataCellsFilter" => (Effect::Grants, format!("Create {on} in Lake Formation")),
        "UpdateDataCellsFilter" => (Effect::Grants, format!("Change {on} in Lake Formation")),
        "DeleteDataCellsFilter" => (Effect::Grants, format!("Delete {on} in Lake Formation")),
        other => return by_name("lakeformation", other),
    };
    Step::new(effect, title)
}

/// What a request of Lake Formation is about: that of its first entry where it has several.
fn resource(request: &Value) -> String {
    let entry = request.get("Entries").and_then(|entries| entries.get(0));
    let about = entry.unwrap_or(request);
    let about = about.get("Resource").unwrap_or(about);
    let of = |value: &Value, key: &str| -> String {
        let text = value.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    if let Some(table) = about.get("Table").or_else(|| about.get("TableWithColumns")) {
        let columns = match about.get("TableWithColumns") {
            Some(_) => "columns of ",
            None => "",
        };
        return format!(
            "{columns}table {}.{}",
            of(table, "DatabaseName"),
            of(table, "Name")
        );
    }
    if let Some(database) = about.get("Database") {
        return format!("database {}", of(database, "Name"));
    }
    let filter = about
        .get("DataCellsFilter")
        .or_else(|| about.get("TableData"))
        .or_else(|| about.get("TableName").map(|_| about));
    match filter {
        Some(filter) => format!(
            "data filter {} of {}.{}",
            of(filter, "Name"),
            of(filter, "DatabaseName"),
            of(filter, "TableName")
        ),
        None => "a resource".to_owned(),
    }
}

/// What an operation does whose name begins as AWS begins the names of those that read.
fn by_name(service: &str, operation: &str) -> Step {
    let reads = ["Get", "List", "Describe", "Batch", "Search"]
        .iter()
        .any(|verb| operation.starts_with(verb));
    let effect = if reads { Effect::Reads } else { Effect::Unknown };
    Step::new(effect, format!("Call {service} {operation}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_are_told() {
        for (service, operation, request, title, effect) in [
            (
                "glue",
                "GetTable",
                json!({"DatabaseName": "a", "Name": "b"}),
                "Ask Glue for table a.b",
                Effect::Reads,
            ),
            (
                "glue",
                "UpdateTable",
                json!({"DatabaseName": "a", "TableInput": {"Name": "b"}}),
                "Change the Glue entry of table a.b",
                Effect::Changes,
            ),
            (
                "glue",
                "DeleteDatabase",
                json!({"Name": "a"}),
                "Delete database a",
                Effect::Deletes,
            ),
            (
                "lakeformation",
                "BatchRevokePermissions",
                json!({"Entries": [{"Resource": {"DataCellsFilter": {"DatabaseName": "a", "TableName": "b", "Name": "f"}}}]}),
                "Revoke Lake Formation permissions on data filter f of a.b",
                Effect::Grants,
            ),
            (
                "lakeformation",
                "AddLFTagsToResource",
                json!({"Resource": {"TableWithColumns": {"DatabaseName": "a", "Name": "b", "ColumnNames": ["x"]}}}),
                "Put Lake Formation tags on columns of table a.b",
                Effect::Grants,
            ),
            (
                "lakeformation",
                "GetResourceLFTags",
                json!({"Resource": {"Database": {"Name": "a"}}}),
                "Ask Lake Formation for the tags of database a",
                Effect::Reads,
            ),
            (
                "lakeformation",
                "DeleteDataCellsFilter",
                json!({"DatabaseName": "a", "TableName": "b", "Name": "f"}),
                "Delete data filter f of a.b in Lake Formation",
                Effect::Grants,
            ),
            ("s3", "GetObject", json!(null), "Call s3 GetObject", Effect::Reads),
            (
                "s3",
                "PutObject",
                json!(null),
                "Call s3 PutObject",
                Effect::Unknown,
            ),
        ] {
            let step = read(
                &Reading::default(),
                &ApiCall {
                    service,
                    operation,
                    request,
                    error: None,
                },
            );
            assert_eq!((step.title.as_str(), step.effect), (title, effect));
            assert_eq!(step.danger.is_some(), effect == Effect::Deletes, "{title}");
        }
    }
}
