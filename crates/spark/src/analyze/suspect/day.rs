//! Timestamps up to a day: its first instant, not its end.

use super::Suspect;
use super::part::meaning;
use crate::analyze::Analyzer;
use crate::analyze::value::{Kind, Value};
use crate::syntax::ast::{Binary, Expr, ExprKind, Literal};
use crate::syntax::is_date;
use crate::types::DataType;

/// How names of columns end that hold a time of the day, and not a day alone.
const TIMES: &[&str] = &["_at", "_ts", "time", "timestamp"];

/// Days from here on stand for the end of time.
const FOREVER: &str = "2099-01-01";

impl Analyzer<'_> {
    /// `placed_at <= '2024-01-31'`
    pub(super) fn up_to_day(&mut self, op: Binary, [left, right]: [&Expr; 2], value: &Value) {
        let (subject, bound) = match op {
            Binary::LessOrEqual => (left, right),
            Binary::GreaterOrEqual => (right, left),
            _ => return,
        };
        if let Some(next) = day(bound).and_then(after_month) {
            self.cut_off(subject, bound, next, value);
        }
    }

    /// `placed_at between '2024-01-01' and '2024-01-31'`
    pub(super) fn between_days(&mut self, [subject, low, high]: [&Expr; 3], value: &Value) {
        let (Some(first), Some(last)) = (day(low), day(high)) else {
            return;
        };
        let next = after_month(last).or_else(|| (first == last).then(|| after(last))?);
        if let Some(next) = next {
            self.cut_off(subject, high, next, value);
        }
    }

    fn cut_off(&mut self, subject: &Expr, bound: &Expr, next: String, value: &Value) {
        let Some(part) = meaning(value, subject) else {
            return;
        };
        let of_time = part.name.as_ref().is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            TIMES.iter().any(|end| name.ends_with(end))
        });
        let is_time = matches!(part.ty, DataType::Timestamp | DataType::TimestampNtz);
        if of_time && is_time && matches!(part.kind, Kind::Column(_)) {
            let what = Suspect::DayCutOff {
                column: self.spelled(subject.range).into(),
                day: self.spelled(bound.range).into(),
                next: next.into(),
            };
            self.suspect(what, bound.range);
        }
    }
}

/// A constant that is a whole day: `'2024-01-31'`, `date '2024-01-31'`.
fn day(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::String(text) | Literal::Typed { text, .. }) => {
            let text = text.trim();
            (text.len() == 10 && is_date(text)).then_some(text)
        }
        _ => None,
    }
}

/// The day after one that ends a month. Days that stand for no end at all, as `9999-12-31`, are none.
fn after_month(day: &str) -> Option<String> {
    after(day).filter(|next| next.ends_with("-01") && next.len() == 10 && next.as_str() < FOREVER)
}

/// The day after one.
fn after(day: &str) -> Option<String> {
    let mut parts = day.split('-');
    let (year, month) = (parts.next()?, parts.next()?);
    let number = parts.next()?.parse::<u32>().ok()?;
    let next = format!("{year}-{month}-{:02}", number + 1);
    if is_date(&next) {
        return Some(next);
    }
    match month.parse::<u32>().ok()? {
        12 => Some(format!("{:04}-01-01", year.parse::<u32>().ok()? + 1)),
        month => Some(format!("{year}-{:02}-01", month + 1)),
    }
}
