//! `group by`, aggregates, `having`.

use glueline_base::TextRange;

use super::Analyzer;
use super::expr::{Aggregates, Around};
use super::scope::{Found, equal};
use super::select::Selected;
use super::value::{Kind, Value, hash};
use crate::syntax::ast::{Expr, ExprKind, Group, Literal, Select, UnaryOp};
use crate::types::DataType;
use crate::types::cast::has_map;

/// What a query groups by.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    /// The keys of the expressions.
    keys: Vec<u64>,
    /// Several sets are grouped by.
    pub(super) sets: bool,
    /// The columns of the `select` that it groups by under their own names.
    pub(super) aliases: Vec<u64>,
    /// Something in it is unknown.
    pub(super) unsure: bool,
}

impl Grouping {
    /// The keys in order, each once.
    pub(super) fn distinct(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = Vec::new();
        for key in &self.keys {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        keys
    }
}

impl Analyzer<'_> {
    /// What a `select` groups by; nothing where it neither groups nor aggregates.
    pub(super) fn grouping(
        &mut self,
        select: &Select,
        selected: &Selected,
        around: Around<'_>,
    ) -> Option<Grouping> {
        let mut grouping = Grouping::default();
        let Some(group) = &select.group else {
            let aggregates = selected.values.iter().any(|value| value.aggregate().is_some());
            return (aggregates || select.having.is_some()).then_some(grouping);
        };
        grouping.sets = group.with.is_some();
        if let [Group::Expr(expr)] = group.items.as_slice()
            && group.with.is_none()
            && !self.is_older()
            && is_all(expr, around)
        {
            group_by_all(selected, &mut grouping);
            for value in &selected.values {
                if value.aggregate().is_none() && has_map(&value.ty) {
                    self.group_value(value, value.range, &mut grouping);
                }
            }
            return Some(grouping);
        }
        for item in &group.items {
            self.group(item, select, selected, &mut grouping, around);
        }
        Some(grouping)
    }

    fn group(
        &mut self,
        item: &Group,
        select: &Select,
        selected: &Selected,
        grouping: &mut Grouping,
        around: Around<'_>,
    ) {
        match item {
            Group::Sets(_, sets) => {
                grouping.sets = true;
                for set in sets {
                    self.group(set, select, selected, grouping, around);
                }
            }
            Group::Set(exprs) => {
                for expr in exprs {
                    self.group_expr(expr, select, selected, grouping, around);
                }
            }
            Group::Expr(expr) => {
                if let ExprKind::Row(items) = &expr.kind
                    && grouping.sets
                {
                    for item in items {
                        self.group_expr(&item.expr, select, selected, grouping, around);
                    }
                    return;
                }
                self.group_expr(expr, select, selected, grouping, around);
            }
        }
    }

    fn group_expr(
        &mut self,
        expr: &Expr,
        select: &Select,
        selected: &Selected,
        grouping: &mut Grouping,
        around: Around<'_>,
    ) {
        if let Some(position) = position(expr) {
            return self.group_position(position, expr.range, selected, grouping);
        }
        if let ExprKind::Column(path) = &expr.kind
            && let [name] = path.as_slice()
            && matches!(around.scope.find(path), Found::Missing)
        {
            let at = select_alias(select, &name.text).filter(|_| selected.output.complete());
            if at.is_some() {
                let found = selected
                    .output
                    .columns
                    .iter()
                    .position(|column| column.named && equal(&column.name, &name.text));
                if let Some((value, column)) =
                    found.and_then(|found| selected.values.get(found).zip(selected.output.columns.get(found)))
                {
                    let value = value.clone();
                    grouping.aliases.push(hash(&("column", column.id)));
                    return self.group_value(&value, expr.range, grouping);
                }
            } else if select_alias(select, &name.text).is_some() {
                grouping.unsure = true;
                return;
            }
        }
        self.quoted(
            expr,
            Around {
                below: Some(&selected.output),
                ..around
            },
        );
        let value = self.expr(expr, around);
        self.group_value(&value, expr.range, grouping);
    }

