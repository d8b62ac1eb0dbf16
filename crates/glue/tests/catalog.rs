//! Questions to the catalog: what arrives at an endpoint, what is read of its answers, and how long somebody asks.

use std::net::TcpListener;

use glueline_base::Cancel;
use glueline_glue::{Api, Aws, Caller, CellsFilter, Kind, Settings, Tagged};
use serde_json::{Value, json};

use crate::common::{ManualClock, Scripted};
use crate::endpoint::{accept, aws, led_to, receive, reply, reply_text};

/// Calls, what they have to ask for, and what they are answered.
fn exchanges() -> Vec<(&'static str, Value, u16, Value)> {
    let table = json!({
        "Name": "orders", "TableType": "EXTERNAL_TABLE", "IsRegisteredWithLakeFormation": true,
        "Parameters": {"table_type": "ICEBERG"},
        "StorageDescriptor": {"Location": "s3://b/orders", "Columns": [
            {"Name": "id", "Type": "bigint", "Parameters": {"iceberg.field.current": "true"}},
            {"Name": "gone", "Type": "int", "Parameters": {"iceberg.field.current": "false"}}]},
        "PartitionKeys": [{"Name": "day", "Type": "date"}],
    });
    let tag = json!({"TagKey": "team", "TagValues": ["a", "b"]});
    let filter = json!({
        "TableCatalogId": "1", "DatabaseName": "core", "TableName": "orders", "Name": "eu",
        "RowFilter": {"FilterExpression": "x = 1"}, "ColumnWildcard": {"ExcludedColumnNames": ["y"]},
    });
    vec![
        (
            "AWSGlue.GetTables",
            json!({"DatabaseName": "core", "MaxResults": 100}),
            200,
            json!({"TableList": [table, {"Name": "v", "TableType": "VIRTUAL_VIEW", "StorageDescriptor": {"Location": ""}}], "NextToken": "t2"}),
        ),
        (
            "AWSGlue.GetTables",
            json!({"DatabaseName": "core", "MaxResults": 100, "NextToken": "t2"}),
            200,
            json!({"TableList": []}),
        ),
        (
            "AWSGlue.GetTables",
            json!({"DatabaseName": "gone", "MaxResults": 100}),
            200,
            json!({}),
        ),
        (
            "AWSGlue.GetTables",
            json!({"DatabaseName": "gone", "MaxResults": 100}),
            400,
            json!({"__type": "EntityNotFoundException", "Message": "Database gone not found."}),
        ),
        (
            "/GetResourceLFTags",
            json!({"Resource": {"Table": {"DatabaseName": "core", "Name": "orders"}}}),
            200,
            json!({"LFTagsOnTable": [tag], "LFTagsOnColumns": [{"Name": "id", "LFTags": [tag]}]}),
        ),
        (
            "/GetResourceLFTags",
            json!({"Resource": {"Database": {"Name": "core"}}}),
            200,
            json!({"LFTagOnDatabase": [tag]}),
        ),
        (
            "/ListDataCellsFilter",
            json!({"Table": {"DatabaseName": "core", "Name": "orders"}}),
            200,
            json!({"DataCellsFilters": [filter]}),
        ),
        (
            "/ListPermissions",
            json!({"Resource": {"DataCellsFilter": {
                "TableCatalogId": "1", "DatabaseName": "core", "TableName": "orders", "Name": "eu"}}}),
            200,
            json!({"PrincipalResourcePermissions": [{"Principal": {"DataLakePrincipalIdentifier": "arn"}}, {}]}),
        ),
    ]
}

