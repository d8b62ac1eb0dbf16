//! What Spark says of queries and what Glueline says of them, made one.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileId, FileRange, Related, Severity, TextSize};
use glueline_catalog::is_class;
use glueline_plan::answer::{Placed, Reported};
use glueline_project::Node;
use glueline_render::{Life, SparkError};
use glueline_rules::{is_of_query, rule_of_class, rule_of_refusal};
use glueline_schema::Schemas;

use super::asked::Question;
use crate::compile::Surroundings;
use crate::explain_error::{self, Explained, Sent};

/// How the two compare.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// How many queries Spark refuses.
    pub(super) refused: usize,
    /// Of how many queries Glueline says otherwise.
    pub(super) disagreements: usize,
    /// What is worth saying of them.
    pub(super) remarks: Vec<String>,
}

/// Puts what Spark says of each query, its error or `None`, into what Glueline found: each fault once.
pub(super) fn merge(
    schemas: &Schemas,
    answered: &[(Question, Option<SparkError>)],
    found: &mut Vec<Diagnostic>,
    around: Surroundings<'_>,
) -> Merged {
    let project = schemas.renderer().project();
    let mut own = Own::of(found);
    let mut merged = Merged::default();
    let mut told: BTreeMap<FileId, Vec<Diagnostic>> = BTreeMap::new();
    for (question, error) in answered {
        let node = project.node(question.node);
        let Some(error) = error else {
            merged.disagreements += usize::from(own.doubt(&node.unique_id));
            continue;
        };
        merged.refused += 1;
        let sent = Sent::Query(&question.code);
        let Explained { reported, placed } =
            explain_error::refused(schemas.renderer(), &node.unique_id, sent, error);
        let refusal = finding(node, &reported, &placed, around);
        if own.agree(&refusal, &reported) || is_known(schemas, node, &reported) {
            // Doubted here, or not wanted by anybody: the place and the word are Spark's then.
            if own.says(&refusal) {
                continue;
            }
        } else if is_sparks(&reported) {
            merged.disagreements += 1;
            let class = reported.class.as_deref().or(reported.exception.as_deref());
            merged.remarks.push(format!(
                "Spark refuses {} ({}), and Glueline did not see it: please report it",
                node.unique_id,
                class.unwrap_or("no class")
            ));
        }
        let of_file = told.entry(refusal.at.file).or_default();
        // An ephemeral model is refused with all that read it.
        if !of_file
            .iter()
            .any(|other| (other.rule, other.at) == (refusal.rule, refusal.at))
        {
            of_file.push(refusal);
        }
    }
    for (file, mut refusals) in told {
        glueline_rules::without_allowed(project.files().text(file), &mut refusals);
        found.append(&mut refusals);
    }
    merged
}

/// What Spark refuses, as a finding of the rule that speaks of its class.
fn finding(node: &Node, reported: &Reported, placed: &Placed, around: Surroundings<'_>) -> Diagnostic {
    let id = rule_of_refusal(reported.class.as_deref());
    let message = match &reported.class {
        Some(class) => format!("Spark: [{class}] {}", reported.message),
        None => format!("Spark: {}", reported.message),
    };
    let at = placed.at.unwrap_or(node.at);
    let mut found = Diagnostic {
        rule: id,
        group: glueline_base::Group::Sql,
        severity: Severity::Error,
        message,
        at,
        node: Some(node.unique_id.to_string()),
        related: Vec::new(),
        fix: None,
        stop: None,
        words: None,
    };
    if let Some(meta) = around.rules.iter().find(|meta| meta.id == id) {
        (found.group, found.severity) = (meta.group, meta.severity);
    }
    found.related.extend(placed.written.map(|at| Related {
        at,
        message: "The macro writes it here.".to_owned(),
    }));
    found
}

/// What Glueline found, by whom and by where it is.
struct Own<'a> {
    found: &'a mut [Diagnostic],
    of_node: BTreeMap<String, Vec<usize>>,
    of_place: BTreeMap<Place, Vec<usize>>,
}

/// Where something is, so that it can be looked up.
type Place = (FileId, TextSize, TextSize);

fn place(at: FileRange) -> Place {
    (at.file, at.range.start(), at.range.end())
}

impl<'a> Own<'a> {
    fn of(found: &'a mut [Diagnostic]) -> Self {
        let mut of_node: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut of_place: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for (index, own) in found.iter().enumerate() {
            if let Some(node) = &own.node {
                of_node.entry(node.clone()).or_default().push(index);
            }
            of_place.entry(place(own.at)).or_default().push(index);
        }
        Self {
            found,
            of_node,
            of_place,
        }
    }

    /// Which are of a node, or at a place.
    fn near(&self, refusal: &Diagnostic) -> Vec<usize> {
        let of_node = refusal.node.as_ref().and_then(|node| self.of_node.get(node));
        let of_place = self.of_place.get(&place(refusal.at));
        of_node.into_iter().chain(of_place).flatten().copied().collect()
    }

    /// Whether one is of the same fault: the same rule at the same node, or at the same place.
    fn says(&self, refusal: &Diagnostic) -> bool {
        let near = self.near(refusal);
        near.iter()
            .any(|index| self.found.get(*index).is_some_and(|own| own.rule == refusal.rule))
    }

    /// Says of each that Spark shares that it does; whether there is one. Without a class, any of the node's is taken for it.
    fn agree(&mut self, refusal: &Diagnostic, reported: &Reported) -> bool {
        const WORD: &str = " Spark says so too.";
        let mut agrees = false;
        for index in self.near(refusal) {
            let Some(own) = self.found.get_mut(index) else {
                continue;
            };
            let is_any = reported.class.is_none() && is_of_query(own.rule) && own.node == refusal.node;
            if is_any || own.rule == refusal.rule {
                agrees = true;
                if !own.message.ends_with(WORD) {
                    own.message.push_str(WORD);
                }
            }
        }
        agrees
    }

    /// Takes back what is said of a node whose query Spark accepts; whether anything is.
    fn doubt(&mut self, node: &str) -> bool {
        let mut doubts = false;
        for index in self.of_node.get(node).into_iter().flatten() {
            let Some(own) = self.found.get_mut(*index) else {
                continue;
            };
            if own.severity == Severity::Error && is_of_query(own.rule) {
                doubts = true;
                // Below what fails a check: somebody is wrong here, and it is not the project.
                own.severity = Severity::Info;
                own.fix = None;
                own.message
                    .push_str(" Spark accepts this query: Glueline is wrong here, please report it.");
            }
        }
        doubts
    }
}

/// Whether Glueline knows of an error of that kind, though it does not report it: it doubts it, or nobody wants to hear of it.
fn is_known(schemas: &Schemas, node: &Node, reported: &Reported) -> bool {
    let entry = schemas.entry(node.id);
    let verdict = entry.as_ref().and_then(|entry| entry.verdict(Life::Known));
    let class = reported.class.as_deref();
    verdict.is_some_and(|verdict| {
        let mut errors = verdict.errors.iter();
        errors.any(|error| class.is_none_or(|class| rule_of_class(class) == rule_of_class(error.class)))
    })
}

/// Whether it is Spark's word on the query, and not, say, that something may not be read.
fn is_sparks(reported: &Reported) -> bool {
    let is_of_query = matches!(
        reported.exception.as_deref(),
        Some("AnalysisException" | "ParseException")
    );
    is_of_query
        && reported
            .known
            .is_none_or(glueline_catalog::KnownError::is_of_spark)
        && reported.class.as_deref().is_none_or(is_class)
}
