//! The binary and the AWS SDK in it, against an endpoint on the loopback that answers as each case says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on ends"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::{Output, Project};

pub(crate) const PROFILE: &str = "shop:
  target: dev
  outputs:
    dev:
      type: glue
      role_arn: arn:aws:iam::123456789012:role/session
      region: eu-west-1
      schema: core
      workers: 2
      worker_type: G.1X
      conf: spark.hadoop.javax.jdo.option.ConnectionPassword=hunter2
";

const SECRET: &str = "wJalrXUtnFEMI";

/// How a call is answered.
pub(crate) enum Reply {
    /// With a status and a document.
    Json(u16, Value),
    /// With a status and a text.
    Text(u16, &'static str),
    /// With half of what was promised.
    Half(&'static str),
    /// Not at all: the connection is cut.
    Cut,
    /// Not at all: the connection stays.
    Silence,
}

/// An endpoint, and the calls that came.
pub(crate) struct Endpoint {
    url: String,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    /// An endpoint that answers a call by its name and document. Who calls is answered for it, unless it says otherwise.
    pub(crate) fn new(answer: impl Fn(&str, &Value) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (calls.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (seen.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &seen, &*answer));
            }
        });
        Self { url, calls }
    }

    /// An endpoint that gives these answers, each once, whatever is asked for; but for who calls.
    fn of(replies: Vec<Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter());
        Self::new(move |name, _| {
            let next = || replies.lock().unwrap().next();
            (name != "GetCallerIdentity").then(next).flatten()
        })
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn environment(&self) -> Vec<(&str, &str)> {
        vec![
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("USER", "me"),
        ]
    }

    /// Starts the binary in a project.
    pub(crate) fn start(&self, project: &Project, arguments: &[&str]) -> std::process::Child {
        let mut command = project.command(&project.path(""), arguments, &self.environment());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// The same, with its standard input in the hands of the test.
    pub(crate) fn start_with_input(&self, project: &Project, arguments: &[&str]) -> std::process::Child {
        let mut command = project.command(&project.path(""), arguments, &self.environment());
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    pub(crate) fn run(&self, project: &Project, arguments: &[&str]) -> Output {
        let output = project.glueline_with(arguments, &self.environment());
        for secret in [SECRET, "hunter2"] {
            let (out, err) = (&output.stdout, &output.stderr);
            assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
        }
        output
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    answer: &(impl Fn(&str, &Value) -> Option<Reply> + ?Sized),
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut name, mut length) = ("GetCallerIdentity".to_owned(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim().split_once(": ") {
            Some((key, value)) if key.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some((key, value)) if key.eq_ignore_ascii_case("x-amz-target") => {
                value.rsplit('.').next().unwrap().clone_into(&mut name);
            }
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    seen.lock().unwrap().push(name.clone());
    let reply = answer(&name, &body).unwrap_or(match name.as_str() {
        "GetCallerIdentity" => Reply::Text(
            200,
            "<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>A</UserId><Account>123456789012</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>",
        ),
        _ => fault("UnexpectedCall", &name),
    });
    let (status, text, promised) = match reply {
        Reply::Json(status, mut body_of_answer) => {
            // What is asked for by its id is answered with it.
            if let (Some(id), Some(session)) = (body.get("Id"), body_of_answer.get_mut("Session")) {
                session["Id"] = id.clone();
            }
            let text = body_of_answer.to_string();
            let length = text.len();
            (status, text, length)
        }
        Reply::Text(status, text) => (status, text.to_owned(), text.len()),
        Reply::Half(text) => (200, text.to_owned(), text.len() * 2),
        Reply::Cut => return,
        Reply::Silence => {
            std::thread::sleep(Duration::from_mins(1));
            return;
        }
    };
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {promised}\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(text.as_bytes());
}

/// A session in a state.
fn state(state: &str) -> Reply {
    Reply::Json(
        200,
        json!({"Session": {"Status": state, "CreatedOn": 1.7e9, "NumberOfWorkers": 2, "WorkerType": "G.1X", "IdleTimeout": 10}}),
    )
}

/// What AWS refuses.
pub(crate) fn fault(code: &str, message: &str) -> Reply {
    Reply::Json(400, json!({"__type": code, "message": message}))
}

fn nothing() -> Reply {
    Reply::Json(200, json!({}))
}

fn project() -> Project {
    Project::new(&[("profiles.yml", PROFILE)])
}

/// The record of the target; null where there is none.
fn record(project: &Project) -> Value {
    let path = "target/glueline/session.json";
    if !project.path(path).exists() {
        return Value::Null;
    }
    let stored: Value = serde_json::from_str(&project.read(path)).unwrap();
    stored["sessions"]["shop.dev"].clone()
}

#[test]
fn a_session_lives_from_start_to_stop() {
    let live = Mutex::new("READY".to_owned());
    let endpoint = Endpoint::new(move |name, _| {
        let mut live = live.lock().unwrap();
        Some(match name {
            "GetCallerIdentity" => return None,
            "CreateSession" => state("PROVISIONING"),
            "GetSession" => state(&live),
            "StopSession" => {
                *live = "STOPPED".to_owned();
                nothing()
            }
            "ListStatements" => Reply::Json(
                200,
                json!({"Statements": [{"Id": 1, "State": "AVAILABLE", "StartedOn": 1_700_000_000_000_i64,
                    "CompletedOn": 1_700_000_002_000_i64, "Code": "secret", "Output": {"Status": "error",
                    "ErrorName": "AnalysisException", "ErrorValue": "no such table"}}]}),
            ),
            _ => nothing(),
        })
    });
    let project = project();
    for (arguments, want) in [
        ("session status", "no session of shop.dev is on record"),
        ("session start", "· READY · 2 workers G.1X · "),
        ("session start", "DPU-minutes, about $"),
        ("session status", "· idle stop in "),
        (
            "session logs",
            "1  AVAILABLE (error)  2 s\n   AnalysisException: no such table\n",
        ),
        ("session stop", "is STOPPED"),
        ("session status", "no session of shop.dev is on record"),
        ("session stop", "no session of shop.dev is on record"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let output = endpoint.run(&project, &words);
        assert_eq!(output.status, 0, "{arguments}: {}", output.stderr);
        assert!(output.stdout.contains(want), "{arguments}: {}", output.stdout);
        assert!(!output.stdout.contains("secret"));
    }
    let made = endpoint
        .calls()
        .iter()
        .filter(|call| *call == "CreateSession")
        .count();
    assert_eq!(made, 1);
}

#[test]
fn faults_are_said_and_nothing_is_claimed() {
    const DENIED: &str = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: iam:PassRole on resource: \
                          arn:aws:iam::123456789012:role/session";
    for (name, arguments, replies, status, want, phase) in [
        (
            "throttling, then success",
            "session start",
            vec![
                nothing(),
                fault("ThrottlingException", "Rate exceeded"),
                state("PROVISIONING"),
                state("READY"),
                nothing(),
            ],
            0,
            "READY",
            "made",
        ),
        (
            "denied",
            "session start",
            vec![nothing(), fault("AccessDeniedException", DENIED)],
            1,
            "iam:PassRole is denied to arn:aws:iam::123456789012:user/me on arn:aws:iam::123456789012:role/session",
            "",
        ),
        (
            "an expired token",
            "session start",
            vec![
                nothing(),
                fault(
                    "ExpiredTokenException",
                    "The security token included in the request is expired",
                ),
            ],
            1,
            "CreateSession: the AWS credentials have expired",
            "",
        ),
        (
            "half a document",
            "session start",
            vec![
                nothing(),
                state("PROVISIONING"),
                Reply::Text(200, "{\"Session\": {\"Id\": \"x\", \"Sta"),
                state("READY"),
                nothing(),
            ],
            0,
            "READY",
            "made",
        ),
        (
            "half a document for good",
            "session status x",
            (0..4)
                .map(|_| Reply::Text(200, "{\"Session\": {\"Id\": \"x\", \"Sta"))
                .collect(),
            1,
            "GetSession: the answer of AWS cannot be read",
            "",
        ),
        (
            "half an answer for good",
            "session status x",
            (0..4)
                .map(|_| Reply::Half("{\"Session\": {\"Id\": \"x\"}}"))
                .collect(),
            1,
            "GetSession: the answer of AWS cannot be read",
            "",
        ),
        (
            "no session in it",
            "session status x",
            (0..4).map(|_| nothing()).collect(),
            1,
            "GetSession: the answer of AWS cannot be read: `Session` is missing in it",
            "",
        ),
        (
            "the connection is cut, and the call has arrived",
            "session start",
            vec![
                nothing(),
                Reply::Cut,
                fault("AlreadyExistsException", "it is there"),
                state("READY"),
                nothing(),
            ],
            0,
            "READY",
            "made",
        ),
        (
            "the connection is cut, and the call may have arrived",
            "session start",
            vec![
                nothing(),
                Reply::Cut,
                fault("AccessDeniedException", DENIED),
                fault("AccessDeniedException", DENIED),
            ],
            1,
            "iam:PassRole is denied",
            "creating",
        ),
        (
            "an unknown session",
            "session status x",
            vec![fault("EntityNotFoundException", "Session with id x not found")],
            0,
            "session x: AWS knows of none",
            "",
        ),
        (
            "a session that fails",
            "session start",
            vec![
                nothing(),
                state("PROVISIONING"),
                Reply::Json(
                    200,
                    json!({"Session": {"Status": "FAILED", "ErrorMessage": "no address is free in subnet-1"}}),
                ),
            ],
            1,
            "is FAILED: no address is free in subnet-1",
            "made",
        ),
    ] {
        let project = project();
        let words: Vec<&str> = arguments.split(' ').collect();
        let endpoint = Endpoint::of(replies);
        let output = endpoint.run(&project, &words);
        let told = if status == 0 {
            &output.stdout
        } else {
            &output.stderr
        };
        assert!(told.contains(want), "{name}: {}{}", output.stdout, output.stderr);
        assert_eq!(output.status, status, "{name}: {}", output.stderr);
        assert!(
            status == 0 || output.stdout.is_empty(),
            "{name}: {}",
            output.stdout
        );
        let record = record(&project);
        assert_eq!(
            record["phase"].as_str().unwrap_or_default(),
            phase,
            "{name}: {record}"
        );
    }
}

#[test]
fn without_credentials_or_network_nothing_is_claimed() {
    // A port where nobody listens any more.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let closed = format!("http://127.0.0.1:{port}");
    let with_keys = [
        ("AWS_ENDPOINT_URL", closed.as_str()),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ];
    let without = [
        ("AWS_ENDPOINT_URL", closed.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    for (environment, want) in [
        (&with_keys[..], "AWS cannot be reached: "),
        (&without[..], "there are no AWS credentials: "),
    ] {
        let project = project();
        for arguments in [&["session", "start"][..], &["session", "status", "x"]] {
            let output = project.glueline_with(arguments, environment);
            assert!(output.stderr.contains(want), "{arguments:?}: {}", output.stderr);
            assert_eq!((output.status, output.stdout.as_str()), (1, ""), "{arguments:?}");
        }
        assert!(!project.path("target/glueline/session.json").exists() || record(&project).is_null());
    }
}

#[test]
fn what_a_killed_command_leaves_behind_is_found() {
    let is_first = Mutex::new(true);
    let endpoint = Endpoint::new(move |name, _| match name {
        // The first command never hears that its call has arrived.
        "CreateSession" => Some(Reply::Silence),
        "GetSession" => {
            let mut is_first = is_first.lock().unwrap();
            Some(state(if std::mem::take(&mut *is_first) {
                "PROVISIONING"
            } else {
                "READY"
            }))
        }
        "GetCallerIdentity" => None,
        _ => Some(nothing()),
    });
    let project = project();
    let environment = endpoint.environment();
    let mut command = project.command(&project.path(""), &["session", "start"], &environment);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !endpoint.calls().iter().any(|call| call == "CreateSession") {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = record(&project);
    assert_eq!(left["phase"], "creating");
    let output = endpoint.run(&project, &["session", "start", "--output", "json"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    let found: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(found["session"]["id"], left["id"]);
    assert_eq!(found["session"]["state"], "READY");
    let made = endpoint
        .calls()
        .iter()
        .filter(|call| *call == "CreateSession")
        .count();
    assert_eq!(made, 1);
}

#[test]
fn two_commands_make_one_session() {
    let made = Mutex::new(false);
    let endpoint = Endpoint::new(move |name, _| {
        let mut made = made.lock().unwrap();
        Some(match name {
            "GetCallerIdentity" => return None,
            "CreateSession" => {
                std::thread::sleep(Duration::from_millis(300));
                *made = true;
                state("PROVISIONING")
            }
            "GetSession" if *made => state("READY"),
            "GetSession" => fault("EntityNotFoundException", "no"),
            _ => nothing(),
        })
    });
    let project = project();
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        let run = || endpoint.run(&project, &["session", "start"]);
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for output in &outputs {
        assert_eq!(output.status, 0, "{}", output.stderr);
        assert_eq!(
            output.stdout.split('·').next(),
            outputs[0].stdout.split('·').next()
        );
    }
    let made = endpoint
        .calls()
        .iter()
        .filter(|call| *call == "CreateSession")
        .count();
    assert_eq!(made, 1, "{:?}", endpoint.calls());
}

#[test]
fn a_target_without_sessions_is_refused() {
    for (profile, status, want) in [
        (
            "shop:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n",
            2,
            "of type `duckdb`",
        ),
        (
            "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      region: eu-west-1\n      schema: a\n",
            2,
            "a session of shop.dev cannot be made: ",
        ),
    ] {
        let project = Project::new(&[("profiles.yml", profile)]);
        let endpoint = Endpoint::of(Vec::new());
        let output = endpoint.run(&project, &["session", "start"]);
        assert_eq!(output.status, status, "{}", output.stderr);
        assert!(output.stderr.contains(want), "{}", output.stderr);
        assert_eq!(endpoint.calls(), [""; 0]);
    }
}
