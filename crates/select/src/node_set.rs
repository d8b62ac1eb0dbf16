//! Sets of nodes as bits.

/// A set of node numbers below a fixed count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NodeSet {
    words: Vec<u64>,
}

impl NodeSet {
    pub(crate) fn empty(count: usize) -> Self {
        Self {
            words: vec![0; count.div_ceil(64)],
        }
    }

    /// Adds a node; says whether it is new. A number out of range is passed over.
    pub(crate) fn insert(&mut self, node: usize) -> bool {
        let Some(word) = self.words.get_mut(node / 64) else {
            return false;
        };
        let bit = 1 << (node % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub(crate) fn contains(&self, node: usize) -> bool {
        self.words
            .get(node / 64)
            .is_some_and(|word| word >> (node % 64) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn unite(&mut self, other: &Self) {
        self.combine(other, |own, other| own | other);
    }

    pub(crate) fn intersect(&mut self, other: &Self) {
        self.combine(other, |own, other| own & other);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.combine(other, |own, other| own & !other);
    }

    /// The nodes in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    fn combine(&mut self, other: &Self, with: impl Fn(u64, u64) -> u64) {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own = with(*own, *other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(nodes: &[usize]) -> NodeSet {
        let mut set = NodeSet::empty(200);
        for node in nodes {
            set.insert(*node);
        }
        set
    }

    #[test]
    fn sets_combine() {
        let combined = |with: fn(&mut NodeSet, &NodeSet)| {
            let mut left = set(&[0, 63, 64, 199]);
            with(&mut left, &set(&[63, 128]));
            left.iter().collect::<Vec<_>>()
        };
        assert_eq!(combined(NodeSet::unite), [0, 63, 64, 128, 199]);
        assert_eq!(combined(NodeSet::intersect), [63]);
        assert_eq!(combined(NodeSet::subtract), [0, 64, 199]);
        assert!(!set(&[]).insert(100_000));
        assert!(!set(&[5]).insert(5));
        assert!(set(&[]).is_empty());
    }
}
