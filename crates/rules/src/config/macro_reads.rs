//! Configs that macros of the project read: those are theirs, whatever their names look like.

use std::cell::OnceCell;

use glueline_project::Project;
use rustc_hash::FxHashSet;

/// What the SQL of a project, and of its packages, asks of configs. Looked up when the first question comes.
pub(crate) struct MacroReads<'a> {
    project: &'a Project,
    asked: OnceCell<Asked<'a>>,
}

struct Asked<'a> {
    /// The literal names in `config.get('name')` and its kin.
    names: FxHashSet<&'a str>,
    /// Whether a name is computed: then any may be meant.
    any: bool,
    /// Files with macros, which may get at a config in other ways: `model.config[key]`.
    macros: Vec<&'a str>,
}

impl<'a> MacroReads<'a> {
    /// Nothing is looked for yet.
    pub(crate) const fn new(project: &'a Project) -> Self {
        Self {
            project,
            asked: OnceCell::new(),
        }
    }

    /// Whether a config of this name may be read.
    pub(crate) fn reads(&self, key: &str) -> bool {
        let asked = self.asked.get_or_init(|| look(self.project));
        asked.any || asked.names.contains(key) || asked.macros.iter().any(|text| text.contains(key))
    }
}

fn look(project: &Project) -> Asked<'_> {
    let mut asked = Asked {
        names: FxHashSet::default(),
        any: false,
        macros: Vec::new(),
    };
    for file in project.files().ids() {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        if !facts.macros.is_empty() {
            asked.macros.push(project.files().text(file));
        }
        let asks = |path: &str| {
            ["config.get", "config.require"]
                .iter()
                .any(|end| path.ends_with(end))
        };
        for call in facts.calls.iter().filter(|call| asks(&call.path.value)) {
            match call.first.as_ref().and_then(|first| first.value.as_str()) {
                Some(name) => {
                    asked.names.insert(name);
                }
                None => asked.any = true,
            }
        }
    }
    asked
}
