//! What a session answers when it refuses something, read out of what people have at hand, and brought home to the project.
//!
//! [`read`] takes a text, an answer of the session or a whole log of dbt, and gives the errors that it reports. [`Home::place`] finds for
//! one of them the node, the line of its compiled code and the place in the project's files. What is meant by an error is
//! `glueline_catalog`'s to know.

mod around;
mod chunk;
mod exception;
mod fit;
mod home;
mod log;
mod names;

use glueline_catalog::KnownError;
use rustc_hash::FxHashMap;

pub use self::home::{Finding, Home, Placed};

/// An error that a text reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reported {
    /// The exception: `AnalysisException`, `Py4JJavaError`, or dbt's own `Compilation Error`.
    pub exception: Option<String>,
    /// Spark's error class, or the code of AWS, where the text prints one; else that of [`Self::known`].
    pub class: Option<String>,
    /// The SQLSTATE that is printed, or that Spark 3.5 gives the class.
    pub sql_state: Option<String>,
    /// What it says, on one line, without the query plan and the trace.
    pub message: String,
    /// What is known of it.
    pub known: Option<&'static KnownError>,
    /// Whose error it is, as far as the text says.
    pub subject: Subject,
    /// Where: what Spark, Python or dbt prints.
    pub at: Option<Position>,
    /// What that place counts in.
    pub counts_in: CountsIn,
    /// The `Code` of the statement, where the text has it.
    pub code: Option<String>,
    /// The query, where the text has it.
    pub query: Option<String>,
}

/// What lines are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountsIn {
    /// The query that Spark gets.
    #[default]
    Query,
    /// The Python program that is sent.
    Program,
    /// The file that the node is written in.
    File,
}

/// Whose error it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// dbt's id: `model.shop.orders`.
    pub unique_id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The file, relative to its package.
    pub path: Option<String>,
}

/// A place in a text of several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// How many characters stand before it on the line; `None` where only the line is told.
    pub column: Option<u32>,
}

/// The errors that a text reports, each once, in the order in which they come up.
///
/// The text is what a session answers, lines of a log of dbt (as it prints them, as it writes them to `dbt.log`, or as JSON), dbt's
/// `run_results.json`, or what AWS answers to `get-statement`; colours, line ends and the prefixes of schedulers make no difference.
pub fn read(text: &str) -> Vec<Reported> {
    let mut found: Vec<Reported> = Vec::new();
    // Where a message was told before.
    let mut told: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for record in log::records(text) {
        for mut reported in chunk::read(&record.text) {
            if reported.subject.unique_id.is_none() {
                reported.subject.unique_id.clone_from(&record.node);
            }
            let before = told.entry(reported.message.clone()).or_default();
            let again = before
                .iter()
                .find(|index| found.get(**index).is_some_and(|other| other.is_again(&reported)));
            match again.and_then(|index| found.get_mut(*index)) {
                Some(other) => other.merge(reported),
                None => {
                    before.push(found.len());
                    found.push(reported);
                }
            }
        }
    }
    found
}

impl Reported {
    /// Whether another one is the same error, told once more: dbt tells each twice.
    fn is_again(&self, other: &Self) -> bool {
        self.message == other.message && self.at == other.at && self.subject.may_be(&other.subject)
    }

    /// Takes what another telling knows besides.
    fn merge(&mut self, other: Self) {
        fn fill<T>(own: &mut Option<T>, other: Option<T>) {
            if own.is_none() {
                *own = other;
            }
        }
        fill(&mut self.exception, other.exception);
        fill(&mut self.code, other.code);
        fill(&mut self.query, other.query);
        fill(&mut self.subject.unique_id, other.subject.unique_id);
        fill(&mut self.subject.name, other.subject.name);
        fill(&mut self.subject.path, other.subject.path);
    }
}

impl Subject {
    /// Whether two may be the same node.
    fn may_be(&self, other: &Self) -> bool {
        fn agree(one: Option<&String>, other: Option<&String>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        let named = |id: Option<&String>, name: Option<&String>| {
            id.zip(name)
                .is_none_or(|(id, name)| id.split('.').skip(2).any(|part| part == name))
        };
        agree(self.unique_id.as_ref(), other.unique_id.as_ref())
            && agree(self.name.as_ref(), other.name.as_ref())
            && named(self.unique_id.as_ref(), other.name.as_ref())
            && named(other.unique_id.as_ref(), self.name.as_ref())
    }
}

#[cfg(test)]
mod tests;
