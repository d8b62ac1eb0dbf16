//! The Data Catalog: what the metastore holds, in Glue's shapes.

use serde_json::{Value, json};

use super::{ACCOUNT, shapes};
use crate::answer::{Answer, Refusal, items, optional, page, text};
use crate::conf;
use crate::endpoint::Endpoint;
use crate::host::Host;

pub(super) async fn answer(endpoint: &Endpoint, operation: &str, input: &Value) -> Option<Answer> {
    let host = &endpoint.host;
    let known = matches!(
        operation,
        "GetDatabases"
            | "GetDatabase"
            | "CreateDatabase"
            | "UpdateDatabase"
            | "DeleteDatabase"
            | "GetTables"
            | "GetTable"
            | "CreateTable"
            | "UpdateTable"
            | "DeleteTable"
            | "BatchDeleteTable"
            | "GetPartitions"
            | "GetPartition"
            | "BatchDeletePartition"
    );
    if !known {
        return None;
    }
    Some(match prepared(host, input).await {
        Err(refusal) => Err(refusal),
        Ok(()) => asked(host, operation, input).await,
    })
}

/// There is one catalog; and a bucket that is named gets its folder.
async fn prepared(host: &Host, input: &Value) -> Result<(), Refusal> {
    if let Some(catalog) = optional(input, "CatalogId")
        && catalog != ACCOUNT
    {
        return Err(Refusal::not_found(format!("Catalog {catalog} not found.")));
    }
    host.mount(conf::buckets(&input.to_string())).await
}

async fn asked(host: &Host, operation: &str, input: &Value) -> Answer {
    match operation {
        "GetDatabases" => {
            let found = host.ask("databases", json!({})).await?;
            page(input, "DatabaseList", mapped(&found, shapes::database))
        }
        "GetDatabase" => {
            let name = lower(text(input, "Name")?);
            let found = database(host, &name).await?;
            Ok(json!({"Database": shapes::database(&found)}))
        }
        "CreateDatabase" => {
            let asked = shapes::database_input(input.get("DatabaseInput").unwrap_or(&Value::Null))?;
            host.ask("create_database", json!({"database": asked})).await
        }
        "UpdateDatabase" => {
            let asked = shapes::database_input(input.get("DatabaseInput").unwrap_or(&Value::Null))?;
            let name = lower(text(input, "Name")?);
            host.ask("alter_database", json!({"name": name, "database": asked}))
                .await
        }
        "DeleteDatabase" => {
            let name = lower(text(input, "Name")?);
            database(host, &name).await?;
            host.ask("drop_database", json!({"name": name})).await
        }
        "GetTables" => {
            if input.get("Expression").is_some() {
                return Err(Refusal::not_here("`Expression` of GetTables"));
            }
            let name = lower(text(input, "DatabaseName")?);
            database(host, &name).await?;
            let found = host.ask("tables", json!({"database": name})).await?;
            page(input, "TableList", mapped(&found, shapes::table))
        }
        "GetTable" => {
            let found = table(host, input, "Name").await?;
            Ok(json!({"Table": shapes::table(&found)}))
        }
        "CreateTable" => {
            let name = lower(text(input, "DatabaseName")?);
            let asked = shapes::table_input(input.get("TableInput").unwrap_or(&Value::Null))?;
            database(host, &name).await?;
            host.ask("create_table", json!({"database": name, "table": asked}))
                .await
        }
        "UpdateTable" => {
            let asked = shapes::table_input(input.get("TableInput").unwrap_or(&Value::Null))?;
            let name = asked.get("tableName").cloned().unwrap_or_default();
            table(
                host,
                &json!({"DatabaseName": text(input, "DatabaseName")?, "Name": name}),
                "Name",
            )
            .await?;
            let database = lower(text(input, "DatabaseName")?);
            host.ask("alter_table", json!({"database": database, "table": asked}))
                .await
        }
        "DeleteTable" => drop_table(host, input, text(input, "Name")?).await,
        "BatchDeleteTable" => {
            let mut errors = Vec::new();
            for name in items(input, "TablesToDelete").iter().filter_map(Value::as_str) {
                if let Err(refusal) = drop_table(host, input, name).await {
                    errors.push(json!({"TableName": name, "ErrorDetail": detail(&refusal)}));
                }
            }
            Ok(json!({"Errors": errors}))
        }
        "GetPartitions" => {
            table(host, input, "TableName").await?;
            let arguments = json!({
                "database": lower(text(input, "DatabaseName")?),
                "table": lower(text(input, "TableName")?),
                "expression": optional(input, "Expression").unwrap_or_default(),
            });
            let found = host.ask("partitions", arguments).await?;
            page(input, "Partitions", mapped(&found, shapes::partition))
        }
        "GetPartition" => {
            table(host, input, "TableName").await?;
            let values = input.get("PartitionValues").cloned().unwrap_or_default();
            let found = host.ask("partition", place(input, &values)?).await?;
            Ok(json!({"Partition": shapes::partition(&found)}))
        }
        "BatchDeletePartition" => {
            table(host, input, "TableName").await?;
            let mut errors = Vec::new();
            for partition in items(input, "PartitionsToDelete") {
                let values = partition.get("Values").cloned().unwrap_or_default();
                if let Err(refusal) = host.ask("drop_partition", place(input, &values)?).await {
                    errors.push(json!({"PartitionValues": values, "ErrorDetail": detail(&refusal)}));
                }
            }
            Ok(json!({"Errors": errors}))
        }
        _ => Err(Refusal::not_here(operation)),
    }
}

async fn database(host: &Host, name: &str) -> Answer {
    let found = host.ask("database", json!({"name": name})).await;
    found.map_err(|refusal| worded(refusal, || format!("Database {name} not found.")))
}

/// A table, by the names that the operation gives it; told as Glue tells it where something is missing.
pub(crate) async fn table(host: &Host, input: &Value, key: &str) -> Answer {
    let name = lower(text(input, key)?);
    let of = lower(text(input, "DatabaseName")?);
    database(host, &of).await?;
    let found = host.ask("table", json!({"database": of, "name": name})).await;
    found.map_err(|refusal| worded(refusal, || "Entity Not Found".to_owned()))
}

async fn drop_table(host: &Host, input: &Value, name: &str) -> Answer {
    let of = text(input, "DatabaseName")?;
    table(host, &json!({"DatabaseName": of, "Name": name}), "Name").await?;
    host.ask("drop_table", json!({"database": lower(of), "name": lower(name)}))
        .await
}

fn place(input: &Value, values: &Value) -> Answer {
    Ok(json!({
        "database": lower(text(input, "DatabaseName")?),
        "table": lower(text(input, "TableName")?),
        "values": values,
    }))
}

fn worded(refusal: Refusal, message: impl FnOnce() -> String) -> Refusal {
    if refusal.kind == "EntityNotFoundException" {
        Refusal::not_found(message())
    } else {
        refusal
    }
}

fn detail(refusal: &Refusal) -> Value {
    json!({"ErrorCode": refusal.kind, "ErrorMessage": refusal.message})
}

/// Glue keeps names in lower case.
fn lower(name: &str) -> String {
    name.to_lowercase()
}

fn mapped(found: &Value, shape: impl Fn(&Value) -> Value) -> Vec<Value> {
    found
        .as_array()
        .map(|all| all.iter().map(shape).collect())
        .unwrap_or_default()
}
