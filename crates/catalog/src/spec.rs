//! One key: what it takes, where, when, and what it does in reality.

use glueline_base::Value;

use crate::{AdapterVersion, FileFormat, GlueVersion, Language, Materialization, Scope, Strategy};

/// All that is known of one key in the scopes it has this meaning in.
#[derive(Debug, Clone, Copy)]
pub struct KeySpec {
    /// The preferred spelling.
    pub name: &'static str,
    /// Other spellings that are read alike.
    pub aliases: &'static [&'static str],
    /// Where it may stand.
    pub scopes: &'static [Scope],
    /// What it takes.
    pub value: ValueType,
    /// Whether `null` is taken as well.
    pub nullable: bool,
    /// Who finds out about a value of the wrong type, and when.
    pub checked: Checked,
    /// Who finds out about a value of the right type that is not understood, and when.
    pub content: Checked,
    /// The default as written in YAML; empty where there is none and the key is simply absent.
    pub default: &'static str,
    /// The texts it understands; empty where every text is taken.
    pub allowed: &'static [&'static str],
    /// What goes wrong without it; `None` where it may be left out.
    pub required: Option<&'static str>,
    /// The situations in which it is read; empty where it always is.
    pub applies: &'static [AppliesWhen],
    /// The first dbt-glue release that reads it; `None` for the oldest known.
    pub since: Option<AdapterVersion>,
    /// The last dbt-glue release that reads it; `None` for the newest known.
    pub until: Option<AdapterVersion>,
    /// How values of several layers become one.
    pub merge: Merge,
    /// When Jinja in its value is rendered.
    pub template: Template,
    /// Whether the value may hold credentials: it is never printed whole.
    pub secret: bool,
    /// Why nothing reads it; `None` for a living key.
    pub dead: Option<&'static str>,
    /// What to use instead, and why; `None` for a key in good standing.
    pub deprecated: Option<&'static str>,
    /// What else is true of a profile key.
    pub profile: ProfileUse,
    /// Whether its texts name columns of the node's query, and when one that the query does not give is met.
    pub columns: ColumnUse,
    /// One line for lists.
    pub summary: &'static str,
    /// A few sentences of Markdown: what it does in reality, and its traps.
    pub body: &'static str,
    /// One line of YAML that sets it; empty where the value is a block too long for a line.
    pub example: &'static str,
    /// The upstream file or documentation page that the facts come from.
    pub source: &'static str,
}

/// What the columns that a key names are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUse {
    /// It names none.
    None,
    /// They stand in the statement that creates the table: names, or transforms such as `days(ts)`.
    Create,
    /// They stand in the statement that adds rows to it.
    Add,
    /// They are left out of something; a name that is no column changes nothing.
    LeaveOut,
    /// Lake Formation is told of them, once the table is written.
    Govern,
}

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number; one written as `2.0` is taken too.
    Integer,
    /// Any number.
    Number,
    /// A text or a number.
    TextOrNumber,
    /// The *text* `'True'` or `'False'`, compared letter by letter. Other spellings do what [`TextBool`] says.
    TextBool(TextBool),
    /// A text or a list of texts.
    TextOrTexts,
    /// A list of texts.
    Texts,
    /// A list of anything.
    List,
    /// A mapping with keys of the user's choice.
    Mapping,
    /// A mapping from names to texts.
    TextMap,
    /// A mapping with the keys of a scope.
    Object(Scope),
    /// A list of mappings with the keys of a scope.
    Objects(Scope),
    /// A mapping from names to mappings with the keys of a scope.
    ObjectMap(Scope),
    /// A text or a mapping with the keys of a scope.
    TextOrObject(Scope),
    /// A boolean or a mapping with the keys of a scope.
    BoolOrObject(Scope),
    /// SQL, a mapping with the keys of [`Scope::Hook`], or a list of both.
    Hooks,
    /// A list of data tests: names, or mappings from a name to arguments.
    DataTests,
    /// A date or a time.
    Date,
}

/// Which values switch on a flag that is compared with a text. Unset, it does what its default does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextBool {
    /// On for the text `'True'` alone: the boolean `true` and the text `'true'` leave it off.
    OnlyTrue,
    /// Off for the text `'False'` alone: the boolean `false` and the text `'false'` switch it on.
    AllButFalse,
}

