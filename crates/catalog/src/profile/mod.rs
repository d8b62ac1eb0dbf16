//! Keys of `profiles.yml` for an output of type `glue`.
//!
//! dbt checks an output against a JSON schema before the adapter sees it: wrong types stop the command, unknown keys
//! pass in silence. Most other faults, missing keys among them, show up at the first statement of a run.

mod credentials;
mod meta;
mod output;
mod session;
mod storage;

pub(crate) use credentials::CREDENTIALS;
pub use meta::{MetaValue, NOTES_IN_META, is_session_setting, meta_needs};
pub(crate) use output::OUTPUT;
pub(crate) use session::SESSION;
pub(crate) use storage::STORAGE;

use crate::spec::ProfileUse;
use crate::{Checked, KeySpec, Scope, ValueType, sources};

/// A key that `target` shows and that `meta` may override: those in `_connection_keys`.
const SHOWN: ProfileUse = ProfileUse {
    in_target: true,
    meta_override: true,
};

/// An optional text.
const TEXT: KeySpec = KeySpec {
    scopes: &[Scope::ProfileOutput],
    value: ValueType::Text,
    nullable: true,
    content: Checked::AtRun,
    default: "null",
    profile: SHOWN,
    source: sources::CREDENTIALS,
    ..KeySpec::PLAIN
};

/// A whole number that may not be null.
const INTEGER: KeySpec = KeySpec {
    value: ValueType::Integer,
    nullable: false,
    ..TEXT
};

/// An optional flag that is off unless set.
const FLAG: KeySpec = KeySpec {
    value: ValueType::Bool,
    default: "false",
    ..TEXT
};

#[cfg(test)]
mod tests {
    use crate::{GlueVersion, Scope, Situation, lookup, profile_key, profile_keys, suggest, wrong_name};

    #[test]
    fn dbts_own_keys_are_there() {
        for key in ["type", "threads", "role_arn", "root_location"] {
            assert!(profile_key(key).is_some(), "{key}");
        }
        assert!(lookup(Scope::Profile, "outputs").is_some());
    }

    #[test]
    fn lake_formats_come_with_glue_3() {
        let on = |glue| {
            let situation = Situation {
                glue: Some(glue),
                ..Situation::default()
            };
            profile_key("datalake_formats").unwrap().is_read(&situation)
        };
        assert!(!on(GlueVersion::V2_0) && on(GlueVersion::V3_0) && on(GlueVersion::V5_1));
    }

    #[test]
    fn what_hides_from_target() {
        let hidden: Vec<_> = profile_keys()
            .filter(|key| !key.profile.in_target)
            .map(|key| key.name)
            .collect();
        assert_eq!(
            hidden,
            ["custom_iceberg_catalog_namespace", "database", "root_location"]
        );
        let fixed: Vec<_> = profile_keys()
            .filter(|key| !key.profile.meta_override)
            .map(|key| key.name)
            .collect();
        assert_eq!(
            fixed,
            [
                "custom_iceberg_catalog_namespace",
                "database",
                "root_location",
                "threads",
                "type"
            ]
        );
    }

    #[test]
    fn what_a_run_cannot_do_without() {
        let required: Vec<_> = profile_keys()
            .filter(|key| key.required.is_some())
            .map(|key| key.name)
            .collect();
        assert_eq!(
            required,
            ["location", "role_arn", "schema", "type", "worker_type", "workers"]
        );
    }

    #[test]
    fn keys_that_documentation_puts_here_by_mistake() {
        for key in ["project_name", "query-comment"] {
            assert!(profile_key(key).is_none());
            assert!(wrong_name(Scope::ProfileOutput, key).is_some(), "{key}");
        }
        assert_eq!(suggest(Scope::ProfileOutput, "worker-type"), Some("worker_type"));
        assert_eq!(suggest(Scope::ProfileOutput, "zzz"), None);
    }
}
