//! `loop`, and what a `for` block goes through (`jinja2/runtime.py`, `LoopContext`).

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::compare;
use super::iterate::{Iter, iterate};
use crate::{Args, Cx, Dict, Error, ErrorKind, List, Native, Value};

/// What runs the body of a recursive loop for a loop of its own.
pub(crate) trait Recurse: fmt::Debug + Send + Sync {
    /// The text that the loop renders.
    fn run(&self, cx: &Cx, own: Value) -> Result<Value, Error>;
}

/// The loop that is running: what it goes through, and the variable `loop`.
pub(crate) struct Loop {
    cx: Cx,
    depth0: i64,
    recurse: Option<Arc<dyn Recurse>>,
    state: Mutex<State>,
}

struct State {
    source: Source,
    /// How many items were handed out.
    given: usize,
    length: Option<usize>,
    previous: Option<Value>,
    current: Option<Value>,
    /// The item after the current one, where it was asked for.
    peeked: Peeked,
    changed: Option<Vec<Value>>,
}

enum Peeked {
    NotAsked,
    End,
    Item(Value),
}

/// Where the items come from. A list and a dict may change while a loop goes through them, as in Python.
enum Source {
    List(Arc<List>, usize),
    Dict(Arc<Dict>, usize, usize),
    Lazy(Value),
    Items(std::vec::IntoIter<Value>),
}

impl Source {
    fn of(cx: &Cx, value: &Value) -> Result<Self, Error> {
        Ok(match value {
            Value::List(list) => Self::List(list.clone(), 0),
            Value::Dict(dict) => Self::Dict(dict.clone(), 0, dict.len()),
            Value::Native(_) if value.downcast::<Iter>().is_some() || value.downcast::<Loop>().is_some() => {
                Self::Lazy(value.clone())
            }
            _ => Self::Items(iterate(cx, value)?.into_iter()),
        })
    }

    /// How many items there are beyond those that were handed out; `None` where only going through them tells.
    fn left(&self) -> Option<usize> {
        match self {
            Self::List(list, at) => Some(list.len().saturating_sub(*at)),
            Self::Dict(dict, at, _) => Some(dict.len().saturating_sub(*at)),
            Self::Lazy(_) => None,
            Self::Items(items) => Some(items.len()),
        }
    }

    fn next(&mut self, cx: &Cx) -> Result<Option<Value>, Error> {
        match self {
            Self::List(list, at) => {
                let item = list.lock().get(*at).cloned();
                *at += 1;
                Ok(item)
            }
            Self::Dict(dict, at, size) => {
                let entries = dict.lock();
                if entries.len() != *size {
                    return Err(Error::new(
                        ErrorKind::Python("RuntimeError"),
                        "dictionary changed size during iteration",
                    ));
                }
                let item = entries.get_index(*at).map(|(_, (key, _))| key.clone());
                *at += 1;
                Ok(item)
            }
            Self::Lazy(value) => match (value.downcast::<Iter>(), value.downcast::<Loop>()) {
                (Some(iter), _) => iter.next(cx),
                (_, Some(outer)) => outer.next(),
                _ => Ok(None),
            },
            Self::Items(items) => Ok(items.next()),
        }
    }
}

impl fmt::Debug for Loop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loop")
    }
}

impl Loop {
    /// A loop over a value that has not started.
    pub(crate) fn over(cx: &Cx, value: &Value) -> Result<Value, Error> {
        Self::recursive(cx, value, 0, None)
    }

    /// A loop that can be called, `depth0` calls deep.
    pub(crate) fn recursive(
        cx: &Cx,
        value: &Value,
        depth0: i64,
        recurse: Option<Arc<dyn Recurse>>,
    ) -> Result<Value, Error> {
        Ok(Value::native(Self {
            cx: cx.clone(),
            depth0,
            recurse,
            state: Mutex::new(State {
                source: Source::of(cx, value)?,
                given: 0,
                length: None,
                previous: None,
                current: None,
                peeked: Peeked::NotAsked,
                changed: None,
            }),
        }))
    }

    /// Goes on to the next item.
    pub(crate) fn next(&self) -> Result<Option<Value>, Error> {
        self.cx.spend(1)?;
        let next = self.peek()?;
        let mut state = self.lock();
        state.peeked = Peeked::NotAsked;
        if let Some(next) = &next {
            state.previous = state.current.replace(next.clone());
            state.given += 1;
        }
        Ok(next)
    }

    /// Hands an error on through minijinja.
    pub(crate) fn fail(&self, error: Error) -> minijinja::Error {
        self.cx.fail(error)
    }

    /// The item after the current one.
    fn peek(&self) -> Result<Option<Value>, Error> {
        let mut state = self.lock();
        match &state.peeked {
            Peeked::NotAsked => {}
            Peeked::End => return Ok(None),
            Peeked::Item(item) => return Ok(Some(item.clone())),
        }
        // The source is out while it is asked: a generator runs template code, which may ask this loop.
        let mut source = std::mem::replace(&mut state.source, Source::Items(Vec::new().into_iter()));
        drop(state);
        let next = source.next(&self.cx);
        let mut state = self.lock();
        state.source = source;
        let next = next?;
        state.peeked = next.clone().map_or(Peeked::End, Peeked::Item);
        Ok(next)
    }

