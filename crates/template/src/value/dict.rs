//! Python's `dict` and `set`, both in the order of insertion.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;

use super::{Key, Value};

/// A dict that can change. Under each key stand the key as it was first written, and the value.
#[derive(Debug, Default)]
pub struct Dict {
    entries: Mutex<IndexMap<Key, (Value, Value)>>,
}

impl Dict {
    /// The entries, to change. No other container may be locked, and no template code run, while this is held.
    pub fn lock(&self) -> MutexGuard<'_, IndexMap<Key, (Value, Value)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The entries as they are now: keys and values.
    pub fn items(&self) -> Vec<(Value, Value)> {
        self.lock().values().cloned().collect()
    }

    /// The value under a key.
    pub fn get(&self, key: &Key) -> Option<Value> {
        self.lock().get(key).map(|(_, value)| value.clone())
    }

    /// The value under a text.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        self.get(&Key::str(key))
    }

    /// Sets the value under a key. An entry that exists keeps its place and its key.
    pub fn insert(&self, key: Key, written: Value, value: Value) {
        let mut entries = self.lock();
        match entries.get_mut(&key) {
            Some(entry) => entry.1 = value,
            None => {
                entries.insert(key, (written, value));
            }
        }
    }

    /// Sets the value under a text.
    pub fn insert_str(&self, key: &str, value: Value) {
        self.insert(Key::str(key), Value::str(key), value);
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

/// A set that can change. Python's order is arbitrary; here it is that of a Python without salt for texts, and that of insertion for
/// anything else.
#[derive(Debug, Default)]
pub struct Set {
    items: Mutex<IndexMap<Key, Value>>,
}

impl Set {
    /// The items, to change. No other container may be locked, and no template code run, while this is held.
    pub fn lock(&self) -> MutexGuard<'_, IndexMap<Key, Value>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The items as they are now.
    pub fn items(&self) -> Vec<Value> {
        let items: Vec<Value> = self.lock().values().cloned().collect();
        let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
        let Some(texts) = texts.filter(|texts| texts.len() > 1) else {
            return items;
        };
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let order = super::set_order::set_order(&texts).into_iter();
        order.filter_map(|index| items.get(index).cloned()).collect()
    }

    /// Adds an item, unless an equal one is there.
    pub fn insert(&self, key: Key, item: Value) {
        self.lock().entry(key).or_insert(item);
    }

    /// Whether an item is there.
    pub fn contains(&self, key: &Key) -> bool {
        self.lock().contains_key(key)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        let entries = self.entries.get_mut().unwrap_or_else(PoisonError::into_inner);
        if entries.values().any(|(_, value)| super::holds_others(value)) {
            let entries = std::mem::take(entries);
            super::dismantle(entries.into_values().map(|(_, value)| value).collect());
        }
    }
}
