//! The catalog, pulled from an AWS that answers as each case says: the state that comes of it, and what is said of the rest.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use glueline_base::{Cancel, MemSystem, System};
use glueline_glue::{
    Api, Caller, CatalogColumn, CatalogTable, CellsFilter, Clock, Denied, Error, Identity, Kind, LakeTags,
    NewSession, Page, Refusal, Session, Statement, Tagged,
};
use glueline_project::{LoadOptions, load};
use glueline_render::{Renderer, Settings};
use glueline_run::catalog::{Pulled, Wanted, pull};
use serde_json::{Value, json};

#[derive(Debug)]
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> i64 {
        0
    }

    fn sleep(&self, _: Duration, cancel: &Cancel) -> bool {
        !cancel.is_cancelled()
    }
}

/// Databases with what is in them, a page for each table, and what Lake Formation holds.
#[derive(Debug, Default)]
struct Catalog {
    databases: BTreeMap<&'static str, Result<Vec<CatalogTable>, Kind>>,
    identity: Option<Kind>,
    lake: Option<Kind>,
    calls: Mutex<Vec<String>>,
}

impl Catalog {
    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    fn lake<T>(&self, operation: &'static str, answer: T) -> Result<T, Error> {
        match &self.lake {
            Some(kind) => Err(Error::new(kind.clone(), operation, "Insufficient permissions")),
            None => Ok(answer),
        }
    }
}

const OTHER: &str = "the catalog is only looked at";

impl Api for Catalog {
    fn create_session(&self, _: &NewSession) -> Result<Session, Error> {
        panic!("{OTHER}")
    }
    fn get_session(&self, _: &str) -> Result<Session, Error> {
        panic!("{OTHER}")
    }
    fn list_sessions(&self, _: Option<&str>) -> Result<Page<Session>, Error> {
        panic!("{OTHER}")
    }
    fn stop_session(&self, _: &str) -> Result<(), Error> {
        panic!("{OTHER}")
    }
    fn delete_session(&self, _: &str) -> Result<(), Error> {
        panic!("{OTHER}")
    }
    fn run_statement(&self, _: &str, _: &str) -> Result<i32, Error> {
        panic!("{OTHER}")
    }
    fn get_statement(&self, _: &str, _: i32) -> Result<Statement, Error> {
        panic!("{OTHER}")
    }
    fn list_statements(&self, _: &str, _: Option<&str>) -> Result<Page<Statement>, Error> {
        panic!("{OTHER}")
    }
    fn cancel_statement(&self, _: &str, _: i32) -> Result<(), Error> {
        panic!("{OTHER}")
    }
    fn change(&self, _: &'static str, _: &'static str, _: &Value) -> Result<Vec<Refusal>, Error> {
        panic!("{OTHER}")
    }

    fn caller(&self) -> Result<Identity, Error> {
        self.note("GetCallerIdentity".to_owned());
        match &self.identity {
            Some(kind) => Err(Error::new(kind.clone(), "GetCallerIdentity", "no")),
            None => Ok(Identity {
                account: "111122223333".to_owned(),
                arn: "arn:aws:iam::111122223333:user/me".to_owned(),
            }),
        }
    }

    fn list_tables(&self, database: &str, token: Option<&str>) -> Result<Page<CatalogTable>, Error> {
        const CALL: &str = "GetTables";
        self.note(format!("{CALL} {database}"));
        let tables = match self.databases.get(database) {
            None => return Err(Error::new(Kind::NotFound, CALL, "not found")),
            Some(Err(kind)) => return Err(Error::new(kind.clone(), CALL, "Insufficient permissions")),
            Some(Ok(tables)) => tables,
        };
        let at: usize = token.map_or(0, |token| token.parse().unwrap());
        Ok(Page {
            items: tables.get(at).cloned().into_iter().collect(),
            next: (at + 1 < tables.len()).then(|| (at + 1).to_string()),
        })
    }

    fn resource_tags(&self, of: Tagged<'_>) -> Result<LakeTags, Error> {
        self.note(format!("GetResourceLFTags {of:?}"));
        let tag = || vec![("team".to_owned(), vec!["a".to_owned()])];
        let tags = match of {
            Tagged::Database(_) => LakeTags {
                database: tag(),
                ..LakeTags::default()
            },
            Tagged::Table(..) => LakeTags {
                table: tag(),
                columns: vec![("id".to_owned(), tag())],
                ..LakeTags::default()
            },
        };
        self.lake("GetResourceLFTags", tags)
    }

