//! The border with minijinja: values that cross it, names that it asks for, and its errors.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value as Vm, ValueKind};
use minijinja::{ErrorKind as VmErrorKind, Output, State};

use crate::lower::unmangled;
use crate::ops::{Op, Operation};
use crate::program::Program;
use crate::value::Str;
use crate::{Cx, Error, ErrorKind, Value, python};

/// The message of a parameter that is not passed and has a default.
pub(crate) const MISSING: &str = "missing";

/// A value that minijinja carries and does not look into.
struct Carried(Value);

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Object for Carried {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.0 {
            Value::List(_) | Value::Tuple(_) => ObjectRepr::Seq,
            Value::Native(_) if self.0.downcast::<python::Loop>().is_some() => ObjectRepr::Iterable,
            _ => ObjectRepr::Plain,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.0 {
            Value::List(list) => Enumerator::Values(list.items().into_iter().map(to_vm).collect()),
            Value::Tuple(items) => Enumerator::Values(items.iter().cloned().map(to_vm).collect()),
            Value::Native(_) => {
                let own = self.clone();
                Enumerator::Iter(Box::new(std::iter::from_fn(move || {
                    let each = own.0.downcast::<python::Loop>()?;
                    match each.next() {
                        Ok(item) => item.map(to_vm),
                        Err(error) => Some(Vm::from(each.fail(error))),
                    }
                })))
            }
            _ => Enumerator::NonEnumerable,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Vm) -> Option<Vm> {
        let index = key.as_usize()?;
        match &self.0 {
            Value::List(list) => list.lock().get(index).cloned().map(to_vm),
            Value::Tuple(items) => items.get(index).cloned().map(to_vm),
            _ => None,
        }
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0.truth()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(python::to_str(&self.0).marked())
    }
}

/// The value as minijinja carries it.
pub(crate) fn to_vm(value: Value) -> Vm {
    match value {
        Value::None => Vm::from(()),
        Value::Bool(value) => Vm::from(value),
        Value::Int(value) => Vm::from(value),
        Value::Float(value) => Vm::from(value),
        Value::Str(text) => Vm::from(text.marked()),
        other => Vm::from_object(Carried(other)),
    }
}

/// The value that minijinja carries.
pub(crate) fn from_vm(value: &Vm) -> Value {
    match value.kind() {
        ValueKind::Undefined => Value::undefined("value is undefined".to_owned()),
        ValueKind::None => Value::None,
        ValueKind::Bool => Value::Bool(value.is_true()),
        ValueKind::Number if value.is_integer() => value
            .as_i64()
            .map_or_else(|| Value::Float(f64::INFINITY), Value::Int),
        ValueKind::Number => Value::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
        ValueKind::String => Value::Str(Str::marked_from(value.as_str().unwrap_or("").to_owned())),
        _ => match value.downcast_object_ref::<Carried>() {
            Some(carried) => carried.0.clone(),
            None => Value::undefined("value is undefined".to_owned()),
        },
    }
}

/// Prints a value as Python's `str()` does.
pub(crate) fn format(out: &mut Output, _state: &mut State, value: &Vm) -> Result<(), minijinja::Error> {
    match value.kind() {
        ValueKind::Undefined => Ok(()),
        ValueKind::String => out.write_str(value.as_str().unwrap_or("")).map_err(Into::into),
        _ => match from_vm(value) {
            Value::Undefined(_) => Ok(()),
            other => out.write_str(python::to_str(&other).marked()).map_err(Into::into),
        },
    }
}

/// What a lowered template sees outside its own names: the names bound for it, this crate's operations, the host.
pub(crate) fn context(cx: &Cx, bindings: Vec<(Arc<str>, Value)>) -> Vm {
    Vm::from_object(Context {
        cx: cx.clone(),
        bindings,
    })
}

struct Context {
    cx: Cx,
    bindings: Vec<(Arc<str>, Value)>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &Vm) -> Option<Vm> {
        let name = key.as_str()?;
        if let Some(op) = Op::of(name) {
            return Some(Vm::from_object(Operation {
                op,
                cx: self.cx.clone(),
            }));
        }
        let name = &*unmangled(name);
        let bound = self.bindings.iter().find(|(bound, _)| &**bound == name);
        let value = match bound {
            Some((_, value)) => value.clone(),
            None => match self.cx.lookup(name) {
                Value::Undefined(_) if self.cx.is_lenient() => Value::lenient_name(name),
                found => found,
            },
        };
        Some(to_vm(value))
    }
}

/// What an error of minijinja means, with the place where the running program is.
pub(crate) fn error(cx: &Cx, program: &Program, error: &minijinja::Error) -> Error {
    if let Some(pending) = cx.take_pending() {
        return pending;
    }
    let kind = match error.kind() {
        VmErrorKind::OutOfFuel => ErrorKind::Limit,
        VmErrorKind::CannotUnpack => ErrorKind::Python("ValueError"),
        _ => ErrorKind::Unsupported,
    };
    let message = match error.kind() {
        VmErrorKind::OutOfFuel => "rendering was stopped: it takes too many operations".to_owned(),
        _ => error
            .detail()
            .map_or_else(|| error.to_string(), ToOwned::to_owned),
    };
    let mut made = Error::new(kind, message);
    if let Some(place) = error.line().and_then(|line| program.place_of_line(line)) {
        made.place_at(crate::TraceFrame::new(program.name.clone(), place, program.role));
    }
    made
}
