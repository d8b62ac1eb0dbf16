//! `select`.

use std::sync::Arc;

use glueline_base::TextRange;

use super::correlated::Shape;
use super::expr::{Alias, Around};
use super::from::qualifier;
use super::name::item_name;
use super::scope::{Column, Output, Scope, equal};
use super::suspect;
use super::value::{Kind, Value};
use super::{Analyzer, Definition};
use crate::syntax::ast::{ExprKind, Group, NamedWindow, Query, Select, SelectItem};
use crate::types::DataType;

/// The `from` that a comma before it makes a column, in a `select` that has no other.
fn swallowed(select: &Select) -> Option<TextRange> {
    if !select.from.is_empty() {
        return None;
    }
    let after_comma = select.items.iter().skip(1);
    let mut names = after_comma.filter_map(|item| match &item.expr.kind {
        ExprKind::Column(path) => Some(path.as_slice()),
        _ => None,
    });
    names.find_map(|path| match path {
        [name] if !name.quoted && name.text.eq_ignore_ascii_case("from") => Some(name.range),
        _ => None,
    })
}

/// Whether the `from` of a `select` may stand in what is not read of its list.
fn lost_from(select: &Select) -> bool {
    let is_hole = |item: &SelectItem| matches!(item.expr.kind, ExprKind::Hole);
    select.from.is_empty() && select.items.iter().any(is_hole)
}

/// What a `select` is made of.
pub(super) struct Selected {
    /// What its items mean, in order; a star is as many.
    pub(super) values: Vec<Value>,
    /// Its columns.
    pub(super) output: Output,
}

/// Whether a `select` gives one row at the most: aggregates without groups, or items of a single row.
fn gives_one_row(select: &Select, selected: &Selected, scope: &Scope) -> bool {
    let made = || selected.values.iter().any(|value| value.generator().is_some());
    let aggregated = || selected.values.iter().any(|value| value.aggregate().is_some());
    select.group.is_none() && (aggregated() || ((select.from.is_empty() || scope.one_row) && !made()))
}

impl Selected {
    /// Whether a function over a window is among the items.
    pub(super) fn has_window(&self) -> bool {
        self.values.iter().any(|value| value.over().is_some())
    }
}

