//! `cargo xtask generate`: what is written from the tables of the code.
//!
//! So far: the settings in the manifest of the extension for VS Code.

use std::path::Path;

use glueline_base::{OsSystem, System, Utf8Path};
use glueline_server::settings::{Kind, SETTINGS, Setting};
use serde_json::{Value, json};

const MANIFEST: &str = "editors/vscode/package.json";
const BEGIN: &str = "\n      \"properties\": {\n";
const END: &str = "\n      }\n";

/// What the extension itself reads: no server knows where it lies.
const OF_THE_EXTENSION: &str = r#"        "glueline.path": {
          "type": "string",
          "default": "",
          "scope": "machine-overridable",
          "markdownDescription": "The `glueline` to start. Empty: the bundled one, else that of the Python environment, else the one on the `PATH`."
        }"#;

/// Writes what is out of date, or with `check` only says so.
pub(crate) fn run(root: &Path, check: bool) -> Result<String, String> {
    let path = root.join(MANIFEST);
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let place = Utf8Path::from_path(&path).ok_or("the workspace lies under a name that is not Unicode")?;
    let old = OsSystem.read(place).map_err(told)?;
    let old = String::from_utf8(old).map_err(|error| error.to_string())?;
    let new = manifest(&old)?;
    if old == new {
        return Ok(format!("{MANIFEST} is up to date.\n"));
    }
    if check {
        return Err(format!(
            "{MANIFEST} is out of date: `cargo xtask generate` writes it."
        ));
    }
    std::fs::write(&path, new).map_err(told)?;
    Ok(format!("{MANIFEST} is written.\n"))
}

/// The manifest with the settings of the table.
fn manifest(old: &str) -> Result<String, String> {
    let missing = || format!("{MANIFEST} has no properties of settings");
    let (before, rest) = old.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let mut properties = vec![OF_THE_EXTENSION.to_owned()];
    for setting in &SETTINGS {
        properties.push(property(setting)?);
    }
    Ok(format!("{before}{BEGIN}{}{END}{after}", properties.join(",\n")))
}

/// One property, as VS Code describes settings: <https://code.visualstudio.com/api/references/contribution-points#contributes.configuration>.
fn property(setting: &Setting) -> Result<String, String> {
    let default: Value =
        serde_json::from_str(setting.default).map_err(|error| format!("{}: {error}", setting.name))?;
    let mut lines = match setting.kind {
        Kind::Text => vec![("type", json!("string"))],
        Kind::Switch => vec![("type", json!("boolean"))],
        Kind::Choice(choices) => {
            let (names, docs): (Vec<_>, Vec<_>) = choices.iter().copied().unzip();
            vec![
                ("type", json!("string")),
                ("enum", json!(names)),
                ("markdownEnumDescriptions", json!(docs)),
            ]
        }
    };
    lines.extend([
        ("default", default),
        ("scope", json!("window")),
        ("markdownDescription", json!(setting.doc)),
    ]);
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(name, value)| format!("          \"{name}\": {value}"))
        .collect();
    Ok(format!(
        "        \"{}\": {{\n{}\n        }}",
        setting.name,
        lines.join(",\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_generated_is_up_to_date() {
        run(&crate::test::root(), true).expect("generated files are up to date");
    }

    #[test]
    fn every_setting_is_in_the_manifest_once() {
        let old = "{\n    \"configuration\": {\n      \"properties\": {\n        \"stale\": {}\n      }\n    }\n}\n";
        let new: Value = serde_json::from_str(&manifest(old).expect("a manifest")).expect("JSON");
        let properties = new["configuration"]["properties"]
            .as_object()
            .expect("properties");
        assert_eq!(properties.len(), SETTINGS.len() + 1);
        assert!(!properties.contains_key("stale"));
        for setting in &SETTINGS {
            assert_eq!(properties[setting.name]["markdownDescription"], setting.doc);
        }
        assert!(manifest("{}").is_err());
    }
}