    /// How many items there are in all. A generator is gone through for that, as in Jinja2.
    fn length(&self) -> Result<usize, Error> {
        let mut state = self.lock();
        if let Some(length) = state.length {
            return Ok(length);
        }
        let peeked = usize::from(matches!(state.peeked, Peeked::Item(_)));
        let left = state.source.left();
        let left = match (left, &state.source) {
            (None, Source::Lazy(value)) => {
                let value = value.clone();
                drop(state);
                let items = iterate(&self.cx, &value)?;
                state = self.lock();
                let count = items.len();
                state.source = Source::Items(items.into_iter());
                count
            }
            (left, _) => left.unwrap_or(0),
        };
        let length = state.given + peeked + left;
        state.length = Some(length);
        Ok(length)
    }

    fn index(&self) -> i64 {
        i64::try_from(self.lock().given).unwrap_or(i64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counted(&self) -> Result<i64, Error> {
        Ok(i64::try_from(self.length()?).unwrap_or(i64::MAX))
    }

    fn cycle(&self, args: &Args) -> Result<Value, Error> {
        if args.positional.is_empty() {
            return Err(Error::type_error("no items for cycling given"));
        }
        let at = self.lock().given.saturating_sub(1) % args.positional.len();
        Ok(args.positional.get(at).cloned().unwrap_or_default())
    }

    fn changed(&self, values: &[Value]) -> bool {
        let before = self.lock().changed.replace(values.to_vec());
        let same = before.is_some_and(|before| {
            before.len() == values.len() && before.iter().zip(values).all(|(a, b)| compare::equal(a, b))
        });
        !same
    }
}

impl Native for Loop {
    fn type_name(&self) -> &'static str {
        "LoopContext"
    }

    fn qualified_type_name(&self) -> String {
        "jinja2.runtime.LoopContext".to_owned()
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(match name {
            "index" => Value::Int(self.index()),
            "index0" => Value::Int(self.index() - 1),
            "revindex" => Value::Int(self.counted()? - self.index() + 1),
            "revindex0" => Value::Int(self.counted()? - self.index()),
            "first" => Value::Bool(self.index() == 1),
            "last" => Value::Bool(self.peek()?.is_none()),
            "length" => Value::Int(self.counted()?),
            "depth" => Value::Int(self.depth0 + 1),
            "depth0" => Value::Int(self.depth0),
            "previtem" => match self.lock().previous.clone() {
                Some(item) => item,
                None => Value::undefined("there is no previous item".to_owned()),
            },
            "nextitem" => match self.peek()? {
                Some(item) => item,
                None => Value::undefined("there is no next item".to_owned()),
            },
            _ => return Ok(None),
        }))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["changed", "cycle"]
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        match name {
            "cycle" => Some(self.cycle(args)),
            "changed" => Some(Ok(Value::Bool(self.changed(&args.positional)))),
            _ => None,
        }
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let [iterable] = args.bind("LoopContext.__call__", ["iterable"], 1)?;
        let iterable = iterable.unwrap_or_default();
        let Some(recurse) = &self.recurse else {
            return Err(Error::type_error(
                "The loop must have the 'recursive' marker to be called recursively.",
            ));
        };
        let own = Self::recursive(cx, &iterable, self.depth0 + 1, Some(recurse.clone()))?;
        recurse.run(cx, own)
    }

    fn text(&self) -> String {
        let length = self.length().unwrap_or(0);
        format!("<LoopContext {}/{length}>", self.index())
    }

    fn len(&self) -> Option<usize> {
        self.length().ok()
    }

    fn items(&self) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        while let Ok(Some(item)) = self.next() {
            items.push(item);
        }
        Some(items)
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(format!("{:p}", std::ptr::from_ref(self)).into())
    }
}

/// The items of a value for as many targets, with Python's errors; a target that is a tuple itself takes its items apart again.
/// `shape` is read from the front: `(` starts a tuple, `.` is a name, `)` ends the tuple.
pub(crate) fn unpack(cx: &Cx, value: &Value, shape: &mut std::str::Chars<'_>) -> Result<Vec<Value>, Error> {
    let wanted = count(shape.clone());
    let items = match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
            return Err(not_unpacked(value));
        }
        _ => iterate(cx, value).map_err(|error| match error.kind() {
            ErrorKind::Type if !super::iterate::is_iterable(value) => not_unpacked(value),
            _ => error,
        })?,
    };
    cx.spend(items.len() as u64)?;
    if items.len() != wanted {
        return Err(Error::value_error(if items.len() < wanted {
            format!(
                "not enough values to unpack (expected {wanted}, got {})",
                items.len()
            )
        } else {
            format!("too many values to unpack (expected {wanted})")
        }));
    }
    let mut made = Vec::with_capacity(wanted);
    for item in items {
        match shape.next() {
            Some('(') => {
                let inner = unpack(cx, &item, shape)?;
                shape.next();
                made.push(Value::tuple(inner));
            }
            _ => made.push(item),
        }
    }
    Ok(made)
}

fn not_unpacked(value: &Value) -> Error {
    Error::type_error(format!("cannot unpack non-iterable {} object", value.type_name()))
}

/// How many targets a tuple has, from behind its bracket on.
fn count(shape: std::str::Chars<'_>) -> usize {
    let (mut depth, mut found) = (0_usize, 0);
    for c in shape {
        match c {
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            _ => {
                found += usize::from(depth == 0);
                depth += usize::from(c == '(');
            }
        }
    }
    found
}
