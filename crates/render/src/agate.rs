//! Tables of results, as agate holds them: what `run_query` gives.
//!
//! Follows agate 1.9 and `dbt_common/clients/agate_helper.py`. Numbers that Python keeps as `Decimal` are whole numbers or
//! floats here; they print the same.

mod sequence;

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, ErrorKind, Native, Value, equal, to_str};

pub(crate) use sequence::Sequence;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataType {
    Integer,
    Number,
    Date,
    DateTime,
    Boolean,
    Text,
}

impl DataType {
    /// The name of the class.
    const fn name(self) -> &'static str {
        match self {
            Self::Integer => "Integer",
            Self::Number => "Number",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Boolean => "Boolean",
            Self::Text => "Text",
        }
    }

    /// The type of a column with these values: the first that takes them all (`build_type_tester`). A text makes it a column
    /// of texts (`table_from_data_flat`).
    fn of<'a>(values: impl Iterator<Item = &'a Value> + Clone) -> Self {
        let known = values.filter(|value| !value.is_none());
        let all = |test: fn(&Value) -> bool| known.clone().all(test);
        if all(|value| matches!(value, Value::Int(_))) {
            Self::Integer
        } else if all(|value| matches!(value, Value::Int(_) | Value::Float(_))) {
            Self::Number
        } else if all(|value| matches!(value, Value::Bool(_) | Value::Int(0 | 1))) {
            Self::Boolean
        } else {
            Self::Text
        }
    }

    fn cast(self, value: &Value) -> Value {
        match (self, value) {
            (_, Value::None) => Value::None,
            (Self::Boolean, value) => Value::Bool(value.truth()),
            (Self::Text, value) => Value::Str(to_str(value)),
            (_, value) => value.clone(),
        }
    }
}

impl Native for DataType {
    fn type_name(&self) -> &'static str {
        self.name()
    }

    fn text(&self) -> String {
        match self {
            Self::Integer | Self::Number => {
                format!("<dbt_common.clients.agate_helper.{} object>", self.name())
            }
            Self::Date => "<agate.data_types.date.Date object>".to_owned(),
            Self::DateTime => "<agate.data_types.date_time.DateTime object>".to_owned(),
            Self::Boolean => "<agate.data_types.boolean.Boolean object>".to_owned(),
            Self::Text => "<agate.data_types.text.Text object>".to_owned(),
        }
    }
}

/// A table: rows of as many values as there are columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    names: Arc<[Arc<str>]>,
    types: Arc<[DataType]>,
    rows: Arc<[Arc<[Value]>]>,
}

impl Table {
    /// A table of rows, with the types that their values have. A row that is too short is filled with nulls.
    pub(crate) fn new(names: &[&str], rows: Vec<Vec<Value>>) -> Self {
        let names = distinct_names(names);
        let mut rows = rows;
        for row in &mut rows {
            row.resize(names.len(), Value::None);
        }
        let types: Arc<[DataType]> = (0..names.len())
            .map(|column| DataType::of(rows.iter().filter_map(|row| row.get(column))))
            .collect();
        let rows = rows
            .into_iter()
            .map(|row| {
                row.iter()
                    .zip(&*types)
                    .map(|(value, kind)| kind.cast(value))
                    .collect()
            })
            .collect();
        Self { names, types, rows }
    }

    /// A table of rows whose values have the types of their columns already; all lists are equally long.
    pub(crate) fn typed(names: &[&str], types: &[DataType], rows: Vec<Vec<Value>>) -> Self {
        Self {
            names: names.iter().map(|name| (*name).into()).collect(),
            types: types.into(),
            rows: rows.into_iter().map(Into::into).collect(),
        }
    }

