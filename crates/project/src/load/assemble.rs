//! From the facts of all files to a project.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, SharedVec, System, Utf8Path};
use rayon::prelude::*;

use crate::adapter::Adapter;
use crate::build::{ConfigMacros, Patches};
use crate::facts::FileFacts;
use crate::files::{FileKind, Files, slashed};
use crate::graph::Graph;
use crate::load::LoadOptions;
use crate::load::early::PROFILES;
use crate::load::profiles::renumber;
use crate::load::reading::read_seeds;
use crate::load::start::Start;
use crate::macros::MacroIndex;
use crate::node::{Node, Nodes};
use crate::project::{Project, by_file};
use crate::release::AdapterRelease;
use crate::resolve::{self, Lookup};
use crate::setup::Setup;
use crate::variables;

/// Makes nodes of facts and joins them. What comes out as it was in `last` is shared with it.
pub(crate) fn assemble(
    system: &dyn System,
    options: &LoadOptions,
    setup: Arc<Setup>,
    mut files: Files,
    mut facts: SharedVec<FileFacts>,
    last: Option<&Project>,
) -> Project {
    let macros = MacroIndex::new(&files, &facts);
    let inputs = setup.inputs(system, &files, &facts, &macros);
    let patches = Patches::new(&inputs);
    let configuring = ConfigMacros::new(&inputs);
    let mut nodes = crate::build::nodes(&inputs, &patches, &configuring);
    let lookup = Lookup::new(&nodes);
    resolve::dependencies(&inputs, &lookup, &mut nodes);
    read_seeds(system, &mut files, &nodes, &mut facts, last);
    let unset_yaml = variables::unset_in_yaml(system, &files, &facts, &setup.root().project);
    let unset_env = variables::unset(system, &files, &facts);
    let graph = Graph::new(&nodes);
    let adapter = Adapter::of(system, &options.project_dir, &setup, nodes.iter());
    let nodes = shared(nodes, last);
    Project {
        by_file: Arc::new(by_file(&nodes)),
        macros: Arc::new(macros),
        patches: Arc::new(patches),
        configuring: Arc::new(configuring),
        lookup: Arc::new(lookup),
        missing_env: Arc::new([setup.missing_env.as_slice(), &unset_yaml].concat()),
        unset_env: Arc::new(unset_env),
        files,
        facts,
        setup,
        nodes,
        graph,
        adapter,
    }
}

/// Gives what was read early the numbers of its files.
pub(crate) fn setup(
    options: &LoadOptions,
    start: Start,
    release: AdapterRelease,
    files: &Files,
) -> Arc<Setup> {
    let number_of = |shown: &Utf8Path| files.by_path(shown).unwrap_or(FileId(0));
    let mut packages = Vec::new();
    for mut found in start.packages {
        found.inner.project.file = number_of(&slashed(&found.shown.join("dbt_project.yml")));
        packages.push(found.inner);
    }
    let project_file = number_of(Utf8Path::new("dbt_project.yml"));
    let profiles_file = files.of_kind(FileKind::Profiles).next().unwrap_or(project_file);
    let place = |at: FileRange| FileRange {
        file: if at.file == PROFILES {
            profiles_file
        } else {
            project_file
        },
        range: at.range,
    };
    let missing = start.missing.into_iter();
    let requested = start.requested.into_iter();
    Arc::new(Setup {
        packages,
        profile: renumber(start.profile, profiles_file),
        wanted_target: start.wanted_target,
        requested: requested
            .map(|(shown, entry)| (number_of(&shown), entry))
            .collect(),
        all_packages_present: start.all_packages_present,
        missing_env: missing.map(|(at, name)| (place(at), name)).collect(),
        state: options.state.clone(),
        assume: options.assume,
        run: options.run.clone(),
        release,
        vars: options.vars.clone(),
    })
}

/// The nodes, those of the last reading where they are as they were.
fn shared(nodes: Vec<Node>, last: Option<&Project>) -> Nodes {
    let keep = |node: Node| {
        let known = last.and_then(|last| last.nodes.0.get(node.id.0 as usize));
        match known.filter(|known| ***known == node) {
            Some(known) => known.clone(),
            None => Arc::new(node),
        }
    };
    let nodes: Vec<Arc<Node>> = nodes.into_par_iter().map(keep).collect();
    Nodes(nodes.into())
}
