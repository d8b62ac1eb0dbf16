//! `flags` and `invocation_args_dict` (`dbt/flags.py`).

use glueline_template::{Cx, Error, Native, Value, repr};

use crate::renderer::Shared;

/// What a flag is.
#[derive(Debug, Clone, Copy)]
enum Flag {
    None,
    Bool(bool),
    Int(i64),
    Text(&'static str),
    Which,
    InvocationCommand,
    StoreFailures,
    FullRefresh,
    WarnErrorOptions,
    ProjectDir,
}

/// The flags that templates see, in dbt's order.
const FLAGS: [(&str, Flag); 30] = [
    ("FAIL_FAST", Flag::Bool(false)),
    ("USE_EXPERIMENTAL_PARSER", Flag::Bool(false)),
    ("DEBUG", Flag::Bool(false)),
    ("WRITE_JSON", Flag::Bool(true)),
    ("VERSION_CHECK", Flag::Bool(true)),
    ("STATIC_PARSER", Flag::Bool(true)),
    ("PROFILES_DIR", Flag::ProjectDir),
    ("QUIET", Flag::Bool(false)),
    ("USE_COLORS", Flag::Bool(true)),
    ("LOG_PATH", Flag::Text("logs")),
    ("INTROSPECT", Flag::Bool(true)),
    ("PRINTER_WIDTH", Flag::Int(80)),
    ("WARN_ERROR_OPTIONS", Flag::WarnErrorOptions),
    ("TARGET_PATH", Flag::None),
    ("INDIRECT_SELECTION", Flag::Text("eager")),
    ("LOG_FORMAT", Flag::Text("default")),
    ("MAXIMUM_SEED_SIZE_MIB", Flag::Int(1)),
    ("HINTS_ENABLED", Flag::Bool(true)),
    ("SEND_ANONYMOUS_USAGE_STATS", Flag::Bool(true)),
    ("CACHE_SELECTED_ONLY", Flag::Bool(false)),
    ("WARN_ERROR", Flag::None),
    ("EMPTY", Flag::Bool(false)),
    ("PARTIAL_PARSE", Flag::Bool(true)),
    ("INVOCATION_COMMAND", Flag::InvocationCommand),
    ("NO_PRINT", Flag::None),
    ("LOG_CACHE_EVENTS", Flag::Bool(false)),
    ("FULL_REFRESH", Flag::FullRefresh),
    ("STORE_FAILURES", Flag::StoreFailures),
    ("WHICH", Flag::Which),
    ("REQUIRE_SQL_HEADER_IN_TEST_CONFIGS", Flag::Bool(false)),
];

fn value(shared: &Shared, flag: Flag) -> Value {
    match flag {
        Flag::None => Value::None,
        Flag::Bool(value) => Value::Bool(value),
        Flag::Int(value) => Value::Int(value),
        Flag::Text(text) => Value::str(text),
        Flag::Which => Value::str(shared.settings.flags.which),
        // Which flags dbt is given besides is not known here.
        Flag::InvocationCommand => Value::str(format!("dbt {}", shared.settings.flags.which)),
        Flag::StoreFailures => Value::Bool(shared.settings.flags.store_failures),
        Flag::FullRefresh => Value::Bool(shared.project.run_options().full_refresh),
        Flag::WarnErrorOptions => Value::dict([
            ("error", Value::list(Vec::new())),
            ("warn", Value::list(Vec::new())),
            ("silence", Value::list(Vec::new())),
        ]),
        Flag::ProjectDir => Value::str(shared.project.root().root.as_str()),
    }
}

/// `flags`.
pub(super) fn flags(shared: &Shared) -> Value {
    let flags = FLAGS.iter().map(|(name, flag)| (*name, value(shared, *flag)));
    Value::native(Flags(flags.collect()))
}

/// An object with a flag behind each name in capitals.
#[derive(Debug)]
struct Flags(Vec<(&'static str, Value)>);

impl Native for Flags {
    fn type_name(&self) -> &'static str {
        "Namespace"
    }

    fn qualified_type_name(&self) -> String {
        "argparse.Namespace".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let found = self.0.iter().find(|(flag, _)| *flag == name);
        Ok(found.map(|(_, value)| value.clone()))
    }

    fn text(&self) -> String {
        let shown: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", repr(value)))
            .collect();
        format!("Namespace({})", shown.join(", "))
    }
}

/// `invocation_args_dict`: the flags in small letters, with the arguments that are no flags.
pub(super) fn arguments(shared: &Shared) -> Value {
    let dict = glueline_template::Dict::default();
    for (name, flag) in FLAGS {
        let made = value(shared, flag);
        if !made.is_none() && (name != "FULL_REFRESH" || made.truth()) {
            dict.insert_str(&name.to_ascii_lowercase(), made);
        }
    }
    let root = shared.project.root().root.as_str();
    dict.insert_str("project_dir", Value::str(root));
    dict.insert_str("vars", super::from_file(shared.project.cli_vars()));
    dict.insert_str(
        "threads",
        Value::Int(i64::from(shared.project.run_options().threads.unwrap_or(1))),
    );
    dict.insert_str("select", Value::tuple(Vec::new()));
    dict.insert_str("exclude", Value::tuple(Vec::new()));
    dict.insert_str("print", Value::Bool(true));
    dict.insert_str("output", Value::str("text"));
    dict.insert_str("defer", Value::Bool(false));
    Value::Dict(std::sync::Arc::new(dict))
}
