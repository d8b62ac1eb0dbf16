//! The calendar: days since the first of January of the year 1, as Python counts them.

/// Days before a month in a year that is no leap year.
const BEFORE: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

pub(super) const MONTHS: [&str; 13] = [
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The ordinal of 1970-01-01.
pub(super) const EPOCH: i64 = 719_163;
/// The ordinal of 9999-12-31.
pub(super) const LAST: i64 = 3_652_059;

pub(super) const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn before_year(year: i64) -> i64 {
    let year = year - 1;
    year * 365 + year / 4 - year / 100 + year / 400
}

fn before_month(year: i64, month: i64) -> i64 {
    let days = usize::try_from(month)
        .ok()
        .and_then(|month| BEFORE.get(month))
        .copied()
        .unwrap_or(0);
    days + i64::from(month > 2 && is_leap(year))
}

/// The day that a date is, the first of January of the year 1 being 1.
pub(super) fn ordinal(year: i64, month: i64, day: i64) -> i64 {
    before_year(year) + before_month(year, month) + day
}

/// Year, month and day of an ordinal.
pub(super) fn date_of(ordinal: i64) -> (i64, i64, i64) {
    let mut year = (ordinal * 400) / 146_097;
    while before_year(year + 1) < ordinal {
        year += 1;
    }
    while year > 1 && before_year(year) >= ordinal {
        year -= 1;
    }
    let year = year.max(1);
    let in_year = ordinal - before_year(year);
    let month = (1..=12)
        .rev()
        .find(|month| before_month(year, *month) < in_year)
        .unwrap_or(1);
    (year, month, in_year - before_month(year, month))
}

/// The day of the year, from 1.
pub(super) fn day_of_year(ordinal: i64) -> i64 {
    let (year, _, _) = date_of(ordinal);
    ordinal - before_year(year)
}

/// The day of the week, Monday being 0.
pub(super) const fn weekday(ordinal: i64) -> i64 {
    (ordinal + 6).rem_euclid(7)
}

/// The Monday that the first week of a year by ISO 8601 starts with.
fn iso_start(year: i64) -> i64 {
    let first = before_year(year) + 1;
    let weekday = weekday(first);
    let monday = first - weekday;
    if weekday > 3 { monday + 7 } else { monday }
}

/// Year, week and weekday by ISO 8601.
pub(super) fn iso(ordinal: i64) -> (i64, i64, i64) {
    let (mut year, _, _) = date_of(ordinal);
    let mut week = (ordinal - iso_start(year)).div_euclid(7);
    if week < 0 {
        year -= 1;
        week = (ordinal - iso_start(year)).div_euclid(7);
    } else if week >= 52 && ordinal >= iso_start(year + 1) {
        year += 1;
        week = 0;
    }
    (year, week + 1, weekday(ordinal) + 1)
}

/// The ordinal of a week and weekday by ISO 8601.
pub(super) fn from_iso(year: i64, week: i64, weekday: i64) -> i64 {
    iso_start(year) + (week - 1) * 7 + weekday - 1
}
