//! Objects that are neither Python's plain data nor templates.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use crate::{Args, Cx, Error, Value};

#[expect(
    clippy::len_without_is_empty,
    reason = "Python asks an object for its length and for its truth"
)]
/// Something a template can hold, look into and call: a function, a relation, a module, a date.
pub trait Native: Debug + Send + Sync + Any {
    /// Python's name of the type.
    fn type_name(&self) -> &str;

    /// The name of the type with its module, as Jinja2's messages on what is missing give it.
    fn qualified_type_name(&self) -> String {
        self.type_name().to_owned()
    }

    /// Whether Python's `callable()` says yes.
    fn is_callable(&self) -> bool {
        matches!(
            self.type_name(),
            "function" | "builtin_function_or_method" | "method" | "type" | "Macro" | "MacroGenerator"
        )
    }

    /// What stands behind a dot; `None` where there is no such attribute.
    fn attr(&self, _cx: &Cx, _name: &str) -> Result<Option<Value>, Error> {
        Ok(None)
    }

    /// What stands in brackets; `None` where the object has no items at all.
    fn item(&self, _cx: &Cx, _key: &Value) -> Option<Result<Value, Error>> {
        None
    }

    /// Whether it can be written with brackets behind it, whatever they hold.
    fn is_subscriptable(&self) -> bool {
        false
    }

    /// Calls the object.
    fn call(&self, _cx: &Cx, _args: Args) -> Result<Value, Error> {
        Err(Error::type_error(format!(
            "'{}' object is not callable",
            self.type_name()
        )))
    }

    /// The names that `call_method` knows and that can be held without being called.
    fn methods(&self) -> &'static [&'static str] {
        &[]
    }

    /// Calls what stands behind a dot. `None` where there is no such method, so that the attribute is looked up and called.
    fn call_method(&self, _cx: &Cx, _name: &str, _args: &Args) -> Option<Result<Value, Error>> {
        None
    }

    /// What `str()` gives.
    fn text(&self) -> String;

    /// What `repr()` gives.
    fn repr(&self) -> String {
        self.text()
    }

    /// What `format()` gives with a specification; `None` where the type has none of its own.
    fn format(&self, _spec: &str) -> Option<Result<String, Error>> {
        None
    }

    /// What `json.dumps()` writes for it; `None` where it says `not JSON serializable`.
    fn json(&self) -> Option<Value> {
        None
    }

    /// Whether Python takes it for true.
    fn truth(&self) -> bool {
        true
    }

    /// Whether `is mapping` holds of it.
    fn is_mapping(&self) -> bool {
        false
    }

    /// What a loop goes through; `None` where Python says that it is not iterable.
    fn items(&self) -> Option<Vec<Value>> {
        None
    }

    /// What is said where something goes through an object that is not iterable, or asks for its length; Python's `TypeError`
    /// where the object says nothing itself.
    fn no_items(&self) -> Option<Error> {
        None
    }

    /// What `len()` gives, where the object has a length.
    fn len(&self) -> Option<usize> {
        self.items().map(|items| items.len())
    }

    /// Whether Python calls it equal to another value. `None` leaves it to identity.
    fn equals(&self, _other: &Value) -> Option<bool> {
        None
    }

    /// How Python orders it beside another value, where it can.
    fn compare(&self, _other: &Value) -> Option<std::cmp::Ordering> {
        None
    }

    /// What an operator gives (`-`, `+`, ...), with the object on the left, or on the right where `swapped`. `None` where Python
    /// says `unsupported operand`.
    fn binary(&self, _op: &str, _other: &Value, _swapped: bool) -> Option<Result<Value, Error>> {
        None
    }

    /// What a dict or set compares the object by; `None` where it cannot be a key.
    fn key(&self) -> Option<Arc<str>> {
        Some(self.repr().into())
    }
}

/// What a function does with its arguments.
pub type Body = fn(&Cx, Args) -> Result<Value, Error>;

/// A function written in Rust.
#[derive(Clone, Copy)]
pub struct Function {
    /// Its name, as messages give it.
    pub name: &'static str,
    /// What it does.
    pub body: Body,
}

impl Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<function {}>", self.name)
    }
}

impl Native for Function {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        (self.body)(cx, args)
    }

    fn text(&self) -> String {
        format!("<function {} at 0x7f0000000000>", self.name)
    }
}

impl Value {
    /// A function written in Rust.
    pub fn function(name: &'static str, body: Body) -> Self {
        Self::native(Function { name, body })
    }
}
