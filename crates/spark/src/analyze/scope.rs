//! Columns in scope, and what a name means there.

use std::sync::Arc;

use glueline_base::{TextRange, TextSize};

use super::{Origin, OutColumn};
use crate::syntax::ast::{Name, Path};
use crate::types::DataType;

/// The names before a column: catalog, database and table, or an alias.
pub(super) type Qualifier = Arc<[Box<str>]>;

/// A column of a relation or of a query.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The same number is the same column, by whatever name.
    pub(super) id: u32,
    pub(super) name: Arc<str>,
    pub(super) ty: DataType,
    pub(super) qualifier: Qualifier,
    /// The item that makes it; empty for columns of tables.
    pub(super) range: TextRange,
    /// The item that made it first, whatever stars it came through since.
    pub(super) made: TextRange,
    pub(super) named: bool,
    /// Whether it is null for some rows, by the way it is made.
    pub(super) nullable: bool,
    /// The column of a relation that it hands on.
    pub(super) origin: Option<Arc<Origin>>,
    /// Whether it may be a column of any relation that it was read of: more than one has columns that nobody knows.
    pub(super) homeless: bool,
}

impl Column {
    /// What is told of it; `text` is the text of the query.
    pub(super) fn shown(&self, text: &str) -> OutColumn {
        OutColumn {
            name: self.name.clone(),
            ty: self.ty.clone(),
            range: if self.named {
                self.range
            } else {
                last_line(text, self.range)
            },
            made: self.made,
            qualifier: self.qualifier.clone(),
            named: self.named,
            origin: self.origin.clone(),
        }
    }

    /// As Spark's messages write it.
    fn quoted(&self) -> String {
        let mut out = String::new();
        for part in self.qualifier.iter() {
            out += &format!("`{part}`.");
        }
        format!("{out}`{}`", self.name)
    }
}

/// The part of a range on its last line.
fn last_line(text: &str, range: TextRange) -> TextRange {
    let text = glueline_base::slice(text, range);
    let last = text.rsplit('\n').next().unwrap_or(text).trim_start();
    let length = u32::try_from(last.len()).map_or(range.len(), TextSize::new);
    TextRange::new(range.end() - length, range.end())
}

/// Columns in order, and the relations beside them of which nobody knows the columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) columns: Vec<Column>,
    /// Columns that only a qualified name finds: keys of a join with `using`.
    pub(super) hidden: Vec<Column>,
    /// Relations that may have any column.
    pub(super) open: Vec<Qualifier>,
    /// Whether there is one row at the most.
    pub(super) one_row: bool,
}

/// What a query gives.
pub(super) type Output = Scope;

/// What a name means.
#[derive(Debug)]
pub(super) enum Found {
    /// A column, and how many parts of the name it takes.
    Column(Box<Column>, usize),
    /// One of several columns, as Spark writes them.
    Ambiguous(Vec<String>),
    /// A column that nobody knows.
    Unknown,
    /// Nothing.
    Missing,
}

