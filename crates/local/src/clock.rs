//! The time of day, which answers of AWS hold.

use std::time::UNIX_EPOCH;

use serde_json::Value;

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "a service stamps what it answers")]
pub(crate) fn now() -> u64 {
    std::time::SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// As AWS writes a time: seconds, with milliseconds behind the point.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit for 280,000 years")]
pub(crate) fn seconds(milliseconds: u64) -> Value {
    Value::from(milliseconds as f64 / 1000.0)
}
