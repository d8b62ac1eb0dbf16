//! Calls that change something, with the request as a run writes it down: what was previewed is what is sent, byte for byte. The one
//! exception is the entry of a table, which is replaced as a whole: what a preview cannot know of it is read first, as dbt-glue does.
//!
//! The SDK finds the endpoint, signs, and reads the answer. The parameters that it would send itself are none, and never sent: the
//! body is put in the place of its own before it is signed.

use aws_sdk_glue::config::http::HttpRequest;
use aws_sdk_glue::types::{Table, TableInput};
use aws_sdk_lakeformation::primitives::SdkBody;
use aws_sdk_lakeformation::types::{BatchPermissionsFailureEntry, ErrorDetail, LfTagError};
use serde_json::Value as Json;

use super::{Aws, convert, faults};
use crate::api::Refusal;
use crate::error::{Error, Kind};

/// Makes such a call.
pub(super) fn make(
    aws: &Aws,
    service: &'static str,
    operation: &'static str,
    request: &Json,
) -> Result<Vec<Refusal>, Error> {
    let body = numbered(request).to_string();
    macro_rules! sent {
        ($call:expr) => {{
            let call = $call
                .customize()
                .mutate_request(move |request| put(request, &body));
            aws.ask(call.send())
                .map_err(|error| faults::told(operation, &error))?
        }};
    }
    let failures = match (service, operation) {
        ("glue", "CreateDatabase") => {
            sent!(aws.catalog.create_database());
            Vec::new()
        }
        ("glue", "DeleteDatabase") => {
            sent!(aws.catalog.delete_database());
            Vec::new()
        }
        ("glue", "UpdateTable") => {
            add_locations(aws, operation, request)?;
            Vec::new()
        }
        ("lakeformation", "AddLFTagsToResource") => {
            of_tags(sent!(aws.lake.add_lf_tags_to_resource()).failures)
        }
        ("lakeformation", "RemoveLFTagsFromResource") => {
            of_tags(sent!(aws.lake.remove_lf_tags_from_resource()).failures)
        }
        ("lakeformation", "BatchGrantPermissions") => {
            of_entries(sent!(aws.lake.batch_grant_permissions()).failures)
        }
        ("lakeformation", "BatchRevokePermissions") => {
            of_entries(sent!(aws.lake.batch_revoke_permissions()).failures)
        }
        ("lakeformation", "CreateDataCellsFilter") => {
            sent!(aws.lake.create_data_cells_filter());
            Vec::new()
        }
        ("lakeformation", "UpdateDataCellsFilter") => {
            sent!(aws.lake.update_data_cells_filter());
            Vec::new()
        }
        ("lakeformation", "DeleteDataCellsFilter") => {
            sent!(aws.lake.delete_data_cells_filter());
            Vec::new()
        }
        _ => {
            return Err(Error::new(
                Kind::Refused,
                operation,
                format!("no run makes this call of {service}"),
            ));
        }
    };
    Ok(failures)
}

/// Adds the further locations of a request to the entry of its table, and keeps everything else of the entry
/// (`_update_additional_location`).
fn add_locations(aws: &Aws, operation: &'static str, request: &Json) -> Result<(), Error> {
    let text = |path: &str| request.pointer(path).and_then(Json::as_str).unwrap_or_default();
    let (database, name) = (text("/DatabaseName"), text("/TableInput/Name"));
    let call = aws.catalog.get_table().database_name(database).name(name);
    let found = aws
        .ask(call.send())
        .map_err(|error| faults::told("GetTable", &error))?;
    let mut table = found.table.ok_or_else(|| convert::lacking("GetTable", "Table"))?;
    let wanted = request.pointer("/TableInput/StorageDescriptor/AdditionalLocations");
    let wanted = wanted.and_then(Json::as_array).into_iter().flatten();
    if let Some(storage) = &mut table.storage_descriptor {
        let locations = storage.additional_locations.get_or_insert_default();
        for location in wanted.filter_map(Json::as_str) {
            if !locations.iter().any(|there| there == location) {
                locations.push(location.to_owned());
            }
        }
    }
    let input = input_of(table).map_err(|error| Error::new(Kind::Refused, operation, error.to_string()))?;
    let call = aws.catalog.update_table().database_name(database);
    let skips = request.get("SkipArchive").and_then(Json::as_bool);
    aws.ask(call.table_input(input).set_skip_archive(skips).send())
        .map(|_| ())
        .map_err(|error| faults::told(operation, &error))
}

/// An entry as it is given back to the catalog: without what the catalog alone says of it.
fn input_of(table: Table) -> Result<TableInput, aws_sdk_glue::error::BuildError> {
    TableInput::builder()
        .name(table.name)
        .set_description(table.description)
        .set_owner(table.owner)
        .set_last_access_time(table.last_access_time)
        .set_last_analyzed_time(table.last_analyzed_time)
        .retention(table.retention)
        .set_storage_descriptor(table.storage_descriptor)
        .set_partition_keys(table.partition_keys)
        .set_view_original_text(table.view_original_text)
        .set_view_expanded_text(table.view_expanded_text)
        .set_table_type(table.table_type)
        .set_parameters(table.parameters)
        .set_target_table(table.target_table)
        .build()
}

/// A request whose entries have ids of their own, where the random ones of dbt-glue stand as `<UUID>`: two of one id would be refused.
fn numbered(request: &Json) -> Json {
    let mut request = request.clone();
    let entries = request.get_mut("Entries").and_then(Json::as_array_mut);
    for (at, entry) in entries.into_iter().flatten().enumerate() {
        if let Some(id) = entry.get_mut("Id").filter(|id| *id == "<UUID>") {
            *id = Json::String(format!("entry-{}", at + 1));
        }
    }
    request
}

/// Puts a body in the place of the SDK's.
fn put(request: &mut HttpRequest, body: &str) {
    request
        .headers_mut()
        .insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
}

fn of_tags(failures: Option<Vec<LfTagError>>) -> Vec<Refusal> {
    let refusal = |failure: LfTagError| {
        let key = failure.lf_tag.map(|tag| tag.tag_key);
        refusal(key, failure.error)
    };
    failures.into_iter().flatten().map(refusal).collect()
}

fn of_entries(failures: Option<Vec<BatchPermissionsFailureEntry>>) -> Vec<Refusal> {
    let refusal = |failure: BatchPermissionsFailureEntry| {
        let id = failure.request_entry.map(|entry| entry.id);
        refusal(id, failure.error)
    };
    failures.into_iter().flatten().map(refusal).collect()
}

fn refusal(part: Option<String>, error: Option<ErrorDetail>) -> Refusal {
    let (code, message) = error.map_or((None, None), |error| (error.error_code, error.error_message));
    Refusal {
        part: part.unwrap_or_default(),
        code: code.unwrap_or_default(),
        message: message.unwrap_or_default(),
    }
}
