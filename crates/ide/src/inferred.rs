//! What Spark infers: the columns of nodes, and what the names in their texts mean; as far as that can be had while somebody waits.
//!
//! The columns are those of `glueline_schema`. What is known already is taken; what is not is looked at up to a measure, parents first,
//! so that an answer never waits for a whole project. Texts are read for the few files that somebody looks into.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use glueline_base::{FileId, TextRange, TextSize, slice};
use glueline_project::{NodeId, ResourceType};
use glueline_render::Compiled;
use glueline_schema::{Entry, Field, Schema, Text};
use glueline_spark::analyze::{Origin, OutColumn};
use glueline_spark::types::{DataType, parse};
use rustc_hash::FxHashMap;

use crate::Analysis;
use crate::columns::{Source, same};

/// How many texts are looked at for the columns of one node.
const LOOKS: usize = 8;

/// What was asked for so far. It belongs to one project.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    texts: Mutex<FxHashMap<NodeId, Arc<OnceLock<Arc<Names>>>>>,
}

/// A name of a column in the text of a node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    /// Where, without back-ticks.
    pub(crate) range: TextRange,
    /// The type of the column; unknown, where the text is rendered to several.
    pub(crate) ty: DataType,
    /// The column of a node that it comes to, through whatever names.
    pub(crate) origin: Option<Source>,
    /// Whether the column gets its name there.
    pub(crate) is_definition: bool,
}

/// An item of the outermost select list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// Where it ends in the file.
    pub(crate) end: TextSize,
    /// Whether it is a star.
    pub(crate) is_star: bool,
    /// What it gives.
    pub(crate) columns: Vec<Field>,
}

/// What the names in the text of a node mean to Spark.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Whether ephemeral models stand in the text; what comes through one comes to those that it reads.
    has_ephemeral: bool,
    /// In the order of the text.
    named: Vec<Named>,
    /// The outermost select list, where it is known whole.
    pub(crate) items: Vec<Item>,
    /// For each column of the query, the one of a node that it hands on.
    outputs: Vec<(Arc<str>, Option<Source>)>,
}

impl Names {
    /// The name that an offset touches.
    pub(crate) fn at(&self, offset: TextSize) -> Option<&Named> {
        let end = self.named.partition_point(|name| name.range.start() <= offset);
        let before = self.named.get(..end)?;
        before
            .iter()
            .rev()
            .take(2)
            .find(|name| name.range.contains_inclusive(offset))
    }

    /// The name that is written with these bytes, back-ticks or not.
    pub(crate) fn written(&self, range: TextRange) -> Option<&Named> {
        let one = TextSize::new(1);
        let starting = |start: TextSize| {
            let found = self.named.binary_search_by_key(&start, |name| name.range.start());
            self.named.get(found.ok()?)
        };
        let found = starting(range.start()).or_else(|| starting(range.start() + one))?;
        let is_it = found.range.end() == range.end() || found.range.end() + one == range.end();
        is_it.then_some(found)
    }

    /// The column of a node that is read with these bytes, where that is the node itself and none that stands for it in the text.
    pub(crate) fn read_at(&self, range: TextRange) -> Option<&Source> {
        let found = self.written(range).filter(|named| !named.is_definition)?;
        found.origin.as_ref().filter(|_| !self.has_ephemeral)
    }

    /// Whether a column gets this name anywhere in the text.
    pub(crate) fn defines(&self, text: &str, name: &str) -> bool {
        let mut all = self.named.iter().filter(|named| named.is_definition);
        all.any(|named| same(slice(text, named.range), name))
    }

    /// What the only column of a name hands on.
    pub(crate) fn output(&self, name: &str) -> Option<&Source> {
        let mut found = self.outputs.iter().filter(|(own, _)| same(own, name));
        let (_, origin) = found.next()?;
        origin.as_ref().filter(|_| found.next().is_none())
    }
}

/// What is known of the columns of a node that has a text.
pub(crate) fn schema(analysis: &Analysis, node: NodeId) -> Option<Arc<Schema>> {
    let kind = analysis.project().node(node).kind;
    if matches!(kind, ResourceType::Source | ResourceType::Seed) {
        return None;
    }
    Some(Arc::clone(&entry(analysis, node)?.schema))
}

/// What is known of a node, or can be found at once.
fn entry(analysis: &Analysis, node: NodeId) -> Option<Arc<Entry>> {
    let schemas = analysis.schemas();
    schemas.known(node).or_else(|| schemas.entry_within(node, LOOKS))
}

/// The type of the only column of a name that a node's query gives.
pub(crate) fn type_of(analysis: &Analysis, node: NodeId, name: &str) -> Option<DataType> {
    let schema = schema(analysis, node)?;
    let columns = schema.columns.as_ref()?;
    let mut found = columns.iter().filter(|field| same(&field.name, name));
    let field = found.next()?;
    let is_known = field.ty.is_certain() && found.next().is_none();
    is_known.then(|| field.ty.clone())
}

/// Whether a type in somebody's words is that type; what Spark cannot read is no statement.
pub(crate) fn is_declared_otherwise(declared: &str, ty: &DataType) -> bool {
    parse(declared).is_ok_and(|declared| declared != *ty)
}

