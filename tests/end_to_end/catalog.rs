//! The catalog, read by the binary from an endpoint on the loopback.

use serde_json::{Value, json};

use crate::common::Project;
use crate::session::{Endpoint, PROFILE, Reply, fault};

/// A database of two pages, one that nobody may look into, and none besides.
fn endpoint() -> Endpoint {
    Endpoint::new(|name, request| {
        let column = |name: &str, ty: &str| json!({"Name": name, "Type": ty});
        let table = |name: &str, columns: Value| {
            json!({"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"spark.sql.sources.provider": "parquet"},
                   "StorageDescriptor": {"Columns": columns, "Location": format!("s3://lake/core/{name}")}})
        };
        let page =
            |tables: Value, next: Value| Reply::Json(200, json!({"TableList": tables, "NextToken": next}));
        match (
            name,
            request["DatabaseName"].as_str(),
            request["NextToken"].as_str(),
        ) {
            ("GetTables", Some("core"), None) => {
                let columns = json!([column("id", "bigint"), column("paid", "string")]);
                Some(page(json!([table("orders", columns)]), json!("2")))
            }
            ("GetTables", Some("core"), Some("2")) => Some(page(
                json!([table("same", json!([column("id", "int")]))]),
                Value::Null,
            )),
            ("GetTables", Some("vault"), _) => {
                Some(fault("AccessDeniedException", "Insufficient permissions"))
            }
            ("GetTables", ..) => Some(fault("EntityNotFoundException", "no such database")),
            _ => None,
        }
    })
}

fn project() -> Project {
    let profile = format!("{PROFILE}      location: s3://lake\n");
    Project::new(&[
        ("profiles.yml", &profile),
        (
            "models/sources.yml",
            "sources:\n  - name: vault\n    tables: [{name: secrets}]\n",
        ),
        (
            "models/orders.sql",
            "{{ config(materialized='table', file_format='parquet', partition_by='day') }}\n\
             select cast(1 as bigint) as id, 2 as paid, 'x' as note, current_date() as day",
        ),
        (
            "models/same.sql",
            "{{ config(materialized='table', file_format='parquet') }}\nselect 1 as id",
        ),
        (
            "models/new.sql",
            "{{ config(schema='marts') }}\nselect id from {{ ref('same') }}",
        ),
    ])
}

#[test]
fn what_is_pulled_is_what_other_commands_take() {
    let (endpoint, project) = (endpoint(), project());
    let output = endpoint.run(&project, &["catalog", "pull"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(
        output.stdout,
        "target/glueline/catalog.json: 2 tables in 2 databases of eu-west-1\n"
    );
    for said in [
        "warning: what is in `vault` is not known: glue:GetTables is denied to arn:aws:iam::123456789012:user/me on \
         database/vault",
        "note: there is no database `core_marts` yet",
    ] {
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
    assert_eq!(endpoint.calls().len(), 5, "{:?}", endpoint.calls());
    let state: Value = serde_json::from_str(&project.read("target/glueline/catalog.json")).unwrap();
    assert_eq!(state["account"], "123456789012");
    assert_eq!(state["region"], "eu-west-1");
    assert_eq!(state["databases"]["vault"], json!({"unknown": true}));
    assert_eq!(
        state["databases"]["core"]["tables"]["orders"]["location"],
        "s3://lake/core/orders"
    );
    let output = project.glueline(&[
        "preview",
        "-s",
        "same",
        "--catalog",
        "target/glueline/catalog.json",
    ]);
    assert!(
        output.stdout.contains("is there as a parquet table"),
        "{}{}",
        output.stdout,
        output.stderr
    );
}

#[test]
fn a_selection_is_asked_for_alone_and_a_file_is_named() {
    let (endpoint, project) = (endpoint(), project());
    let arguments = [
        "catalog",
        "pull",
        "-s",
        "orders",
        "--to",
        "there.json",
        "--output",
        "json",
    ];
    let output = endpoint.run(&project, &arguments);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let told: Value = serde_json::from_str(&output.stdout).unwrap();
    let wanted = json!({"schema": "glueline-catalog-pull/1", "path": "there.json", "region": "eu-west-1",
        "account": "123456789012", "databases": 1, "tables": 2, "absent": [], "remarks": []});
    assert_eq!(told, wanted);
    assert!(project.read("there.json").starts_with("{\n"));
}

#[test]
fn nothing_is_written_of_what_nobody_said() {
    for (arguments, code, status, said) in [
        (
            "catalog pull",
            "ExpiredTokenException",
            1,
            "GetTables: the AWS credentials have expired",
        ),
        (
            "catalog pull --catalog x.json",
            "",
            2,
            "error: `catalog pull` reads AWS: --catalog says nothing here",
        ),
        (
            "catalog pull --to no/such/place.json",
            "EntityNotFoundException",
            1,
            "cannot write no/such/place.json",
        ),
    ] {
        let endpoint = Endpoint::new(move |name, _| (name == "GetTables").then(|| fault(code, "no")));
        let project = project();
        let words: Vec<&str> = arguments.split(' ').collect();
        let output = endpoint.run(&project, &words);
        assert_eq!(output.status, status, "{arguments}: {}", output.stderr);
        assert!(output.stderr.contains(said), "{arguments}: {}", output.stderr);
        assert!(
            !project.path("target/glueline/catalog.json").exists(),
            "{arguments}"
        );
    }
}

#[test]
fn what_a_run_would_change_is_told() {
    const WANTED: &str = "\
core_marts is made, a database
core.orders is made anew, and differs
  ~ partitions: none -> day
  ~ column paid: string -> int
  + column note string
  + column day date
core_marts.new is made
  + kind: view
  + column id int
";
    let (endpoint, project) = (endpoint(), project());
    let output = endpoint.run(&project, &["catalog", "diff"]);
    assert_eq!((output.status, &*output.stdout), (0, WANTED), "{}", output.stderr);
    assert!(
        output.stderr.contains("glue:GetTables is denied to"),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.ends_with("Compared 3 relations: 2 differ\n"),
        "{}",
        output.stderr
    );
    // The same of a file, with no word to AWS.
    assert_eq!(endpoint.run(&project, &["catalog", "pull"]).status, 0);
    let file = ["--catalog", "target/glueline/catalog.json"];
    let output = project.glueline(&[&["catalog", "diff", "--exit-code"], &file[..]].concat());
    assert_eq!((output.status, &*output.stdout), (1, WANTED), "{}", output.stderr);
    let arguments = [
        &["catalog", "diff", "--exit-code", "-s", "same", "--output", "json"],
        &file[..],
    ]
    .concat();
    let output = project.glueline(&arguments);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let told: Value = serde_json::from_str(&output.stdout).unwrap();
    let wanted = json!({"schema": "glueline-catalog-diff/1", "databases": [], "relations": [],
        "unchanged": 1, "uncertain": 0, "skipped": 0});
    assert_eq!(told, wanted);
    let arguments = [
        &["catalog", "diff", "-s", "orders", "--output", "json"],
        &file[..],
    ]
    .concat();
    let told: Value = serde_json::from_str(&project.glueline(&arguments).stdout).unwrap();
    let relation = &told["relations"][0];
    assert_eq!(relation["node"], "model.shop.orders");
    assert_eq!(relation["change"], "rebuilds");
    assert_eq!(
        relation["facets"],
        json!([{"name": "partitions", "before": "none", "after": "day"}])
    );
    assert_eq!(
        relation["columns"][0],
        json!({"name": "paid", "change": "retyped", "before": "string", "after": "int"})
    );
}
