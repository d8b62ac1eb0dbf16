//! The configs that dbt knows of each kind of resource, in its order, with their defaults and with how layers of them join
//! (`dbt/artifacts/resources/v1/*.py`, `dbt/contracts/graph/model_config.py`).

use std::sync::LazyLock;

use glueline_project::ResourceType;
use glueline_template::{Dict, Key, Value};
use rustc_hash::FxHashMap;

/// How two layers of one config join (`dbt_common/contracts/config/base.py`, `MergeBehavior`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    /// The later one replaces.
    Clobber,
    /// Lists, one behind the other.
    Append,
    /// The later mapping's entries replace the earlier's.
    Update,
    /// Mappings of lists, where `+key` appends.
    DictKeyAppend,
}

/// What a config is where nobody sets it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Default {
    None,
    Bool(bool),
    Int(i64),
    Text(&'static str),
    List,
    Dict,
}

impl Default {
    pub(super) fn value(self) -> Value {
        match self {
            Self::None => Value::None,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::Int(value),
            Self::Text(text) => name(text).1,
            Self::List => Value::list(Vec::new()),
            Self::Dict => Value::dict::<&str>([]),
        }
    }
}

/// A config that dbt knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// As `config.get()` knows it.
    pub(super) name: &'static str,
    pub(super) merge: Merge,
    pub(super) default: Default,
}

impl Field {
    /// As project files and `config()` write it, and as the manifest holds it.
    pub(super) fn key(&self) -> &'static str {
        match self.name {
            "pre_hook" => "pre-hook",
            "post_hook" => "post-hook",
            other => other,
        }
    }
}

const fn field(name: &'static str, default: Default) -> Field {
    Field {
        name,
        merge: Merge::Clobber,
        default,
    }
}

const fn merged(name: &'static str, merge: Merge, default: Default) -> Field {
    Field { name, merge, default }
}

/// Of every node and test.
const COMMON: &[Field] = &[
    field("enabled", Default::Bool(true)),
    field("alias", Default::None),
    field("schema", Default::None),
    field("database", Default::None),
    merged("tags", Merge::Append, Default::List),
    merged("meta", Merge::Update, Default::Dict),
    field("group", Default::None),
    field("static_analysis", Default::None),
];

const NODE: &[Field] = &[
    field("materialized", Default::Text("view")),
    field("incremental_strategy", Default::None),
    field("batch_size", Default::None),
    field("lookback", Default::Int(1)),
    field("begin", Default::None),
    field("persist_docs", Default::Dict),
    merged("post_hook", Merge::Append, Default::List),
    merged("pre_hook", Merge::Append, Default::List),
    merged("quoting", Merge::Update, Default::Dict),
    merged("column_types", Merge::Update, Default::Dict),
    field("full_refresh", Default::None),
    field("unique_key", Default::None),
    field("on_schema_change", Default::Text("ignore")),
    field("on_configuration_change", Default::Text("apply")),
    merged("grants", Merge::DictKeyAppend, Default::Dict),
    merged("packages", Merge::Append, Default::List),
    merged("docs", Merge::Update, Default::Dict),
    merged("contract", Merge::Update, Default::Dict),
    field("event_time", Default::None),
    field("concurrent_batches", Default::None),
];

const MODEL: &[Field] = &[
    field("access", Default::Text("protected")),
    field("freshness", Default::None),
    field("on_error", Default::None),
    merged("latest_version_pointer", Merge::Update, Default::Dict),
];

const SEED: &[Field] = &[
    field("delimiter", Default::Text(",")),
    field("quote_columns", Default::None),
];

const SNAPSHOT: &[Field] = &[
    field("strategy", Default::None),
    field("target_schema", Default::None),
    field("target_database", Default::None),
    field("updated_at", Default::None),
    field("check_cols", Default::None),
    merged("snapshot_meta_column_names", Merge::Update, Default::Dict),
    field("dbt_valid_to_current", Default::None),
];

const TEST: &[Field] = &[
    field("materialized", Default::Text("test")),
    field("severity", Default::Text("ERROR")),
    field("store_failures", Default::None),
    field("store_failures_as", Default::None),
    field("sql_header", Default::None),
    field("where", Default::None),
    field("limit", Default::None),
    field("fail_calc", Default::Text("count(*)")),
    field("warn_if", Default::Text("!= 0")),
    field("error_if", Default::Text("!= 0")),
];

const SOURCE: &[Field] = &[
    field("enabled", Default::Bool(true)),
    field("event_time", Default::None),
    merged("freshness", Merge::Update, Default::Dict),
    field("loaded_at_field", Default::None),
    field("loaded_at_query", Default::None),
    merged("meta", Merge::Update, Default::Dict),
    field("tags", Default::List),
    field("static_analysis", Default::None),
];

const EXPOSURE: &[Field] = &[
    field("enabled", Default::Bool(true)),
    field("tags", Default::List),
    field("meta", Default::Dict),
];

const UNIT_TEST: &[Field] = &[
    merged("tags", Merge::Append, Default::List),
    merged("meta", Merge::Update, Default::Dict),
    field("enabled", Default::Bool(true)),
    field("static_analysis", Default::None),
];

/// Names of configs and texts that many configs are: made once and shared, for there is a dict of them for every node.
static NAMES: LazyLock<FxHashMap<&'static str, (Key, Value)>> = LazyLock::new(|| {
    let parts = [
        COMMON, NODE, MODEL, SEED, SNAPSHOT, TEST, SOURCE, EXPOSURE, UNIT_TEST,
    ];
    let of_field = |field: &Field| match field.default {
        Default::Text(text) => [field.name, text],
        _ => [field.name, field.key()],
    };
    let names = parts.into_iter().flatten().flat_map(of_field);
    names.map(|name| (name, made(name))).collect()
});

fn made(name: &str) -> (Key, Value) {
    (Key::str(name), Value::str(name))
}

/// A text as a key and as a value.
fn name(text: &str) -> (Key, Value) {
    NAMES.get(text).cloned().unwrap_or_else(|| made(text))
}

/// Sets a config.
pub(super) fn insert(config: &Dict, key: &str, value: Value) {
    let (key, written) = name(key);
    config.insert(key, written, value);
}

/// The configs of a kind of resource where nobody sets them.
pub(super) fn defaults(fields: &[Field]) -> Dict {
    let config = Dict::default();
    config.lock().reserve_exact(fields.len());
    for field in fields {
        insert(&config, field.name, field.default.value());
    }
    config
}

/// The configs of a kind of resource, in dbt's order.
pub(super) fn of(kind: ResourceType) -> Vec<Field> {
    let parts: &[&[Field]] = match kind {
        ResourceType::Model => &[COMMON, NODE, MODEL],
        ResourceType::Seed => &[COMMON, NODE, SEED],
        ResourceType::Snapshot => &[COMMON, NODE, SNAPSHOT],
        ResourceType::Analysis => &[COMMON, NODE],
        ResourceType::Test => &[COMMON, TEST],
        ResourceType::Source => &[SOURCE],
        ResourceType::Exposure => &[EXPOSURE],
        ResourceType::UnitTest => &[UNIT_TEST],
    };
    let mut fields: Vec<Field> = parts.concat();
    for field in &mut fields {
        field.default = match (kind, field.name) {
            (ResourceType::Test, "schema") => Default::Text("dbt_test__audit"),
            (ResourceType::Seed, "materialized") => Default::Text("seed"),
            (ResourceType::Snapshot, "materialized") => Default::Text("snapshot"),
            _ => field.default,
        };
    }
    fields
}
