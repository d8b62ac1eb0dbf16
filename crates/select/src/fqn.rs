//! Matching of qualified names, the method dbt takes by default.

use crate::Glob;

/// A name, a dotted path of names, or such a path that ends in a pattern.
#[derive(Debug)]
pub(crate) struct FqnPattern<'a> {
    raw: &'a str,
    parts: Vec<&'a str>,
    /// From which part on the rest is a pattern.
    pattern: Option<(usize, Glob)>,
    /// The last two parts joined by `_`: how a version may be written, `orders.v2` or `orders_v2`.
    versioned_name: String,
}

impl<'a> FqnPattern<'a> {
    pub(crate) fn new(raw: &'a str) -> Self {
        let parts: Vec<_> = raw.split('.').collect();
        let first = parts.iter().position(|part| part.contains(['*', '?', '[', ']']));
        let pattern = first.map(|index| {
            let rest: Vec<_> = parts.iter().skip(index).copied().collect();
            (index, Glob::new(&rest.join(".")))
        });
        let last_two: Vec<_> = parts
            .iter()
            .skip(parts.len().saturating_sub(2))
            .copied()
            .collect();
        Self {
            raw,
            versioned_name: last_two.join("_"),
            parts,
            pattern,
        }
    }

    /// Whether a node's qualified name matches, with or without its package.
    pub(crate) fn matches(&self, fqn: &[&str], is_versioned: bool) -> bool {
        let without_package = fqn.split_first().map_or(fqn, |(_, rest)| rest);
        self.matches_from(fqn, is_versioned) || self.matches_from(without_package, is_versioned)
    }

    fn matches_from(&self, fqn: &[&str], is_versioned: bool) -> bool {
        let Some((last, before)) = fqn.split_last() else {
            return false;
        };
        let leaf = if is_versioned { before.last() } else { Some(last) };
        if leaf == Some(&self.raw) || (is_versioned && self.is_version(before.last(), last)) {
            return true;
        }
        // Dots inside a name count as separators.
        let mut flat = fqn.iter().flat_map(|part| part.split('.'));
        let Some((index, glob)) = &self.pattern else {
            return self.parts.iter().all(|part| flat.next() == Some(part));
        };
        if flat.clone().count() < self.parts.len() {
            return false;
        }
        if !self
            .parts
            .iter()
            .take(*index)
            .all(|part| flat.next() == Some(part))
        {
            return false;
        }
        if glob.is_anything() {
            return true;
        }
        if glob.matches(&flat.collect::<Vec<_>>().join(".")) {
            return true;
        }
        self.parts.len() == 1 && leaf.is_some_and(|leaf| glob.matches(leaf))
    }

    fn is_version(&self, name: Option<&&str>, version: &str) -> bool {
        let rest = match name {
            Some(name) => self
                .versioned_name
                .strip_prefix(*name)
                .and_then(|rest| rest.strip_prefix('_')),
            None => Some(self.versioned_name.as_str()),
        };
        rest == Some(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_dbt() {
        for (pattern, fqn, versioned, expected) in [
            ("orders", "shop/marts/orders", false, true),
            ("marts", "shop/marts/orders", false, true),
            ("shop", "shop/marts/orders", false, true),
            ("shop.marts.orders", "shop/marts/orders", false, true),
            ("marts.orders", "shop/marts/orders", false, true),
            ("marts.orders.x", "shop/marts/orders", false, false),
            ("core.orders", "shop/marts/core/orders", false, false),
            ("ord*", "shop/marts/orders", false, true),
            ("mar*", "shop/marts/orders", false, true),
            ("marts.ord*", "shop/marts/orders", false, true),
            ("*.orders", "shop/marts/orders", false, true),
            ("marts.*.x", "shop/marts/orders", false, false),
            ("fin.report", "shop/marts/fin.report", false, true),
            ("report", "shop/marts/fin.report", false, false),
            ("marts.fin", "shop/marts/fin.report", false, true),
            ("orders", "shop/orders/v2", true, true),
            ("orders.v2", "shop/orders/v2", true, true),
            ("orders_v2", "shop/orders/v2", true, true),
            ("x.orders.v2", "shop/orders/v2", true, true),
            ("v2", "shop/orders/v2", true, false),
            ("order?", "shop/orders/v2", true, true),
            ("v?", "shop/orders/v2", true, false),
            ("orders_v2", "shop/orders/v2", false, false),
            ("", "shop/orders", false, false),
            ("*", "shop/orders", false, true),
            ("é*", "shop/été/x", false, true),
            ("x", "", false, false),
        ] {
            let parts: Vec<_> = fqn.split('/').filter(|part| !part.is_empty()).collect();
            let found = FqnPattern::new(pattern).matches(&parts, versioned);
            assert_eq!(found, expected, "{pattern} {fqn}");
        }
    }
}
