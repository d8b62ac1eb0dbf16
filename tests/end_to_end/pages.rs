//! Pages that show what `glueline preview` prints: each block is what its command prints now.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use crate::common::Project;

const README: &str = include_str!("../../README.md");
const EXAMPLES: &str = include_str!("../../fixtures/examples/README.md");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/examples");

/// The lines without the blanks at their ends, which pages do not keep.
fn trimmed(text: &str) -> String {
    text.lines()
        .fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// What a command line prints in the folder of the examples, where it succeeds.
fn printed(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    let (program, arguments) = words.split_first().unwrap();
    assert_eq!(*program, "glueline", "{command}");
    let output = Project::empty().glueline_at(FOLDER, arguments);
    assert_eq!(output.status, 0, "{command}: {}", output.stderr);
    trimmed(&output.stdout)
}

/// Each command of a page with the block below it.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let commands = page.split("```sh\n").skip(1);
    let blocks = commands.map(|rest| {
        let (command, rest) = rest.split_once("\n```\n\n```text\n").unwrap();
        (command, rest.split_once("```\n").unwrap().0)
    });
    blocks.collect()
}

#[test]
fn the_examples_are_shown_as_they_are_printed() {
    let blocks = blocks(EXAMPLES);
    for (command, shown) in &blocks {
        assert_eq!(printed(command), *shown, "{command}");
    }
    for name in [
        "trip_log",
        "trips_per_day",
        "bike_positions",
        "repairs",
        "riders",
        "fare_history",
    ] {
        let wanted = format!("-s {name} --catalog catalog.json");
        assert!(
            blocks.iter().any(|(command, _)| command.contains(&wanted)),
            "no second run of {name}"
        );
    }
}

#[test]
fn the_readme_shows_a_preview_as_it_is_printed() {
    let command = "glueline preview -s trips_per_day --catalog catalog.json -q";
    let block = format!(
        "`{command}` in `fixtures/examples`:\n\n```text\n{}```\n",
        printed(command)
    );
    assert!(README.contains(&block), "{block}");
}

#[test]
fn nothing_is_found_in_the_examples_and_all_of_them_would_run() {
    let project = Project::empty();
    let found = project.glueline_at(FOLDER, &["check"]);
    assert_eq!(
        (found.status, found.stdout.as_str()),
        (0, "No findings in 9 files (5 models)\n")
    );
    for warehouse in [
        ["--run", "first"],
        ["--run", "second"],
        ["--catalog", "catalog.json"],
    ] {
        let arguments = [["preview", "--command", "build"].as_slice(), &warehouse].concat();
        let output = project.glueline_at(FOLDER, &arguments);
        assert!(
            output.status == 0
                && output.stderr.contains("Previewed 6 nodes")
                && output.stderr.contains(" 0 would fail"),
            "{warehouse:?}: {}",
            output.stderr
        );
    }
}
