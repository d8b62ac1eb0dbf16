//! Rows, columns, and the sequences that hold them.

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, ErrorKind, Native, Value, equal, order, repr};

use super::{DataType, key_error};

/// agate's `MappedSequence`: values by number, and by name where they have names.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    class: Class,
    values: Arc<[Value]>,
    keys: Option<Arc<[Arc<str>]>>,
}

#[derive(Debug, Clone)]
enum Class {
    Plain,
    Row,
    Column {
        index: usize,
        name: Arc<str>,
        data_type: DataType,
    },
}

impl Sequence {
    /// The rows or columns of a table.
    pub(super) fn plain(values: Arc<[Value]>, keys: Option<Arc<[Arc<str>]>>) -> Self {
        Self {
            class: Class::Plain,
            values,
            keys,
        }
    }

    /// A row, with the names of the columns.
    pub(super) fn row(values: Arc<[Value]>, names: Arc<[Arc<str>]>) -> Self {
        Self {
            class: Class::Row,
            values,
            keys: Some(names),
        }
    }

    /// A column.
    pub(super) fn column(values: Arc<[Value]>, index: usize, name: Arc<str>, data_type: DataType) -> Self {
        Self {
            class: Class::Column {
                index,
                name,
                data_type,
            },
            values,
            keys: None,
        }
    }

    fn by_name(&self, name: &Value) -> Result<Value, Error> {
        let Some(keys) = &self.keys else {
            return Err(key_error(name));
        };
        let mut found = keys.iter().zip(&*self.values);
        let found = found.find(|(key, _)| equal(name, &Value::str(key)));
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| key_error(name))
    }

    fn keys(&self) -> Value {
        match &self.keys {
            Some(keys) => Value::tuple(keys.iter().map(Value::str).collect()),
            None => Value::None,
        }
    }

    fn pairs(&self) -> Result<Vec<(Arc<str>, Value)>, Error> {
        match &self.keys {
            Some(keys) => Ok(keys.iter().cloned().zip(self.values.iter().cloned()).collect()),
            None => Err(Error::type_error("'NoneType' object is not iterable")),
        }
    }

    fn method(&self, name: &str, args: Args) -> Result<Value, Error> {
        let known = || self.values.iter().filter(|value| !value.is_none());
        Ok(match name {
            "values" => Value::tuple(self.values.to_vec()),
            "keys" => self.keys(),
            "items" => {
                let pairs = self.pairs()?.into_iter();
                Value::tuple(
                    pairs
                        .map(|(key, value)| Value::tuple(vec![Value::str(key), value]))
                        .collect(),
                )
            }
            "dict" => match &self.keys {
                Some(_) => Value::dict(self.pairs()?),
                None => return Err(Error::new(ErrorKind::Python("KeyError"), "")),
            },
            "get" => {
                let [key, default] = args.bind("get", ["key", "default"], 1)?;
                self.by_name(&key.unwrap_or_default())
                    .unwrap_or_else(|_| default.filter(Value::truth).unwrap_or_default())
            }
            "index" => {
                let [value] = args.bind("index", ["value"], 1)?;
                let value = value.unwrap_or_default();
                let found = self.values.iter().position(|known| equal(known, &value));
                let found = found.ok_or_else(|| Error::value_error(""))?;
                Value::Int(i64::try_from(found).unwrap_or(i64::MAX))
            }
            "count" => {
                let [value] = args.bind("count", ["value"], 1)?;
                let value = value.unwrap_or_default();
                let found = self.values.iter().filter(|known| equal(known, &value));
                Value::Int(i64::try_from(found.count()).unwrap_or(i64::MAX))
            }
            "values_without_nulls" => Value::tuple(known().cloned().collect()),
            "values_distinct" => Value::tuple(distinct(self.values.iter())),
            "values_sorted" => Value::list(sorted(self.values.iter().cloned().collect())?),
            _ => Value::list(sorted(known().cloned().collect())?),
        })
    }

    const fn is_column(&self) -> bool {
        matches!(self.class, Class::Column { .. })
    }
}

fn distinct<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut made: Vec<Value> = Vec::new();
    for value in values {
        if !made.iter().any(|known| equal(known, value)) {
            made.push(value.clone());
        }
    }
    made
}

/// Sorted, nulls last.
fn sorted(mut values: Vec<Value>) -> Result<Vec<Value>, Error> {
    let mut failed = None;
    values.sort_by(|a, b| match (a.is_none(), b.is_none()) {
        (false, false) => order(a, b).unwrap_or_else(|error| {
            failed = Some(error);
            std::cmp::Ordering::Equal
        }),
        (a, b) => a.cmp(&b),
    });
    failed.map_or(Ok(values), Err)
}

const METHODS: [&str; 7] = ["count", "dict", "get", "index", "items", "keys", "values"];
const COLUMN_METHODS: [&str; 4] = [
    "values_distinct",
    "values_sorted",
    "values_without_nulls",
    "values_without_nulls_sorted",
];

impl Native for Sequence {
    fn type_name(&self) -> &'static str {
        match self.class {
            Class::Plain => "MappedSequence",
            Class::Row => "Row",
            Class::Column { .. } => "Column",
        }
    }

    fn qualified_type_name(&self) -> String {
        match self.class {
            Class::Plain => "agate.mapped_sequence.MappedSequence",
            Class::Row => "agate.rows.Row",
            Class::Column { .. } => "agate.columns.Column",
        }
        .to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let Class::Column {
            index,
            name: own_name,
            data_type,
        } = &self.class
        else {
            return Ok(None);
        };
        Ok(match name {
            "name" => Some(Value::str(own_name)),
            "index" => Some(Value::Int(i64::try_from(*index).unwrap_or(i64::MAX))),
            "data_type" => Some(Value::native(*data_type)),
            _ => None,
        })
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        let Value::Int(index) = key else {
            return Some(self.by_name(key));
        };
        let count = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
        let place = if *index < 0 {
            index.saturating_add(count)
        } else {
            *index
        };
        let found = usize::try_from(place)
            .ok()
            .and_then(|place| self.values.get(place).cloned());
        Some(found.ok_or_else(|| Error::new(ErrorKind::Python("IndexError"), "tuple index out of range")))
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let is_known = METHODS.contains(&name) || (self.is_column() && COLUMN_METHODS.contains(&name));
        // A column has a number of that name, which hides the method.
        let is_hidden = self.is_column() && name == "index";
        (is_known && !is_hidden).then(|| self.method(name, args.clone()))
    }

    fn text(&self) -> String {
        let mut sample: Vec<_> = self.values.iter().take(5).map(repr).collect();
        if self.values.len() > 5 {
            sample.push("...".to_owned());
        }
        format!("<agate.{}: ({})>", self.type_name(), sample.join(", "))
    }

    fn truth(&self) -> bool {
        !self.values.is_empty()
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.values.to_vec())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let others = match other {
            Value::List(items) => items.items(),
            Value::Tuple(items) => items.to_vec(),
            Value::Native(_) => other.downcast::<Self>()?.values.to_vec(),
            _ => return Some(false),
        };
        let same = others.len() == self.values.len();
        Some(same && others.iter().zip(&*self.values).all(|(a, b)| equal(a, b)))
    }

    fn key(&self) -> Option<Arc<str>> {
        None
    }
}
