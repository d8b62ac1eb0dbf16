//! Why a node cannot be rendered, in dbt's words.

mod words;

use glueline_base::FileRange;
use glueline_project::{NodeId, Project};
use glueline_template::{Error, ErrorKind, TraceFrame};

use self::words::{Caught, Told};
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
        let message = told_of(&shared.project, node).message(&shared.project, &Caught::rendered(&error));
        Self { error, message, node }
    }

    /// Why what a host renders cannot be rendered.
    pub(crate) fn of(host: &NodeHost, error: Error) -> Self {
        let message = told(host).message(&host.shared.project, &Caught::rendered(&error));
        let node = host.part.as_ref().map(|part| part.test().node).or(host.node_id());
        Self { error, message, node }
    }

    /// Why a node fails that was compiled and runs. `written` is the file into which dbt wrote its code by then.
    pub(crate) fn ran(shared: &Shared, node: NodeId, error: Error, written: Option<&str>) -> Self {
        let project = &shared.project;
        let message = told_of(project, Some(node)).message(project, &Caught::ran(&error, written));
        Self {
            error,
            message,
            node: Some(node),
        }
    }

    /// Why a hook of the run fails that was rendered: dbt tells the words of the error alone (`get_execution_status` and
    /// `safe_run_hooks` in `dbt/task/run.py`).
    pub(crate) fn of_hook(host: &NodeHost, operation: &Operation, error: Error) -> Self {
        let packages = host.shared.project.packages();
        let package = packages
            .get(operation.package)
            .map_or("", |package| &*package.name);
        let (when, index) = (operation.when.key(), operation.index);
        Self {
            message: format!("{package}.{when}.{index} failed, error:\n {}", error.message()),
            error,
            node: None,
        }
    }

    /// Why a unit test cannot be run: dbt words its own errors first, as ones that no node has, and tells that
    /// (`TestRunner.execute_unit_test` in `dbt/task/test.py`).
    pub(crate) fn of_unit_test(shared: &Shared, node: NodeId, error: Error) -> Self {
        let project = &shared.project;
        let caught = Caught::ran(&error, None);
        if caught.is_raw() {
            return Self::ran(shared, node, error, None);
        }
        let inner = Told::NoOne.message(project, &caught);
        let name = &project.node(node).name;
        let wrapped = Error::new(
            ErrorKind::Python("DbtRuntimeError"),
            format!(
                "An error occurred during execution of unit test '{name}'. There may be an error in the unit test definition: \
                 check the data types.\n {inner}"
            ),
        );
        Self {
            message: Self::ran(shared, node, wrapped, None).message,
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
        words::reason(&self.error)
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

/// In what a host's errors happen.
fn told(host: &NodeHost) -> Told {
    let shared = &host.shared;
    match (host.operation(), &host.part) {
        (Some(operation), _) => Told::Of(operation.subject()),
        (None, Some(part)) => Told::Of(super::unit_test::subject(shared, part)),
        (None, None) => told_of(&shared.project, host.node_id()),
    }
}

/// A node as dbt's messages call it: `model a (models/a.sql)`.
fn told_of(project: &Project, node: Option<NodeId>) -> Told {
    node.map_or(Told::Nothing, |node| {
        let node = project.node(node);
        let kind = node.unique_id.split('.').next().unwrap_or_default();
        let path = words::path(project, node.at);
        Told::Of(format!("{kind} {} ({path})", node.name))
    })
}
