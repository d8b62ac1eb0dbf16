//! What ends every command of dbt before a node runs: a node that cannot be parsed (`dbt/parser/base.py`, `render_update`).

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_jinja::{Arg, ArgKind, Expr, ExprKind, Piece};
use glueline_project::{Language, NodeId, ResourceType};
use glueline_template::{Engine, Error, ErrorKind, Program};

use super::{Failure, Operation, generic, source};
use crate::Renderer;
use crate::host::{Life, NodeHost, Phase};
use crate::renderer::Shared;

/// Functions that do nothing while dbt parses but write down what they are given.
const NOTED: [&str; 3] = ["config", "ref", "source"];

impl Renderer {
    /// Why dbt cannot parse a node, where that is certain; no command runs then, whatever it selects.
    pub fn parse_failure(&self, node: NodeId) -> Option<Failure> {
        if !self.compiles(node) {
            return None;
        }
        let shared = &self.0;
        let error = if is_spared(shared, node) || has_nothing_to_fail(shared, node) {
            None
        } else {
            crate::context::parsed(shared, node).failure.clone()
        };
        let unnamed = || {
            let is_named_by_macro = names_are_made(shared, node);
            is_named_by_macro
                .then(|| Shared::names(shared, node).error.clone())
                .flatten()
        };
        let failure = Failure::new(shared, Some(node), error.or_else(unnamed)?);
        failure.is_certain().then_some(failure)
    }

    /// Why dbt cannot parse a hook of a node, which it renders with the node. `place` is where the hook is written.
    pub fn hook_parse_failure(&self, node: NodeId, text: &str, place: FileRange) -> Option<Failure> {
        let shared = &self.0;
        let host = NodeHost::node(shared, node, Phase::Parse, Life::Known);
        parsed(shared, host, || source::hook(shared, node, text, place))
    }

    /// Why dbt cannot parse a hook of a run.
    pub fn operation_parse_failure(&self, operation: &Arc<Operation>) -> Option<Failure> {
        let shared = &self.0;
        let host = NodeHost::hook(shared, operation, Phase::Parse);
        parsed(shared, host, || source::operation(shared, operation))
    }
}

/// Renders a program as dbt does to parse it.
fn parsed(shared: &Arc<Shared>, host: NodeHost, program: impl FnOnce() -> Program) -> Option<Failure> {
    let host = Arc::new(host);
    let program = Arc::new(program().lenient());
    let (rendered, _) = Engine::render(&shared.engine, &program, host.clone(), shared.settings.limits);
    let failure = match rendered {
        Err(error) => Failure::of(&host, error),
        // dbt looks names up once everything is parsed.
        Ok(_) => {
            let missing = host.captured().missing.take()?;
            let kind = ErrorKind::Python("TargetNotFoundError");
            Failure::new(shared, None, Error::new(kind, missing.message()))
        }
    };
    failure.is_certain().then_some(failure)
}

/// Whether a macro of the project or of a package names relations: those of dbt do not fail.
fn names_are_made(shared: &Shared, node: NodeId) -> bool {
    let macros = shared.project.macros();
    let package = shared.project.node(node).package;
    let names = [
        "generate_schema_name",
        "generate_alias_name",
        "generate_database_name",
    ];
    names.into_iter().any(|name| {
        [0, package]
            .into_iter()
            .any(|from| macros.override_of(name, from).is_some())
    })
}

/// Whether dbt takes a node without rendering it: its own two generic tests (`render_test_update` in
/// `dbt/parser/schema_generic_tests.py`).
pub(super) fn is_spared(shared: &Shared, node: NodeId) -> bool {
    let project = &shared.project;
    project.node(node).generic_test.as_deref().is_some_and(|test| {
        matches!(test, "not_null" | "unique")
            && project.macros().definitions(&format!("test_{test}")).is_empty()
    })
}

/// Whether the text of a node is SQL with plain calls of [`NOTED`] in it, as most are: rendering it would tell nothing.
fn has_nothing_to_fail(shared: &Arc<Shared>, node: NodeId) -> bool {
    let project = &shared.project;
    let found = project.node(node);
    let is_text = matches!(
        found.kind,
        ResourceType::Model | ResourceType::Test | ResourceType::Analysis
    );
    if !is_text || found.language != Language::Sql || generic::raw_code(shared, found).is_some() {
        return false;
    }
    if NOTED
        .iter()
        .any(|name| !project.macros().definitions(name).is_empty())
    {
        return false;
    }
    let template = glueline_jinja::parse(project.files().text(found.file()));
    template.errors.is_empty()
        && template.body.iter().all(|piece| match piece {
            Piece::Text(_) | Piece::Comment(_) => true,
            Piece::Output(output) => is_plain_call(&output.expr),
            Piece::Statement(_) => false,
        })
}

fn is_plain_call(expr: &Expr<'_>) -> bool {
    let ExprKind::Call { callee, args } = &expr.kind else {
        return false;
    };
    let ExprKind::Name(name) = &callee.kind else {
        return false;
    };
    let text = |arg: &Arg<'_>| {
        matches!(
            (arg.kind, &arg.value.kind),
            (ArgKind::Positional, ExprKind::Str(_))
        )
    };
    match name.value {
        "ref" => matches!(args.len(), 1 | 2) && args.iter().all(text),
        "source" => args.len() == 2 && args.iter().all(text),
        "config" => args
            .iter()
            .all(|arg| matches!(arg.kind, ArgKind::Keyword(_)) && is_constant(&arg.value)),
        _ => false,
    }
}

fn is_constant(expr: &Expr<'_>) -> bool {
    match &expr.kind {
        ExprKind::None | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Str(_) => true,
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().all(is_constant),
        ExprKind::Dict(entries) => entries
            .iter()
            .all(|(key, value)| is_constant(key) && is_constant(value)),
        _ => false,
    }
}
