//! Dates and times: the two `strptime` formats of dbt, and ISO 8601 as Python's `isodate` reads it.

/// `%Y-%m-%d`
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4, 4), digits(month, 1, 2), self::day(day))
    else {
        return false;
    };
    is_day(year, month, day)
}

/// `%Y-%m-%d %H:%M:%S`, with any white space between.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.rsplit_once(char::is_whitespace) else {
        return false;
    };
    let mut parts = time.splitn(3, ':');
    let mut part = |limit| {
        parts
            .next()
            .and_then(|text| digits(text, 1, 2))
            .is_some_and(|value| value < limit)
    };
    part(24) && part(60) && part(60) && is_date(date.trim_end())
}

/// ISO 8601: a date and a time with a `T` between.
pub(crate) fn is_iso_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    is_iso_date(date) && is_iso_time(time)
}

/// A day of the month, which `strptime` also takes with a blank before a single digit.
fn day(text: &str) -> Option<u32> {
    match text.strip_prefix(' ') {
        Some(digit) => digits(digit, 1, 1),
        None => digits(text, 1, 2),
    }
}

fn is_iso_date(text: &str) -> bool {
    let is_year = |year: Option<u32>| year.is_some_and(|year| year >= 1);
    // A month of `00` counts as January.
    let is_full = |year: &str, month: &str, day: &str| {
        let (year, month, day) = (digits(year, 4, 4), digits(month, 2, 2), digits(day, 2, 2));
        year.zip(month)
            .zip(day)
            .is_some_and(|((year, month), day)| is_day(year, month.max(1), day))
    };
    let parts: Vec<_> = text.splitn(4, '-').collect();
    match parts.as_slice() {
        [year, month, day] if !month.starts_with('W') => is_full(year, month, day),
        [year, week, day] => is_year(digits(year, 4, 4)) && is_week(week) && digits(day, 1, 1).is_some(),
        [year, rest] if rest.starts_with('W') => is_year(digits(year, 4, 4)) && is_week(rest),
        [year, rest] if rest.len() == 3 => is_year(digits(year, 4, 4)) && digits(rest, 3, 3).is_some(),
        [year, month] => is_full(year, month, "01"),
        [basic] => is_basic_date(basic, is_full, is_year),
        _ => false,
    }
}

fn is_basic_date(
    text: &str,
    is_full: impl Fn(&str, &str, &str) -> bool,
    is_year: impl Fn(Option<u32>) -> bool,
) -> bool {
    if let Some((year, week)) = text.split_once('W') {
        return is_year(digits(year, 4, 4)) && (digits(week, 2, 3).is_some());
    }
    let Some(_) = digits(text, 2, 8) else { return false };
    let part = |from, to| text.get(from..to).unwrap_or_default();
    match text.len() {
        8 => is_full(part(0, 4), part(4, 6), part(6, 8)),
        6 => is_full(part(0, 4), part(4, 6), "01"),
        7 | 4 => is_year(digits(part(0, 4), 4, 4)),
        // A century.
        2 => true,
        _ => false,
    }
}

fn is_week(text: &str) -> bool {
    text.strip_prefix('W')
        .is_some_and(|week| digits(week, 2, 2).is_some())
}

fn is_iso_time(text: &str) -> bool {
    let zone_start = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone_start);
    if !is_zone(zone) {
        return false;
    }
    let (whole, fraction) = match time.split_once([',', '.']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (time, None),
    };
    let is_fraction = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !fraction.is_none_or(is_fraction) {
        return false;
    }
    let is_extended = whole.contains(':');
    let parts: Vec<_> = if is_extended {
        whole.splitn(4, ':').collect()
    } else {
        [(0, 2), (2, 4), (4, whole.len())]
            .into_iter()
            .filter(|(from, _)| *from == 0 || *from < whole.len())
            .map(|(from, to)| whole.get(from..to).unwrap_or_default())
            .collect()
    };
    let limits = [24, 60, 60];
    parts.len() <= limits.len()
        && parts
            .iter()
            .zip(limits)
            .all(|(part, limit)| digits(part, 2, 2).is_some_and(|value| value < limit))
}

/// Nothing, `Z`, `+hh`, `+hhmm`, `+hh:mm`.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else {
        return matches!(text, "" | "Z");
    };
    match offset.split_once(':') {
        Some((hours, minutes)) => digits(hours, 2, 2).is_some() && digits(minutes, 2, 2).is_some(),
        None => matches!(offset.len(), 2 | 4) && digits(offset, 2, 4).is_some(),
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    year >= 1 && (1..=days).contains(&day)
}

/// A number of at least and at most so many ASCII digits.
fn digits(text: &str, least: usize, most: usize) -> Option<u32> {
    let is_right = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_right)
}
