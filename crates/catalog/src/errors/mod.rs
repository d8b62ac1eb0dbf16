//! What sessions, Spark, AWS and dbt-glue answer where something fails: what it means, and what to do.
//!
//! Spark's own are named by its error classes (`error/error-classes.json` of Spark 3.5.4); Spark 3.3, which Glue 4.0 runs, prints most
//! of them without, so each entry knows how it reads there. AWS's are named by their codes. What has no name of its own has one here.

mod adapter;
mod aws;
mod spark;
mod types;

/// Something that fails, with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownError {
    /// Spark's error class, with or without its subclass; the code of an AWS error; else a name of ours, in small letters.
    pub class: &'static str,
    /// The SQLSTATE that Spark gives the class.
    pub sql_state: Option<&'static str>,
    /// What happened, as sentences.
    pub meaning: &'static str,
    /// What to do, as sentences.
    pub advice: &'static str,
    /// How it reads where no class is printed: pieces that stand in the text in this order, with `*` between them.
    pub texts: &'static [&'static str],
    /// The rules of Glueline that say it before a run, the nearest first, beside the one that reports the class by name.
    pub rules: &'static [&'static str],
}

/// Every table. Where texts fit several entries, the first one counts.
static TABLES: &[&[KnownError]] = &[adapter::ERRORS, aws::ERRORS, spark::ERRORS, types::ERRORS];

/// The list of Spark's error classes.
const SPARK_CLASSES: &str = "https://spark.apache.org/docs/3.5.4/sql-error-conditions.html";

/// Every entry, in the order of the tables.
pub fn known_errors() -> impl Iterator<Item = &'static KnownError> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// What is known of a class. A subclass that has no entry of its own is what its class is.
pub fn known_error(class: &str) -> Option<&'static KnownError> {
    let of = |name: &str| known_errors().find(|known| known.class == name);
    of(class).or_else(|| of(class.split_once('.')?.0))
}

/// What a text that names no class means: the first entry that knows how it reads.
pub fn error_in(text: &str) -> Option<&'static KnownError> {
    known_errors().find(|known| known.texts.iter().any(|pattern| reads(pattern, text)))
}

/// The page of a class, in Markdown.
pub fn error_page(class: &str) -> Option<String> {
    let known = known_error(class)?;
    let mut out = format!("# {class}\n\n{}\n\n{}\n", known.meaning, known.advice);
    if let Some(state) = known.sql_state {
        out.push_str(&format!("\n- SQLSTATE: `{state}`\n"));
    }
    if let Some(url) = known.url() {
        out.push_str(&format!("\nSource: {url}\n"));
    }
    Some(out)
}

impl KnownError {
    /// Where the class is listed; `None` for what is no class of Spark.
    pub fn url(&self) -> Option<&'static str> {
        self.is_of_spark().then_some(SPARK_CLASSES)
    }

    /// Whether it is an error class of Spark.
    pub fn is_of_spark(&self) -> bool {
        is_class(self.class)
    }

    /// What it means and what to do.
    pub fn explanation(&self) -> String {
        format!("{} {}", self.meaning, self.advice)
    }
}

/// Whether a text is written as Spark writes its error classes: `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
pub fn is_class(text: &str) -> bool {
    let is_part = |part: &str| {
        part.len() > 2
            && part.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.split('.').all(is_part)
}

/// Whether the pieces of a pattern stand in a text, one behind the other.
fn reads(pattern: &str, text: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// An error class of Spark.
const fn spark(
    class: &'static str,
    sql_state: &'static str,
    texts: &'static [&'static str],
    [meaning, advice]: [&'static str; 2],
    rules: &'static [&'static str],
) -> KnownError {
    KnownError {
        class,
        sql_state: if sql_state.is_empty() {
            None
        } else {
            Some(sql_state)
        },
        meaning,
        advice,
        texts,
        rules,
    }
}

/// Any other error.
const fn other(
    class: &'static str,
    texts: &'static [&'static str],
    words: [&'static str; 2],
    rules: &'static [&'static str],
) -> KnownError {
    spark(class, "", texts, words, rules)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn entries_are_whole_and_named_once() {
        let mut names = BTreeSet::new();
        for known in known_errors() {
            let class = known.class;
            assert!(names.insert(class), "{class} twice");
            for sentence in [known.meaning, known.advice] {
                assert!(sentence.ends_with(['.', ':']), "{class}: {sentence}");
                assert!(!sentence.contains("  "), "{class}: {sentence}");
            }
            let pieces = known.texts.iter().flat_map(|text| text.split('*'));
            assert!(pieces.clone().all(|piece| !piece.is_empty()), "{class}");
        }
    }

    #[test]
    fn texts_without_a_class_are_known() {
        for (text, class) in [
            (
                "Column 'x' does not exist. Did you mean one of the following? [a]; line 1 pos 7;",
                "UNRESOLVED_COLUMN",
            ),
            (
                "Table or view not found: raw.order; line 18 pos 5;",
                "TABLE_OR_VIEW_NOT_FOUND",
            ),
            (
                "Undefined function: getdate. This function is neither",
                "UNRESOLVED_ROUTINE",
            ),
            (
                "Syntax error at or near 'is'(line 3, pos 53)",
                "PARSE_SYNTAX_ERROR",
            ),
            (
                "mismatched input '-' expecting <EOF>(line 1, pos 3)",
                "PARSE_SYNTAX_ERROR",
            ),
            (
                "Reference 'customer_id' is ambiguous, could be: o.customer_id, c.customer_id.",
                "AMBIGUOUS_REFERENCE",
            ),
            (
                "Insufficient Lake Formation permission(s) on orders",
                "lake-formation-denied",
            ),
            ("Session is not ready, session_id=x", "session-not-ready"),
        ] {
            assert_eq!(error_in(text).map(|known| known.class), Some(class), "{text}");
        }
        assert_eq!(error_in("All is well."), None);
    }

    #[test]
    fn a_subclass_is_what_its_class_is() {
        let page = error_page("UNRESOLVED_COLUMN.WITH_SUGGESTION").unwrap();
        assert!(
            page.starts_with("# UNRESOLVED_COLUMN.WITH_SUGGESTION\n\n"),
            "{page}"
        );
        assert!(page.contains("`42703`"), "{page}");
        assert_eq!(known_error("NO_SUCH_CLASS"), None);
        assert_eq!(known_error("NO_SUCH_CLASS.AT_ALL"), None);
        assert!(is_class("CAST_INVALID_INPUT") && !is_class("AccessDeniedException") && !is_class(""));
    }
}
