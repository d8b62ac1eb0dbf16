//! The same table as the metastore and as Glue write it down.

use serde_json::{Map, Value, json};

use super::ACCOUNT;
use crate::answer::{Answer, items, object, optional, text};

/// Glue keeps further locations of a table, which the metastore has no place for but the parameters of its storage.
const FURTHER: &str = "glueline.additional-locations";

/// When the metastore last changed a table, in seconds.
const CHANGED: &str = "transient_lastDdlTime";

/// A database of the metastore, as Glue shows it.
pub(super) fn database(found: &Value) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "Name", found.get("name"));
    put(&mut shown, "Description", found.get("description"));
    put(&mut shown, "LocationUri", found.get("locationUri"));
    put(&mut shown, "Parameters", found.get("parameters"));
    shown.insert("CatalogId".to_owned(), ACCOUNT.into());
    Value::Object(shown)
}

/// What `CreateDatabase` was given, for the metastore.
pub(super) fn database_input(input: &Value) -> Answer {
    Ok(json!({
        "name": text(input, "Name")?.to_lowercase(),
        "description": optional(input, "Description"),
        "location": optional(input, "LocationUri").filter(|uri| !uri.is_empty()),
        "parameters": object(input, "Parameters"),
    }))
}

/// A table of the metastore, as Glue shows it.
pub(super) fn table(found: &Value) -> Value {
    let parameters = object(found, "parameters");
    let changed = parameters.get(CHANGED).and_then(Value::as_str);
    let mut shown = Map::new();
    put(&mut shown, "Name", found.get("tableName"));
    put(&mut shown, "DatabaseName", found.get("dbName"));
    put(&mut shown, "Description", parameters.get("comment"));
    put(&mut shown, "Owner", found.get("owner"));
    put(&mut shown, "CreateTime", found.get("createTime"));
    let updated = changed.and_then(|text| text.parse::<u64>().ok()).map(Value::from);
    put(
        &mut shown,
        "UpdateTime",
        updated.as_ref().or(found.get("createTime")),
    );
    put(&mut shown, "Retention", found.get("retention"));
    shown.insert(
        "StorageDescriptor".to_owned(),
        storage(found.get("sd").unwrap_or(&Value::Null)),
    );
    shown.insert("PartitionKeys".to_owned(), columns(items(found, "partitionKeys")));
    put(&mut shown, "ViewOriginalText", found.get("viewOriginalText"));
    put(&mut shown, "ViewExpandedText", found.get("viewExpandedText"));
    put(&mut shown, "TableType", found.get("tableType"));
    // Iceberg's catalog leaves the type out where the metastore fills it in: its tables are external ones.
    shown
        .entry("TableType")
        .or_insert_with(|| "EXTERNAL_TABLE".into());
    shown.insert("Parameters".to_owned(), Value::Object(parameters.clone()));
    shown.insert("CreatedBy".to_owned(), crate::sts::ARN.into());
    shown.insert("IsRegisteredWithLakeFormation".to_owned(), false.into());
    shown.insert("CatalogId".to_owned(), ACCOUNT.into());
    // No versions are kept; the name of the one there is changes with it.
    shown.insert("VersionId".to_owned(), changed.unwrap_or("0").into());
    Value::Object(shown)
}

/// A partition of the metastore, as Glue shows it.
pub(super) fn partition(found: &Value) -> Value {
    let mut shown = Map::new();
    put(&mut shown, "Values", found.get("values"));
    put(&mut shown, "DatabaseName", found.get("dbName"));
    put(&mut shown, "TableName", found.get("tableName"));
    put(&mut shown, "CreationTime", found.get("createTime"));
    shown.insert(
        "StorageDescriptor".to_owned(),
        storage(found.get("sd").unwrap_or(&Value::Null)),
    );
    put(&mut shown, "Parameters", found.get("parameters"));
    shown.insert("CatalogId".to_owned(), ACCOUNT.into());
    Value::Object(shown)
}

fn storage(sd: &Value) -> Value {
    let mut shown = Map::new();
    let mut parameters = object(sd, "parameters");
    let further = parameters.remove(FURTHER);
    shown.insert("Columns".to_owned(), columns(items(sd, "cols")));
    put(&mut shown, "Location", sd.get("location"));
    if let Some(further) = further
        .as_ref()
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str(text).ok())
    {
        shown.insert("AdditionalLocations".to_owned(), further);
    }
    put(&mut shown, "InputFormat", sd.get("inputFormat"));
    put(&mut shown, "OutputFormat", sd.get("outputFormat"));
    shown.insert("Compressed".to_owned(), is_true(sd.get("compressed")).into());
    put(&mut shown, "NumberOfBuckets", sd.get("numBuckets"));
    if let Some(serde) = sd.get("serdeInfo") {
        let mut info = Map::new();
        put(&mut info, "Name", serde.get("name"));
        put(&mut info, "SerializationLibrary", serde.get("serializationLib"));
        put(&mut info, "Parameters", serde.get("parameters"));
        shown.insert("SerdeInfo".to_owned(), Value::Object(info));
    }
    put(&mut shown, "BucketColumns", sd.get("bucketCols"));
    let sorted = items(sd, "sortCols")
        .iter()
        .map(|order| json!({"Column": order.get("col"), "SortOrder": order.get("order")}))
        .collect();
    shown.insert("SortColumns".to_owned(), Value::Array(sorted));
    shown.insert("Parameters".to_owned(), Value::Object(parameters));
    shown.insert(
        "StoredAsSubDirectories".to_owned(),
        is_true(sd.get("storedAsSubDirectories")).into(),
    );
    Value::Object(shown)
}

