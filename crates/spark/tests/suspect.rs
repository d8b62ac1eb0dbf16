//! What Spark accepts and hardly anybody means. The queries and what is said of them are in `suspect.txt`: a query, then a line for each
//! suspicion (`>>` what, and the text to blame), a line for each text that is put in for another (`=>`), and one for each error (`!!`).
//! A query without such lines is silence.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::slice;
use glueline_spark::analyze::{Relation, Relations, Suspicion, analyze};
use glueline_spark::functions::Version;
use glueline_spark::types::columns;

struct Shop;

impl Relations for Shop {
    fn relation(&self, parts: &[&str]) -> Relation {
        let text = match parts {
            ["orders"] => {
                "id bigint, customer_id bigint, status string, amount decimal(12,2), placed_at timestamp, day date, paid boolean, tags array<string>"
            }
            ["customers"] => "id bigint, name string, country string, vip boolean",
            ["payments"] => "id bigint, order_id bigint, amount decimal(12,2), method string",
            ["edges"] => "source string, target string, weight double",
            ["mystery"] => return Relation::Unknown,
            _ => return Relation::Missing,
        };
        columns(text).map_or(Relation::Unknown, |fields| Relation::Columns(Arc::from(fields)))
    }
}

fn shown(query: &str, suspicion: &Suspicion) -> String {
    let line = |text: &str| text.replace('\n', "\\n");
    let mut out = format!(
        ">> {:?} at {}",
        suspicion.what,
        line(slice(query, suspicion.range))
    );
    if let Some(related) = suspicion.related {
        let _ = write!(out, " with {}", line(slice(query, related)));
    }
    out.push('\n');
    for (range, text) in &suspicion.edits {
        // with a little of what stands around, so that the place is seen
        let (before, rest) = query.split_at(range.start().into());
        let (_, after) = rest.split_at(range.len().into());
        let before: Vec<char> = before.chars().collect();
        let before: String = before.iter().skip(before.len().saturating_sub(6)).collect();
        let after: String = after.chars().take(6).collect();
        let _ = writeln!(
            out,
            "=> {}[{}|{text}]{}",
            line(&before),
            line(slice(query, *range)),
            line(&after)
        );
    }
    out
}

fn said(query: &str) -> String {
    let analysis = analyze(query, &Shop, Version::V3_5);
    let mut out = String::new();
    for error in &analysis.errors {
        let _ = writeln!(out, "!! {} {}", error.class, error.message);
    }
    for suspicion in &analysis.suspicions {
        out += &shown(query, suspicion);
    }
    out
}

#[test]
fn suspicions_are_those_of_a_reviewer() {
    let mut differences = String::new();
    let mut asked = 0;
    for block in include_str!("suspect.txt").split("\n\n") {
        let lines = || block.lines().filter(|line| !line.starts_with('#'));
        let is_said = |line: &&str| [">> ", "=> ", "!! "].iter().any(|mark| line.starts_with(mark));
        let query: Vec<&str> = lines().filter(|line| !is_said(line)).collect();
        let query = query.join("\n");
        let expected: String = lines().filter(is_said).flat_map(|line| [line, "\n"]).collect();
        let found = said(&query);
        asked += 1;
        if found != expected {
            let _ = writeln!(differences, "{query}\n{found}");
        }
    }
    assert!(asked > 100, "only {asked} queries");
    assert!(differences.is_empty(), "other than written:\n\n{differences}");
}

#[test]
fn torn_queries_are_read() {
    for block in include_str!("suspect.txt").split("\n\n") {
        for (at, _) in block.char_indices() {
            let analysis = analyze(block.split_at(at).0, &Shop, Version::V3_5);
            for suspicion in analysis.suspicions {
                assert!(usize::from(suspicion.range.end()) <= at);
            }
        }
    }
}
