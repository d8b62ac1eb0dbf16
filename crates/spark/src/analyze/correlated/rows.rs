//! Queries that stand for one value: whether they give one row.

use glueline_base::TextRange;

use super::super::aggregate::{position, select_alias};
use super::{Check, GROUPED, MUST_AGGREGATE, Refusal, Shape, conjuncts};
use crate::syntax::ast::{Body, Expr, ExprKind, Group, Query, Relation, RelationKind, Select, SetOp};

impl Check<'_> {
    /// A query that stands for one value must aggregate, or give one row in another way.
    pub(super) fn one_row(&self, whole: &Query, query: &Query, range: TextRange) -> Result<(), Refusal> {
        if !query.ctes.is_empty() {
            return Ok(());
        }
        if query.limit.is_some() {
            return if is_one(query.limit.as_ref()) {
                Ok(())
            } else {
                Err((MUST_AGGREGATE, range))
            };
        }
        let ordered = !query.order.is_empty() || !query.sort.is_empty();
        let fits = match &query.body {
            Body::Select(select) => return self.one_row_of(whole, select, ordered, range),
            Body::Query(query) => return self.one_row(whole, query, range),
            body => self.at_most_one(body),
        };
        if fits {
            Ok(())
        } else {
            Err((MUST_AGGREGATE, range))
        }
    }

    fn one_row_of(
        &self,
        whole: &Query,
        select: &Select,
        ordered: bool,
        range: TextRange,
    ) -> Result<(), Refusal> {
        let Some(shape) = self.shape(select) else {
            return Ok(());
        };
        let plain = !ordered && !select.distinct && !shape.windows;
        if plain && shape.groups {
            return self.aggregates(whole, select, shape, range);
        }
        let only = plain && select.filter.is_none() && select.laterals.is_empty() && select.pivots.is_empty();
        if let ([relation], true) = (select.from.as_slice(), only)
            && let RelationKind::Query { query, .. } = &relation.kind
        {
            return self.one_row(whole, query, range);
        }
        if self.at_most_one_of(select) {
            Ok(())
        } else {
            Err((MUST_AGGREGATE, range))
        }
    }

    /// The aggregation at the top of a query that stands for one value groups by nothing but what its conditions compare.
    fn aggregates(
        &self,
        whole: &Query,
        select: &Select,
        shape: Shape,
        range: TextRange,
    ) -> Result<(), Refusal> {
        if !shape.aggregates {
            return Err((MUST_AGGREGATE, range));
        }
        let Some(group) = &select.group else { return Ok(()) };
        let compared = self.compared(whole);
        for key in group.items.iter().flat_map(keys) {
            let key = key_range(key, select, self.own(key.range).next().is_some());
            if self.own(key).any(|id| !compared.contains(&id)) {
                return Err((GROUPED, key));
            }
        }
        Ok(())
    }

    /// The columns of the query in conditions that name the query around it.
    fn compared(&self, query: &Query) -> Vec<u32> {
        let mut conditions = Vec::new();
        conditions_of(query, &mut conditions);
        conditions
            .into_iter()
            .flat_map(conjuncts)
            .filter(|part| self.is_outer(part.range))
            .flat_map(|part| self.own(part.range))
            .collect()
    }

    /// Whether a query surely gives no more than one row.
    fn at_most_one(&self, body: &Body) -> bool {
        match body {
            Body::Select(select) => self.at_most_one_of(select),
            Body::Query(query) => is_one(query.limit.as_ref()) || self.at_most_one(&query.body),
            Body::Set(set) => set.op != SetOp::Union && self.at_most_one(&set.left),
            Body::Values(values) => values.rows.len() <= 1,
            Body::Table(_) => false,
            Body::Hole(_) => true,
        }
    }

    fn at_most_one_of(&self, select: &Select) -> bool {
        let one = self.shape(select).is_some_and(|shape| shape.groups) && select.group.is_none();
        one || (select.laterals.is_empty()
            && select.from.iter().all(|relation| self.at_most_one_in(relation)))
    }

    fn at_most_one_in(&self, relation: &Relation) -> bool {
        match &relation.kind {
            RelationKind::Query { query, .. } => {
                is_one(query.limit.as_ref()) || self.at_most_one(&query.body)
            }
            RelationKind::Nested { relation, .. } => self.at_most_one_in(relation),
            RelationKind::Values(values) => values.rows.len() <= 1,
            RelationKind::Join(join) => self.at_most_one_in(&join.left) && self.at_most_one_in(&join.right),
            RelationKind::Hole => true,
            _ => false,
        }
    }
}

/// The conditions of all filters of a query, but not of queries within its expressions.
fn conditions_of<'q>(query: &'q Query, to: &mut Vec<&'q Expr>) {
    conditions_of_body(&query.body, to);
}

fn conditions_of_body<'q>(body: &'q Body, to: &mut Vec<&'q Expr>) {
    match body {
        Body::Select(select) => {
            to.extend(select.filter.iter().chain(&select.having));
            for relation in &select.from {
                conditions_of_relation(relation, to);
            }
        }
        Body::Query(query) => conditions_of(query, to),
        Body::Set(set) => {
            conditions_of_body(&set.left, to);
            conditions_of_body(&set.right, to);
        }
        Body::Values(_) | Body::Table(_) | Body::Hole(_) => {}
    }
}

fn conditions_of_relation<'q>(relation: &'q Relation, to: &mut Vec<&'q Expr>) {
    match &relation.kind {
        RelationKind::Query { query, .. } => conditions_of(query, to),
        RelationKind::Nested { relation, .. } | RelationKind::Pivot { input: relation, .. } => {
            conditions_of_relation(relation, to);
        }
        RelationKind::Join(join) => {
            conditions_of_relation(&join.left, to);
            conditions_of_relation(&join.right, to);
        }
        _ => {}
    }
}

/// The expressions of an element of `group by`.
fn keys(group: &Group) -> Vec<&Expr> {
    match group {
        Group::Expr(expr) => vec![expr],
        Group::Set(exprs) => exprs.iter().collect(),
        Group::Sets(_, sets) => sets.iter().flat_map(keys).collect(),
    }
}

/// What an expression of `group by` stands for: an item by its position or alias, or itself.
fn key_range(key: &Expr, select: &Select, names_columns: bool) -> TextRange {
    let at = match &key.kind {
        _ if names_columns => None,
        ExprKind::Column(path) => path.last().and_then(|name| select_alias(select, &name.text)),
        _ => position(key).and_then(|position| usize::try_from(position - 1).ok()),
    };
    at.and_then(|at| select.items.get(at))
        .map_or(key.range, |item| item.expr.range)
}

/// `limit 1`
fn is_one(limit: Option<&Expr>) -> bool {
    limit.and_then(position).is_some_and(|limit| limit <= 1)
}
