//! `order by` and its like.

use super::Analyzer;
use super::aggregate::{Grouping, position};
use super::expr::{Aggregates, Around};
use super::scope::{Output, equal};
use super::select::Selected;
use crate::syntax::ast::{Expr, ExprKind, Query, Select};

impl Analyzer<'_> {
    /// What orders a `select` sees its columns, and under them what it reads.
    pub(super) fn order_select(
        &mut self,
        query: &Query,
        select: &Select,
        selected: &Selected,
        grouping: Option<&Grouping>,
        around: Around<'_>,
    ) {
        // `having` and `distinct` stand between the order and what is aggregated
        let covered = select.distinct
            || select.having.is_some()
            || (grouping.is_some_and(|grouping| grouping.sets) && selected.has_window());
        let inside = Around {
            scope: &selected.output,
            below: (!select.distinct).then_some(around.scope),
            aggregates: if covered {
                Aggregates::Above
            } else {
                Aggregates::Below
            },
            ..around
        };
        for expr in ordered(query) {
            if self.is_position(expr, &selected.output) {
                continue;
            }
            self.quoted(expr, inside);
            let value = self.expr(expr, inside);
            self.is_orderable(&value);
            self.no_queries(&value);
            self.grouping_functions(&value, grouping, Some(selected));
            if covered || grouping.is_none() || value.over().is_some() {
                self.no_aggregates(&value, "Sort");
            }
            if let Some(grouping) = grouping {
                self.grouped_after(&value, selected, grouping);
            }
        }
    }

    /// What orders anything else sees its columns alone.
    pub(super) fn order_output(&mut self, query: &Query, output: &Output) {
        let around = Around {
            windows: &query.windows,
            ..Around::only(output)
        };
        for expr in ordered(query) {
            if !self.is_position(expr, output) {
                self.quoted(expr, around);
                let value = self.expr(expr, around);
                self.is_orderable(&value);
                self.no_queries(&value);
            }
        }
    }

    /// `order by 1`, `order by all`
    fn is_position(&mut self, expr: &Expr, output: &Output) -> bool {
        if let ExprKind::Column(path) = &expr.kind
            && let [name] = path.as_slice()
            && equal("all", &name.text)
            && !self.is_older()
        {
            return true;
        }
        let Some(position) = position(expr) else {
            return false;
        };
        let size = output.columns.len();
        if output.complete()
            && (position < 1 || usize::try_from(position).is_ok_and(|position| position > size))
        {
            self.error(
                "ORDER_BY_POS_OUT_OF_RANGE",
                format!("ORDER BY position {position} is not in select list (valid range is [1, {size}])."),
                expr.range,
            );
        }
        true
    }
}

fn ordered(query: &Query) -> impl Iterator<Item = &Expr> {
    let items = query.order.iter().chain(&query.sort).map(|item| &item.expr);
    items.chain(&query.cluster).chain(&query.distribute)
}
