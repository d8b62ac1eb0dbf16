//! Finding the profile.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, System, Utf8PathBuf, Value, range};

use crate::files::{FileKind, slashed};
use crate::fold::{Scope, place_missing};
use crate::load::LoadOptions;
use crate::load::early::{Early, PROFILES, early_read};
use crate::profile::{self, ProfileState};

/// Looks for the profile where dbt does, and renders the one that is wanted.
pub(crate) fn find_profile(
    system: &dyn System,
    options: &LoadOptions,
    scope: &Scope<'_>,
    wanted: Option<&str>,
    is_named: bool,
    early: &mut Vec<Early>,
    missing: &mut Vec<(FileRange, String)>,
) -> ProfileState {
    let places: Vec<Utf8PathBuf> = match &options.profiles_dir {
        Some(directory) => vec![directory.clone()],
        None => {
            let home = system.home().map(|home| home.join(".dbt"));
            std::iter::once(options.project_dir.clone()).chain(home).collect()
        }
    };
    let found = places.iter().find_map(|place| {
        let path = place.join("profiles.yml");
        let shown = match path.strip_prefix(&options.project_dir) {
            Ok(inside) => slashed(inside),
            Err(_) => slashed(&path),
        };
        early_read(system, place, shown, FileKind::Profiles, true)
    });
    let Some(file) = found else {
        return ProfileState::NoFile;
    };
    let raw = file
        .facts
        .yaml()
        .map_or(Spanned::new(Value::Null, range(0, 0)), |facts| {
            facts.value.clone()
        });
    early.push(file);
    let Some(wanted) = wanted else {
        return if is_named {
            // The name is there and cannot be known.
            ProfileState::NotInFile {
                file: PROFILES,
                wanted: String::new(),
                found: Vec::new(),
            }
        } else {
            ProfileState::NotNamed
        };
    };
    let is_wanted = |path: &[Arc<str>]| path.first().is_some_and(|first| **first == *wanted);
    let rendered = scope.render_file(&raw, &is_wanted, &mut place_missing(PROFILES, missing));
    let state = profile::read(PROFILES, &rendered, &raw, wanted, options.target.as_deref());
    // dbt renders the target it uses and no other.
    if let Some(profile) = state.profile() {
        let used = |range: glueline_base::TextRange| {
            let in_default = profile
                .default_target
                .as_ref()
                .is_some_and(|node| node.range.contains_range(range));
            let in_target = profile
                .selected()
                .is_some_and(|target| target.value.range.contains_range(range));
            in_default || in_target
        };
        missing.retain(|(at, _)| at.file != PROFILES || used(at.range));
    }
    state
}

/// Gives what was read the number of its file.
pub(crate) fn renumber(mut state: ProfileState, file: FileId) -> ProfileState {
    match &mut state {
        ProfileState::Found(profile) => {
            profile.file = file;
            profile.targets.iter_mut().for_each(|target| target.file = file);
        }
        ProfileState::NotInFile { file: slot, .. } => *slot = file,
        ProfileState::NoFile | ProfileState::NotNamed => {}
    }
    state
}
