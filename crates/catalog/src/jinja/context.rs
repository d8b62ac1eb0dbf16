//! dbt's context: what stands at the top level of Jinja.

use super::{JinjaName, Kind, Place};

const BASE: &str = "dbt/context/base.py";
const PROVIDERS: &str = "dbt/context/providers.py";
const FILTERS: &str = "dbt_common/clients/jinja.py";
const JINJA: &str = "jinja2";

/// Sorted by name.
pub(super) static NAMES: &[JinjaName] = &[
    object("adapter", Place::Nodes, "The adapter's methods", PROVIDERS),
    function(
        "adapter_macro",
        Place::Nodes,
        "name, *args, **kwargs",
        "Replaced by `adapter.dispatch`; calling it fails",
        PROVIDERS,
    ),
    object(
        "api",
        Place::Nodes,
        "The classes `Relation` and `Column`",
        PROVIDERS,
    ),
    filter(
        "as_bool",
        "Turn a rendered text into a boolean; understands Python's `True` and `False` alone",
    ),
    filter("as_native", "Turn a rendered text into whatever it looks like"),
    filter("as_number", "Turn a rendered text into a number"),
    filter("as_text", "Keep a rendered text a text"),
    object(
        "builtins",
        Place::Nodes,
        "dbt's own `ref`, `source` and `config`, where a macro hides them",
        PROVIDERS,
    ),
    object("column", Place::Nodes, "The adapter's column class", PROVIDERS),
    value(
        "compiled_code",
        Place::Running,
        "The node's rendered SQL or Python",
        PROVIDERS,
    ),
    object_called(
        "config",
        Place::Nodes,
        "**configs",
        "Set configs of the node, or read them with its methods",
        PROVIDERS,
    ),
    object("context", Place::Everywhere, "The whole context, by name", BASE),
    function(
        "context_macro_stack",
        Place::Nodes,
        "",
        "The macros that are being called",
        "dbt/context/manifest.py",
    ),
    function(
        "cycler",
        Place::Everywhere,
        "*items",
        "Go through items again and again",
        JINJA,
    ),
    value(
        "database",
        Place::Nodes,
        "The node's database; on Glue the profile's schema",
        PROVIDERS,
    ),
    value(
        "dbt_metadata_envs",
        Place::Nodes,
        "Environment variables that begin with `DBT_ENV_CUSTOM_ENV_`",
        PROVIDERS,
    ),
    value("dbt_version", Place::Everywhere, "The version of dbt", BASE),
    function(
        "debug",
        Place::Everywhere,
        "",
        "Stop in a debugger, when `DBT_MACRO_DEBUGGING` is set",
        BASE,
    ),
    value(
        "defer_relation",
        Place::Running,
        "The relation that stands in when deferring",
        PROVIDERS,
    ),
    function("dict", Place::Everywhere, "**items", "Make a mapping", JINJA),
    function(
        "diff_of_two_dicts",
        Place::Everywhere,
        "dict_a, dict_b",
        "What one mapping of lists has and the other has not",
        BASE,
    ),
    function(
        "doc",
        Place::Docs,
        "*names",
        "The text of a documentation block",
        "dbt/context/docs.py",
    ),
    value("env", Place::Nodes, "Older name of `target`", PROVIDERS),
    function(
        "env_var",
        Place::Everywhere,
        "var, default=none",
        "A variable of the environment; fails when it is missing and has no default",
        BASE,
    ),
    object(
        "exceptions",
        Place::Nodes,
        "Functions that raise errors and warnings",
        PROVIDERS,
    ),
    value(
        "execute",
        Place::Nodes,
        "False while dbt parses, true when the node is compiled or run",
        PROVIDERS,
    ),
    object(
        "flags",
        Place::Everywhere,
        "The command line's flags, in capitals",
        BASE,
    ),
    function(
        "fromjson",
        Place::Everywhere,
        "string, default=none",
        "Read JSON",
        BASE,
    ),
    function(
        "fromyaml",
        Place::Everywhere,
        "value, default=none",
        "Read YAML",
        BASE,
    ),
    function(
        "function",
        Place::Nodes,
        "*args",
        "A user-defined function of the project; dbt-glue creates none",
        PROVIDERS,
    ),
    object(
        "graph",
        Place::Nodes,
        "All nodes, sources and exposures; empty while dbt parses",
        PROVIDERS,
    ),
    value(
        "invocation_args_dict",
        Place::Nodes,
        "The arguments that dbt was called with",
        PROVIDERS,
    ),
    value(
        "invocation_id",
        Place::Everywhere,
        "The id of this call of dbt",
        BASE,
    ),
    filter("is_list", "Whether a value is a list"),
    function(
        "joiner",
        Place::Everywhere,
        "sep=', '",
        "Write a separator from the second call on",
        JINJA,
    ),
    function(
        "lipsum",
        Place::Everywhere,
        "n=5, html=true, min=20, max=100",
        "Filler text",
        JINJA,
    ),
    function(
        "load_agate_table",
        Place::Running,
        "",
        "The rows of a seed",
        PROVIDERS,
    ),
    function(
        "load_result",
        Place::Nodes,
        "name",
        "The result of a named statement",
        PROVIDERS,
    ),
    function(
        "local_md5",
        Place::Everywhere,
        "value",
        "The MD5 sum of a text",
        BASE,
    ),
    function(
        "log",
        Place::Everywhere,
        "msg, info=false",
        "Write a line to dbt's log",
        BASE,
    ),
    function(
        "metric",
        Place::Nodes,
        "*args",
        "A metric of the project",
        PROVIDERS,
    ),
    object(
        "model",
        Place::Nodes,
        "The node itself, as in the manifest",
        PROVIDERS,
    ),
    object(
        "modules",
        Place::Everywhere,
        "Python's `datetime`, `pytz`, `re` and `itertools`",
        BASE,
    ),
    function(
        "namespace",
        Place::Everywhere,
        "**items",
        "An object whose members can be set inside a loop",
        JINJA,
    ),
    function(
        "otel_span_id",
        Place::Everywhere,
        "",
        "The id of the current trace span",
        BASE,
    ),
    function(
        "otel_trace_id",
        Place::Everywhere,
        "",
        "The id of the current trace",
        BASE,
    ),
    value("post_hooks", Place::Nodes, "The hooks after the node", PROVIDERS),
    value("pre_hooks", Place::Nodes, "The hooks before the node", PROVIDERS),
    function(
        "print",
        Place::Everywhere,
        "msg",
        "Write a line to standard output",
        BASE,
    ),
    value(
        "project_name",
        Place::WithTarget,
        "The name of the root project",
        "dbt/context/configured.py",
    ),
    function(
        "range",
        Place::Everywhere,
        "start, stop, step=1",
        "Numbers one after another",
        JINJA,
    ),
    object_called(
        "ref",
        Place::Nodes,
        "package, name, version=none",
        "The relation of a model, seed or snapshot, and a dependency on it",
        PROVIDERS,
    ),
    function(
        "render",
        Place::Nodes,
        "string",
        "Render a text as Jinja",
        PROVIDERS,
    ),
    function(
        "return",
        Place::Everywhere,
        "data",
        "End the macro with a value",
        BASE,
    ),
    value(
        "run_started_at",
        Place::Everywhere,
        "When dbt was started, in UTC",
        BASE,
    ),
    value("schema", Place::Nodes, "The node's schema", PROVIDERS),
    value(
        "selected_resources",
        Place::Nodes,
        "The unique ids that this call of dbt selects",
        PROVIDERS,
    ),
    function(
        "set",
        Place::Everywhere,
        "value, default=none",
        "Make a set, or the default where that is not possible",
        BASE,
    ),
    function("set_strict", Place::Everywhere, "value", "Make a set", BASE),
    object_called(
        "source",
        Place::Nodes,
        "source_name, table_name",
        "The relation of a source table, and a dependency on it",
        PROVIDERS,
    ),
    value(
        "source_node",
        Place::Nodes,
        "The source, while its freshness is computed",
        PROVIDERS,
    ),
    value("sql", Place::Running, "The node's rendered SQL", PROVIDERS),
    function("sql_now", Place::Nodes, "", "SQL for the current time", PROVIDERS),
    function(
        "store_raw_result",
        Place::Nodes,
        "name, message=none, code=none, rows_affected=none, agate_table=none",
        "Keep a result under a name",
        PROVIDERS,
    ),
    function(
        "store_result",
        Place::Nodes,
        "name, response, agate_table=none",
        "Keep a result under a name",
        PROVIDERS,
    ),
    function(
        "submit_python_job",
        Place::Running,
        "parsed_model, compiled_code",
        "Run a Python model; for materializations alone",
        PROVIDERS,
    ),
    object(
        "target",
        Place::WithTarget,
        "The output of the profile; on Glue without `database`",
        "dbt/context/target.py",
    ),
    value(
        "this",
        Place::Nodes,
        "The node's own relation, always without the Iceberg catalog's prefix",
        PROVIDERS,
    ),
    value(
        "thread_id",
        Place::Everywhere,
        "The thread that runs the node",
        BASE,
    ),
    function(
        "tojson",
        Place::Everywhere,
        "value, default=none, sort_keys=false",
        "Write JSON",
        BASE,
    ),
    function(
        "toyaml",
        Place::Everywhere,
        "value, default=none, sort_keys=false",
        "Write YAML",
        BASE,
    ),
    function(
        "try_or_compiler_error",
        Place::Nodes,
        "message_if_exception, func, *args, **kwargs",
        "Call something and turn its failure into a message",
        PROVIDERS,
    ),
    object(
        "validation",
        Place::Nodes,
        "Validators for `config.get`; they fire only together with a default",
        PROVIDERS,
    ),
    object_called(
        "var",
        Place::Everywhere,
        "var_name, default=none",
        "A variable of `vars:` or `--vars`; fails when it is missing and has no default",
        BASE,
    ),
    function(
        "write",
        Place::Nodes,
        "payload",
        "Write the node's compiled file",
        PROVIDERS,
    ),
    function(
        "zip",
        Place::Everywhere,
        "*args, default=none",
        "Go through several lists side by side, or the default where that is not possible",
        BASE,
    ),
    function(
        "zip_strict",
        Place::Everywhere,
        "*args",
        "Go through several lists side by side",
        BASE,
    ),
];

const fn function(
    name: &'static str,
    place: Place,
    parameters: &'static str,
    summary: &'static str,
    source: &'static str,
) -> JinjaName {
    JinjaName {
        name,
        kind: Kind::Function,
        place,
        parameters,
        summary,
        source,
    }
}

const fn object(name: &'static str, place: Place, summary: &'static str, source: &'static str) -> JinjaName {
    object_called(name, place, "", summary, source)
}

/// An object that can be called as well.
const fn object_called(
    name: &'static str,
    place: Place,
    parameters: &'static str,
    summary: &'static str,
    source: &'static str,
) -> JinjaName {
    JinjaName {
        name,
        kind: Kind::Object,
        place,
        parameters,
        summary,
        source,
    }
}

const fn value(name: &'static str, place: Place, summary: &'static str, source: &'static str) -> JinjaName {
    JinjaName {
        name,
        kind: Kind::Value,
        place,
        parameters: "",
        summary,
        source,
    }
}

const fn filter(name: &'static str, summary: &'static str) -> JinjaName {
    JinjaName {
        name,
        kind: Kind::Filter,
        place: Place::Yaml,
        parameters: "",
        summary,
        source: FILTERS,
    }
}
