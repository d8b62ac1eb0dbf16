//! What can be named at an offset.

use glueline_base::{TextRange, TextSize};

use crate::tree::{Branch, ClauseKind, Cte, CteId, FromItem, QueryId, SelectId, Sql};

/// Where an offset stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The innermost query.
    pub query: QueryId,
    /// The select of it, if the offset stands in one.
    pub select: Option<SelectId>,
    /// The clause; `None` in a `with`, in the word `select`, and where no clause can be told.
    pub clause: Option<ClauseKind>,
    /// Whether it is the condition of a join.
    pub is_condition: bool,
}

/// A relation whose columns can be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The select that reads it.
    pub select: SelectId,
    /// Its number in the select's `from`.
    pub index: usize,
    /// How many selects it is away: zero for the select itself.
    pub distance: usize,
}

impl Sql {
    /// Where an offset stands; `None` outside of every query.
    pub fn scope_at(&self, offset: TextSize) -> Option<Scope> {
        let holds = |range: TextRange| range.contains_inclusive(offset);
        // Inner queries come after outer ones, and the later of two that touch is the one being written.
        let place = self.queries.iter().rposition(|query| holds(query.range))?;
        let query = QueryId(u32::try_from(place).ok()?);
        let mut selects = self
            .query(query)?
            .branches
            .iter()
            .filter_map(|branch| match branch {
                Branch::Select(id) => Some((*id, self.select(*id)?)),
                _ => None,
            });
        let found = selects.rfind(|(_, select)| holds(select.range) && select.range.start() < offset);
        let Some((id, select)) = found else {
            return Some(Scope {
                query,
                select: None,
                clause: None,
                is_condition: false,
            });
        };
        let clause = select
            .clauses
            .iter()
            .rfind(|clause| clause.keyword.end() < offset)
            .map(|clause| clause.kind);
        let condition = select
            .from
            .iter()
            .filter_map(|item| item.join.as_ref()?.on)
            .any(|on| {
                let next = select
                    .from
                    .iter()
                    .filter_map(|item| Some(item.join.as_ref()?.range.start()))
                    .find(|start| *start >= on.end());
                // Half a condition goes on up to the next join.
                on.start() <= offset && next.is_none_or(|next| offset < next)
            });
        Some(Scope {
            query,
            select: Some(id),
            clause,
            is_condition: condition && clause == Some(ClauseKind::From),
        })
    }

    /// The common table expressions that a query can name, the innermost first, and of one `with` the last first.
    pub fn visible_ctes(&self, query: QueryId) -> impl Iterator<Item = (CteId, &Cte)> {
        let mut next = self
            .query(query)
            .map(|found| (query, u32::try_from(found.ctes.len()).unwrap_or(u32::MAX)));
        let levels = std::iter::from_fn(move || {
            let (query, count) = next?;
            next = self
                .query(query)
                .and_then(|query| query.outer)
                .map(|outer| (outer.query, outer.ctes));
            Some((query, count))
        });
        levels.flat_map(move |(query, count)| {
            (0..count).rev().filter_map(move |index| {
                let id = CteId { query, index };
                Some((id, self.cte(id)?))
            })
        })
    }

    /// The common table expression that a name means in a query.
    pub fn cte_named(&self, query: QueryId, name: &str) -> Option<CteId> {
        self.visible_ctes(query)
            .find(|(_, cte)| cte.name.is(name))
            .map(|(id, _)| id)
    }

    /// The common table expression that an item of a `from` reads.
    pub fn cte_of(&self, query: QueryId, item: &FromItem) -> Option<CteId> {
        match &item.relation {
            crate::Relation::Named(parts) => match parts.as_slice() {
                [name] => self.cte_named(query, name.text.as_deref()?),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a select reads, and behind it what the selects around it read, whose columns it can name too.
    pub fn sources(&self, select: SelectId) -> Vec<Source> {
        let mut out = Vec::new();
        let mut next = Some(select);
        let mut distance = 0;
        while let Some(id) = next
            && let Some(select) = self.select(id)
        {
            out.extend((0..select.from.len()).map(|index| Source {
                select: id,
                index,
                distance,
            }));
            next = self.outer_select(select.query);
            distance += 1;
        }
        out
    }

    /// The select around a query that stands in an expression.
    fn outer_select(&self, query: QueryId) -> Option<SelectId> {
        let mut query = query;
        loop {
            let outer = self.query(query)?.outer?;
            if outer.select.is_some() {
                return outer.select;
            }
            // A part of a union in parentheses stands where the union stands; other queries see nothing.
            let is_branch = self.query(outer.query)?.branches.contains(&Branch::Query(query));
            if !is_branch {
                return None;
            }
            query = outer.query;
        }
    }

    /// What a source is.
    pub fn source(&self, source: Source) -> Option<&FromItem> {
        self.select(source.select)?.from.get(source.index)
    }
}
