//! The small language of `conf`: `spark.a=1 --conf spark.b=2`.
//!
//! dbt-glue sends the text as it stands, as the value of the argument `--conf` (`dbt/adapters/glue/gluedbapi/connection.py`).

use std::ops::Range;

/// One setting. Offsets count from the start of the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting<'a> {
    /// What stands before the first `=`, or everything where there is none.
    pub key: &'a str,
    /// What stands behind it.
    pub value: Option<&'a str>,
    /// Where the key starts.
    pub start: usize,
    /// Where the piece starts, with the `--conf` before it if there is one.
    pub from: usize,
}

impl<'a> Setting<'a> {
    /// Where the key stands.
    pub const fn key_range(&self) -> Range<usize> {
        self.start..self.start + self.key.len()
    }

    /// Where the value stands; the key where there is none.
    pub fn value_range(&self) -> Range<usize> {
        match self.value {
            Some(value) => {
                let start = self.start + self.key.len() + 1;
                start..start + value.len()
            }
            None => self.key_range(),
        }
    }

    /// The value, empty where there is none.
    pub fn text(&self) -> &'a str {
        self.value.unwrap_or_default()
    }

    /// The name of the catalog that the setting declares: `glue_catalog` in `spark.sql.catalog.glue_catalog`.
    pub fn catalog(&self) -> Option<&'a str> {
        let name = self.key.strip_prefix("spark.sql.catalog.")?;
        (!name.is_empty() && !name.contains('.')).then_some(name)
    }
}

/// The settings of a text, in the order written; the later of two with the same key counts.
pub fn settings(text: &str) -> impl Iterator<Item = Setting<'_>> {
    let mut rest = Some((0, 0));
    std::iter::from_fn(move || {
        loop {
            let (from, start) = rest?;
            let body = text.get(start..)?;
            let (piece, next) = match next_flag(body) {
                Some(flag) => (body.get(..flag)?, Some((start + flag, start + flag + FLAG.len()))),
                None => (body, None),
            };
            rest = next;
            let lead = piece.len() - piece.trim_start().len();
            let piece = piece.trim();
            if piece.is_empty() {
                continue;
            }
            let (key, value) = match piece.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (piece, None),
            };
            return Some(Setting {
                key,
                value,
                start: start + lead,
                from,
            });
        }
    })
}

/// The setting of a key that counts.
pub fn setting<'a>(text: &'a str, key: &str) -> Option<Setting<'a>> {
    settings(text).filter(|setting| setting.key == key).last()
}

const FLAG: &str = "--conf";

/// Where the next `--conf` that is a word of its own stands.
fn next_flag(text: &str) -> Option<usize> {
    text.match_indices(FLAG).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at + FLAG.len()..).and_then(|after| after.chars().next());
        before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&str, Option<&str>)> {
        settings(text)
            .map(|setting| (setting.key, setting.value))
            .collect()
    }

    #[test]
    fn settings_are_split_at_flags() {
        assert_eq!(read("a=1 --conf b=2"), [("a", Some("1")), ("b", Some("2"))]);
        assert_eq!(
            read("--conf a=1\n  --conf  b=2 "),
            [("a", Some("1")), ("b", Some("2"))]
        );
        assert_eq!(read("a=x=y --confuse"), [("a", Some("x=y --confuse"))]);
        assert_eq!(read("a"), [("a", None)]);
        assert_eq!(read("a= --conf --conf"), [("a", Some(""))]);
        assert!(read(" --conf ").is_empty());
        assert!(read("").is_empty());
    }

    #[test]
    fn the_last_of_two_counts() {
        assert_eq!(
            setting("a=1 --conf a=2", "a").map(|setting| setting.text()),
            Some("2")
        );
        assert_eq!(setting("a=1", "b"), None);
    }

    #[test]
    fn catalogs_are_named() {
        let catalogs: Vec<_> = settings("spark.sql.catalog.g=X --conf spark.sql.catalog.g.warehouse=Y")
            .filter_map(|setting| setting.catalog())
            .collect();
        assert_eq!(catalogs, ["g"]);
    }

    #[test]
    fn every_part_is_placed_inside_the_text() {
        let whole = " --conf spark.é=ü ö --conf b=\u{a0}2 --conf c";
        for text in (0..=whole.len()).filter_map(|end| whole.get(..end)) {
            for setting in settings(text) {
                assert_eq!(text.get(setting.key_range()), Some(setting.key));
                assert_eq!(
                    text.get(setting.value_range()),
                    setting.value.or(Some(setting.key))
                );
                assert!(setting.from <= setting.start && text.is_char_boundary(setting.from));
            }
        }
    }
}
