//! What kind of statement a text is: as much as is needed to answer it.

/// A statement without leading comments, white space squeezed, without the last semicolon.
pub(crate) fn squash(sql: &str) -> String {
    let mut rest = sql;
    loop {
        let trimmed = rest.trim_start();
        let after = if let Some(comment) = trimmed.strip_prefix("/*") {
            comment.split_once("*/").map(|(_, after)| after)
        } else if let Some(comment) = trimmed.strip_prefix("--") {
            comment.split_once('\n').map(|(_, after)| after)
        } else {
            None
        };
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    let words: Vec<_> = rest.split_whitespace().collect();
    words.join(" ").trim_end_matches(';').trim_end().to_owned()
}

/// The first word, in lower case.
fn first_word(asked: &str) -> String {
    asked
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

/// Whether a statement changes something and gives no rows.
pub(crate) fn changes_something(asked: &str) -> bool {
    [
        "create", "drop", "alter", "insert", "merge", "set", "refresh", "delete", "update",
    ]
    .contains(&first_word(asked).as_str())
}

/// A statement as a note shows it.
pub(crate) fn shortened(asked: &str) -> String {
    const LENGTH: usize = 120;
    match asked.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}...", asked.get(..end).unwrap_or_default()),
        None => asked.to_owned(),
    }
}

/// The relation of a `describe`.
pub(super) fn described(asked: &str) -> Option<Vec<String>> {
    let rest = word(asked, "describe").or_else(|| word(asked, "desc"))?;
    let rest = word(rest, "table").unwrap_or(rest);
    let rest = word(rest, "extended").unwrap_or(rest);
    let (name, rest) = name(rest)?;
    rest.is_empty().then_some(name)
}

/// The relation of a `show create table`.
pub(super) fn created(asked: &str) -> Option<Vec<String>> {
    let rest = word(word(word(asked, "show")?, "create")?, "table")?;
    name(rest).map(|(name, _)| name)
}

/// Whether a statement gives rows.
pub(crate) fn is_query(asked: &str) -> bool {
    asked.starts_with('(') || ["select", "with"].contains(&first_word(asked).as_str())
}

/// The relation of a `select * from NAME limit N`.
pub(super) fn selected_from(asked: &str) -> Option<Vec<String>> {
    let rest = word(word(word(asked, "select")?, "*")?, "from")?;
    let (name, rest) = name(rest)?;
    let count = word(rest.trim_start(), "limit")?;
    (!count.is_empty() && count.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

/// The schema of a `show tables in`.
pub(super) fn tables_in(asked: &str) -> Option<Vec<String>> {
    let rest = word(word(word(asked, "show")?, "tables")?, "in")?;
    name(rest).map(|(name, _)| name)
}

/// Whether it is `show databases` or `show schemas`.
pub(super) fn shows_databases(asked: &str) -> bool {
    word(asked, "show").is_some_and(|rest| {
        let rest = rest.to_lowercase();
        rest.starts_with("databases") || rest.starts_with("schemas")
    })
}

/// What stands behind a word and a blank, where the text starts with them.
pub(crate) fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = text.split_once(' ')?;
    first.eq_ignore_ascii_case(word).then_some(rest)
}

/// A name of parts with dots between them, and what stands behind it.
pub(crate) fn name(text: &str) -> Option<(Vec<String>, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = name_part(rest.trim_start())?;
        parts.push(part.to_owned());
        match after.trim_start().strip_prefix('.') {
            Some(after) => rest = after,
            None => return Some((parts, after)),
        }
    }
}

fn name_part(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('`') {
        return quoted.split_once('`').filter(|(part, _)| !part.is_empty());
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_squeezed() {
        for (sql, squeezed) in [
            ("\n select  1\n;", "select 1"),
            ("/* a */ -- b\n\nselect 1 -- c\n, 2", "select 1 -- c , 2"),
            ("-- only a comment", "-- only a comment"),
            ("/* open", "/* open"),
            ("", ""),
        ] {
            assert_eq!(squash(sql), squeezed, "{sql:?}");
        }
    }

    #[test]
    fn statements_are_told_apart() {
        for (sql, changes) in [
            ("select 1", false),
            ("show tables in a", false),
            ("create table a.b as select 1", true),
            ("INSERT into a select 1", true),
            ("created", false),
            ("", false),
        ] {
            assert_eq!(changes_something(sql), changes, "{sql:?}");
        }
    }

    #[test]
    fn names_are_taken_apart() {
        for (sql, parts) in [
            ("describe a.b", Some(vec!["a", "b"])),
            ("DESC TABLE extended `x y` . c-d", Some(vec!["x y", "c-d"])),
            ("describe cat.a.b", Some(vec!["cat", "a", "b"])),
            ("describe a.b partition (x)", None),
            ("describe ", None),
            ("describe ``", None),
            ("select a.b", None),
        ] {
            let found = described(sql);
            let found = found
                .as_ref()
                .map(|parts| parts.iter().map(String::as_str).collect());
            assert_eq!(found, parts, "{sql:?}");
        }
        assert_eq!(
            tables_in("show tables in `a` like 'b'"),
            Some(vec!["a".to_owned()])
        );
        assert!(shows_databases("SHOW DATABASES") && !shows_databases("show tables"));
    }
}
