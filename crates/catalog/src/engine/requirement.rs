//! What a requirement of dbt-glue takes: the releases on `PyPI`, and the specifiers of PEP 440 and of Poetry.

use super::AdapterVersion;

/// The releases of dbt-glue on `PyPI` since dbt-core 1.3, oldest first (`pip index versions dbt-glue`).
pub static PUBLISHED: &[AdapterVersion] = &[
    AdapterVersion::new(1, 3, 8),
    AdapterVersion::new(1, 3, 10),
    AdapterVersion::new(1, 3, 11),
    AdapterVersion::new(1, 3, 12),
    AdapterVersion::new(1, 4, 0),
    AdapterVersion::new(1, 4, 1),
    AdapterVersion::new(1, 4, 21),
    AdapterVersion::new(1, 4, 22),
    AdapterVersion::new(1, 4, 23),
    AdapterVersion::new(1, 5, 0),
    AdapterVersion::new(1, 5, 1),
    AdapterVersion::new(1, 5, 2),
    AdapterVersion::new(1, 5, 3),
    AdapterVersion::new(1, 6, 0),
    AdapterVersion::new(1, 6, 1),
    AdapterVersion::new(1, 6, 2),
    AdapterVersion::new(1, 6, 3),
    AdapterVersion::new(1, 6, 4),
    AdapterVersion::new(1, 6, 5),
    AdapterVersion::new(1, 6, 6),
    AdapterVersion::new(1, 7, 0),
    AdapterVersion::new(1, 7, 1),
    AdapterVersion::new(1, 7, 2),
    AdapterVersion::new(1, 8, 1),
    AdapterVersion::new(1, 8, 6),
    AdapterVersion::new(1, 9, 0),
    AdapterVersion::new(1, 9, 2),
    AdapterVersion::new(1, 9, 4),
    AdapterVersion::new(1, 10, 9),
    AdapterVersion::new(1, 10, 11),
    AdapterVersion::new(1, 10, 13),
    AdapterVersion::new(1, 10, 15),
    AdapterVersion::new(1, 10, 19),
    AdapterVersion::new(1, 12, 3),
    AdapterVersion::new(1, 12, 4),
];

/// The newest release that a specifier takes: `==1.9.4`, `~=1.9.0`, `>=1.8,<1.10`, `1.9.*`, and Poetry's `^1.9` and `~1.9`.
///
/// A release that is named exactly is taken as it stands, published or not. `None` where the specifier takes no known release or is
/// none.
///
/// ```
/// use glueline_catalog::{AdapterVersion, newest_that_fits};
///
/// assert_eq!(newest_that_fits(">=1.8, <1.10"), Some(AdapterVersion::new(1, 9, 4)));
/// assert_eq!(newest_that_fits("==1.9.3"), Some(AdapterVersion::new(1, 9, 3)));
/// assert_eq!(newest_that_fits("newest"), None);
/// ```
pub fn newest_that_fits(specifier: &str) -> Option<AdapterVersion> {
    specifier.split("||").filter_map(newest_of_all).max()
}

fn newest_of_all(clauses: &str) -> Option<AdapterVersion> {
    let clauses: Option<Vec<Clause>> = clauses.split(',').map(Clause::read).collect();
    let clauses = clauses?;
    let exact = clauses.iter().filter_map(Clause::exact);
    let known = PUBLISHED.iter().copied().chain(exact);
    known
        .filter(|version| clauses.iter().all(|clause| clause.takes(*version)))
        .max()
}

/// One comparison of a specifier.
#[derive(Debug)]
struct Clause {
    operator: &'static str,
    /// The numbers as written, at most three.
    numbers: Vec<u16>,
    /// Whether `.*` follows them.
    is_prefix: bool,
}

/// Longer ones first: `==` also begins `===`.
const OPERATORS: [&str; 11] = ["===", "==", "~=", "!=", ">=", "<=", ">", "<", "^", "~", "="];

