//! Configs that macros of the project read: those are theirs, whatever their names look like.

use glueline_project::Project;
use rustc_hash::FxHashMap;

/// Answers for one project; each key is looked for once.
pub(crate) struct MacroReads<'a> {
    project: &'a Project,
    known: FxHashMap<Box<str>, bool>,
}

impl<'a> MacroReads<'a> {
    /// Nothing is looked for yet.
    pub(crate) fn new(project: &'a Project) -> Self {
        Self {
            project,
            known: FxHashMap::default(),
        }
    }

    /// Whether SQL or macros of the project, or of its packages, may read a config of this name.
    pub(crate) fn reads(&mut self, key: &str) -> bool {
        if let Some(known) = self.known.get(key) {
            return *known;
        }
        let reads = is_read(self.project, key);
        self.known.insert(key.into(), reads);
        reads
    }
}

fn is_read(project: &Project, key: &str) -> bool {
    project.files().ids().any(|file| {
        let Some(facts) = project.facts(file).sql() else {
            return false;
        };
        let asked = facts.calls.iter().any(|call| {
            let name = call.first.as_ref().and_then(|first| first.value.as_str());
            call.path.value.contains("config.") && name.is_none_or(|name| name == key)
        });
        // A macro may get at it in other ways: `model.config[key]`.
        asked || (!facts.macros.is_empty() && project.files().text(file).contains(key))
    })
}
