//! The clock, as a thing that can be replaced: waiting is tested without waiting.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use glueline_base::Cancel;

/// Tells the time and lets it pass.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Milliseconds since 1970, UTC.
    fn now(&self) -> i64;

    /// Lets time pass, at most until somebody says stop; whether it all passed.
    fn sleep(&self, duration: Duration, cancel: &Cancel) -> bool;
}

/// How soon a wait sees that somebody said stop.
const STEP: Duration = Duration::from_millis(50);

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock comes in")]
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        millis(since)
    }

    fn sleep(&self, duration: Duration, cancel: &Cancel) -> bool {
        let until = Instant::now().checked_add(duration);
        loop {
            if cancel.is_cancelled() {
                return false;
            }
            let left = until.map_or(STEP, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(STEP));
        }
    }
}

/// A duration in whole milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
