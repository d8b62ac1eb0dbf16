//! The border with minijinja: values that cross it, and the operations that lowered templates call.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value as Vm, ValueKind};
use minijinja::{ErrorKind as VmErrorKind, Output, State};

use crate::program::Program;
use crate::value::Str;
use crate::{Args, Cx, Error, ErrorKind, Key, Native, Value, python};

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
            _ => ObjectRepr::Plain,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.0 {
            Value::List(list) => Enumerator::Values(list.items().into_iter().map(to_vm).collect()),
            Value::Tuple(items) => Enumerator::Values(items.iter().cloned().map(to_vm).collect()),
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

/// An object of minijinja's own: `loop`.
#[derive(Debug)]
struct Foreign(Vm);

impl Native for Foreign {
    fn type_name(&self) -> &'static str {
        "LoopContext"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let found = self.0.get_attr(name).unwrap_or_default();
        Ok((!found.is_undefined()).then(|| from_vm(&found)))
    }

    fn text(&self) -> String {
        self.0.to_string()
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
            None => Value::native(Foreign(value.clone())),
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
        let bound = self.bindings.iter().find(|(bound, _)| &**bound == name);
        let value = match bound {
            Some((_, value)) => value.clone(),
            None => self.cx.lookup(name),
        };
        Some(to_vm(value))
    }
}

/// The operations that lowered templates are made of. Each takes the number of its site first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
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
    Keywords,
    List,
    Method,
    Missing,
    Return,
    SetAttr,
    Slice,
    Test,
    Tuple,
    Unary,
    Undefined,
}

impl Op {
    fn of(name: &str) -> Option<Self> {
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
            "keywords" => Self::Keywords,
            "list" => Self::List,
            "method" => Self::Method,
            "missing" => Self::Missing,
            "return" => Self::Return,
            "set_attr" => Self::SetAttr,
            "slice" => Self::Slice,
            "test" => Self::Test,
            "tuple" => Self::Tuple,
            "unary" => Self::Unary,
            "undefined" => Self::Undefined,
            _ => return None,
        })
    }
}

struct Operation {
    op: Op,
    cx: Cx,
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
            Err(error) => {
                self.cx.set_pending(error);
                Err(minijinja::Error::new(VmErrorKind::InvalidOperation, "pending"))
            }
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
            Op::Attr => python::attr(cx, &next()?, &text(&next()?))?,
            Op::Item => python::item(cx, &next()?, &next()?)?,
            Op::Slice => python::slice(cx, &next()?, &next()?, &next()?, &next()?)?,
            Op::Call => {
                let callee = next()?;
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                python::call(cx, &callee, args)?
            }
            Op::Method => {
                let (base, name) = (next()?, next()?);
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                python::call_method(cx, &base, &text(&name), args)?
            }
            Op::Filter => {
                let (name, value) = (next()?, next()?);
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                python::filter(cx, &text(&name), &value, args)?
            }
            Op::Test => {
                let (name, value) = (next()?, next()?);
                let args = Args {
                    positional: values.collect(),
                    keywords,
                };
                Value::Bool(python::test(cx, &text(&name), &value, args)?)
            }
            Op::Binary => python::binary(cx, &text(&next()?), &next()?, &next()?)?,
            Op::Compare => Value::Bool(python::compare(cx, &text(&next()?), &next()?, &next()?)?),
            Op::Unary => python::unary(cx, &text(&next()?), &next()?)?,
            Op::Concat => {
                let parts: Vec<Str> = values.map(|value| printed(&value)).collect();
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
            Op::Keywords => {
                let value = next()?;
                let Value::Dict(dict) = &value else {
                    return Err(Error::type_error(format!(
                        "argument after ** must be a mapping, not {}",
                        value.type_name()
                    )));
                };
                let entries = dict.items().into_iter().map(|(key, value)| (text(&key), to_vm(value)));
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
            Op::Missing => Value::Bool(matches!(next()?, Value::Undefined(undefined) if undefined.message == MISSING)),
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

fn internal() -> Error {
    Error::unsupported("a template was lowered wrongly; this is a defect of Glueline")
}

fn text(value: &Value) -> String {
    value.as_str().map(std::borrow::Cow::into_owned).unwrap_or_default()
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
        .filter_map(|name| Some((Arc::from(name), from_vm(&kwargs.peek::<Vm>(name).ok()?))))
        .collect()
}

fn dict(pairs: &[Value]) -> Result<Value, Error> {
    let dict = crate::Dict::default();
    for pair in pairs.chunks_exact(2) {
        if let [key, value] = pair {
            let found = Key::of(key).ok_or_else(|| {
                Error::type_error(format!("unhashable type: '{}'", key.type_name()))
            })?;
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
#[derive(Debug)]
struct Closure {
    program: Arc<Program>,
    captured: Vec<(Arc<str>, Value)>,
}

impl Native for Closure {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        cx.call_program(&self.program, args, self.captured.clone())
    }

    fn text(&self) -> String {
        format!("<Macro '{}'>", self.program.name)
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
        _ => error.detail().map_or_else(|| error.to_string(), ToOwned::to_owned),
    };
    let mut made = Error::new(kind, message);
    if let Some(place) = error.line().and_then(|line| program.place_of_line(line)) {
        made.place_at(crate::TraceFrame::new(program.name.clone(), place));
    }
    made
}
