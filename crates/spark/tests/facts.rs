//! Types against a real Spark: what it said of operators and functions is in `facts/`, written by `cargo xtask spark-functions`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "facts that cannot be read are a defect of this test"
)]

use glueline_spark::functions::{self, Output, Version};
use glueline_spark::types::cast::can_store;
use glueline_spark::types::operators::{self, Binary};
use glueline_spark::types::{DataType, Literal, Mismatch, Operand, parse};

/// A line of facts: a head, what was asked with, and the answer for each type that came last.
struct Fact<'a> {
    head: &'a str,
    first: &'a str,
    answer: &'a str,
    last: Vec<&'a str>,
}

fn facts(text: &str) -> impl Iterator<Item = Fact<'_>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let types: Vec<&str> = lines
        .next()
        .unwrap()
        .strip_prefix("types: ")
        .unwrap()
        .split('|')
        .collect();
    lines.map(move |line| {
        let (head, rest) = match line.split_once(" @") {
            Some(found) => found,
            None => line.split_at(line.find(" = ").unwrap()),
        };
        let (first, rest) = rest.split_once("= ").unwrap();
        let (answer, last) = rest.rsplit_once(": ").unwrap();
        let last = last.split('|').map(|last| match last.strip_prefix('#') {
            Some(number) => types[number.parse::<usize>().unwrap()],
            None => last,
        });
        Fact {
            head,
            first: first.trim(),
            answer,
            last: last.collect(),
        }
    })
}

/// What was expected and is not so, each with what was said instead.
#[derive(Default)]
struct Differences {
    asked: usize,
    found: Vec<String>,
}

impl Differences {
    fn compare(&mut self, what: &str, expected: &str, verdict: Result<String, Mismatch>) {
        self.asked += 1;
        let said = verdict.unwrap_or_else(|mismatch| {
            format!("!{}", mismatch.class.trim_start_matches("DATATYPE_MISMATCH."))
        });
        let same = match expected {
            // Where a call may stand is no matter of its types.
            "!WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE" | "!UNSUPPORTED_GROUPING_EXPRESSION" => return,
            // Some errors of Spark have no class.
            "!UNKNOWN" | "!INTERNAL_ERROR" => said.starts_with('!'),
            // A column of another array than is wanted is refused for the one or the other.
            "!UNEXPECTED_INPUT_TYPE" if said == "!NON_FOLDABLE_INPUT" => what.contains("percentile"),
            expected => said == expected,
        };
        if !same {
            self.found.push(format!("{what}: {expected}, not {said}"));
        }
    }

    /// Fails if there are any.
    fn none(self, least: usize) {
        assert!(self.asked >= least, "only {} facts", self.asked);
        let count = self.found.len();
        assert!(
            count == 0,
            "{count} of {} differ:\n{}",
            self.asked,
            self.found.join("\n")
        );
    }
}

fn operand(text: &str) -> Operand<'static> {
    Operand {
        foldable: Some(false),
        ..Operand::of(parse(text).unwrap())
    }
}

fn literal(text: &str) -> Operand<'static> {
    let (ty, value) = match text {
        "3L" => (DataType::BigInt, Literal::Integer(3)),
        "1.5" => (DataType::Decimal(2, 1), Literal::Other),
        "1e0" => (DataType::Double, Literal::Other),
        "'7'" => (DataType::String, Literal::Text("7")),
        whole => (DataType::Int, Literal::Integer(whole.parse().unwrap())),
    };
    Operand {
        literal: Some(value),
        foldable: Some(true),
        ..Operand::of(ty)
    }
}

fn binary(symbol: &str) -> Option<Binary> {
    Some(match symbol {
        "+" => Binary::Add,
        "-" => Binary::Subtract,
        "*" => Binary::Multiply,
        "/" => Binary::Divide,
        "%" => Binary::Remainder,
        "div" => Binary::IntegralDivide,
        "&" => Binary::BitAnd,
        "=" => Binary::Equal,
        "<" => Binary::Less,
        "<=>" => Binary::NullSafeEqual,
        "and" => Binary::And,
        "||" => Binary::Concat,
        "like" => Binary::Like,
        _ => return None,
    })
}