    fn group_value(&mut self, value: &Value, range: TextRange, grouping: &mut Grouping) {
        grouping.unsure |= value.first(&|part| part.kind == Kind::Unknown).is_some();
        grouping.keys.push(value.key);
        let text = self.spelled(range);
        if let Some(aggregate) = value.aggregate() {
            let found = self.spelled(aggregate.range);
            self.error(
                "GROUP_BY_AGGREGATE",
                format!("Aggregate functions are not allowed in GROUP BY, but found {found}."),
                range,
            );
        } else if value.ty.is_certain() && has_map(&value.ty) {
            self.error(
                "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                format!(
                    "The expression \"{text}\" cannot be used as a grouping expression because its data type \"{}\" is not an orderable data \
                     type.",
                    value.ty.sql()
                ),
                range,
            );
        } else if let Some(over) = value.over().or_else(|| value.generator()) {
            let range = over.range;
            self.error(
                "UNSUPPORTED_EXPR_FOR_OPERATOR",
                format!(
                    "A query operator contains one or more unsupported expressions: GROUP BY with {text}."
                ),
                range,
            );
        }
    }

    fn group_position(
        &mut self,
        position: i64,
        range: TextRange,
        selected: &Selected,
        grouping: &mut Grouping,
    ) {
        if !selected.output.complete() {
            grouping.unsure = true;
            return;
        }
        let size = selected.values.len();
        let value = usize::try_from(position - 1)
            .ok()
            .and_then(|index| selected.values.get(index));
        let Some(value) = value else {
            return self.error(
                "GROUP_BY_POS_OUT_OF_RANGE",
                format!("GROUP BY position {position} is not in select list (valid range is [1, {size}])."),
                range,
            );
        };
        if value.aggregate().is_some() {
            let text = self.spelled(value.range);
            return self.error(
                "GROUP_BY_POS_AGGREGATE",
                format!(
                    "GROUP BY {position} refers to an expression {text} that contains an aggregate function. Aggregate functions are not \
                     allowed in GROUP BY."
                ),
                range,
            );
        }
        let value = value.clone();
        self.group_value(&value, range, grouping);
    }

    /// What a `select` gives must be grouped by or aggregated.
    pub(super) fn grouped(&mut self, select: &Select, selected: &Selected, grouping: &Grouping) {
        for value in &selected.values {
            if !self.grouping_functions(value, Some(grouping), None) {
                return;
            }
        }
        for value in &selected.values {
            self.is_grouped(value, select, grouping, &[]);
        }
    }

    /// Whether all of an expression is grouped by, aggregated, or among these keys.
    fn is_grouped(&mut self, value: &Value, select: &Select, grouping: &Grouping, also: &[u64]) {
        if grouping.unsure {
            return;
        }
        if let Some(query) = lone_query(value, grouping) {
            let range = query.range;
            return self.error(
                "SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION",
                "The correlated scalar subquery is neither present in GROUP BY, nor in an aggregate function. Add it to GROUP BY using \
                 ordinal position or wrap it in `first()` (or `first_value`) if you don't care which value you get.",
                range,
            );
        }
        let Some(culprit) = ungrouped(value, grouping, also) else {
            return;
        };
        let Some(group) = &select.group else {
            let start = self.head(select.range);
            return self.error(
                "MISSING_GROUP_BY",
                "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.",
                start,
            );
        };
        // Spark gives no place; what is said of the item is that the clause lacks it
        let text = self.spelled(culprit.range);
        self.error(
            "MISSING_AGGREGATION",
            format!(
                "The non-aggregating expression \"{text}\" is based on columns which are not participating in the GROUP BY clause. Add the \
                 columns or the expression to the GROUP BY, aggregate the expression, or use \"any_value({text})\" if you do not care \
                 which of the values within a group is returned."
            ),
            group.range,
        );
    }

    /// `having` sees the columns of the `select`, and in aggregate functions what lies under them.
    pub(super) fn having(
        &mut self,
        having: &Expr,
        select: &Select,
        selected: &Selected,
        grouping: Option<&Grouping>,
        around: Around<'_>,
    ) {
        let inside = Around {
            scope: &selected.output,
            below: Some(around.scope),
            aggregates: Aggregates::Below,
            ..around
        };
        let value = self.expr(having, inside);
        // Spark casts what is no condition
        let boolean = crate::types::operators::cast(&value.ty, &DataType::Boolean);
        self.typed(boolean, value.range, "having", Vec::new());
        self.filter_rules(&value, "HAVING");
        self.grouping_functions(&value, grouping, Some(selected));
        if let Some(aggregate) = value.aggregate()
            && grouping.is_some_and(|grouping| grouping.sets)
            && selected.has_window()
        {
            self.aggregate_above_sets(aggregate, select);
        }
        if let Some(grouping) = grouping {
            self.grouped_after(&value, selected, grouping);
        }
    }

    /// What `having` and `order by` say of a query that groups.
    pub(super) fn grouped_after(&mut self, value: &Value, selected: &Selected, grouping: &Grouping) {
        if grouping.unsure || !selected.output.complete() {
            return;
        }
        let also: Vec<u64> = selected
            .output
            .columns
            .iter()
            .map(|column| hash(&("column", column.id)))
            .collect();
        let Some(culprit) = ungrouped(value, grouping, &also) else {
            return;
        };
        let text = self.spelled(culprit.range);
        let range = culprit.range;
        let in_query =
            value.first(&|part| matches!(part.kind, Kind::Query { .. }) && part.range.contains_range(range));
        if in_query.is_some() {
            return self.error(
                "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
                format!("The column {text}, which a query within the condition names, is not grouped by."),
                range,
            );
        }
        self.error(
            "UNRESOLVED_COLUMN.WITH_SUGGESTION",
            format!("A column or function parameter with name `{text}` cannot be resolved."),
            range,
        );
    }
}

