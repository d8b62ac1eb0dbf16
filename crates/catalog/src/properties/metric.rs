//! Properties of metrics. dbt-glue does not act upon them; they are here so that their names are known.

use super::PROPERTY;
use crate::{KeySpec, Scope, Template, ValueType};

const METRIC: KeySpec = KeySpec {
    scopes: &[Scope::Metric],
    nullable: true,
    body: "For the semantic layer; dbt-glue does not act upon it.",
    ..PROPERTY
};

pub(crate) static METRIC_KEYS: &[KeySpec] = &[
    KeySpec {
        name: "agg",
        value: ValueType::Text,
        summary: "How the metric is added up",
        example: "agg: sum",
        ..METRIC
    },
    KeySpec {
        name: "agg_time_dimension",
        value: ValueType::Text,
        summary: "The time dimension it is added up along",
        example: "agg_time_dimension: ordered_at",
        ..METRIC
    },
    KeySpec {
        name: "base_metric",
        value: ValueType::Any,
        summary: "The metric that a conversion starts from",
        example: "base_metric: visits",
        ..METRIC
    },
    KeySpec {
        name: "calculation",
        value: ValueType::Text,
        summary: "What a conversion metric computes",
        example: "calculation: conversion_rate",
        ..METRIC
    },
    KeySpec {
        name: "constant_properties",
        value: ValueType::List,
        summary: "What must not change during a conversion",
        example: "constant_properties: []",
        ..METRIC
    },
    KeySpec {
        name: "conversion_metric",
        value: ValueType::Any,
        summary: "The metric that a conversion ends with",
        example: "conversion_metric: orders",
        ..METRIC
    },
    KeySpec {
        name: "denominator",
        value: ValueType::Any,
        summary: "What a ratio is divided by",
        example: "denominator: orders",
        ..METRIC
    },
    KeySpec {
        name: "entity",
        value: ValueType::Text,
        summary: "The entity that converts",
        example: "entity: customer",
        ..METRIC
    },
    KeySpec {
        name: "expr",
        value: ValueType::Any,
        summary: "The expression that is added up",
        example: "expr: amount",
        ..METRIC
    },
    KeySpec {
        name: "fill_nulls_with",
        value: ValueType::Integer,
        summary: "What stands in for missing values",
        example: "fill_nulls_with: 0",
        ..METRIC
    },
    KeySpec {
        name: "filter",
        value: ValueType::TextOrTexts,
        template: Template::Later,
        summary: "The rows that count",
        example: "filter: \"{{ Dimension('order__status') }} = 'paid'\"",
        ..METRIC
    },
    KeySpec {
        name: "grain_to_date",
        value: ValueType::Text,
        summary: "The period after which a cumulative metric starts anew",
        example: "grain_to_date: month",
        ..METRIC
    },
    KeySpec {
        name: "hidden",
        value: ValueType::Bool,
        summary: "Whether only other metrics see it",
        example: "hidden: true",
        ..METRIC
    },
    KeySpec {
        name: "input_metric",
        value: ValueType::Any,
        summary: "The metric that a cumulative one adds up",
        example: "input_metric: revenue",
        ..METRIC
    },
    KeySpec {
        name: "input_metrics",
        value: ValueType::List,
        summary: "The metrics that a derived one is computed from",
        example: "input_metrics: [revenue, cost]",
        ..METRIC
    },
    KeySpec {
        name: "join_to_timespine",
        value: ValueType::Bool,
        summary: "Whether periods without rows show up",
        example: "join_to_timespine: true",
        ..METRIC
    },
    KeySpec {
        name: "non_additive_dimension",
        value: ValueType::Mapping,
        summary: "A dimension that the metric cannot be added up along",
        example: "non_additive_dimension: {name: day, window_agg: max}",
        ..METRIC
    },
    KeySpec {
        name: "numerator",
        value: ValueType::Any,
        summary: "What a ratio divides",
        example: "numerator: revenue",
        ..METRIC
    },
    KeySpec {
        name: "percentile",
        value: ValueType::Number,
        summary: "The share below a percentile",
        example: "percentile: 0.9",
        ..METRIC
    },
    KeySpec {
        name: "percentile_type",
        value: ValueType::Text,
        summary: "Whether a percentile is interpolated",
        example: "percentile_type: discrete",
        ..METRIC
    },
    KeySpec {
        name: "period_agg",
        value: ValueType::Text,
        summary: "How a cumulative metric is read over a longer period",
        example: "period_agg: first",
        ..METRIC
    },
    KeySpec {
        name: "time_granularity",
        value: ValueType::Text,
        summary: "The metric's default grain",
        example: "time_granularity: day",
        ..METRIC
    },
    KeySpec {
        name: "type",
        value: ValueType::Text,
        nullable: false,
        default: "simple",
        allowed: &["conversion", "cumulative", "derived", "ratio", "simple"],
        summary: "The kind of metric",
        example: "type: simple",
        ..METRIC
    },
    KeySpec {
        name: "type_params",
        value: ValueType::Mapping,
        nullable: false,
        summary: "What the metric is computed from, in the older form",
        example: "type_params: {measure: revenue}",
        ..METRIC
    },
    KeySpec {
        name: "window",
        value: ValueType::Text,
        summary: "The span of a cumulative or conversion metric",
        example: "window: 7 days",
        ..METRIC
    },
];
