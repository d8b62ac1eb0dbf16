//! What a node is to those that name it, and all else that it is for as long as somebody needs that.
//!
//! Configs take more room than all else that is known of a node, and hardly anybody asks for those of other nodes. So they are let go of
//! once a node was looked at, and made again for the few around an edit.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Stamp;
use crate::info::{Names, NodeInfo};

/// What a node was when somebody last asked.
#[derive(Debug, Default)]
pub(super) struct Faced(Mutex<Option<Last>>);

#[derive(Debug, Clone)]
struct Last {
    stamp: Stamp,
    /// One and the same for as long as nothing differs that others can tell.
    names: Arc<Names>,
    /// Tells whether anything does.
    digest: u128,
    /// All of it, where somebody needs that.
    info: Option<Arc<NodeInfo>>,
}

impl Faced {
    fn lock(&self) -> MutexGuard<'_, Option<Last>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self, stamp: Stamp) -> Option<Last> {
        self.lock().clone().filter(|last| last.stamp == stamp)
    }

    /// What the node is to others in a state.
    pub(super) fn names(&self, stamp: Stamp, find: impl FnOnce() -> NodeInfo) -> Arc<Names> {
        match self.last(stamp) {
            Some(last) => last.names,
            None => self.put(stamp, &find(), None),
        }
    }

    /// All that the node is in a state.
    pub(super) fn info(&self, stamp: Stamp, find: impl FnOnce() -> NodeInfo) -> Arc<NodeInfo> {
        if let Some(info) = self.last(stamp).and_then(|last| last.info) {
            return info;
        }
        let info = Arc::new(find());
        self.put(stamp, &info, Some(&info));
        info
    }

    /// What was found out is not found out within the lock: a macro that is asked for a name may ask for the node itself.
    fn put(&self, stamp: Stamp, made: &NodeInfo, info: Option<&Arc<NodeInfo>>) -> Arc<Names> {
        let digest = digest_of(made);
        let mut slot = self.lock();
        let alike = slot.take().filter(|last| last.digest == digest);
        let known = alike.as_ref().filter(|last| last.stamp == stamp);
        let info = info.or_else(|| known?.info.as_ref()).cloned();
        let names = alike.map_or_else(|| made.names(), |last| last.names);
        *slot = Some(Last {
            stamp,
            names: names.clone(),
            digest,
            info,
        });
        names
    }

    /// Lets go of all but what the node is to others.
    pub(super) fn rest(&self) {
        if let Some(last) = self.lock().as_mut() {
            last.info = None;
        }
    }

    /// Lets go of everything.
    pub(super) fn clear(&self) {
        *self.lock() = None;
    }
}

/// The same for what is alike; for anything else another one, but for one chance in more than there are edits.
fn digest_of(info: &NodeInfo) -> u128 {
    let told = info.told();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &told).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    (half(0) << 64) | half(1)
}
