//! The names that a message quotes, and where they stand in SQL.

/// The names in the first quotes of a message: of `` `o`.`customer` `` both parts. Double quotes hold expressions as Spark prints them,
/// not as they are written.
pub(super) fn quoted(message: &str) -> Vec<String> {
    let is_quote = |(at, quote): &(usize, char)| match quote {
        '`' | '"' => true,
        // Not the one of `can't`.
        '\'' => !message.get(..*at).is_some_and(|before| before.ends_with(is_word)),
        _ => false,
    };
    let Some((start, quote)) = message
        .char_indices()
        .find(is_quote)
        .filter(|(_, quote)| *quote != '"')
    else {
        return Vec::new();
    };
    let mut names = Vec::new();
    let mut rest = message.get(start + quote.len_utf8()..).unwrap_or_default();
    while let Some((name, after)) = rest.split_once(quote) {
        names.extend(name.split('.').map(|part| part.trim_matches('`').to_owned()));
        match after
            .strip_prefix('.')
            .and_then(|after| after.strip_prefix(quote))
        {
            Some(next) => rest = next,
            None => break,
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// How long what stands at an offset of SQL is: a dotted name, a word, a literal, or one character.
pub(super) fn length_at(sql: &str, offset: usize) -> usize {
    let text = sql.get(offset..).unwrap_or_default();
    let mut length = part(text);
    while let Some(after) = text.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        match part(after) {
            0 => break,
            next => length += 1 + next,
        }
    }
    if length > 0 {
        return length;
    }
    let Some(first) = text.chars().next() else {
        return 0;
    };
    let after = text.get(first.len_utf8()..).unwrap_or_default();
    match after.find(first).filter(|_| matches!(first, '\'' | '"')) {
        Some(end) if !after.get(..end).unwrap_or_default().contains('\n') => end + 2,
        _ => first.len_utf8(),
    }
}

/// How long the name at the start of a text is, in backquotes or bare.
fn part(text: &str) -> usize {
    if let Some(end) = text.strip_prefix('`').and_then(|rest| rest.find('`')) {
        return end + 2;
    }
    text.find(|c: char| !is_word(c)).unwrap_or(text.len())
}

/// Whether one of some names stands at an offset of SQL, case aside; with no names, whether anything does.
pub(super) fn stand_at(names: &[String], sql: &str, offset: usize) -> bool {
    let end = offset + length_at(sql, offset);
    let here = sql.get(offset..end).unwrap_or_default().to_lowercase();
    let mut parts = here.split('.').map(|part| part.trim_matches('`'));
    !here.is_empty()
        && (names.is_empty() || parts.any(|part| names.iter().any(|name| name.to_lowercase() == part)))
}

/// Where a name stands in SQL as a word, where it does so once.
pub(super) fn only_place(sql: &str, name: &str) -> Option<usize> {
    let (sql, name) = (sql.to_ascii_lowercase(), name.to_ascii_lowercase());
    let is_apart = |at: &usize| {
        let before = sql.get(..*at).and_then(|text| text.chars().next_back());
        let after = sql.get(at + name.len()..).and_then(|text| text.chars().next());
        !name.is_empty() && !before.is_some_and(is_word) && !after.is_some_and(is_word)
    };
    let mut places = sql.match_indices(&*name).map(|(at, _)| at).filter(is_apart);
    let only = places.next()?;
    places.next().is_none().then_some(only)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_first_quotes() {
        for (message, expected) in [
            ("with name `o`.`customer` cannot, [`a`]", &["o", "customer"][..]),
            ("Column 'o.customer' does not exist", &["o", "customer"]),
            ("can't have duplicate names: 'ranked'.", &["ranked"]),
            ("Cannot resolve \"(a + `b`)\" due to", &[]),
            ("nothing", &[]),
            ("torn `a", &[]),
        ] {
            assert_eq!(quoted(message), expected, "{message}");
        }
    }

    #[test]
    fn what_stands_at_a_place_has_a_length() {
        for (sql, expected) in [
            ("o.customer, x", "o.customer"),
            ("`a b`.c)", "`a b`.c"),
            ("'text' x", "'text'"),
            ("größe x", "größe"),
            (") x", ")"),
            ("a. b", "a"),
            ("", ""),
        ] {
            assert_eq!(sql.get(..length_at(sql, 0)), Some(expected), "{sql}");
        }
        let names = ["Customer".to_owned()];
        assert!(stand_at(&names, "select o.customer", 7) && !stand_at(&names, "select o.customers", 7));
        assert_eq!(only_place("a, ab, A_b, x.Ab", "a"), Some(0));
        assert_eq!(only_place("a, ab, A", "a"), None);
    }
}
