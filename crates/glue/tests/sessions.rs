//! Sessions against an AWS that plays a script: each case says what is on record, what AWS answers, what comes of it, what is said,
//! and what is on record then.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::sync::Mutex;
use std::time::Duration;

use glueline_base::{Cancel, Utf8Path};
use glueline_glue::{
    Caller, Choice, Error, How, Kind, NewSession, Owner, Phase, Process, Record, Session, Sessions, Started,
    Store, Wanted, digest,
};
use serde_json::json;

use crate::common::{BEGIN, ManualClock, Scripted};

const KEY: &str = "shop.dev";

/// What a case is, besides what the target says.
#[derive(Default)]
struct Case {
    name: &'static str,
    /// What is on record: the id, and words that say how.
    before: &'static str,
    /// `adopt ID`, `new`.
    choice: &'static str,
    shared: bool,
    /// After how many milliseconds somebody says stop.
    stop_after: Option<i64>,
    script: &'static str,
    /// `made s1`, or a part of the error.
    want: &'static str,
    /// A part of what is said; empty for nothing.
    said: &'static str,
    /// What is on record then: the id and words, as in `before`.
    after: &'static str,
}

/// A directory of its own.
fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// The path of a directory.
fn path(directory: &tempfile::TempDir) -> &Utf8Path {
    Utf8Path::from_path(directory.path()).unwrap()
}

fn wanted(shared: bool) -> Wanted {
    let id = if shared {
        "dbt-glue"
    } else {
        "glueline-shop-me-dev-2"
    };
    let request = json!({"Id": id, "Role": "arn:aws:iam::1:role/x", "Command": {"Name": "glueetl"}});
    Wanted {
        key: KEY.to_owned(),
        new: NewSession::read(&request).unwrap(),
        is_shared: shared,
        prefix: "glueline-shop-me-".to_owned(),
        digest: "now".to_owned(),
        region: "eu-west-1".to_owned(),
        account: Some("1".to_owned()),
        patience: Duration::from_mins(2),
        process: Process {
            pid: 7,
            started: BEGIN,
        },
    }
}

/// A record out of `ID word word`.
fn record(text: &str) -> Option<Record> {
    let mut words = text.split_whitespace();
    let id = words.next()?;
    let mut record = Record {
        id: id.to_owned(),
        region: "eu-west-1".to_owned(),
        account: Some("1".to_owned()),
        phase: Phase::Made,
        made: true,
        digest: "now".to_owned(),
        since: BEGIN - 60_000,
        ready: None,
        owner: None,
    };
    for word in words {
        match word {
            "creating" => record.phase = Phase::Creating,
            "found" => record.made = false,
            "changed" => "before".clone_into(&mut record.digest),
            "elsewhere" => "us-east-1".clone_into(&mut record.region),
            "foreign" => record.account = Some("2".to_owned()),
            "killed" | "alive" => {
                record.owner = Some(Owner {
                    process: Process {
                        pid: 9,
                        started: BEGIN - 90_000,
                    },
                    heartbeat: BEGIN - if word == "killed" { 31_000 } else { 5_000 },
                });
            }
            other => panic!("{other}"),
        }
    }
    Some(record)
}

/// `ID words`, with what a start leaves behind.
fn described(record: &Record) -> String {
    let mut text = record.id.clone();
    for (holds, word) in [
        (record.phase == Phase::Creating, " creating"),
        (!record.made, " found"),
        (record.ready.is_some(), " ready"),
        (record.owner.is_some_and(|owner| owner.process.pid == 9), " owned"),
    ] {
        if holds {
            text.push_str(word);
        }
    }
    text
}

