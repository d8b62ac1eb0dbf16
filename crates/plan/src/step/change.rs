//! Statements that change what a table is, and procedures.

use glueline_render::Found;

use super::tokens::{Cursor, Token};
use super::{Effect, Harm, Reading, Step, Strikes, rules};

/// `alter table`, `alter view`.
pub(super) fn alter(reading: &Reading<'_>, found: &[Found], cursor: &mut Cursor<'_>) -> Option<Step> {
    let what = cursor.word()?;
    let target = reading.target(found, cursor.name()?);
    let name = &target.name;
    let changes = |title: String| Some(Step::new(Effect::Changes, title));
    let words = (cursor.word()?, cursor.peek().unwrap_or_default());
    match (words.0.as_str(), words.1.as_str()) {
        ("add", "column" | "columns") => {
            cursor.next();
            changes(format!("Add {} to {name}", columns(&listed(cursor))))
        }
        ("add", "constraint") => changes(format!("Add a constraint to {name}")),
        ("add", _) => changes(format!("Add to {name}")),
        ("drop", "column" | "columns") => {
            cursor.next();
            cursor.eats(&["if", "exists"]);
            let columns = columns(&listed(cursor));
            Some(
                Step::new(Effect::Deletes, format!("Drop {columns} of {name}")).danger(
                    target.strikes,
                    Harm::Deletes,
                    format!("{columns} of {name}"),
                    None,
                ),
            )
        }
        ("drop", "partition" | "if") => Some(
            Step::new(Effect::Deletes, format!("Drop a partition of {name}")).danger(
                target.strikes,
                Harm::Deletes,
                format!("every row of that partition of {name}"),
                None,
            ),
        ),
        ("drop", _) => changes(format!("Drop a part of the definition of {name}")),
        ("replace", "columns") => Some(
            Step::new(Effect::Replaces, format!("Replace the columns of {name}")).danger(
                target.strikes,
                Harm::Replaces,
                format!("every column of {name} that is not named"),
                None,
            ),
        ),
        ("rename", "to") => {
            cursor.next();
            let to = cursor.name().unwrap_or_default();
            let step = Step::new(Effect::Moves, format!("Rename {what} {name} to {to}"));
            Some(if what == "table" {
                step.danger(
                    target.strikes,
                    Harm::Moves,
                    format!("table {name} as a whole"),
                    None,
                )
            } else {
                step
            })
        }
        ("rename", _) => changes(format!("Rename a column of {name}")),
        ("set", "location") => Some(
            Step::new(Effect::Moves, format!("Point {name} to another location")).danger(
                target.strikes,
                Harm::Moves,
                format!("table {name} as a whole"),
                None,
            ),
        ),
        ("set" | "unset", _) => changes(format!("Set properties of {name}")),
        ("change" | "alter", _) => changes(format!("Change a column of {name}")),
        ("as", _) => Some(Step::new(Effect::Replaces, format!("Replace view {name}"))),
        ("recover", _) => changes(format!("Add the partitions that are found on S3 to {name}")),
        _ => changes(format!("Change {what} {name}")),
    }
}

/// The names of columns, in brackets or not.
fn listed(cursor: &mut Cursor<'_>) -> Vec<String> {
    let in_brackets = cursor.list();
    if !in_brackets.is_empty() {
        return in_brackets;
    }
    let mut names = Vec::new();
    let (mut is_first, mut depth) = (true, 0_u32);
    while let Some(token) = cursor.next() {
        match token {
            Token::Word(word) if is_first => {
                names.push(word.clone());
                is_first = false;
            }
            Token::Mark('(' | '<') => depth += 1,
            Token::Mark(')' | '>') => depth = depth.saturating_sub(1),
            Token::Mark(',') if depth == 0 => is_first = true,
            Token::Word(_) | Token::Text(_) | Token::Mark(_) => {}
        }
    }
    names
}

fn columns(names: &[String]) -> String {
    match names {
        [] => "columns".to_owned(),
        [one] => format!("column {one}"),
        some => format!("columns {}", some.join(", ")),
    }
}

/// `call catalog.system.procedure('table', ...)`: Iceberg's procedures.
pub(super) fn call(reading: &Reading<'_>, cursor: &mut Cursor<'_>) -> Option<Step> {
    let procedure = cursor.name()?;
    let table = cursor.rest().iter().find_map(|token| match token {
        Token::Text(text) => Some(text.clone()),
        Token::Word(_) | Token::Mark(_) => None,
    });
    let table = table.unwrap_or_else(|| "a table".to_owned());
    let strikes = reading.strikes(&table);
    let last = procedure.rsplit('.').next().unwrap_or(&procedure).to_lowercase();
    Some(match last.as_str() {
        "expire_snapshots" => expire(strikes, &table),
        "remove_orphan_files" => Step::new(Effect::Deletes, format!("Remove orphan files of {table}"))
            .danger(
                strikes,
                Harm::Deletes,
                format!("the files below the location of {table} that it does not know"),
                None,
            ),
        "rollback_to_snapshot" | "rollback_to_timestamp" | "set_current_snapshot" => {
            Step::new(Effect::Replaces, format!("Set {table} back to another snapshot")).danger(
                strikes,
                Harm::Replaces,
                format!("every change of {table} since that snapshot"),
                None,
            )
        }
        "rewrite_data_files" | "rewrite_manifests" | "rewrite_position_delete_files" => {
            Step::new(Effect::Changes, format!("Rewrite the files of {table}"))
        }
        _ => Step::new(Effect::Unknown, format!("Call {procedure}")),
    })
}

/// Iceberg's snapshots are expired.
pub(super) fn expire(strikes: Strikes, table: &str) -> Step {
    Step::new(
        Effect::Deletes,
        format!("Expire all snapshots of {table} but the last"),
    )
    .danger(
        strikes,
        Harm::Deletes,
        format!("the history of {table}: no earlier version can be read, and readers of one fail"),
        Some(rules::EXPIRE),
    )
}
