//! Queries against a real Spark: the names and types of their columns, or the class of their error. The queries and what Spark said
//! are in `facts/queries.txt`, written by `cargo xtask spark-functions`.

use std::sync::Arc;

use glueline_spark::analyze::{Relation, Relations, analyze};
use glueline_spark::functions::Version;
use glueline_spark::types::columns;

/// The view that the queries read.
const VIEW: &str = "b boolean, i int, l bigint, x double, n decimal(10,2), s string, d date, ts timestamp, a array<int>, \
                    m map<string,int>, st struct<a:int,b:string>, arr array<struct<a:int,b:string>>, bin binary, g string";

/// Queries whose columns Spark names by what its optimizer or its internals made of them; here they are held to the types alone.
const NAMED_OTHERWISE: [&str; 4] = [
    "SELECT array_append(CAST(null as Array<Int>), 2)",
    "SELECT array_prepend(CAST(null as Array<Int>), 2)",
    "select struct(*) from n",
    "select assert_true(b) from n",
];

struct View;

impl Relations for View {
    fn relation(&self, parts: &[&str]) -> Relation {
        match parts {
            ["n"] => columns(VIEW).map_or(Relation::Unknown, |columns| Relation::Columns(Arc::from(columns))),
            _ => Relation::Missing,
        }
    }
}

/// What is said of a query, in the spelling of the facts.
fn said(query: &str) -> String {
    let analysis = analyze(query, &View, Version::V3_5);
    if analysis.unread {
        return "unread".to_owned();
    }
    if let Some(error) = analysis.errors.first() {
        return format!("!{}", error.class.trim_start_matches("DATATYPE_MISMATCH."));
    }
    let columns: Vec<String> = analysis
        .columns
        .iter()
        .map(|column| format!("{}:{}", column.name, column.ty))
        .collect();
    columns.join("\t")
}

/// The types without the names. Types of these queries hold no `:` but in structs.
fn types_of(columns: &str) -> String {
    let types: Vec<&str> = columns
        .split('\t')
        .filter_map(|column| column.split_once("):"))
        .map(|(_, ty)| ty)
        .collect();
    types.join("\t")
}

#[test]
fn queries_give_what_spark_gives() {
    let facts = include_str!("facts/queries.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let mut asked = 0;
    let mut differences = Vec::new();
    for fact in facts {
        let Some((query, expected)) = fact.split_once('\t') else {
            continue;
        };
        asked += 1;
        let mut said = said(query);
        let mut expected = expected.to_owned();
        if NAMED_OTHERWISE.contains(&query) {
            said = types_of(&said);
            expected = types_of(&expected);
        }
        if said != expected {
            differences.push(format!("{query}\n    {expected}\n    {said}"));
        }
    }
    assert!(asked > 1_000, "only {asked} facts");
    assert!(
        differences.is_empty(),
        "{} of {asked} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}
