//! The operations that lowered templates call.

use std::fmt;
use std::sync::Arc;

use minijinja::State;
use minijinja::value::{Kwargs, Object, Value as Vm};

use crate::lower::{OWN_LOOP, inner_macro, unmangled};
use crate::program::Program;
use crate::session::Leave;
use crate::value::Str;
use crate::vm::{MISSING, from_vm, to_vm};
use crate::{Args, Cx, Error, ErrorKind, Key, Native, Value, python};

/// The operations that lowered templates are made of. Each takes the number of its site first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Attr,
    Binary,
    Call,
    Captured,
    Closure,
    Compare,
    Concat,
    Dict,
    Filter,
    Fault,
    Item,
    Iterate,
    Keep,
    Kept,
    Keywords,
    Last,
    Leave,
    Leaves,
    Left,
    List,
    Loop,
    Method,
    Missing,
    Push,
    Recurse,
    Return,
    SetAttr,
    Slice,
    Test,
    Text,
    Tuple,
    Unary,
    Undefined,
    Unpack,
}

impl Op {
    /// The operation that a name of a lowered template stands for.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("__")? {
            "attr" => Self::Attr,
            "binary" => Self::Binary,
            "call" => Self::Call,
            "captured" => Self::Captured,
            "closure" => Self::Closure,
            "compare" => Self::Compare,
            "concat" => Self::Concat,
            "dict" => Self::Dict,
            "filter" => Self::Filter,
            "fault" => Self::Fault,
            "item" => Self::Item,
            "iterate" => Self::Iterate,
            "keep" => Self::Keep,
            "kept" => Self::Kept,
            "keywords" => Self::Keywords,
            "last" => Self::Last,
            "leave" => Self::Leave,
            "leaves" => Self::Leaves,
            "left" => Self::Left,
            "list" => Self::List,
            "loop" => Self::Loop,
            "method" => Self::Method,
            "missing" => Self::Missing,
            "push" => Self::Push,
            "recurse" => Self::Recurse,
            "return" => Self::Return,
            "set_attr" => Self::SetAttr,
            "slice" => Self::Slice,
            "test" => Self::Test,
            "text" => Self::Text,
            "tuple" => Self::Tuple,
            "unary" => Self::Unary,
            "undefined" => Self::Undefined,
            "unpack" => Self::Unpack,
            _ => return None,
        })
    }
}

/// An operation that can be called.
pub(crate) struct Operation {
    pub(crate) op: Op,
    pub(crate) cx: Cx,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.op.fmt(f)
    }
}

impl Object for Operation {
    fn call(self: &Arc<Self>, _state: &mut State<'_, '_>, args: &[Vm]) -> Result<Vm, minijinja::Error> {
        match self.perform(args) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.cx.fail(error)),
        }
    }
}