impl Scope {
    /// A query of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self {
            open: vec![Arc::from([])],
            ..Self::default()
        }
    }

    /// Whether all columns are known.
    pub(super) fn complete(&self) -> bool {
        self.open.is_empty()
    }

    /// The same columns under one name.
    pub(super) fn qualified(mut self, qualifier: &Qualifier) -> Self {
        for column in &mut self.columns {
            column.qualifier = qualifier.clone();
            column.homeless = false;
        }
        self.hidden.clear();
        if !self.open.is_empty() {
            self.open = vec![qualifier.clone()];
        }
        self
    }

    /// The columns of both.
    pub(super) fn beside(mut self, other: Self) -> Self {
        self.columns.extend(other.columns);
        self.hidden.extend(other.hidden);
        self.open.extend(other.open);
        self.one_row &= other.one_row;
        self
    }

    /// What a name of several parts means here.
    pub(super) fn find(&self, path: &[Name]) -> Found {
        let longest = path.len().saturating_sub(1).min(3);
        for length in (1..=longest).rev() {
            let (Some(before), Some(name)) = (path.get(..length), path.get(length)) else {
                continue;
            };
            let all = self.hidden.iter().chain(&self.columns);
            let found = all.filter(|column| same(&column.name, name) && ends_with(&column.qualifier, before));
            match Self::one(found, length + 1) {
                Found::Missing => {}
                found => return found,
            }
            if self
                .open
                .iter()
                .any(|open| open.is_empty() || ends_with(open, before))
                || self
                    .columns
                    .iter()
                    .any(|column| column.homeless && same(&column.name, name))
            {
                return Found::Unknown;
            }
        }
        let Some(name) = path.first() else {
            return Found::Missing;
        };
        match Self::one(self.columns.iter().filter(|column| same(&column.name, name)), 1) {
            Found::Missing if self.complete() => Found::Missing,
            Found::Missing => {
                // `t.a` of a relation that is known cannot be a column of another
                let qualified = path.len() > 1
                    && self
                        .columns
                        .iter()
                        .any(|column| ends_with(&column.qualifier, path.get(..1).unwrap_or_default()));
                if qualified { Found::Missing } else { Found::Unknown }
            }
            found => found,
        }
    }

    fn one<'s>(found: impl Iterator<Item = &'s Column>, parts: usize) -> Found {
        let mut several: Vec<&Column> = Vec::new();
        for column in found {
            if !several.iter().any(|other| other.id == column.id) {
                several.push(column);
            }
        }
        match several.as_slice() {
            [] => Found::Missing,
            [one] => Found::Column(Box::new((*one).clone()), parts),
            _ => {
                let mut names: Vec<String> = several.iter().map(|column| column.quoted()).collect();
                names.sort();
                Found::Ambiguous(names)
            }
        }
    }

    /// The columns of the relation of that name, those that are hidden first.
    pub(super) fn of(&self, path: &Path) -> Vec<Column> {
        let all = self.hidden.iter().chain(&self.columns);
        all.filter(|column| ends_with(&column.qualifier, path))
            .cloned()
            .collect()
    }

    /// The relation that has a column of that name, which nobody knows, where only one can have it.
    pub(super) fn home(&self, path: &[Name]) -> Option<&Qualifier> {
        let (_, before) = path.split_last()?;
        match self.open.as_slice() {
            [one] if before.is_empty() => Some(one).filter(|one| !one.is_empty()),
            several => several.iter().find(|open| ends_with(open, before)),
        }
    }

    /// Whether a relation of that name may have any column.
    pub(super) fn is_open(&self, path: &Path) -> bool {
        self.open
            .iter()
            .any(|open| open.is_empty() || ends_with(open, path))
    }
}

/// The same name, in any case.
pub(super) fn same(left: &str, right: &Name) -> bool {
    equal(left, &right.text)
}

/// The same name, in any case.
pub(super) fn equal(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || (!left.is_ascii() && left.to_lowercase() == right.to_lowercase())
}

/// Whether a qualifier ends with these parts.
fn ends_with(qualifier: &Qualifier, parts: &[Name]) -> bool {
    let Some(skip) = qualifier.len().checked_sub(parts.len()) else {
        return false;
    };
    !parts.is_empty()
        && qualifier
            .iter()
            .skip(skip)
            .zip(parts)
            .all(|(left, right)| same(left, right))
}

impl Scope {
    /// Whether a relation goes by that name.
    pub(super) fn has_relation(&self, name: &str) -> bool {
        let columns = self.columns.iter().map(|column| &column.qualifier);
        let mut qualifiers = columns.chain(&self.open);
        qualifiers.any(|qualifier| qualifier.last().is_some_and(|last| equal(last, name)))
    }

    /// The names of all columns, as Spark's messages list them.
    pub(super) fn listed(&self) -> String {
        let mut names: Vec<String> = self
            .columns
            .iter()
            .map(|column| format!("`{}`", column.name))
            .collect();
        names.sort();
        names.join(", ")
    }

    /// Columns with a name like that, nearest first: as Spark's messages write them, and their names.
    pub(super) fn suggestions(&self, path: &[Name]) -> Vec<(String, Arc<str>)> {
        let Some(name) = path.last() else {
            return Vec::new();
        };
        let wanted = name.text.to_lowercase();
        let several = self.columns.iter().any(|column| {
            self.columns
                .first()
                .is_some_and(|first| first.qualifier != column.qualifier)
        });
        let mut all: Vec<(usize, String, Arc<str>)> = self
            .columns
            .iter()
            .map(|column| {
                let distance = distance(&wanted, &column.name.to_lowercase());
                let shown = match column.qualifier.last() {
                    Some(last) if path.len() > 1 || several => format!("`{last}`.`{}`", column.name),
                    _ => format!("`{}`", column.name),
                };
                (distance, shown, Arc::clone(&column.name))
            })
            .collect();
        all.sort();
        all.dedup();
        all.into_iter()
            .take(5)
            .map(|(_, shown, name)| (shown, name))
            .collect()
    }
}

/// How many letters must be put in, left out or changed to make one of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (number, letter) in left.chars().take(64).enumerate() {
        let mut before = number;
        let mut last = number + 1;
        if let Some(first) = row.first_mut() {
            *first = last;
        }
        for (other, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let cost = (before + usize::from(letter != *other))
                .min(last + 1)
                .min(*cell + 1);
            before = *cell;
            *cell = cost;
            last = cost;
        }
    }
    row.last().copied().unwrap_or(0)
}