/// Runs a case; gives what came of it, what was said, and what is on record.
fn play<T>(
    case: &Case,
    act: impl FnOnce(&mut Sessions<'_>, &Wanted, Choice<'_>) -> Result<T, Error>,
    told: impl FnOnce(T) -> String,
) {
    let dir = directory();
    let store = Store::new(path(&dir));
    let api = Scripted::new(case.script);
    let clock = ManualClock::new(case.stop_after);
    let cancel = Cancel::new();
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    if let Some(before) = record(case.before) {
        let lock = store.lock(&caller).unwrap();
        store.put(&lock, KEY, before).unwrap();
    }
    let said = Mutex::new(Vec::new());
    let mut say = |text: &str| said.lock().unwrap().push(text.to_owned());
    let choice = Choice {
        adopt: case.choice.strip_prefix("adopt "),
        fresh: case.choice == "new",
    };
    let mut sessions = Sessions {
        caller,
        store: &store,
        say: &mut say,
    };
    let name = case.name;
    let found = match act(&mut sessions, &wanted(case.shared), choice) {
        Ok(done) => {
            let found = told(done);
            assert_eq!(found, case.want, "{name}");
            found
        }
        Err(error) => error.to_string(),
    };
    assert!(
        !case.want.is_empty() && found.contains(case.want),
        "{name}: {found}"
    );
    api.must_be_done();
    let said = said.lock().unwrap().join("\n");
    assert!(
        said.contains(case.said) && said.is_empty() == case.said.is_empty(),
        "{name}: {said}"
    );
    let after = store.get(KEY).unwrap();
    assert_eq!(
        after.as_ref().map(described).unwrap_or_default(),
        case.after,
        "{name}"
    );
}

fn started(sessions: &mut Sessions<'_>, wanted: &Wanted, choice: Choice<'_>) -> Result<Started, Error> {
    sessions.start(wanted, choice)
}

fn start(case: &Case) {
    play(case, started, |started| {
        let how = match started.how {
            How::Made => "made",
            How::Known => "known",
            How::Adopted => "adopted",
        };
        format!("{how} {}", started.session.id)
    });
}

const NEW: &str = "glueline-shop-me-dev-2";

#[test]
fn a_session_is_made_once_and_found_again() {
    for case in [
        Case {
            name: "nothing is there",
            script: "ListSessions -> none\n CreateSession glueline-shop-me-dev-2 -> PROVISIONING
                GetSession glueline-shop-me-dev-2 -> PROVISIONING
                GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "it is on record and lives",
            before: "s1",
            script: "GetSession s1 -> READY\n GetSession s1 -> READY",
            want: "known s1",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "the profile has changed since",
            before: "s1 changed",
            script: "GetSession s1 -> READY\n GetSession s1 -> READY",
            want: "known s1",
            said: "another configuration",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "it is on record and stale",
            before: "s1",
            script: "GetSession s1 -> TIMEOUT\n GetSession s1 -> TIMEOUT
                CreateSession glueline-shop-me-dev-2 -> PROVISIONING
                GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            said: "session s1 is TIMEOUT",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "it is about to end",
            before: "s1",
            script: "GetSession s1 -> STOPPING\n GetSession s1 -> STOPPING\n GetSession s1 -> STOPPED
                CreateSession glueline-shop-me-dev-2 -> PROVISIONING
                GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            said: "session s1 is STOPPING",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "a new one in its place",
            before: "s1",
            choice: "new",
            script: "GetSession s1 -> READY\n GetSession s1 -> READY\n StopSession s1 -> ok\n GetSession s1 -> STOPPED
                CreateSession glueline-shop-me-dev-2 -> PROVISIONING
                GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "one by its id",
            before: "s1",
            choice: "adopt s9",
            script: "GetSession s9 -> READY\n GetSession s1 -> READY\n GetSession s9 -> READY",
            want: "adopted s9",
            said: "session s1 of this target is READY and goes on",
            after: "s9 found",
            ..Case::default()
        },
        Case {
            name: "one by its id that is over",
            choice: "adopt s9",
            script: "GetSession s9 -> FAILED: no network",
            want: "session s9 is FAILED: no network",
            ..Case::default()
        },
        Case {
            name: "that which dbt-glue uses again and again",
            shared: true,
            script: "GetSession dbt-glue -> READY\n GetSession dbt-glue -> READY",
            want: "adopted dbt-glue",
            after: "dbt-glue found",
            ..Case::default()
        },
        Case {
            name: "the same, stale: its id is freed",
            shared: true,
            script: "GetSession dbt-glue -> STOPPED\n GetSession dbt-glue -> STOPPED\n DeleteSession dbt-glue -> ok
                CreateSession dbt-glue -> PROVISIONING\n GetSession dbt-glue -> READY",
            want: "made dbt-glue",
            after: "dbt-glue ready",
            ..Case::default()
        },
        Case {
            name: "the same, made by another at this moment",
            shared: true,
            script: "GetSession dbt-glue -> !NotFound\n CreateSession dbt-glue -> !AlreadyExists\n GetSession dbt-glue -> READY",
            want: "adopted dbt-glue",
            after: "dbt-glue found",
            ..Case::default()
        },
    ] {
        start(&case);
    }
}