impl TextBool {
    /// What a value does; `None` where it cannot be known.
    pub fn effect(self, value: &Value) -> Option<bool> {
        if matches!(value, Value::Unknown) {
            return None;
        }
        Some(match self {
            Self::OnlyTrue => value.as_str() == Some("True"),
            Self::AllButFalse => value.as_str() != Some("False"),
        })
    }
}

/// Who finds out about a value that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// dbt, when it reads the file: the whole command fails.
    AtParse,
    /// The adapter, Spark or AWS, while the node runs.
    AtRun,
    /// Nobody: the value is read as something else or passed over.
    Never,
}

/// How values of several layers (project file, properties, the node itself) become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// The nearest layer wins.
    Clobber,
    /// Lists are joined, the farthest layer first.
    Append,
    /// Mappings are joined, the nearest layer winning key by key.
    Update,
    /// Mappings of lists: a key with a leading `+` adds to its list, another replaces it.
    DictKeyAppend,
    /// Mappings with fixed keys are joined, the nearest layer winning key by key.
    Object,
}

/// When Jinja in a value is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// When the file is read, to the type the expression looks like; in profiles a text stays a text without a filter.
    AtParse,
    /// Kept as it is and rendered when the node runs or its documentation is built.
    Later,
    /// Never: `{{` reaches dbt as it is.
    Never,
}

/// A situation in which a key is read. An empty list leaves that side open.
#[derive(Debug, Clone, Copy)]
pub struct AppliesWhen {
    /// The materializations that read it.
    pub materializations: &'static [Materialization],
    /// The formats with which it is read.
    pub formats: &'static [FileFormat],
    /// The strategies with which it is read.
    pub strategies: &'static [Strategy],
    /// The languages in which it is read.
    pub languages: &'static [Language],
    /// The first Glue release on which it does something.
    pub glue_since: Option<GlueVersion>,
}

impl AppliesWhen {
    /// Everywhere; a base to start from.
    pub(crate) const ALWAYS: Self = Self {
        materializations: &[],
        formats: &[],
        strategies: &[],
        languages: &[],
        glue_since: None,
    };
}

/// What is known of a node when it is asked whether it reads a key. `None` stands for "not known" and rules nothing out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Situation {
    /// How the node is built.
    pub materialization: Option<Materialization>,
    /// Its format.
    pub format: Option<FileFormat>,
    /// Its strategy.
    pub strategy: Option<Strategy>,
    /// Its language.
    pub language: Option<Language>,
    /// The Glue release it runs on.
    pub glue: Option<GlueVersion>,
}

/// What else is true of a profile key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileUse {
    /// Whether `target` shows it in Jinja (`_connection_keys` and dbt's own).
    pub in_target: bool,
    /// Whether a truthy value of the same name in a node's `meta` overrides it, which also opens a session for that node.
    pub meta_override: bool,
}

impl KeySpec {
    /// A key with nothing said of it; the tables fill in what differs.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        aliases: &[],
        scopes: &[],
        value: ValueType::Any,
        nullable: false,
        checked: Checked::AtParse,
        content: Checked::AtParse,
        default: "",
        allowed: &[],
        required: None,
        applies: &[],
        since: None,
        until: None,
        merge: Merge::Clobber,
        template: Template::AtParse,
        secret: false,
        dead: None,
        deprecated: None,
        profile: ProfileUse {
            in_target: false,
            meta_override: false,
        },
        columns: ColumnUse::None,
        summary: "",
        body: "",
        example: "",
        source: "",
    };

    /// Whether a node in this situation reads the key. Says yes where too little is known.
    pub fn is_read(&self, situation: &Situation) -> bool {
        self.applies.is_empty() || self.applies.iter().any(|case| case.holds(situation))
    }

    /// Whether a release of dbt-glue reads the key.
    pub fn exists_in(&self, version: AdapterVersion) -> bool {
        self.since.is_none_or(|since| since <= version) && self.until.is_none_or(|until| version <= until)
    }

    /// Whether a value is of the type the key takes; `None` where that cannot be known.
    pub fn accepts(&self, value: &Value) -> Option<bool> {
        if matches!(value, Value::Null) {
            return Some(self.nullable);
        }
        self.value.accepts(value)
    }

    /// Whether a text is among the allowed ones; true where every text is.
    pub fn allows(&self, text: &str) -> bool {
        self.allowed.is_empty() || self.allowed.contains(&text)
    }
}

