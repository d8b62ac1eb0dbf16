//! The settings of the server: one table, of which clients' descriptions are made.
//!
//! A client hands them over with `initialize`, tells when they change, or is asked for the section `glueline`.

use serde_json::Value;

use crate::host::Asked;

/// A setting as people see it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name: `glueline.target`.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What it is unless somebody sets it, in JSON.
    pub default: &'static str,
    /// What it does, in Markdown.
    pub doc: &'static str,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text; an empty one counts as not set.
    Text,
    /// On or off.
    Switch,
    /// One of these, each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
}

/// Every setting, in the order in which they are shown.
pub static SETTINGS: [Setting; 15] = [
    Setting {
        name: "glueline.target",
        kind: Kind::Text,
        default: "\"\"",
        doc: "The target of the profile, instead of the one that the profile names.",
    },
    Setting {
        name: "glueline.profile",
        kind: Kind::Text,
        default: "\"\"",
        doc: "The profile, instead of the one named in `dbt_project.yml`.",
    },
    Setting {
        name: "glueline.profilesDir",
        kind: Kind::Text,
        default: "\"\"",
        doc: "The directory of `profiles.yml`, relative to the project.",
    },
    Setting {
        name: "glueline.vars",
        kind: Kind::Text,
        default: "\"\"",
        doc: "Variables, as `--vars` of dbt takes them: `{name: value}`.",
    },
    Setting {
        name: "glueline.catalog",
        kind: Kind::Text,
        default: "\"\"",
        doc: "A file that tells what exists in the Glue Data Catalog, relative to the project.",
    },
    Setting {
        name: "glueline.assume",
        kind: Kind::Choice(&[
            ("", "Both the first run and later ones are looked at."),
            ("absent", "They are not there: every run is a first run."),
            ("exists", "They are there: every run is a later run."),
            ("view", "They are there, and all of them are views."),
        ]),
        default: "\"\"",
        doc: "What is assumed of relations that no catalog tells of.",
    },
    Setting {
        name: "glueline.diagnostics.scope",
        kind: Kind::Choice(&[
            ("workspace", "Files of every project, open or not."),
            ("openFiles", "Open files only."),
        ]),
        default: "\"workspace\"",
        doc: "The files whose problems are reported.",
    },
    Setting {
        name: "glueline.inlayHints.relations",
        kind: Kind::Switch,
        default: "true",
        doc: "Show the relation that a `ref()` or `source()` names.",
    },
    Setting {
        name: "glueline.inlayHints.configs",
        kind: Kind::Switch,
        default: "true",
        doc: "Show the materialization, strategy and format of a model where its own file does not set them.",
    },
    Setting {
        name: "glueline.inlayHints.types",
        kind: Kind::Switch,
        default: "true",
        doc: "Show the types of columns where they are known.",
    },
    Setting {
        name: "glueline.inlayHints.columns",
        kind: Kind::Switch,
        default: "true",
        doc: "Show the columns that a `*` stands for in what a model selects.",
    },
    Setting {
        name: "glueline.codeLens.texts",
        kind: Kind::Switch,
        default: "true",
        doc: "Offer the preview and the compiled SQL above a node.",
    },
    Setting {
        name: "glueline.codeLens.run",
        kind: Kind::Switch,
        default: "true",
        doc: "Offer to run a node, and to show its rows, above it.",
    },
    Setting {
        name: "glueline.codeLens.counts",
        kind: Kind::Switch,
        default: "true",
        doc: "Show how many parents, children and uses a node or macro has.",
    },
    Setting {
        name: "glueline.trace.server",
        kind: Kind::Choice(&[
            ("off", "Nothing."),
            ("messages", "The names of messages."),
            ("verbose", "Whole messages."),
        ]),
        default: "\"off\"",
        doc: "What the editor writes down of the conversation with the server.",
    },
];

/// What the client's settings say.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(crate) struct Settings {
    /// What projects are read with.
    pub(crate) asked: Asked,
    /// The files whose findings are shown.
    pub(crate) scope: Scope,
    /// Hints: relations behind `ref()` and `source()`.
    pub(crate) relation_hints: bool,
    /// Hints: configs that are set elsewhere.
    pub(crate) config_hints: bool,
    /// Hints: types of columns.
    pub(crate) type_hints: bool,
    /// Hints: what a star stands for.
    pub(crate) column_hints: bool,
    /// Lenses: preview and compiled code.
    pub(crate) text_lenses: bool,
    /// Lenses: runs.
    pub(crate) run_lenses: bool,
    /// Lenses: parents, children and uses.
    pub(crate) count_lenses: bool,
}

