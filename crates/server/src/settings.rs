//! The settings of the server, as clients know them.

use serde_json::Value;

use crate::host::Asked;

/// What the client's settings say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Settings {
    /// What projects are read with.
    pub(crate) asked: Asked,
}

impl Settings {
    /// Reads the section `glueline`, or an object that holds it.
    pub(crate) fn read(section: &Value) -> Self {
        let section = section.get("glueline").unwrap_or(section);
        let text = |name: &str| {
            let value = section.get(name)?.as_str()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        Self {
            asked: Asked {
                target: text("target"),
                profile: text("profile"),
                profiles_dir: text("profilesDir"),
                vars: text("vars"),
                catalog: text("catalog"),
                assume: text("assume"),
            },
        }
    }
}