impl Operation {
    fn perform(&self, args: &[Vm]) -> Result<Vm, Error> {
        let cx = &self.cx;
        let (site, args) = args.split_first().ok_or_else(internal)?;
        let site = site.as_usize().and_then(|site| u32::try_from(site).ok());
        cx.at(site.ok_or_else(internal)?)?;
        let (args, keywords) = match args.split_last() {
            Some((last, rest)) if last.is_kwargs() => (rest, keywords(last)),
            _ => (args, Vec::new()),
        };
        let mut values = args.iter().map(from_vm);
        let mut next = || values.next().ok_or_else(internal);
        let made = match self.op {
            Op::Attr => {
                let (base, name) = (next()?, next()?);
                if base.is_lenient() {
                    Value::lenient_name(&text(&name))
                } else {
                    self.found(python::attr(cx, &base, &text(&name))?, &name)
                }
            }
            Op::Item => {
                let (base, key) = (next()?, next()?);
                if base.is_lenient() {
                    base
                } else {
                    self.found(python::item(cx, &base, &key)?, &key)
                }
            }
            Op::Slice => python::slice(cx, &next()?, &next()?, &next()?, &next()?)?,
            Op::Call => {
                let callee = next()?;
                if callee.is_lenient() {
                    return Ok(to_vm(callee));
                }
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                python::call(cx, &callee, args)?
            }
            Op::Method => {
                let (base, name) = (next()?, next()?);
                if base.is_lenient() {
                    return Ok(to_vm(Value::lenient_name(&text(&name))));
                }
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                match python::call_method(cx, &base, &text(&name), args) {
                    Err(error) if cx.is_lenient() && is_missing(&error) => Value::lenient_name(&text(&name)),
                    called => called?,
                }
            }
            Op::Filter => {
                let (name, value) = (next()?, next()?);
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                let name = text(&name);
                if !python::has_filter(&name) {
                    return Err(unknown("filter", &name));
                }
                python::filter(cx, &name, &value, args)?
            }
            Op::Test => {
                let (name, value) = (next()?, next()?);
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                let name = text(&name);
                if !python::has_test(&name) {
                    return Err(unknown("test", &name));
                }
                Value::Bool(python::test(cx, &name, &value, args)?)
            }
            Op::Binary => python::binary(cx, &text(&next()?), &next()?, &next()?)?,
            Op::Compare => Value::Bool(python::compare(cx, &text(&next()?), &next()?, &next()?)?),
            Op::Unary => python::unary(cx, &text(&next()?), &next()?)?,
            Op::Concat => {
                let parts: Vec<Str> = values.map(|value| printed(&value)).collect();
                let bytes = parts
                    .iter()
                    .map(|part| part.marked().len())
                    .fold(0, usize::saturating_add);
                if bytes > cx.limits().text {
                    let limit = cx.limits().text;
                    let message = format!("the text grew beyond {limit} bytes");
                    return Err(Error::new(ErrorKind::Limit, message));
                }
                Value::Str(Str::plain_from("").join(&parts))
            }
            Op::List => Value::list(values.collect()),
            Op::Tuple => Value::tuple(values.collect()),
            Op::Dict => dict(&values.collect::<Vec<_>>())?,
            Op::Iterate => {
                let items = python::iterate(cx, &next()?)?;
                cx.spend(items.len() as u64)?;
                return Ok(Vm::from(items.into_iter().map(to_vm).collect::<Vec<_>>()));
            }
            Op::Keep => {
                let (index, value) = (next()?, next()?);
                cx.keep(place(&index)?, value.clone());
                value
            }
            Op::Kept => cx.kept(place(&next()?)?),
            Op::Last => values.next_back().ok_or_else(internal)?,
            Op::Leave => {
                cx.set_leaving(Some(leave(&next()?)));
                Value::None
            }
            Op::Leaves => {
                let found = cx.leaving() == Some(leave(&next()?));
                if found {
                    cx.set_leaving(None);
                }
                Value::Bool(found)
            }
            Op::Left => Value::Bool(cx.leaving().is_some()),
            Op::Loop => python::Loop::over(cx, &next()?)?,
            Op::Push => {
                let (list, value) = (next()?, next()?);
                if let Value::List(list) = list {
                    list.push(value);
                }
                Value::None
            }
            Op::Recurse => {
                let (body, iterable) = (next()?, next()?);
                let body = body.downcast::<Closure>().ok_or_else(internal)?.clone();
                let body: Arc<dyn python::Recurse> = Arc::new(body);
                let own = python::Loop::recursive(cx, &iterable, 0, Some(body.clone()))?;
                body.run(cx, own)?
            }
            Op::Text => match next()? {
                found @ (Value::Str(_) | Value::Undefined(_)) => found,
                other => {
                    // Jinja2 joins what the block gives without making a text of it.
                    return Err(Error::type_error(format!(
                        "sequence item 0: expected str instance, {} found",
                        other.type_name()
                    )));
                }
            },
            Op::Unpack => {
                let (value, shape) = (next()?, text(&next()?));
                Value::tuple(python::unpack(cx, &value, &mut shape.chars())?)
            }
            Op::Keywords => {
                let value = next()?;
                let Value::Dict(dict) = &value else {
                    return Err(Error::type_error(format!(
                        "argument after ** must be a mapping, not {}",
                        value.type_name()
                    )));
                };
                let entries = dict
                    .items()
                    .into_iter()
                    .map(|(key, value)| (text(&key), to_vm(value)));
                return Ok(Vm::from_pairs(entries));
            }
            Op::Captured => match next()? {
                Value::Str(text) => cx.captured(text.marked()),
                other => other,
            },
            Op::Closure => {
                let index = next()?;
                let program = closure_of(cx, &index).ok_or_else(internal)?;
                let mut captured = Vec::new();
                while let (Some(name), Some(value)) = (values.next(), values.next()) {
                    captured.push((Arc::from(text(&name).as_str()), value));
                }
                Value::native(Closure { program, captured })
            }
            Op::Missing => {
                Value::Bool(matches!(next()?, Value::Undefined(undefined) if undefined.message == MISSING))
            }
            Op::Return => {
                let value = next()?;
                return Err(cx.return_value(value));
            }
            Op::SetAttr => {
                let (base, name, value) = (next()?, next()?, next()?);
                set_attr(&base, &text(&name), value)?;
                Value::None
            }
            Op::Undefined => Value::undefined(text(&next()?)),
            Op::Fault => {
                let (kind, message) = (text(&next()?), text(&next()?));
                return Err(match kind.as_str() {
                    "syntax" => Error::new(ErrorKind::Syntax, message),
                    "type" => Error::type_error(message),
                    _ => Error::unsupported(message),
                });
            }
        };
        Ok(to_vm(made))
    }
}

