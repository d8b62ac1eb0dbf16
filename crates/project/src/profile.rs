//! `profiles.yml`: the profile of the project and its targets.

use glueline_base::{FileId, FileRange, MapEntry, Spanned, TextRange, Value};
use glueline_catalog::{AdapterVersion, GlueVersion, default_in};

use crate::values::{Text, as_text, text};

/// One output of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name, where it is defined.
    pub name: Text,
    /// The file.
    pub file: FileId,
    /// Its keys and values, Jinja rendered. A key of a merged mapping (`<<`) keeps the range of where it stands.
    pub value: Spanned<Value>,
    /// Values as written, before rendering.
    pub raw: Spanned<Value>,
    /// Whether it is the one that a run would use.
    pub selected: bool,
}

impl Target {
    /// `type:`.
    pub fn adapter(&self) -> Option<&str> {
        self.value.value.get("type")?.value.as_str()
    }

    /// Whether dbt-glue would read it.
    pub fn is_glue(&self) -> bool {
        self.adapter() == Some("glue")
    }

    /// A key with its value.
    pub fn entry(&self, key: &str) -> Option<&MapEntry> {
        self.value.value.entry(key)
    }

    /// A value; `None` where the key is not there.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.value.value.get(key).map(|node| &node.value)
    }

    /// A text value; `None` where it is not there, no text or not known.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// `conf`: Spark's configuration, empty where there is none. `None` where it, or what else might set it, is not known.
    pub fn spark_conf(&self) -> Option<&str> {
        let known = |key: &str| !matches!(self.get(key), Some(Value::Unknown));
        let arguments = self.text("default_arguments").unwrap_or_default();
        let only = known("conf") && known("default_arguments") && !arguments.contains("--conf");
        only.then(|| self.text("conf").unwrap_or_default())
    }

    /// The Glue release of its sessions, with the default of a release of dbt-glue; `None` where it is not known or AWS chooses.
    pub fn glue_version(&self, adapter: AdapterVersion) -> Option<GlueVersion> {
        match self.get("glue_version") {
            Some(value) => GlueVersion::parse(value.as_str()?),
            None => GlueVersion::parse(default_in("glue_version", adapter)?.trim_matches('"')),
        }
    }

    /// Whether a key is absent or null. `false` where the value is not known.
    pub fn lacks(&self, key: &str) -> bool {
        matches!(self.get(key), None | Some(Value::Null))
    }

    /// Where a key stands; the name of the target where it does not.
    pub fn key_at(&self, key: &str) -> FileRange {
        let range = self.entry(key).map_or(self.name.range, |entry| entry.key.range);
        FileRange {
            file: self.file,
            range,
        }
    }

    /// Where a value stands; the name of the target where it does not.
    pub fn value_at(&self, key: &str) -> FileRange {
        let range = self.entry(key).map_or(self.name.range, |entry| entry.value.range);
        FileRange {
            file: self.file,
            range,
        }
    }

    /// Where the target is defined.
    pub const fn name_at(&self) -> FileRange {
        FileRange {
            file: self.file,
            range: self.name.range,
        }
    }
}

/// The profile that the project names.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name, where it is defined.
    pub name: Text,
    /// The file.
    pub file: FileId,
    /// The whole definition.
    pub range: TextRange,
    /// `target:`, rendered.
    pub default_target: Option<Spanned<Value>>,
    /// Whether `outputs:` is there and a mapping.
    pub has_outputs: bool,
    /// Its outputs, in the order written.
    pub targets: Vec<Target>,
}

impl Profile {
    /// The target that a run would use.
    pub fn selected(&self) -> Option<&Target> {
        self.targets.iter().find(|target| target.selected)
    }
}

/// What was found where a profile was looked for.
#[derive(Debug, Clone)]
pub enum ProfileState {
    /// There is no `profiles.yml` in any of the places dbt looks.
    NoFile,
    /// The project names no profile, and none was asked for.
    NotNamed,
    /// The file does not have the profile; these it has.
    NotInFile {
        /// The file.
        file: FileId,
        /// The profile wanted.
        wanted: String,
        /// Those that are there.
        found: Vec<String>,
    },
    /// The profile is there.
    Found(Profile),
}

impl ProfileState {
    /// The profile, if found.
    pub const fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Found(profile) => Some(profile),
            _ => None,
        }
    }
}

/// Reads the profile of a name out of a rendered file. The target asked for by flag or environment comes first,
/// then the profile's own, then `default` (`dbt/config/profile.py`, `render_profile`).
pub(crate) fn read(
    file: FileId,
    rendered: &Spanned<Value>,
    raw: &Spanned<Value>,
    wanted: &str,
    target: Option<&str>,
) -> ProfileState {
    let Some(entry) = rendered.value.entry(wanted) else {
        let keys = rendered.value.as_map().unwrap_or_default().iter();
        let found = keys
            .map(|entry| entry.key.value.to_string())
            .filter(|key| key != "config")
            .collect();
        return ProfileState::NotInFile {
            file,
            wanted: wanted.to_owned(),
            found,
        };
    };
    let default_target = entry.value.value.get("target").cloned();
    let chosen = match (target, &default_target) {
        (Some(flag), _) => Some(flag.to_owned()),
        (None, None) => Some("default".to_owned()),
        (None, Some(node)) => as_text(node).map(|name| name.value.to_string()),
    };
    let outputs = entry
        .value
        .value
        .get("outputs")
        .and_then(|node| node.value.as_map());
    let raw_outputs = raw
        .value
        .get(wanted)
        .and_then(|profile| profile.value.get("outputs"));
    let targets = outputs
        .unwrap_or_default()
        .iter()
        .filter(|output| output.value.value.as_map().is_some());
    let targets = targets
        .map(|output| Target {
            name: output.key.clone(),
            file,
            value: output.value.clone(),
            raw: raw_outputs
                .and_then(|outputs| outputs.value.get(&output.key.value))
                .unwrap_or(&output.value)
                .clone(),
            selected: chosen.as_deref() == Some(&*output.key.value),
        })
        .collect();
    ProfileState::Found(Profile {
        name: entry.key.clone(),
        file,
        range: entry.key.range.cover(entry.value.range),
        default_target,
        has_outputs: outputs.is_some(),
        targets,
    })
}

/// The name of the target a run would use, whether or not it exists.
pub(crate) fn wanted_target(profile: &Profile, flag: Option<&str>) -> Option<String> {
    if let Some(flag) = flag {
        return Some(flag.to_owned());
    }
    match &profile.default_target {
        None => Some("default".to_owned()),
        Some(node) => as_text(node).map(|name| name.value.to_string()),
    }
}

/// The profile that the project file names.
pub(crate) fn profile_name(root: &Value) -> Option<Text> {
    text(root, "profile")
}