#[test]
fn nothing_is_left_behind_unseen() {
    assert_eq!(wanted(false).new.id, NEW);
    for case in [
        Case {
            name: "killed before the call: the same id is asked for",
            before: "glueline-shop-me-dev-1 creating killed",
            script: "GetSession glueline-shop-me-dev-1 -> !NotFound
                CreateSession glueline-shop-me-dev-1 -> PROVISIONING\n GetSession glueline-shop-me-dev-1 -> READY",
            want: "made glueline-shop-me-dev-1",
            said: "(process 9) ended without a word",
            after: "glueline-shop-me-dev-1 ready",
            ..Case::default()
        },
        Case {
            name: "killed before the call, which arrives behind it",
            before: "glueline-shop-me-dev-1 creating",
            script: "GetSession glueline-shop-me-dev-1 -> !NotFound
                CreateSession glueline-shop-me-dev-1 -> !AlreadyExists\n GetSession glueline-shop-me-dev-1 -> READY",
            want: "made glueline-shop-me-dev-1",
            after: "glueline-shop-me-dev-1 ready",
            ..Case::default()
        },
        Case {
            name: "killed after the call",
            before: "glueline-shop-me-dev-1 creating killed",
            script: "GetSession glueline-shop-me-dev-1 -> PROVISIONING\n GetSession glueline-shop-me-dev-1 -> READY",
            want: "known glueline-shop-me-dev-1",
            said: "ended without a word",
            after: "glueline-shop-me-dev-1",
            ..Case::default()
        },
        Case {
            name: "another command waits for it",
            before: "s1 alive",
            script: "GetSession s1 -> PROVISIONING\n GetSession s1 -> READY",
            want: "known s1",
            after: "s1 owned",
            ..Case::default()
        },
        Case {
            name: "the record is lost",
            script: "ListSessions -> s9 READY next p2\n ListSessions p2 -> glueline-shop-me-dev-0 READY, glueline-shop-me-dev-x STOPPED
                CreateSession glueline-shop-me-dev-2 -> PROVISIONING\n GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            said: "session glueline-shop-me-dev-0 is READY and on no record here; `glueline session start glueline-shop-me-dev-0`",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "the connection breaks, and the call has arrived",
            script: "ListSessions -> !Denied\n CreateSession glueline-shop-me-dev-2 -> !Lost
                CreateSession glueline-shop-me-dev-2 -> !AlreadyExists\n GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            said: "forgotten sessions cannot be looked for: ListSessions is denied",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "the connection breaks, and nobody knows",
            script: "ListSessions -> none\n CreateSession glueline-shop-me-dev-2 -> !Lost\n CreateSession glueline-shop-me-dev-2 -> !Unreachable
                GetSession glueline-shop-me-dev-2 -> !Unreachable\n GetSession glueline-shop-me-dev-2 -> !Unreachable",
            want: "AWS cannot be reached",
            after: "glueline-shop-me-dev-2 creating",
            ..Case::default()
        },
        Case {
            name: "refused: there is nothing to remember",
            script: "ListSessions -> none\n CreateSession glueline-shop-me-dev-2 -> !Limit",
            want: "CreateSession: as scripted: Limit",
            ..Case::default()
        },
        Case {
            name: "throttled, then not",
            script: "ListSessions -> !Throttled\n ListSessions -> none\n CreateSession glueline-shop-me-dev-2 -> !Throttled
                CreateSession glueline-shop-me-dev-2 -> PROVISIONING\n GetSession glueline-shop-me-dev-2 -> !Throttled
                GetSession glueline-shop-me-dev-2 -> READY",
            want: "made glueline-shop-me-dev-2",
            after: "glueline-shop-me-dev-2 ready",
            ..Case::default()
        },
        Case {
            name: "throttled for good",
            before: "s1",
            script: "*GetSession s1 -> !Throttled",
            want: "AWS gets too many calls",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "it fails while it is waited for",
            before: "s1",
            script: "GetSession s1 -> PROVISIONING\n GetSession s1 -> FAILED: no free address in subnet-1",
            want: "session s1 is FAILED: no free address in subnet-1",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "it takes too long",
            before: "s1",
            script: "*GetSession s1 -> PROVISIONING",
            want: "session s1 is PROVISIONING after 120 s (session_provisioning_timeout_in_seconds); it goes on",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "somebody says stop",
            before: "s1",
            stop_after: Some(2_000),
            script: "*GetSession s1 -> PROVISIONING",
            want: "interrupted",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "the credentials expire while it is waited for",
            before: "s1",
            script: "GetSession s1 -> PROVISIONING\n GetSession s1 -> !Expired",
            want: "GetSession: the AWS credentials have expired",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "another region",
            before: "s1 elsewhere",
            want: "session s1 of this target is in region us-east-1, and eu-west-1 is meant now",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "another account",
            before: "s1 foreign",
            want: "is in account 2, and 1 is meant now",
            after: "s1",
            ..Case::default()
        },
    ] {
        start(&case);
    }
}

