//! Dates and times written as Python's `isoformat` writes them.
//!
//! For texts that [`crate::temporal`] has accepted.

/// A day: year, month, day of the month.
type Day = (i64, i64, i64);

const MICROSECONDS_PER_SECOND: u64 = 1_000_000;

/// `%Y-%m-%d` as `2024-01-31`.
pub(crate) fn date(text: &str) -> Option<String> {
    plain_day(text.trim()).map(written)
}

/// A date and a time as `2024-01-31T23:59:59`, with what the text says of microseconds and of the offset.
pub(crate) fn date_time(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some((day, time)) = text.rsplit_once(char::is_whitespace)
        && let Some(day) = plain_day(day.trim_end())
    {
        let mut parts = time.splitn(3, ':').map(number);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        return Some(format!("{}T{hour:02}:{minute:02}:{second:02}", written(day)));
    }
    let (day, time) = text.split_once('T')?;
    let zone_start = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone_start);
    Some(format!(
        "{}T{}{}",
        written(iso_day(day)?),
        clock(time)?,
        offset(zone)?
    ))
}

fn number(text: &str) -> Option<i64> {
    let is_short = (1..=18).contains(&text.len());
    text.parse().ok().filter(|_| is_short)
}

fn written((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

fn plain_day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-').map(str::trim).map(number);
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// A day of ISO 8601: of the calendar, of the year, or of a week; what is left out is the first.
fn iso_day(text: &str) -> Option<Day> {
    let bare = text.replace('-', "");
    let part = |from: usize, to: usize| bare.get(from..to).and_then(number);
    if let Some((year, week)) = bare.split_once('W') {
        let (week, day) = (week.get(..2)?, week.get(2..).filter(|day| !day.is_empty()));
        return of_week(number(year)?, number(week)?, day.map_or(Some(1), number)?);
    }
    let is_ordinal = bare.len() == 7;
    let (year, month, day) = match bare.len() {
        8 => (part(0, 4)?, part(4, 6)?, part(6, 8)?),
        6 => (part(0, 4)?, part(4, 6)?, 1),
        7 | 4 => (part(0, 4)?, 1, 1),
        2 => (part(0, 2)?.checked_mul(100)? + 1, 1, 1),
        _ => return None,
    };
    if is_ordinal {
        return Some(of_year(year, part(4, 7)?));
    }
    Some((year, month.max(1), day))
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i64) -> i64 {
    365 + i64::from(is_leap(year))
}

/// The day that is the `number`th of a year, which may lie in the years beside it.
fn of_year(mut year: i64, mut number: i64) -> Day {
    while number < 1 {
        year -= 1;
        number += days_of_year(year);
    }
    while number > days_of_year(year) {
        number -= days_of_year(year);
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if number <= days {
            break;
        }
        number -= days;
        month += 1;
    }
    (year, month, number)
}

/// The day of a week: the first week is the one with the fourth of January.
fn of_week(year: i64, week: i64, day: i64) -> Option<Day> {
    let before = year.checked_sub(1)?;
    // Days since a Monday, up to the fourth of January.
    let fourth = (before * 365 + before / 4 - before / 100 + before / 400 + 3) % 7;
    Some(of_year(year, 4 - fourth + (week - 1) * 7 + day - 1))
}

/// Hours, minutes and seconds, of which the last may have a fraction.
fn clock(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once([',', '.']).unwrap_or((text, ""));
    let bare = whole.replace(':', "");
    let mut units = [0_u64; 3];
    let count = bare.len() / 2;
    for (index, unit) in units.iter_mut().enumerate().take(count) {
        *unit = bare.get(index * 2..index * 2 + 2)?.parse().ok()?;
    }
    let [hours, minutes, seconds] = units;
    let unit = match count {
        1 => 3600,
        2 => 60,
        _ => 1,
    };
    let digits = fraction.get(..fraction.len().min(9))?;
    let scale = 10_u64.pow(u32::try_from(digits.len()).ok()?);
    let parsed: u64 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    // Times beyond the number's places are cut off, as `isodate` does.
    let fraction = parsed * (unit * MICROSECONDS_PER_SECOND) / scale;
    let total = (hours * 3600 + minutes * 60 + seconds) * MICROSECONDS_PER_SECOND + fraction;
    let (seconds, rest) = (total / MICROSECONDS_PER_SECOND, total % MICROSECONDS_PER_SECOND);
    let written = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    Some(if rest == 0 {
        written
    } else {
        format!("{written}.{rest:06}")
    })
}

/// `+02:00` for the offset of a time; nothing for none.
fn offset(zone: &str) -> Option<String> {
    let Some(sign) = zone.chars().next() else {
        return Some(String::new());
    };
    let bare = zone.get(1..)?.replace(':', "");
    let hours = bare.get(..2).unwrap_or("00");
    let minutes = bare.get(2..4).unwrap_or("00");
    let is_zero = hours == "00" && minutes == "00";
    let sign = if sign == 'Z' || is_zero { '+' } else { sign };
    Some(format!("{sign}{hours}:{minutes}"))
}
