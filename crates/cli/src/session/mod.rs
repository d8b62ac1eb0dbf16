//! `glueline session`: the Glue session that a target runs in, kept warm from one command to the next.

pub(crate) mod args;
mod json;
mod names;
pub(crate) mod target;
mod text;

use std::sync::Arc;

use glueline_base::{System, Utf8Path};
use glueline_glue::{
    Aws, Caller, Choice, Error, Kind, Listed, Phase, Record, Session, SessionState, Sessions,
    Settings as AwsSettings, Started, Statement, Store, SystemClock, Usage, idle_left, usage,
};
use glueline_server::OnRecord;

use self::args::{SessionArgs, SessionCommand};
use self::target::Target;
use crate::args::{Output, SelectionArgs, TalkArgs};
use crate::compile::{Opened, Surroundings, open};
use crate::engine::{self, Request};
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::report::clean;
use crate::streams::Streams;

/// Does what is asked for with the session of a target.
pub(crate) fn session(
    args: &SessionArgs,
    talk: &TalkArgs,
    around: Surroundings<'_>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let common = args.command.common();
    let files = crate::from_editor::files(common.from_editor, around.system)?;
    let around = Surroundings {
        system: &files,
        ..around
    };
    let selection = SelectionArgs::default();
    let opened = match open(&common.project, &selection, talk, around, streams)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let Opened {
        directory, settings, ..
    } = &opened;
    let request = Request {
        project_dir: directory,
        settings,
        selection: &selection,
    };
    let project = Arc::new(engine::load_project(&**around.system, &request)?);
    let target = Target::of(&project, around.system)?;
    let store = Store::new(directory.clone());
    let named = match &args.command {
        SessionCommand::Start { id, .. }
        | SessionCommand::Status { id, .. }
        | SessionCommand::Stop { id, .. }
        | SessionCommand::Logs { id, .. } => id.as_deref(),
        SessionCommand::List { .. } => None,
    };
    let starts = matches!(args.command, SessionCommand::Start { .. });
    // What lives elsewhere is looked at, and stopped, where it lives.
    let records = store.all()?;
    let known = match named {
        Some(id) => records.values().find(|record| record.id == id),
        None => records.get(&target.key),
    };
    let there = known.filter(|_| !starts).map(|record| record.region.clone());
    let aws = Aws::new(&AwsSettings {
        region: there.or_else(|| target.aws.region.clone()),
        ..target.aws.clone()
    })?;
    let waits = matches!(
        args.command,
        SessionCommand::Start { .. } | SessionCommand::Stop { .. }
    );
    let waiting = Progress::of(streams, settings.quiet.value || !waits, "Waiting for AWS");
    let (clock, cancel) = (SystemClock, crate::interrupt::cancel());
    let mut at_work = AtWork {
        target: &target,
        aws: &aws,
        caller: Caller {
            api: &aws,
            clock: &clock,
            cancel: &cancel,
        },
        store: &store,
        price: common.dpu_price,
        remarks: Vec::new(),
    };
    let told = at_work.run(&args.command, known);
    drop(waiting);
    for remark in &at_work.remarks {
        writeln!(streams.err, "note: {}", clean(remark))?;
    }
    let told = told?;
    match common.output {
        Output::Text => text::write(&told, &target.key, streams)?,
        Output::Json => {
            let text = common.from_editor.then(|| text::sentence(&told, &target.key));
            json::write(&told, &target.key, &at_work.remarks, text, streams)?;
        }
    }
    Ok(Exit::Success)
}

