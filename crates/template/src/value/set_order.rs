//! The order in which Python goes through a set of texts.
//!
//! It is any order that the hashes of the run give, and Python salts them anew for each. Here it is always that of a run without salt
//! (`PYTHONHASHSEED=0`), so that the same input gives the same bytes, and gives what such a run gives.

/// The positions of texts in the order in which `CPython` goes through a set that they were added to one by one
/// (`set_add_entry`, `set_table_resize` in `Objects/setobject.c`). The texts are all different.
pub(super) fn set_order(texts: &[&str]) -> Vec<usize> {
    let hashes: Vec<u64> = texts.iter().map(|text| hash(text)).collect();
    let mut table = Table::new(8);
    for (index, hash) in hashes.iter().enumerate() {
        table.add(index, *hash);
        if table.used * 5 >= table.mask() * 3 {
            let grown = if table.used > 50_000 {
                table.used * 2
            } else {
                table.used * 4
            };
            let mut size = 8;
            while size <= grown {
                size *= 2;
            }
            let mut larger = Table::new(size);
            for index in table.slots.iter().flatten() {
                larger.add(*index, hashes.get(*index).copied().unwrap_or_default());
            }
            table = larger;
        }
    }
    table.slots.into_iter().flatten().collect()
}

/// The table of a set.
struct Table {
    slots: Vec<Option<usize>>,
    used: usize,
}

impl Table {
    fn new(size: usize) -> Self {
        Self {
            slots: vec![None; size],
            used: 0,
        }
    }

    fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    /// Puts an item into the first free slot of its way through the table.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash is cut to the size of the table"
    )]
    fn add(&mut self, index: usize, hash: u64) {
        /// How many slots in a row are looked at before the way jumps.
        const IN_A_ROW: usize = 9;
        let mask = self.mask();
        let mut perturbed = hash;
        let mut at = hash as usize & mask;
        loop {
            let row = if at + IN_A_ROW <= mask { IN_A_ROW } else { 0 };
            for slot in at..=at + row {
                if let Some(free @ None) = self.slots.get_mut(slot) {
                    *free = Some(index);
                    self.used += 1;
                    return;
                }
            }
            perturbed >>= 5;
            at = at
                .wrapping_mul(5)
                .wrapping_add(1)
                .wrapping_add(perturbed as usize)
                & mask;
        }
    }
}

/// Python's hash of a text without salt: SipHash-1-3 of its characters, as wide as the widest of them needs
/// (`Python/pyhash.c`, `Objects/unicodeobject.c`).
fn hash(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let widest = text.chars().map(u32::from).max().unwrap_or_default();
    let width = match widest {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    };
    let bytes: Vec<u8> = text
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes().into_iter().take(width))
        .collect();
    match siphash13(&bytes) {
        // The C code keeps this value for errors.
        u64::MAX => u64::MAX - 1,
        hash => hash,
    }
}

fn siphash13(bytes: &[u8]) -> u64 {
    let mut state: [u64; 4] = [
        0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte));
        absorb(&mut state, word);
    }
    let rest = chunks.remainder().iter().rev();
    let rest = rest.fold(0, |word, byte| word << 8 | u64::from(*byte));
    absorb(&mut state, (bytes.len() as u64) << 56 | rest);
    let [_, _, third, _] = &mut state;
    *third ^= 0xff;
    for _ in 0..3 {
        round(&mut state);
    }
    state.iter().fold(0, |hash, word| hash ^ word)
}

fn absorb(state: &mut [u64; 4], word: u64) {
    let [_, _, _, fourth] = state;
    *fourth ^= word;
    round(state);
    let [first, ..] = state;
    *first ^= word;
}

fn round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*b);
    *a = a.wrapping_add(*d);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded with `PYTHONHASHSEED=0` and Python 3.11.
    const RECORDED: &str = include_str!("set_order.txt");

    #[test]
    fn sets_are_gone_through_as_python_does() {
        let mut count = 0;
        for line in RECORDED.lines() {
            let (given, expected) = line.split_once('\t').unwrap();
            let texts: Vec<&str> = given.split(' ').collect();
            let found: Vec<&str> = set_order(&texts).into_iter().map(|index| texts[index]).collect();
            assert_eq!(found.join(" "), expected, "{given}");
            count += 1;
        }
        assert!(count > 100);
    }
}