#[test]
fn questions_arrive_and_answers_are_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut child = led_to(&url, "catalog::inner_every_question");
    for (name, request, status, answer) in exchanges() {
        let stream = accept(&listener, &mut child);
        let arrived = receive(&stream);
        assert_eq!(arrived.name, name);
        assert!(
            arrived.authorization.contains("AKIDEXAMPLE"),
            "{}",
            arrived.authorization
        );
        assert_eq!(serde_json::from_str::<Value>(&arrived.body).unwrap(), request);
        reply(&stream, status, &answer);
    }
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "run by `questions_arrive_and_answers_are_read`"]
fn inner_every_question() {
    let aws = aws();
    let page = aws.list_tables("core", None).unwrap();
    let [orders, view] = page.items.as_slice() else {
        unreachable!("two tables: {page:?}")
    };
    assert_eq!(page.next.as_deref(), Some("t2"));
    let columns: Vec<_> = orders
        .columns
        .iter()
        .map(|column| (&*column.name, column.is_former))
        .collect();
    assert_eq!(columns, [("id", false), ("gone", true)]);
    assert_eq!(orders.columns[0].data_type.as_deref(), Some("bigint"));
    assert_eq!(orders.partition_keys[0].name, "day");
    assert_eq!(orders.location.as_deref(), Some("s3://b/orders"));
    assert_eq!(orders.parameters.as_ref().unwrap()["table_type"], "ICEBERG");
    assert!(orders.is_governed && !view.is_governed);
    assert_eq!(
        (view.kind.as_deref(), &view.parameters),
        (Some("VIRTUAL_VIEW"), &None)
    );
    assert_eq!(view.location, None);
    let page = aws.list_tables("core", Some("t2")).unwrap();
    assert_eq!((page.items.len(), page.next), (0, None));
    // An answer without a list is none.
    assert_eq!(aws.list_tables("gone", None).unwrap_err().kind, Kind::Garbled);
    assert_eq!(aws.list_tables("gone", None).unwrap_err().kind, Kind::NotFound);
    let tag = ("team".to_owned(), vec!["a".to_owned(), "b".to_owned()]);
    let tags = aws.resource_tags(Tagged::Table("core", "orders")).unwrap();
    assert_eq!((&tags.table[0], &tags.columns[0].1[0]), (&tag, &tag));
    assert_eq!(
        aws.resource_tags(Tagged::Database("core")).unwrap().database,
        [tag]
    );
    let filters = aws.list_filters("core", "orders", None).unwrap().items;
    let filter = CellsFilter {
        account: "1".to_owned(),
        database: "core".to_owned(),
        table: "orders".to_owned(),
        name: "eu".to_owned(),
        rows: Some("x = 1".to_owned()),
        columns: None,
        excluded: Some(vec!["y".to_owned()]),
    };
    assert_eq!(filters, [filter]);
    assert_eq!(aws.list_holders(&filters[0], None).unwrap().items, ["arn"]);
}

#[test]
fn all_pages_are_asked_for_and_throttling_passes() {
    for (script, want) in [
        (
            "GetTables core -> a, b next t2
             GetTables core t2 -> !Throttled
             GetTables core t2 -> !Lost
             GetTables core t2 -> c",
            Ok("a b c"),
        ),
        ("GetTables core -> none", Ok("")),
        ("GetTables core -> !NotFound", Err(Kind::NotFound)),
        ("GetTables core -> !Denied", Err(Kind::Denied(Box::default()))),
        (
            "GetTables core -> a next t2\n* GetTables core t2 -> !Throttled",
            Err(Kind::Throttled),
        ),
        (
            "GetTables core -> a next t2\nGetTables core t2 -> b next t2",
            Err(Kind::Garbled),
        ),
    ] {
        let (api, clock, cancel) = (Scripted::new(script), ManualClock::new(None), Cancel::new());
        let caller = Caller {
            api: &api,
            clock: &clock,
            cancel: &cancel,
        };
        let found = caller.tables("core").map(|tables| {
            let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
            names.join(" ")
        });
        assert_eq!(
            found.map_err(|error| error.kind),
            want.map(str::to_owned),
            "{script}"
        );
        api.must_be_done();
    }
}

#[test]
fn the_catalog_is_asked_as_the_role_and_sessions_are_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut child = led_to(&url, "catalog::inner_as_a_role");
    for (name, key, answer) in [
        (
            "/",
            "AKIDEXAMPLE",
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
             <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>",
        ),
        ("AWSGlue.GetTables", "ASIAROLE", r#"{"TableList": []}"#),
        ("AWSGlue.CreateDatabase", "ASIAROLE", "{}"),
        ("AWSGlue.StopSession", "AKIDEXAMPLE", "{}"),
    ] {
        let stream = accept(&listener, &mut child);
        let arrived = receive(&stream);
        assert_eq!(arrived.name, name);
        let credential = format!("Credential={key}/");
        assert!(
            arrived.authorization.contains(&credential),
            "{name}: {}",
            arrived.authorization
        );
        if name == "/" {
            for part in ["Action=AssumeRole&", "RoleSessionName=dbt", "role%2Fdbt"] {
                assert!(arrived.body.contains(part), "{}", arrived.body);
            }
        }
        reply_text(&stream, 200, answer);
    }
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "run by `the_catalog_is_asked_as_the_role_and_sessions_are_not`"]
fn inner_as_a_role() {
    let role = "arn:aws:iam::123456789012:role/dbt";
    let aws = Aws::new(&Settings {
        catalog_role: Some(role.to_owned()),
        ..Settings::new(Some("eu-west-1".to_owned()))
    })
    .unwrap();
    assert!(aws.list_tables("core", None).unwrap().items.is_empty());
    // The role is taken on once.
    assert_eq!(aws.change("glue", "CreateDatabase", &json!({})).unwrap(), []);
    aws.stop_session("one").unwrap();
}
