//! dbt's own keys of an output, and those of the profile around it.

use crate::spec::ProfileUse;
use crate::{Checked, KeySpec, Scope, Template, ValueType};

const SOURCE: &str = "dbt/config/profile.py";

pub(crate) static OUTPUT: &[KeySpec] = &[
    KeySpec {
        name: "outputs",
        scopes: &[Scope::Profile],
        value: ValueType::Mapping,
        required: Some("dbt stops with `outputs not specified in profile`"),
        summary: "The connections of the profile, by target name",
        body: "Maps each target (`dev`, `prod`) to the keys of its connection. dbt loads the one that `--target`, \
               `DBT_TARGET` or `target` names; the others are not even checked.",
        example: "outputs: {dev: {type: glue}}",
        source: SOURCE,
        ..KeySpec::PLAIN
    },
    KeySpec {
        name: "target",
        scopes: &[Scope::Profile],
        value: ValueType::Text,
        default: "default",
        summary: "The output used when no target is named",
        body: "May be a template such as `{{ env_var('TARGET', 'dev') }}`. Without it dbt looks for an output called \
               `default`.",
        example: "target: dev",
        source: SOURCE,
        ..KeySpec::PLAIN
    },
    KeySpec {
        name: "threads",
        scopes: &[Scope::ProfileOutput],
        value: ValueType::Integer,
        default: "1",
        profile: ProfileUse {
            in_target: true,
            meta_override: false,
        },
        summary: "How many nodes dbt builds at once",
        body: "Each thread opens a Glue session of its own unless `glue_session_reuse` is true, so the bill is threads \
               times workers. With reuse all threads share one session, which runs one statement at a time: more threads \
               then bring no speed.",
        example: "threads: 4",
        source: SOURCE,
        ..KeySpec::PLAIN
    },
    KeySpec {
        name: "type",
        scopes: &[Scope::ProfileOutput],
        value: ValueType::Text,
        allowed: &["glue"],
        required: Some("dbt stops with `required field \"type\" not found in profile`"),
        content: Checked::AtParse,
        template: Template::AtParse,
        profile: ProfileUse {
            in_target: true,
            meta_override: false,
        },
        summary: "The adapter of this output",
        body: "`glue` selects dbt-glue. Another text makes dbt look for another adapter.",
        example: "type: glue",
        source: SOURCE,
        ..KeySpec::PLAIN
    },
];
