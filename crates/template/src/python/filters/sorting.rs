//! Filters that order and group.

use std::cmp::Ordering;

use crate::{Args, Cx, Error, Value};

use super::{argument_error, truth};
use crate::python::{attributes, call_method, compare, iterate, params, strings};

/// Looks up an attribute by its path (`jinja2/filters.py`, `make_attrgetter`).
pub(super) struct Getter {
    parts: Vec<Value>,
    default: Option<Value>,
    case_sensitive: bool,
}

impl Getter {
    /// `None` as the path gives the item itself.
    pub(super) fn new(attribute: &Value, default: Option<Value>, case_sensitive: bool) -> Self {
        let parts = match attribute {
            Value::None => Vec::new(),
            Value::Str(path) => path.plain().split('.').map(path_part).collect(),
            other => vec![other.clone()],
        };
        Self {
            parts,
            default: params::given(default),
            case_sensitive,
        }
    }

    pub(super) fn get(&self, cx: &Cx, item: &Value) -> Result<Value, Error> {
        let mut item = item.clone();
        for part in &self.parts {
            item = attributes::item(cx, &item, part)?;
            if let (true, Some(default)) = (item.is_undefined(), &self.default) {
                item = default.clone();
            }
        }
        Ok(if self.case_sensitive {
            item
        } else {
            ignore_case(item)
        })
    }
}

fn path_part(part: &str) -> Value {
    let is_number = !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    match part.parse() {
        Ok(number) if is_number => Value::Int(number),
        _ => Value::str(part),
    }
}

fn ignore_case(value: Value) -> Value {
    match &value {
        Value::Str(text) => Value::str(strings::lower(&text.plain())),
        _ => value,
    }
}

pub(super) fn sort(cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["value", "reverse", "case_sensitive", "attribute"];
    let [value, reverse, case_sensitive, attribute] = args.bind("do_sort", names, 1)?;
    let case_sensitive = truth(case_sensitive, false);
    let getters: Vec<Getter> = match attribute.unwrap_or_default() {
        Value::Str(paths) => paths
            .plain()
            .split(',')
            .map(|path| Getter::new(&Value::str(path), None, case_sensitive))
            .collect(),
        other => vec![Getter::new(&other, None, case_sensitive)],
    };
    let mut keyed = Vec::new();
    for item in iterate::iterate(cx, &value.unwrap_or_default())? {
        // A list of keys, as in Jinja2: undefined values in it are equal, where alone they could not be ordered.
        let key = getters
            .iter()
            .map(|getter| getter.get(cx, &item))
            .collect::<Result<_, _>>()?;
        let key = Value::tuple(key);
        keyed.push((key, item));
    }
    compare::sort(cx, keyed, truth(reverse, false)).map(Value::list)
}

/// Python's `value.items()`.
pub(super) fn pairs(cx: &Cx, value: &Value) -> Result<Value, Error> {
    match value {
        Value::Native(object) if !object.is_mapping() && super::has_no_items(value) => Err(Error::new(
            crate::ErrorKind::Python("AttributeError"),
            format!("'{}' object has no attribute 'items'", object.type_name()),
        )),
        Value::Dict(_) | Value::Native(_) | Value::Undefined(_) => {
            call_method(cx, value, "items", Args::default())
        }
        other => Err(Error::new(
            crate::ErrorKind::Python("AttributeError"),
            format!("'{}' object has no attribute 'items'", other.type_name()),
        )),
    }
}

pub(super) fn dictsort(cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["value", "case_sensitive", "by", "reverse"];
    let [value, case_sensitive, by, reverse] = args.bind("do_dictsort", names, 1)?;
    let by = by.unwrap_or_else(|| Value::str("key"));
    let by_value = match by.as_str().as_deref() {
        Some("key") => false,
        Some("value") => true,
        _ => return Err(argument_error("You can only sort by either \"key\" or \"value\"")),
    };
    let value = value.unwrap_or_default();
    let items = pairs(cx, &value)?;
    let case_sensitive = truth(case_sensitive, false);
    let mut keyed = Vec::new();
    for pair in iterate::iterate(cx, &items)? {
        let key = attributes::item(cx, &pair, &Value::Int(i64::from(by_value)))?;
        keyed.push((if case_sensitive { key } else { ignore_case(key) }, pair));
    }
    compare::sort(cx, keyed, truth(reverse, false)).map(Value::list)
}

pub(super) fn min(cx: &Cx, args: Args) -> Result<Value, Error> {
    extreme(cx, args, "do_min", Ordering::Less)
}

pub(super) fn max(cx: &Cx, args: Args) -> Result<Value, Error> {
    extreme(cx, args, "do_max", Ordering::Greater)
}

fn extreme(cx: &Cx, args: Args, function: &str, wanted: Ordering) -> Result<Value, Error> {
    let [value, case_sensitive, attribute] =
        args.bind(function, ["value", "case_sensitive", "attribute"], 1)?;
    let getter = Getter::new(&attribute.unwrap_or_default(), None, truth(case_sensitive, false));
    let mut best: Option<(Value, Value)> = None;
    let op = if wanted.is_lt() { "<" } else { ">" };
    for item in iterate::iterate(cx, &value.unwrap_or_default())? {
        cx.spend(1)?;
        let key = getter.get(cx, &item)?;
        let better = match &best {
            None => true,
            Some((known, _)) => compare::ordered(op, &key, known)?,
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or_else(
        || Value::undefined("No aggregated item, sequence was empty.".to_owned()),
        |(_, item)| item,
    ))
}

pub(super) fn groupby(cx: &Cx, args: Args) -> Result<Value, Error> {
    let names = ["value", "attribute", "default", "case_sensitive"];
    let [value, attribute, default, case_sensitive] = args.bind("sync_do_groupby", names, 2)?;
    let (attribute, case_sensitive) = (attribute.unwrap_or_default(), truth(case_sensitive, false));
    let getter = Getter::new(&attribute, default.clone(), case_sensitive);
    let mut keyed = Vec::new();
    for item in iterate::iterate(cx, &value.unwrap_or_default())? {
        keyed.push((getter.get(cx, &item)?, item));
    }
    let shown = Getter::new(&attribute, default, true);
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in compare::sort(cx, keyed, false)? {
        let key = getter.get(cx, &item)?;
        match groups.last_mut() {
            Some((known, items)) if compare::equal(known, &key) => items.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let mut made = Vec::new();
    for (key, items) in groups {
        let key = match items.first() {
            Some(first) if !case_sensitive => shown.get(cx, first)?,
            _ => key,
        };
        made.push(Value::tuple(vec![key, Value::list(items)]));
    }
    Ok(Value::list(made))
}
