//! Loops, and iterators that run once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Cx, Error, List, Native, Value};

/// Gives the next item, `None` after the last.
pub(crate) type Step = Box<dyn FnMut(&Cx) -> Result<Option<Value>, Error> + Send>;

/// A generator or another iterator of Python: its items are made when they are asked for, and only once.
pub(crate) struct Iter {
    kind: &'static str,
    /// What a generator is called; `None` for an iterator that is none.
    function: Option<&'static str>,
    step: Mutex<Option<Step>>,
}

impl fmt::Debug for Iter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Iter {
    /// A generator, by the name of the function that Jinja2 makes it with.
    pub(crate) fn generator(function: &'static str, step: Step) -> Value {
        Value::native(Self {
            kind: "generator",
            function: Some(function),
            step: Mutex::new(Some(step)),
        })
    }

    /// An iterator of this type.
    pub(crate) fn iterator(kind: &'static str, step: Step) -> Value {
        Value::native(Self {
            kind,
            function: None,
            step: Mutex::new(Some(step)),
        })
    }

    /// The next item.
    pub(crate) fn next(&self, cx: &Cx) -> Result<Option<Value>, Error> {
        // The step is out while it runs: it may run template code, which may ask for an item of the same iterator.
        let Some(mut step) = self.lock().take() else {
            return Ok(None);
        };
        let next = step(cx)?;
        if next.is_some() {
            *self.lock() = Some(step);
        }
        Ok(next)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Step>> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Native for Iter {
    fn type_name(&self) -> &str {
        self.kind
    }

    fn text(&self) -> String {
        match self.function {
            Some(function) => format!("<generator object {function} at 0x7f0000000000>"),
            None => format!("<{} object at 0x7f0000000000>", self.kind),
        }
    }

    fn len(&self) -> Option<usize> {
        None
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(format!("{:p}", std::ptr::from_ref(self)).into())
    }
}

/// What a loop over a value goes through.
pub(crate) fn iterate(cx: &Cx, value: &Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::Undefined(_) => Ok(Vec::new()),
        Value::List(list) => Ok(list.items()),
        Value::Tuple(items) => Ok(items.to_vec()),
        Value::Set(set) => Ok(set.items()),
        Value::Dict(dict) => Ok(dict.lock().values().map(|(key, _)| key.clone()).collect()),
        Value::Str(text) => Ok(text
            .plain()
            .chars()
            .map(|c| Value::str(c.encode_utf8(&mut [0; 4])))
            .collect()),
        Value::Native(object) => {
            if let Some(iter) = value.downcast::<Iter>() {
                let mut items = Vec::new();
                while let Some(item) = iter.next(cx)? {
                    cx.spend(1)?;
                    items.push(item);
                }
                return Ok(items);
            }
            object.items().ok_or_else(|| not_iterable(value))
        }
        other => Err(not_iterable(other)),
    }
}

/// Whether Python's `iter()` takes a value.
pub(crate) fn is_iterable(value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
        // Asking these for their items would use them up.
        Value::Native(_)
            if value.downcast::<Iter>().is_some() || value.downcast::<super::Loop>().is_some() =>
        {
            true
        }
        Value::Native(object) => object.items().is_some(),
        _ => true,
    }
}

/// Python's `TypeError` for a value that no loop can go through.
pub(crate) fn not_iterable(value: &Value) -> Error {
    if let Value::Native(object) = value
        && let Some(error) = object.no_items()
    {
        return error;
    }
    Error::type_error(format!("'{}' object is not iterable", value.type_name()))
}

/// Goes through a value item by item, as Python's `iter()` does: a list is read while it is gone through.
pub(crate) fn steps(cx: &Cx, value: &Value) -> Result<Step, Error> {
    Ok(match value {
        Value::List(list) => list_steps(list.clone()),
        Value::Native(_) if value.downcast::<Iter>().is_some() => {
            let value = value.clone();
            Box::new(move |cx| value.downcast::<Iter>().map_or(Ok(None), |iter| iter.next(cx)))
        }
        other => {
            let mut items = iterate(cx, other)?.into_iter();
            Box::new(move |_| Ok(items.next()))
        }
    })
}

fn list_steps(list: Arc<List>) -> Step {
    let mut index = 0;
    Box::new(move |_| {
        let item = list.lock().get(index).cloned();
        index += 1;
        Ok(item)
    })
}

/// The steps of a value that is looked at only when the first item is asked for, as in the body of a generator.
pub(crate) fn later(value: Value) -> Step {
    let mut steps_of: Option<Step> = None;
    Box::new(move |cx| {
        if let Some(step) = &mut steps_of {
            return step(cx);
        }
        let mut step = steps(cx, &value)?;
        let first = step(cx);
        steps_of = Some(step);
        first
    })
}

/// What `len()` gives.
pub(crate) fn length(value: &Value) -> Result<usize, Error> {
    match value {
        Value::Undefined(_) => Ok(0),
        Value::Str(text) => Ok(super::strings::char_count(&text.plain())),
        Value::List(list) => Ok(list.len()),
        Value::Tuple(items) => Ok(items.len()),
        Value::Set(set) => Ok(set.len()),
        Value::Dict(dict) => Ok(dict.len()),
        Value::Native(object) => object.len().ok_or_else(|| no_length(value)),
        other => Err(no_length(other)),
    }
}

fn no_length(value: &Value) -> Error {
    if let Value::Native(object) = value
        && let Some(error) = object.no_items()
    {
        return error;
    }
    Error::type_error(format!("object of type '{}' has no len()", value.type_name()))
}