fn called(name: &str, arguments: &[Operand<'_>]) -> Result<DataType, Mismatch> {
    let function = functions::function(name, Version::V3_5).unwrap_or_else(|| panic!("{name}"));
    match functions::call(function, arguments)? {
        Output::Value(ty) => Ok(ty),
        Output::Rows(_) => Ok(DataType::Unknown),
    }
}

fn operation(op: &str, left: &Operand<'_>, right: &Operand<'_>) -> Result<DataType, Mismatch> {
    if let Some(op) = binary(op) {
        return operators::binary(op, left, right);
    }
    let one = literal("1");
    match op {
        "in" => operators::in_list(left, std::slice::from_ref(right)),
        "in query" => operators::in_subquery(std::slice::from_ref(&left.ty), std::slice::from_ref(&right.ty)),
        "between" => operators::between(left, right, right),
        "case" => operators::case(
            &[DataType::Boolean],
            std::slice::from_ref(&left.ty),
            Some(&right.ty),
        ),
        "[]" => operators::subscript(&left.ty, right),
        "cast" => operators::cast(&left.ty, &right.ty),
        "union" => Ok(
            operators::set_operation(&[vec![left.ty.clone()], vec![right.ty.clone()]])
                .remove(0)
                .ok_or_else(|| Mismatch::new("INCOMPATIBLE_COLUMN_TYPE", ""))?,
        ),
        "if" => called(
            "if",
            &[Operand::of(DataType::Boolean), left.clone(), right.clone()],
        ),
        "nvl2" => called("nvl2", &[one, left.clone(), right.clone()]),
        "map" => called("map", &[left.clone(), one.clone(), right.clone(), one]),
        function => called(function, &[left.clone(), right.clone()]),
    }
}

fn unary(op: &str, operand: &Operand<'_>) -> Result<DataType, Mismatch> {
    match op {
        "negate" => operators::negate(operand),
        "positive" => operators::positive(operand),
        "not" => operators::not(operand),
        "~" => operators::bit_not(operand),
        ".a" => operators::field(&operand.ty, "a"),
        other => panic!("{other}"),
    }
}

#[test]
fn operators_give_what_spark_gives() {
    let mut differences = Differences::default();
    for fact in facts(include_str!("facts/operators.txt")) {
        for last in fact.last {
            let what = format!("{} {} {last}", fact.first, fact.head);
            let verdict = if let Some(op) = fact.head.strip_prefix("literal ") {
                operation(op, &operand(fact.first), &literal(last))
            } else if let Some(op) = fact.head.strip_prefix("decimal ") {
                operation(op, &operand(fact.first), &operand(last))
            } else if fact.first.is_empty() {
                unary(fact.head, &operand(last))
            } else {
                operation(fact.head, &operand(fact.first), &operand(last))
            };
            differences.compare(&what, fact.answer, verdict.map(|ty| ty.to_string()));
        }
    }
    differences.none(10_000);
}

/// The type of one column, the names and types of several.
fn shown(output: Output) -> String {
    match output {
        Output::Value(ty) => ty.to_string(),
        Output::Rows(None) => "unknown".to_owned(),
        Output::Rows(Some(fields)) => match fields.as_slice() {
            [one] => one.ty.to_string(),
            many => {
                let many: Vec<String> = many
                    .iter()
                    .map(|field| format!("{} {}", field.name, field.ty))
                    .collect();
                many.join(" ; ")
            }
        },
    }
}

#[test]
fn functions_give_what_spark_gives() {
    let mut differences = Differences::default();
    let text = include_str!("facts/functions.txt");
    let types: Vec<&str> = text
        .lines()
        .nth(1)
        .unwrap()
        .strip_prefix("types: ")
        .unwrap()
        .split('|')
        .collect();
    let column = |ty: &'static str| {
        let name = types
            .iter()
            .position(|column| *column == ty)
            .map(|number| format!("c{number}"));
        Operand {
            name: name.map(|name| &*name.leak()),
            ..operand(ty)
        }
    };
    for fact in facts(text) {
        let (name, count) = fact.head.split_once('/').unwrap();
        let function = functions::function(name, Version::V3_5).unwrap_or_else(|| panic!("{name}"));
        for last in fact.last {
            let arguments = match count {
                "0" => Vec::new(),
                "1" => vec![column(last)],
                _ => vec![column(fact.first), column(last)],
            };
            let what = format!("{name}({} {last})", fact.first);
            differences.compare(
                &what,
                fact.answer,
                functions::call(function, &arguments).map(shown),
            );
        }
    }
    differences.none(15_000);
}

#[test]
fn what_can_be_stored() {
    let text = include_str!("facts/stored.txt");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let of = |line: &str| -> Vec<String> { line.split(" | ").map(str::to_owned).collect() };
    let all = of(lines.next().unwrap().strip_prefix("all: ").unwrap());
    let mut found = Vec::new();
    let mut asked = 0;
    for line in lines {
        // Types have colons of their own.
        let (table, taken) = line.rsplit_once(": ").unwrap();
        let taken = of(taken);
        for from in &all {
            asked += 1;
            let is_taken = taken.contains(from);
            if can_store(&parse(from).unwrap(), &parse(table).unwrap()) != is_taken {
                found.push(format!("{from} into {table}: {is_taken}"));
            }
        }
    }
    assert!(asked > 1000, "only {asked}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
