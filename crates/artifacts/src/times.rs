//! Times as dbt's artifacts write them.

/// A time in UTC as dbt writes one that knows no zone: `2025-01-31T08:00:00.123000Z`. `micros` are microseconds since 1970.
pub(crate) fn zulu(micros: i64) -> String {
    format!("{}Z", iso(micros))
}

/// A time in UTC as dbt writes one that knows its zone: `2025-01-31T08:00:00+00:00`.
pub(crate) fn zoned(micros: i64) -> String {
    format!("{}+00:00", iso(micros))
}

/// Milliseconds as microseconds.
pub(crate) const fn of_millis(millis: i64) -> i64 {
    millis.saturating_mul(1_000)
}

/// Seconds between two times in milliseconds; none where a clock was set back.
#[expect(
    clippy::cast_precision_loss,
    reason = "what a command takes is far below what a float holds exactly"
)]
pub(crate) fn seconds_between(started: i64, completed: i64) -> f64 {
    completed.saturating_sub(started).max(0) as f64 / 1_000.0
}

/// `datetime.isoformat()` of Python, which leaves out microseconds where there are none.
fn iso(micros: i64) -> String {
    let seconds = micros.div_euclid(1_000_000);
    let rest = micros.rem_euclid(1_000_000);
    let (year, month, day) = glueline_render::civil_day(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let fraction = if rest == 0 {
        String::new()
    } else {
        format!(".{rest:06}")
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_python_writes_them() {
        assert_eq!(zulu(1_738_310_400_123_000), "2025-01-31T08:00:00.123000Z");
        assert_eq!(zulu(1_738_310_400_000_000), "2025-01-31T08:00:00Z");
        assert_eq!(zoned(0), "1970-01-01T00:00:00+00:00");
        assert_eq!(zulu(-1), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn a_clock_that_was_set_back_takes_no_time() {
        assert!((seconds_between(1_000, 2_500) - 1.5).abs() < f64::EPSILON);
        assert!(seconds_between(2_500, 1_000).abs() < f64::EPSILON);
    }
}
