//! Where a query within an expression may name columns of the query around it.
//!
//! Spark pulls what a correlated query says of the query around it up into a join, and can do so only from certain places: what stands
//! between such a condition and the expression is looked at from the top down (`CheckAnalysis.checkCorrelationsInSubquery`).

mod rows;

use glueline_base::{TextRange, TextSize};

use super::Analyzer;
use super::value::Value;
use crate::syntax::ast::{
    Binary, Body, Criteria, Expr, ExprKind, Join, JoinKind, Query, Relation, RelationKind, Select,
};

/// What kind of query stands within the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// It gives one value.
    Scalar,
    /// `exists`, `in`
    Predicate,
    /// `lateral (select ..)`
    Lateral,
}

/// A column that a query within an expression names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// The column, where it is named.
    pub(super) value: Value,
    pub(super) id: u32,
    /// It is one of the query around.
    pub(super) outer: bool,
    /// How many queries are around.
    pub(super) depth: usize,
}

/// What is known of a `select` within a query within an expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Where it starts.
    pub(super) start: TextSize,
    /// It groups or aggregates.
    pub(super) groups: bool,
    /// It has aggregate functions.
    pub(super) aggregates: bool,
    /// It has functions over windows.
    pub(super) windows: bool,
}

/// Why a query is refused, and what is to blame.
type Refusal = (&'static str, TextRange);

const REFERENCE: &str = "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE";
const ACCESSING: &str =
    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED";
const PREDICATE: &str =
    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_IS_NOT_ALLOWED_IN_PREDICATE";
const MUST_AGGREGATE: &str =
    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY";
const GROUPED: &str = "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_CORRELATED_COLUMNS_IN_GROUP_BY";

impl Analyzer<'_> {
    /// Says what Spark refuses of a query that names columns of the query around it; `range` is that of the expression, `named` what it
    /// names, `depth` how many queries are around what it says itself.
    pub(super) fn correlations(
        &mut self,
        query: &Query,
        within: Within,
        named: &[Named],
        depth: usize,
        range: TextRange,
    ) {
        let check = Check {
            within,
            is_newer: within != Within::Predicate && !self.is_older(),
            named,
            depth,
            shapes: &self.shapes,
        };
        if !check.is_outer(query.range) {
            return;
        }
        let refusal = if within == Within::Scalar {
            check
                .one_row(query, query, range)
                .and_then(|()| check.query(query, Way::START))
        } else {
            check.query(query, Way::START)
        };
        if let Err((class, range)) = refusal {
            self.error(class, message(class), range);
        }
    }
}

fn message(class: &str) -> &'static str {
    match class {
        REFERENCE => {
            "Unsupported subquery expression: Expressions referencing the outer query are not supported outside of WHERE/HAVING clauses."
        }
        ACCESSING => {
            "Unsupported subquery expression: Accessing outer query column is not allowed in this location."
        }
        PREDICATE => "Unsupported subquery expression: Correlated column is not allowed in predicate.",
        GROUPED => {
            "Unsupported subquery expression: A GROUP BY clause in a scalar correlated subquery cannot contain non-correlated columns."
        }
        _ => {
            "Unsupported subquery expression: Correlated scalar subqueries must be aggregated to return at most one row."
        }
    }
}

/// The way from the expression down to what is looked at.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Something on it aggregates.
    aggregated: bool,
    /// Columns of the query around may still be named.
    open: bool,
}

impl Way {
    const START: Self = Self {
        aggregated: false,
        open: true,
    };

    const fn closed(self) -> Self {
        Self { open: false, ..self }
    }

    const fn aggregated(self, aggregated: bool) -> Self {
        Self { aggregated, ..self }
    }
}

struct Check<'c> {
    within: Within,
    /// Spark's newer way to take queries apart knows more places: those of values and of relations since 3.4.
    is_newer: bool,
    named: &'c [Named],
    depth: usize,
    shapes: &'c [Shape],
}