/// The files whose findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All.
    Workspace,
    /// Those that are open.
    OpenFiles,
}

impl Default for Settings {
    fn default() -> Self {
        Self::read(&Value::Null)
    }
}

impl Settings {
    /// Reads the section `glueline`, or an object that holds it. What is not set, or is of another type than it has to be, has its
    /// default.
    pub(crate) fn read(section: &Value) -> Self {
        let section = section.get("glueline").unwrap_or(section);
        let text = |name| match value(section, name) {
            Value::String(text) if !text.is_empty() => Some(text),
            _ => None,
        };
        let switch = |name| value(section, name) == Value::Bool(true);
        Self {
            asked: Asked {
                target: text("glueline.target"),
                profile: text("glueline.profile"),
                profiles_dir: text("glueline.profilesDir"),
                vars: text("glueline.vars"),
                catalog: text("glueline.catalog"),
                assume: text("glueline.assume"),
            },
            scope: match text("glueline.diagnostics.scope").as_deref() {
                Some("openFiles") => Scope::OpenFiles,
                _ => Scope::Workspace,
            },
            relation_hints: switch("glueline.inlayHints.relations"),
            config_hints: switch("glueline.inlayHints.configs"),
            type_hints: switch("glueline.inlayHints.types"),
            column_hints: switch("glueline.inlayHints.columns"),
            text_lenses: switch("glueline.codeLens.texts"),
            run_lenses: switch("glueline.codeLens.run"),
            count_lenses: switch("glueline.codeLens.counts"),
        }
    }
}

/// The value of a setting: nested (`{"diagnostics": {"scope": …}}`) or with dots in its name, as some clients hand it over.
fn value(section: &Value, name: &str) -> Value {
    let short = name.strip_prefix("glueline.").unwrap_or(name);
    let nested = || section.pointer(&format!("/{}", short.replace('.', "/")));
    let found = section.get(short).or_else(|| section.get(name)).or_else(nested);
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    let fits = |value: &&Value| {
        setting.is_some_and(|setting| match setting.kind {
            Kind::Text => value.is_string(),
            Kind::Switch => value.is_boolean(),
            Kind::Choice(choices) => choices.iter().any(|(choice, _)| value.as_str() == Some(choice)),
        })
    };
    let default = || setting.and_then(|setting| serde_json::from_str(setting.default).ok());
    found
        .filter(fits)
        .cloned()
        .or_else(default)
        .unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_default_is_a_value_of_its_kind() {
        for setting in &SETTINGS {
            let found = value(&Value::Null, setting.name);
            let fits = match setting.kind {
                Kind::Text => found.is_string(),
                Kind::Switch => found.is_boolean(),
                Kind::Choice(choices) => choices.iter().any(|(choice, _)| found == **choice),
            };
            assert!(fits, "{}", setting.name);
            assert!(setting.name.starts_with("glueline.") && setting.doc.ends_with('.'));
        }
    }

    #[test]
    fn settings_come_nested_with_dots_and_under_their_section() {
        for section in [
            json!({"target": "prod", "diagnostics": {"scope": "openFiles"}, "codeLens": {"texts": false}}),
            json!({"glueline": {"target": "prod", "diagnostics.scope": "openFiles", "codeLens.texts": false}}),
            json!({"glueline.target": "prod", "glueline.diagnostics.scope": "openFiles", "glueline.codeLens.texts": false}),
        ] {
            let found = Settings::read(&section);
            assert_eq!(found.asked.target.as_deref(), Some("prod"), "{section}");
            assert_eq!(found.scope, Scope::OpenFiles, "{section}");
            assert!(!found.text_lenses && found.count_lenses, "{section}");
        }
    }

    #[test]
    fn what_means_nothing_has_its_default() {
        for section in [
            json!(null),
            json!([]),
            json!("x"),
            json!({"target": 3, "codeLens": {"texts": "no"}, "assume": "maybe"}),
            json!({"target": "", "codeLens": null, "diagnostics": {"scope": "everything"}}),
        ] {
            assert_eq!(Settings::read(&section), Settings::default(), "{section}");
        }
    }
}