/// Jinja2's error for a filter or test that is not there, in a branch that may not be taken.
fn unknown(kind: &str, name: &str) -> Error {
    Error::new(
        ErrorKind::Python("TemplateRuntimeError"),
        format!("No {kind} named {} found.", python::repr(&Value::str(name))),
    )
}

fn place(index: &Value) -> Result<usize, Error> {
    match index {
        Value::Int(index) => usize::try_from(*index).map_err(|_| internal()),
        _ => Err(internal()),
    }
}

fn leave(word: &Value) -> Leave {
    if word.as_str().as_deref() == Some("break") {
        Leave::Break
    } else {
        Leave::Continue
    }
}

impl Operation {
    /// What was found under a name, as the running program may use it.
    fn found(&self, value: Value, name: &Value) -> Value {
        if value.is_undefined() && self.cx.is_lenient() {
            Value::lenient_name(&python::to_str(name).plain())
        } else {
            value
        }
    }
}

/// Whether an error says that there is no such method; what fails within one that is there has been somewhere already.
fn is_missing(error: &Error) -> bool {
    error.kind() == ErrorKind::Undefined && error.trace().is_empty()
}

fn internal() -> Error {
    Error::unsupported("a template was lowered wrongly; this is a defect of Glueline")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// What a value adds to a text that it is printed into.
fn printed(value: &Value) -> Str {
    match value {
        Value::Undefined(_) => Str::plain_from(""),
        other => python::to_str(other),
    }
}

fn keywords(kwargs: &Vm) -> Vec<(Arc<str>, Value)> {
    let Ok(kwargs) = Kwargs::try_from(kwargs.clone()) else {
        return Vec::new();
    };
    kwargs
        .args()
        .filter_map(|name| {
            Some((
                Arc::from(&*unmangled(name)),
                from_vm(&kwargs.peek::<Vm>(name).ok()?),
            ))
        })
        .collect()
}

fn dict(pairs: &[Value]) -> Result<Value, Error> {
    let dict = crate::Dict::default();
    for pair in pairs.chunks_exact(2) {
        if let [key, value] = pair {
            let found = Key::of(key)
                .ok_or_else(|| Error::type_error(format!("unhashable type: '{}'", key.type_name())))?;
            dict.insert(found, key.clone(), value.clone());
        }
    }
    Ok(Value::Dict(Arc::new(dict)))
}

fn set_attr(base: &Value, name: &str, value: Value) -> Result<(), Error> {
    match base.downcast::<python::Namespace>() {
        Some(namespace) => {
            namespace.set(name, value);
            Ok(())
        }
        None => Err(Error::new(
            ErrorKind::Python("TemplateRuntimeError"),
            "cannot assign attribute on non-namespace object",
        )),
    }
}

fn closure_of(cx: &Cx, index: &Value) -> Option<Arc<Program>> {
    let Value::Int(index) = index else { return None };
    let running = cx.running()?;
    running.closures.get(usize::try_from(*index).ok()?).cloned()
}

/// The body of a `call` block or of a macro within a template, with the names it uses of what surrounds it.
#[derive(Debug, Clone)]
struct Closure {
    program: Arc<Program>,
    captured: Vec<(Arc<str>, Value)>,
}

impl Native for Closure {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        cx.call_program(&self.program, args, self.captured.clone(), false)
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let Some(params) = &self.program.params else {
            return Ok(None);
        };
        Ok(Some(match name {
            "name" if params.anonymous => Value::None,
            "name" => Value::str(inner_macro(&self.program.name)),
            "arguments" => Value::tuple(params.names.iter().map(|(name, _)| Value::str(name)).collect()),
            "catch_kwargs" => Value::Bool(params.takes_kwargs),
            "catch_varargs" => Value::Bool(params.takes_varargs),
            "caller" => Value::Bool(params.takes_caller),
            _ => return Ok(None),
        }))
    }

    fn text(&self) -> String {
        match &self.program.params {
            Some(params) if params.anonymous => "<Macro anonymous>".to_owned(),
            _ => format!("<Macro '{}'>", inner_macro(&self.program.name)),
        }
    }

    fn key(&self) -> Option<Arc<str>> {
        Some(format!("{:p}", std::ptr::from_ref(self)).into())
    }
}

impl python::Recurse for Closure {
    fn run(&self, cx: &Cx, own: Value) -> Result<Value, Error> {
        let mut captured = vec![(Arc::from(OWN_LOOP), own)];
        captured.extend(self.captured.iter().cloned());
        cx.call_program(&self.program, Args::default(), captured, false)
    }
}
