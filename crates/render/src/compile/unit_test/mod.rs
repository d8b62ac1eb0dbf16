//! Unit tests: the text of a model with every input replaced by rows that a test makes up (`dbt/parser/unit_tests.py`,
//! `UnitTestManifestLoader`; `UnitTestContext` in `dbt/context/providers.py`).
//!
//! What a test gives an input becomes an ephemeral model under the input's name. The tested model is then compiled as a node of its
//! own, which knows of no other nodes than these.

mod read;
mod rows;

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_jinja as jinja;
use glueline_project::{Language, NodeId, ResourceType};
use glueline_template::{Args, Cx, Dict, Ends, Error, Native, Origin, Program, Unit, Value, lower_template};

use super::{Compiled, Failure, finish, source};
use crate::host::{NodeHost, Phase, Scene};
use crate::renderer::Shared;

pub(crate) use read::{read, rendered_entry};

/// A unit test, with all that its entry says.
#[derive(Debug)]
pub(crate) struct UnitTest {
    /// The test.
    pub(crate) node: NodeId,
    /// The model that it is for.
    pub(crate) tested: NodeId,
    /// What it is called while it runs: with the version of the model, where that has versions.
    pub(crate) name: Arc<str>,
    /// Where its entry stands.
    pub(crate) place: FileRange,
    /// What it gives, in the order written.
    pub(crate) inputs: Vec<Input>,
    /// The input that stands for the tested model itself: the node that it names.
    pub(crate) this: Option<NodeId>,
    /// What it replaces.
    pub(crate) overrides: Overrides,
    /// What `config` reads while it runs.
    pub(crate) config: Arc<Dict>,
}

/// What a unit test gives for one input.
#[derive(Debug)]
pub(crate) struct Input {
    /// The node that is replaced.
    pub(crate) original: NodeId,
    /// dbt's id of the model that replaces it.
    pub(crate) unique_id: Arc<str>,
    /// The name of the CTE, without dbt's prefix.
    pub(crate) cte: Arc<str>,
    /// The template that gives its rows.
    pub(crate) text: String,
}

/// What a unit test replaces while the tested model is compiled.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    /// Macros and names of the context: the package where one is named, the name, and what it gives.
    pub(crate) macros: Vec<(Option<Arc<str>>, Arc<str>, Value)>,
    /// Vars.
    pub(crate) vars: Dict,
    /// Variables of the environment.
    pub(crate) env_vars: Dict,
}

/// What a rendering is in a unit test.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// The tested model is compiled.
    Tested(Arc<UnitTest>),
    /// An input of the test is compiled: which one.
    Input(Arc<UnitTest>, usize),
    /// The test is run.
    Run(Arc<UnitTest>),
}

impl Part {
    /// The test.
    pub(crate) const fn test(&self) -> &Arc<UnitTest> {
        match self {
            Self::Tested(test) | Self::Input(test, _) | Self::Run(test) => test,
        }
    }

    /// The input that is compiled.
    pub(crate) fn input(&self) -> Option<&Input> {
        match self {
            Self::Input(test, index) => test.inputs.get(*index),
            Self::Tested(_) | Self::Run(_) => None,
        }
    }
}

impl UnitTest {
    /// The last input that stands for a node: dbt keeps them by their ids.
    pub(crate) fn input_of(&self, node: NodeId) -> Option<(usize, &Input)> {
        let mut inputs = self.inputs.iter().enumerate();
        inputs.rfind(|(_, input)| input.original == node)
    }
}

impl Input {
    /// The name of the replaced node.
    pub(crate) fn name<'a>(&self, shared: &'a Shared) -> &'a str {
        &shared.project.node(self.original).name
    }
}

impl Overrides {
    /// What a name of the context means. Only what is there can be replaced.
    pub(crate) fn global(&self, name: &str, found: Option<Value>) -> Option<Value> {
        let found = found?;
        let mut bare = self.macros.iter().rev();
        if let Some((_, _, value)) = bare.find(|(package, known, _)| package.is_none() && &**known == name) {
            return Some(replaced(&found, name, value));
        }
        // What replaces a macro of dbt's replaces the bare name too; dbt takes the value of whatever is listed last.
        let of_dbt = |(package, known, _): &(Option<Arc<str>>, Arc<str>, Value)| {
            package.as_deref() == Some("dbt") && &**known == name
        };
        match self.macros.last() {
            Some((_, _, value)) if self.macros.iter().any(of_dbt) => Some(replaced(&found, name, value)),
            _ => Some(found),
        }
    }

