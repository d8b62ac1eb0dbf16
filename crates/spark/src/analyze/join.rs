//! Joins.

use super::Analyzer;
use super::expr::Around;
use super::from::qualifier;
use super::scope::{Column, Scope, equal, same};
use crate::syntax::ast::{Criteria, Join, JoinKind, Name};
use crate::types::DataType;

impl Analyzer<'_> {
    pub(super) fn join(&mut self, join: &Join) -> Scope {
        let left = self.relation(&join.left);
        let right = self.relation_beside(&join.right, &left);
        if join.right.lateral {
            self.lateral_join(join);
        }
        self.look_at_join(join, &left, &right);
        let (left, right) = match join.kind {
            JoinKind::Left => (left, right.nullable()),
            JoinKind::Right => (left.nullable(), right),
            JoinKind::Full => (left.nullable(), right.nullable()),
            _ => (left, right),
        };
        let keeps_right = !matches!(join.kind, JoinKind::Semi | JoinKind::Anti);
        if join.natural {
            if !left.complete() || !right.complete() {
                let mut both = left.beside(right);
                both.open.push(qualifier([]));
                return both;
            }
            let keys: Vec<Name> = left
                .columns
                .iter()
                .filter(|column| right.columns.iter().any(|other| equal(&column.name, &other.name)))
                .map(|column| Name {
                    text: (&*column.name).into(),
                    range: join.left.range,
                    quoted: false,
                })
                .collect();
            return self.joined_by(left, right, &keys, join.kind);
        }
        match &join.criteria {
            Criteria::Using(keys) => self.joined_by(left, right, keys, join.kind),
            Criteria::On(condition) => {
                let mut both = left.clone().beside(right.clone());
                let value = self.expr(condition, Around::only(&both));
                self.condition_of_join(join, [&left, &right], condition, &value);
                if join.kind == JoinKind::Inner {
                    both.not_null(condition, &value);
                }
                self.is_condition(&value, "ON");
                self.no_aggregates(&value, "JOIN");
                self.no_correlated_value(&value);
                if keeps_right { both } else { left }
            }
            Criteria::None if keeps_right => left.beside(right),
            Criteria::None => left,
        }
    }

    /// What a relation that names columns of those before it cannot be joined by.
    fn lateral_join(&mut self, join: &Join) {
        let kind = match join.kind {
            JoinKind::Right => "RIGHT OUTER",
            JoinKind::Full => "FULL OUTER",
            JoinKind::Semi => "LEFT SEMI",
            JoinKind::Anti => "LEFT ANTI",
            _ => "",
        };
        let (class, message) = if !kind.is_empty() {
            (
                "INVALID_LATERAL_JOIN_TYPE",
                format!(
                    "The {kind} JOIN with LATERAL correlation is not allowed because an OUTER subquery cannot correlate to its join partner. \
                     Remove the LATERAL correlation or use an INNER JOIN, or LEFT OUTER JOIN instead."
                ),
            )
        } else if join.natural {
            (
                "INCOMPATIBLE_JOIN_TYPES",
                "The join types LATERAL and NATURAL are incompatible.".to_owned(),
            )
        } else if matches!(join.criteria, Criteria::Using(_)) {
            (
                "UNSUPPORTED_FEATURE.LATERAL_JOIN_USING",
                "The feature is not supported: JOIN USING with LATERAL correlation.".to_owned(),
            )
        } else {
            return;
        };
        self.error(class, message, join.right.range);
    }

    /// A join over columns that both sides have: they are one column, and those of the sides are found by their full names alone.
    fn joined_by(&mut self, left: Scope, right: Scope, keys: &[Name], kind: JoinKind) -> Scope {
        let mut joined: Vec<(Option<Column>, Option<Column>)> = Vec::new();
        for key in keys {
            let on_left = self.key(&left, key, "left");
            let on_right = self.key(&right, key, "right");
            joined.push((on_left, on_right));
        }
        if matches!(kind, JoinKind::Semi | JoinKind::Anti) {
            return left;
        }
        let ids: Vec<u32> = joined
            .iter()
            .flat_map(|(left, right)| left.iter().chain(right))
            .map(|column| column.id)
            .collect();
        let mut both = Scope::default();
        for (key, (on_left, on_right)) in keys.iter().zip(&joined) {
            let column = match kind {
                JoinKind::Right => on_right.clone(),
                JoinKind::Full => {
                    let ty = match (on_left, on_right) {
                        (Some(left), Some(right)) => crate::types::common::wider(&left.ty, &right.ty),
                        _ => None,
                    };
                    let name = on_left
                        .as_ref()
                        .map_or_else(|| key.text.to_string(), |column| column.name.to_string());
                    Some(self.new_column(&*name, ty.unwrap_or(DataType::Unknown), &qualifier([]), key.range))
                }
                _ => on_left.clone(),
            };
            both.columns.extend(column);
            match kind {
                JoinKind::Right => both.hidden.extend(on_left.clone()),
                JoinKind::Full => {
                    both.hidden.extend(on_left.clone());
                    both.hidden.extend(on_right.clone());
                }
                _ => both.hidden.extend(on_right.clone()),
            }
        }
        let rest = left.beside(right);
        both.columns.extend(
            rest.columns
                .into_iter()
                .filter(|column| !ids.contains(&column.id)),
        );
        both.hidden.extend(rest.hidden);
        both.open = rest.open;
        both
    }

    fn key(&mut self, scope: &Scope, key: &Name, side: &str) -> Option<Column> {
        // of several columns of that name Spark takes the first
        match scope.columns.iter().find(|column| same(&column.name, key)) {
            Some(column) => Some(column.clone()),
            None if !scope.complete() => None,
            None => {
                self.error(
                    "UNRESOLVED_USING_COLUMN_FOR_JOIN",
                    format!(
                        "USING column `{}` cannot be resolved on the {side} side of the join. The {side}-side columns: [{}].",
                        key.text,
                        scope.listed()
                    ),
                    key.range,
                );
                None
            }
        }
    }
}