/// What the names in the text of a node mean.
pub(crate) fn names(analysis: &Analysis, node: NodeId) -> Arc<Names> {
    let mut texts = analysis
        .inferred()
        .texts
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let slot = Arc::clone(texts.entry(node).or_default());
    drop(texts);
    slot.get_or_init(|| Arc::new(read(analysis, node))).clone()
}

fn read(analysis: &Analysis, id: NodeId) -> Names {
    let project = analysis.project();
    let parents = project.graph().parents(id);
    for parent in parents {
        // The relations of those that are not known have columns that nobody knows.
        entry(analysis, *parent);
    }
    let mut reader = Reader {
        analysis,
        file: project.node(id).file(),
        names: Names {
            has_ephemeral: parents
                .iter()
                .any(|parent| analysis.renderer().names(*parent).is_ephemeral()),
            ..Names::default()
        },
    };
    let texts = analysis.schemas().texts(id);
    for text in &texts {
        reader.names_in(text);
    }
    if let Some(first) = texts.first().filter(|first| first.analysis.complete) {
        reader.items_of(first);
        let outputs = first.analysis.columns.iter();
        let outputs = outputs.map(|column| (column.name.clone(), reader.source(column.origin.as_deref())));
        reader.names.outputs = outputs.collect();
    }
    reader.names
}

struct Reader<'a> {
    analysis: &'a Analysis,
    file: FileId,
    names: Names,
}

impl Reader<'_> {
    fn names_in(&mut self, text: &Text) {
        let analysis = &text.analysis;
        let references = analysis
            .references
            .iter()
            .map(|name| (name.range, &name.ty, name.origin.as_deref(), false));
        let definitions = analysis
            .definitions
            .iter()
            .map(|name| (name.range, &name.ty, name.origin.as_deref(), true));
        let mut found: Vec<Named> = references
            .chain(definitions)
            .filter_map(|(range, ty, origin, is_definition)| {
                Some(Named {
                    range: bare(
                        self.analysis.text(self.file),
                        self.written(&text.compiled, range)?,
                    ),
                    ty: ty.clone(),
                    origin: self.source(origin),
                    is_definition,
                })
            })
            .collect();
        self.names.named.append(&mut found);
        self.names
            .named
            .sort_by_key(|name| (name.range.start(), name.range.end()));
        // What is rendered more than once, or in two lives, is what all of them say.
        self.names.named.dedup_by(|next, kept| {
            let is_same = next.range == kept.range;
            if is_same && next.ty != kept.ty {
                kept.ty = DataType::Unknown;
            }
            if is_same && next.origin != kept.origin {
                kept.origin = None;
            }
            is_same
        });
    }

    fn items_of(&mut self, text: &Text) {
        let mut last: Option<TextRange> = None;
        for column in &text.analysis.columns {
            let field = Field::new(&*column.name, column.ty.clone());
            if last == Some(column.range) {
                if let Some(item) = self.names.items.last_mut() {
                    item.columns.push(field);
                }
                continue;
            }
            last = None;
            if let Some(item) = self.item(text, column, field) {
                self.names.items.push(item);
                last = Some(column.range);
            }
        }
        // A loop writes one item for many.
        let ends: Vec<TextSize> = self.names.items.iter().map(|item| item.end).collect();
        self.names
            .items
            .retain(|item| ends.iter().filter(|end| **end == item.end).count() == 1);
    }

    fn item(&self, text: &Text, column: &OutColumn, field: Field) -> Option<Item> {
        let code = text.compiled.code.as_deref()?;
        let end = column.range.end();
        let last = TextRange::new(end.checked_sub(TextSize::new(1))?, end);
        Some(Item {
            end: self.written(&text.compiled, last)?.end(),
            is_star: slice(code, last) == "*",
            columns: vec![field],
        })
    }

    /// Where bytes of a compiled text stand in the file, if they stand there as they are.
    fn written(&self, compiled: &Compiled, range: TextRange) -> Option<TextRange> {
        let last = usize::from(range.end()).checked_sub(1)?;
        let (start, last) = (compiled.map.at(range.start().into())?, compiled.map.at(last)?);
        let is_own = [&start, &last]
            .iter()
            .all(|from| from.literal && from.place.file == self.file);
        let (start, end) = (start.place.range.start(), last.place.range.end());
        (is_own && end.checked_sub(start) == Some(range.len())).then(|| TextRange::new(start, end))
    }

    fn source(&self, origin: Option<&Origin>) -> Option<Source> {
        let origin = origin?;
        let [.., schema, name] = &*origin.relation else {
            return None;
        };
        Some(Source {
            node: self.analysis.renderer().node_named(schema, name)?,
            column: origin.column.clone(),
        })
    }
}

fn bare(text: &str, range: TextRange) -> TextRange {
    let written = slice(text, range);
    let is_quoted = written.len() > 2 && written.starts_with('`') && written.ends_with('`');
    let by = TextSize::new(u32::from(is_quoted));
    TextRange::new(range.start() + by, range.end() - by)
}
