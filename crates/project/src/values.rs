//! Reading parts out of a [`Value`] tree.

use std::sync::Arc;

use glueline_base::{Spanned, Value};

/// A text with where it stands.
pub type Text = Spanned<Arc<str>>;

/// The text under a key. Numbers and booleans count as what dbt would print.
pub(crate) fn text(map: &Value, key: &str) -> Option<Text> {
    as_text(map.get(key)?)
}

/// A scalar as text; `None` for null, lists, mappings and what is not known.
pub(crate) fn as_text(value: &Spanned<Value>) -> Option<Text> {
    let text = match &value.value {
        Value::Str(text) | Value::Date(text) => text.clone(),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.value.display().into(),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Unknown => return None,
    };
    Some(Spanned::new(text, value.range))
}

/// The texts under a key that holds one text or a list of texts.
pub(crate) fn texts(map: &Value, key: &str) -> Option<Vec<Text>> {
    map.get(key).map(as_texts)
}

/// One text, or each text of a list.
pub(crate) fn as_texts(value: &Spanned<Value>) -> Vec<Text> {
    match &value.value {
        Value::List(items) => items.iter().filter_map(as_text).collect(),
        _ => as_text(value).into_iter().collect(),
    }
}

/// The mappings of the list under a key, each with its range.
pub(crate) fn maps<'a>(map: &'a Value, key: &str) -> impl Iterator<Item = &'a Spanned<Value>> {
    map.get(key)
        .and_then(|node| node.value.as_list())
        .unwrap_or_default()
        .iter()
        .filter(|item| item.value.as_map().is_some())
}

/// The boolean under a key.
pub(crate) fn boolean(map: &Value, key: &str) -> Option<bool> {
    map.get(key)?.value.as_bool()
}
