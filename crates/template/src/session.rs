//! One rendering: what is running, what it may use up, what it found.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glueline_base::FileRange;

use crate::engine::Engine;
use crate::program::Program;
use crate::{Args, Error, ErrorKind, TraceFrame, Value, python};

/// Says what the names of a template mean.
pub trait Host: Any + Send + Sync {
    /// The value of a name that no template assigns; `None` where there is none.
    fn lookup(&self, cx: &Cx, name: &str) -> Option<Value>;

    /// What the clock says: seconds since 1970 in UTC, and microseconds. `None` where there is no clock.
    fn now(&self) -> Option<(i64, u32)> {
        None
    }
}

/// What a rendering may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Operations in all.
    pub fuel: u64,
    /// Macros within macros.
    pub depth: usize,
    /// Bytes of any one text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 20_000_000,
            depth: 120,
            text: 64 << 20,
        }
    }
}

/// Something that a rendering could not know, or was asked to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub message: String,
    /// Where it came up: the innermost place first.
    pub trace: Vec<TraceFrame>,
}

/// The rendering at hand. Copies are the same rendering.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    host: Arc<dyn Host>,
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    frames: Vec<Frame>,
    fuel: u64,
    /// The error or returned value that is on its way through minijinja.
    pending: Option<Error>,
    returned: Option<Value>,
    programs: Vec<Arc<Program>>,
    notes: Vec<Note>,
}

struct Frame {
    program: Arc<Program>,
    number: u32,
    site: u32,
    /// Values that are used again within one expression, by the number of their place.
    kept: Vec<Value>,
    /// How the innermost loop is being left from within a block that has to end first.
    leaving: Option<Leave>,
}

/// How a loop is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// For good.
    Break,
    /// For its next item.
    Continue,
}

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").finish_non_exhaustive()
    }
}

