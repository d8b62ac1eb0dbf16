//! The language server in real editors.

pub(crate) mod vscode;

use std::path::{Path, PathBuf};

use crate::test::{Outcome, command, tools};

/// Builds the server, and runs one of the checks of `tests/editors/run.py` with it.
pub(crate) fn step(root: &Path, check: &str) -> Outcome {
    let server = match server(root) {
        Ok(server) => server.display().to_string(),
        Err(outcome) => return outcome,
    };
    let editors = tools(root).join("editors").display().to_string();
    let script = root.join("tests/editors/run.py").display().to_string();
    let arguments = [script.as_str(), "--server", &server, "--tools", &editors, check];
    command(root, "python3", &arguments)
}

/// The binary as the sources make it.
pub(crate) fn server(root: &Path) -> Result<PathBuf, Outcome> {
    match command(root, "cargo", &["build", "--quiet", "--package", "glueline"]) {
        Outcome::Passed => {
            let target =
                std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
            let name = format!("glueline{}", std::env::consts::EXE_SUFFIX);
            Ok(target.join("debug").join(name))
        }
        other => Err(other),
    }
}
