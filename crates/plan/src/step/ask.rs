//! What somebody has to agree to before it is done.

use glueline_project::NodeId;
use glueline_render::{ApiCall, Found, Renderer, Standing, Statement};

use super::{Danger, Harm, Reading, Step, Strikes, steps};
use crate::plan::{Plan, PlannedNode};

impl Danger {
    /// Whether somebody has to agree before it is done: it takes data away that is not the node's own.
    pub fn asks(&self) -> bool {
        self.strikes == Strikes::Other && self.harm != Harm::Duplicates
    }
}

/// A step of a plan that somebody has to agree to before it is taken.
#[derive(Debug)]
pub struct Ask<'p> {
    /// Whose step it is.
    pub node: &'p PlannedNode,
    /// Which of the events of its run it is.
    pub event: usize,
    /// The step; it has a danger.
    pub step: Step,
}

impl Plan {
    /// The steps that take data away which is not the node's own ([`Danger::asks`]), in order.
    pub fn asks(&self, renderer: &Renderer) -> Vec<Ask<'_>> {
        let of_node = |node| {
            let steps = steps(renderer, node).into_iter().enumerate();
            let asks = steps.filter(|(_, step)| step.danger.as_ref().is_some_and(Danger::asks));
            asks.map(move |(event, step)| Ask { node, event, step })
        };
        self.nodes.iter().flat_map(of_node).collect()
    }
}

/// What one statement does that is about to be sent, told by itself and by the node that sends it.
pub fn of_statement(renderer: &Renderer, statement: &Statement) -> Step {
    let before = statement.node.and_then(|id| own(renderer, id, statement));
    let mut reading = Reading::new(renderer, statement.node, before.as_ref());
    reading.statement(statement)
}

/// What one call of a service does that is about to be made, told by itself.
pub fn of_call(renderer: &Renderer, call: &ApiCall) -> Step {
    super::call::read(&Reading::new(renderer, None, None), call)
}

/// The relation of a node, as a statement finds it.
fn own(renderer: &Renderer, id: NodeId, statement: &Statement) -> Option<Found> {
    let info = renderer.info(id);
    let (schema, name) = (info.schema.as_deref()?, info.identifier.as_deref()?);
    let is_it =
        |found: &&Found| found.schema.eq_ignore_ascii_case(schema) && found.name.eq_ignore_ascii_case(name);
    Some(Found {
        schema: schema.to_owned(),
        name: name.to_owned(),
        standing: statement
            .found
            .iter()
            .find(is_it)
            .map_or(Standing::Unknown, |found| found.standing.clone()),
    })
}
