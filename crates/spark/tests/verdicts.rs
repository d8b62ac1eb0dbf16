//! Queries over a small shop against a real Spark: the columns they give, or the class of Spark's error. The queries are in
//! `facts/verdicts.txt`, each with what Spark 3.5.4 said of it; `@view` and `@table` say what was made of it. What Spark 3.3.0 says
//! otherwise is in `facts/verdicts_3_3.txt`.

use crate::common::{Shop, shown};
use glueline_spark::analyze::{Format, Stored, analyze, materialize};
use glueline_spark::functions::Version;

/// What is said of a query, in the spelling of the facts.
fn said(fact: &str, version: Version) -> String {
    let (stored, query) = match fact.split_once(' ') {
        Some(("@view", query)) => (Some(Stored::View), query),
        Some(("@table", query)) => (Some(Stored::Table(Format::Parquet)), query),
        _ => (None, fact),
    };
    let query = query.replace("\\n", "\n");
    let analysis = analyze(&query, &Shop, version);
    if analysis.unread {
        return "unread".to_owned();
    }
    let mut errors = analysis.errors.clone();
    if let Some(stored) = stored.filter(|_| errors.is_empty()) {
        errors = materialize(&analysis, stored);
    }
    if let Some(error) = errors.first() {
        return format!("!{}", error.class);
    }
    shown(&analysis.columns)
}

/// Holds what is said, as `read` reads it, against all facts, of which there are more than so many.
fn hold(facts: &str, more_than: usize, version: Version, read: fn(String) -> String) {
    let facts = facts.lines().filter(|line| !line.starts_with('#'));
    let (mut asked, mut differences) = (0, Vec::new());
    for fact in facts {
        let (query, expected) = fact.split_once('\t').unwrap_or((fact, ""));
        asked += 1;
        let said = read(said(query, version));
        if said != expected {
            differences.push(format!("{query}\n    {expected}\n    {said}"));
        }
    }
    assert!(asked > more_than, "only {asked} facts");
    assert!(
        differences.is_empty(),
        "{} of {asked} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn queries_mean_what_spark_says() {
    let facts = include_str!("facts/verdicts.txt");
    hold(facts, 400, Version::V3_5, |said| said);
}

/// Spark 3.3 has few classes of errors, so that only whether it refuses is held against it.
#[test]
fn older_spark_has_less() {
    let facts = include_str!("facts/verdicts_3_3.txt");
    hold(facts, 30, Version::V3_3, |said| {
        if said.starts_with('!') {
            "!".to_owned()
        } else {
            said
        }
    });
}

#[test]
fn long_chains_are_read() {
    let ids: Vec<String> = (0..3_000).map(|id| format!("id = {id}")).collect();
    let names = vec!["name"; 1_000];
    for (query, expected) in [
        (
            format!("select id from shop.people where {}", ids.join(" or ")),
            "id bigint",
        ),
        (
            format!("select id from shop.people where {} and nope", ids.join(" and ")),
            "!UNRESOLVED_COLUMN.WITH_SUGGESTION",
        ),
        (
            format!("select {} as x, 1 from shop.people", names.join(" || ")),
            "x string, 1 int",
        ),
        (format!("select {} as x", ["1"; 290].join(" + ")), "x int"),
        (
            format!("select {} + 1 as x from shop.people", names.join(" || ")),
            "x double",
        ),
    ] {
        assert_eq!(said(&query, Version::V3_5), expected);
    }
}
