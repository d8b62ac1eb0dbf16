//! `flags:` of `dbt_project.yml`: defaults of command-line flags, and switches of behaviour.

use crate::{KeySpec, Scope, ValueType, sources};

const FLAG: KeySpec = KeySpec {
    scopes: &[Scope::Flags],
    value: ValueType::Bool,
    default: "false",
    source: sources::PROJECT,
    ..KeySpec::PLAIN
};

/// The default of a command-line flag; null leaves it to the command line.
const COMMAND_LINE: KeySpec = KeySpec {
    nullable: true,
    default: "null",
    ..FLAG
};

const WARNINGS: KeySpec = KeySpec {
    scopes: &[Scope::WarnErrorOptions],
    value: ValueType::Texts,
    default: "[]",
    source: "dbt_common/helper_types.py",
    ..FLAG
};

pub(crate) static FLAGS: &[KeySpec] = &[
    KeySpec {
        name: "allow_jinja_file_extensions",
        summary: "Read files such as `model.sql.jinja`",
        body: "Otherwise they are passed over.",
        example: "allow_jinja_file_extensions: true",
        ..FLAG
    },
    KeySpec {
        name: "cache_selected_only",
        summary: "Read only the selected schemas before the run",
        body: "By default every schema of the project is listed, one call to the Data Catalog each.",
        example: "cache_selected_only: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "debug",
        summary: "Show debug messages",
        body: "Same as `--debug`.",
        example: "debug: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "enable_grouped_warn_error_parser_logs",
        summary: "Show warnings that became errors together",
        body: "Only changes what dbt prints.",
        example: "enable_grouped_warn_error_parser_logs: true",
        ..FLAG
    },
    KeySpec {
        name: "fail_fast",
        summary: "Stop at the first failure",
        body: "Same as `--fail-fast`.",
        example: "fail_fast: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "hints_enabled",
        summary: "Show hints about newer ways",
        body: "Only changes what dbt prints.",
        example: "hints_enabled: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "indirect_selection",
        value: ValueType::Text,
        allowed: &["buildable", "cautious", "eager", "empty"],
        summary: "Which tests come along with selected nodes",
        body: "Same as `--indirect-selection`; `eager` unless set.",
        example: "indirect_selection: cautious",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "latest_version_pointer_enabled_by_default",
        summary: "Keep a view under the plain name of every versioned model",
        body: "`latest_version_pointer` of the model wins.",
        example: "latest_version_pointer_enabled_by_default: true",
        ..FLAG
    },
    KeySpec {
        name: "log_format",
        value: ValueType::Text,
        allowed: &["debug", "default", "json", "text"],
        summary: "How messages are written",
        body: "Same as `--log-format`.",
        example: "log_format: json",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "log_format_file",
        value: ValueType::Text,
        allowed: &["debug", "default", "json", "text"],
        summary: "How messages are written to the log file",
        body: "Same as `--log-format-file`.",
        example: "log_format_file: debug",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "log_level",
        value: ValueType::Text,
        allowed: &["debug", "error", "info", "none", "warn"],
        summary: "The least level that is shown",
        body: "Same as `--log-level`.",
        example: "log_level: info",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "log_level_file",
        value: ValueType::Text,
        allowed: &["debug", "error", "info", "none", "warn"],
        summary: "The least level that is written to the log file",
        body: "Same as `--log-level-file`.",
        example: "log_level_file: debug",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "maximum_seed_size_mib",
        value: ValueType::Integer,
        summary: "The size above which a seed's contents are not hashed, in MiB",
        body: "Larger seeds are compared by path when looking for changes.",
        example: "maximum_seed_size_mib: 1",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "partial_parse",
        summary: "Parse only what changed",
        body: "On unless set; the state stands in `target/partial_parse.msgpack`.",
        example: "partial_parse: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "populate_cache",
        summary: "List existing tables before the run",
        body: "`false` asks for each relation when it is needed.",
        example: "populate_cache: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "printer_width",
        value: ValueType::Integer,
        summary: "The width of messages, in characters",
        body: "80 unless set.",
        example: "printer_width: 100",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "require_all_warnings_handled_by_warn_error",
        default: "true",
        summary: "Every warning can become an error",
        body: "`false` leaves some warnings out of `warn_error`.",
        example: "require_all_warnings_handled_by_warn_error: true",
        ..FLAG
    },
    KeySpec {
        name: "require_batched_execution_for_custom_microbatch_strategy",
        default: "true",
        summary: "Run a microbatch strategy of your own in batches",
        body: "dbt-glue refuses microbatches.",
        example: "require_batched_execution_for_custom_microbatch_strategy: true",
        ..FLAG
    },
    KeySpec {
        name: "require_corrected_analysis_fqns",
        summary: "Give analyses fully qualified names without a doubled folder",
        body: "Changes what `fqn:` selects.",
        example: "require_corrected_analysis_fqns: true",
        ..FLAG
    },
    KeySpec {
        name: "require_event_names_in_deprecations",
        summary: "Show the event's name in deprecation messages",
        body: "Only changes what dbt prints.",
        example: "require_event_names_in_deprecations: true",
        ..FLAG
    },
    KeySpec {
        name: "require_explicit_package_overrides_for_builtin_materializations",
        default: "true",
        summary: "Packages may not replace built-in materializations unasked",
        body: "With `false` an installed package can change what `table` does.",
        example: "require_explicit_package_overrides_for_builtin_materializations: true",
        ..FLAG
    },
    KeySpec {
        name: "require_generic_test_arguments_property",
        default: "true",
        summary: "Arguments of generic tests stand under `arguments:`",
        body: "Draws warnings for arguments that stand beside `config:`.",
        example: "require_generic_test_arguments_property: true",
        ..FLAG
    },
    KeySpec {
        name: "require_nested_cumulative_type_params",
        default: "true",
        summary: "Cumulative metrics keep their parameters in a mapping of their own",
        body: "For the semantic layer.",
        example: "require_nested_cumulative_type_params: true",
        ..FLAG
    },
    KeySpec {
        name: "require_ref_searches_node_package_before_root",
        summary: "`ref()` in a package looks there before the root project",
        body: "Matters where names repeat.",
        example: "require_ref_searches_node_package_before_root: true",
        ..FLAG
    },
    KeySpec {
        name: "require_resource_names_without_spaces",
        default: "true",
        summary: "Refuse names with blanks",
        body: "`false` only warns.",
        example: "require_resource_names_without_spaces: true",
        ..FLAG
    },
    KeySpec {
        name: "require_source_and_semantic_model_names_without_spaces",
        summary: "Refuse names of sources and semantic models with blanks",
        body: "`false` only warns.",
        example: "require_source_and_semantic_model_names_without_spaces: true",
        ..FLAG
    },
    KeySpec {
        name: "require_sql_header_in_test_configs",
        summary: "Understand `sql_header` on data tests",
        body: "Otherwise it is a config nobody reads.",
        example: "require_sql_header_in_test_configs: true",
        ..FLAG
    },
    KeySpec {
        name: "require_unique_project_resource_names",
        summary: "Refuse two resources of one name in a project",
        body: "`false` allows what is not ambiguous.",
        example: "require_unique_project_resource_names: true",
        ..FLAG
    },
    KeySpec {
        name: "require_valid_schema_from_generate_schema_name",
        summary: "Refuse a `generate_schema_name` that returns nothing",
        body: "Otherwise the schema is silently null.",
        example: "require_valid_schema_from_generate_schema_name: true",
        ..FLAG
    },
    KeySpec {
        name: "require_yaml_configuration_for_mf_time_spines",
        default: "true",
        summary: "Time spines must be declared in YAML",
        body: "For the semantic layer.",
        example: "require_yaml_configuration_for_mf_time_spines: true",
        ..FLAG
    },
    KeySpec {
        name: "send_anonymous_usage_stats",
        default: "true",
        summary: "Send usage statistics to dbt Labs",
        body: "`false` stops them.",
        example: "send_anonymous_usage_stats: false",
        ..FLAG
    },
    KeySpec {
        name: "skip_nodes_if_on_run_start_fails",
        default: "true",
        summary: "Skip every node when an `on-run-start` hook fails",
        body: "`false` lets the nodes run.",
        example: "skip_nodes_if_on_run_start_fails: true",
        ..FLAG
    },
    KeySpec {
        name: "snowflake_projects_otel",
        dead: Some("it is for Snowflake"),
        summary: "Telemetry of Snowflake's hosted dbt",
        body: "No effect on Glue.",
        example: "snowflake_projects_otel: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "source_freshness_run_project_hooks",
        default: "true",
        summary: "Run `on-run-start` and `on-run-end` with `dbt source freshness` too",
        body: "On Glue the hooks open a session of their own.",
        example: "source_freshness_run_project_hooks: true",
        ..FLAG
    },
    KeySpec {
        name: "state_modified_compare_more_unrendered_values",
        default: "true",
        summary: "Compare configs before rendering when looking for changes",
        body: "Fewer nodes count as modified only because the target differs.",
        example: "state_modified_compare_more_unrendered_values: true",
        ..FLAG
    },
    KeySpec {
        name: "state_modified_compare_vars",
        summary: "Count a changed variable as a change of the nodes that read it",
        body: "For `state:modified`.",
        example: "state_modified_compare_vars: true",
        ..FLAG
    },
    KeySpec {
        name: "static_parser",
        summary: "Read simple models without rendering them",
        body: "On unless set. With it the keys of mappings in `config()` come out in an order that changes from run to run.",
        example: "static_parser: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "support_custom_ref_kwargs",
        summary: "Let a `ref` macro of your own take further arguments",
        body: "Otherwise unknown arguments are refused.",
        example: "support_custom_ref_kwargs: true",
        ..FLAG
    },
    KeySpec {
        name: "use_catalogs_v2",
        summary: "Read the newer form of `catalogs.yml`",
        body: "dbt-glue does not read catalogs.",
        example: "use_catalogs_v2: false",
        ..FLAG
    },
    KeySpec {
        name: "use_colors",
        summary: "Colours on the terminal",
        body: "Same as `--use-colors`.",
        example: "use_colors: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "use_colors_file",
        summary: "Colours in the log file",
        body: "Same as `--use-colors-file`.",
        example: "use_colors_file: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "use_experimental_parser",
        summary: "Use the experimental static parser",
        body: "Same as `--use-experimental-parser`.",
        example: "use_experimental_parser: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "use_v2_parser",
        summary: "Use the parser of dbt's newer engine",
        body: "Adapters other than those it knows fall back to dbt-core's own.",
        example: "use_v2_parser: false",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "v2_parser",
        value: ValueType::Text,
        summary: "Which parser of dbt's newer engine is used",
        body: "Goes with `use_v2_parser`.",
        example: "v2_parser: \"auto\"",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "validate_macro_args",
        default: "true",
        summary: "Compare the declared arguments of macros with the macros",
        body: "Draws warnings.",
        example: "validate_macro_args: true",
        ..FLAG
    },
    KeySpec {
        name: "version_check",
        summary: "Compare dbt with `require-dbt-version`",
        body: "Same as `--version-check`.",
        example: "version_check: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "warn_error",
        summary: "Treat every warning as an error",
        body: "Same as `--warn-error`; not together with `warn_error_options`.",
        example: "warn_error: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "write_json",
        summary: "Write artifacts into the target folder",
        body: "Same as `--write-json`.",
        example: "write_json: true",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "warn_error_options",
        value: ValueType::Object(Scope::WarnErrorOptions),
        summary: "Which warnings are errors, which stay warnings, and which are silent",
        body: "`error: all` with `warn: [...]` for the exceptions. The older words `include` and `exclude` still work.",
        example: "warn_error_options: {error: [NoNodesForSelectionCriteria]}",
        ..COMMAND_LINE
    },
    KeySpec {
        name: "error",
        aliases: &["include"],
        value: ValueType::TextOrTexts,
        summary: "The warnings that become errors",
        body: "`all` or `*`, or names of events.",
        example: "error: all",
        ..WARNINGS
    },
    KeySpec {
        name: "warn",
        aliases: &["exclude"],
        summary: "The warnings that stay warnings",
        body: "Exceptions from `error`.",
        example: "warn: [NoNodesForSelectionCriteria]",
        ..WARNINGS
    },
    KeySpec {
        name: "silence",
        summary: "The warnings that are not shown",
        body: "Wins over the other two lists.",
        example: "silence: [NoNodesForSelectionCriteria]",
        ..WARNINGS
    },
];