#[test]
fn stop_is_done_when_the_session_is_over() {
    for case in [
        Case {
            name: "it stops",
            before: "s1",
            script: "GetSession s1 -> READY\n StopSession s1 -> ok\n GetSession s1 -> STOPPING\n GetSession s1 -> STOPPED",
            want: "STOPPED",
            ..Case::default()
        },
        Case {
            name: "it is still being made",
            before: "s1",
            script: "GetSession s1 -> PROVISIONING\n StopSession s1 -> !WrongState\n GetSession s1 -> READY
                StopSession s1 -> ok\n GetSession s1 -> STOPPED",
            want: "STOPPED",
            ..Case::default()
        },
        Case {
            name: "it is over already",
            before: "s1",
            script: "GetSession s1 -> TIMEOUT",
            want: "TIMEOUT",
            ..Case::default()
        },
        Case {
            name: "it is gone",
            before: "s1",
            script: "GetSession s1 -> !NotFound\n GetCallerIdentity -> 1",
            want: "gone",
            ..Case::default()
        },
        Case {
            name: "it is in another account, and may live",
            before: "s1",
            script: "GetSession s1 -> !NotFound\n GetCallerIdentity -> 2",
            want: "session s1 is in account 1, and these credentials are of 2",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "it is gone, or in another account",
            before: "s1",
            script: "GetSession s1 -> !NotFound\n GetCallerIdentity -> !Denied",
            want: "GetCallerIdentity is denied",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "the answer is lost",
            before: "s1",
            script: "GetSession s1 -> READY\n StopSession s1 -> !Lost\n StopSession s1 -> !WrongState\n GetSession s1 -> STOPPED",
            want: "STOPPED",
            ..Case::default()
        },
        Case {
            name: "it does not end",
            before: "s1",
            script: "GetSession s1 -> READY\n StopSession s1 -> ok\n *GetSession s1 -> STOPPING",
            want: "session s1 is still STOPPING",
            after: "s1",
            ..Case::default()
        },
        Case {
            name: "it may not be stopped",
            before: "s1",
            script: "GetSession s1 -> READY\n StopSession s1 -> !Denied",
            want: "StopSession is denied",
            after: "s1",
            ..Case::default()
        },
    ] {
        play(
            &case,
            |sessions, wanted, _| sessions.stop("s1", wanted.patience),
            |ended: Option<Session>| ended.map_or("gone".to_owned(), |session| session.state.to_string()),
        );
    }
}

#[test]
fn code_runs_once() {
    for (script, want) in [
        ("RunStatement s1 -> !Throttled\n RunStatement s1 -> 3", Ok(3)),
        ("RunStatement s1 -> !Lost", Err(Kind::Lost)),
        ("RunStatement s1 -> !Garbled", Err(Kind::Garbled)),
    ] {
        let api = Scripted::new(script);
        let clock = ManualClock::new(None);
        let cancel = Cancel::new();
        let caller = Caller {
            api: &api,
            clock: &clock,
            cancel: &cancel,
        };
        assert_eq!(
            caller.run("s1", "1").map_err(|error| error.kind),
            want,
            "{script}"
        );
        api.must_be_done();
    }
}