impl Analyzer<'_> {
    /// What a `select` gives, with what orders it.
    pub(super) fn select(&mut self, select: &Select, query: Option<&Query>) -> Output {
        let mark = self.mark();
        let mut scope = self.from(select);
        if let Some(range) = swallowed(select) {
            self.error(
                "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                "A column or function parameter with name `from` cannot be resolved: behind a comma, `from` is the name of a column.",
                range,
            );
        }
        if swallowed(select).is_some() || lost_from(select) {
            // What the relation would have given is not missing; it is not read.
            scope = Scope {
                open: vec![qualifier([])],
                ..scope
            };
        }
        self.time_windows(select, &mut scope);
        if let Some(filter) = &select.filter {
            let value = self.condition(filter, &scope, "WHERE");
            self.filter_rules(&value, "WHERE");
            self.unlinked(mark, Some((filter, &value)));
            scope.not_null(filter, &value);
        } else {
            self.unlinked(mark, None);
        }
        let windows: Vec<NamedWindow> = select
            .windows
            .iter()
            .chain(query.iter().flat_map(|query| &query.windows))
            .cloned()
            .collect();
        let around = Around {
            windows: &windows,
            ..Around::only(&scope)
        };
        let mut selected = self.items(select, around);
        self.newer_queries(&selected);
        let grouping = self.grouping(select, &selected, around);
        if let Some(grouping) = &grouping {
            self.grouped(select, &selected, grouping);
        } else {
            self.no_grouping(&selected);
        }
        if !self.outer.is_empty() {
            let any = |is: fn(&Value) -> bool| selected.values.iter().any(is);
            self.shapes.push(Shape {
                start: select.range.start(),
                groups: grouping.is_some(),
                aggregates: select.having.is_some() || any(|value| value.aggregate().is_some()),
                windows: any(|value| value.over().is_some()),
            });
        }
        if let Some(having) = &select.having {
            self.having(having, select, &selected, grouping.as_ref(), around);
        }
        selected.output.one_row = gives_one_row(select, &selected, &scope);
        self.distinct_of_all(select);
        if select.distinct {
            let start = self.head(select.range);
            self.no_maps(&selected.output, start);
        }
        if let Some(query) = query {
            self.order_select(query, select, &selected, grouping.as_ref(), around);
        }
        selected.output
    }

    /// Grouping by `window(..)` makes a column of that name.
    fn time_windows(&mut self, select: &Select, scope: &mut Scope) {
        let groups = select.group.iter().flat_map(|group| &group.items);
        for group in groups {
            let Group::Expr(expr) = group else { continue };
            let ExprKind::Call(call) = &expr.kind else {
                continue;
            };
            let [name] = call.name.as_slice() else { continue };
            let name = name.text.to_lowercase();
            if matches!(&*name, "window" | "session_window") {
                let before = self.errors.len();
                let value = self.expr(expr, Around::only(scope));
                // what is wrong with it is told where it is grouped by
                self.errors.truncate(before);
                let column = self.new_column(&*name, value.ty, &qualifier([]), expr.range);
                scope.columns.push(column);
            }
        }
    }

    /// The items of a `select`.
    fn items(&mut self, select: &Select, around: Around<'_>) -> Selected {
        let mut selected = Selected {
            values: Vec::new(),
            output: Scope::default(),
        };
        let mut aliases: Vec<Alias> = Vec::new();
        for item in &select.items {
            if let ExprKind::Star(path) = &item.expr.kind
                && item.alias.is_none()
            {
                self.star(item, path, around, &mut selected);
                continue;
            }
            if matches!(item.expr.kind, ExprKind::Hole) && item.alias.is_none() {
                // What is not read may be a star, or several columns.
                selected.output.open.push(Arc::from([]));
            }
            let value = self.expr(
                &item.expr,
                Around {
                    aliases: if self.is_older() { &[] } else { &aliases },
                    ..around
                },
            );
            if let Kind::Generator(fields) = &value.kind {
                let fields = fields.clone();
                self.no_queries(&value);
                if let Some(nested) = value.parts.iter().find_map(Value::generator) {
                    let text = self.spelled(item.expr.range);
                    self.error(
                        "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                        format!("The generator is not supported: nested in expressions \"{text}\"."),
                        nested.range,
                    );
                }
                if let Some(range) = value.over().map(|over| over.range) {
                    self.error(
                        "INTERNAL_ERROR",
                        "Spark cannot make rows of a window function in the same `select`. Compute it in a query below.",
                        range,
                    );
                }
                self.generated(item, fields, &mut selected);
                selected.values.push(value);
                continue;
            }
            if let Some(generator) = value.generator() {
                let text = self.spelled(item.expr.range);
                self.error(
                    "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                    format!("The generator is not supported: nested in expressions \"{text}\"."),
                    generator.range,
                );
            }
            if !item.aliases.is_empty() {
                self.error(
                    "_LEGACY_ERROR_TEMP_1183",
                    "The number of aliases supplied in the AS clause does not match the number of columns output by the expression.",
                    item.range,
                );
            }
            self.newer_alias(item, &value);
            self.quoted_item(item, around);
            self.comma(select, item, &value, around.scope);
            let column = self.item_column(item, &value, around, &selected.output.columns);
            if let Some(alias) = &item.alias {
                aliases.push(Alias {
                    name: alias.text.clone(),
                    ty: value.ty.clone(),
                    key: value.key,
                });
                self.definitions.push(Definition {
                    range: alias.range,
                    ty: column.ty.clone(),
                    origin: column.origin.clone(),
                });
            }
            selected.output.columns.push(column);
            selected.values.push(value);
        }
        selected
    }

    /// The column that an item makes, after the columns of those before it.
    fn item_column(
        &mut self,
        item: &SelectItem,
        value: &Value,
        around: Around<'_>,
        before: &[Column],
    ) -> Column {
        let scope = around.scope;
        let (name, mut named) = item_name(item, value, around.windows);
        let source = match value.kind {
            Kind::Column(id) => scope
                .hidden
                .iter()
                .chain(&scope.columns)
                .find(|column| column.id == id),
            _ => None,
        };
        if let Some(source) = source {
            // a name that Spark made up stays one, whatever alias the column gets
            named = source.named;
        }
        let plain = source.filter(|_| item.alias.is_none());
        let path = match &item.expr.kind {
            ExprKind::Column(path) if item.alias.is_none() => Some(path),
            _ => None,
        };
        let hidden = path.filter(|_| value.kind == Kind::Unknown);
        let home = match plain {
            Some(column) => Some(&column.qualifier),
            None => hidden.and_then(|path| scope.home(path)),
        };
        // One that nobody knows, and an alias of the same list, may well be what an item before it is.
        let again = path.filter(|_| matches!(value.kind, Kind::Unknown | Kind::Alias));
        let again = again.and_then(|_| {
            let is_same = |column: &&Column| {
                let elsewhere =
                    home.is_some_and(|home| !column.qualifier.is_empty() && column.qualifier != *home);
                equal(&column.name, &name) && !elsewhere
            };
            before.iter().find(is_same).map(|column| column.id)
        });
        let id = plain.map(|column| column.id).or(again);
        Column {
            id: id.unwrap_or_else(|| self.fresh()),
            // Names go through many models; one text is enough for all.
            name: match plain.filter(|column| *column.name == *name) {
                Some(column) => Arc::clone(&column.name),
                None => name.into(),
            },
            ty: value.ty.clone(),
            homeless: hidden.is_some() && home.is_none(),
            qualifier: home.map_or_else(|| qualifier([]), Clone::clone),
            range: item.range,
            made: item.range,
            named,
            nullable: source.map_or_else(|| suspect::gives_null(&item.expr), |column| column.nullable),
            origin: source.and_then(|column| column.origin.clone()),
        }
    }

    /// The columns of a generator.
    fn generated(
        &mut self,
        item: &SelectItem,
        fields: Option<Vec<crate::types::Field>>,
        selected: &mut Selected,
    ) {
        let names = if item.aliases.is_empty() {
            item.alias.iter().cloned().collect()
        } else {
            item.aliases.clone()
        };
        let Some(fields) = fields else {
            if names.is_empty() {
                selected.output.open.push(Arc::from([]));
            }
            for name in &names {
                let column = self.new_column(&*name.text, DataType::Unknown, &qualifier([]), item.range);
                selected.output.columns.push(column);
            }
            return;
        };
        if !names.is_empty() && names.len() != fields.len() {
            self.error(
                "UDTF_ALIAS_NUMBER_MISMATCH",
                format!(
                    "The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF. Expected {} \
                     aliases, but got {}.",
                    fields.len(),
                    names.len()
                ),
                item.range,
            );
            selected.output.open.push(Arc::from([]));
            return;
        }
        let mut made = self.fields_of(&fields, &qualifier([]), item.range);
        self.renamed(&mut made, &names);
        selected.output.columns.extend(made.columns);
    }

    /// Without `group by` and aggregates, an aggregate function cannot be.
    fn no_grouping(&mut self, selected: &Selected) {
        let grouping = selected
            .values
            .iter()
            .find_map(|value| value.first(&|value| value.kind == Kind::Grouping))
            .map(|value| value.range);
        if let Some(range) = grouping {
            self.grouping_misplaced(range);
        }
    }

    /// What may not stand in `where`.
    pub(super) fn filter_rules(&mut self, value: &Value, clause: &str) {
        if let Some(over) = value.over() {
            return self.error(
                "_LEGACY_ERROR_TEMP_1034",
                format!("It is not allowed to use window functions inside {clause} clause."),
                over.range,
            );
        }
        if let Some(generator) = value.generator() {
            return self.error(
                "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
                "The generator is not supported: outside the SELECT clause.",
                generator.range,
            );
        }
        if let Some(function) = value.first(&|part| part.kind == Kind::Grouping)
            && clause == "WHERE"
        {
            return self.grouping_misplaced(function.range);
        }
        if clause == "WHERE"
            && let Some(aggregate) = value.aggregate()
        {
            let (whole, part) = (self.spelled(value.range), self.spelled(aggregate.range));
            self.error(
                "INVALID_WHERE_CONDITION",
                format!(
                    "The WHERE condition \"{whole}\" contains invalid expressions: {part}. Rewrite the query to avoid window functions, \
                     aggregate functions, and generator functions in the WHERE clause."
                ),
                aggregate.range,
            );
        }
    }

    /// What may not stand in the condition of a join.
    pub(super) fn no_aggregates(&mut self, value: &Value, operator: &str) {
        let found = value
            .aggregate()
            .or_else(|| value.over())
            .or_else(|| value.generator());
        if let Some(found) = found {
            let text = self.spelled(found.range);
            self.error(
                "UNSUPPORTED_EXPR_FOR_OPERATOR",
                format!(
                    "A query operator contains one or more unsupported expressions: {operator} with {text}."
                ),
                found.range,
            );
        }
    }
}
