//! The files of the project beside its nodes: `dbt_project.yml`, packages, selectors, properties.

pub(crate) mod deprecated_project_key;
pub(crate) mod invalid_packages_file;
pub(crate) mod invalid_project_file;
pub(crate) mod invalid_properties;
pub(crate) mod invalid_selectors;
mod keys;
pub(crate) mod missing_doc;
pub(crate) mod name_with_space;
pub(crate) mod packages_not_installed;
pub(crate) mod refused_property_key;
pub(crate) mod unknown_project_key;
pub(crate) mod unknown_property_key;
pub(crate) mod unsupported_dbt_version;
mod versions;

use crate::rule::Rule;

/// The rules of this part.
pub(crate) const RULES: &[&Rule] = &[
    &deprecated_project_key::RULE,
    &invalid_packages_file::RULE,
    &invalid_project_file::RULE,
    &invalid_properties::RULE,
    &invalid_selectors::RULE,
    &missing_doc::RULE,
    &name_with_space::RULE,
    &packages_not_installed::RULE,
    &refused_property_key::RULE,
    &unknown_project_key::RULE,
    &unknown_property_key::RULE,
    &unsupported_dbt_version::RULE,
];