    /// The type of a column.
    pub(crate) fn data_type(&self, column: usize) -> Option<DataType> {
        self.types.get(column).copied()
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[Value]> {
        self.rows.iter().map(|row| &**row)
    }

    fn row(&self, row: &Arc<[Value]>) -> Value {
        Value::native(Sequence::row(row.clone(), self.names.clone()))
    }

    fn row_values(&self) -> Vec<Value> {
        self.rows.iter().map(|row| self.row(row)).collect()
    }

    fn rows_object(&self) -> Sequence {
        Sequence::plain(self.row_values().into(), None)
    }

    fn column(&self, index: usize) -> Option<Value> {
        let values = self.rows.iter().filter_map(|row| row.get(index).cloned());
        Some(Value::native(Sequence::column(
            values.collect(),
            index,
            self.names.get(index)?.clone(),
            *self.types.get(index)?,
        )))
    }

    fn columns_object(&self) -> Value {
        let columns = (0..self.names.len()).filter_map(|index| self.column(index));
        Value::native(Sequence::plain(columns.collect(), Some(self.names.clone())))
    }

    /// The columns with these names, in this order.
    fn select(&self, names: &[Value]) -> Result<Self, Error> {
        let mut indexes = Vec::new();
        for name in names {
            let name = to_str(name);
            let found = self.names.iter().position(|known| **known == *name.plain());
            indexes.push(found.ok_or_else(|| Error::value_error("tuple.index(x): x not in tuple"))?);
        }
        Ok(self.with_columns(&indexes))
    }

    fn with_columns(&self, indexes: &[usize]) -> Self {
        let pick = |row: &Arc<[Value]>| -> Arc<[Value]> {
            indexes
                .iter()
                .filter_map(|index| row.get(*index).cloned())
                .collect()
        };
        Self {
            names: indexes
                .iter()
                .filter_map(|index| self.names.get(*index).cloned())
                .collect(),
            types: indexes
                .iter()
                .filter_map(|index| self.types.get(*index).copied())
                .collect(),
            rows: self.rows.iter().map(pick).collect(),
        }
    }

    fn exclude(&self, names: &[Value]) -> Self {
        let is_kept = |name: &Arc<str>| !names.iter().any(|other| equal(other, &Value::str(name)));
        let kept = self.names.iter().enumerate().filter(|(_, name)| is_kept(name));
        let indexes: Vec<_> = kept.map(|(index, _)| index).collect();
        self.with_columns(&indexes)
    }

    /// New names: a list of all of them, or a dict of those that change.
    fn rename(&self, names: &Value) -> Result<Self, Error> {
        let renamed: Vec<Arc<str>> = match names {
            Value::Dict(dict) => {
                let new = |name: &Arc<str>| match dict.get_str(name) {
                    Some(new) => to_str(&new).to_plain(),
                    None => name.clone(),
                };
                self.names.iter().map(new).collect()
            }
            Value::List(names) => names.items().iter().map(|name| to_str(name).to_plain()).collect(),
            Value::Tuple(names) => names.iter().map(|name| to_str(name).to_plain()).collect(),
            _ => self.names.to_vec(),
        };
        if renamed.len() != self.names.len() {
            return Err(Error::value_error(
                "column_names and column_types must be the same length.",
            ));
        }
        Ok(Self {
            names: renamed.into(),
            ..self.clone()
        })
    }

    fn where_(&self, cx: &Cx, test: &Value) -> Result<Self, Error> {
        let mut kept = Vec::new();
        for row in &*self.rows {
            if cx.call(test, Args::of(vec![self.row(row)]))?.truth() {
                kept.push(row.clone());
            }
        }
        Ok(self.with_rows(kept))
    }

    fn with_rows(&self, rows: Vec<Arc<[Value]>>) -> Self {
        Self {
            rows: rows.into(),
            ..self.clone()
        }
    }

    fn distinct(&self, key: &Value) -> Self {
        let by = (!key.is_none()).then(|| to_str(key).to_plain());
        let column = by.and_then(|name| self.names.iter().position(|known| *known == name));
        let mut seen: Vec<Value> = Vec::new();
        let mut kept = Vec::new();
        for row in &*self.rows {
            let value = match column {
                Some(column) => row.get(column).cloned().unwrap_or_default(),
                None => Value::tuple(row.to_vec()),
            };
            if !seen.iter().any(|known| equal(known, &value)) {
                seen.push(value);
                kept.push(row.clone());
            }
        }
        self.with_rows(kept)
    }

    fn method(&self, cx: &Cx, name: &str, args: Args) -> Result<Value, Error> {
        Ok(match name {
            "select" => {
                let [key] = args.bind("select", ["key"], 1)?;
                Value::native(self.select(&names_of(cx, key)?)?)
            }
            "exclude" => {
                let [key] = args.bind("exclude", ["key"], 1)?;
                Value::native(self.exclude(&names_of(cx, key)?))
            }
            "rename" => {
                let [names, ..] = args.bind("rename", ["column_names", "row_names"], 0)?;
                Value::native(self.rename(&names.unwrap_or_default())?)
            }
            "where" => {
                let [test] = args.bind("where", ["test"], 1)?;
                Value::native(self.where_(cx, &test.unwrap_or_default())?)
            }
            "distinct" => {
                let [key] = args.bind("distinct", ["key"], 0)?;
                Value::native(self.distinct(&key.unwrap_or_default()))
            }
            "limit" => {
                let [start, stop, step] = args.bind("limit", ["start_or_stop", "stop", "step"], 0)?;
                let end = stop.as_ref().or(start.as_ref());
                match (end, stop.is_some(), step) {
                    (Some(Value::Int(end)), false, None) => {
                        let end = usize::try_from(*end).unwrap_or(0);
                        Value::native(self.with_rows(self.rows.iter().take(end).cloned().collect()))
                    }
                    _ => return Err(unsupported(name)),
                }
            }
            "print_table" | "print_csv" | "print_json" | "print_structure" => Value::None,
            _ => return Err(unsupported(name)),
        })
    }
}

fn unsupported(name: &str) -> Error {
    Error::unsupported(format!("`{name}` of a table of results"))
}

/// One name, or several.
fn names_of(cx: &Cx, key: Option<Value>) -> Result<Vec<Value>, Error> {
    match key.unwrap_or_default() {
        name @ Value::Str(_) => Ok(vec![name]),
        names => cx.iterate(&names),
    }
}

/// Names, each once: a second `a` is `a_2` (`deduplicate` in `agate/utils.py`).
fn distinct_names(names: &[&str]) -> Arc<[Arc<str>]> {
    let mut made: Vec<Arc<str>> = Vec::new();
    for name in names {
        let mut candidate: Arc<str> = (*name).into();
        let mut number = 2;
        while made.contains(&candidate) {
            candidate = format!("{name}_{number}").into();
            number += 1;
        }
        made.push(candidate);
    }
    made.into()
}

/// The methods, so that the others are missing rather than unsupported.
const METHODS: [&str; 20] = [
    "aggregate",
    "compute",
    "distinct",
    "exclude",
    "find",
    "group_by",
    "homogenize",
    "join",
    "limit",
    "merge",
    "order_by",
    "pivot",
    "print_csv",
    "print_json",
    "print_structure",
    "print_table",
    "rename",
    "select",
    "to_json",
    "where",
];

impl Native for Table {
    fn type_name(&self) -> &'static str {
        "Table"
    }

