//! Why a node cannot be rendered, in dbt's words.

use glueline_base::FileRange;
use glueline_project::{NodeId, Project};
use glueline_template::{Error, ErrorKind, TraceFrame};

use crate::host::NodeHost;
use crate::renderer::Shared;

/// Why a node cannot be rendered.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The fault itself, with the calls that led there.
    pub error: Error,
    /// What dbt would print: `Compilation Error in model a (models/a.sql)`, the fault, the calls.
    pub message: String,
    /// The node in which it happened: an ephemeral model that the node reads, or the node itself.
    pub node: Option<NodeId>,
}

impl Failure {
    pub(crate) fn new(shared: &Shared, node: Option<NodeId>, error: Error) -> Self {
        let message = message(&shared.project, node, &error);
        Self { error, message, node }
    }

    /// Why what a host renders cannot be rendered.
    pub(super) fn of(host: &NodeHost, error: Error) -> Self {
        let node = host.node_id();
        let project = &host.shared.project;
        let message = match host.operation() {
            Some(operation) => worded(project, Some(operation.subject()), &error),
            None => message(project, node, &error),
        };
        Self { error, message, node }
    }

    /// Where it happened.
    pub fn place(&self) -> Option<FileRange> {
        self.error.trace().first().map(|frame| frame.place)
    }

    /// The calls that led there, the innermost first: each a place with the name of what is rendered there.
    pub fn calls(&self) -> &[TraceFrame] {
        self.error.trace().get(1..).unwrap_or(&[])
    }

    /// The fault alone, as dbt words it.
    pub fn reason(&self) -> String {
        reason(&self.error)
    }

    /// Whether dbt fails here too: this is neither a gap of Glueline's nor a limit of its own.
    pub fn is_certain(&self) -> bool {
        !matches!(
            self.error.kind(),
            ErrorKind::Unsupported | ErrorKind::Limit | ErrorKind::Return
        )
    }
}

/// `dbt_common/clients/jinja.py`, `catch_jinja`: a name that is not there, outside of any macro, gets advice.
fn reason(error: &Error) -> String {
    let message = error.message();
    if error.kind() == ErrorKind::Undefined && error.trace().len() <= 1 {
        return format!(
            "{message}. This can happen when calling a macro that does not exist. Check for typos and/or install package \
             dependencies with \"dbt deps\"."
        );
    }
    message.to_owned()
}

/// What dbt calls the kind of an error: that of its class (`dbt_common/exceptions/base.py`).
fn class(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Python("DbtDatabaseError") => "Database",
        ErrorKind::Python("DbtRuntimeError" | "DbtValidationError" | "DependencyError") => "Runtime",
        ErrorKind::Python("FailFastError") => "FailFast",
        ErrorKind::Python("ParsingError") => "Parsing",
        _ => "Compilation",
    }
}

/// The calls that dbt tells of: all of them for its own errors of compilation; without the innermost for what a macro could not do
/// with its values; none for other errors of Python (`MacroGenerator.exception_handler` in `dbt_common/clients/jinja.py`).
fn told(error: &Error) -> &[TraceFrame] {
    let [macros @ .., _] = error.trace() else {
        return &[];
    };
    match error.kind() {
        ErrorKind::Type | ErrorKind::Undefined => macros.get(1..).unwrap_or(&[]),
        ErrorKind::Python("ContractError") => macros,
        ErrorKind::Python(_) => &[],
        _ => macros,
    }
}

fn path(project: &Project, place: FileRange) -> String {
    let known = project.files().sources().len() > place.file.0 as usize;
    if known {
        project.files().info(place.file).original.to_string()
    } else {
        String::new()
    }
}

fn message(project: &Project, node: Option<NodeId>, error: &Error) -> String {
    let subject = node.map(|node| {
        let node = project.node(node);
        let unique = &node.unique_id;
        let kind = unique.split('.').next().unwrap_or_default();
        format!("{kind} {} ({})", node.name, path(project, node.at))
    });
    worded(project, subject, error)
}

/// What dbt prints of an error in a subject: `model a (models/a.sql)`.
fn worded(project: &Project, subject: Option<String>, error: &Error) -> String {
    let mut out = match &subject {
        Some(subject) => format!("{} Error in {subject}\n", class(error)),
        None => format!("{} Error\n", class(error)),
    };
    let mut lines: Vec<String> = reason(error).split('\n').map(ToOwned::to_owned).collect();
    let macros = told(error);
    if !macros.is_empty() {
        lines.push(String::new());
        for (index, frame) in macros.iter().enumerate() {
            let verb = if index == 0 { "in" } else { "called by" };
            lines.push(format!(
                "> {verb} macro {} ({})",
                frame.name,
                path(project, frame.place)
            ));
        }
        lines.extend(subject.map(|subject| format!("> called by {subject}")));
    }
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str("  ");
        out.push_str(line);
    }
    out
}
