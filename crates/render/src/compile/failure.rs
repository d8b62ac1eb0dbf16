//! Why a node cannot be rendered, in dbt's words.

use glueline_base::FileRange;
use glueline_project::{NodeId, Project};
use glueline_template::{Error, ErrorKind, TraceFrame};

use super::Operation;
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
    pub(crate) fn of(host: &NodeHost, error: Error) -> Self {
        let node = host.node_id();
        let project = &host.shared.project;
        let message = match (host.operation(), &host.part) {
            (Some(operation), _) => worded(project, &Told::Of(operation.subject()), &error),
            (None, Some(part)) => {
                let subject = super::unit_test::subject(&host.shared, part);
                worded(project, &Told::Of(subject), &error)
            }
            (None, None) => message(project, node, &error),
        };
        let node = host.part.as_ref().map_or(node, |part| Some(part.test().node));
        Self { error, message, node }
    }

    /// Why a hook of a run fails when it is sent (`safe_run_hooks` in `dbt/task/run.py`).
    pub(crate) fn of_hook(host: &NodeHost, operation: &Operation, error: Error) -> Self {
        let packages = host.shared.project.packages();
        let package = packages
            .get(operation.package)
            .map_or("", |package| &*package.name);
        Self {
            message: format!(
                "{package}.{}.{} failed, error:\n {}",
                operation.when.key(),
                operation.index,
                error.message()
            ),
            error,
            node: None,
        }
    }

    /// Why a unit test cannot be run: dbt words the error first, as one that no node has, and tells that
    /// (`TestRunner.execute_unit_test` in `dbt/task/test.py`).
    pub(crate) fn of_unit_test(shared: &Shared, node: NodeId, error: Error) -> Self {
        let project = &shared.project;
        let inner = worded(project, &Told::NoOne, &error);
        let name = &project.node(node).name;
        let wrapped = Error::new(
            ErrorKind::Python("DbtRuntimeError"),
            format!(
                "An error occurred during execution of unit test '{name}'. There may be an error in the unit test definition: \
                 check the data types.\n {inner}"
            ),
        );
        Self {
            message: message(project, Some(node), &wrapped),
            error,
            node: Some(node),
        }
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

    /// What is wrong, without whom it strikes: one fault in a macro has the same text for every node that calls it.
    pub fn fault(&self, project: &Project, node: Option<NodeId>) -> String {
        let reason = self.reason();
        let first = reason.lines().next().unwrap_or_default();
        match self.node.or(node).map(|node| project.node(node)) {
            Some(node) => first
                .replace(&*node.unique_id, "")
                .replace(project.files().info(node.file()).original.as_str(), ""),
            None => first.to_owned(),
        }
    }

    /// The class of dbt's exception (`dbt/exceptions.py`, `dbt_common/exceptions`), as far as it can be told.
    pub fn class(&self) -> &'static str {
        match self.error.kind() {
            ErrorKind::Python(class) => class,
            ErrorKind::Type if !self.calls().is_empty() => "CaughtMacroErrorWithNodeError",
            ErrorKind::Undefined => "UndefinedMacroError",
            _ => "CompilationError",
        }
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

/// The calls that dbt tells of, each with its file: all of them for its own errors of compilation; without the innermost for what a
/// macro could not do with its values; none for other errors of Python (`MacroGenerator.exception_handler` in
/// `dbt_common/clients/jinja.py`).
fn told(project: &Project, error: &Error) -> Vec<(String, String)> {
    let left_out = match error.kind() {
        // What a macro that is called does not take fails within that macro, which has no frame of its own yet.
        ErrorKind::Type if error.message().starts_with("macro 'dbt_macro__") => 0,
        ErrorKind::Type
        | ErrorKind::Undefined
        | ErrorKind::Python("FilterArgumentError" | "TemplateRuntimeError") => 1,
        ErrorKind::Python("ContractError") => 0,
        ErrorKind::Python(_) => return Vec::new(),
        _ => 0,
    };
    let calls = error.trace().windows(2).filter_map(|pair| match pair {
        [body, block] if &*body.name == BLOCK => of_block(project, block),
        [frame, _] => Some((frame.name.to_string(), path(project, frame.place))),
        _ => None,
    });
    calls.skip(left_out).collect()
}

/// What the text of a `call` block is called as a macro.
const BLOCK: &str = "caller";

/// The macros that dbt ships for `call` blocks, with their files.
const WITH_BLOCK: [(&str, &str); 3] = [
    ("noop_statement", "macros/etc/statement.sql"),
    ("set_sql_header", "macros/materializations/configs.sql"),
    ("statement", "macros/etc/statement.sql"),
];

/// dbt keeps no count of the text of a `call` block, but of the macro that asks for it. A project's own has a frame by itself.
fn of_block(project: &Project, block: &TraceFrame) -> Option<(String, String)> {
    let file = project.files().sources().get(block.place.file.0 as usize)?;
    let callee = callee(glueline_base::slice(&file.text, block.place.range))?;
    let (name, path) = WITH_BLOCK.iter().find(|(name, _)| *name == callee)?;
    let is_own = project.macros().find(name, 0).is_some();
    (!is_own).then(|| ((*name).to_owned(), (*path).to_owned()))
}

/// The name that a `call` block calls: `statement` of `{% call(x) statement('main') %}`.
fn callee(block: &str) -> Option<&str> {
    let text = block
        .trim_start_matches("{%")
        .trim_start_matches(['-', '+'])
        .trim_start();
    let text = text.strip_prefix("call").unwrap_or(text).trim_start();
    let text = match text.strip_prefix('(') {
        Some(parameters) => parameters.split_once(')')?.1.trim_start(),
        None => text,
    };
    let (name, _) = text.split_once('(')?;
    Some(name.trim().trim_start_matches("dbt."))
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
    worded(project, &subject.map_or(Told::Nothing, Told::Of), error)
}

/// In what an error happened, as far as dbt tells.
enum Told {
    /// In this: `model a (models/a.sql)`.
    Of(String),
    /// In something that nobody asks for.
    Nothing,
    /// In a node that dbt does not know yet when it words the error.
    NoOne,
}

/// What dbt prints of an error in a subject.
fn worded(project: &Project, subject: &Told, error: &Error) -> String {
    let mut out = match subject {
        Told::Of(subject) => format!("{} Error in {subject}\n", class(error)),
        Told::Nothing | Told::NoOne => format!("{} Error\n", class(error)),
    };
    let mut lines: Vec<String> = reason(error).split('\n').map(ToOwned::to_owned).collect();
    let macros = told(project, error);
    if !macros.is_empty() {
        lines.push(String::new());
        for (index, (name, path)) in macros.iter().enumerate() {
            let verb = if index == 0 { "in" } else { "called by" };
            lines.push(format!("> {verb} macro {name} ({path})"));
        }
        match subject {
            Told::Of(subject) => lines.push(format!("> called by {subject}")),
            Told::NoOne => lines.push("> called by <Unknown>".to_owned()),
            Told::Nothing => {}
        }
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
