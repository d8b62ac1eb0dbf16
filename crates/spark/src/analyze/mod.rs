//! What a query means: its columns with their types, and what Spark's analyzer refuses in it.
//!
//! Truth has three values. A relation that nobody describes makes what comes of it unknown; of that nothing is said.

mod aggregate;
mod args;
mod call;
mod column;
mod correlated;
mod expr;
mod from;
mod join;
mod literal;
mod materialize;
mod name;
mod older;
mod order;
mod query;
mod scope;
mod select;
mod sets;
mod star;
mod subquery;
mod suspect;
mod turn;
mod value;
mod window;

use std::sync::Arc;

use glueline_base::TextRange;

use crate::functions::Version;
use crate::syntax::{self, SyntaxError};
use crate::types::{DataType, Field, Mismatch};

pub use materialize::{Format, Stored, materialize};
use scope::{Output, Scope};
pub use suspect::{Suspect, Suspicion};

/// What a name of a relation stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// A relation of these columns.
    Columns(Arc<[Field]>),
    /// There is none.
    Missing,
    /// Nobody knows.
    Unknown,
}

/// What a query can read and call besides what it defines itself.
pub trait Relations {
    /// The relation of that name, its parts without quotes.
    fn relation(&self, parts: &[&str]) -> Relation;

    /// Whether there is such a function besides Spark's own. What it gives is unknown.
    fn has_function(&self, _parts: &[&str]) -> bool {
        false
    }
}

/// The column of a relation of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The relation: catalog, database and table.
    pub relation: Arc<[Box<str>]>,
    /// The column.
    pub column: Arc<str>,
}

/// A column that a query gives.
#[derive(Debug, Clone, PartialEq)]
pub struct OutColumn {
    /// Its name, as Spark spells it.
    pub name: Arc<str>,
    /// Its type.
    pub ty: DataType,
    /// The item that makes it: an expression with its alias, or a star; of one without a name the last line, where an alias would stand.
    pub range: TextRange,
    /// The item that made it first, whatever stars it came through since.
    made: TextRange,
    /// The relation of the query's own `from` that it is of.
    qualifier: scope::Qualifier,
    /// Whether it is a column or has an alias; Spark makes up the name of any other.
    pub named: bool,
    /// The column of a relation that it hands on unchanged, through whatever names.
    pub origin: Option<Arc<Origin>>,
}

/// A column that a query names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where.
    pub range: TextRange,
    /// The relation as the catalog knows it: `spark_catalog`, database, table; or the one name of a query or alias.
    pub relation: Arc<[Box<str>]>,
    /// The column.
    pub column: Arc<str>,
    /// Its type.
    pub ty: DataType,
    /// The column of a relation of the catalog that it comes to.
    pub origin: Option<Arc<Origin>>,
}

/// A name that a query gives to a column, in whichever of its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Where.
    pub range: TextRange,
    /// The type of the column.
    pub ty: DataType,
    /// The column of a relation of the catalog that it comes to.
    pub origin: Option<Arc<Origin>>,
}

/// What Spark refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkError {
    /// Spark's error class.
    pub class: &'static str,
    /// Spark's message, without class and place.
    pub message: String,
    /// What is to blame.
    pub range: TextRange,
    /// Names that there are, the likeliest to be meant first, where it is a name that is not known.
    pub instead: Vec<Arc<str>>,
}

/// What is known of a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Its columns, in order; without those of relations that nobody describes.
    pub columns: Vec<OutColumn>,
    /// Whether these are all of its columns.
    pub complete: bool,
    /// What Spark refuses, the first first.
    pub errors: Vec<SparkError>,
    /// The columns that it names.
    pub references: Vec<Reference>,
    /// The names that it gives to columns.
    pub definitions: Vec<Definition>,
    /// What Spark accepts and hardly anybody means, in the order of the text. None is told of a text that Spark cannot read.
    pub suspicions: Vec<Suspicion>,
    /// The text could not be read, though Spark may read it.
    pub unread: bool,
}

/// Analyses the text of a query.
pub fn analyze(text: &str, relations: &dyn Relations, version: Version) -> Analysis {
    let parsed = syntax::parse(text);
    if parsed.unread {
        return Analysis {
            unread: true,
            ..Analysis::default()
        };
    }
    let mut analyzer = Analyzer::new(text, relations, version);
    let readable = parsed
        .errors
        .iter()
        .all(|error| error.class != "PARSE_SYNTAX_ERROR");
    analyzer
        .errors
        .extend(parsed.errors.into_iter().map(SparkError::from));
    let output = match &parsed.query {
        Some(query) => analyzer.query(query),
        None => Output::unknown(),
    };
    Analysis {
        columns: output.columns.iter().map(|column| column.shown(text)).collect(),
        complete: output.complete(),
        errors: analyzer.errors,
        references: analyzer.references,
        definitions: analyzer.definitions,
        suspicions: if readable {
            suspect::in_order(analyzer.suspicions)
        } else {
            Vec::new()
        },
        unread: false,
    }
}

impl From<SyntaxError> for SparkError {
    fn from(error: SyntaxError) -> Self {
        Self {
            class: error.class,
            message: error.message,
            range: error.range,
            instead: Vec::new(),
        }
    }
}

/// Walks a query.
struct Analyzer<'a> {
    text: &'a str,
    relations: &'a dyn Relations,
    version: Version,
    errors: Vec<SparkError>,
    references: Vec<Reference>,
    definitions: Vec<Definition>,
    suspicions: Vec<Suspicion>,
    links: suspect::Links,
    /// The number of the next column.
    next: u32,
    /// Queries with names, innermost last.
    ctes: Vec<(Box<str>, Arc<Output>)>,
    /// Names that a `with` here may not take.
    taken: Vec<Box<str>>,
    /// Names that a `with` in a query within an expression may not take.
    taken_inside: Vec<Box<str>>,
    /// The relations of the queries around, innermost last.
    outer: Vec<Arc<Scope>>,
    /// The columns that were named within queries within expressions.
    named: Vec<correlated::Named>,
    /// What the `select`s there are like.
    shapes: Vec<correlated::Shape>,
    /// Parameters of lambdas, innermost last.
    variables: Vec<(Box<str>, DataType, usize)>,
}

impl<'a> Analyzer<'a> {
    fn new(text: &'a str, relations: &'a dyn Relations, version: Version) -> Self {
        Self {
            text,
            relations,
            version,
            errors: Vec::new(),
            references: Vec::new(),
            definitions: Vec::new(),
            suspicions: Vec::new(),
            links: suspect::Links::default(),
            next: 0,
            ctes: Vec::new(),
            taken: Vec::new(),
            taken_inside: Vec::new(),
            outer: Vec::new(),
            named: Vec::new(),
            shapes: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// A number for a new column.
    fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn error(&mut self, class: &'static str, message: impl Into<String>, range: TextRange) {
        self.errors.push(SparkError {
            class,
            message: message.into(),
            range,
            instead: Vec::new(),
        });
    }

    /// What an operator or a function refuses.
    fn mismatch(&mut self, mismatch: &Mismatch, range: TextRange) {
        let text = self.spelled(range);
        self.error(mismatch.class, mismatch.message(&text), range);
    }

    /// An expression in a message: its text on one line.
    fn spelled(&self, range: TextRange) -> String {
        let text = glueline_base::slice(self.text, range);
        let mut out = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        out
    }
}