/// The session on record for a target, for an editor: nobody is asked about it.
pub(crate) fn on_record(
    files: &dyn System,
    project_dir: &Utf8Path,
    profile: &str,
    target: &str,
) -> Option<OnRecord> {
    // Where the record cannot be read, the next command says so.
    let records = Store::new(project_dir).all_on(files).ok()?;
    let record = records.get(&target::key(profile, target))?;
    let how = match (record.phase, record.ready) {
        (Phase::Creating, _) => "asked for",
        (Phase::Made, None) => "not seen ready yet",
        (Phase::Made, Some(_)) => "ready when it was last used",
    };
    Some(OnRecord {
        id: record.id.clone(),
        text: format!("on record, {how}"),
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind {
            Kind::Interrupted => Self::Interrupted(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// What came of a command.
enum Told {
    /// There is no session on record.
    None,
    /// A session that is on record, and that AWS does not know.
    Gone(String),
    /// A session.
    Session(Box<Shown>),
    /// Sessions that were stopped, with their last states; none where they are gone.
    Stopped(Vec<(String, Option<Session>)>),
    /// A list.
    List(Vec<(Listed, Option<Usage>)>, i64),
    /// The statements of a session.
    Statements(Box<Shown>, Vec<Statement>),
}

/// A session, and what is to be said of it.
struct Shown {
    session: Session,
    record: Option<Record>,
    region: String,
    /// Now, in milliseconds since 1970.
    now: i64,
    usage: Option<Usage>,
    /// In how many milliseconds it ends by itself, where it idles.
    idle_left: Option<i64>,
    /// Whether a statement waits or runs; `None` where nobody could tell.
    busy: Option<bool>,
    /// Whether the profile asks for what it was made with; `None` where nobody knows.
    is_current: Option<bool>,
}

struct AtWork<'a> {
    target: &'a Target,
    aws: &'a Aws,
    caller: Caller<'a>,
    store: &'a Store,
    price: Option<f64>,
    remarks: Vec<String>,
}

impl AtWork<'_> {
    fn run(&mut self, command: &SessionCommand, known: Option<&Record>) -> Result<Told, Failure> {
        match command {
            SessionCommand::Start { id, new, .. } => self.start(id.as_deref(), *new),
            SessionCommand::Status { id, .. } => self.status(id.as_deref(), known),
            SessionCommand::Stop { id, all, .. } => self.stop(id.as_deref(), *all, known),
            SessionCommand::List { all, .. } => self.list(*all),
            SessionCommand::Logs { id, .. } => self.logs(id.as_deref(), known),
        }
    }

    fn sessions<T>(&mut self, act: impl FnOnce(&mut Sessions<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let remarks = &mut self.remarks;
        act(&mut Sessions {
            caller: self.caller,
            store: self.store,
            say: &mut |remark| remarks.push(remark.to_owned()),
        })
    }

    fn start(&mut self, adopt: Option<&str>, fresh: bool) -> Result<Told, Failure> {
        let wanted = self.target.wanted(self.aws.region(), &self.caller)?;
        let Started { session, .. } =
            self.sessions(|sessions| sessions.start(&wanted, Choice { adopt, fresh }))?;
        let record = self.store.get(&self.target.key)?;
        Ok(Told::Session(Box::new(self.shown(session, record))))
    }

    fn status(&mut self, id: Option<&str>, known: Option<&Record>) -> Result<Told, Failure> {
        let Some(id) = self.meant(id, known) else {
            return Ok(Told::None);
        };
        Ok(match self.caller.find_session(&id)? {
            Some(session) => Told::Session(Box::new(self.shown(session, known.cloned()))),
            None => self.gone(id)?,
        })
    }

    /// A session that AWS does not know, here.
    fn gone(&mut self, id: String) -> Result<Told, Failure> {
        self.sessions(|sessions| sessions.must_be_the_same_account(&id))?;
        Ok(Told::Gone(id))
    }

    /// The session that is asked for: that of the id, else that on record, else the one that dbt-glue uses again and again.
    fn meant(&self, id: Option<&str>, known: Option<&Record>) -> Option<String> {
        let id = id.or(known.map(|record| record.id.as_str()));
        let shared = || {
            let (new, _) = self.target.new.as_ref().ok().filter(|_| self.target.is_shared)?;
            Some(new.id.clone())
        };
        id.map(str::to_owned).or_else(shared)
    }

    fn stop(&mut self, id: Option<&str>, all: bool, known: Option<&Record>) -> Result<Told, Failure> {
        let ids: Vec<String> = match (id, known) {
            _ if all => {
                let prefix = self.target.prefix.clone();
                let listed = self.sessions(|sessions| sessions.list(&prefix))?;
                let live = listed
                    .into_iter()
                    .filter(|one| one.is_ours && !one.session.state.is_over());
                live.map(|one| one.session.id).collect()
            }
            (Some(id), _) => vec![id.to_owned()],
            (None, Some(record)) if record.made => vec![record.id.clone()],
            (None, Some(record)) => {
                let id = &record.id;
                return Err(Failure::Usage(format!(
                    "session {id} was not made by Glueline, and others may use it; `glueline session stop {id}` stops it \
                     all the same"
                )));
            }
            (None, None) => return Ok(Told::None),
        };
        let patience = self.target.patience;
        let mut stopped = Vec::new();
        let mut failed = None;
        // One that does not stop keeps none of the others alive.
        for id in ids {
            match self.sessions(|sessions| sessions.stop(&id, patience)) {
                Ok(ended) => stopped.push((id, ended)),
                Err(error) if error.kind == Kind::Interrupted => return Err(error.into()),
                Err(error) => {
                    failed.get_or_insert((id, error));
                }
            }
        }
        match failed {
            None => Ok(Told::Stopped(stopped)),
            Some((_, error)) if stopped.is_empty() => Err(error.into()),
            Some((id, error)) => {
                let stopped: Vec<String> = stopped.into_iter().map(|(id, _)| id).collect();
                Err(Failure::Failed(format!(
                    "session {id} was not stopped: {error}; these were: {}",
                    stopped.join(", ")
                )))
            }
        }
    }

    fn list(&mut self, all: bool) -> Result<Told, Failure> {
        let prefix = self.target.prefix.clone();
        let mut listed = self.sessions(|sessions| sessions.list(&prefix))?;
        if !all {
            listed.retain(|one| one.key.is_some() || one.is_ours && !one.session.state.is_over());
        }
        let records = self.store.all()?;
        let now = self.caller.clock.now();
        let rows = listed.into_iter().map(|one| {
            let record = one.key.as_ref().and_then(|key| records.get(key));
            let used = usage(
                &one.session,
                record.and_then(|record| record.ready),
                now,
                self.price,
            );
            (one, used)
        });
        Ok(Told::List(rows.collect(), now))
    }

    fn logs(&mut self, id: Option<&str>, known: Option<&Record>) -> Result<Told, Failure> {
        let Some(id) = self.meant(id, known) else {
            return Ok(Told::None);
        };
        let Some(session) = self.caller.find_session(&id)? else {
            return self.gone(id);
        };
        let statements = self.sessions(|sessions| sessions.statements(&id))?;
        let shown = self.shown(session, known.cloned());
        Ok(Told::Statements(Box::new(shown), statements))
    }

    /// What is to be said of a session. Its statements are looked at for what it is busy with; not to be allowed to is no fault.
    fn shown(&mut self, session: Session, record: Option<Record>) -> Shown {
        let now = self.caller.clock.now();
        let ready = record.as_ref().and_then(|record| record.ready);
        let is_ready = session.state == SessionState::Ready;
        let statements = is_ready.then(|| self.sessions(|sessions| sessions.statements(&session.id)));
        let statements = statements.and_then(Result::ok);
        let busy = statements
            .as_ref()
            .map(|all| all.iter().any(|statement| !statement.state.is_over()));
        let done = statements
            .iter()
            .flatten()
            .filter_map(|statement| statement.completed);
        let last = done.chain(ready).chain(session.created).max();
        let idle = last.filter(|_| busy == Some(false));
        let is_current = match (&record, &self.target.new) {
            (Some(record), Ok((_, digest))) if !record.digest.is_empty() => Some(record.digest == *digest),
            _ => None,
        };
        Shown {
            usage: usage(&session, ready, now, self.price),
            idle_left: idle.and_then(|last| idle_left(&session, last, now)),
            region: self.aws.region().to_owned(),
            session,
            record,
            now,
            busy,
            is_current,
        }
    }
}