impl Cx {
    pub(crate) fn new(engine: Arc<Engine>, host: Arc<dyn Host>, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            engine,
            host,
            limits,
            state: Mutex::new(State {
                frames: Vec::new(),
                fuel: limits.fuel,
                pending: None,
                returned: None,
                programs: Vec::new(),
                notes: Vec::new(),
            }),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The host, if it is of this type.
    pub fn host<H: Host>(&self) -> Option<&H> {
        (&*self.0.host as &dyn Any).downcast_ref()
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// What a name means where no template assigns it.
    pub fn lookup(&self, name: &str) -> Value {
        self.0
            .host
            .lookup(self, name)
            .or_else(|| python::global(name))
            .unwrap_or_else(|| Value::undefined_name(name))
    }

    /// What the host's clock says: seconds since 1970 in UTC, and microseconds.
    pub(crate) fn now(&self) -> Result<(i64, u32), Error> {
        let unknown = || Error::unsupported("the time of day is not known while compiling");
        self.0.host.now().ok_or_else(unknown)
    }

    /// Calls a value.
    pub fn call(&self, callee: &Value, args: Args) -> Result<Value, Error> {
        python::call(self, callee, args)
    }

    /// Calls what stands behind a dot of a value.
    pub fn call_method(&self, value: &Value, name: &str, args: Args) -> Result<Value, Error> {
        python::call_method(self, value, name, args)
    }

    /// What stands behind a dot of a value.
    pub fn attr(&self, value: &Value, name: &str) -> Result<Value, Error> {
        python::attr(self, value, name)
    }

    /// What stands in brackets behind a value.
    pub fn item(&self, value: &Value, key: &Value) -> Result<Value, Error> {
        python::item(self, value, key)
    }

    /// What a loop over a value goes through.
    pub fn iterate(&self, value: &Value) -> Result<Vec<Value>, Error> {
        python::iterate(self, value)
    }

    /// Python's `left + right`.
    pub fn add(&self, left: &Value, right: &Value) -> Result<Value, Error> {
        python::binary(self, "+", left, right)
    }

    /// Ends the macro that is running with a value: what dbt's `return()` does.
    pub fn return_value(&self, value: Value) -> Error {
        self.state().returned = Some(value);
        Error::new(ErrorKind::Return, "return() outside of a macro")
    }

    /// Writes down something that could not be known, or that the template says, with where.
    pub fn note(&self, message: impl Into<String>) {
        let trace = self.trace();
        let note = Note {
            message: message.into(),
            trace,
        };
        let mut state = self.state();
        if !state.notes.contains(&note) {
            state.notes.push(note);
        }
    }

    /// The places that are being rendered, the innermost first.
    pub fn trace(&self) -> Vec<TraceFrame> {
        self.state().frames.iter().rev().map(Frame::trace).collect()
    }

    /// The place that is being rendered.
    pub fn place(&self) -> Option<FileRange> {
        self.state().frames.last().map(|frame| frame.trace().place)
    }

    /// How many programs are running, each within the one before.
    pub fn depth(&self) -> usize {
        self.state().frames.len()
    }

    /// Uses up some of what the rendering may use.
    pub fn spend(&self, fuel: u64) -> Result<(), Error> {
        let mut state = self.state();
        match state.fuel.checked_sub(fuel) {
            Some(left) => {
                state.fuel = left;
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::Limit,
                format!("rendering was stopped after {} operations", self.0.limits.fuel),
            )),
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Says which site of the running program comes now.
    pub(crate) fn at(&self, site: u32) -> Result<(), Error> {
        let mut state = self.state();
        if let Some(frame) = state.frames.last_mut() {
            frame.site = site;
        }
        drop(state);
        self.spend(1)
    }

    pub(crate) fn enter(&self, program: &Arc<Program>) -> Result<u32, Error> {
        let mut state = self.state();
        if state.frames.len() >= self.0.limits.depth {
            // The limit is where Python's own strikes at the latest: a macro takes nine of its thousand frames.
            return Err(Error::new(
                ErrorKind::Python("RecursionError"),
                "maximum recursion depth exceeded".to_owned(),
            ));
        }
        let known = state
            .programs
            .iter()
            .position(|known| Arc::ptr_eq(known, program));
        let number = known.unwrap_or(state.programs.len());
        if known.is_none() {
            state.programs.push(program.clone());
        }
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        state.frames.push(Frame {
            program: program.clone(),
            number,
            site: u32::MAX,
            kept: Vec::new(),
            leaving: None,
        });
        Ok(number)
    }

    pub(crate) fn leave(&self) {
        self.state().frames.pop();
    }

    /// The number of the running program among those of this rendering.
    pub(crate) fn program_number(&self) -> u32 {
        self.state().frames.last().map_or(0, |frame| frame.number)
    }

    pub(crate) fn running(&self) -> Option<Arc<Program>> {
        self.state().frames.last().map(|frame| frame.program.clone())
    }

    /// Whether what is undefined in the running program may be called and looked into.
    pub(crate) fn is_lenient(&self) -> bool {
        self.state()
            .frames
            .last()
            .is_some_and(|frame| frame.program.is_lenient)
    }

    pub(crate) fn running_trace(&self) -> Option<TraceFrame> {
        self.state().frames.last().map(Frame::trace)
    }

    /// Keeps a value for another place of the expression that is running.
    pub(crate) fn keep(&self, index: usize, value: Value) {
        if let Some(frame) = self.state().frames.last_mut() {
            if frame.kept.len() <= index {
                frame.kept.resize(index + 1, Value::None);
            }
            if let Some(slot) = frame.kept.get_mut(index) {
                *slot = value;
            }
        }
    }

    /// What was kept.
    pub(crate) fn kept(&self, index: usize) -> Value {
        let state = self.state();
        let kept = state.frames.last().and_then(|frame| frame.kept.get(index));
        kept.cloned().unwrap_or_default()
    }

    /// How the innermost loop is being left.
    pub(crate) fn leaving(&self) -> Option<Leave> {
        self.state().frames.last().and_then(|frame| frame.leaving)
    }

    pub(crate) fn set_leaving(&self, leave: Option<Leave>) {
        if let Some(frame) = self.state().frames.last_mut() {
            frame.leaving = leave;
        }
    }

    /// Hands an error on through minijinja, whose own error only says that there is one.
    pub(crate) fn fail(&self, error: Error) -> minijinja::Error {
        self.state().pending = Some(error);
        minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "pending")
    }

    pub(crate) fn take_pending(&self) -> Option<Error> {
        self.state().pending.take()
    }

    pub(crate) fn take_returned(&self) -> Option<Value> {
        self.state().returned.take()
    }

    pub(crate) fn programs(&self) -> Vec<Arc<Program>> {
        self.state().programs.clone()
    }

    pub(crate) fn take_notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.state().notes)
    }
}

impl Frame {
    fn trace(&self) -> TraceFrame {
        let range = self
            .program
            .site(self.site)
            .map_or_else(Default::default, |site| site.range);
        let program = &self.program;
        TraceFrame::new(program.name.clone(), program.place(range), program.role)
    }
}
