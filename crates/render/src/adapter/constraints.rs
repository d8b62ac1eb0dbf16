//! Constraints of contracts as SQL (`render_raw_columns_constraints` and its kin in `dbt/adapters/base/impl.py`).

use glueline_template::{Args, Cx, Dict, Error, ErrorKind, Value, repr, to_str};

use crate::host::NodeHost;

/// The columns of a contract with what each must keep to: `id bigint not null`. dbt-glue inherits dbt's table of what is
/// supported: all but `check`.
pub(super) fn render_raw_columns_constraints(cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [columns] = args.bind("BaseAdapter.render_raw_columns_constraints", ["raw_columns"], 1)?;
    let columns = cx.call_method(&columns.unwrap_or_default(), "values", Args::default())?;
    let mut rendered = Vec::new();
    for column in cx.iterate(&columns)? {
        let name = text(&strict_item(cx, &column, "name")?);
        if optional_item(&column, "quote").is_some_and(|quote| quote.truth()) {
            // dbt calls `quote` on the class, and dbt-glue's needs an object.
            return Err(Error::type_error(
                "GlueAdapter.quote() missing 1 required positional argument: 'identifier'",
            ));
        }
        let mut line = format!("{name} {}", text(&strict_item(cx, &column, "data_type")?));
        for constraint in cx.iterate(&optional_item(&column, "constraints").unwrap_or_default())? {
            if let Some(constraint) = column_constraint(&constraint)? {
                line.push(' ');
                line.push_str(&constraint);
            }
        }
        rendered.push(Value::from(line));
    }
    Ok(Value::list(rendered))
}

/// The constraints of a contract on the whole model.
pub(super) fn render_raw_model_constraints(cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [constraints] = args.bind("BaseAdapter.render_raw_model_constraints", ["raw_constraints"], 1)?;
    let mut rendered = Vec::new();
    for constraint in cx.iterate(&constraints.unwrap_or_default())? {
        rendered.extend(model_constraint(&constraint)?.map(Value::from));
    }
    Ok(Value::list(rendered))
}

fn text(value: &Value) -> String {
    to_str(value).plain().into_owned()
}

fn optional_item(dict: &Value, name: &str) -> Option<Value> {
    match dict {
        Value::Dict(dict) => dict.get_str(name),
        _ => None,
    }
}

fn strict_item(cx: &Cx, dict: &Value, name: &str) -> Result<Value, Error> {
    let found = cx.item(dict, &Value::str(name))?;
    if found.is_undefined() {
        return Err(Error::new(ErrorKind::Python("KeyError"), repr(&Value::str(name))));
    }
    Ok(found)
}

/// A constraint as it is written: its type, and what may stand beside it.
struct Parsed {
    kind: String,
    name: String,
    expression: String,
    to: String,
    columns: Vec<String>,
    to_columns: Vec<String>,
}

const KINDS: [&str; 6] = [
    "check",
    "not_null",
    "unique",
    "primary_key",
    "foreign_key",
    "custom",
];

fn parse(value: &Value) -> Result<Parsed, Error> {
    let parsed = match value {
        Value::Dict(dict) => parse_dict(dict),
        _ => None,
    };
    parsed.ok_or_else(|| {
        Error::new(
            ErrorKind::Python("DbtValidationError"),
            format!("Could not parse constraint: {}", repr(value)),
        )
    })
}

fn parse_dict(dict: &Dict) -> Option<Parsed> {
    let part = |name| match dict.get_str(name) {
        Some(value) if !value.is_none() => text(&value),
        _ => String::new(),
    };
    let list = |name| match dict.get_str(name) {
        Some(Value::List(items)) => items.items().iter().map(text).collect(),
        _ => Vec::new(),
    };
    let kind = dict.get_str("type").map(|kind| text(&kind))?;
    KINDS.contains(&kind.as_str()).then(|| Parsed {
        kind,
        name: part("name"),
        expression: part("expression"),
        to: part("to"),
        columns: list("columns"),
        to_columns: list("to_columns"),
    })
}

fn column_constraint(value: &Value) -> Result<Option<String>, Error> {
    let constraint = parse(value)?;
    let expression = &constraint.expression;
    let rendered = match constraint.kind.as_str() {
        "not_null" => Some(format!("not null {expression}")),
        "unique" => Some(format!("unique {expression}")),
        "primary_key" => Some(format!("primary key {expression}")),
        "foreign_key" if !constraint.to.is_empty() && !constraint.to_columns.is_empty() => Some(format!(
            "references {} ({})",
            constraint.to,
            constraint.to_columns.join(", ")
        )),
        "foreign_key" if !expression.is_empty() => Some(format!("references {expression}")),
        "custom" if !expression.is_empty() => Some(expression.clone()),
        _ => None,
    };
    Ok(rendered.map(|rendered| rendered.trim().to_owned()))
}

fn model_constraint(value: &Value) -> Result<Option<String>, Error> {
    let constraint = parse(value)?;
    let prefix = if constraint.name.is_empty() {
        String::new()
    } else {
        format!("constraint {} ", constraint.name)
    };
    let columns = constraint.columns.join(", ");
    let expression = if constraint.expression.is_empty() {
        String::new()
    } else {
        format!(" {}", constraint.expression)
    };
    Ok(match constraint.kind.as_str() {
        "unique" => Some(format!("{prefix}unique{expression} ({columns})")),
        "primary_key" => Some(format!("{prefix}primary key{expression} ({columns})")),
        "foreign_key" if !constraint.to.is_empty() && !constraint.to_columns.is_empty() => Some(format!(
            "{prefix}foreign key ({columns}) references {} ({})",
            constraint.to,
            constraint.to_columns.join(", ")
        )),
        "foreign_key" if !expression.is_empty() => {
            Some(format!("{prefix}foreign key ({columns}) references{expression}"))
        }
        "custom" if !expression.is_empty() => Some(format!("{prefix}{}", constraint.expression)),
        _ => None,
    })
}
