//! Ranges of versions, as `require-dbt-version` gives them (`dbt_common/semver.py`).

use glueline_base::{Spanned, Value};

/// One bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Requirement {
    operator: Operator,
    version: [u64; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    Above,
    Below,
    Exactly,
}

impl Requirement {
    /// Whether a version is inside the bound.
    pub(crate) fn allows(self, version: [u64; 3]) -> bool {
        match self.operator {
            Operator::AtLeast => version >= self.version,
            Operator::AtMost => version <= self.version,
            Operator::Above => version > self.version,
            Operator::Below => version < self.version,
            Operator::Exactly => version == self.version,
        }
    }
}

/// The texts of a value that is one text or a list of them.
pub(crate) fn texts(value: &Spanned<Value>) -> Vec<&str> {
    match &value.value {
        Value::List(items) => items.iter().filter_map(|item| item.value.as_str()).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

/// The bounds of a text, separated by commas; `None` where dbt does not understand one.
pub(crate) fn requirements(text: &str) -> Option<Vec<Requirement>> {
    text.split(',').map(|part| requirement(part.trim())).collect()
}

fn requirement(text: &str) -> Option<Requirement> {
    let operators = [
        (">=", Operator::AtLeast),
        ("<=", Operator::AtMost),
        (">", Operator::Above),
        ("<", Operator::Below),
        ("=", Operator::Exactly),
        ("", Operator::Exactly),
    ];
    let (rest, operator) = operators
        .into_iter()
        .find_map(|(written, operator)| Some((text.strip_prefix(written)?, operator)))?;
    Some(Requirement {
        operator,
        version: version(rest.trim_start())?,
    })
}

/// Three numbers; what follows a `-` or a `+` is left aside.
pub(crate) fn version(text: &str) -> Option<[u64; 3]> {
    let core = text.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|part| part.parse::<u64>().ok());
    let version = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(text: &str) -> Option<bool> {
        Some(
            requirements(text)?
                .into_iter()
                .all(|bound| bound.allows([1, 12, 6])),
        )
    }

    #[test]
    fn ranges() {
        let cases = [
            (">=1.0.0,<2.0.0", Some(true)),
            ("<1.0.0", Some(false)),
            (">=1.12.6", Some(true)),
            (">1.12.6", Some(false)),
            ("=1.12.6", Some(true)),
            ("1.12.6", Some(true)),
            (">=1.13.0-b1", Some(false)),
            ("==1.12.6", None),
            ("1.12", None),
            ("abc", None),
            ("", None),
            (">=1.0.0,", None),
        ];
        for (text, expected) in cases {
            assert_eq!(allows(text), expected, "{text}");
        }
    }
}
