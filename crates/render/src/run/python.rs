//! What can be told of Python code that is sent to the session.

/// What texts of Python stand in, the longer before the shorter.
const QUOTES: [&str; 4] = ["\"\"\"", "'''", "\"", "'"];

/// The texts that are given as they stand to a function: `spark.sql("""drop table a""")`.
pub(super) fn constants<'a>(code: &'a str, call: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some((_, behind)) = rest.split_once(call) {
        rest = behind;
        let literal = QUOTES
            .iter()
            .find_map(|quote| behind.strip_prefix(quote)?.split_once(quote));
        if let Some((text, after)) = literal {
            rest = after;
            if after.starts_with([')', ',']) {
                found.push(text);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::constants;

    #[test]
    fn texts_are_found_where_they_are_given_alone() {
        let code = "f(\"\"\"a f('b') \"\"\")\nf('c', 1)\nf(x)\nf(\"d\" + x)\ng('e')\nf('''g''')f('";
        assert_eq!(constants(code, "f("), ["a f('b') ", "c", "g"]);
        assert_eq!(constants("\nf('a')\n f('b')", "\nf("), ["a"]);
        assert!(constants("", "f(").is_empty());
    }
}
