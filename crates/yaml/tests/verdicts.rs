//! What PyYAML accepts is read without a fault and to the same value; what it refuses is reported.

#![expect(clippy::expect_used, clippy::string_slice, reason = "a test may fail loudly")]

use glueline_yaml::parse;

/// A line of the table: the text, and the value or the line of the fault.
struct Verdict {
    text: String,
    outcome: Result<String, Option<usize>>,
}

fn verdicts() -> Vec<Verdict> {
    let lines = include_str!("verdicts.txt")
        .lines()
        .filter(|line| !line.starts_with("# "));
    lines.map(verdict).collect()
}

fn verdict(line: &str) -> Verdict {
    if let Some((text, value)) = line.rsplit_once(" => ") {
        let (text, outcome) = (unescape(text), Ok(value.to_owned()));
        return Verdict { text, outcome };
    }
    let (text, place) = line.rsplit_once(" !! ").expect("a line of the table");
    let (text, outcome) = (unescape(text), Err(place.parse().ok()));
    Verdict { text, outcome }
}

fn unescape(written: &str) -> String {
    let mut text = String::new();
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next().expect("an escape") {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'u' => {
                let number: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
            }
            other => text.push(other),
        }
    }
    text
}

fn line_of(text: &str, offset: usize) -> usize {
    let breaks = ['\n', '\u{85}', '\u{2028}'];
    1 + text[..offset].matches(breaks).count()
}

#[test]
fn what_pyyaml_accepts_has_the_value_that_it_has_there() {
    let mut count = 0;
    for verdict in verdicts() {
        let Ok(expected) = verdict.outcome else { continue };
        let tree = parse(&verdict.text);
        assert_eq!(tree.errors, [], "{:?}", verdict.text);
        let value = tree
            .root()
            .map_or("None".to_owned(), |root| root.to_value(1000).value.repr());
        assert_eq!(value, expected, "{:?}", verdict.text);
        assert!(tree.lost.is_empty(), "{:?}", verdict.text);
        count += 1;
    }
    assert!(count > 100);
}

#[test]
fn what_pyyaml_refuses_is_reported_no_later_than_there() {
    let mut count = 0;
    for verdict in verdicts() {
        let Err(line) = verdict.outcome else { continue };
        let tree = parse(&verdict.text);
        let first = tree
            .errors
            .first()
            .unwrap_or_else(|| panic!("no fault in {:?}", verdict.text));
        let own_line = line_of(&verdict.text, first.range.start().into());
        if let Some(line) = line {
            assert!(
                own_line <= line,
                "{:?}: line {own_line}, PyYAML {line}",
                verdict.text
            );
        }
        count += 1;
    }
    assert!(count > 100);
}
