//! What is never shown.

use std::fmt;

use glueline_base::System;
use glueline_project::{FileKind, Project};

/// How long a value is at least that is looked for.
const SHORTEST: usize = 4;

/// What stands in the place of a secret, as in dbt's own logs.
const MASK: &str = "*****";

/// What nobody may read: values that the catalogue calls secrets, and what `DBT_ENV_SECRET...` variables hold that the profile asks for,
/// the longest first. What is shorter than four bytes is no secret, and would be found everywhere.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// What is secret in the profile of a project, and in the environment that it asks.
    pub fn of(project: &Project, system: &dyn System) -> Self {
        Self(secrets(project, system))
    }

    /// A text with none of them in it.
    pub fn mask(&self, text: String) -> String {
        let masked = |text: String, secret: &String| {
            if text.contains(&**secret) {
                text.replace(&**secret, MASK)
            } else {
                text
            }
        };
        self.0.iter().fold(text, masked)
    }
}

/// Each of [`Secrets`], for those who spell texts in other ways.
pub fn secrets(project: &Project, system: &dyn System) -> Vec<String> {
    let target = project.target();
    let values = target.into_iter().flat_map(|target| {
        let is_secret = |key: &&str| glueline_catalog::profile_key(key).is_some_and(|spec| spec.secret);
        let keys = glueline_catalog::profile_keys().map(|spec| spec.name);
        keys.filter(move |key| is_secret(key))
            .filter_map(|key| target.text(key))
    });
    let profiles = project
        .files()
        .ids()
        .filter(|file| project.files().info(*file).kind == FileKind::Profiles);
    let texts = profiles.map(|file| &*project.files().source(file).text);
    let names = texts.flat_map(|text| {
        let starts = text.match_indices("DBT_").map(|(at, _)| at);
        starts.filter_map(|at| {
            let rest = text.get(at..)?;
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            rest.get(..end.unwrap_or(rest.len()))
                .filter(|name| name.contains("ENV_SECRET"))
        })
    });
    let variables = names.filter_map(|name| system.env_var(name));
    let mut found: Vec<String> = values.map(str::to_owned).chain(variables).collect();
    found.retain(|secret| secret.len() >= SHORTEST);
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found
}