    fn list_filters(&self, database: &str, table: &str, _: Option<&str>) -> Result<Page<CellsFilter>, Error> {
        self.note(format!("ListDataCellsFilter {database}.{table}"));
        let filter = CellsFilter {
            account: "111122223333".to_owned(),
            database: database.to_owned(),
            table: table.to_owned(),
            name: "eu".to_owned(),
            rows: None,
            columns: None,
            excluded: Some(Vec::new()),
        };
        let page = Page {
            items: vec![filter],
            next: None,
        };
        self.lake("ListDataCellsFilter", page)
    }

    fn list_holders(&self, of: &CellsFilter, _: Option<&str>) -> Result<Page<String>, Error> {
        self.note(format!("ListPermissions {}", of.name));
        let page = Page {
            items: vec!["arn:holder".to_owned()],
            next: None,
        };
        self.lake("ListPermissions", page)
    }
}

fn column(name: &str, is_former: bool) -> CatalogColumn {
    CatalogColumn {
        name: name.to_owned(),
        data_type: Some("int".to_owned()),
        is_former,
    }
}

fn table(name: &str) -> CatalogTable {
    CatalogTable {
        name: name.to_owned(),
        kind: Some("EXTERNAL_TABLE".to_owned()),
        parameters: Some(BTreeMap::new()),
        columns: vec![column("id", false), column("gone", true)],
        location: Some(format!("s3://b/{name}")),
        ..CatalogTable::default()
    }
}

/// A table that Lake Formation governs, with the schema that Spark keeps of it.
fn governed(name: &str, schema: &[(&str, &str)]) -> CatalogTable {
    let parameters = schema
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    CatalogTable {
        parameters: Some(parameters.collect()),
        is_governed: true,
        ..table(name)
    }
}

const PROFILE: &str = "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: \
                       arn:aws:iam::123456789012:role/glue\n      region: eu-west-1\n      schema: Core\n";

