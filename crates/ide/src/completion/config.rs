//! Keys and values of configs, in whatever language they stand.

use glueline_base::Value;
use glueline_catalog::{
    CONFIGS_OF_COLUMNS, Choice, GLUE_ONLY_CONFIGS, GlueVersion, KeySpec, Language, Materialization, Scope,
    Situation, SnapshotStrategy, Strategy, TextBool, ValueType, keys, refused,
};
use glueline_project::facts::sql::MacroKind;
use glueline_project::{FileKind, Node};

use super::cx::Cx;
use super::item::{Item, ItemKind, List};
use super::subject::Subject;
use super::words::Host;

/// Keys that most entries begin with, in the order in which people write them; the others follow by name.
const FIRST: [&str; 21] = [
    "name",
    "version",
    "v",
    "type",
    "method",
    "description",
    "config",
    "materialized",
    "incremental_strategy",
    "unique_key",
    "file_format",
    "partition_by",
    "schema",
    "alias",
    "tags",
    "data_type",
    "columns",
    "data_tests",
    "tables",
    "value",
    "enabled",
];

/// A key on offer: its spec, and the tier it comes in.
pub(super) struct KeyOffer {
    pub(super) spec: &'static KeySpec,
    pub(super) tier: u16,
}

/// The keys of a scope that can stand beside those already given.
pub(super) fn open_keys<'k>(
    cx: &Cx<'_>,
    scope: Scope,
    node: Option<&Node>,
    given: impl Fn(&str) -> bool + 'k,
) -> impl Iterator<Item = KeyOffer> + 'k {
    let situation = cx.situation(node);
    let version = cx.project.release().version;
    let is_glue = cx.project.is_glue();
    // What is built in one way alone never reads what other ways read.
    let built = Situation {
        materialization: match scope {
            Scope::SeedConfig => Some(Materialization::Seed),
            Scope::SnapshotConfig => Some(Materialization::Snapshot),
            Scope::TestConfig => Some(Materialization::Test),
            _ => None,
        },
        ..Situation::default()
    };
    keys(scope).filter_map(move |spec| {
        let is_given = given(spec.name) || spec.aliases.iter().any(|alias| given(alias));
        let is_known = spec.exists_in(version) && (is_glue || !GLUE_ONLY_CONFIGS.contains(&spec.name));
        let is_fixed = spec.name == "materialized" && spec.allowed == [spec.default];
        if is_given || !is_known || is_fixed || spec.dead.is_some() || !spec.is_read(&built) {
            return None;
        }
        let place = FIRST
            .iter()
            .position(|name| *name == spec.name)
            .unwrap_or(FIRST.len());
        let mut tier = u16::try_from(place).unwrap_or(99);
        let is_sure = spec.applies.is_empty() || situation.materialization.is_some();
        if spec.required.is_some() && is_sure {
            tier = 0;
        }
        if !spec.is_read(&situation) {
            tier += 60;
        }
        Some(KeyOffer { spec, tier })
    })
}

/// An item for a key: its text is made by the caller.
pub(super) fn key_item(list: &List<'_>, scope: Scope, spec: &KeySpec, label: &str) -> Item {
    let mut item = Item::new(ItemKind::Key, label, list.range)
        .detail(spec.summary)
        .about(Subject::Key(scope, spec.name.to_owned()));
    item.is_deprecated = spec.deprecated.is_some();
    item
}

/// Whether the value of a key is a scalar that more is known about, so that it is worth asking again behind the key.
pub(super) fn has_values(spec: &KeySpec) -> bool {
    !spec.allowed.is_empty()
        || matches!(spec.value, ValueType::Bool | ValueType::TextBool(_))
        || CONFIGS_OF_COLUMNS.contains(&spec.name)
        || matches!(
            spec.name,
            "materialized"
                | "tags"
                | "group"
                | "schema"
                | "glue_version"
                | "incremental_strategy"
                | "strategy"
        )
}