#[test]
fn pages_that_never_end_end() {
    let api = Scripted::new("ListSessions -> next t\n *ListSessions t -> next t");
    let clock = ManualClock::new(None);
    let cancel = Cancel::new();
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    let found = caller.sessions().map_err(|error| error.kind);
    assert_eq!(found, Err(Kind::Garbled));
}

#[test]
fn records_that_cannot_be_read_are_left_alone() {
    for text in [
        "",
        "{",
        "[]",
        "{\"schema\":\"glueline-session/9\",\"sessions\":{}}",
    ] {
        let dir = directory();
        let store = Store::new(path(&dir));
        std::fs::create_dir_all(store.path().parent().unwrap()).unwrap();
        std::fs::write(store.path(), text).unwrap();
        let api = Scripted::new("");
        let clock = ManualClock::new(None);
        let cancel = Cancel::new();
        let mut sessions = Sessions {
            caller: Caller {
                api: &api,
                clock: &clock,
                cancel: &cancel,
            },
            store: &store,
            say: &mut |_| {},
        };
        let error = sessions.start(&wanted(false), Choice::default()).unwrap_err();
        assert_eq!(error.kind, Kind::Disk, "{text}");
        assert!(error.message.contains("session list"), "{error}");
        assert_eq!(std::fs::metadata(store.path()).unwrap().len(), text.len() as u64);
    }
}

#[test]
fn two_commands_do_not_change_the_records_at_once() {
    let dir = directory();
    let store = Store::new(path(&dir));
    let api = Scripted::new("");
    let clock = ManualClock::new(None);
    let cancel = Cancel::new();
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    let held = store.lock(&caller).unwrap();
    assert_eq!(store.lock(&caller).unwrap_err().kind, Kind::Busy);
    drop(held);
    store.lock(&caller).unwrap();
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (dir, other) = (directory(), directory());
    std::os::unix::fs::symlink(other.path(), dir.path().join("target")).unwrap();
    let api = Scripted::new("");
    let (clock, cancel) = (ManualClock::new(None), Cancel::new());
    let caller = Caller {
        api: &api,
        clock: &clock,
        cancel: &cancel,
    };
    assert_eq!(Store::new(path(&dir)).lock(&caller).unwrap_err().kind, Kind::Disk);
    assert!(std::fs::metadata(other.path().join("glueline")).is_err());
}

#[test]
fn a_configuration_is_told_from_others() {
    let one = json!({"Id": "a", "RequestOrigin": "x", "Role": "r", "NumberOfWorkers": 2});
    let same = json!({"NumberOfWorkers": 2, "Role": "r", "Id": "b"});
    let other = json!({"NumberOfWorkers": 3, "Role": "r", "Id": "a"});
    assert_eq!(digest(&one), digest(&same));
    assert_ne!(digest(&one), digest(&other));
}

#[test]
fn what_may_be_secret_is_not_shown() {
    let request = json!({"Id": "a", "Role": "r", "Command": {"Name": "glueetl"},
        "DefaultArguments": {"--conf": "password=hunter2"}});
    let new = NewSession::read(&request).unwrap();
    assert!(!format!("{new:?}").contains("hunter2"));
    let answer = glueline_glue::Answer {
        text: Some("row hunter2".to_owned()),
        ..glueline_glue::Answer::default()
    };
    assert!(!format!("{answer:?}").contains("hunter2"));
    for (request, field) in [
        (json!({"Role": "r", "Command": {"Name": "x"}}), "Id"),
        (
            json!({"Id": "a", "Role": "r", "Command": {"Name": "x"}, "NumberOfWorkers": "2"}),
            "NumberOfWorkers",
        ),
        (
            json!({"Id": "a", "Role": "r", "Command": {"Name": "x"}, "Tags": {"a": 1}}),
            "Tags",
        ),
    ] {
        let error = NewSession::read(&request).unwrap_err();
        assert!(error.message.contains(field), "{error}");
    }
}
