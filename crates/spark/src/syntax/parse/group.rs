//! `group by`

use super::{Parser, Res};
use crate::syntax::ast::{Group, GroupBy, GroupKind};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

impl Parser<'_> {
    pub(super) fn group_by(&mut self) -> Res<GroupBy> {
        self.at += 1;
        self.expect_kw(Kw::By)?;
        let start = self.here();
        let mut items = self.list(Self::group)?;
        let mut with = None;
        if self.is(0, Kw::With) {
            with = match self.kw(1) {
                Some(Kw::Rollup) => Some(GroupKind::Rollup),
                Some(Kw::Cube) => Some(GroupKind::Cube),
                _ => return self.fail_at(1),
            };
            self.at += 2;
        } else if self.is(0, Kw::Grouping) && self.is(1, Kw::Sets) {
            with = Some(GroupKind::Sets);
            items.push(self.grouping()?);
        }
        self.expected(0);
        Ok(GroupBy {
            items,
            with,
            range: self.since(start),
        })
    }

    fn group(&mut self) -> Res<Group> {
        if self.starts_grouping()
            && let Some(sets) = self.attempt(Self::grouping)
        {
            return Ok(sets);
        }
        self.expression().map(Group::Expr)
    }

    fn starts_grouping(&self) -> bool {
        match self.kw(0) {
            Some(Kw::Grouping) => self.is(1, Kw::Sets),
            Some(Kw::Rollup | Kw::Cube) => self.is_sign(1, Sign::Open),
            _ => false,
        }
    }

    /// `rollup (..)`, `cube (..)`, `grouping sets (..)`
    fn grouping(&mut self) -> Res<Group> {
        let kind = match self.kw(0) {
            Some(Kw::Rollup) => GroupKind::Rollup,
            Some(Kw::Cube) => GroupKind::Cube,
            _ => GroupKind::Sets,
        };
        self.at += if kind == GroupKind::Sets { 2 } else { 1 };
        self.expect(Sign::Open)?;
        let sets = self.list(|parser| parser.nested(Self::grouping_set))?;
        self.expect(Sign::Close)?;
        Ok(Group::Sets(kind, sets))
    }

    fn grouping_set(&mut self) -> Res<Group> {
        if self.starts_grouping()
            && let Some(sets) = self.attempt(Self::grouping)
        {
            return Ok(sets);
        }
        if self.is_sign(0, Sign::Open) {
            let set = self.attempt(|parser| {
                parser.at += 1;
                let list = if parser.is_sign(0, Sign::Close) {
                    Vec::new()
                } else {
                    parser.list(Self::expression)?
                };
                parser.expect(Sign::Close)?;
                if matches!(parser.peek(), Tok::Sign(Sign::Comma | Sign::Close)) {
                    Ok(list)
                } else {
                    parser.fail()
                }
            });
            if let Some(list) = set {
                return Ok(Group::Set(list));
            }
        }
        self.expression().map(Group::Expr)
    }
}