impl Clause {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let operator = OPERATORS.into_iter().find(|operator| text.starts_with(operator));
        let written = text.get(operator.map_or(0, str::len)..)?.trim();
        let written = written.strip_prefix('v').unwrap_or(written);
        let bare = written.strip_suffix('*').map(|rest| rest.trim_end_matches('.'));
        let numbers = match bare.unwrap_or(written) {
            "" if bare.is_some() => Vec::new(),
            some => numbers(some)?,
        };
        Some(Self {
            operator: operator.unwrap_or("=="),
            numbers,
            is_prefix: bare.is_some(),
        })
    }

    fn version(&self) -> AdapterVersion {
        let number = |at: usize| self.numbers.get(at).copied().unwrap_or(0);
        AdapterVersion::new(number(0), number(1), number(2))
    }

    fn exact(&self) -> Option<AdapterVersion> {
        let is_exact = matches!(self.operator, "===" | "==" | "=") && !self.is_prefix;
        is_exact.then(|| self.version())
    }

    /// Whether a version begins with the first `count` numbers.
    fn begins(&self, version: AdapterVersion, count: usize) -> bool {
        let numbers = [version.major, version.minor, version.patch];
        numbers.iter().zip(&self.numbers).take(count).all(|(a, b)| a == b)
    }

    fn takes(&self, version: AdapterVersion) -> bool {
        let all = self.numbers.len();
        let least = self.version();
        match self.operator {
            "!=" if self.is_prefix => !self.begins(version, all),
            "!=" => version != least,
            _ if self.is_prefix => self.begins(version, all),
            ">=" => version >= least,
            "<=" => version <= least,
            ">" => version > least,
            "<" => version < least,
            "~=" => version >= least && self.begins(version, all.saturating_sub(1)),
            "~" => version >= least && self.begins(version, all.min(2)),
            "^" => version >= least && self.begins(version, if least.major == 0 { 2 } else { 1 }),
            _ => version == least,
        }
    }
}

/// `1.10.9rc1` as `1`, `10`, `9`: what follows the digits of the last number is passed over.
fn numbers(text: &str) -> Option<Vec<u16>> {
    let parts: Vec<&str> = text.splitn(4, '.').take(3).collect();
    let last = parts.len().checked_sub(1)?;
    let read = |(at, part): (usize, &&str)| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let is_whole = at == last || digits == part.len();
        is_whole.then(|| part.get(..digits)?.parse().ok())?
    };
    parts.iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_fits_is_taken() {
        for (specifier, newest) in [
            ("==1.9.4", "1.9.4"),
            ("===1.8.6", "1.8.6"),
            (" == 1.7.2 ", "1.7.2"),
            ("1.9.0", "1.9.0"),
            ("=1.9.0", "1.9.0"),
            ("v1.9.0", "1.9.0"),
            ("==1.9.*", "1.9.4"),
            ("1.8.*", "1.8.6"),
            ("*", "1.12.4"),
            ("~=1.9.0", "1.9.4"),
            ("~=1.10.9", "1.10.19"),
            ("~=1.9", "1.12.4"),
            ("^1.9", "1.12.4"),
            ("~1.9", "1.9.4"),
            ("~1.9.2", "1.9.4"),
            ("~1", "1.12.4"),
            (">=1.8,<1.9", "1.8.6"),
            (">=1.7, <1.10, !=1.9.4", "1.9.2"),
            ("<=1.10.14", "1.10.13"),
            (">1.9.4,<1.11", "1.10.19"),
            ("!=1.12.*", "1.10.19"),
            ("==1.9.3", "1.9.3"),
            ("==1.10.9rc1", "1.10.9"),
            ("==1.11", "1.11.0"),
            ("^1.7,<1.8 || ^1.8,<1.9", "1.8.6"),
        ] {
            let newest = AdapterVersion::parse(newest);
            assert_eq!(newest_that_fits(specifier), newest, "{specifier}");
        }
        for none in [
            "",
            "==",
            ">=2",
            "newest",
            "==1.x.2",
            ">=1.9,,<2",
            "==99999999.1",
            "==1.9.4,<1.9",
            "ä",
        ] {
            assert_eq!(newest_that_fits(none), None, "{none}");
        }
    }

    #[test]
    fn published_releases_are_in_order() {
        assert!(PUBLISHED.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(PUBLISHED.last(), Some(&AdapterVersion::DESCRIBED));
    }
}
