//! What a comparison found.

use std::fmt;

/// Counts, differences, and differences that are meant.
#[derive(Debug, Default)]
pub(crate) struct Report {
    compared: Vec<(String, usize)>,
    differences: Vec<String>,
    known: Vec<(String, &'static str)>,
}

impl Report {
    /// Says that so many things of a kind were compared.
    pub(crate) fn compared(&mut self, what: impl Into<String>, count: usize) {
        self.compared.push((what.into(), count));
    }

    /// Notes a difference.
    pub(crate) fn differs(&mut self, what: impl Into<String>) {
        self.differences.push(what.into());
    }

    /// Notes a difference that is meant, with its reason.
    pub(crate) fn known(&mut self, what: impl Into<String>, reason: &'static str) {
        self.known.push((what.into(), reason));
    }

    /// Whether nothing differs but what is meant to.
    pub(crate) fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn differences(&self) -> &[String] {
        &self.differences
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Compared:")?;
        for (what, count) in &self.compared {
            writeln!(f, "  {count:>4}  {what}")?;
        }
        if !self.known.is_empty() {
            writeln!(f, "Known differences: {}", self.known.len())?;
            for (what, reason) in &self.known {
                writeln!(f, "  {what}: {reason}")?;
            }
        }
        writeln!(f, "Differences: {}", self.differences.len())?;
        for difference in &self.differences {
            writeln!(f, "  {difference}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_differences_do_not_count() {
        let mut report = Report::default();
        report.compared("keys", 3);
        report.known("a", "meant");
        assert!(report.is_clean());
        report.differs("b is missing");
        assert!(!report.is_clean());
        let text = report.to_string();
        for part in ["   3  keys", "  a: meant", "Differences: 1", "  b is missing"] {
            assert!(text.contains(part), "{text}");
        }
    }
}
