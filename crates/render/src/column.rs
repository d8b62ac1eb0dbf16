//! Columns, as `adapter.get_columns_in_relation` gives them and `api.Column` makes them.
//!
//! The class is dbt-glue's (`dbt/adapters/glue/column.py`) on dbt-spark's and dbt's (`dbt/adapters/{spark,base}/column.py`):
//! types are left as they are written, names are quoted with back-ticks. It prints all its fields, as a dataclass does.

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, ErrorKind, Native, Value, equal, repr, to_str};

use crate::relation::{Bound, runtime_error};

/// The fields in their order.
const FIELDS: [&str; 12] = [
    "column",
    "dtype",
    "char_size",
    "numeric_precision",
    "numeric_scale",
    "table_database",
    "table_schema",
    "table_name",
    "table_type",
    "table_owner",
    "table_stats",
    "column_index",
];

/// A column: its fields in the order of [`FIELDS`]. Nothing checks what they hold, as in Python.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    fields: [Value; 12],
}

impl Column {
    /// A column of a name and a type.
    pub(crate) fn new(name: &str, data_type: &str) -> Self {
        let mut fields = <[Value; 12]>::default();
        let [column, dtype, ..] = &mut fields;
        *column = Value::str(name);
        *dtype = Value::str(data_type);
        Self { fields }
    }

    pub(crate) fn name(&self) -> &Value {
        let [name, ..] = &self.fields;
        name
    }

    pub(crate) fn data_type(&self) -> &Value {
        let [_, data_type, ..] = &self.fields;
        data_type
    }

    fn char_size(&self) -> &Value {
        let [_, _, size, ..] = &self.fields;
        size
    }

    /// The name, as a text.
    pub(crate) fn name_text(&self) -> String {
        to_str(self.name()).plain().into_owned()
    }

    fn has_type(&self, types: &[&str]) -> Result<bool, Error> {
        let Value::Str(own) = self.data_type() else {
            return Err(Error::new(
                ErrorKind::Python("AttributeError"),
                format!(
                    "'{}' object has no attribute 'lower'",
                    self.data_type().type_name()
                ),
            ));
        };
        Ok(types.contains(&own.plain().to_lowercase().as_str()))
    }

    fn is_string(&self) -> Result<bool, Error> {
        self.has_type(&["text", "character varying", "character", "varchar"])
    }

    fn is_float(&self) -> Result<bool, Error> {
        self.has_type(&["real", "float4", "float", "double precision", "float8", "double"])
    }

    fn is_integer(&self) -> Result<bool, Error> {
        self.has_type(&[
            "smallint",
            "integer",
            "bigint",
            "smallserial",
            "serial",
            "bigserial",
            "int2",
            "int4",
            "int8",
            "serial2",
            "serial4",
            "serial8",
        ])
    }

    fn is_numeric(&self) -> Result<bool, Error> {
        self.has_type(&["numeric", "decimal"])
    }

    fn string_size(&self) -> Result<Value, Error> {
        if !self.is_string()? {
            return Err(runtime_error("Called string_size() on non-string field!"));
        }
        let is_text = self.data_type().as_str().as_deref() == Some("text");
        Ok(match self.char_size() {
            Value::Int(size) if !is_text => Value::Int(*size),
            _ => Value::Int(256),
        })
    }

    fn to_dict(&self, omit_none: bool) -> Value {
        let fields = FIELDS.iter().zip(&self.fields);
        Value::dict(
            fields
                .filter(|(_, value)| !(omit_none && value.is_none()))
                .map(|(name, value)| (name, value.clone())),
        )
    }

