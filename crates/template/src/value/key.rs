//! What a dict or set compares its keys by.

use std::sync::Arc;

use super::Value;

/// A hashable value: equal where Python calls the values equal, so `True`, `1` and `1.0` are one key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// `None`.
    None,
    /// A whole number, a boolean, or a float without a fraction.
    Int(i64),
    /// Any other float, by its bits.
    Float(u64),
    /// A text, without marks.
    Str(Arc<str>),
    /// A tuple.
    Tuple(Vec<Key>),
    /// An object with what it says it is compared by.
    Native(Arc<str>),
}

impl Key {
    /// The key of a text.
    pub fn str(text: &str) -> Self {
        Self::Str(text.into())
    }

    /// The key of a value; `None` where Python says `unhashable type`.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::None => Self::None,
            Value::Bool(value) => Self::Int(i64::from(*value)),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::float(*value),
            Value::Str(text) => Self::Str(text.to_plain()),
            Value::Tuple(items) => Self::Tuple(items.iter().map(Self::of).collect::<Option<_>>()?),
            Value::Native(object) => Self::Native(object.key()?),
            Value::Undefined(undefined) => Self::Native(undefined.message.as_str().into()),
            Value::List(_) | Value::Dict(_) | Value::Set(_) => return None,
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "the comparison tells whether the number is whole and fits"
    )]
    fn float(value: f64) -> Self {
        let whole = value as i64;
        if whole as f64 == value {
            Self::Int(whole)
        } else {
            Self::Float(value.to_bits())
        }
    }
}
