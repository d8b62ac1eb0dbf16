//! What goes wrong while a template is rendered.

use std::fmt;
use std::sync::Arc;

use glueline_base::FileRange;

/// Why rendering ended.
#[derive(Debug, Clone)]
pub struct Error(Box<Fault>, Placed);

/// Whether the running program has already said where in it the fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placed {
    No,
    Yes,
}

/// What an [`Error`] holds.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: ErrorKind,
    /// The message, as Python, Jinja2 or dbt word it.
    pub message: String,
    /// Where it happened: the innermost place first, then each call that led there.
    pub trace: Vec<TraceFrame>,
    /// The macros without a text that it passed through, the innermost first.
    natives: Vec<NativeFrame>,
}

/// A place that was being rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceFrame {
    /// The macro, or whatever the template is called.
    pub name: Arc<str>,
    /// The expression or statement.
    pub place: FileRange,
    /// What is rendered there.
    pub role: Role,
}

/// What a program is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A text that is rendered as it is: that of a node, of a hook.
    Template,
    /// A macro, test or materialization.
    Macro,
    /// Something within either that is called by itself: the body of a `call` block, a macro of its own, a recursive loop.
    Part,
}

/// A macro that was running and has no text, and so no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NativeFrame {
    /// Its name.
    pub name: &'static str,
    /// The file that it would stand in, relative to its package.
    pub path: &'static str,
    /// How many places of the trace lie within it.
    within: usize,
}

/// What an error passed through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A text, at a place.
    Placed(&'a TraceFrame),
    /// A macro without a text.
    Native(&'a NativeFrame),
}

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A name, attribute or item that is not there (`jinja2.exceptions.UndefinedError`).
    Undefined,
    /// Python's `TypeError`.
    Type,
    /// Another exception of Python, by the name of its class.
    Python(&'static str),
    /// What dbt refuses while compiling (`CompilationError` and its kin).
    Compilation,
    /// The template cannot be read.
    Syntax,
    /// The limits of time, depth or memory that keep runaway templates in check.
    Limit,
    /// Something that Glueline cannot do; never the user's fault.
    Unsupported,
    /// Not an error: `return()` on its way to the macro that it ends.
    Return,
}

impl Error {
    /// An error without a place; it gets one where it leaves the function that raises it.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let fault = Fault {
            kind,
            message: message.into(),
            trace: Vec::new(),
            natives: Vec::new(),
        };
        Self(Box::new(fault), Placed::No)
    }

    /// Python's `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Type, message)
    }

    /// Python's `ValueError`.
    pub fn value_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Python("ValueError"), message)
    }

    /// What dbt refuses while compiling.
    pub fn compilation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Compilation, message)
    }

    /// Something that Glueline cannot do.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// The use of an undefined value.
    pub fn undefined(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Undefined, message)
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it happened: the innermost place first.
    pub fn trace(&self) -> &[TraceFrame] {
        &self.0.trace
    }

    /// Everything that it passed through, the innermost first, macros without a text among it.
    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let Fault { trace, natives, .. } = &*self.0;
        let mut natives = natives.iter().peekable();
        let mut placed = trace.iter().enumerate().peekable();
        std::iter::from_fn(move || {
            let next = placed.peek().map_or(usize::MAX, |(index, _)| *index);
            match natives.next_if(|native| native.within <= next) {
                Some(native) => Some(Frame::Native(native)),
                None => placed.next().map(|(_, frame)| Frame::Placed(frame)),
            }
        })
    }

    /// Says that it leaves a macro that has no text.
    #[must_use]
    pub fn through(mut self, name: &'static str, path: &'static str) -> Self {
        let within = self.0.trace.len();
        self.0.natives.push(NativeFrame { name, path, within });
        self
    }

    /// Everything about it.
    pub fn into_fault(self) -> Fault {
        *self.0
    }

    /// Says where in the running program the fault is.
    pub(crate) fn place_at(&mut self, frame: TraceFrame) {
        self.0.trace.push(frame);
        self.1 = Placed::Yes;
    }

    /// Adds the place where the running program is, unless that is said already.
    pub(crate) fn leave_through(&mut self, frame: TraceFrame) {
        if self.1 == Placed::No {
            self.0.trace.push(frame);
        }
        self.1 = Placed::No;
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_without_a_text_stand_where_they_were_left() {
        let place = FileRange {
            file: glueline_base::FileId(0),
            range: glueline_base::range(0, 1),
        };
        let mut error = Error::type_error("x").through("a", "a.sql");
        for name in ["b", "c"] {
            error.leave_through(TraceFrame::new(name, place, Role::Macro));
        }
        let error = error.through("d", "d.sql").through("e", "e.sql");
        let names: Vec<&str> = error
            .frames()
            .map(|frame| match frame {
                Frame::Placed(frame) => &*frame.name,
                Frame::Native(frame) => frame.name,
            })
            .collect();
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
        assert_eq!(error.trace().len(), 2);
    }
}