    fn method(&self, name: &str, args: Args) -> Option<Result<Value, Error>> {
        Some(match name {
            "is_string" => self.is_string().map(Value::Bool),
            "is_float" => self.is_float().map(Value::Bool),
            "is_integer" => self.is_integer().map(Value::Bool),
            "is_numeric" => self.is_numeric().map(Value::Bool),
            "is_number" => self.is_number().map(Value::Bool),
            "string_size" => self.string_size(),
            "literal" => args.bind(name, ["value"], 1).map(|[value]| {
                let value = to_str(&value.unwrap_or_default());
                Value::from(format!(
                    "cast({} as {})",
                    value.plain(),
                    to_str(self.data_type()).plain()
                ))
            }),
            "can_expand_to" => self.can_expand_to(args),
            "to_dict" => args
                .bind(name, ["omit_none"], 0)
                .map(|[omit]| self.to_dict(omit.is_some_and(|omit| omit.truth()))),
            "to_column_dict" => Ok(self.to_dict(true)),
            _ => return class_method(name, args),
        })
    }

    fn is_number(&self) -> Result<bool, Error> {
        Ok(self.is_integer()? || self.is_numeric()? || self.is_float()?)
    }

    /// Whether both are texts.
    fn can_expand_to(&self, args: Args) -> Result<Value, Error> {
        let [other] = args.bind("can_expand_to", ["other_column"], 1)?;
        let other = other.unwrap_or_default();
        let is_text = match other.downcast::<Self>() {
            Some(other) => self.is_string()? && other.is_string()?,
            None => false,
        };
        Ok(Value::Bool(is_text))
    }
}

/// The methods of an object, for those who take one without calling it.
const METHODS: [&str; 16] = [
    "can_expand_to",
    "convert_table_stats",
    "create",
    "from_description",
    "is_float",
    "is_integer",
    "is_number",
    "is_numeric",
    "is_string",
    "literal",
    "numeric_type",
    "string_size",
    "string_type",
    "to_column_dict",
    "to_dict",
    "translate_type",
];

impl Native for Column {
    fn type_name(&self) -> &'static str {
        "GlueColumn"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.adapters.glue.column.GlueColumn".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(match name {
            "name" => self.name().clone(),
            "data_type" | "expanded_data_type" => self.data_type().clone(),
            "quoted" => Value::from(format!("`{}`", self.name_text())),
            "TYPE_LABELS" => type_labels(),
            _ if METHODS.contains(&name) => Value::native(Bound {
                object: Value::native(self.clone()),
                class: "GlueColumn",
                name: name.into(),
            }),
            _ => {
                let found = FIELDS.iter().zip(&self.fields).find(|(field, _)| **field == name);
                return Ok(found.map(|(_, value)| value.clone()));
            }
        }))
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        self.method(name, args.clone())
    }

    fn text(&self) -> String {
        let fields = FIELDS
            .iter()
            .zip(&self.fields)
            .map(|(name, value)| format!("{name}={}", repr(value)));
        format!("GlueColumn({})", fields.collect::<Vec<_>>().join(", "))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<Self>()?;
        let mut pairs = self.fields.iter().zip(&other.fields);
        Some(pairs.all(|(own, other)| equal(own, other)))
    }

    fn key(&self) -> Option<Arc<str>> {
        None
    }
}

fn type_labels() -> Value {
    Value::dict(["STRING", "TEXT", "VARCHAR"].map(|name| (name, Value::str("STRING"))))
}

/// The methods of the class itself: `api.Column.translate_type()`.
fn class_method(name: &str, args: Args) -> Option<Result<Value, Error>> {
    Some(match name {
        "translate_type" => args
            .bind(name, ["dtype"], 1)
            .map(|[data_type]| data_type.unwrap_or_default()),
        "create" => args.bind(name, ["name", "label_or_dtype"], 2).map(|values| {
            let mut fields = <[Value; 12]>::default();
            for (slot, value) in fields.iter_mut().zip(values) {
                *slot = value.unwrap_or_default();
            }
            Value::native(Column { fields })
        }),
        "string_type" => args.bind(name, ["size"], 1).map(|[size]| {
            let size = to_str(&size.unwrap_or_default());
            Value::from(format!("character varying({})", size.plain()))
        }),
        "numeric_type" => args
            .bind(name, ["dtype", "precision", "scale"], 3)
            .map(|[_, precision, scale]| {
                numeric_type(&precision.unwrap_or_default(), &scale.unwrap_or_default())
            }),
        "from_description" => from_description(args),
        "convert_table_stats" => args
            .bind(name, ["raw_stats"], 1)
            .map(|[stats]| table_stats(&stats.unwrap_or_default())),
        _ => return None,
    })
}

