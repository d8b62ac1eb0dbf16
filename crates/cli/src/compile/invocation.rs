//! What tells one invocation from another: dbt's `invocation_id` and `run_started_at`.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::{SystemTime, UNIX_EPOCH};

/// Microseconds since 1970, UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the clock comes in"
)]
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .unwrap_or_default()
}

/// A random UUID, version 4. The standard library seeds its hashes from the system's randomness; that is good enough for a name.
pub(crate) fn id() -> String {
    let [high, low] = [0_u8, 1].map(|salt| u128::from(RandomState::new().hash_one(salt)));
    uuid(high << 64 | low)
}

/// RFC 9562, section 5.4.
fn uuid(random: u128) -> String {
    let version = random & !(0xf << 76) | 4 << 76;
    let bits = version & !(0b11 << 62) | 0b10 << 62;
    let part = |shift: u32, digits: u32| (bits >> shift) & ((1 << (4 * digits)) - 1);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        part(96, 8),
        part(80, 4),
        part(64, 4),
        part(48, 4),
        part(0, 12)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(
            uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
            "01234567-89ab-4def-8123-456789abcdef"
        );
        assert_ne!(id(), id());
    }
}
