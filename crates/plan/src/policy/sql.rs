//! What a statement names: relations that it reads and that it changes, and places of S3.

/// The relations that a statement names, as far as words tell: each with the schema, where one is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Schemas of relations that are made, filled, changed or dropped.
    pub(super) written: Vec<String>,
    /// Schemas of relations that are read.
    pub(super) read: Vec<String>,
}

/// Words before a relation that is changed. What may stand between is in [`BETWEEN`].
const WRITES: [&str; 5] = ["into", "overwrite", "table", "view", "update"];
/// Words before a relation that is read, or, behind `delete`, emptied.
const READS: [&str; 4] = ["from", "join", "describe", "using"];
/// Words that may stand before the name.
const BETWEEN: [&str; 6] = ["if", "not", "exists", "table", "view", "only"];

/// Finds the relations of a statement.
pub(super) fn named(sql: &str) -> Named {
    let text = without_comments(sql);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Named::default();
    for (at, word) in words.iter().enumerate() {
        let word = word.trim_start_matches('(').to_ascii_lowercase();
        let is_write = WRITES.contains(&word.as_str());
        if !is_write && !READS.contains(&word.as_str()) {
            continue;
        }
        let behind = words.get(at + 1..).unwrap_or_default();
        let name = behind
            .iter()
            .find(|word| !BETWEEN.contains(&word.to_ascii_lowercase().as_str()));
        let Some(schema) = name.and_then(|name| schema(name)) else {
            continue;
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let deletes = before.is_some_and(|word| word.eq_ignore_ascii_case("delete"));
        if is_write || deletes {
            found.written.push(schema);
        } else {
            found.read.push(schema);
        }
    }
    found
}

/// The schema of a dotted name: what stands before the last dot, without a catalog.
fn schema(name: &str) -> Option<String> {
    let name = name.split(['(', ')', ',', ';']).next()?;
    let parts: Vec<&str> = name.split('.').map(|part| part.trim_matches('`')).collect();
    let is_plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "_-$".contains(c));
    match parts.as_slice() {
        [.., schema, table] if is_plain(schema) && is_plain(table) => Some(schema.to_lowercase()),
        _ => None,
    }
}

/// A statement without `/* */` and `--` comments; quotes are left alone.
fn without_comments(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    loop {
        let block = rest.find("/*");
        let line = rest.find("--");
        let (start, end) = match (block, line) {
            (Some(block), line) if line.is_none_or(|line| block < line) => (block, "*/"),
            (_, Some(line)) => (line, "\n"),
            _ => break,
        };
        out.push_str(rest.get(..start).unwrap_or_default());
        out.push(' ');
        let behind = rest.get(start + 2..).unwrap_or_default();
        rest = behind
            .find(end)
            .and_then(|at| behind.get(at + end.len()..))
            .unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_found_by_the_words_before_them() {
        for (sql, written, read) in [
            (
                "select * from a.b join `c`.`d` on 1 = 1",
                &[][..],
                &["a", "c"][..],
            ),
            (
                "/* from x.y */ create table a.b as select 1 -- from z.w\n",
                &["a"],
                &[],
            ),
            (
                "create or replace table glue_catalog.A.b using iceberg as (select 1 from c.d)",
                &["a"],
                &["c"],
            ),
            ("drop table if exists a.b", &["a"], &[]),
            ("insert into table a.b select * from c_tmp", &["a"], &[]),
            ("merge into a.b as t using c.d as s on 1", &["a"], &["c"]),
            ("delete from a.b where x in (select x from c.d)", &["a"], &["c"]),
            ("alter table a.b add columns (c int)", &["a"], &[]),
            ("describe a.b", &[], &["a"]),
            ("select 'from' from (select 1)", &[], &[]),
            ("select extract(year from a.b.c.d)", &[], &["c"]),
        ] {
            let found = named(sql);
            // `insert into table a.b` names it twice.
            let mut wrote = found.written.clone();
            wrote.dedup();
            assert_eq!((wrote, found.read), (strings(written), strings(read)), "{sql}");
        }
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}
