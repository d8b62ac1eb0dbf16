//! What whoever calls dbt needs.

use serde_json::json;

use super::storage::Place;
use super::{Facts, Statement, role};

/// The calls by which the adapter opens a session, runs statements in it and ends it (`dbt/adapters/glue/gluedbapi`).
const SESSIONS: [&str; 8] = [
    "glue:CreateSession",
    "glue:GetSession",
    "glue:RunStatement",
    "glue:GetStatement",
    "glue:ListStatements",
    "glue:CancelStatement",
    "glue:StopSession",
    "glue:DeleteSession",
];

pub(super) fn statements(facts: &Facts) -> Vec<Statement> {
    let mut found = vec![sessions(facts), pass_role(facts)];
    if facts.session.calls_as_role {
        found.push(Statement::new(
            "AssumeSessionRole",
            &["sts:AssumeRole"],
            [facts.role()],
        ));
    } else {
        let databases = facts.written.union(&facts.read);
        found.push(Statement::new(
            "CatalogCalls",
            &catalog_calls(facts),
            role::names(facts, databases),
        ));
    }
    found.push(lake_formation(facts));
    found.extend(results(facts));
    found
}

fn sessions(facts: &Facts) -> Statement {
    let id = facts.session.id.as_deref().unwrap_or("*");
    let statement = Statement::new("Sessions", &SESSIONS, [facts.glue(&format!("session/{id}"))]);
    if facts.session.has_tags {
        statement.and(&["glue:TagResource"])
    } else {
        statement
    }
}

fn pass_role(facts: &Facts) -> Statement {
    let service = json!({"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}});
    Statement::new("PassSessionRole", &["iam:PassRole"], [facts.role()]).only_if(service)
}

/// What the adapter asks of the catalog before every run (schemas that are there, and making those that are not), and what the plans
/// call besides.
pub(super) fn catalog_calls(facts: &Facts) -> Vec<&'static str> {
    let mut actions = vec![
        "glue:GetDatabases",
        "glue:GetTables",
        "glue:GetTable",
        "glue:CreateDatabase",
    ];
    let known = [
        ("GetDatabase", "glue:GetDatabase"),
        ("UpdateTable", "glue:UpdateTable"),
        ("DeleteTable", "glue:DeleteTable"),
        ("CreateTable", "glue:CreateTable"),
        ("DeleteDatabase", "glue:DeleteDatabase"),
        ("GetTableVersions", "glue:GetTableVersions"),
        ("BatchDeleteTableVersion", "glue:BatchDeleteTableVersion"),
    ];
    actions.extend(called(facts, "glue", &known));
    actions
}

/// A database that the adapter makes is granted to the role of the session; tags and filters are as the project asks.
fn lake_formation(facts: &Facts) -> Statement {
    let known = [
        ("GetResourceLFTags", "lakeformation:GetResourceLFTags"),
        ("AddLFTagsToResource", "lakeformation:AddLFTagsToResource"),
        (
            "RemoveLFTagsFromResource",
            "lakeformation:RemoveLFTagsFromResource",
        ),
        ("ListDataCellsFilter", "lakeformation:ListDataCellsFilter"),
        ("CreateDataCellsFilter", "lakeformation:CreateDataCellsFilter"),
        ("UpdateDataCellsFilter", "lakeformation:UpdateDataCellsFilter"),
        ("DeleteDataCellsFilter", "lakeformation:DeleteDataCellsFilter"),
        ("ListPermissions", "lakeformation:ListPermissions"),
        ("BatchRevokePermissions", "lakeformation:BatchRevokePermissions"),
    ];
    let statement = Statement::new(
        "LakeFormation",
        &[
            "lakeformation:BatchGrantPermissions",
            "lakeformation:GrantPermissions",
        ],
        ["*".to_owned()],
    );
    let statement = statement.and(&called(facts, "lakeformation", &known));
    if statement
        .actions
        .contains(&"lakeformation:BatchRevokePermissions")
    {
        return statement.and(&["lakeformation:RevokePermissions"]);
    }
    statement
}

/// The actions of the calls that the plans make.
fn called(facts: &Facts, service: &str, known: &[(&'static str, &'static str)]) -> Vec<&'static str> {
    let is_made = |operation: &str| facts.calls.iter().any(|call| *call == (service, operation));
    let made = known.iter().filter(|(operation, _)| is_made(operation));
    made.map(|(_, action)| *action).collect()
}

/// With Arrow, rows come back through a file beside the tables, which the adapter fetches and deletes.
fn results(facts: &Facts) -> Option<Statement> {
    let location = facts
        .session
        .location
        .as_deref()
        .filter(|_| facts.session.arrow)?;
    let place = Place::of(&format!("{}/tmp-results", location.trim_end_matches('/')))?;
    let objects = place.objects(&facts.session.partition);
    Some(Statement::new(
        "ArrowResults",
        &["s3:GetObject", "s3:DeleteObject"],
        [objects],
    ))
}