/// A literal position in the list of a `select`.
pub(super) fn position(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Number {
            digits,
            kind: crate::syntax::ast::NumberKind::Integer,
        }) => digits.parse::<i32>().ok().map(i64::from),
        ExprKind::Unary {
            op: UnaryOp::Minus,
            expr,
        } => position(expr).map(|position| -position),
        _ => None,
    }
}

pub(super) fn select_alias(select: &Select, name: &str) -> Option<usize> {
    select
        .items
        .iter()
        .position(|item| item.alias.as_ref().is_some_and(|alias| equal(&alias.text, name)))
}

/// The first part that is neither grouped by nor aggregated.
fn ungrouped<'v>(value: &'v Value, grouping: &Grouping, also: &[u64]) -> Option<&'v Value> {
    if grouping.keys.contains(&value.key) || also.contains(&value.key) {
        return None;
    }
    match value.kind {
        Kind::Column(_) => Some(value),
        Kind::Aggregate
        | Kind::Grouping
        | Kind::Literal
        | Kind::Given
        | Kind::Outer
        | Kind::Alias
        | Kind::Unknown => None,
        _ => value
            .parts
            .iter()
            .find_map(|part| ungrouped(part, grouping, also)),
    }
}

/// The columns of an expression that stand in no aggregate function of it.
fn columns_outside(value: &Value, keys: &mut Vec<u64>) {
    match value.kind {
        Kind::Column(_) => keys.push(value.key),
        Kind::Aggregate => {}
        _ => {
            for part in &value.parts {
                columns_outside(part, keys);
            }
        }
    }
}

/// `group by all`, unless there is a column of that name.
fn is_all(expr: &Expr, around: Around<'_>) -> bool {
    match &expr.kind {
        ExprKind::Column(path) => {
            matches!(path.as_slice(), [name] if equal("all", &name.text))
                && matches!(around.scope.find(path), Found::Missing)
        }
        _ => false,
    }
}

fn group_by_all(selected: &Selected, grouping: &mut Grouping) {
    for value in &selected.values {
        if value.aggregate().is_none() {
            grouping.keys.push(value.key);
        } else {
            // columns outside of the aggregate functions of an item are grouped by as well
            columns_outside(value, &mut grouping.keys);
        }
    }
}

/// A correlated query that is neither grouped by nor aggregated.
fn lone_query<'v>(value: &'v Value, grouping: &Grouping) -> Option<&'v Value> {
    if grouping.keys.contains(&value.key) {
        return None;
    }
    match value.kind {
        Kind::Aggregate => None,
        Kind::Query {
            correlated: true,
            predicate: false,
        } => Some(value),
        _ => value.parts.iter().find_map(|part| lone_query(part, grouping)),
    }
}
