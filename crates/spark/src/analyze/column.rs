//! What names of columns mean.

use std::sync::Arc;

use glueline_base::TextRange;

use super::Analyzer;
use super::correlated::Named;
use super::expr::Around;
use super::scope::{Column, Found, Scope, equal};
use super::value::{Kind, Value, hash};
use crate::syntax::ast::{Name, Path};
use crate::types::{DataType, operators};

impl Analyzer<'_> {
    /// A column, or a field of one.
    pub(super) fn column(&mut self, path: &Path, range: TextRange, around: Around<'_>) -> Value {
        if let [name] = path.as_slice()
            && let Some(value) = self.variable(name, range)
        {
            return value;
        }
        if let [name, fields @ ..] = path.as_slice()
            && !fields.is_empty()
            && let Some(value) = self.variable(name, range)
        {
            return self.fields(value, fields, range);
        }
        let mut found = around.scope.find(path);
        if matches!(found, Found::Missing)
            && let Some(below) = around.below
        {
            found = below.find(path);
        }
        match found {
            Found::Column(column, parts) => {
                self.refer(&column, path, parts);
                let mut value = Value::new(
                    column.ty.in_expressions(),
                    range,
                    Kind::Column(column.id),
                    Vec::new(),
                    hash(&("column", column.id)),
                );
                value.name = path.get(parts.saturating_sub(1)).map(|name| name.text.clone());
                self.note(&value, column.id, false);
                self.fields(value, path.get(parts..).unwrap_or_default(), range)
            }
            Found::Ambiguous(names) => {
                let written = quoted(path);
                self.error(
                    "AMBIGUOUS_REFERENCE",
                    format!(
                        "Reference {written} is ambiguous, could be: [{}].",
                        names.join(", ")
                    ),
                    range,
                );
                Value::unknown(range)
            }
            Found::Unknown => {
                let mut value = Value::unknown(range);
                value.name = path.last().map(|name| name.text.clone());
                value
            }
            Found::Missing => self.column_elsewhere(path, range, around),
        }
    }

    /// The column that stands where a function without parentheses would be, if there is one of its name. A column that nobody knows
    /// is thought of as little as its name says: `user` may be one, `current_date` is none.
    pub(super) fn bare(&mut self, path: &Path, range: TextRange, around: Around<'_>) -> Option<Value> {
        let may_be = path.last().is_some_and(|name| equal("user", &name.text));
        let is_there = |scope: &Scope| match scope.find(path) {
            Found::Missing => false,
            Found::Unknown => may_be,
            Found::Column(..) | Found::Ambiguous(_) => true,
        };
        let found = is_there(around.scope) || around.below.is_some_and(is_there);
        found.then(|| self.column(path, range, around))
    }

    /// A name that no relation here has: an alias of the same list, a column of a query around, a function without parentheses.
    fn column_elsewhere(&mut self, path: &Path, range: TextRange, around: Around<'_>) -> Value {
        if let Some(name) = path.first() {
            let mut aliases = around
                .aliases
                .iter()
                .filter(|alias| equal(&alias.name, &name.text));
            if let (Some(alias), None) = (aliases.next(), aliases.next()) {
                let mut value = Value::new(alias.ty.clone(), range, Kind::Alias, Vec::new(), alias.key);
                value.name = Some(name.text.clone());
                return self.fields(value, path.get(1..).unwrap_or_default(), range);
            }
            let several = around
                .aliases
                .iter()
                .filter(|alias| equal(&alias.name, &name.text))
                .count();
            if several > 1 {
                self.error(
                    "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                    format!(
                        "Lateral column alias `{}` is ambiguous and has {several} matches.",
                        name.text
                    ),
                    range,
                );
                return Value::unknown(range);
            }
        }
        // Spark looks no further than the query around this one
        if let Some(scope) = self.outer.last().cloned() {
            match scope.find(path) {
                Found::Column(column, parts) => {
                    self.refer(&column, path, parts);
                    let key = hash(&("column", column.id));
                    let mut value =
                        Value::new(column.ty.in_expressions(), range, Kind::Outer, Vec::new(), key);
                    value.name = path.get(parts.saturating_sub(1)).map(|name| name.text.clone());
                    self.note(&value, column.id, true);
                    return self.fields(value, path.get(parts..).unwrap_or_default(), range);
                }
                Found::Missing => {}
                _ => return Value::unknown(range),
            }
        }
        if let [name] = path.as_slice()
            && equal("grouping__id", &name.text)
        {
            return Value {
                kind: Kind::Grouping,
                ..Value::of(DataType::BigInt, range, "grouping_id", Vec::new())
            };
        }
        if let [name] = path.as_slice()
            && [
                "current_date",
                "current_timestamp",
                "current_user",
                "user",
                "session_user",
                "current_catalog",
                "current_database",
            ]
            .iter()
            .any(|bare| equal(bare, &name.text))
        {
            return Value::unknown(range);
        }
        self.unresolved(path, range, around);
        Value::unknown(range)
    }

    fn unresolved(&mut self, path: &Path, range: TextRange, around: Around<'_>) {
        let written = quoted(path);
        let head = format!("A column or function parameter with name {written} cannot be resolved.");
        let suggestions = around.scope.suggestions(path);
        if suggestions.is_empty() {
            self.error("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", head, range);
        } else {
            let (shown, names): (Vec<String>, Vec<Arc<str>>) = suggestions.into_iter().unzip();
            let message = format!(
                "{head} Did you mean one of the following? [{}].",
                shown.join(", ")
            );
            self.error("UNRESOLVED_COLUMN.WITH_SUGGESTION", message, range);
            if let Some(error) = self.errors.last_mut() {
                error.instead = names;
            }
        }
    }

    fn refer(&mut self, column: &Column, path: &Path, parts: usize) {
        let Some(name) = path.get(parts.saturating_sub(1)) else {
            return;
        };
        self.references.push(super::Reference {
            range: name.range,
            relation: column.qualifier.clone(),
            column: column.name.clone(),
            ty: column.ty.clone(),
            origin: column.origin.clone(),
        });
    }

    /// Keeps what is named within a query within an expression.
    fn note(&mut self, value: &Value, id: u32, outer: bool) {
        if !self.outer.is_empty() {
            self.named.push(Named {
                value: value.clone(),
                id,
                outer,
                depth: self.outer.len(),
            });
        }
    }

    /// A parameter of a lambda around.
    fn variable(&self, name: &Name, range: TextRange) -> Option<Value> {
        let found = self
            .variables
            .iter()
            .rev()
            .find(|(variable, ..)| equal(variable, &name.text));
        found.map(|(_, ty, place)| {
            let mut value = Value::new(
                ty.clone(),
                range,
                Kind::Given,
                Vec::new(),
                hash(&("variable", place)),
            );
            value.name = Some(name.text.clone());
            value
        })
    }

    fn fields(&mut self, mut value: Value, fields: &[Name], range: TextRange) -> Value {
        for name in fields {
            value = self.field(value, name, range);
        }
        value
    }

    pub(super) fn field(&mut self, base: Value, name: &Name, range: TextRange) -> Value {
        let ty = match operators::field(&base.ty, &name.text) {
            Ok(ty) => ty,
            Err(mismatch) => {
                self.mismatch(&mismatch, range);
                return Value::unknown(range);
            }
        };
        let mut value = Value::of(ty, range, (".", name.text.to_lowercase()), vec![base]);
        value.name = Some(name.text.clone());
        value
    }
}

/// A name of several parts, as Spark's messages write it.
pub(super) fn quoted(path: &[Name]) -> String {
    let parts: Vec<String> = path.iter().map(|name| format!("`{}`", name.text)).collect();
    parts.join(".")
}
