//! The batches of a microbatch model (`MicrobatchBuilder` in `dbt/materializations/incremental/microbatch.py`). Times are microseconds
//! since 1970, UTC.

use crate::context::{civil, days};

/// How long a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Hour,
    Day,
    Month,
    Year,
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// More batches than these are not played through.
pub(super) const MOST: usize = 1_000;

impl Size {
    /// The size of a name, as `batch_size` writes it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// The start of the batch that a time falls into.
    pub(super) fn floor(self, time: i64) -> i64 {
        let (year, month, _) = civil(time.div_euclid(DAY));
        match self {
            Self::Hour => time.div_euclid(HOUR) * HOUR,
            Self::Day => time.div_euclid(DAY) * DAY,
            Self::Month => days(year, month, 1) * DAY,
            Self::Year => days(year, 1, 1) * DAY,
        }
    }

    /// The start of a batch so many batches later.
    fn offset(self, time: i64, by: i64) -> i64 {
        let start = self.floor(time);
        let (year, month, _) = civil(start.div_euclid(DAY));
        match self {
            Self::Hour => start + by * HOUR,
            Self::Day => start + by * DAY,
            Self::Month => {
                let months = year * 12 + month - 1 + by;
                days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY
            }
            Self::Year => days(year + by, 1, 1) * DAY,
        }
    }

    /// The first start of a batch that is not before a time.
    pub(super) fn ceiling(self, time: i64) -> i64 {
        if self.floor(time) == time {
            time
        } else {
            self.offset(time, 1)
        }
    }

    /// Where the batches of a later run begin that ends at a time.
    pub(super) fn look_back(self, end: i64, lookback: i64) -> i64 {
        let more = i64::from(self.floor(end) == end);
        self.offset(end, -(lookback.clamp(-100_000, 100_000) + more))
    }

    /// The batches between two times: at least one, and one more than [`MOST`] at most.
    pub(super) fn between(self, start: i64, end: i64) -> Vec<(i64, i64)> {
        let mut batches = vec![(start, self.offset(start, 1))];
        while let Some((_, last)) = batches.last().copied()
            && last < end
            && batches.len() <= MOST
        {
            batches.push((last, self.offset(last, 1)));
        }
        if let Some(last) = batches.last_mut() {
            last.1 = end;
        }
        batches
    }

    /// How a batch is called by its start: `2024-09-17T16`, `2024-09-17`, `2024-09`, `2024`.
    pub(super) fn name(self, start: i64) -> String {
        let (year, month, day) = civil(start.div_euclid(DAY));
        let hour = start.rem_euclid(DAY) / HOUR;
        match self {
            Self::Hour => format!("{year:04}-{month:02}-{day:02}T{hour:02}"),
            Self::Day => format!("{year:04}-{month:02}-{day:02}"),
            Self::Month => format!("{year:04}-{month:02}"),
            Self::Year => format!("{year:04}"),
        }
    }
}

/// A time as Python prints one of UTC.
pub(super) fn shown(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(DAY));
    let of_day = time.rem_euclid(DAY) / 1_000_000;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}+00:00")
}

/// Reads a time: a date, with or without hours, minutes and seconds behind it. What stands behind the seconds is passed over.
pub fn read_time(text: &str) -> Option<i64> {
    let mut numbers = text.trim().splitn(6, ['-', 'T', ' ', ':']);
    let mut next = |default: Option<i64>| match numbers.next() {
        None => default,
        Some(part) => {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<i64>().ok().filter(|_| digits.len() <= 4)
        }
    };
    let (year, month, day) = (next(None)?, next(None)?, next(None)?);
    let (hour, minute, second) = (next(Some(0))?, next(Some(0))?, next(Some(0))?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && year > 0 && hour < 24 && minute < 60;
    fits.then(|| days(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1_000_000)
}

/// A time without zone and fraction of a second as Python writes it back (`datetime.isoformat()`); `None` for any other text.
pub(crate) fn plain_time(text: &str) -> Option<String> {
    let is_plain = matches!(text.len(), 10 | 16 | 19) && !text.contains(['+', 'Z', '.']);
    let shown = is_plain.then(|| read_time(text)).flatten().map(shown)?;
    Some(shown.get(..19)?.replace(' ', "T"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> i64 {
        read_time(text).unwrap()
    }

    /// As `MicrobatchBuilder` gives them.
    #[test]
    fn times_are_moved_by_batches() {
        for (size, at, floor, before, after, ceiling, name) in [
            (
                Size::Hour,
                "2024-09-17 16:06:00",
                "2024-09-17 16:00:00",
                "2024-09-17 15:00:00",
                "2024-09-17 17:00:00",
                "2024-09-17 17:00:00",
                "2024-09-17T16",
            ),
            (
                Size::Day,
                "2024-09-17 16:06:00",
                "2024-09-17",
                "2024-09-16",
                "2024-09-18",
                "2024-09-18",
                "2024-09-17",
            ),
            (
                Size::Month,
                "2024-09-17T16:06:00",
                "2024-09-01",
                "2024-08-01",
                "2024-10-01",
                "2024-10-01",
                "2024-09",
            ),
            (
                Size::Month,
                "2024-01-01",
                "2024-01-01",
                "2023-12-01",
                "2024-02-01",
                "2024-01-01",
                "2024-01",
            ),
            (
                Size::Year,
                "2024-02-29",
                "2024-01-01",
                "2023-01-01",
                "2025-01-01",
                "2025-01-01",
                "2024",
            ),
        ] {
            let at = time(at);
            let found = [
                size.floor(at),
                size.offset(at, -1),
                size.offset(at, 1),
                size.ceiling(at),
            ];
            assert_eq!(
                found.map(shown),
                [floor, before, after, ceiling].map(|text| shown(time(text)))
            );
            assert_eq!(size.name(at), name);
        }
    }

    #[test]
    fn batches_cover_the_time() {
        let shown = |(from, to)| format!("{} {}", Size::Day.name(from), shown(to));
        let found: Vec<_> = Size::Day
            .between(time("2024-02-28"), time("2024-03-01"))
            .into_iter()
            .map(shown)
            .collect();
        assert_eq!(
            found,
            [
                "2024-02-28 2024-02-29 00:00:00+00:00",
                "2024-02-29 2024-03-01 00:00:00+00:00"
            ]
        );
        assert_eq!(Size::Hour.between(0, i64::MAX / 2).len(), MOST + 1);
        assert_eq!(Size::Day.look_back(time("2024-03-02"), 1), time("2024-02-29"));
        assert_eq!(
            Size::Day.look_back(time("2024-03-02 01:00:00"), 1),
            time("2024-03-01")
        );
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "today",
            "2024-01-01T99:00",
            "99999-01-01",
        ] {
            assert_eq!(read_time(text), None, "{text:?}");
        }
    }
}
