//! Calls that change something, with the request as a run writes it down: what was previewed is what is sent, byte for byte.
//!
//! The SDK finds the endpoint, signs, and reads the answer. The parameters that it would send itself are none, and never sent: the
//! body is put in the place of its own before it is signed.

use aws_sdk_glue::config::http::HttpRequest;
use aws_sdk_lakeformation::primitives::SdkBody;
use aws_sdk_lakeformation::types::{BatchPermissionsFailureEntry, ErrorDetail, LfTagError};
use serde_json::Value as Json;

use super::{Aws, faults};
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
            sent!(aws.catalog.update_table());
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