impl AppliesWhen {
    /// Whether the situation is one of these. What is not known rules nothing out.
    pub fn holds(&self, situation: &Situation) -> bool {
        open_or_in(self.materializations, situation.materialization)
            && open_or_in(self.formats, situation.format)
            && open_or_in(self.strategies, situation.strategy)
            && open_or_in(self.languages, situation.language)
            && match (self.glue_since, situation.glue) {
                (Some(since), Some(glue)) => since <= glue,
                _ => true,
            }
    }
}

fn open_or_in<T: PartialEq + Copy>(members: &[T], known: Option<T>) -> bool {
    members.is_empty() || known.is_none_or(|member| members.contains(&member))
}

impl ValueType {
    /// Whether a value is of this type, as dbt's JSON schemas see it; `None` where that cannot be known.
    ///
    /// A boolean is no number, a number is no text, and a float without a fraction is a whole number. Only the outer
    /// shape and the items of plain lists and mappings are looked at: what stands inside an object has its own scope.
    pub fn accepts(self, value: &Value) -> Option<bool> {
        if matches!(value, Value::Unknown) {
            return None;
        }
        match self {
            Self::Any => Some(true),
            Self::Text | Self::TextBool(_) | Self::Date => Some(is_text(value)),
            Self::Bool => Some(is_bool(value)),
            Self::Integer => Some(is_integer(value)),
            Self::Number => Some(is_number(value)),
            Self::TextOrNumber => Some(is_text(value) || is_number(value)),
            Self::Texts => all_texts(value),
            Self::TextOrTexts => {
                if is_text(value) {
                    Some(true)
                } else {
                    all_texts(value)
                }
            }
            Self::TextMap => text_map(value),
            Self::List | Self::Objects(_) | Self::DataTests => Some(is_list(value)),
            Self::Mapping | Self::Object(_) | Self::ObjectMap(_) => Some(is_map(value)),
            Self::TextOrObject(_) => Some(is_text(value) || is_map(value)),
            Self::BoolOrObject(_) => Some(is_bool(value) || is_map(value)),
            Self::Hooks => Some(is_text(value) || is_map(value) || is_list(value)),
        }
    }

    /// The type in words, to complete "takes ...".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text => "a text",
            Self::Bool => "`true` or `false`",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::TextOrNumber => "a text or a number",
            Self::TextBool(_) => "the text `'True'` or `'False'`, in quotes",
            Self::TextOrTexts => "a text or a list of texts",
            Self::Texts => "a list of texts",
            Self::List => "a list",
            Self::Mapping | Self::Object(_) => "a mapping",
            Self::TextMap => "a mapping from names to texts",
            Self::Objects(_) => "a list of mappings",
            Self::ObjectMap(_) => "a mapping from names to mappings",
            Self::TextOrObject(_) => "a text or a mapping",
            Self::BoolOrObject(_) => "`true`, `false` or a mapping",
            Self::Hooks => "SQL, a mapping with `sql`, or a list of both",
            Self::DataTests => "a list of data tests",
            Self::Date => "a date",
        }
    }

    /// The scope of the mappings inside the value, if they have fixed keys.
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::Object(scope)
            | Self::Objects(scope)
            | Self::ObjectMap(scope)
            | Self::TextOrObject(scope)
            | Self::BoolOrObject(scope) => Some(scope),
            Self::Hooks => Some(Scope::Hook),
            _ => None,
        }
    }
}

const fn is_text(value: &Value) -> bool {
    matches!(value, Value::Str(_))
}

const fn is_bool(value: &Value) -> bool {
    matches!(value, Value::Bool(_))
}

const fn is_list(value: &Value) -> bool {
    matches!(value, Value::List(_))
}

