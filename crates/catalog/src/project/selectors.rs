//! `selectors.yml`.

use crate::{KeySpec, Scope, ValueType};

const SELECTOR: KeySpec = KeySpec {
    scopes: &[Scope::Selector],
    value: ValueType::Text,
    source: "dbt/contracts/selection.py",
    ..KeySpec::PLAIN
};

const PART: KeySpec = KeySpec {
    scopes: &[Scope::SelectorDefinition],
    source: "dbt/graph/cli.py",
    ..SELECTOR
};

pub(crate) static SELECTORS: &[KeySpec] = &[
    KeySpec {
        name: "children",
        value: ValueType::Bool,
        default: "false",
        summary: "Take what depends on the nodes as well",
        body: "Like a `+` behind the name.",
        example: "children: true",
        ..PART
    },
    KeySpec {
        name: "children_depth",
        value: ValueType::Integer,
        summary: "How many steps of children are taken",
        body: "Goes with `children`.",
        example: "children_depth: 1",
        ..PART
    },
    KeySpec {
        name: "childrens_parents",
        value: ValueType::Bool,
        default: "false",
        summary: "Take the children and all that they depend on",
        body: "Like an `@` in front of the name.",
        example: "childrens_parents: true",
        ..PART
    },
    KeySpec {
        name: "default",
        value: ValueType::Any,
        default: "false",
        summary: "Whether the selector holds when the command line names none",
        body: "A boolean, or a template that renders to one; at most one selector may say true.",
        example: "default: true",
        ..SELECTOR
    },
    KeySpec {
        name: "definition",
        value: ValueType::TextOrObject(Scope::SelectorDefinition),
        required: Some("dbt refuses the file"),
        summary: "What is selected",
        body: "A text as on the command line, a mapping with `method` and `value`, or `union` and `intersection`.",
        example: "definition: \"tag:nightly\"",
        ..SELECTOR
    },
    KeySpec {
        name: "description",
        default: "\"\"",
        summary: "What the selector is for",
        body: "Shown by no command.",
        example: "description: What runs at night",
        ..SELECTOR
    },
    KeySpec {
        name: "exclude",
        value: ValueType::List,
        summary: "What is taken away again",
        body: "A list of definitions, as an item of a `union` or beside a `method`.",
        example: "exclude: [\"tag:slow\"]",
        ..PART
    },
    KeySpec {
        name: "indirect_selection",
        allowed: &["buildable", "cautious", "eager", "empty"],
        default: "eager",
        summary: "Which tests come along with the nodes",
        body: "`eager` takes every test that touches a selected node, `cautious` those that touch nothing else.",
        example: "indirect_selection: cautious",
        ..PART
    },
    KeySpec {
        name: "intersection",
        value: ValueType::List,
        summary: "What all of the definitions select",
        body: "A list of definitions.",
        example: "intersection: [\"tag:nightly\", \"path:models/marts\"]",
        ..PART
    },
    KeySpec {
        name: "method",
        allowed: &[
            "access",
            "config",
            "exposure",
            "file",
            "fqn",
            "group",
            "metric",
            "package",
            "path",
            "resource_type",
            "result",
            "saved_query",
            "selector",
            "semantic_model",
            "source",
            "source_status",
            "state",
            "tag",
            "test_name",
            "test_type",
            "unit_test",
            "version",
        ],
        summary: "How nodes are looked for",
        body: "`config` takes the key behind a dot: `config.materialized`. A mapping with the method as its only key says the \
               same.",
        example: "method: tag",
        ..PART
    },
    KeySpec {
        name: "name",
        required: Some("dbt refuses the file"),
        summary: "The selector's name",
        body: "For `--selector` and for `method: selector`.",
        example: "name: nightly",
        ..SELECTOR
    },
    KeySpec {
        name: "parents",
        value: ValueType::Bool,
        default: "false",
        summary: "Take what the nodes depend on as well",
        body: "Like a `+` in front of the name.",
        example: "parents: true",
        ..PART
    },
    KeySpec {
        name: "parents_depth",
        value: ValueType::Integer,
        summary: "How many steps of parents are taken",
        body: "Goes with `parents`.",
        example: "parents_depth: 1",
        ..PART
    },
    KeySpec {
        name: "selectors",
        scopes: &[Scope::SelectorsFile],
        value: ValueType::Objects(Scope::Selector),
        required: Some("dbt refuses the file"),
        summary: "The selectors",
        body: "Each has a `name` and a `definition`.",
        example: "selectors: [{name: nightly, definition: \"tag:nightly\"}]",
        ..SELECTOR
    },
    KeySpec {
        name: "union",
        value: ValueType::List,
        summary: "What any of the definitions selects",
        body: "A list of definitions; one item may be `exclude`.",
        example: "union: [\"tag:nightly\", \"tag:hourly\"]",
        ..PART
    },
    KeySpec {
        name: "value",
        value: ValueType::Any,
        summary: "What the method looks for",
        body: "Goes with `method`.",
        example: "value: nightly",
        ..PART
    },
    KeySpec {
        name: "version",
        scopes: &[Scope::SelectorsFile],
        value: ValueType::Integer,
        default: "2",
        allowed: &["2"],
        summary: "The version of the file's form",
        body: "Always 2, and may be left out.",
        example: "version: 2",
        ..SELECTOR
    },
];