impl Check<'_> {
    /// Whether items may name columns of the query around.
    fn in_items(&self) -> bool {
        self.within != Within::Predicate
    }

    /// The columns of the query around that are named within a range.
    fn outers(&self, range: TextRange) -> impl Iterator<Item = &Named> {
        self.named.iter().filter(move |named| {
            named.outer && named.depth == self.depth && range.contains_range(named.value.range)
        })
    }

    fn is_outer(&self, range: TextRange) -> bool {
        self.outers(range).next().is_some()
    }

    /// The columns of the query itself that are named within a range, by queries within it as well.
    fn own(&self, range: TextRange) -> impl Iterator<Item = u32> {
        self.named
            .iter()
            .filter(move |named| {
                let is_own = if named.outer {
                    named.depth == self.depth + 1
                } else {
                    named.depth == self.depth
                };
                is_own && range.contains_range(named.value.range)
            })
            .map(|named| named.id)
    }

    fn shape(&self, select: &Select) -> Option<Shape> {
        self.shapes
            .iter()
            .find(|shape| shape.start == select.range.start())
            .copied()
    }

    /// What an operator that may name no column of the query around says.
    fn host(&self, range: TextRange, way: Way) -> Result<(), Refusal> {
        match self.outers(range).next() {
            None => Ok(()),
            Some(named) if way.open => Err((REFERENCE, named.value.range)),
            Some(named) => Err((ACCESSING, named.value.range)),
        }
    }

    fn query(&self, query: &Query, mut way: Way) -> Result<(), Refusal> {
        if query.limit.is_some() || query.offset.is_some() {
            way = way.closed();
        }
        let order = query.order.iter().chain(&query.sort).map(|item| &item.expr);
        for expr in order.chain(&query.cluster).chain(&query.distribute) {
            self.host(expr.range, way)?;
        }
        self.body(&query.body, way)
    }

    fn body(&self, body: &Body, way: Way) -> Result<(), Refusal> {
        match body {
            Body::Select(select) => self.select(select, way),
            Body::Query(query) => self.query(query, way),
            Body::Set(set) => {
                let way = if self.is_newer { way } else { way.closed() };
                self.body(&set.left, way)?;
                self.body(&set.right, way)
            }
            Body::Values(_) | Body::Table(_) | Body::Hole(_) => Ok(()),
        }
    }

    fn select(&self, select: &Select, mut way: Way) -> Result<(), Refusal> {
        let shape = self.shape(select);
        let groups = shape.is_some_and(|shape| shape.groups);
        if select.distinct {
            way = way.aggregated(self.within == Within::Lateral);
        }
        if shape.is_some_and(|shape| shape.windows) {
            way = way.closed();
        }
        for item in &select.items {
            if !way.open || groups || !self.in_items() {
                self.host(item.range, way)?;
            }
        }
        if let Some(having) = &select.having {
            self.filter(having, way)?;
        }
        if let Some(group) = &select.group {
            self.host(group.range, way)?;
        }
        way = way.aggregated(way.aggregated || groups);
        if let Some(filter) = &select.filter {
            self.filter(filter, way)?;
        }
        way = way.aggregated(way.aggregated || !select.pivots.is_empty());
        for view in &select.laterals {
            self.host(view.range, way)?;
        }
        select
            .from
            .iter()
            .try_for_each(|relation| self.relation(relation, way))
    }

    /// A condition may name columns of the query around; below an aggregation only in equalities.
    fn filter(&self, condition: &Expr, way: Way) -> Result<(), Refusal> {
        if !way.open {
            return self.host(condition.range, way);
        }
        if !way.aggregated || self.is_newer {
            return Ok(());
        }
        for part in conjuncts(condition) {
            if let Some(outer) = self.outers(part.range).next()
                && !self.can_leave(part)
            {
                return Err((PREDICATE, outer.value.range));
            }
        }
        Ok(())
    }

    /// Whether a condition can be taken out of an aggregation: a column of the query equals something of the query around.
    fn can_leave(&self, condition: &Expr) -> bool {
        if self.own(condition.range).next().is_none() {
            return true;
        }
        let ExprKind::Binary {
            op: Binary::Equal | Binary::NullSafeEqual,
            left,
            right,
        } = &condition.kind
        else {
            return false;
        };
        let fits = |column: &Expr, other: &Expr| {
            let plain = matches!(column.kind, ExprKind::Column(_) | ExprKind::Cast { .. });
            plain && !self.is_outer(column.range) && self.own(other.range).next().is_none()
        };
        fits(left, right) || fits(right, left)
    }

    fn relation(&self, relation: &Relation, way: Way) -> Result<(), Refusal> {
        let way = if relation.lateral { way.closed() } else { way };
        match &relation.kind {
            RelationKind::Query { query, .. } => self.query(query, way),
            RelationKind::Nested { relation, .. } => self.relation(relation, way),
            RelationKind::Pivot { input, .. } => self.relation(input, way.aggregated(true)),
            RelationKind::Join(join) => self.join(join, way),
            _ => Ok(()),
        }
    }

    /// Only what a join keeps all of may hold columns of the query around.
    fn join(&self, join: &Join, way: Way) -> Result<(), Refusal> {
        if let Criteria::On(condition) = &join.criteria {
            self.host(condition.range, way)?;
        }
        let (left, right) = match join.kind {
            JoinKind::Inner | JoinKind::Cross => (way, way),
            JoinKind::Left | JoinKind::Semi | JoinKind::Anti => (way, way.closed()),
            JoinKind::Right => (way.closed(), way),
            JoinKind::Full => (way.closed(), way.closed()),
        };
        self.relation(&join.left, left)?;
        self.relation(&join.right, right)
    }
}

/// The parts of a condition that all must hold.
fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    let (mut parts, mut open) = (Vec::new(), vec![condition]);
    while let Some(part) = open.pop() {
        match &part.kind {
            ExprKind::Binary {
                op: Binary::And,
                left,
                right,
            } => open.extend([right.as_ref(), left.as_ref()]),
            _ => parts.push(part),
        }
    }
    parts
}
