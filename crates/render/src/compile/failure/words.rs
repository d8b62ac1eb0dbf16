//! What dbt prints of an error: whose fault it is, what it says, and the macros that led there.
//!
//! An error passes from the innermost call to the outermost, and what it becomes on the way decides what is told of it
//! (`MacroGenerator.exception_handler` and `catch_jinja` in `dbt_common/clients/jinja.py`, `handle_exception` in `dbt/task/base.py`).

use glueline_base::FileRange;
use glueline_project::Project;
use glueline_template::{Error, ErrorKind, Frame, Role};

/// What an error is by the time it is told.
#[derive(Debug)]
pub(super) struct Caught<'e> {
    error: &'e Error,
    class: Class,
    /// Whether a text that is rendered as it is met an undefined name: that gets advice.
    is_advised: bool,
    /// The macros that dbt tells of, the innermost first.
    macros: Vec<(&'e str, Where)>,
    /// The file into which dbt wrote the code of what runs.
    written: Option<&'e str>,
}

/// What an error is an instance of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Of none of dbt's own classes.
    Raw,
    /// `CompilationError`, which keeps the calls that it passes through.
    Compilation,
    /// Another `DbtRuntimeError`, which keeps none, by the kind that it is printed with (`dbt_common/exceptions/base.py`).
    Other(&'static str),
}

/// Where a macro stands.
#[derive(Debug, Clone, Copy)]
enum Where {
    File(FileRange),
    Shipped(&'static str),
}

/// In what an error happened, as far as dbt tells.
#[derive(Debug)]
pub(super) enum Told {
    /// In this: `model a (models/a.sql)`.
    Of(String),
    /// In something that nobody asks for.
    Nothing,
    /// In a node that dbt does not know yet when it words the error.
    NoOne,
}

/// `dbt_common/clients/jinja.py`, `UndefinedMacroError`.
const ADVICE: &str = ". This can happen when calling a macro that does not exist. Check for typos and/or install package \
                      dependencies with \"dbt deps\".";

fn class(kind: ErrorKind) -> Class {
    match kind {
        ErrorKind::Python("DbtDatabaseError") => Class::Other("Database"),
        ErrorKind::Python("DbtRuntimeError" | "DbtValidationError" | "DependencyError") => {
            Class::Other("Runtime")
        }
        ErrorKind::Python("FailFastError") => Class::Other("FailFast"),
        ErrorKind::Python("ParsingError") => Class::Other("Parsing"),
        ErrorKind::Python("ContractError") => Class::Compilation,
        ErrorKind::Python(_) | ErrorKind::Type | ErrorKind::Undefined => Class::Raw,
        ErrorKind::Compilation
        | ErrorKind::Syntax
        | ErrorKind::Limit
        | ErrorKind::Unsupported
        | ErrorKind::Return => Class::Compilation,
    }
}

/// Whether a macro makes an error of compilation of it, which then lacks the macro's own name.
fn is_caught_by_macros(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Type
            | ErrorKind::Undefined
            | ErrorKind::Python("FilterArgumentError" | "TemplateRuntimeError")
    )
}

impl<'e> Caught<'e> {
    /// An error of what is rendered, which catches it in the end.
    pub(super) fn rendered(error: &'e Error) -> Self {
        let mut caught = Self::passed(error);
        caught.by_template();
        caught
    }

    /// An error of what runs. `written` is the file into which dbt wrote the code by then.
    pub(super) fn ran(error: &'e Error, written: Option<&'e str>) -> Self {
        let mut caught = Self::passed(error);
        caught.written = written.filter(|_| caught.class == Class::Other("Database"));
        caught
    }

    /// Whether it is none of dbt's own errors, and printed as it is.
    pub(super) fn is_raw(&self) -> bool {
        self.class == Class::Raw
    }

    fn passed(error: &'e Error) -> Self {
        let mut caught = Self {
            error,
            class: class(error.kind()),
            is_advised: false,
            macros: Vec::new(),
            written: None,
        };
        // What a macro does not take fails before it runs, but within dbt's call of it.
        if error.kind() == ErrorKind::Type && error.message().starts_with("macro 'dbt_macro__") {
            caught.class = Class::Compilation;
        }
        for frame in error.frames() {
            match frame {
                Frame::Native(native) => caught.by_macro(native.name, Where::Shipped(native.path)),
                Frame::Placed(frame) => match frame.role {
                    Role::Macro => caught.by_macro(&frame.name, Where::File(frame.place)),
                    Role::Template => caught.by_template(),
                    Role::Part => {}
                },
            }
        }
        caught
    }

    fn by_macro(&mut self, name: &'e str, place: Where) {
        match self.class {
            Class::Raw if is_caught_by_macros(self.error.kind()) => self.class = Class::Compilation,
            Class::Compilation => self.macros.push((name, place)),
            Class::Raw | Class::Other(_) => {}
        }
    }

    fn by_template(&mut self) {
        if self.class == Class::Raw {
            self.class = Class::Compilation;
            self.is_advised = self.error.kind() == ErrorKind::Undefined;
        }
    }
}

/// The fault alone, with the advice that it may get.
pub(super) fn reason(error: &Error) -> String {
    let advice = if Caught::rendered(error).is_advised {
        ADVICE
    } else {
        ""
    };
    format!("{}{advice}", error.message())
}

impl Told {
    /// What dbt prints.
    pub(super) fn message(&self, project: &Project, caught: &Caught<'_>) -> String {
        let kind = match caught.class {
            Class::Raw => return caught.error.message().to_owned(),
            Class::Compilation => "Compilation",
            Class::Other(kind) => kind,
        };
        let mut out = match self {
            Self::Of(subject) => format!("{kind} Error in {subject}"),
            Self::Nothing | Self::NoOne => format!("{kind} Error"),
        };
        let written = caught.written.map(|path| format!("compiled code at {path}"));
        let calls = self.calls(project, caught);
        let lines = caught.error.message().split('\n');
        for line in lines
            .chain(written.as_deref())
            .chain(calls.iter().map(String::as_str))
        {
            out.push_str("\n  ");
            out.push_str(line);
        }
        if caught.is_advised {
            out.push_str(ADVICE);
        }
        out
    }

    /// The calls that led there, with an empty line before them.
    fn calls(&self, project: &Project, caught: &Caught<'_>) -> Vec<String> {
        if caught.macros.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![String::new()];
        for (index, (name, place)) in caught.macros.iter().enumerate() {
            let verb = if index == 0 { "in" } else { "called by" };
            let path = match place {
                Where::File(place) => path(project, *place),
                Where::Shipped(path) => (*path).to_owned(),
            };
            lines.push(format!("> {verb} macro {name} ({path})"));
        }
        match self {
            Self::Of(subject) => lines.push(format!("> called by {subject}")),
            Self::NoOne => lines.push("> called by <Unknown>".to_owned()),
            Self::Nothing => {}
        }
        lines
    }
}

/// The file of a place, as dbt tells it.
pub(super) fn path(project: &Project, place: FileRange) -> String {
    let known = project.files().sources().len() > place.file.0 as usize;
    if known {
        project.files().info(place.file).original.to_string()
    } else {
        String::new()
    }
}
