//! Jinja2's own global functions (`jinja2/defaults.py`).

use std::sync::{Arc, Mutex, PoisonError};

use crate::{Args, Cx, Dict, Error, ErrorKind, Native, Value};

use super::{dicts, params, range};

/// A global of Jinja2: `range`, `dict`, `lipsum`, `cycler`, `joiner`, `namespace`.
pub(crate) fn global(name: &str) -> Option<Value> {
    Some(match name {
        "range" => Value::function("range", range::make),
        "dict" => Value::native(DictType),
        "lipsum" => Value::function("generate_lorem_ipsum", |_, _| {
            Err(Error::unsupported("lipsum() gives random text"))
        }),
        "cycler" => Value::function("Cycler", |_, args| {
            if args.positional.is_empty() {
                return Err(Error::new(
                    ErrorKind::Python("RuntimeError"),
                    "at least one item has to be provided",
                ));
            }
            Ok(Value::native(Cycler {
                items: args.positional,
                place: Mutex::new(0),
            }))
        }),
        "joiner" => Value::function("Joiner", |_, args| {
            let [separator] = args.bind("Joiner.__init__", ["sep"], 0)?;
            Ok(Value::native(Joiner {
                separator: separator.unwrap_or_else(|| Value::str(", ")),
                used: Mutex::new(false),
            }))
        }),
        "namespace" => Value::function("Namespace", |cx, args| {
            let namespace = Namespace::default();
            dicts::update_with(cx, &namespace.values, "dict", args)?;
            Ok(Value::native(namespace))
        }),
        _ => return None,
    })
}

/// Python's `dict` itself.
#[derive(Debug)]
struct DictType;

impl Native for DictType {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok((name == "fromkeys").then(|| Value::function("fromkeys", dicts::from_keys)))
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let dict = Dict::default();
        dicts::update_with(cx, &dict, "dict", args)?;
        Ok(Value::Dict(dict.into()))
    }

    fn text(&self) -> String {
        "<class 'dict'>".to_owned()
    }
}

/// What Jinja2's `namespace()` gives: an object whose attributes can be set.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    values: Dict,
}

impl Namespace {
    /// Sets an attribute.
    pub(crate) fn set(&self, name: &str, value: Value) {
        self.values.insert_str(name, value);
    }
}

impl Native for Namespace {
    fn type_name(&self) -> &'static str {
        "Namespace"
    }

    fn qualified_type_name(&self) -> String {
        "jinja2.utils.Namespace".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(self.values.get_str(name))
    }

    fn text(&self) -> String {
        let entries: Vec<_> = self
            .values
            .items()
            .iter()
            .map(|(key, value)| format!("{}: {}", super::repr(key), super::repr(value)))
            .collect();
        format!("<Namespace {{{}}}>", entries.join(", "))
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(format!("{:p}", std::ptr::from_ref(self)).into())
    }
}

#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    place: Mutex<usize>,
}

impl Native for Cycler {
    fn type_name(&self) -> &'static str {
        "Cycler"
    }

    fn qualified_type_name(&self) -> String {
        "jinja2.utils.Cycler".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let place = *self.place.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match name {
            "current" => self.items.get(place).cloned(),
            "items" => Some(Value::tuple(self.items.clone())),
            "pos" => i64::try_from(place).ok().map(Value::Int),
            _ => None,
        })
    }

    fn methods(&self) -> &'static [&'static str] {
        &["next", "reset"]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match name {
            "next" => {
                let current = self.items.get(*place).cloned();
                *place = (*place + 1) % self.items.len().max(1);
                current.unwrap_or_default()
            }
            "reset" => {
                *place = 0;
                Value::None
            }
            _ => return None,
        };
        Some(params::none(args, &format!("Cycler.{name}")).map(|()| done))
    }

    fn text(&self) -> String {
        "<jinja2.utils.Cycler object at 0x7f0000000000>".to_owned()
    }
}

#[derive(Debug)]
struct Joiner {
    separator: Value,
    used: Mutex<bool>,
}

impl Native for Joiner {
    fn type_name(&self) -> &'static str {
        "Joiner"
    }

    fn qualified_type_name(&self) -> String {
        "jinja2.utils.Joiner".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _cx: &Cx, _args: Args) -> Result<Value, Error> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *used, true) {
            Ok(self.separator.clone())
        } else {
            Ok(Value::str(""))
        }
    }

    fn text(&self) -> String {
        "<jinja2.utils.Joiner object at 0x7f0000000000>".to_owned()
    }
}