/// What a project wants: all of it, or the plan of some of its models.
fn wanted(files: &[(&str, &str)], models: Option<&[&str]>) -> Wanted {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    system.write("p/profiles.yml", PROFILE);
    for (path, text) in files {
        system.write(format!("p/{path}"), *text);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(Arc::clone(&project), Settings::new(system));
    let nodes: Option<Vec<_>> = models.map(|models| {
        let meant = project
            .nodes()
            .iter()
            .filter(|node| models.contains(&&*node.name));
        meant.map(|node| node.id).collect()
    });
    Wanted::of(&renderer, nodes.as_deref())
}

fn pulled(api: &Catalog, wanted: &Wanted) -> Result<Pulled, Error> {
    let cancel = Cancel::new();
    let caller = Caller {
        api,
        clock: &StillClock,
        cancel: &cancel,
    };
    pull(&caller, wanted, None)
}

const FILES: [(&str, &str); 6] = [
    ("models/a.sql", "select * from {{ source('raw', 'events') }}"),
    (
        "models/b.sql",
        "{{ config(schema='marts') }} select * from {{ ref('a') }}",
    ),
    (
        "models/c.sql",
        "{{ config(materialized='ephemeral', schema='nowhere') }} select 1 as id",
    ),
    (
        "models/d.sql",
        "{{ config(enabled=false, schema='off') }} select 1 as id",
    ),
    (
        "models/sources.yml",
        "sources:\n  - name: raw\n    schema: Landing\n    tables: [{name: events}]\n",
    ),
    (
        "models/schema.yml",
        "models:\n  - name: a\n    columns:\n      - name: id\n        data_tests:\n          - not_null: {config: {store_failures: \
         true}}\n          - unique\n",
    ),
];

#[test]
fn a_plan_depends_on_the_databases_that_it_names() {
    let all = wanted(&FILES, None);
    let names: Vec<&str> = all.databases.iter().map(String::as_str).collect();
    assert_eq!(names, ["core", "core_dbt_test__audit", "core_marts", "landing"]);
    assert_eq!(all.account.as_deref(), Some("123456789012"));
    let names =
        |models: &[&str]| -> Vec<String> { wanted(&FILES, Some(models)).databases.into_iter().collect() };
    assert_eq!(names(&["b"]), ["core", "core_marts"]);
    assert_eq!(names(&["a"]), ["core", "landing"]);
    assert_eq!(names(&[]), ["core"]);
}

#[test]
fn what_is_there_is_written_down() {
    let view = CatalogTable {
        kind: Some("VIRTUAL_VIEW".to_owned()),
        parameters: None,
        partition_keys: vec![column("day", false)],
        location: None,
        ..table("V")
    };
    let api = Catalog {
        databases: BTreeMap::from([("core", Ok(vec![table("a"), view])), ("landing", Ok(Vec::new()))]),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&FILES, None)).unwrap();
    assert_eq!(
        found.document,
        json!({"account": "111122223333", "databases": {
            "core": {"tables": {
                "a": {"type": "EXTERNAL_TABLE", "parameters": {}, "location": "s3://b/a",
                      "columns": [{"name": "id", "type": "int"}], "partition_keys": []},
                "v": {"type": "VIRTUAL_VIEW", "parameters": null, "location": null,
                      "columns": [{"name": "id", "type": "int"}],
                      "partition_keys": [{"name": "day", "type": "int"}]}}},
            "landing": {"tables": {}}}})
    );
    assert_eq!((found.databases, found.tables), (2, 2));
    assert_eq!(found.absent, ["core_dbt_test__audit", "core_marts"]);
    assert_eq!(found.remarks, [""; 0]);
    let state = found.state().unwrap();
    assert!(state.table("core", "a").unwrap().known_columns().is_some());
    assert!(state.has_all_tables_of("core") && state.database("core_marts").is_none());
    // Each database is listed once, a page at a time.
    let calls = api.calls.lock().unwrap().join(", ");
    assert_eq!(
        calls,
        "GetCallerIdentity, GetTables core, GetTables core, GetTables core_dbt_test__audit, GetTables core_marts, GetTables landing"
    );
}

#[test]
fn what_nobody_may_see_is_unknown() {
    let api = Catalog {
        databases: BTreeMap::from([
            ("core", Err(Kind::Denied(Box::default()))),
            ("landing", Ok(vec![table("t")])),
        ]),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&FILES, None)).unwrap();
    assert_eq!(found.document["databases"]["core"], json!({"unknown": true}));
    let [remark] = found.remarks.as_slice() else {
        panic!("{:?}", found.remarks)
    };
    for part in [
        "`core`",
        "glue:GetTables",
        "arn:aws:iam::111122223333:user/me",
        "database/core",
    ] {
        assert!(remark.contains(part), "{remark}");
    }
    let state = found.state().unwrap();
    assert!(!state.knows("core") && state.knows("landing") && state.table("landing", "t").is_some());
    // What AWS says itself is kept.
    let denied = Denied {
        principal: Some("arn:other".to_owned()),
        action: Some("glue:GetDatabase".to_owned()),
        resource: None,
    };
    let api = Catalog {
        databases: BTreeMap::from([("core", Err(Kind::Denied(Box::new(denied))))]),
        identity: Some(Kind::Denied(Box::default())),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&FILES, None)).unwrap();
    let remark = found.remarks.join("\n");
    assert!(
        remark.contains("glue:GetDatabase is denied to arn:other on database/core"),
        "{remark}"
    );
    // Without an account of the caller's there is that of the role.
    assert_eq!(found.document["account"], "123456789012");
}

