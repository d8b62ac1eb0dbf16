//! Joins whose condition links nothing.

use glueline_base::TextRange;

use super::Suspect;
use super::link::{Loose, Named, Outer, columns, head, stands_alone};
use super::part::links;
use crate::analyze::Analyzer;
use crate::analyze::scope::Scope;
use crate::analyze::value::Value;
use crate::syntax::ast::{Binary, Criteria, Expr, Join, JoinKind, Relation};

impl Analyzer<'_> {
    /// A join of these two.
    pub(in crate::analyze) fn look_at_join(&mut self, join: &Join, left: &Scope, right: &Scope) {
        match join.kind {
            JoinKind::Left => self.may_be_null(right, &join.right),
            JoinKind::Right => self.may_be_null(left, &join.left),
            _ => {}
        }
        self.before_comma(&join.left, left);
        self.before_comma(&join.right, right);
        match &join.criteria {
            Criteria::On(_) => {}
            Criteria::None if !join.natural => {
                if join.kind != JoinKind::Cross && !is_alone(join, left, right) {
                    let relation = self.spelled(head(&join.right)).into();
                    let what = Suspect::Unlinked {
                        relation,
                        join: true,
                        filtered: false,
                    };
                    self.loose(what, head(&join.right), left, right);
                }
            }
            _ => {
                let end = |scope: &Scope| columns(scope).first().copied();
                self.links.named.push(Named {
                    columns: end(left).into_iter().chain(end(right)).collect(),
                    ..Named::default()
                });
            }
        }
    }

    /// The condition of a join of these two.
    pub(in crate::analyze) fn condition_of_join(
        &mut self,
        join: &Join,
        [left, right]: [&Scope; 2],
        condition: &Expr,
        value: &Value,
    ) {
        let start = self.links.named.len();
        for part in links((condition, value), Binary::And) {
            self.named_by(part);
        }
        if is_alone(join, left, right) {
            return;
        }
        let of_right = columns(right);
        let named = self.links.named.get(start..).unwrap_or_default();
        let names = |wanted: bool| {
            let mut all = named.iter().flat_map(|named| &named.columns);
            all.any(|column| of_right.contains(column) == wanted)
        };
        let (names_it, names_others) = (names(true), names(false));
        if named.iter().any(|named| named.more) || names_it == names_others {
            return;
        }
        let relation = self.spelled(head(&join.right)).into();
        self.loose(
            Suspect::OneSided { relation, names_it },
            condition.range,
            left,
            right,
        );
    }

    fn loose(&mut self, what: Suspect, range: TextRange, left: &Scope, right: &Scope) {
        self.links.loose.push(Loose {
            columns: columns(right),
            before: columns(left),
            what,
            range,
        });
    }

    fn may_be_null(&mut self, scope: &Scope, relation: &Relation) {
        self.links.outer.push(Outer {
            columns: columns(scope),
            relation: head(relation),
        });
    }
}

/// Whether one of the two is a single row, or made for each row.
fn is_alone(join: &Join, left: &Scope, right: &Scope) -> bool {
    right.one_row || left.one_row || stands_alone(&join.right) || stands_alone(&join.left)
}
