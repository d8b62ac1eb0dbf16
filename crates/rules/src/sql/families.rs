//! The rules for what Spark refuses: one for each family of its error classes.
//!
//! Which class belongs to which family stands here and nowhere else; what Spark says of a text, `glueline_spark` knows.

use crate::rule::{Check, Rule, rule};

use super::verdict;

/// A family: its rule, and the classes that it reports. A class that ends in a dot stands for all below it.
struct Family {
    rule: &'static Rule,
    classes: &'static [&'static str],
}

/// Declares the families, in the order of their ids.
macro_rules! families {
    ($($name:ident: $id:literal, $page:literal, $check:expr, [$($class:literal),* $(,)?];)*) => {
        $(pub(super) static $name: Rule = rule!($id, Sql, Error, $page, $check);)*

        pub(super) const RULES: &[&Rule] = &[$(&$name),*];

        static FAMILIES: &[Family] = &[$(Family { rule: &$name, classes: &[$($class),*] }),*];
    };
}

families! {
    ARGUMENTS: "wrong-argument-count", "wrong_argument_count.md", Check::Elsewhere, [
        "WRONG_NUM_ARGS.", "INVALID_LAMBDA_FUNCTION_CALL.", "UDTF_ALIAS_NUMBER_MISMATCH",
        "REQUIRED_PARAMETER_NOT_FOUND",
    ];
    AGGREGATE: "misplaced-aggregate", "misplaced_aggregate.md", Check::Elsewhere, [
        "GROUP_BY_AGGREGATE", "INVALID_WHERE_CONDITION", "NESTED_AGGREGATE_FUNCTION",
    ];
    AMBIGUOUS: "ambiguous-column", "ambiguous_column.md", Check::Elsewhere, [
        "AMBIGUOUS_REFERENCE", "AMBIGUOUS_REFERENCE_TO_FIELDS", "AMBIGUOUS_COLUMN_OR_FIELD",
        "AMBIGUOUS_LATERAL_COLUMN_ALIAS", "AMBIGUOUS_COLUMN_REFERENCE",
    ];
    COLUMN: "unresolved-column", "unresolved_column.md", Check::Elsewhere, [
        "UNRESOLVED_COLUMN.", "UNRESOLVED_FIELD.", "UNRESOLVED_MAP_KEY.", "UNRESOLVED_USING_COLUMN_FOR_JOIN",
        "FIELD_NOT_FOUND",
    ];
    DUPLICATE: "duplicate-output-column", "duplicate_output_column.md", Check::Elsewhere, ["COLUMN_ALREADY_EXISTS"];
    FUNCTION: "unresolved-function", "unresolved_function.md", Check::Elsewhere, [
        "UNRESOLVED_ROUTINE", "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "_LEGACY_ERROR_TEMP_1041",
    ];
    GENERATOR: "misplaced-generator", "misplaced_generator.md", Check::Elsewhere, ["UNSUPPORTED_GENERATOR."];
    GROUP: "missing-group-by", "missing_group_by.md", Check::Elsewhere, [
        "MISSING_GROUP_BY", "MISSING_AGGREGATION", "GROUP_BY_POS_AGGREGATE", "GROUP_BY_POS_OUT_OF_RANGE",
        "ORDER_BY_POS_OUT_OF_RANGE", "UNSUPPORTED_GROUPING_EXPRESSION", "GROUPING_COLUMN_MISMATCH",
        "GROUPING_ID_COLUMN_MISMATCH",
    ];
    LITERAL: "invalid-literal", "invalid_literal.md", Check::Elsewhere, [
        "INVALID_TYPED_LITERAL", "INVALID_NUMERIC_LITERAL_RANGE", "UNSUPPORTED_TYPED_LITERAL",
        "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "_LEGACY_ERROR_TEMP_1228",
    ];
    OTHER: "spark-refuses", "spark_refuses.md", Check::Elsewhere, [];
    RELATION: "unresolved-relation", "unresolved_relation.md", Check::Elsewhere, ["TABLE_OR_VIEW_NOT_FOUND"];
    SET: "set-operation-mismatch", "set_operation_mismatch.md", Check::Elsewhere, [
        "NUM_COLUMNS_MISMATCH", "INCOMPATIBLE_COLUMN_TYPE", "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
    ];
    SUBQUERY: "invalid-subquery", "invalid_subquery.md", Check::Elsewhere, [
        "INVALID_SUBQUERY_EXPRESSION.", "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.",
        "SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION",
    ];
    SYNTAX: "spark-syntax-error", "spark_syntax_error.md", Check::Rendered(verdict::check), [
        "PARSE_SYNTAX_ERROR", "UNCLOSED_BRACKETED_COMMENT", "INVALID_IDENTIFIER", "INVALID_SQL_SYNTAX.",
        "INCOMPLETE_TYPE_DEFINITION.", "PARSE_EMPTY_STATEMENT", "_LEGACY_ERROR_TEMP_0038",
    ];
    TYPES: "type-mismatch", "type_mismatch.md", Check::Elsewhere, [
        "DATATYPE_MISMATCH.", "INVALID_EXTRACT_BASE_FIELD_TYPE", "INVALID_EXTRACT_FIELD_TYPE",
        "INVALID_EXTRACT_FIELD", "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "UNSUPPORTED_DATATYPE",
    ];
    UNNAMED: "unnamed-view-column", "unnamed_view_column.md", Check::Elsewhere, ["CREATE_PERMANENT_VIEW_WITHOUT_ALIAS"];
    VOID: "void-column", "void_column.md", Check::Elsewhere, ["UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", "_LEGACY_ERROR_TEMP_1136"];
    WINDOW: "misplaced-window", "misplaced_window.md", Check::Elsewhere, [
        "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "UNSUPPORTED_EXPR_FOR_WINDOW", "_LEGACY_ERROR_TEMP_1034",
        "_LEGACY_ERROR_TEMP_1004", "_LEGACY_ERROR_TEMP_1031", "_LEGACY_ERROR_TEMP_1035", "_LEGACY_ERROR_TEMP_1036",
        "_LEGACY_ERROR_TEMP_1037",
    ];
}

/// The rule that reports an error class.
pub(super) fn of_class(class: &str) -> &'static Rule {
    let is_of = |family: &&Family| {
        family.classes.iter().any(|known| match known.strip_suffix('.') {
            Some(above) => class
                .strip_prefix(above)
                .is_some_and(|rest| rest.starts_with('.')),
            None => class == *known,
        })
    };
    let found = FAMILIES.iter().find(is_of);
    found.map_or(&OTHER, |family| family.rule)
}

/// The id of the rule that reports an error class before a run; `None` where none is about that class.
pub fn rule_of_class(class: &str) -> Option<&'static str> {
    let of = |class: &str| Some(of_class(class)).filter(|rule| rule.meta.id != OTHER.meta.id);
    // A class is told without its subclass, too.
    let rule = of(class).or_else(|| of(&format!("{class}.")))?;
    Some(rule.meta.id)
}

/// The id of the rule for what Spark refuses in a query, class or none.
pub fn rule_of_refusal(class: Option<&str>) -> &'static str {
    class.and_then(rule_of_class).unwrap_or(OTHER.meta.id)
}

/// Whether a rule says that Spark refuses a query by itself: not only as that of a table or a view.
pub fn is_of_query(id: &str) -> bool {
    is_one(id)
        && ![&DUPLICATE, &UNNAMED, &VOID]
            .iter()
            .any(|rule| rule.meta.id == id)
}

/// Whether a rule is that of a family.
pub(super) fn is_one(id: &str) -> bool {
    RULES.iter().any(|rule| rule.meta.id == id)
}