/// Offers the values of a key.
pub(super) fn values(cx: &Cx<'_>, list: &mut List<'_>, spec: &KeySpec, node: Option<&Node>, host: Host) {
    let situation = cx.situation(node);
    let mut text = |tier: u16, word: &str, detail: &str| {
        list.offer(
            tier,
            word,
            |item| item.detail(detail).text(host.text(word)),
            ItemKind::Value,
        );
    };
    let default = spec.default.trim_matches(['"', '\'']);
    let note = |word: &str| if word == default { "default" } else { "" };
    match spec.name {
        "materialized" if spec.allowed.is_empty() => {
            for word in materializations(cx) {
                text(0, &word, note(&word));
            }
        }
        "incremental_strategy" => {
            for strategy in Strategy::ALL {
                let asked = Choice {
                    strategy: Some(strategy.name()),
                    ..choice(cx, node)
                };
                let fits = asked.materialization != Materialization::Incremental || refused(&asked).is_none();
                if fits {
                    text(0, strategy.name(), note(strategy.name()));
                }
            }
        }
        "file_format" => {
            for format in spec.allowed {
                let asked = Choice {
                    file_format: Some(format),
                    strategy: None,
                    ..choice(cx, node)
                };
                let late = situation.materialization.is_some() && refused(&asked).is_some();
                text(u16::from(late), format, note(format));
            }
        }
        "strategy" if spec.scopes == [Scope::SnapshotConfig] => {
            for strategy in SnapshotStrategy::ALL {
                text(0, strategy.name(), "");
            }
        }
        "glue_version" => {
            for version in GlueVersion::ALL.iter().rev() {
                text(0, version.name(), note(version.name()));
            }
        }
        "tags" if spec.scopes != [Scope::ProfileOutput] => {
            for tag in cx.texts_of_config("tags") {
                text(0, &tag, "");
            }
        }
        "group" => {
            for group in cx.groups() {
                text(0, &group, "");
            }
        }
        "schema" | "target_schema" | "database" | "target_database" => {
            for schema in cx.texts_of_config(spec.name) {
                text(0, &schema, "");
            }
        }
        name => {
            // Where capitals do not matter, one spelling is enough.
            let is_twin = |word: &str| {
                let small = word.to_ascii_lowercase();
                small != *word && spec.allowed.contains(&small.as_str())
            };
            for word in spec.allowed.iter().filter(|word| !is_twin(word)) {
                text(0, word, note(word));
            }
            if CONFIGS_OF_COLUMNS.contains(&name)
                && let Some(node) = node
            {
                for column in cx.columns(node.id) {
                    text(1, &column.name, &column.detail);
                }
            }
        }
    }
    literals(list, spec, host);
}

/// Booleans, the texts that stand for them, and the default of a number.
fn literals(list: &mut List<'_>, spec: &KeySpec, host: Host) {
    match spec.value {
        ValueType::Bool | ValueType::BoolOrObject(_) => {
            for value in [true, false] {
                if let Some(word) = host.boolean(value) {
                    let note = if spec.default.eq_ignore_ascii_case(word) {
                        "default"
                    } else {
                        ""
                    };
                    list.offer(0, word, |item| item.detail(note), ItemKind::Value);
                }
            }
        }
        ValueType::TextBool(kind) => {
            for word in ["True", "False"] {
                let on = kind.effect(&Value::str(word)) == Some(true);
                let detail = if on { "on, as a text" } else { "off, as a text" };
                let trap = match kind {
                    TextBool::OnlyTrue => "only the text `True` switches it on",
                    TextBool::AllButFalse => "only the text `False` switches it off",
                };
                let shown = if on == (kind == TextBool::OnlyTrue) {
                    trap
                } else {
                    detail
                };
                list.offer(
                    0,
                    word,
                    |item| item.detail(shown).text(host.text(word)),
                    ItemKind::Value,
                );
            }
        }
        ValueType::Integer | ValueType::Number
            if host.takes_literals() && spec.default.parse::<f64>().is_ok() && spec.allowed.is_empty() =>
        {
            list.offer(0, spec.default, |item| item.detail("default"), ItemKind::Value);
        }
        _ => {}
    }
}

/// What the node at hand asks for so far.
fn choice<'n>(cx: &Cx<'_>, node: Option<&'n Node>) -> Choice<'n> {
    let text = |key: &str| {
        node.and_then(|node| node.config.get(key).value())
            .and_then(Value::as_str)
    };
    Choice {
        materialization: text("materialized")
            .and_then(Materialization::parse)
            .unwrap_or(Materialization::View),
        language: if cx.info.kind == FileKind::PythonModel {
            Language::Python
        } else {
            Language::Sql
        },
        file_format: text("file_format"),
        strategy: text("incremental_strategy"),
        // A key may follow: what needs one is no reason to hide a word.
        has_unique_key: true,
    }
}

/// The materializations that a model can have: dbt's and those of the project.
fn materializations(cx: &Cx<'_>) -> Vec<String> {
    let language = if cx.info.kind == FileKind::PythonModel {
        Language::Python
    } else {
        Language::Sql
    };
    let is_of_models = |kind: &&Materialization| {
        matches!(
            kind,
            Materialization::Ephemeral
                | Materialization::Incremental
                | Materialization::PythonModel
                | Materialization::Table
                | Materialization::View
        )
    };
    let in_yaml = !matches!(cx.info.kind, FileKind::PythonModel | FileKind::Model);
    let mut found: Vec<String> = Materialization::ALL
        .iter()
        .filter(is_of_models)
        .filter(|kind| in_yaml || kind.languages().contains(&language))
        .map(|kind| kind.name().to_owned())
        .collect();
    let own = cx
        .macros()
        .filter(|(_, definition)| definition.kind == MacroKind::Materialization);
    for (_, definition) in own {
        found.push(definition.written.value.to_string());
    }
    found.sort();
    found.dedup();
    found
}