    fn qualified_type_name(&self) -> String {
        "agate.table.Table".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(match name {
            "columns" => self.columns_object(),
            "rows" => Value::native(self.rows_object()),
            "column_names" => Value::tuple(self.names.iter().map(Value::str).collect()),
            "column_types" => Value::tuple(self.types.iter().map(|kind| Value::native(*kind)).collect()),
            "row_names" => Value::None,
            _ => return Ok(None),
        }))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        self.rows_object().item(cx, key)
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        METHODS
            .contains(&name)
            .then(|| self.method(cx, name, args.clone()))
    }

    /// The structure: a table of names and types.
    fn text(&self) -> String {
        let widths = self.names.iter().map(|name| name.chars().count());
        let width = widths.chain(["column".len()]).max().unwrap_or_default();
        let line = |name: &str, kind: &str| format!("| {name:width$} | {kind:9} |\n");
        let mut text = line("column", "data_type");
        text.push_str(&line(&"-".repeat(width), &"-".repeat("data_type".len())));
        for (name, kind) in self.names.iter().zip(&*self.types) {
            text.push_str(&line(name, kind.name()));
        }
        text
    }

    fn repr(&self) -> String {
        "<agate.table.Table object>".to_owned()
    }

    fn truth(&self) -> bool {
        !self.rows.is_empty()
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.row_values())
    }
}

/// Python's `KeyError`.
fn key_error(key: &Value) -> Error {
    Error::new(ErrorKind::Python("KeyError"), glueline_template::repr(key))
}