fn numeric_type(precision: &Value, scale: &Value) -> Value {
    if precision.is_none() || scale.is_none() {
        return Value::str("decimal");
    }
    Value::from(format!(
        "decimal({},{})",
        to_str(precision).plain(),
        to_str(scale).plain()
    ))
}

/// `varchar(20)` and `decimal(10,2)` taken apart.
fn from_description(args: Args) -> Result<Value, Error> {
    let [name, written] = args.bind("from_description", ["name", "raw_data_type"], 2)?;
    let written = to_str(&written.unwrap_or_default()).plain().into_owned();
    let (base, rest) = written.split_once('(').unwrap_or((&written, ""));
    if base.is_empty() {
        return Err(runtime_error(format!(
            "Could not interpret data type \"{written}\""
        )));
    }
    let mut column = Column::new("", base);
    let [own_name, _, char_size, precision, scale, ..] = &mut column.fields;
    *own_name = name.unwrap_or_default();
    let size = rest.split_once(')').map_or("", |(size, _)| size);
    let number = |part: &str| {
        part.trim().parse().map(Value::Int).map_err(|_| {
            runtime_error(format!(
                "Could not interpret data_type \"{written}\": could not convert \"{part}\" to an integer"
            ))
        })
    };
    match size.split(',').collect::<Vec<_>>().as_slice() {
        [""] => {}
        [size] => *char_size = number(size)?,
        [first, second] => {
            *precision = number(first)?;
            *scale = number(second)?;
        }
        _ => {}
    }
    Ok(Value::native(column))
}

/// `1109049927 bytes, 14093476 rows` taken apart.
fn table_stats(raw: &Value) -> Value {
    let raw = raw.as_str().unwrap_or_default();
    let mut entries = Vec::new();
    for part in raw.split(", ") {
        let Some((count, word)) = part.split_once(' ') else {
            continue;
        };
        entries.push((format!("stats:{word}:label"), Value::str(word)));
        let count = count.parse().map_or(Value::None, Value::Int);
        entries.push((format!("stats:{word}:value"), count));
        entries.push((format!("stats:{word}:description"), Value::str("")));
        entries.push((format!("stats:{word}:include"), Value::Bool(true)));
    }
    Value::dict(entries)
}

/// The class: `api.Column`.
#[derive(Debug)]
pub(crate) struct ColumnClass;

impl Native for ColumnClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "TYPE_LABELS" => Some(type_labels()),
            "__name__" => Some(Value::str("GlueColumn")),
            _ if METHODS.contains(&name) => Some(Value::native(Bound {
                object: Value::native(Self),
                class: "GlueColumn",
                name: name.into(),
            })),
            _ => None,
        })
    }

    fn call(&self, _cx: &Cx, args: Args) -> Result<Value, Error> {
        let values = args.bind("GlueColumn.__init__", FIELDS, 2)?;
        Ok(Value::native(Column {
            fields: values.map(Option::unwrap_or_default),
        }))
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        class_method(name, args.clone()).or_else(|| unbound(cx, name, args))
    }

    fn text(&self) -> String {
        "<class 'dbt.adapters.glue.column.GlueColumn'>".to_owned()
    }
}

/// A method of objects called on the class: the object comes first.
fn unbound(cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    if !METHODS.contains(&name) {
        return None;
    }
    let (object, rest) = args.positional.split_first()?;
    let rest = Args {
        positional: rest.to_vec(),
        keywords: args.keywords.clone(),
    };
    Some(cx.call_method(object, name, rest))
}
