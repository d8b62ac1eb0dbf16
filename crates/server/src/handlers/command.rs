//! `workspace/executeCommand`: the commands of the server.

use std::sync::Arc;

use glueline_ide::documents::{Kind, Life, Wanted, node_at, node_named};
use serde::Deserialize;
use serde_json::Value;
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp_server::ls_types::{ExecuteCommandParams, LSPAny, Position};

use crate::handlers::documents::{self, DocumentParams};
use crate::session::Session;
use crate::view::View;

/// Every command that is announced.
pub(crate) fn announced() -> Vec<String> {
    let own = [
        "glueline.preview",
        "glueline.compile",
        "glueline.expandMacro",
        "glueline.restart",
    ];
    own.into_iter()
        .chain(crate::runs::COMMANDS)
        .map(ToOwned::to_owned)
        .collect()
}

/// What a command about a document is given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Arguments {
    /// The cursor.
    position: Option<Position>,
    /// The node, by its unique id; else the one at the cursor.
    node: Option<String>,
    /// Which run: `first`, `later`, or what the catalog and the settings say.
    run: Option<String>,
}

/// Whether a command makes a text of a document.
pub(crate) fn makes_text(command: &str) -> bool {
    matches!(
        command,
        "glueline.preview" | "glueline.compile" | "glueline.expandMacro"
    )
}

/// Names the text that a command makes, and makes it. The first argument is an object: `uri`, and as far as it matters `position`,
/// `node`, `run`.
pub(crate) fn text(view: &View, params: &ExecuteCommandParams) -> Result<Option<LSPAny>> {
    let given = params.arguments.first().cloned().unwrap_or_default();
    let given = match given {
        Value::Object(_) => Arguments::deserialize(given),
        _ => Ok(Arguments::default()),
    };
    let given = given.map_err(|error| refusal(ErrorCode::InvalidParams, error.to_string()))?;
    let at = view.at(given.position.unwrap_or_default());
    let node = match &given.node {
        Some(node) => node_named(&view.analysis, node),
        None => node_at(&view.analysis, at),
    };
    let refused = |message: &str| refusal(ErrorCode::ServerError(REQUEST_FAILED), message.to_owned());
    let node = node.ok_or_else(|| refused("There is nothing here that dbt compiles or runs."))?;
    let wanted = Wanted {
        kind: match params.command.as_str() {
            "glueline.preview" => Kind::Preview,
            "glueline.expandMacro" => Kind::Expansion(at.offset),
            _ => Kind::Compiled,
        },
        node,
        life: match given.run.as_deref() {
            Some("first") => Life::Absent,
            Some("later") => Life::Exists,
            _ => Life::Known,
        },
    };
    let uri = documents::name(view, &wanted).ok_or_else(|| refused("The file has no name."))?;
    let views = std::slice::from_ref(&**view);
    let made = documents::made(views, &DocumentParams { uri: uri.clone() });
    let made = made.ok_or_else(|| refused("There is nothing here that is expanded."))?;
    let mut answer = serde_json::to_value(made).map_err(|_| Error::internal_error())?;
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("uri".to_owned(), Value::String(uri));
    }
    Ok(Some(answer))
}

/// Runs a command that is about no document.
pub(crate) fn run(session: &Arc<Session>, command: &str) -> Result<Option<LSPAny>> {
    match command {
        "glueline.restart" => {
            session.restart();
            Ok(Some(Value::Null))
        }
        unknown => Err(refusal(
            ErrorCode::InvalidParams,
            format!("there is no command `{unknown}`"),
        )),
    }
}

/// `RequestFailed` of the protocol: the request was understood and cannot be done.
pub(crate) const REQUEST_FAILED: i64 = -32803;

/// An error with a sentence for people.
pub(crate) fn refusal(code: ErrorCode, message: String) -> Error {
    Error {
        code,
        message: message.into(),
        data: None,
    }
}
