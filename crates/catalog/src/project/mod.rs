//! Keys of `dbt_project.yml`, `packages.yml`, `dependencies.yml` and `selectors.yml`.

mod file;
mod flags;
mod packages;
mod selectors;

pub(crate) use file::FILE;
pub(crate) use flags::FLAGS;
pub(crate) use packages::PACKAGES;
pub(crate) use selectors::SELECTORS;

/// Names that dbt refuses for a project: those of its own packages and of what its templates see
/// (`dbt/contracts/project.py`, `BANNED_PROJECT_NAMES`; `NonUniquePackageNameError`). Sorted.
pub static RESERVED_PROJECT_NAMES: &[&str] = &[
    "_sql_results",
    "adapter",
    "api",
    "column",
    "config",
    "context",
    "database",
    "dbt",
    "dbt_glue",
    "dbt_spark",
    "env",
    "env_var",
    "exceptions",
    "execute",
    "flags",
    "fromjson",
    "fromyaml",
    "graph",
    "invocation_id",
    "load_agate_table",
    "load_result",
    "log",
    "model",
    "modules",
    "post_hooks",
    "pre_hooks",
    "ref",
    "render",
    "return",
    "run_started_at",
    "schema",
    "source",
    "sql",
    "sql_now",
    "store_raw_result",
    "store_result",
    "target",
    "this",
    "tojson",
    "toyaml",
    "try_or_compiler_error",
    "var",
    "write",
];

#[cfg(test)]
mod tests {
    use crate::{Scope, lookup, suggest};

    #[test]
    fn reserved_names_are_sorted() {
        assert!(super::RESERVED_PROJECT_NAMES.is_sorted());
    }

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
