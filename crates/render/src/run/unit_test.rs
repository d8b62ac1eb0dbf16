//! Running a unit test (`TestRunner.execute_unit_test` in `dbt/task/test.py`).

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_template::{Args, Cx, Error, Value};

use super::{NodeRun, Outcome, Run, Turn, materialize};
use crate::compile::{self, Failure, Part};
use crate::host::{NodeHost, Phase, Scene};

/// What a unit test does when its turn comes.
pub(super) fn run(run: &Run, turn: &Arc<Turn>, node: NodeId) -> NodeRun {
    let shared = &run.shared;
    let scene = Scene::from(turn);
    let test = match compile::read_unit_test(shared, node) {
        Ok(test) => Arc::new(test),
        Err(error) => {
            return run.end(
                turn,
                None,
                Err(Failure::new(shared, Some(node), error)),
                Vec::new(),
            );
        }
    };
    let compiled = Arc::new(compile::compile_unit_test(shared, &test, &scene));
    if let Some(failure) = &compiled.failure {
        let failure = failure.clone();
        return run.finish(turn, compiled, Err(failure), Vec::new());
    }
    let mut host = NodeHost::node(shared, node, Phase::Execute, scene);
    host.code = compiled.code.as_deref().map(Into::into);
    host.part = Some(Part::Run(test));
    let host = Arc::new(host);
    let limits = shared.settings.limits;
    let (outcome, notes) = shared.engine.with(host.clone(), limits, |cx| {
        materialize::of_unit_test(cx, &host)?;
        Ok(compared(cx))
    });
    let outcome = match outcome {
        // What the comparison itself stumbles over is not wrapped.
        Ok(compared) => compared.map_err(|error| Failure::ran(shared, node, error, None)),
        Err(error) => Err(Failure::of_unit_test(shared, node, error)),
    };
    run.finish(turn, compiled, outcome, notes)
}

/// The column that tells the rows apart.
const WHICH: &str = "actual_or_expected";

/// Whether the rows of both kinds are the same, in whatever order.
fn compared(cx: &Cx) -> Result<Outcome, Error> {
    let main = cx.call(&cx.lookup("load_result"), Args::of(vec!["main".into()]))?;
    let table = cx.attr(&main, "table")?;
    let names = cx.iterate(&cx.attr(&table, "column_names")?)?;
    let is_which = |name: &Value| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(WHICH));
    let (mut actual, mut expected) = (Vec::new(), Vec::new());
    for row in cx.iterate(&cx.attr(&table, "rows")?)? {
        let mut values = Vec::new();
        let mut kind = Value::None;
        for (name, value) in names.iter().zip(cx.iterate(&row)?) {
            if is_which(name) {
                kind = value;
            } else {
                values.push(value);
            }
        }
        match kind.as_str().as_deref() {
            Some("actual") => actual.push(values),
            Some("expected") => expected.push(values),
            _ => {}
        }
    }
    Ok(if same_rows(expected, actual) {
        Outcome::Pass
    } else {
        Outcome::Fail
    })
}

/// Whether two lists hold the same rows, each as often.
fn same_rows(expected: Vec<Vec<Value>>, mut actual: Vec<Vec<Value>>) -> bool {
    let alike = |a: &Vec<Value>, b: &Vec<Value>| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| glueline_template::equal(a, b))
    };
    for row in expected {
        match actual.iter().position(|found| alike(found, &row)) {
            Some(index) => drop(actual.swap_remove(index)),
            None => return false,
        }
    }
    actual.is_empty()
}
