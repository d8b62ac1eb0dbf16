//! Texts that Spark reads as a date or a timestamp.

/// `2024`, `2024-1`, `2024-01-31`, and anything after a blank or `T` behind the day; also `now`, `today` and their like.
pub(crate) fn is_date(text: &str) -> bool {
    let text = text.trim();
    if is_special(text) {
        return true;
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    // only a whole date may have something after it
    (day.len() == text.len() || day.matches('-').count() == 2) && is_day(day, false)
}

/// A date, maybe with a time, a fraction of seconds and a zone after it; or a time alone.
pub(crate) fn is_timestamp(text: &str, without_zone: bool) -> bool {
    let text = text.trim();
    if is_special(text) {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (day, time) = match unsigned.find([' ', 'T']) {
        Some(at) => (
            unsigned.get(..at).unwrap_or(""),
            unsigned.get(at + 1..).unwrap_or(""),
        ),
        None if unsigned.contains(':') => ("", unsigned.strip_prefix('T').unwrap_or(unsigned)),
        None => return is_day(unsigned, true),
    };
    let has_day = !day.is_empty();
    if (has_day && !is_day(day, true)) || (!has_day && without_zone) {
        return false;
    }
    time.trim().is_empty() || is_time(time, has_day)
}

fn is_special(text: &str) -> bool {
    ["epoch", "now", "today", "tomorrow", "yesterday"]
        .iter()
        .any(|special| {
            text.get(..special.len())
                .is_some_and(|word| word.eq_ignore_ascii_case(special))
        })
}

/// `y`, `y-m`, `y-m-d`, of years with four digits or more.
fn is_day(text: &str, timestamp: bool) -> bool {
    let mut parts = text.split('-');
    let longest = if timestamp { 6 } else { 7 };
    let Some(year) = parts.next().and_then(|year| number(year, 4, longest)) else {
        return false;
    };
    let Some(month) = parts.next() else { return true };
    let Some(month) = number(month, 1, 2) else {
        return false;
    };
    if !(1..=12).contains(&month) {
        return false;
    }
    let Some(day) = parts.next() else { return true };
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    parts.next().is_none() && number(day, 1, 2).is_some_and(|day| (1..=days).contains(&day))
}

/// `h:m:s.fraction zone`; the zone is not looked into.
fn is_time(text: &str, alone_is_hour: bool) -> bool {
    let end = text
        .find(|char: char| !(char.is_ascii_digit() || char == ':' || char == '.'))
        .unwrap_or(text.len());
    let clock = text.get(..end).unwrap_or("").trim();
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut limits = [23, 59, 59].into_iter();
    let mut parts = 0;
    for part in clock.split(':') {
        let Some(limit) = limits.next() else { return false };
        if number(part, 1, 2).is_none_or(|value| value > limit) {
            return false;
        }
        parts += 1;
    }
    alone_is_hour || parts > 1
}

fn number(text: &str, least: usize, most: usize) -> Option<u32> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_spark_reads_them() {
        for text in [
            "2024",
            "2024-1",
            "2024-01-31",
            " 2024-02-29 ",
            "2024-01-31 10:00",
            "2024-01-31T",
            "today",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "2024-13-01",
            "2024-02-30",
            "2024/01/01",
            "24-01-01",
            "",
            "2024-01-01x",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn timestamps_are_read_as_spark_reads_them() {
        for text in [
            "2024-01-01",
            "2024-01-01 1:2:3.5",
            "2024-01-01T10:00:00Z",
            "2024-01-01 10:00 Europe/Paris",
            "now",
            "10:30",
        ] {
            assert!(is_timestamp(text, false), "{text}");
        }
        for text in ["x", "2024-13-45", "2024/01/01", "2024-01-01 25:00:00"] {
            assert!(!is_timestamp(text, false), "{text}");
        }
    }
}
