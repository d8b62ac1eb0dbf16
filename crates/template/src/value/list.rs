//! Python's `list`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Value;

/// A list that can change.
#[derive(Debug, Default)]
pub struct List {
    items: Mutex<Vec<Value>>,
}

impl List {
    /// A list of these items.
    pub fn new(items: Vec<Value>) -> Self {
        Self {
            items: Mutex::new(items),
        }
    }

    /// The items, to change. No other list may be locked, and no template code run, while this is held.
    pub fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The items as they are now.
    pub fn items(&self) -> Vec<Value> {
        self.lock().clone()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Adds an item at the end.
    pub fn push(&self, item: Value) {
        self.lock().push(item);
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let items = self.items.get_mut().unwrap_or_else(PoisonError::into_inner);
        if items.iter().any(super::holds_others) {
            super::dismantle(std::mem::take(items));
        }
    }
}
