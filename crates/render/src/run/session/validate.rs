//! What botocore refuses of a request before it is sent (`botocore/validate.py`, with the shapes of `CreateSession`).

use glueline_template::{Error, Value, to_str};

use super::connecting;

/// What a parameter has to be.
enum Shape {
    /// A text of at least so many characters.
    Text(usize),
    /// A whole number.
    Whole,
    /// A whole number of at least 1.
    Positive,
    /// Texts by name; no name is empty.
    Texts,
    /// Nothing that the adapter could get wrong.
    Any,
}

const SHAPES: [(&str, Shape); 13] = [
    ("Id", Shape::Text(1)),
    ("Role", Shape::Text(20)),
    ("DefaultArguments", Shape::Texts),
    ("Command", Shape::Any),
    ("NumberOfWorkers", Shape::Whole),
    ("WorkerType", Shape::Text(0)),
    ("IdleTimeout", Shape::Positive),
    ("Timeout", Shape::Positive),
    ("RequestOrigin", Shape::Text(1)),
    ("GlueVersion", Shape::Text(1)),
    ("SecurityConfiguration", Shape::Text(1)),
    ("Connections", Shape::Any),
    ("Tags", Shape::Texts),
];

/// Refuses what `CreateSession` cannot be sent with: every fault, in the order of the parameters.
///
/// # Errors
///
/// With botocore's `ParamValidationError`, as the adapter passes it on.
pub(super) fn create_session(request: &[(&str, Value)]) -> Result<(), Error> {
    let mut faults = Vec::new();
    for (name, value) in request {
        let shape = SHAPES.iter().find(|(known, _)| known == name);
        match shape.map(|(_, shape)| shape) {
            Some(Shape::Text(least)) => text(name, value, *least, &mut faults),
            Some(Shape::Whole) => whole(name, value, None, &mut faults),
            Some(Shape::Positive) => whole(name, value, Some(1), &mut faults),
            Some(Shape::Texts) => texts(name, value, &mut faults),
            Some(Shape::Any) | None => {}
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(connecting(&format!(
        "Parameter validation failed:\n{}",
        faults.join("\n")
    )))
}

fn text(name: &str, value: &Value, least: usize, faults: &mut Vec<String>) {
    match value.as_str() {
        Some(text) => length(name, text.chars().count(), least, faults),
        None => faults.push(wrong_type(name, value, "str")),
    }
}

fn length(name: &str, length: usize, least: usize, faults: &mut Vec<String>) {
    if length < least {
        faults.push(format!(
            "Invalid length for parameter {name}, value: {length}, valid min length: {least}"
        ));
    }
}

fn whole(name: &str, value: &Value, least: Option<i64>, faults: &mut Vec<String>) {
    let number = match value {
        Value::Int(number) => *number,
        Value::Bool(flag) => i64::from(*flag),
        _ => return faults.push(wrong_type(name, value, "int")),
    };
    if let Some(least) = least.filter(|least| number < *least) {
        faults.push(format!(
            "Invalid value for parameter {name}, value: {}, valid min value: {least}",
            to_str(value).plain()
        ));
    }
}

fn texts(name: &str, value: &Value, faults: &mut Vec<String>) {
    let Value::Dict(entries) = value else {
        return;
    };
    for (key, value) in entries.items() {
        let key = to_str(&key).to_plain();
        length(&format!("{name} (key: {key})"), key.chars().count(), 1, faults);
        text(&format!("{name}.{key}"), &value, 0, faults);
    }
}

fn wrong_type(name: &str, value: &Value, valid: &str) -> String {
    format!(
        "Invalid type for parameter {name}, value: {}, type: <class '{}'>, valid types: <class '{valid}'>",
        to_str(value).plain(),
        value.type_name()
    )
}
