//! Keys of `dbt_project.yml`, `packages.yml`, `dependencies.yml` and `selectors.yml`.

mod file;
mod flags;
mod packages;
mod selectors;

pub(crate) use file::FILE;
pub(crate) use flags::FLAGS;
pub(crate) use packages::PACKAGES;
pub(crate) use selectors::SELECTORS;

#[cfg(test)]
mod tests {
    use crate::{Scope, lookup, suggest};

    #[test]
    fn underscores_are_no_hyphens() {
        for (hyphen, underscore) in [("on-run-start", "on_run_start"), ("model-paths", "model_paths")] {
            assert!(lookup(Scope::ProjectFile, underscore).is_none());
            assert_eq!(suggest(Scope::ProjectFile, underscore), Some(hyphen));
        }
    }

    #[test]
    fn the_old_names_of_paths() {
        for old in ["source-paths", "data-paths", "tests", "log-path", "target-path"] {
            assert!(
                lookup(Scope::ProjectFile, old).unwrap().deprecated.is_some(),
                "{old}"
            );
        }
        assert_eq!(suggest(Scope::ProjectFile, "modelpaths"), Some("model-paths"));
        assert_eq!(
            suggest(
                Scope::Flags,
                "require_explicit_package_override_for_builtin_materializations"
            ),
            Some("require_explicit_package_overrides_for_builtin_materializations")
        );
    }
}