fn columns(found: &[Value]) -> Value {
    let shown = found.iter().map(|column| {
        let mut shown = Map::new();
        put(&mut shown, "Name", column.get("name"));
        put(&mut shown, "Type", column.get("type"));
        put(&mut shown, "Comment", column.get("comment"));
        Value::Object(shown)
    });
    Value::Array(shown.collect())
}

/// What `CreateTable` and `UpdateTable` were given, for the metastore.
pub(super) fn table_input(input: &Value) -> Answer {
    let mut parameters = object(input, "Parameters");
    if let Some(description) = optional(input, "Description") {
        parameters.entry("comment").or_insert_with(|| description.into());
    }
    let kind = optional(input, "TableType").unwrap_or("EXTERNAL_TABLE");
    if kind == "EXTERNAL_TABLE" {
        // The metastore takes a table for a managed one without it, whatever its type says.
        parameters.insert("EXTERNAL".to_owned(), "TRUE".into());
    }
    Ok(json!({
        "tableName": text(input, "Name")?.to_lowercase(),
        "owner": optional(input, "Owner"),
        "retention": input.get("Retention"),
        "tableType": kind,
        "parameters": parameters,
        "partitionKeys": columns_input(items(input, "PartitionKeys")),
        "viewOriginalText": optional(input, "ViewOriginalText"),
        "viewExpandedText": optional(input, "ViewExpandedText"),
        "sd": storage_input(input.get("StorageDescriptor").unwrap_or(&Value::Null)),
    }))
}

fn storage_input(sd: &Value) -> Value {
    let mut parameters = object(sd, "Parameters");
    if let Some(further) = sd.get("AdditionalLocations") {
        parameters.insert(FURTHER.to_owned(), further.to_string().into());
    }
    let serde = sd.get("SerdeInfo").unwrap_or(&Value::Null);
    let sorted: Vec<Value> = items(sd, "SortColumns")
        .iter()
        .map(|order| json!({"col": order.get("Column"), "order": order.get("SortOrder")}))
        .collect();
    json!({
        "cols": columns_input(items(sd, "Columns")),
        "location": optional(sd, "Location"),
        "inputFormat": optional(sd, "InputFormat"),
        "outputFormat": optional(sd, "OutputFormat"),
        "compressed": sd.get("Compressed"),
        "numBuckets": sd.get("NumberOfBuckets"),
        "serdeInfo": {
            "name": optional(serde, "Name"),
            "serializationLib": optional(serde, "SerializationLibrary"),
            "parameters": object(serde, "Parameters"),
        },
        "bucketCols": items(sd, "BucketColumns"),
        "sortCols": sorted,
        "parameters": parameters,
    })
}

fn columns_input(given: &[Value]) -> Value {
    let columns = given.iter().map(|column| {
        json!({
            "name": optional(column, "Name").unwrap_or_default().to_lowercase(),
            "type": optional(column, "Type").unwrap_or("string"),
            "comment": optional(column, "Comment"),
        })
    });
    Value::Array(columns.collect())
}

fn put(shown: &mut Map<String, Value>, key: &str, value: Option<&Value>) {
    if let Some(value) = value.filter(|value| !value.is_null()) {
        shown.insert(key.to_owned(), value.clone());
    }
}

/// Thrift's plain JSON writes truth as a number.
fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.as_bool() == Some(true) || value.as_i64() == Some(1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{table, table_input};

    #[test]
    fn a_table_of_the_metastore_has_glues_shape() {
        let found = json!({
            "tableName": "p", "dbName": "shop", "owner": "root", "createTime": 7, "retention": 0,
            "sd": {
                "cols": [{"name": "a", "type": "int"}], "location": "s3://lake/p", "compressed": 0, "numBuckets": -1,
                "serdeInfo": {"serializationLib": "L", "parameters": {"path": "s3://lake/p"}},
                "bucketCols": [], "sortCols": [], "parameters": {}, "storedAsSubDirectories": 0
            },
            "partitionKeys": [{"name": "d", "type": "string", "comment": "day"}],
            "parameters": {"EXTERNAL": "TRUE", "transient_lastDdlTime": "9", "table_type": "ICEBERG"},
            "tableType": "EXTERNAL_TABLE"
        });
        let shown = table(&found);
        assert_eq!(shown["Name"], "p");
        assert_eq!(shown["StorageDescriptor"]["Location"], "s3://lake/p");
        assert_eq!(
            shown["PartitionKeys"],
            json!([{"Name": "d", "Type": "string", "Comment": "day"}])
        );
        assert_eq!(shown["Parameters"]["table_type"], "ICEBERG");
        assert_eq!(
            (&shown["CreateTime"], &shown["UpdateTime"]),
            (&json!(7), &json!(9))
        );
        assert_eq!(shown["VersionId"], "9");
        assert_eq!(shown.get("ViewOriginalText"), None);
    }

    #[test]
    fn further_locations_come_back() {
        let given = json!({
            "Name": "T", "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {"Columns": [{"Name": "A", "Type": "int"}], "AdditionalLocations": ["s3://lake/x"]}
        });
        let kept = table_input(&given).unwrap();
        assert_eq!(kept["tableName"], "t");
        let mut found = kept.clone();
        found["dbName"] = json!("d");
        let shown = table(&found);
        assert_eq!(
            shown["StorageDescriptor"]["AdditionalLocations"],
            json!(["s3://lake/x"])
        );
        assert_eq!(shown["StorageDescriptor"]["Parameters"], json!({}));
    }
}
