//! Calls that change something: what arrives at an endpoint is the request, byte for byte, under the name of the call; and what an
//! answer refuses within is told.

use std::net::TcpListener;

use glueline_base::Cancel;
use glueline_glue::{Api, Caller, Kind};
use serde_json::{Value, json};

use crate::common::{ManualClock, Scripted};
use crate::endpoint::{accept, aws, led_to, receive, reply};

/// What the calls of the table are sent with. No model of the SDK has all of its names, so that what is lost on the way shows.
fn request() -> Value {
    json!({"Zeta": 1, "DatabaseInput": {"Name": "ä", "Unheard": {"Of": [true, null]}}})
}

const CALLS: [(&str, &str); 9] = [
    ("glue", "CreateDatabase"),
    ("glue", "DeleteDatabase"),
    ("lakeformation", "AddLFTagsToResource"),
    ("lakeformation", "RemoveLFTagsFromResource"),
    ("lakeformation", "BatchGrantPermissions"),
    ("lakeformation", "BatchRevokePermissions"),
    ("lakeformation", "CreateDataCellsFilter"),
    ("lakeformation", "UpdateDataCellsFilter"),
    ("lakeformation", "DeleteDataCellsFilter"),
];

#[test]
fn what_was_written_down_is_what_arrives() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut child = led_to(&url, "change::inner_every_call");
    for (service, operation) in CALLS {
        let stream = accept(&listener, &mut child);
        let arrived = receive(&stream);
        let name = if service == "glue" {
            format!("AWSGlue.{operation}")
        } else {
            format!("/{operation}")
        };
        assert_eq!(arrived.name, name);
        assert_eq!(arrived.body, request().to_string(), "{operation}");
        assert!(
            arrived
                .authorization
                .contains(&format!("eu-west-1/{service}/aws4_request")),
            "{}",
            arrived.authorization
        );
        reply(&stream, 200, &json!({}));
    }
    // Entries get ids of their own, and what is refused within an answer is told.
    let stream = accept(&listener, &mut child);
    let arrived: Value = serde_json::from_str(&receive(&stream).body).unwrap();
    assert_eq!(
        arrived,
        json!({"Entries": [{"Id": "entry-1"}, {"Id": "mine"}, {"Id": "entry-3"}]})
    );
    let error = json!({"ErrorCode": "AccessDeniedException", "ErrorMessage": "no"});
    reply(
        &stream,
        200,
        &json!({"Failures": [{"RequestEntry": {"Id": "mine"}, "Error": error}]}),
    );
    let stream = accept(&listener, &mut child);
    receive(&stream);
    let tag = json!({"TagKey": "team", "TagValues": ["a"]});
    reply(
        &stream,
        200,
        &json!({"Failures": [{"LFTag": tag, "Error": error}]}),
    );
    let stream = accept(&listener, &mut child);
    receive(&stream);
    reply(
        &stream,
        400,
        &json!({"__type": "com.amazonaws.glue#AlreadyExistsException", "Message": "there"}),
    );
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "run by `what_was_written_down_is_what_arrives`"]
fn inner_every_call() {
    let aws = aws();
    for (service, operation) in CALLS {
        assert_eq!(aws.change(service, operation, &request()).unwrap(), []);
    }
    let entries = json!({"Entries": [{"Id": "<UUID>"}, {"Id": "mine"}, {"Id": "<UUID>"}]});
    let refused = aws
        .change("lakeformation", "BatchGrantPermissions", &entries)
        .unwrap();
    let told = |refused: &[glueline_glue::Refusal]| -> Vec<String> {
        let one = |one: &glueline_glue::Refusal| format!("{} {} {}", one.part, one.code, one.message);
        refused.iter().map(one).collect()
    };
    assert_eq!(told(&refused), ["mine AccessDeniedException no"]);
    let refused = aws
        .change("lakeformation", "AddLFTagsToResource", &json!({}))
        .unwrap();
    assert_eq!(told(&refused), ["team AccessDeniedException no"]);
    let error = aws.change("glue", "CreateDatabase", &json!({})).unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref(), &*error.message),
        (Kind::AlreadyExists, Some("AlreadyExistsException"), "there")
    );
    let error = aws.change("glue", "DeleteTable", &json!({})).unwrap_err();
    assert_eq!(error.kind, Kind::Refused);
}

