//! Hooks of a run: what `on-run-start` and `on-run-end` say, which dbt holds as nodes (`dbt/parser/hooks.py`, `HookNode`).

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_project::{PackageId, Project};
use glueline_template::{Engine, Value};

use super::{Compiled, finish, source};
use crate::Renderer;
use crate::context::RUN_NAMES;
use crate::host::{Life, NodeHost, Phase, Scene};
use crate::renderer::Shared;

/// When a hook of a run is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunHook {
    /// Before the first node: `on-run-start`.
    Start,
    /// After the last node: `on-run-end`.
    End,
}

impl RunHook {
    /// The key that it stands under.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Start => "on-run-start",
            Self::End => "on-run-end",
        }
    }
}

/// A hook of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// dbt's id: `operation.shop.shop-on-run-start-0`.
    pub unique_id: Arc<str>,
    /// dbt's name: `shop-on-run-start-0`.
    pub name: Arc<str>,
    /// Whose project file it stands in.
    pub package: PackageId,
    /// When it is run.
    pub when: RunHook,
    /// How many hooks are run before it at the same time, those of other packages included.
    pub index: usize,
    /// The text, not rendered.
    pub text: Arc<str>,
    /// Where it stands.
    pub place: FileRange,
}

/// What dbt calls the file of every hook of a run, that of a package too.
pub(crate) const PATH: &str = "./dbt_project.yml";

impl Operation {
    /// What dbt's messages call it.
    pub(super) fn subject(&self) -> String {
        format!("operation {} ({PATH})", self.name)
    }
}

/// The hooks of a run in the order in which they are run: all of the start before all of the end, packages by name and the root
/// project last (`RunTask.get_hooks_by_type` in `dbt/task/run.py`).
pub(crate) fn all(project: &Project) -> Vec<Operation> {
    let mut packages: Vec<PackageId> = (1..project.packages().len()).collect();
    packages.sort_by_key(|package| {
        project
            .packages()
            .get(*package)
            .map(|package| package.name.clone())
    });
    packages.push(0);
    let mut found = Vec::new();
    for when in [RunHook::Start, RunHook::End] {
        let before = found.len();
        for id in &packages {
            let Some(package) = project.packages().get(*id) else {
                continue;
            };
            let of_key = package
                .project
                .run_hooks
                .iter()
                .filter(|(key, _)| *key.value == *when.key());
            for (index, text) in of_key.flat_map(|(_, hooks)| hooks).enumerate() {
                let name = format!("{}-{}-{index}", package.name, when.key());
                found.push(Operation {
                    unique_id: format!("operation.{}.{name}", package.name).into(),
                    name: name.into(),
                    package: *id,
                    when,
                    index: found.len() - before,
                    text: text.value.clone(),
                    place: FileRange {
                        file: package.project.file,
                        range: text.range,
                    },
                });
            }
        }
    }
    found
}

impl Renderer {
    /// The hooks of a run, of packages too, in the order in which they are run: those of its start before those of its end.
    pub fn operations(&self) -> Vec<Arc<Operation>> {
        self.0.operations().to_vec()
    }

    /// What a hook becomes when a run comes to it. At the end of a run, every model of the invocation is taken to have succeeded.
    ///
    /// A hook that fails of such results may do better with those of a real run: then it is what `dbt compile` makes of it, which
    /// knows of no results at all.
    pub fn compile_operation(&self, operation: &Arc<Operation>) -> Compiled {
        within(&self.0, operation, &Life::Known.into())
    }
}

/// What a hook of a run becomes in a scene.
pub(crate) fn within(shared: &Arc<Shared>, operation: &Arc<Operation>, scene: &Scene) -> Compiled {
    let program = Arc::new(source::operation(shared, operation));
    let host = |phase| NodeHost::hook(shared, operation, phase);
    let parsed = Arc::new(host(Phase::Parse));
    // What fails while dbt parses fails when it runs, too; what the hook asked for until then is all that dbt saw.
    let _ = Engine::render(&shared.engine, &program, parsed.clone(), shared.settings.limits);
    let seen = std::mem::take(&mut *parsed.captured());
    let finish = |mut host: NodeHost, extra: Vec<(Arc<str>, Value)>| {
        host.extra = extra;
        host.scene = scene.clone();
        {
            let mut captured = host.captured();
            captured.refs.clone_from(&seen.refs);
            captured.sources.clone_from(&seen.sources);
        }
        let host = Arc::new(host);
        let compiled = finish(shared, None, &host, &program, &mut Vec::new());
        let reads_results = host.captured().reads_results;
        (compiled, reads_results)
    };
    let (made, reads_results) = finish(host(Phase::Execute), Vec::new());
    if made.failure.is_none() || !reads_results || scene.run.is_some() {
        return made;
    }
    let undefined = RUN_NAMES.map(|name| (name.into(), Value::undefined_name(name)));
    let (mut without, _) = finish(host(Phase::Execute), undefined.to_vec());
    if without.failure.is_none() {
        for note in made.unknown {
            if !without.unknown.contains(&note) {
                without.unknown.push(note);
            }
        }
        return without;
    }
    made
}

impl Shared {
    /// The hooks of a run, in the order in which they are run.
    pub(crate) fn operations(&self) -> &[Arc<Operation>] {
        self.operations
            .get_or_init(|| all(&self.project).into_iter().map(Arc::new).collect())
    }
}
