//! What a statement finds where it is about to change something.

use super::record::{Found, Standing};
use super::warehouse::{Touched, place};
use crate::adapter::{base_table, current_schema, is_known_to_be};
use crate::host::NodeHost;
use crate::introspect::{name, word};

/// The relation that a statement makes, changes or drops, as it is before. `asked` is the statement with white space squeezed.
pub(super) fn before(host: &NodeHost, asked: &str) -> Option<Found> {
    let parts = target(asked)?;
    let current = current_schema(&host.shared.project);
    let (schema, table) = place(&parts, &current);
    Some(Found {
        schema: schema.to_owned(),
        name: table.to_owned(),
        standing: standing(host, schema, table, parts.len() == 1),
    })
}

/// How a relation stands by now. Temporary views are looked for where no schema is named.
pub(super) fn standing(host: &NodeHost, schema: &str, table: &str, or_temporary: bool) -> Standing {
    let Some(run) = host.run() else {
        return Standing::Unknown;
    };
    let (is_temporary, changed) = {
        let warehouse = run.warehouse();
        let is_temporary = or_temporary && warehouse.is_temporary(table);
        (is_temporary, warehouse.changed(schema, table))
    };
    match changed {
        _ if is_temporary => Standing::Temporary,
        Touched::Made(table) => Standing::of(&table),
        Touched::Dropped => Standing::Absent,
        Touched::Untouched => match base_table(host, schema, table) {
            Some(table) => Standing::of(&table),
            None if is_known_to_be(host, schema, table).is_some() => Standing::Absent,
            None => Standing::Unknown,
        },
    }
}

/// The name of the relation that a statement makes, changes or drops.
fn target(asked: &str) -> Option<Vec<String>> {
    let (first, rest) = asked.split_once(' ')?;
    let rest = match first.to_ascii_lowercase().as_str() {
        "create" => {
            let rest = skip(rest, &["or", "replace"]);
            let rest = skip(skip(rest, &["global"]), &["temporary"]);
            relation(skip(skip(rest, &["temp"]), &["external"]))?
        }
        "drop" | "alter" | "truncate" => relation(rest)?,
        "insert" => {
            let rest = word(rest, "into").or_else(|| word(rest, "overwrite"))?;
            skip(rest, &["table"])
        }
        "merge" => word(rest, "into")?,
        "delete" => word(rest, "from")?,
        "update" => rest,
        _ => return None,
    };
    name(rest).map(|(parts, _)| parts)
}

/// What stands behind `table` or `view`, and what may stand between them and the name.
fn relation(text: &str) -> Option<&str> {
    let rest = word(text, "table").or_else(|| word(text, "view"))?;
    Some(skip(skip(rest, &["if", "not", "exists"]), &["if", "exists"]))
}

/// What stands behind some words, where all of them are there.
pub(super) fn skip<'a>(text: &'a str, words: &[&str]) -> &'a str {
    let mut rest = text;
    for expected in words {
        match word(rest, expected) {
            Some(after) => rest = after,
            None => return text,
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_names_what_it_changes() {
        for (asked, wanted) in [
            ("create table a.b using parquet as select 1", "a.b"),
            ("Create or Replace Table c.a.b as select 1", "c.a.b"),
            ("create or replace temporary view b as select 1", "b"),
            ("CREATE EXTERNAL TABLE IF NOT EXISTS a.b (x int)", "a.b"),
            ("drop view if exists a.b", "a.b"),
            ("alter table a.b add columns (x int)", "a.b"),
            ("insert into table a.b select 1", "a.b"),
            ("insert overwrite a.b select 1", "a.b"),
            ("merge into a.b as x using y", "a.b"),
            ("delete from `a`.`b` where x", "a.b"),
            ("truncate table a.b", "a.b"),
            ("update a.b set x = 1", "a.b"),
            ("select * from a.b", ""),
            ("create database a", ""),
            ("drop", ""),
            ("", ""),
        ] {
            let found = target(asked).map(|parts| parts.join(".")).unwrap_or_default();
            assert_eq!(found, wanted, "{asked}");
        }
    }
}