    /// What a name behind the name of a package means: `dbt_utils.star`.
    pub(crate) fn in_package(&self, package: &str, name: &str, found: Option<Value>) -> Option<Value> {
        let found = found?;
        let named = |wanted: Option<&str>| {
            let mut all = self.macros.iter().rev();
            all.find(|(package, known, _)| package.as_deref() == wanted && &**known == name)
        };
        let bare = named(None).filter(|_| package == "dbt");
        match bare.or_else(|| named(Some(package))) {
            Some((_, _, value)) => Some(replaced(&found, name, value)),
            None => Some(found),
        }
    }
}

/// A value in the place of another: in that of a macro, one that is called (`UnitTestMacroGenerator` in `dbt/clients/jinja.py`).
fn replaced(found: &Value, name: &str, value: &Value) -> Value {
    match found {
        Value::Native(native) if native.type_name() == "MacroGenerator" => Value::native(Fixed {
            name: name.into(),
            value: value.clone(),
        }),
        _ => value.clone(),
    }
}

/// A macro that gives the same whatever it is called with.
#[derive(Debug)]
struct Fixed {
    name: Arc<str>,
    value: Value,
}

impl Native for Fixed {
    fn type_name(&self) -> &'static str {
        "UnitTestMacroGenerator"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _cx: &Cx, _args: Args) -> Result<Value, Error> {
        Ok(self.value.clone())
    }

    fn text(&self) -> String {
        format!(
            "<dbt.clients.jinja.UnitTestMacroGenerator object of {}>",
            self.name
        )
    }
}

/// What the tested model becomes.
pub(crate) fn compile(shared: &Arc<Shared>, test: &Arc<UnitTest>, scene: &Scene) -> Compiled {
    let tested = shared.project.node(test.tested);
    if tested.kind != ResourceType::Model || tested.language != Language::Sql {
        let error = Error::unsupported("only models in SQL can be tested");
        return Compiled::failed(Failure::new(shared, Some(test.node), error), Vec::new());
    }
    let Some(program) = source::program(shared, test.tested) else {
        return Compiled::skipped();
    };
    let mut host = NodeHost::node(shared, test.node, Phase::Execute, scene.clone());
    host.part = Some(Part::Tested(test.clone()));
    // dbt looks at `this` before it renders anything, so that its input comes first.
    host.captured().ephemeral.extend(test.this);
    finish(shared, None, &Arc::new(host), &Arc::new(program), &mut Vec::new())
}

/// What an input of a unit test becomes: the ephemeral model that gives its rows.
pub(super) fn compile_input(
    shared: &Arc<Shared>,
    test: &Arc<UnitTest>,
    node: NodeId,
    scene: &Scene,
    within: &mut Vec<NodeId>,
) -> Compiled {
    let Some((index, input)) = test.input_of(node) else {
        let error = Error::unsupported("the input of the unit test is not to be found");
        return Compiled::failed(Failure::new(shared, Some(test.node), error), Vec::new());
    };
    let unit = Unit {
        name: input.name(shared).into(),
        origin: Origin::Entry(test.place),
        cached: None,
        marked: shared.settings.marked,
    };
    let program: Program = lower_template(unit, &jinja::parse(&input.text), Ends::Newline);
    let mut host = NodeHost::node(shared, input.original, Phase::Execute, scene.clone());
    host.part = Some(Part::Input(test.clone(), index));
    finish(shared, None, &Arc::new(host), &Arc::new(program), within)
}

/// What dbt's messages call a part of a unit test: `model orders (models/unit.yml)`.
pub(super) fn subject(shared: &Shared, part: &Part) -> String {
    let test = part.test();
    let path = &shared.project.files().info(test.place.file).original;
    match part.input() {
        Some(input) => format!("model {} ({path})", input.name(shared)),
        None => format!("unit_test {} ({path})", test.name),
    }
}