const fn is_map(value: &Value) -> bool {
    matches!(value, Value::Map(_))
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

fn is_integer(value: &Value) -> bool {
    match value {
        Value::Int(_) => true,
        Value::Float(number) => number.fract() == 0.0,
        _ => false,
    }
}

fn all_texts(value: &Value) -> Option<bool> {
    match value.as_list() {
        Some(items) => every_text(items.iter().map(|item| &item.value)),
        None => Some(false),
    }
}

fn text_map(value: &Value) -> Option<bool> {
    match value.as_map() {
        Some(entries) => every_text(entries.iter().map(|entry| &entry.value.value)),
        None => Some(false),
    }
}

/// One value that is surely no text decides; otherwise one that is not known leaves the question open.
fn every_text<'a>(values: impl Iterator<Item = &'a Value>) -> Option<bool> {
    let mut known = true;
    for value in values {
        match value {
            Value::Unknown => known = false,
            Value::Str(_) => {}
            _ => return Some(false),
        }
    }
    known.then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glueline_base::{Spanned, range};

    fn node(value: Value) -> Spanned<Value> {
        Spanned::new(value, range(0, 0))
    }

    #[test]
    fn types_follow_json_schema() {
        use ValueType::{Bool, Integer, Mapping, Number, Text, TextOrTexts, Texts};
        let list = |values: Vec<Value>| Value::List(values.into_iter().map(node).collect());
        let cases = [
            (Text, Value::str("a"), Some(true)),
            (Text, Value::Float(4.0), Some(false)),
            (Text, Value::Unknown, None),
            (Integer, Value::Int(2), Some(true)),
            (Integer, Value::Float(2.0), Some(true)),
            (Integer, Value::Float(10.5), Some(false)),
            (Integer, Value::Float(f64::NAN), Some(false)),
            (Integer, Value::Bool(true), Some(false)),
            (Integer, Value::str("2"), Some(false)),
            (Number, Value::Int(1), Some(true)),
            (Number, Value::str("1"), Some(false)),
            (Bool, Value::Int(1), Some(false)),
            (Bool, Value::str("true"), Some(false)),
            (Texts, Value::str("a"), Some(false)),
            (Texts, list(vec![Value::str("a")]), Some(true)),
            (Texts, list(vec![Value::str("a"), Value::Unknown]), None),
            (Texts, list(vec![Value::Unknown, Value::Int(1)]), Some(false)),
            (TextOrTexts, Value::str("a"), Some(true)),
            (Mapping, Value::str("a"), Some(false)),
            (Mapping, Value::Map(Vec::new()), Some(true)),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(kind.accepts(&value), expected, "{kind:?} {value:?}");
        }
    }

    #[test]
    fn null_is_a_matter_of_the_key() {
        let optional = KeySpec {
            value: ValueType::Text,
            nullable: true,
            ..KeySpec::PLAIN
        };
        assert_eq!(optional.accepts(&Value::Null), Some(true));
        let plain = KeySpec {
            nullable: false,
            ..optional
        };
        assert_eq!(plain.accepts(&Value::Null), Some(false));
    }

    #[test]
    fn situations() {
        const ICEBERG: AppliesWhen = AppliesWhen {
            materializations: &[Materialization::Incremental],
            formats: &[FileFormat::Iceberg],
            ..AppliesWhen::ALWAYS
        };
        let key = KeySpec {
            applies: &[ICEBERG],
            ..KeySpec::PLAIN
        };
        assert!(key.is_read(&Situation::default()));
        assert!(key.is_read(&Situation {
            materialization: Some(Materialization::Incremental),
            ..Situation::default()
        }));
        assert!(!key.is_read(&Situation {
            format: Some(FileFormat::Delta),
            ..Situation::default()
        }));
    }

    #[test]
    fn releases() {
        let key = KeySpec {
            since: Some(AdapterVersion::new(1, 9, 0)),
            ..KeySpec::PLAIN
        };
        assert!(!key.exists_in(AdapterVersion::new(1, 8, 6)));
        assert!(key.exists_in(AdapterVersion::DESCRIBED));
        let gone = KeySpec {
            until: Some(AdapterVersion::new(1, 8, 6)),
            ..KeySpec::PLAIN
        };
        assert!(gone.exists_in(AdapterVersion::new(1, 8, 6)));
        assert!(!gone.exists_in(AdapterVersion::DESCRIBED));
    }
}
