//! The small language of `default_arguments` and `tags`: `a=1,b=2`.
//!
//! The adapter splits at commas, then at every `=`, and keeps the first two parts; there is no way to quote either
//! (`dbt/adapters/glue/gluedbapi/connection.py`, `_string_to_dict`). Of `default_arguments` it first deletes each blank.

use std::ops::Range;

/// What stands between two commas. Offsets count from the start of the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair<'a> {
    /// All of it, blanks included.
    pub(crate) text: &'a str,
    /// Where it starts.
    pub(crate) start: usize,
}

impl<'a> Pair<'a> {
    /// Where it stands.
    pub(crate) const fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Where it stands without the blanks around it.
    pub(crate) fn trimmed_range(&self) -> Range<usize> {
        let start = self.start + (self.text.len() - self.text.trim_start().len());
        start..start + self.text.trim().len()
    }

    /// What stands before the first `=`, trimmed.
    pub(crate) fn key(&self) -> &'a str {
        self.text.split('=').next().unwrap_or_default().trim()
    }

    /// Where the key stands.
    pub(crate) fn key_range(&self) -> Range<usize> {
        let start = self.trimmed_range().start;
        start..start + self.key().len()
    }

    /// What stands between the first `=` and the second, or the end, trimmed; `None` where there is no `=`.
    pub(crate) fn value(&self) -> Option<&'a str> {
        self.text.split('=').nth(1).map(str::trim)
    }

    /// Where the part starts that is lost: the second `=`.
    pub(crate) fn lost(&self) -> Option<Range<usize>> {
        let (at, _) = self.text.match_indices('=').nth(1)?;
        Some(self.start + at..self.trimmed_range().end)
    }

    /// Why the session cannot be started with it: the adapter finds no second part, or AWS gets a key without a letter.
    pub(crate) fn fault(&self) -> Option<Fault> {
        match (self.key().is_empty(), self.value()) {
            (true, None) => Some(Fault::Empty),
            (false, None) => Some(Fault::NoValue),
            // AWS takes a blank for a key, but not nothing.
            (_, Some(_)) => self.text.starts_with('=').then_some(Fault::NoKey),
        }
    }
}

/// Why a pair cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing stands between two commas.
    Empty,
    /// There is no `=`.
    NoValue,
    /// Nothing stands before the `=`.
    NoKey,
}

/// The pairs of a text, in the order written. An empty text holds one that is empty, as Python's `split` has it.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut at = 0;
    text.split(',').map(move |text| {
        let start = at;
        at += text.len() + 1;
        Pair { text, start }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_as_the_adapter_reads_them() {
        let found: Vec<_> = pairs("--a=1, --b = 2=3,").collect();
        assert_eq!(
            found.iter().map(Pair::key).collect::<Vec<_>>(),
            ["--a", "--b", ""]
        );
        assert_eq!(
            found.iter().map(Pair::value).collect::<Vec<_>>(),
            [Some("1"), Some("2"), None]
        );
        assert_eq!(found[1].lost(), Some(14..16));
        assert_eq!(found[2].fault(), Some(Fault::Empty));
        assert_eq!(pairs("").next().unwrap().fault(), Some(Fault::Empty));
        assert_eq!(pairs("--a").next().unwrap().fault(), Some(Fault::NoValue));
        assert_eq!(pairs("=1").next().unwrap().fault(), Some(Fault::NoKey));
        assert_eq!(pairs("a=").next().unwrap().fault(), None);
    }

    #[test]
    fn every_part_is_placed_inside_the_text() {
        let whole = " --é = ü=ö , ,b=\u{a0}2,=";
        for text in (0..=whole.len()).filter_map(|end| whole.get(..end)) {
            for pair in pairs(text) {
                assert_eq!(text.get(pair.range()), Some(pair.text));
                assert_eq!(text.get(pair.trimmed_range()), Some(pair.text.trim()));
                assert_eq!(text.get(pair.key_range()), Some(pair.key()));
                assert!(
                    pair.lost()
                        .is_none_or(|lost| text.get(lost).unwrap().starts_with('='))
                );
            }
        }
    }
}
