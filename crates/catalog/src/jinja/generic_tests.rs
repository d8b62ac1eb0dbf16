//! Generic data tests that come with dbt.

/// A generic data test and what it takes.
#[derive(Debug, Clone, Copy)]
pub struct GenericTest {
    /// The test's name in a properties file.
    pub name: &'static str,
    /// Its arguments beside `model` and `column_name`, which dbt fills in.
    pub arguments: &'static [TestArgument],
    /// One line for lists.
    pub summary: &'static str,
    /// What it does on Glue, in a few sentences of Markdown.
    pub body: &'static str,
    /// Whether it needs a column, be it the one it stands at or a `column_name`.
    pub needs_column: bool,
    /// The upstream file.
    pub source: &'static str,
}

/// An argument of a generic data test.
#[derive(Debug, Clone, Copy)]
pub struct TestArgument {
    /// Its name.
    pub name: &'static str,
    /// Whether the test fails to compile without it.
    pub required: bool,
    /// The default as written in YAML; empty where it is required.
    pub default: &'static str,
    /// One line for lists.
    pub summary: &'static str,
}

const SOURCE: &str = "dbt/include/global_project/tests/generic/builtin.sql";
const GLUE: &str = "dbt/include/glue/tests/generic/builtin.sql";

/// Sorted by name.
static GENERIC_TESTS: &[GenericTest] = &[
    GenericTest {
        name: "accepted_values",
        arguments: &[
            TestArgument {
                name: "quote",
                required: false,
                default: "true",
                summary: "Whether the values are compared as texts",
            },
            TestArgument {
                name: "values",
                required: true,
                default: "",
                summary: "The values that may occur",
            },
        ],
        summary: "Only the listed values occur",
        body: "Null passes. For numbers and booleans set `quote: false`. dbt-glue brings its own form of it.",
        needs_column: true,
        source: GLUE,
    },
    GenericTest {
        name: "not_null",
        arguments: &[],
        summary: "No value is null",
        body: "One query over the whole table.",
        needs_column: true,
        source: SOURCE,
    },
    GenericTest {
        name: "relationships",
        arguments: &[
            TestArgument {
                name: "field",
                required: true,
                default: "",
                summary: "The column of the other relation",
            },
            TestArgument {
                name: "to",
                required: true,
                default: "",
                summary: "The other relation: `ref('...')` or `source('...', '...')`",
            },
        ],
        summary: "Every value exists in another relation",
        body: "Null passes. dbt-glue brings its own form of it.",
        needs_column: true,
        source: GLUE,
    },
    GenericTest {
        name: "unique",
        arguments: &[],
        summary: "No value occurs twice",
        body: "Null is not counted. One query that groups the whole table.",
        needs_column: true,
        source: SOURCE,
    },
];

/// The tests that come with dbt, sorted by name.
pub fn generic_tests() -> &'static [GenericTest] {
    GENERIC_TESTS
}

/// A test that comes with dbt.
pub fn generic_test(name: &str) -> Option<&'static GenericTest> {
    GENERIC_TESTS.iter().find(|test| test.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jinja::shipped_macro;

    #[test]
    fn arguments_are_those_of_the_macros() {
        assert!(GENERIC_TESTS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for test in generic_tests() {
            let shipped = shipped_macro(&format!("test_{}", test.name));
            let parameters = shipped.first().unwrap().parameters;
            for argument in test.arguments {
                assert!(
                    parameters.contains(&argument.name),
                    "{} {}",
                    test.name,
                    argument.name
                );
                assert_eq!(argument.required, argument.default.is_empty());
            }
            assert_eq!(
                parameters.len(),
                test.arguments.len() + 1 + usize::from(test.needs_column)
            );
            assert_eq!(generic_test(test.name).map(|found| found.name), Some(test.name));
        }
    }
}
