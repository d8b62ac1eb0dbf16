//! Keys of properties files (`schema.yml`).

mod column;
mod common;
mod file;
mod metric;
mod model;
mod other;
mod source;
mod tests_and_units;

pub(crate) use column::COLUMN;
pub(crate) use common::COMMON;
pub(crate) use file::FILE;
pub(crate) use metric::METRIC_KEYS;
pub(crate) use model::MODEL;
pub(crate) use other::OTHER;
pub(crate) use source::SOURCE;
pub(crate) use tests_and_units::TESTS;

use crate::{KeySpec, Merge, Scope, ValueType, sources};

/// A property, as the classes of dbt's properties files define it.
const PROPERTY: KeySpec = KeySpec {
    merge: Merge::Clobber,
    source: sources::UNPARSED,
    ..KeySpec::PLAIN
};

/// The name of an entry.
const NAME: KeySpec = KeySpec {
    name: "name",
    value: ValueType::Text,
    required: Some("dbt does not know what the entry is about and refuses the file"),
    ..PROPERTY
};

/// Resources that have columns and data tests.
const TESTED: &[Scope] = &[Scope::Model, Scope::Seed, Scope::Snapshot];

#[cfg(test)]
mod tests {
    use crate::{Scope, keys, lookup, suggest};

    #[test]
    fn entries_have_names() {
        for scope in [
            Scope::Model,
            Scope::Column,
            Scope::Source,
            Scope::SourceTable,
            Scope::Seed,
            Scope::Snapshot,
            Scope::Macro,
            Scope::MacroArgument,
            Scope::Exposure,
            Scope::Analysis,
            Scope::Group,
            Scope::UnitTest,
            Scope::Metric,
            Scope::SemanticModel,
            Scope::SavedQuery,
            Scope::Function,
        ] {
            let name = lookup(scope, "name").unwrap();
            assert!(name.required.is_some(), "{scope}");
            assert!(
                lookup(scope, "description").is_some() || scope == Scope::ModelVersion,
                "{scope}"
            );
        }
    }

    #[test]
    fn typos_are_near() {
        let cases = [
            (Scope::Model, "desription", Some("description")),
            (Scope::Model, "collumns", Some("columns")),
            (Scope::Model, "data-tests", Some("data_tests")),
            (Scope::Column, "datatype", Some("data_type")),
            (Scope::Source, "tabels", Some("tables")),
            (Scope::PropertiesFile, "model", Some("models")),
            (Scope::Exposure, "dependson", Some("depends_on")),
            (Scope::Model, "xyzzy", None),
        ];
        for (scope, word, expected) in cases {
            assert_eq!(suggest(scope, word), expected, "{scope} {word}");
        }
    }

    #[test]
    fn objects_lead_to_scopes_with_keys() {
        for key in crate::all_keys() {
            if let Some(scope) = key.value.scope() {
                assert!(keys(scope).next().is_some(), "{} leads to {scope}", key.name);
            }
        }
    }
}
