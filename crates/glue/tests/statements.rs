//! Statements against an AWS that plays a script: each case says what AWS answers, and what comes of the code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::time::Duration;

use glueline_base::Cancel;
use glueline_glue::{Caller, Clock, Ran, Statements};

use crate::common::{ManualClock, Scripted};

/// What a case is: when somebody says stop, how long the code may run, in milliseconds, the calls, and what comes of it.
type Case = (&'static str, Option<i64>, Option<u64>, &'static str, &'static str);

fn shown(ran: &Ran) -> String {
    match ran {
        Ran::Answered(answer) => {
            let what = answer.error.as_ref().map(|error| error.name.clone());
            let text = what.or_else(|| answer.text.clone()).unwrap_or_default();
            format!("{} {text}", answer.status.clone().unwrap_or_default())
        }
        Ran::Stopped {
            statement,
            is_overdue,
        } => format!("stopped {statement}{}", if *is_overdue { " overdue" } else { "" }),
    }
}

const CASES: [Case; 18] = [
    (
        "an answer",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> WAITING
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> AVAILABLE ok: 42",
        "ok 42",
    ),
    (
        "an error is an answer",
        None,
        None,
        "ListStatements s -> 3, 4
         RunStatement s -> 5
         GetStatement s 5 -> AVAILABLE error: AnalysisException",
        "error AnalysisException",
    ),
    (
        "a statement that says nothing is no success",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> AVAILABLE",
        "does not say how it went",
    ),
    (
        "a call that did not arrive is made again",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> !Throttled
         RunStatement s -> 1
         GetStatement s 1 -> !Lost
         GetStatement s 1 -> AVAILABLE ok: 1",
        "ok 1",
    ),
    (
        "one whose answer was lost is found again, and not sent twice",
        None,
        None,
        "ListStatements s -> 1, 2
         RunStatement s -> !Lost
         ListStatements s -> 1, 2
         ListStatements s -> 1, 2, 3
         GetStatement s 3 -> AVAILABLE ok: 3",
        "ok 3",
    ),
    (
        "one that nobody finds is not sent twice either",
        None,
        None,
        "ListStatements s -> 1
         RunStatement s -> !Lost
         ListStatements s -> 1
         ListStatements s -> 1
         ListStatements s -> 1
         ListStatements s -> 1",
        "whether it will run is not known",
    ),
    (
        "a session that ended",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> !WrongState",
        "as scripted: WrongState",
    ),
    (
        "what waits for its turn has time",
        None,
        Some(200),
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> WAITING
         GetStatement s 1 -> WAITING
         GetStatement s 1 -> WAITING
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> AVAILABLE ok: 1",
        "ok 1",
    ),
    (
        "a connection that is lost for a while",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> !Unreachable
         GetStatement s 1 -> !Unreachable
         GetStatement s 1 -> !Unreachable
         GetStatement s 1 -> !Unreachable
         GetStatement s 1 -> !Unreachable
         GetStatement s 1 -> AVAILABLE ok: back",
        "ok back",
    ),
    (
        "somebody says stop while a call is made again",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> !Throttled
         CancelStatement s 1 -> done
         GetStatement s 1 -> CANCELLED",
        "stopped 1",
    ),
    (
        "somebody says stop while what was sent is searched for",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> !Lost
         ListStatements s -> 1
         CancelStatement s 1 -> done
         GetStatement s 1 -> CANCELLED",
        "stopped 1",
    ),
    (
        "nobody sees whether it stops",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         CancelStatement s 1 -> !Denied
         GetStatement s 1 -> !Denied",
        "it was told to stop; statement 1 of session s may still run",
    ),
    (
        "somebody says stop",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         CancelStatement s 1 -> done
         GetStatement s 1 -> CANCELLING
         GetStatement s 1 -> CANCELLED",
        "stopped 1",
    ),
    (
        "too late",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         CancelStatement s 1 -> !WrongState
         GetStatement s 1 -> AVAILABLE ok: done",
        "ok done",
    ),
    (
        "it does not stop",
        Some(300),
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         CancelStatement s 1 -> !Denied
         *GetStatement s 1 -> RUNNING",
        "it may write on until the session is stopped",
    ),
    (
        "its time is over",
        None,
        Some(400),
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         CancelStatement s 1 -> done
         GetStatement s 1 -> CANCELLED",
        "stopped 1 overdue",
    ),
    (
        "somebody else stops it",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> CANCELLED",
        "stopped 1",
    ),
    (
        "no right to see it",
        None,
        None,
        "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> !Denied",
        "GetStatement is denied: as scripted: Denied; statement 1 of session s may still run",
    ),
];

fn run(case: &Case, code: &str) -> String {
    let (_, stop_after, patience, script, _) = case;
    let (api, cancel) = (Scripted::new(script), Cancel::new());
    let clock = ManualClock::telling(*stop_after, &cancel);
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    let patience = patience.map(Duration::from_millis);
    let mut statements = Statements::of(&caller, "s", patience).unwrap();
    let ran = statements.run(&caller, code, "");
    api.must_be_done();
    ran.map_or_else(|error| error.to_string(), |ran| shown(&ran))
}

#[test]
fn what_comes_of_code() {
    for case in &CASES {
        let (name, .., wanted) = case;
        let found = run(case, "1 + 1");
        assert!(found.contains(wanted), "{name}: {found}");
    }
}

#[test]
fn what_took_long_is_looked_at_later_the_next_time() {
    let script = "ListStatements s -> none
         RunStatement s -> 1
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> RUNNING
         GetStatement s 1 -> AVAILABLE ok: 1
         RunStatement s -> 2
         GetStatement s 2 -> RUNNING
         GetStatement s 2 -> AVAILABLE ok: 2
         RunStatement s -> 3
         GetStatement s 3 -> AVAILABLE ok: 3";
    let (api, clock, cancel) = (Scripted::new(script), ManualClock::new(None), Cancel::new());
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    let mut statements = Statements::of(&caller, "s", None).unwrap();
    let took: Vec<i64> = ["insert", "insert", "drop"]
        .map(|kind| {
            let began = clock.now();
            statements.run(&caller, "1", kind).unwrap();
            clock.now() - began
        })
        .to_vec();
    api.must_be_done();
    // 100 + 150 + 225; nine tenths of that, and 100; what is of another kind at once.
    assert_eq!(took, [475, 527, 100]);
}

#[test]
fn a_session_that_ends_is_noticed() {
    let running = "GetStatement s 1 -> RUNNING\n".repeat(14);
    let script = format!(
        "ListStatements s -> none\nRunStatement s -> 1\n{running}GetSession s -> TIMEOUT: it idled too long"
    );
    let (api, clock, cancel) = (Scripted::new(&script), ManualClock::new(None), Cancel::new());
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    let error = Statements::of(&caller, "s", None)
        .unwrap()
        .run(&caller, "1", "")
        .unwrap_err();
    api.must_be_done();
    let error = error.to_string();
    assert!(
        error.contains("ended while statement 1 ran: it idled too long"),
        "{error}"
    );
}

#[test]
fn code_that_glue_would_refuse_is_not_sent() {
    let case: Case = ("", None, None, "ListStatements s -> none", "");
    let found = run(&case, &"é".repeat(68_001));
    assert!(
        found.contains("the code has 68001 characters, and Glue takes 68000"),
        "{found}"
    );
}
