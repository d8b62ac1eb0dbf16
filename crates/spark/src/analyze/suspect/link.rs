//! What links the relations of a `select` with each other.

use glueline_base::TextRange;

use super::Suspect;
use super::constant::is_constant;
use super::part::{Part, links, meaning};
use crate::analyze::Analyzer;
use crate::analyze::scope::Scope;
use crate::analyze::value::{Kind, Value};
use crate::syntax::ast::{self, Binary, Expr, ExprKind, RelationKind};

/// What the joins of the queries around have left to be told when their conditions are known.
#[derive(Debug, Default)]
pub(in crate::analyze) struct Links {
    /// The columns of each relation.
    pub(super) relations: Vec<Vec<u32>>,
    /// Relations that no condition of their own links.
    pub(super) loose: Vec<Loose>,
    /// What conditions name.
    pub(super) named: Vec<Named>,
    /// Relations whose rows may be null for want of a partner.
    pub(super) outer: Vec<Outer>,
}

/// Where the joins of a query begin among those of the queries around.
#[derive(Debug, Clone, Copy)]
pub(in crate::analyze) struct Mark {
    relations: usize,
    loose: usize,
    named: usize,
    outer: usize,
}

/// A relation that may be linked with nothing before it.
#[derive(Debug)]
pub(super) struct Loose {
    /// Its columns.
    pub(super) columns: Vec<u32>,
    /// Those of what stands before it.
    pub(super) before: Vec<u32>,
    pub(super) what: Suspect,
    pub(super) range: TextRange,
}

/// What a condition names.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The columns.
    pub(super) columns: Vec<u32>,
    /// Whether it names what may be of any relation.
    pub(super) more: bool,
    /// It compares with a constant, so that one row may be left.
    pub(super) constant: bool,
}

/// A relation whose columns are null where it has no partner.
#[derive(Debug)]
pub(super) struct Outer {
    pub(super) columns: Vec<u32>,
    pub(super) relation: TextRange,
}

impl Analyzer<'_> {
    pub(in crate::analyze) const fn mark(&self) -> Mark {
        Mark {
            relations: self.links.relations.len(),
            loose: self.links.loose.len(),
            named: self.links.named.len(),
            outer: self.links.outer.len(),
        }
    }

    /// A relation before a comma.
    pub(in crate::analyze) fn before_comma(&mut self, relation: &ast::Relation, scope: &Scope) {
        if !matches!(relation.kind, RelationKind::Join(_)) {
            self.links.relations.push(columns(scope));
        }
    }

    /// A relation after a comma, and what stands before it.
    pub(in crate::analyze) fn after_comma(
        &mut self,
        relation: &ast::Relation,
        scope: &Scope,
        before: &Scope,
    ) {
        self.before_comma(relation, scope);
        if scope.one_row || before.one_row || stands_alone(relation) {
            return;
        }
        let what = Suspect::Unlinked {
            relation: self.spelled(head(relation)).into(),
            join: false,
            filtered: false,
        };
        self.links.loose.push(Loose {
            columns: columns(scope),
            before: columns(before),
            what,
            range: head(relation),
        });
    }

    /// Tells of the relations that nothing links, and of outer joins that the filter undoes.
    pub(in crate::analyze) fn unlinked(&mut self, mark: Mark, filter: Option<(&Expr, &Value)>) {
        if let Some((expr, value)) = filter
            && (self.links.loose.len() > mark.loose || self.links.outer.len() > mark.outer)
        {
            let filters = links((expr, value), Binary::And);
            for filter in &filters {
                self.named_by(*filter);
            }
            self.undone(mark, &filters);
        }
        let loose: Vec<Loose> = self.links.loose.drain(mark.loose..).collect();
        let named: Vec<Named> = self.links.named.drain(mark.named..).collect();
        let relations: Vec<Vec<u32>> = self.links.relations.drain(mark.relations..).collect();
        self.links.outer.truncate(mark.outer);
        for mut relation in loose {
            if is_linked(&relation, &named, &relations) {
                continue;
            }
            if let Suspect::Unlinked { filtered, .. } = &mut relation.what {
                *filtered = !named.is_empty();
            }
            self.suspect(relation.what, relation.range);
        }
    }

    /// Keeps what a condition names.
    pub(super) fn named_by(&mut self, (condition, value): Part<'_>) {
        let mut named = Named {
            constant: is_equal_to_constant(condition),
            ..Named::default()
        };
        collect(value, &mut named);
        self.links.named.push(named);
    }

    /// Conditions that no row without a partner meets.
    fn undone(&mut self, mark: Mark, filters: &[Part<'_>]) {
        let outer: Vec<Outer> = self.links.outer.drain(mark.outer..).collect();
        for relation in outer {
            let undoes = filters.iter().find(|filter| {
                rejects_null(**filter)
                    .iter()
                    .any(|id| relation.columns.contains(id))
            });
            if let Some((filter, _)) = undoes {
                let what = Suspect::OuterJoinUndone {
                    relation: self.spelled(relation.relation).into(),
                };
                self.suspect_with(what, filter.range, Some(relation.relation), Vec::new());
            }
        }
    }
}