#[test]
fn columns_that_lake_formation_may_hide_are_not_taken_for_all() {
    const KEY: &str = "spark.sql.sources.schema";
    let fields = |names: &[&str]| {
        let fields: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
        json!({"type": "struct", "fields": fields}).to_string()
    };
    let (id, both) = (fields(&["ID"]), fields(&["id", "salary"]));
    let (first, second) = id.split_at(9);
    let tables = vec![
        governed("iceberg", &[("table_type", "ICEBERG")]),
        governed("whole", &[(KEY, &id)]),
        governed("partly", &[(KEY, &both)]),
        governed(
            "parts",
            &[
                ("spark.sql.sources.schema.numParts", "2"),
                ("spark.sql.sources.schema.part.0", first),
                ("spark.sql.sources.schema.part.1", second),
            ],
        ),
        governed("torn", &[("spark.sql.sources.schema.numParts", "99999999999")]),
        governed("odd", &[(KEY, "[")]),
        table("free"),
    ];
    let api = Catalog {
        databases: BTreeMap::from([("core", Ok(tables))]),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&FILES, None)).unwrap();
    let state = found.state().unwrap();
    for (name, is_whole) in [
        ("iceberg", false),
        ("whole", true),
        ("partly", false),
        ("parts", true),
        ("torn", false),
        ("odd", false),
        ("free", true),
    ] {
        let table = state.table("core", name).unwrap();
        assert_eq!(table.known_columns().is_some(), is_whole, "{name}");
    }
    // Tables may be hidden, too.
    assert!(state.knows("core") && !state.has_all_tables_of("core"));
    let remark = found.remarks.join("\n");
    assert!(
        remark.starts_with("4 tables are governed by Lake Formation")
            && remark.contains("core.iceberg, core.odd, core.partly, ..."),
        "{remark}"
    );
}

const LAKE: [(&str, &str); 3] = [
    (
        "models/a.sql",
        "{{ config(lf_tags_config={'enabled': true, 'tags_table': {'team': 'a'}}) }} select 1 as id",
    ),
    (
        "models/b.sql",
        "{{ config(lf_grants={'data_cell_filters': {'enabled': true, 'filters': {}}}) }} select 1 as id",
    ),
    (
        "models/new.sql",
        "{{ config(lf_tags_config={'enabled': true}) }} select 1 as id",
    ),
];

#[test]
fn lake_formation_is_asked_for_what_configs_set() {
    let databases = || BTreeMap::from([("core", Ok(vec![table("a"), table("b")]))]);
    let api = Catalog {
        databases: databases(),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&LAKE, None)).unwrap();
    let tag = json!([{"TagKey": "team", "TagValues": ["a"]}]);
    let place =
        json!({"TableCatalogId": "111122223333", "DatabaseName": "core", "TableName": "b", "Name": "eu"});
    let mut filter = place.clone();
    filter["RowFilter"] = json!({"AllRowsWildcard": {}});
    filter["ColumnWildcard"] = json!({"ExcludedColumnNames": []});
    assert_eq!(
        found.document["lakeformation"],
        json!({
            "resource_tags": {
                "core": {"database": tag, "table": [], "columns": []},
                "core.a": {"database": [], "table": tag, "columns": [{"Name": "id", "LFTags": tag}]}},
            "data_cells_filters": [filter],
            "permissions": [{"Principal": {"DataLakePrincipalIdentifier": "arn:holder"},
                             "Resource": {"DataCellsFilter": place}}],
        })
    );
    assert_eq!(found.state().unwrap().has_table_tags("core", "a"), Some(true));
    let api = Catalog {
        databases: databases(),
        lake: Some(Kind::Denied(Box::default())),
        ..Catalog::default()
    };
    let found = pulled(&api, &wanted(&LAKE, None)).unwrap();
    assert_eq!(found.remarks.len(), 3, "{:?}", found.remarks);
    let remarks = found.remarks.join("\n");
    assert!(remarks.contains(
        "lakeformation:ListDataCellsFilter is denied to arn:aws:iam::111122223333:user/me on core.b"
    ));
}

#[test]
fn what_keeps_from_asking_ends_it() {
    for kind in [
        Kind::Expired,
        Kind::NoCredentials,
        Kind::Skew,
        Kind::Throttled,
        Kind::Lost,
        Kind::Unreachable,
    ] {
        let api = Catalog {
            databases: BTreeMap::from([("core", Err(kind.clone()))]),
            ..Catalog::default()
        };
        assert_eq!(pulled(&api, &wanted(&FILES, None)).unwrap_err().kind, kind);
        let api = Catalog {
            identity: Some(kind.clone()),
            ..Catalog::default()
        };
        assert_eq!(pulled(&api, &wanted(&FILES, None)).unwrap_err().kind, kind);
    }
}
