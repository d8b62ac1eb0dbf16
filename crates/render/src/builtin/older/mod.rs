//! Macros as older releases of dbt-glue have them, where little of them is as it is now.
//!
//! What differs in one place asks [`Call::has`] there instead. When each change came is in the catalogue alone.

mod before_own_merge;
mod before_typed_staging;
mod incremental;
mod table;

use glueline_catalog::{AdapterVersion, Change};

use super::Row;

/// A macro as it was before a change.
#[derive(Debug)]
pub(super) struct Older {
    /// The change that ended it.
    pub(super) until: Change,
    /// The macro.
    pub(super) row: Row,
}

/// The tables of all changes, oldest first.
const TABLES: &[&[Older]] = &[before_own_merge::MACROS, before_typed_staging::MACROS];

/// The macro of a name as a release has it, where that is not as it is now.
pub(super) fn find(name: &str, version: AdapterVersion) -> Option<&'static Older> {
    let mut rows = TABLES.iter().flat_map(|table| table.iter());
    rows.find(|older| older.row.name == name && !version.has(older.until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_comes_first() {
        let dates = |older: &[Older]| older.iter().map(|older| older.until).collect::<Vec<_>>();
        let all: Vec<_> = TABLES.iter().flat_map(|table| dates(table)).collect();
        assert!(all.is_sorted(), "{all:?}");
        let own = super::super::TABLES.iter().flat_map(|table| table.iter());
        let own: std::collections::BTreeSet<_> = own.map(|row| row.name).collect();
        for older in TABLES.iter().flat_map(|table| table.iter()) {
            assert!(
                own.contains(older.row.name),
                "{} is no macro of today",
                older.row.name
            );
            assert!(find(older.row.name, AdapterVersion::DESCRIBED).is_none());
        }
    }
}
