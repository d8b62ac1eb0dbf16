//! What is compared with what: two states of the warehouse, or two of the project.

use std::sync::Arc;

use glueline_base::{System, Utf8Path};

use super::revision::Revision;
use crate::args::{Assume, PreviewArgs};
use crate::compile::Opened;
use crate::exit::Failure;
use crate::paths::absolute;
use crate::settings::{Origin, Setting, Settings};

/// A project in a state.
pub(super) struct Side {
    /// What it is called.
    pub(super) label: String,
    /// How it is read.
    pub(super) settings: Settings,
    /// The files of the project, where they are not those on the disk.
    pub(super) files: Option<Arc<dyn System>>,
}

/// The two sides of a comparison, the older first; `None` where nothing is compared.
pub(super) fn sides(
    args: &PreviewArgs,
    opened: &Opened,
    system: &Arc<dyn System>,
    current_dir: &Utf8Path,
) -> Result<Option<(Side, Side)>, Failure> {
    let settings = &opened.settings;
    if let Some(states) = &args.diff {
        let (first, second) = states
            .split_once("..")
            .ok_or_else(|| unusable(states, "it is not two words with `..` between them"))?;
        return Ok(Some((
            state(settings, states, first)?,
            state(settings, states, second)?,
        )));
    }
    if let Some(file) = &args.diff_catalog {
        let path = absolute(current_dir, file);
        let catalog = Some(Setting {
            value: path,
            origin: Origin::Flag("--diff-catalog"),
        });
        let before = Side {
            label: file.to_string(),
            settings: Settings {
                catalog,
                ..settings.clone()
            },
            files: None,
        };
        let label = settings
            .catalog
            .as_ref()
            .map_or("now", |catalog| {
                let path = &catalog.value;
                path.strip_prefix(current_dir).unwrap_or(path).as_str()
            })
            .to_owned();
        return Ok(Some((before, plain(settings, label))));
    }
    if let Some(revision) = &args.diff_rev {
        let files = Revision::open(system.clone(), &opened.directory, revision)?;
        let before = Side {
            label: revision.clone(),
            settings: settings.clone(),
            files: Some(Arc::new(files)),
        };
        return Ok(Some((before, plain(settings, "now".to_owned()))));
    }
    Ok(None)
}

/// The project as it is, in the state that the other flags say.
pub(super) fn plain(settings: &Settings, label: String) -> Side {
    Side {
        label,
        settings: settings.clone(),
        files: None,
    }
}

fn state(settings: &Settings, states: &str, word: &str) -> Result<Side, Failure> {
    let assume = match word {
        "absent" | "first" => Some(Assume::Absent),
        "exists" | "second" => Some(Assume::Exists),
        "view" => Some(Assume::View),
        "catalog" => None,
        other => {
            let why = format!("`{other}` is none of absent, exists, view, first, second, catalog");
            return Err(unusable(states, &why));
        }
    };
    let catalog = match (assume, &settings.catalog) {
        (Some(_), _) => None,
        (None, Some(catalog)) => Some(catalog.clone()),
        (None, None) => return Err(unusable(states, "`catalog` needs --catalog")),
    };
    let assume = assume.map(|value| Setting {
        value,
        origin: Origin::Flag("--diff"),
    });
    Ok(Side {
        label: word.to_owned(),
        settings: Settings {
            catalog,
            assume,
            ..settings.clone()
        },
        files: None,
    })
}

fn unusable(states: &str, why: &str) -> Failure {
    Failure::Usage(format!("--diff {states}: {why}"))
}
