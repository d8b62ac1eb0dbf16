//! What a session costs.

use glueline_catalog::WorkerType;

use crate::api::Session;
use crate::clock::millis;

/// US dollars for an hour of one DPU: <https://aws.amazon.com/glue/pricing/>, ETL jobs and interactive sessions, in most regions.
/// Memory-optimised units (R workers) and some regions have prices of their own, which nothing here knows.
pub const DOLLARS_PER_DPU_HOUR: f64 = 0.44;

/// The least that a session is billed for, in seconds; beyond it, each second counts (the same page).
const LEAST_SECONDS: f64 = 60.0;

/// What a session has used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// For how many seconds it is billed.
    pub seconds: f64,
    /// How many DPUs it is billed for at a time.
    pub dpus: f64,
    /// DPU-minutes.
    pub dpu_minutes: f64,
    /// US dollars; `None` where nobody knows the price of its units.
    pub dollars: Option<f64>,
}

/// What a session has used by `now`, a time in milliseconds since 1970. It is billed from when it was ready, where that is known, else
/// counted from when it was asked for. `None` where its size or age is not known, or it never came about.
pub fn usage(
    session: &Session,
    ready: Option<i64>,
    now: i64,
    dollars_per_dpu_hour: Option<f64>,
) -> Option<Usage> {
    let kind = WorkerType::parse(session.worker_type.as_deref()?)?.facts();
    let dpus = f64::from(session.workers?) * f64::from(kind.centi_dpu) / 100.0;
    let seconds = match (session.ran_seconds, session.dpu_seconds) {
        (Some(ran), _) if ran > 0.0 => ran,
        (_, Some(dpu_seconds)) if dpu_seconds > 0.0 && dpus > 0.0 => dpu_seconds / dpus,
        _ => {
            let began = ready.or(session.created)?;
            let ended = session.completed.unwrap_or(now);
            // Clocks differ: what began in the future began now.
            std::time::Duration::from_millis(u64::try_from(ended.saturating_sub(began)).unwrap_or(0))
                .as_secs_f64()
        }
    };
    let seconds = seconds.max(LEAST_SECONDS);
    let dpu_minutes = dpus * seconds / 60.0;
    let price = match dollars_per_dpu_hour {
        Some(price) => Some(price),
        None if kind.memory_optimised => None,
        None => Some(DOLLARS_PER_DPU_HOUR),
    };
    Some(Usage {
        seconds,
        dpus,
        dpu_minutes,
        dollars: price.map(|price| dpu_minutes / 60.0 * price),
    })
}

/// In how many milliseconds an idle session ends by itself, given when something last happened in it.
pub fn idle_left(session: &Session, last: i64, now: i64) -> Option<i64> {
    let minutes = u64::try_from(session.idle_timeout?).ok()?;
    let allowed = millis(std::time::Duration::from_secs(minutes.saturating_mul(60)));
    Some(allowed.saturating_sub(now.saturating_sub(last).max(0)).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SessionState;

    fn session(workers: i32, kind: &str) -> Session {
        Session {
            workers: Some(workers),
            worker_type: Some(kind.to_owned()),
            created: Some(0),
            idle_timeout: Some(10),
            ..Session::new("x", SessionState::Ready)
        }
    }

    #[test]
    fn a_session_costs_what_aws_says() {
        // The example of the page: 5 DPU for 24 minutes are 0.88 dollars.
        for (session, ready, minutes, price, want) in [
            (session(5, "G.1X"), None, 24, None, Some((120.0, Some(0.88)))),
            (
                session(2, "G.2X"),
                Some(60_000 * 20),
                24,
                None,
                Some((16.0, Some(0.117_333))),
            ),
            (session(2, "G.1X"), None, 0, None, Some((2.0, Some(0.014_667)))),
            (session(2, "G.1X"), None, -5, None, Some((2.0, Some(0.014_667)))),
            (session(2, "G.1X"), None, 30, Some(1.0), Some((60.0, Some(1.0)))),
            (session(2, "R.1X"), None, 30, None, Some((60.0, None))),
            (session(2, "X.9X"), None, 30, None, None),
        ] {
            let found = usage(&session, ready, minutes * 60_000, price);
            let found = found.map(|usage| {
                let round = |number: f64| (number * 1e6).round() / 1e6;
                (round(usage.dpu_minutes), usage.dollars.map(round))
            });
            assert_eq!(found, want, "{session:?} {minutes}");
        }
    }

    #[test]
    fn an_idle_session_ends_by_itself() {
        for (now, want) in [(0, 600_000), (240_000, 360_000), (-5, 600_000), (700_000, 0)] {
            assert_eq!(idle_left(&session(2, "G.1X"), 0, now), Some(want), "{now}");
        }
    }
}
