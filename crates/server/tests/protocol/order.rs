//! Each request sees the texts of its own instant, whatever comes before and after it.

use serde_json::{Value, json};

use crate::editor::{Editor, uri};

fn pulls(encodings: &[&str]) -> Value {
    json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
        "general": {"positionEncodings": encodings},
    })
}

fn document(uri: &str) -> Value {
    json!({"textDocument": {"uri": uri}})
}

/// A document of which the project has been looked at as a whole.
async fn opened(files: &str, encodings: &[&str], uri: &str, text: &str) -> Editor {
    let mut editor = Editor::start(files, pulls(encodings)).await;
    editor.open(uri, text).await;
    editor
        .request("workspace/diagnostic", json!({"previousResultIds": []}))
        .await;
    editor
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_edits_reorders_nothing() {
    let file = uri("models/a.sql");
    let text = "select * from {{ ref('m0000') }}\n";
    let mut editor = opened(&format!("//- models/a.sql\n{text}"), &[], &file, text).await;
    let at = json!({"start": {"line": 0, "character": 23}, "end": {"line": 0, "character": 27}});
    let mut asked = Vec::new();
    for edit in 1..=2000 {
        editor
            .change(&file, edit + 1, &[(at.clone(), &format!("{edit:04}"))])
            .await;
        if edit % 10 == 0 {
            asked.push((edit, editor.ask("textDocument/diagnostic", document(&file)).await));
        }
        // Nobody reads while they write; a pipe holds only so much.
        if edit % 200 == 0 {
            for (edit, id) in asked.drain(..) {
                let answer = editor.answer(id).await;
                let message = answer["result"]["items"][0]["message"].as_str();
                let message = message.unwrap_or_else(|| panic!("edit {edit}: {answer}"));
                assert!(
                    message.contains(&format!("`m{edit:04}`")),
                    "edit {edit}: {message}"
                );
            }
        }
    }
    editor.end().await;
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// What is typed: line ends of every kind, characters of every width, and things that are found.
const PIECES: [&str; 16] = [
    "",
    "a",
    "\n",
    "\r\n",
    "\r",
    "é",
    "😀",
    "\u{2028}",
    "{{ ref('gone') }}",
    "{{",
    "}}",
    "{% if x %}",
    "{% endif %}",
    "select 1",
    "-- c",
    "'",
];

/// The byte of a position, worked out the long way: the reference that the server is held to.
fn byte_of(text: &str, line: usize, column: usize, encoding: &str) -> usize {
    let mut start = 0;
    for _ in 0..line {
        let (_, rest) = text.split_at(start);
        let Some(at) = rest.find(['\n', '\r']) else {
            return text.len();
        };
        let (_, end) = rest.split_at(at);
        start += at + if end.starts_with("\r\n") { 2 } else { 1 };
    }
    let mut units = 0;
    for (at, character) in text.split_at(start).1.char_indices() {
        if character == '\n' || character == '\r' {
            return start + at;
        }
        units += match encoding {
            "utf-8" => character.len_utf8(),
            "utf-16" => character.len_utf16(),
            _ => 1,
        };
        if units > column {
            return start + at;
        }
    }
    text.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn random_edits_end_where_a_fresh_look_at_the_text_does() {
    for (encoding, seed) in [("utf-8", 1), ("utf-16", 2), ("utf-32", 3), ("utf-16", 4)] {
        let mut numbers = Numbers(seed);
        let file = uri("models/a.sql");
        let mut text = String::from("select '😀' as x, {{ ref('gone') }}\r\nfrom t\n");
        let files = "//- models/a.sql\nselect 1\n//- models/b.sql\nselect * from {{ ref('a') }}\n";
        let mut editor = opened(files, &[encoding], &file, &text).await;
        for version in 2..300 {
            let mut changes = Vec::new();
            for _ in 0..=numbers.below(2) {
                let piece = PIECES[numbers.below(PIECES.len())];
                if numbers.below(60) == 0 {
                    text = format!("{piece} {{{{ ref('gone') }}}}\n");
                    changes.push((Value::Null, text.clone()));
                    continue;
                }
                let place = |numbers: &mut Numbers| (numbers.below(8), numbers.below(24));
                let (start, end) = (place(&mut numbers), place(&mut numbers));
                let at = json!({
                    "start": {"line": start.0, "character": start.1},
                    "end": {"line": end.0, "character": end.1},
                });
                let bytes = [start, end].map(|(line, column)| byte_of(&text, line, column, encoding));
                let (from, to) = (bytes[0].min(bytes[1]), bytes[0].max(bytes[1]));
                text.replace_range(from..to, piece);
                changes.push((at, piece.to_owned()));
            }
            let changes: Vec<(Value, &str)> = changes
                .iter()
                .map(|(at, text)| (at.clone(), text.as_str()))
                .collect();
            editor.change(&file, version, &changes).await;
            if numbers.below(4) == 0 {
                let id = editor.ask("textDocument/diagnostic", document(&file)).await;
                if numbers.below(2) == 0 {
                    editor.notify("$/cancelRequest", json!({"id": id})).await;
                }
                editor.answer(id).await;
            }
        }
        // Something to find at the end, so that a text that differs shows.
        text.push_str("\n{{ ref('last') }}");
        let end = json!({"start": {"line": 99_999, "character": 0}, "end": {"line": 99_999, "character": 0}});
        editor.change(&file, 300, &[(end, "\n{{ ref('last') }}")]).await;
        let found = editor.request("textDocument/diagnostic", document(&file)).await;
        editor.end().await;

        let mut fresh = opened(files, &[encoding], &file, &text).await;
        let wanted = fresh.request("textDocument/diagnostic", document(&file)).await;
        assert_eq!(found["items"], wanted["items"], "{encoding} {seed}: {text:?}");
        assert!(!wanted["items"].as_array().unwrap().is_empty());
        fresh.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_counted_as_was_agreed_on() {
    let text = "select '😀é',\r\n  '😀' as y, {{ ref('gone') }}\n";
    let file = uri("models/a.sql");
    for (offered, agreed, column) in [
        (&[][..], "utf-16", 21),
        (&["utf-16"], "utf-16", 21),
        (&["utf-8", "utf-16", "utf-32"], "utf-8", 23),
        (&["utf-32", "utf-16"], "utf-32", 20),
        (&["utf-32", "utf-8", "utf-16"], "utf-8", 23),
    ] {
        let mut editor = opened(&format!("//- models/a.sql\n{text}"), offered, &file, text).await;
        assert_eq!(
            editor.greeting["capabilities"]["positionEncoding"], agreed,
            "{offered:?}"
        );
        let found = editor.request("textDocument/diagnostic", document(&file)).await;
        let start = &found["items"][0]["range"]["start"];
        assert_eq!(
            *start,
            json!({"line": 1, "character": column}),
            "{offered:?} {found}"
        );
        editor.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_opened_twice_has_the_text_of_the_second_time() {
    let file = uri("models/a.sql");
    let mut editor = opened("//- models/a.sql\nselect 1\n", &[], &file, "{{ ref('one') }}").await;
    editor.open(&file, "{{ ref('two') }}").await;
    let found = editor.request("textDocument/diagnostic", document(&file)).await;
    let message = found["items"][0]["message"].as_str().unwrap();
    assert!(message.contains("`two`"), "{found}");
    editor.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_ten_megabytes_is_only_long() {
    let file = uri("models/a.sql");
    let mut text = "select 1 as x -- a line of a long file\n".repeat(270_000);
    text.push_str("{{ ref('gone') }}\n");
    assert!(text.len() > 10_000_000);
    let mut editor = Editor::start("//- models/a.sql\nselect 1\n", pulls(&[])).await;
    editor.open(&file, "select 1\n").await;
    editor
        .request("workspace/diagnostic", json!({"previousResultIds": []}))
        .await;
    editor.change(&file, 2, &[(Value::Null, &text)]).await;
    let at = json!({"start": {"line": 135_000, "character": 0}, "end": {"line": 135_000, "character": 6}});
    editor.change(&file, 3, &[(at, "SELECT")]).await;
    let found = editor.request("textDocument/diagnostic", document(&file)).await;
    let items = found["items"].as_array().unwrap();
    let missing = items.iter().find(|item| item["code"] == "missing-ref").unwrap();
    assert_eq!(missing["range"]["start"]["line"], 270_000, "{missing}");
    editor.end().await;
}
