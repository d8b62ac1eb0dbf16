//! Variables of the environment, as dbt reads them.

use glueline_base::System;

use super::{Origin, Setting};
use crate::exit::Failure;

/// The environment of the process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Environment<'a> {
    system: &'a dyn System,
}

impl<'a> Environment<'a> {
    /// The environment that a system has.
    pub(crate) const fn new(system: &'a dyn System) -> Self {
        Self { system }
    }

    /// The value of a variable; an empty one counts as not set, as everywhere in dbt.
    pub(crate) fn get(&self, name: &'static str) -> Option<Setting<String>> {
        let value = self.system.env_var(name).filter(|value| !value.is_empty())?;
        Some(Setting::new(value, Origin::Variable(name)))
    }

    /// The value of one of dbt's variables, named without its `DBT_`: `DBT_ENGINE_…` goes before `DBT_…`
    /// (dbt 1.10, `dbt/cli/params.py`).
    pub(crate) fn dbt(&self, name: &'static str) -> Option<Setting<String>> {
        let (_, new, old) = DBT_NAMES.iter().find(|(short, ..)| *short == name)?;
        self.get(new).or_else(|| self.get(old))
    }

    /// The value of one of dbt's switches.
    pub(crate) fn dbt_bool(&self, name: &'static str) -> Result<Option<Setting<bool>>, Failure> {
        let Some(found) = self.dbt(name) else {
            return Ok(None);
        };
        // The words are those of click's `BoolParamType`.
        let value = match found.value.trim().to_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => true,
            "0" | "false" | "f" | "no" | "n" | "off" => false,
            _ => {
                return Err(Failure::Usage(format!(
                    "{}: `{}` is neither true nor false",
                    found.origin, found.value
                )));
            }
        };
        Ok(Some(Setting::new(value, found.origin)))
    }

    /// Whether colours are wanted on a stream; `NO_COLOR` is described at <https://no-color.org>.
    pub(crate) fn wants_color(&self, is_terminal: bool) -> Result<bool, Failure> {
        if self.get("NO_COLOR").is_some() {
            return Ok(false);
        }
        if let Some(use_colors) = self.dbt_bool("USE_COLORS")?
            && !use_colors.value
        {
            return Ok(false);
        }
        if self.get("CLICOLOR_FORCE").is_some_and(|force| force.value != "0") {
            return Ok(true);
        }
        Ok(is_terminal && self.get("TERM").is_none_or(|term| term.value != "dumb"))
    }
}

/// dbt's variables by their short names, the newer name first.
const DBT_NAMES: [(&str, &str, &str); 10] = [
    (
        "ARTIFACT_STATE_PATH",
        "DBT_ENGINE_ARTIFACT_STATE_PATH",
        "DBT_ARTIFACT_STATE_PATH",
    ),
    ("FULL_REFRESH", "DBT_ENGINE_FULL_REFRESH", "DBT_FULL_REFRESH"),
    ("PROFILE", "DBT_ENGINE_PROFILE", "DBT_PROFILE"),
    ("PROFILES_DIR", "DBT_ENGINE_PROFILES_DIR", "DBT_PROFILES_DIR"),
    ("PROJECT_DIR", "DBT_ENGINE_PROJECT_DIR", "DBT_PROJECT_DIR"),
    ("QUIET", "DBT_ENGINE_QUIET", "DBT_QUIET"),
    (
        "RESOURCE_TYPES",
        "DBT_ENGINE_RESOURCE_TYPES",
        "DBT_RESOURCE_TYPES",
    ),
    ("STATE", "DBT_ENGINE_STATE", "DBT_STATE"),
    ("TARGET", "DBT_ENGINE_TARGET", "DBT_TARGET"),
    ("USE_COLORS", "DBT_ENGINE_USE_COLORS", "DBT_USE_COLORS"),
];

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    #[test]
    fn colours_are_for_terminals_unless_someone_says_otherwise() {
        for (variables, is_terminal, want) in [
            (&[][..], true, true),
            (&[], false, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("NO_COLOR", "")], true, true),
            (&[("TERM", "dumb")], true, false),
            (&[("DBT_USE_COLORS", "false")], true, false),
            (
                &[("DBT_ENGINE_USE_COLORS", "true"), ("DBT_USE_COLORS", "false")],
                true,
                true,
            ),
            (&[("CLICOLOR_FORCE", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true, false),
        ] {
            let mut system = MemSystem::new();
            for (name, value) in variables {
                system.set_env(*name, *value);
            }
            let found = Environment::new(&system).wants_color(is_terminal).unwrap();
            assert_eq!(found, want, "{variables:?} {is_terminal}");
        }
    }
}
