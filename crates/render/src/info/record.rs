//! Objects with fields, as Python's dataclasses: `config.get('contract')`, hooks, and their like.

use std::sync::Arc;

use glueline_template::{Args, Cx, Dict, Error, Native, Value, equal, repr};

/// A dataclass of dbt's.
#[derive(Debug)]
pub(crate) struct Record {
    class: &'static str,
    fields: Arc<Dict>,
}

impl Record {
    /// An object of a class with these fields, in order.
    pub(crate) fn value(
        class: &'static str,
        fields: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Value {
        let dict = Dict::default();
        for (name, value) in fields {
            dict.insert_str(name, value);
        }
        Value::native(Self {
            class,
            fields: Arc::new(dict),
        })
    }

    /// What `to_dict()` gives, with or without fields that are `None`.
    pub(crate) fn to_dict(&self, omit_none: bool) -> Value {
        let dict = Dict::default();
        for (key, value) in self.fields.items() {
            if omit_none && value.is_none() {
                continue;
            }
            let value = match value.downcast::<Self>() {
                Some(inner) => inner.to_dict(omit_none),
                None => value,
            };
            if let Some(name) = key.as_str() {
                dict.insert_str(&name, value);
            }
        }
        Value::Dict(Arc::new(dict))
    }
}

impl Native for Record {
    fn type_name(&self) -> &str {
        self.class
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(self.fields.get_str(name))
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        (name == "to_dict").then(|| {
            let omit = args.keyword("omit_none").or_else(|| args.positional.first());
            Ok(self.to_dict(omit.is_none_or(Value::truth)))
        })
    }

    fn text(&self) -> String {
        let fields: Vec<String> = self
            .fields
            .items()
            .iter()
            .map(|(name, value)| format!("{}={}", name.as_str().unwrap_or_default(), repr(value)))
            .collect();
        format!("{}({})", self.class, fields.join(", "))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.downcast::<Self>()?;
        let same = Value::Dict(self.fields.clone());
        Some(self.class == other.class && equal(&same, &Value::Dict(other.fields.clone())))
    }

    fn key(&self) -> Option<Arc<str>> {
        None
    }
}
