//! A list of which copies share what they have in common.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

/// Elements that are copied together when one of them is replaced.
const CHUNK: usize = 64;

/// A list that is cheap to copy and to change in a few places: a copy shares all elements with the list it was made from, but for
/// the few that lie beside one that was replaced since.
pub struct SharedVec<T> {
    /// All full but the last.
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> SharedVec<T> {
    /// How many elements there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The element at a place.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    /// The first element.
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The elements in order.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { list: self, next: 0 }
    }

    /// The elements of two lists of one length that may differ, with their places: those that the lists do not share.
    pub fn beside<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, &'a T, &'a T)> + Clone {
        let chunks = self.chunks.iter().zip(&other.chunks).enumerate();
        let differ = chunks.filter(|(_, (one, other))| !Arc::ptr_eq(one, other));
        differ.flat_map(|(chunk, (one, other))| {
            let pairs = one.iter().zip(other.iter()).enumerate();
            pairs.map(move |(at, (one, other))| (chunk * CHUNK + at, one, other))
        })
    }

    /// Whether two lists are one and the same, with no element replaced in either. May be `false` for equal lists.
    pub fn is_same(&self, other: &Self) -> bool {
        self.len == other.len
            && self
                .chunks
                .iter()
                .zip(&other.chunks)
                .all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl<T: Clone> SharedVec<T> {
    /// Replaces an element. Copies of the list keep the old one; there is nothing to do past the end.
    pub fn set(&mut self, index: usize, value: T) {
        if index >= self.len {
            return;
        }
        let chunk = self.chunks.get_mut(index / CHUNK).map(Arc::make_mut);
        if let Some(slot) = chunk.and_then(|chunk| chunk.get_mut(index % CHUNK)) {
            *slot = value;
        }
    }

    /// The elements, copied.
    pub fn to_vec(&self) -> Vec<T> {
        self.iter().cloned().collect()
    }
}

impl<T> Clone for SharedVec<T> {
    fn clone(&self) -> Self {
        Self {
            chunks: self.chunks.clone(),
            len: self.len,
        }
    }
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for SharedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T> FromIterator<T> for SharedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        let mut list = Self::default();
        loop {
            let mut chunk: Vec<T> = Vec::with_capacity(items.size_hint().0.min(CHUNK));
            chunk.extend(items.by_ref().take(CHUNK));
            if chunk.is_empty() {
                return list;
            }
            list.len += chunk.len();
            list.chunks.push(Arc::new(chunk));
        }
    }
}

impl<T> From<Vec<T>> for SharedVec<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T> Index<usize> for SharedVec<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        self.get(index)
            .unwrap_or_else(|| unreachable!("an index past the end of a list of {}", self.len))
    }
}

impl<'a, T> IntoIterator for &'a SharedVec<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// The elements of a [`SharedVec`] in order.
pub struct Iter<'a, T> {
    list: &'a SharedVec<T>,
    next: usize,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self {
            list: self.list,
            next: self.next,
        }
    }
}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        let found = self.list.get(self.next)?;
        self.next += 1;
        Some(found)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.list.len - self.next;
        (left, Some(left))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_the_other_replaces() {
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let list: SharedVec<usize> = (0..len).collect();
            assert_eq!(list.len(), len);
            assert_eq!(list.to_vec(), (0..len).collect::<Vec<_>>());
            assert_eq!(list.get(len), None);
            let mut copy = list.clone();
            assert!(copy.is_same(&list));
            copy.set(len, 7);
            assert!(copy.is_same(&list));
            for at in [0, len / 2, len.saturating_sub(1)] {
                copy.set(at, 1000);
                assert_eq!(copy.get(at).copied(), (at < len).then_some(1000));
                assert_eq!(list.get(at).copied(), (at < len).then_some(at));
                assert_eq!(copy.is_same(&list), len == 0);
                let differ = copy.beside(&list).filter(|(_, one, other)| one != other);
                let expected = [0, len / 2, len.saturating_sub(1)];
                assert!(differ.clone().count() <= 3);
                assert!(
                    differ
                        .map(|(place, ..)| place)
                        .all(|place| expected.contains(&place))
                );
            }
        }
    }
}
