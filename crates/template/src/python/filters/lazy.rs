//! Filters that are generators: nothing happens before the first item is asked for.

use crate::{Args, Cx, Error, ErrorKind, Key, Value};

use super::argument_error;
use super::sorting::Getter;
use crate::python::iterate::{self, Iter, Step, later};
use crate::python::{dicts, filter, params, test};

/// What is done to each item.
type Each = Box<dyn Fn(&Cx, &Value) -> Result<Value, Error> + Send>;
/// Which items are kept.
type Keeps = Box<dyn Fn(&Cx, &Value) -> Result<bool, Error> + Send>;

fn split_first(args: Args) -> (Value, Args) {
    let mut positional = args.positional.into_iter();
    let value = positional.next().unwrap_or_default();
    let rest = Args {
        positional: positional.collect(),
        keywords: args.keywords,
    };
    (value, rest)
}

/// An item, after what must be prepared when the first is asked for.
fn prepared<T: Send + 'static>(
    value: Value,
    args: Args,
    prepare: fn(Args) -> Result<T, Error>,
    mut next: impl FnMut(&Cx, &T, &mut Step) -> Result<Option<Value>, Error> + Send + 'static,
) -> Step {
    let mut args = Some(args);
    let mut ready: Option<T> = None;
    let is_empty = !value.truth();
    let mut items = later(value);
    Box::new(move |cx| {
        if is_empty {
            return Ok(None);
        }
        if let Some(args) = args.take() {
            ready = Some(prepare(args)?);
        }
        match &ready {
            Some(ready) => next(cx, ready, &mut items),
            None => Ok(None),
        }
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every filter has this form")]
pub(super) fn map(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let (value, args) = split_first(args);
    let step = prepared(value, args, prepare_map, |cx, each, items| match items(cx)? {
        Some(item) => {
            cx.spend(1)?;
            each(cx, &item).map(Some)
        }
        None => Ok(None),
    });
    Ok(Iter::generator("sync_do_map", step))
}

fn prepare_map(mut args: Args) -> Result<Each, Error> {
    if args.positional.is_empty()
        && let Some(attribute) = args.take_keyword("attribute")
    {
        let default = args.take_keyword("default");
        if let Some((name, _)) = args.keywords.first() {
            return Err(argument_error(format!("Unexpected keyword argument '{name}'")));
        }
        let getter = Getter::new(&attribute, default, true);
        return Ok(Box::new(move |cx, item| getter.get(cx, item)));
    }
    if args.positional.is_empty() {
        return Err(argument_error("map requires a filter argument"));
    }
    let (name, args) = split_first(args);
    let name = called(&name, "filter")?;
    Ok(Box::new(move |cx, item| filter(cx, &name, item, args.clone())))
}

/// The name of a filter or test that is passed as an argument.
fn called(name: &Value, what: &str) -> Result<String, Error> {
    match name {
        Value::Str(name) => Ok(name.plain().into_owned()),
        Value::Undefined(undefined) => Err(Error::new(
            ErrorKind::Python("TemplateRuntimeError"),
            format!(
                "No {what} named Undefined. ({}; did you forget to quote the callable name?)",
                undefined.message
            ),
        )),
        other => Err(Error::new(
            ErrorKind::Python("TemplateRuntimeError"),
            format!("No {what} named {}.", crate::python::repr(other)),
        )),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every filter has this form")]
pub(super) fn select(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(choose(args, false, true))
}

#[expect(clippy::unnecessary_wraps, reason = "every filter has this form")]
pub(super) fn reject(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(choose(args, false, false))
}

#[expect(clippy::unnecessary_wraps, reason = "every filter has this form")]
pub(super) fn selectattr(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(choose(args, true, true))
}

#[expect(clippy::unnecessary_wraps, reason = "every filter has this form")]
pub(super) fn rejectattr(_cx: &Cx, args: Args) -> Result<Value, Error> {
    Ok(choose(args, true, false))
}

fn choose(args: Args, by_attribute: bool, wanted: bool) -> Value {
    let (value, args) = split_first(args);
    let prepare = if by_attribute {
        prepare_choice_by_attribute
    } else {
        prepare_choice
    };
    let step = prepared(value, args, prepare, move |cx, keeps, items| {
        while let Some(item) = items(cx)? {
            cx.spend(1)?;
            if keeps(cx, &item)? == wanted {
                return Ok(Some(item));
            }
        }
        Ok(None)
    });
    Iter::generator("select_or_reject", step)
}

fn prepare_choice(args: Args) -> Result<Keeps, Error> {
    if args.positional.is_empty() {
        return Ok(Box::new(|_, item| Ok(item.truth())));
    }
    let (name, args) = split_first(args);
    let name = called(&name, "test")?;
    Ok(Box::new(move |cx, item| test(cx, &name, item, args.clone())))
}

fn prepare_choice_by_attribute(args: Args) -> Result<Keeps, Error> {
    if args.positional.is_empty() {
        return Err(argument_error("Missing parameter for attribute name"));
    }
    let (attribute, args) = split_first(args);
    let getter = Getter::new(&attribute, None, true);
    let keeps = prepare_choice(args)?;
    Ok(Box::new(move |cx, item| keeps(cx, &getter.get(cx, item)?)))
}

pub(super) fn unique(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["value", "case_sensitive", "attribute"];
    let [value, case_sensitive, attribute] = args.bind("sync_do_unique", names, 1)?;
    let getter = Getter::new(
        &attribute.unwrap_or_default(),
        None,
        super::truth(case_sensitive, false),
    );
    let mut items = later(value.unwrap_or_default());
    let mut seen = indexmap::IndexSet::<Key>::new();
    Ok(Iter::generator(
        "sync_do_unique",
        Box::new(move |cx| {
            while let Some(item) = items(cx)? {
                cx.spend(1)?;
                if seen.insert(dicts::key(&getter.get(cx, &item)?)?) {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        }),
    ))
}

pub(super) fn items(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value] = args.bind("do_items", ["value"], 1)?;
    let value = value.unwrap_or_default();
    let mut pairs: Option<Step> = None;
    Ok(Iter::generator(
        "do_items",
        Box::new(move |cx| {
            if value.is_undefined() {
                return Ok(None);
            }
            if pairs.is_none() {
                let is_mapping = matches!(&value, Value::Dict(_))
                    || matches!(&value, Value::Native(object) if object.is_mapping());
                if !is_mapping {
                    return Err(Error::type_error("Can only get item pairs from a mapping."));
                }
                let items = crate::python::call_method(cx, &value, "items", Args::default())?;
                pairs = Some(iterate::steps(cx, &items)?);
            }
            pairs.as_mut().map_or(Ok(None), |pairs| pairs(cx))
        }),
    ))
}

pub(super) fn batch(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, size, fill] = args.bind("do_batch", ["value", "linecount", "fill_with"], 2)?;
    let size = size.unwrap_or_default();
    let fill = params::given(fill);
    let mut items = later(value.unwrap_or_default());
    let mut held: Vec<Value> = Vec::new();
    Ok(Iter::generator(
        "do_batch",
        Box::new(move |cx| {
            let full = |held: &[Value]| {
                crate::python::equal(&Value::Int(i64::try_from(held.len()).unwrap_or(i64::MAX)), &size)
            };
            while let Some(item) = items(cx)? {
                cx.spend(1)?;
                let done = full(&held).then(|| std::mem::take(&mut held));
                held.push(item);
                if let Some(done) = done {
                    return Ok(Some(Value::list(done)));
                }
            }
            if held.is_empty() {
                return Ok(None);
            }
            let mut last = std::mem::take(&mut held);
            if let Some(fill) = &fill {
                let size = usize::try_from(params::int(&size)?).unwrap_or(0);
                cx.spend(size as u64)?;
                while last.len() < size {
                    last.push(fill.clone());
                }
            }
            Ok(Some(Value::list(last)))
        }),
    ))
}

pub(super) fn slice(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, slices, fill] = args.bind("sync_do_slice", ["value", "slices", "fill_with"], 2)?;
    let (value, slices, fill) = (
        value.unwrap_or_default(),
        slices.unwrap_or_default(),
        params::given(fill),
    );
    let mut made: Option<std::vec::IntoIter<Value>> = None;
    Ok(Iter::generator(
        "sync_do_slice",
        Box::new(move |cx| {
            if made.is_none() {
                made = Some(slice_now(cx, &value, &slices, fill.as_ref())?.into_iter());
            }
            Ok(made.as_mut().and_then(Iterator::next))
        }),
    ))
}

fn slice_now(cx: &Cx, value: &Value, slices: &Value, fill: Option<&Value>) -> Result<Vec<Value>, Error> {
    let items = iterate::iterate(cx, value)?;
    let count = params::int(slices)?;
    if count == 0 {
        return Err(Error::new(
            ErrorKind::Python("ZeroDivisionError"),
            "integer division or modulo by zero",
        ));
    }
    let count = usize::try_from(count).unwrap_or(0);
    cx.spend(count as u64)?;
    let mut made = Vec::new();
    let (size, extra) = (items.len() / count.max(1), items.len() % count.max(1));
    let mut items = items.into_iter();
    for index in 0..count {
        let mut part: Vec<Value> = items.by_ref().take(size + usize::from(index < extra)).collect();
        if let Some(fill) = fill.filter(|_| index >= extra) {
            part.push(fill.clone());
        }
        made.push(Value::list(part));
    }
    Ok(made)
}
