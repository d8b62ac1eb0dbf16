//! A log as its records: what is told at once, without what a terminal, a scheduler or dbt puts around it.

use serde_json::Value;

/// What is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The text; its lines end in `\n`.
    pub(super) text: String,
    /// The id of the node that it is about, where the log says so.
    pub(super) node: Option<String>,
}

/// The records of a text that may hold errors. What is told at a low level, for a debugger, is left out: dbt-glue tells there of every
/// table that is not there yet.
pub(super) fn records(text: &str) -> Vec<Record> {
    let text = plain(text);
    if let Some(found) = whole(&text) {
        return found;
    }
    let mut found: Vec<Record> = Vec::new();
    let mut is_told = true;
    let mut is_open = false;
    for line in text.lines() {
        let line = behind_carrier(line);
        if let Some(event) = event(line) {
            is_open = false;
            found.extend(event.record());
            continue;
        }
        let (starts, level, rest) = behind_time(line);
        if starts {
            is_open = false;
            is_told = level.is_none_or(is_serious);
        }
        if !is_told {
            continue;
        }
        match found.last_mut().filter(|_| is_open) {
            Some(record) => {
                record.text.push('\n');
                record.text.push_str(rest);
            }
            None => {
                is_open = true;
                found.push(Record {
                    text: rest.to_owned(),
                    node: None,
                });
            }
        }
    }
    found
}

/// A text without colours, with line ends of one character.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && !matches!(c, ';' | '?'));
        rest = end.and_then(|end| after.get(end..)).map_or("", |after| {
            let mut chars = after.chars();
            chars.next();
            chars.as_str()
        });
    }
    out.push_str(rest);
    if out.contains('\r') {
        out = out.replace("\r\n", "\n").replace('\r', "\n");
    }
    out
}

/// A text that is one JSON document: dbt's `run_results.json`, or what `aws glue get-statement` prints.
fn whole(text: &str) -> Option<Vec<Record>> {
    let text = text.trim();
    if !text.starts_with('{') {
        return None;
    }
    let document: Value = serde_json::from_str(text).ok()?;
    if let Some(results) = document.get("results").and_then(Value::as_array) {
        let failed = |result: &&Value| {
            let status = result.get("status").and_then(Value::as_str);
            !matches!(status, Some("success" | "pass" | "skipped" | "no-op"))
        };
        let record = |result: &Value| {
            Some(Record {
                text: plain(result.get("message")?.as_str()?),
                node: text_of(result.get("unique_id")),
            })
        };
        return Some(results.iter().filter(failed).filter_map(record).collect());
    }
    let statement = document.get("Statement")?;
    let output = statement.get("Output")?;
    let part = |of: &Value, key: &str| text_of(of.get(key)).unwrap_or_default();
    let text = format!(
        "Glue returned `error` for statement for code {}, {}: {}",
        part(statement, "Code"),
        part(output, "ErrorName"),
        part(output, "ErrorValue")
    );
    Some(vec![Record {
        text: plain(&text),
        node: None,
    }])
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// An event of dbt's log in JSON.
struct Event {
    level: String,
    text: String,
    node: Option<String>,
}

impl Event {
    fn record(self) -> Option<Record> {
        is_serious(&self.level).then_some(Record {
            text: self.text,
            node: self.node,
        })
    }
}

fn event(line: &str) -> Option<Event> {
    let line = line.trim();
    if !line.starts_with('{') || !line.ends_with('}') {
        return None;
    }
    let document: Value = serde_json::from_str(line).ok()?;
    // Releases before 1.4 have no `info`.
    let info = document.get("info").unwrap_or(&document);
    let text = plain(info.get("msg")?.as_str()?);
    let node = document.get("data").and_then(|data| data.get("node_info"));
    Some(Event {
        level: text_of(info.get("level"))?,
        text: behind_time(&text).2.to_owned(),
        node: text_of(node.and_then(|node| node.get("unique_id"))),
    })
}

/// Whether what is told at a level may be an error.
fn is_serious(level: &str) -> bool {
    !matches!(level.trim(), "debug" | "info" | "test")
}

/// A line without what a scheduler puts before every line: Airflow's `[time] {file:line} LEVEL - `, or a time in ISO's form.
fn behind_carrier(line: &str) -> &str {
    if line.starts_with('[')
        && let Some((head, rest)) = line.split_once(" - ")
        && head.contains("] {")
        && head.contains(|c: char| c.is_ascii_digit())
    {
        return rest;
    }
    let is_iso = |word: &str| {
        word.len() >= 20
            && word.ends_with('Z')
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"-:.TZ".contains(&byte))
    };
    match line.split_once(' ') {
        Some((word, rest)) if is_iso(word) => rest,
        _ => line,
    }
}

/// Whether a line begins with the time at which dbt tells something, with the level that follows, and what is left of it.
fn behind_time(line: &str) -> (bool, Option<&str>, &str) {
    if line.len() > 40 && line.starts_with("==========") {
        return (true, Some("info"), "");
    }
    let Some((time, rest)) = line.split_at_checked(8) else {
        return (false, None, line);
    };
    let is_time = time.bytes().enumerate().all(|(at, byte)| {
        if matches!(at, 2 | 5) {
            byte == b':'
        } else {
            byte.is_ascii_digit()
        }
    });
    if !is_time {
        return (false, None, line);
    }
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let leveled = rest.trim_start().strip_prefix('[').and_then(|rest| {
        let (level, rest) = rest.split_once(']')?;
        // `[error] [Thread-1 (]: ` in the file; a console may tell `[WARNING]: ` as a part of the text.
        let (_, rest) = rest.strip_prefix(" [")?.split_once("]: ")?;
        Some((level, rest))
    });
    match leveled {
        Some((level, rest)) => (true, Some(level), rest),
        None => (true, None, rest.trim_start_matches(' ')),
    }
}
