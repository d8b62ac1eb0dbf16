//! Scores `glueline compile` against recordings of the real dbt and dbt-glue.
//!
//! For every node of every recorded run: the code that dbt compiled must come out byte for byte, with the same `relation_name`; a
//! node that dbt could not compile must fail with dbt's message. Without recordings the one test that stands for them is reported
//! as ignored, by name.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that cannot go on ends, and says how it went"
)]

mod recordings;

use std::sync::Mutex;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::recordings::{Run, score, text};

/// What stands for texts that differ from run to run.
const PLACEHOLDERS: [&str; 9] = [
    "<UUID>",
    "<RANDOM>",
    "<INVOCATION_ID>",
    "<RUN_STARTED_AT>",
    "<PROJECT_DIR>",
    "<TMP>",
    "<VENV>",
    "<SITE_PACKAGES>",
    "<SECONDS>",
];

/// How many nodes there are to compare, and how many came out right.
#[derive(Debug, Default)]
struct Score {
    compared: u32,
    right: u32,
}

fn main() {
    score(
        |run| nodes(&run.expected()).any(is_comparable),
        compile_run,
        |score: &Score| {
            format!(
                "nodes compiled as dbt compiles them: {} of {}",
                score.right, score.compared
            )
        },
    )
}

fn nodes(document: &Value) -> impl Iterator<Item = &Value> {
    document["nodes"].as_array().into_iter().flatten()
}

/// Unit tests are no nodes of `dbt compile`; a node that was skipped, or failed for what Spark said before it was
/// compiled, says nothing.
fn is_comparable(node: &Value) -> bool {
    text(node, "resource_type") != "unit_test"
        && (node["compiled_code"].is_string() || is_compilation_error(node))
}

fn is_compilation_error(node: &Value) -> bool {
    node["compiled_code"].is_null() && text(node, "error").starts_with("Compilation Error in ")
}

fn compile_run(run: &Run, score: &Mutex<Score>) -> Result<(), Failed> {
    let mut arguments = vec!["compile", "--quiet", "--output", "json"];
    if run.run["full_refresh"].as_bool() == Some(true) {
        arguments.push("--full-refresh");
    }
    let output = run.glueline(&arguments)?;
    let talk = || String::from_utf8_lossy(&output.stderr).into_owned();
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(format!("exit status {:?}: {}", output.status.code(), talk()).into());
    }
    let document: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("{error}: {}", talk()))?;
    let expected = run.expected();
    let mut wrong = Vec::new();
    let (mut compared, mut right) = (0, 0);
    for recorded in nodes(&expected).filter(|node| is_comparable(node)) {
        compared += 1;
        let id = text(recorded, "unique_id");
        let found = nodes(&document).find(|node| node["unique_id"] == recorded["unique_id"]);
        match found.map_or_else(
            || Some("it is not there".to_owned()),
            |found| difference(recorded, found),
        ) {
            Some(difference) => wrong.push(format!("{id}: {difference}")),
            None => right += 1,
        }
    }
    let mut score = score.lock().map_err(|error| error.to_string())?;
    score.compared += compared;
    score.right += right;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// How a node differs from what was recorded of it.
fn difference(recorded: &Value, found: &Value) -> Option<String> {
    if is_compilation_error(recorded) {
        let (want, got) = (text(recorded, "error"), text(found, "error"));
        return (!fits(want.trim_end(), got.trim_end())).then(|| {
            let status = text(found, "status");
            format!("the error differs\n  want: {want:?}\n  got {status}: {got:?}")
        });
    }
    if text(found, "status") != "success" {
        return Some(format!("{}: {}", text(found, "status"), text(found, "error")));
    }
    let (want, got) = (text(recorded, "compiled_code"), text(found, "compiled_code"));
    if !fits(&want, &got) {
        return Some(format!("the code differs\n  want: {want:?}\n  got:  {got:?}"));
    }
    let (want, got) = (&recorded["relation_name"], &found["relation_name"]);
    (want != got).then(|| format!("relation_name is {got}, not {want}"))
}

/// Whether a text is what was recorded, where each placeholder stands for any text.
fn fits(want: &str, got: &str) -> bool {
    let first = PLACEHOLDERS
        .iter()
        .filter_map(|placeholder| want.split_once(placeholder))
        .min_by_key(|(before, _)| before.len());
    let Some((before, after)) = first else {
        return want == got;
    };
    let Some(rest) = got.strip_prefix(before) else {
        return false;
    };
    (0..=rest.len()).any(|end| rest.get(end..).is_some_and(|rest| fits(after, rest)))
}
