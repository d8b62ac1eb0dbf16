//! Requests to Lake Formation, as botocore checks them before it sends any (`botocore/validate.py`, and the service's model).

use glueline_template::{Error, ErrorKind, Value, to_json, to_str};

use crate::adapter::python::invalid_type;
use crate::host::NodeHost;
use crate::run::NoAnswer;

/// What a part of a request must be.
enum Shape {
    /// A text of at least so many characters.
    Text(usize),
    /// A list of at least so many of a kind.
    List(&'static Shape, usize),
    /// A structure: the names of its members, with what they are.
    Struct(&'static [(&'static str, &'static Shape)]),
}

const NAME: Shape = Shape::Text(1);
const ANY_TEXT: Shape = Shape::Text(0);
const NAMES: Shape = Shape::List(&NAME, 0);
const TEXTS: Shape = Shape::List(&ANY_TEXT, 0);
const TAGS: Shape = Shape::List(
    &Shape::Struct(&[("TagKey", &NAME), ("TagValues", &Shape::List(&ANY_TEXT, 1))]),
    1,
);
const FILTER: Shape = Shape::Struct(&[
    ("TableCatalogId", &NAME),
    ("DatabaseName", &NAME),
    ("TableName", &NAME),
    ("Name", &NAME),
    ("RowFilter", &Shape::Struct(&[("FilterExpression", &ANY_TEXT)])),
    ("ColumnNames", &NAMES),
    (
        "ColumnWildcard",
        &Shape::Struct(&[("ExcludedColumnNames", &NAMES)]),
    ),
]);
const TABLE: Shape = Shape::Struct(&[
    ("CatalogId", &NAME),
    ("DatabaseName", &NAME),
    ("Name", &NAME),
    ("ColumnNames", &NAMES),
]);
const RESOURCE: Shape = Shape::Struct(&[
    ("Database", &TABLE),
    ("Table", &TABLE),
    ("TableWithColumns", &TABLE),
    ("DataCellsFilter", &FILTER),
]);
const ENTRY: Shape = Shape::Struct(&[
    ("Id", &NAME),
    (
        "Principal",
        &Shape::Struct(&[("DataLakePrincipalIdentifier", &NAME)]),
    ),
    ("Resource", &RESOURCE),
    ("Permissions", &TEXTS),
    ("PermissionsWithGrantOption", &TEXTS),
]);

/// All requests at once: none gives another meaning to a name.
const REQUEST: Shape = Shape::Struct(&[
    ("CatalogId", &NAME),
    ("Resource", &RESOURCE),
    ("LFTags", &TAGS),
    ("Table", &TABLE),
    ("TableData", &FILTER),
    ("TableCatalogId", &NAME),
    ("DatabaseName", &NAME),
    ("TableName", &NAME),
    ("Name", &NAME),
    ("Entries", &Shape::List(&ENTRY, 0)),
]);

/// Calls Lake Formation. What botocore refuses is not sent.
pub(super) fn call(host: &NodeHost, operation: &'static str, request: &Value) -> Result<(), Error> {
    let mut faults = Vec::new();
    check(request, &REQUEST, "", &mut faults);
    if !faults.is_empty() {
        return Err(Error::new(
            ErrorKind::Python("ParamValidationError"),
            format!("Parameter validation failed:\n{}", faults.join("\n")),
        ));
    }
    if let Some(run) = host.run() {
        let text = to_json(request, false)?;
        let request = serde_json::from_str(&text).unwrap_or_default();
        if operation.starts_with("Get") || operation.starts_with("List") {
            run.call("lakeformation", operation, request);
        } else {
            run.change("lakeformation", operation, request)
                .map_err(NoAnswer::of_call)?;
        }
    }
    Ok(())
}

/// Writes down what is wrong with a part of a request.
fn check(value: &Value, shape: &Shape, at: &str, faults: &mut Vec<String>) {
    let at_name = at.strip_prefix('.').unwrap_or(at);
    let mut refuse_type = |wanted: &str| faults.push(invalid_type(at_name, value, wanted));
    let (length, least) = match (shape, value) {
        (Shape::Text(least), Value::Str(text)) => (text.plain().chars().count(), *least),
        (Shape::Text(_), _) => return refuse_type("<class 'str'>"),
        (Shape::List(_, least), Value::List(items)) => (items.len(), *least),
        (Shape::List(_, least), Value::Tuple(items)) => (items.len(), *least),
        (Shape::List(..), _) => return refuse_type("<class 'list'>, <class 'tuple'>"),
        (Shape::Struct(_), Value::Dict(_)) => (0, 0),
        (Shape::Struct(_), _) => return refuse_type("<class 'dict'>"),
    };
    if length < least {
        faults.push(format!(
            "Invalid length for parameter {at_name}, value: {length}, valid min length: {least}"
        ));
    }
    match (shape, value) {
        (Shape::List(of, _), Value::List(items)) => check_items(&items.items(), of, at, faults),
        (Shape::List(of, _), Value::Tuple(items)) => check_items(items, of, at, faults),
        (Shape::Struct(members), Value::Dict(parts)) => {
            for (name, part) in parts.items() {
                let name = to_str(&name);
                let name = name.plain();
                if let Some((_, shape)) = members.iter().find(|(known, _)| **known == *name) {
                    check(&part, shape, &format!("{at}.{name}"), faults);
                }
            }
        }
        _ => {}
    }
}

fn check_items(items: &[Value], of: &Shape, at: &str, faults: &mut Vec<String>) {
    for (index, item) in items.iter().enumerate() {
        check(item, of, &format!("{at}[{index}]"), faults);
    }
}
