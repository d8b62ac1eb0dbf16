//! The extension in a real VS Code: packed, installed, driven by its own tests.

use std::path::Path;

use super::server;
use crate::test::{Outcome, command, tools};

/// Packs the extension with the server as the sources make it, and runs its tests.
pub(crate) fn step(root: &Path) -> Outcome {
    let server = match server(root) {
        Ok(server) => server.display().to_string(),
        Err(outcome) => return outcome,
    };
    let script = root.join("editors/vscode/test/all.mjs").display().to_string();
    let tools = tools(root).join("vscode").display().to_string();
    let results = root.join("target/editors/vscode").display().to_string();
    let arguments = [
        script.as_str(),
        "--server",
        &server,
        "--tools",
        &tools,
        "--results",
        &results,
    ];
    command(root, "node", &arguments)
}