impl Scope {
    /// The columns that a condition lets through only where they are not null.
    pub(in crate::analyze) fn not_null(&mut self, filter: &Expr, value: &Value) {
        if self.columns.iter().any(|column| column.nullable) {
            let found = not_null_after(filter, value);
            for column in &mut self.columns {
                column.nullable &= !found.contains(&column.id);
            }
        }
    }

    /// Its columns are null in rows without a partner.
    pub(in crate::analyze) fn nullable(mut self) -> Self {
        for column in self.columns.iter_mut().chain(&mut self.hidden) {
            column.nullable = true;
        }
        self
    }
}

fn not_null_after(filter: &Expr, value: &Value) -> Vec<u32> {
    let mut found = Vec::new();
    for (filter, value) in links((filter, value), Binary::And) {
        found.extend(rejects_null((filter, value)));
        if let ExprKind::Is {
            expr,
            negated: true,
            what: ast::IsWhat::Null,
        } = &filter.kind
        {
            found.extend(meaning(value, expr).and_then(column));
        }
    }
    found
}

/// The columns that a comparison is null for if they are. `is not null` is said on purpose.
fn rejects_null((filter, value): Part<'_>) -> Vec<u32> {
    let of = |expr: &Expr| meaning(value, expr).and_then(column);
    match &filter.kind {
        ExprKind::Binary { op, left, right } if compares(*op) => {
            [left, right].into_iter().filter_map(|side| of(side)).collect()
        }
        ExprKind::Between { expr, .. }
        | ExprKind::InList { expr, .. }
        | ExprKind::Like { expr, .. }
        | ExprKind::Unary {
            op: ast::UnaryOp::Not,
            expr,
        } => of(expr).into_iter().collect(),
        ExprKind::Column(_) => column(value).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The column that a value is.
const fn column(value: &Value) -> Option<u32> {
    match value.kind {
        Kind::Column(id) => Some(id),
        _ => None,
    }
}

/// Whether an operator compares, and gives null for null.
pub(super) const fn compares(op: Binary) -> bool {
    matches!(
        op,
        Binary::Equal
            | Binary::NotEqual
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::Greater
            | Binary::GreaterOrEqual
    )
}

fn is_equal_to_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary {
            op: Binary::Equal,
            left,
            right,
        } => is_constant(left) || is_constant(right),
        ExprKind::Column(_) | ExprKind::Is { .. } => true,
        _ => false,
    }
}

fn collect(value: &Value, named: &mut Named) {
    match value.kind {
        Kind::Column(id) => named.columns.push(id),
        Kind::Given | Kind::Outer | Kind::Unknown | Kind::Alias => named.more = true,
        Kind::Query { correlated: true, .. } => named.more = true,
        _ => {}
    }
    for part in &value.parts {
        collect(part, named);
    }
}

/// Whether conditions lead from a relation to what stands before it, maybe over others.
fn is_linked(relation: &Loose, named: &[Named], relations: &[Vec<u32>]) -> bool {
    let of_none = |column: &u32| !relations.iter().any(|relation| relation.contains(column));
    let alone = |named: &Named| {
        named
            .columns
            .iter()
            .all(|column| relation.columns.contains(column))
    };
    let any = |named: &Named| {
        named.more
            || named.columns.iter().any(of_none)
            || (named.constant && !named.columns.is_empty() && alone(named))
    };
    if named.iter().any(any) {
        return true;
    }
    let mut reached = relation.columns.clone();
    loop {
        let size = reached.len();
        for condition in named {
            if !condition.columns.iter().any(|column| reached.contains(column)) {
                continue;
            }
            for column in &condition.columns {
                if !reached.contains(column) {
                    let all = relations.iter().find(|relation| relation.contains(column));
                    reached.extend(all.into_iter().flatten());
                }
            }
        }
        if reached.iter().any(|column| relation.before.contains(column)) {
            return true;
        }
        if reached.len() == size {
            return false;
        }
    }
}

/// The columns of a relation.
pub(super) fn columns(scope: &Scope) -> Vec<u32> {
    scope
        .hidden
        .iter()
        .chain(&scope.columns)
        .map(|column| column.id)
        .collect()
}

/// Rows that are made, or made of what stands before, are combined on purpose.
pub(super) fn stands_alone(relation: &ast::Relation) -> bool {
    relation.lateral
        || match &relation.kind {
            RelationKind::Values(_) | RelationKind::Function { .. } | RelationKind::Hole => true,
            RelationKind::Nested { relation, .. } => stands_alone(relation),
            RelationKind::Query { query, .. } => matches!(query.body, ast::Body::Values(_)),
            _ => false,
        }
}

/// What a relation is called: its alias, or else its name.
pub(super) fn head(relation: &ast::Relation) -> TextRange {
    match &relation.kind {
        RelationKind::Query { alias, .. }
        | RelationKind::Nested { alias, .. }
        | RelationKind::Table { alias, .. } => alias.name.as_ref().map_or(relation.range, |name| name.range),
        RelationKind::Join(join) => head(&join.left),
        RelationKind::Pivot { input, .. } => head(input),
        _ => relation.range,
    }
}