/// The entry of a table is replaced as a whole: what the request does not say of it has to stay.
#[test]
fn a_table_keeps_what_the_request_does_not_say() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut child = led_to(&url, "change::inner_update_table");
    let storage = json!({
        "Columns": [{"Name": "id", "Type": "int", "Comment": "key"}],
        "Location": "s3://lake/t/_symlink_format_manifest",
        "InputFormat": "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
        "SerdeInfo": {"SerializationLibrary": "serde", "Parameters": {"serialization.format": "1"}},
        "AdditionalLocations": ["s3://lake/other"],
    });
    let table = json!({
        "Name": "athena_t", "DatabaseName": "db", "CreateTime": 1.5, "VersionId": "7", "CatalogId": "1", "Owner": "hadoop",
        "IsRegisteredWithLakeFormation": false, "TableType": "EXTERNAL_TABLE", "Parameters": {"EXTERNAL": "TRUE"},
        "StorageDescriptor": storage, "PartitionKeys": [{"Name": "d", "Type": "string"}],
    });
    let stream = accept(&listener, &mut child);
    let arrived = receive(&stream);
    assert_eq!(arrived.name, "AWSGlue.GetTable");
    reply(&stream, 200, &json!({"Table": table}));
    let stream = accept(&listener, &mut child);
    let arrived = receive(&stream);
    assert_eq!(arrived.name, "AWSGlue.UpdateTable");
    let body: Value = serde_json::from_str(&arrived.body).unwrap();
    assert_eq!(
        (&body["DatabaseName"], &body["SkipArchive"]),
        (&json!("db"), &json!(true))
    );
    let sent = &body["TableInput"];
    for key in ["Name", "Owner", "TableType", "Parameters", "PartitionKeys"] {
        assert_eq!(sent[key], table[key], "{key}");
    }
    for key in ["Columns", "Location", "InputFormat", "SerdeInfo"] {
        assert_eq!(sent["StorageDescriptor"][key], storage[key], "{key}");
    }
    assert_eq!(
        sent["StorageDescriptor"]["AdditionalLocations"],
        json!(["s3://lake/other", "s3://lake/t"])
    );
    assert_eq!(sent.get("VersionId"), None);
    reply(&stream, 200, &json!({}));
    // Without a table there is nothing to change.
    let stream = accept(&listener, &mut child);
    receive(&stream);
    reply(
        &stream,
        400,
        &json!({"__type": "com.amazonaws.glue#EntityNotFoundException", "Message": "none"}),
    );
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "run by `a_table_keeps_what_the_request_does_not_say`"]
fn inner_update_table() {
    let aws = aws();
    let request = json!({
        "DatabaseName": "db",
        "SkipArchive": true,
        "TableInput": {"Name": "athena_t", "StorageDescriptor": {"Columns": [], "AdditionalLocations": ["s3://lake/t"]}},
    });
    assert_eq!(aws.change("glue", "UpdateTable", &request).unwrap(), []);
    let error = aws.change("glue", "UpdateTable", &request).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

/// What is made again, and what the answer is then.
#[test]
fn a_change_is_made_again_until_somebody_knows() {
    for (operation, script, want) in [
        ("CreateDatabase", "CreateDatabase {} -> none", "Ok([])"),
        (
            "CreateDatabase",
            "CreateDatabase {} -> !AlreadyExists",
            "AlreadyExists",
        ),
        // Nobody knows who made it: it is there, which is what was asked for.
        (
            "CreateDatabase",
            "CreateDatabase {} -> !Lost
             CreateDatabase {} -> !AlreadyExists",
            "Ok([])",
        ),
        // A call that did nothing has not made it.
        (
            "CreateDatabase",
            "CreateDatabase {} -> !Throttled
             CreateDatabase {} -> !AlreadyExists",
            "AlreadyExists",
        ),
        (
            "DeleteDataCellsFilter",
            "DeleteDataCellsFilter {} -> !Garbled
             DeleteDataCellsFilter {} -> !Throttled
             DeleteDataCellsFilter {} -> !NotFound",
            "Ok([])",
        ),
        ("DeleteDatabase", "DeleteDatabase {} -> !NotFound", "NotFound"),
        (
            "UpdateTable",
            "UpdateTable {} -> !Lost
             UpdateTable {} -> !NotFound",
            "NotFound",
        ),
        (
            "UpdateTable",
            "UpdateTable {} -> !Lost
             UpdateTable {} -> !Lost
             UpdateTable {} -> !Lost
             UpdateTable {} -> !Lost",
            "Lost",
        ),
        (
            "AddLFTagsToResource",
            "AddLFTagsToResource {} -> !Denied",
            "Denied",
        ),
        (
            "AddLFTagsToResource",
            "AddLFTagsToResource {} -> k: AccessDeniedException",
            "part: \"k\"",
        ),
    ] {
        let (api, clock, cancel) = (Scripted::new(script), ManualClock::new(None), Cancel::new());
        let caller = Caller {
            api: &api,
            clock: &clock,
            cancel: &cancel,
        };
        let found = caller.change("glue", operation, &json!({}));
        assert!(format!("{found:?}").contains(want), "{script}: {found:?}");
        api.must_be_done();
    }
}
