//! Queries: `with`, set operations, `select` and what follows it.

use glueline_base::TextRange;

use super::{Parser, Res};
use crate::syntax::SyntaxError;
use crate::syntax::ast::{
    Body, Cte, Expr, Query, Select, SelectItem, SetOp, SetOperation, SortItem, TableAlias, Values,
};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

/// How many tokens on a script is looked for.
const FARTHEST: usize = 400;

impl Parser<'_> {
    /// Whether a query may begin with the next token, parentheses before it aside.
    pub(super) fn starts_query(&self) -> bool {
        let mut ahead = 0;
        while self.is_sign(ahead, Sign::Open) {
            ahead += 1;
        }
        if self.tok(ahead) == Tok::Hole {
            return true;
        }
        match self.kw(ahead) {
            Some(Kw::Select | Kw::With | Kw::From | Kw::Values | Kw::Table) => true,
            // `map(..)` is a function, unless a script is named behind it.
            Some(Kw::Map | Kw::Reduce) => {
                !self.is_sign(ahead + 1, Sign::Open)
                    || (ahead..ahead + FARTHEST).any(|at| self.is(at, Kw::Using))
            }
            _ => false,
        }
    }

    pub(super) fn query(&mut self) -> Res<Query> {
        self.nested(Self::query_inside)
    }

    fn query_inside(&mut self) -> Res<Query> {
        let start = self.here();
        let mut ctes = Vec::new();
        if self.eat_kw(Kw::With) {
            ctes = self.list(Self::cte)?;
            self.no_duplicates(&ctes, start);
        }
        let body = self.body()?;
        let mut query = Query {
            ctes,
            body,
            order: Vec::new(),
            cluster: Vec::new(),
            distribute: Vec::new(),
            sort: Vec::new(),
            windows: Vec::new(),
            limit: None,
            offset: None,
            range: start,
        };
        self.organization(&mut query)?;
        query.range = self.since(start);
        Ok(query)
    }

    fn no_duplicates(&mut self, ctes: &[Cte], start: TextRange) {
        let mut again: Vec<String> = Vec::new();
        for (index, cte) in ctes.iter().enumerate() {
            let before = ctes.iter().take(index);
            let name = cte.name.text.to_string();
            if before
                .into_iter()
                .any(|other| other.name.text.eq_ignore_ascii_case(&name))
                && !again.contains(&name)
            {
                again.push(name);
            }
        }
        if !again.is_empty() {
            let names: Vec<String> = again
                .iter()
                .map(|name| format!("'{}'", name.to_lowercase()))
                .collect();
            self.faults.push(SyntaxError {
                class: "_LEGACY_ERROR_TEMP_0038",
                message: format!("CTE definition can't have duplicate names: {}.", names.join(", ")),
                range: start,
            });
        }
    }

    fn cte(&mut self) -> Res<Cte> {
        let start = self.here();
        let name = self.whole_name()?;
        let columns = if self.is_sign(0, Sign::Open) {
            // `with a (select ..)` needs no `as`
            self.attempt(Self::names).unwrap_or_default()
        } else {
            Vec::new()
        };
        self.eat_kw(Kw::As);
        self.expect(Sign::Open)?;
        let query = self.query()?;
        self.expect(Sign::Close)?;
        Ok(Cte {
            name,
            columns,
            query,
            range: self.since(start),
        })
    }

    /// `union`, `except` and `minus` bind looser than `intersect`.
    fn body(&mut self) -> Res<Body> {
        let start = self.here();
        let mut left = self.intersection()?;
        loop {
            let op = match self.kw(0) {
                Some(Kw::Union) => SetOp::Union,
                Some(Kw::Except | Kw::Minus) => SetOp::Except,
                _ => return Ok(left),
            };
            left = self.set(op, left, start, Self::intersection)?;
        }
    }

    fn intersection(&mut self) -> Res<Body> {
        let start = self.here();
        let mut left = self.primary_query()?;
        while self.is(0, Kw::Intersect) {
            left = self.set(SetOp::Intersect, left, start, Self::primary_query)?;
        }
        Ok(left)
    }

    fn set(
        &mut self,
        op: SetOp,
        left: Body,
        start: TextRange,
        right: fn(&mut Self) -> Res<Body>,
    ) -> Res<Body> {
        self.at += 1;
        let all = self.eat_kw(Kw::All);
        if !all {
            self.eat_kw(Kw::Distinct);
        }
        self.nested(|parser| {
            let right = right(parser)?;
            let range = parser.since(start);
            Ok(Body::Set(Box::new(SetOperation {
                op,
                all,
                left,
                right,
                range,
            })))
        })
    }

    fn primary_query(&mut self) -> Res<Body> {
        match self.peek() {
            Tok::Kw(Kw::Select) => self.select(None).map(|select| Body::Select(Box::new(select))),
            Tok::Kw(Kw::From) => self.reading_first(),
            Tok::Kw(Kw::Values) => {
                self.at += 1;
                self.values().map(Body::Values)
            }
            Tok::Kw(Kw::Table) => {
                self.at += 1;
                self.path().map(Body::Table)
            }
            Tok::Hole => {
                self.at += 1;
                Ok(Body::Hole(self.range_of(self.at - 1)))
            }
            Tok::Kw(Kw::Map | Kw::Reduce) => {
                self.lost = true;
                self.fail()
            }
            Tok::Sign(Sign::Open) => {
                self.at += 1;
                let query = self.query()?;
                self.expect(Sign::Close)?;
                Ok(Body::Query(Box::new(query)))
            }
            _ => self.fail(),
        }
    }

    /// What follows `values`.
    pub(super) fn values(&mut self) -> Res<Values> {
        let start = self.range_of(self.at.saturating_sub(1));
        let rows = self.list(Self::expression)?;
        let alias = self.table_alias()?;
        Ok(Values {
            rows,
            alias,
            range: self.since(start),
        })
    }

    /// `from t select a`, maybe several times.
    fn reading_first(&mut self) -> Res<Body> {
        let start = self.here();
        let mut empty = Self::empty_select(start);
        self.clause_from(&mut empty)?;
        let mut whole: Option<Body> = None;
        while self.is(0, Kw::Select) || whole.is_none() {
            let one = self.here();
            let mut from = empty.clone();
            from.range = one;
            let select = self.select(Some(from))?;
            let mut query = Query {
                ctes: Vec::new(),
                body: Body::Select(Box::new(select)),
                order: Vec::new(),
                cluster: Vec::new(),
                distribute: Vec::new(),
                sort: Vec::new(),
                windows: Vec::new(),
                limit: None,
                offset: None,
                range: one,
            };
            self.organization(&mut query)?;
            query.range = self.since(one);
            let body = Body::Query(Box::new(query));
            whole = Some(match whole {
                None => body,
                Some(left) => Body::Set(Box::new(SetOperation {
                    op: SetOp::Union,
                    all: true,
                    left,
                    right: body,
                    range: self.since(start),
                })),
            });
        }
        whole.map_or_else(|| self.fail(), Ok)
    }

    fn empty_select(range: TextRange) -> Select {
        Select {
            distinct: false,
            items: Vec::new(),
            from: Vec::new(),
            laterals: Vec::new(),
            pivots: Vec::new(),
            filter: None,
            group: None,
            having: None,
            windows: Vec::new(),
            range,
        }
    }

    /// `select ..`; what it reads is given where `from` stood first.
    fn select(&mut self, from: Option<Select>) -> Res<Select> {
        let around = std::mem::replace(&mut self.past_from, from.is_some());
        let select = self.select_inside(from);
        self.past_from = around;
        select
    }

    fn select_inside(&mut self, from: Option<Select>) -> Res<Select> {
        let start = self.here();
        let from_first = from.is_some();
        let mut select = from.unwrap_or_else(|| Self::empty_select(start));
        self.expect_kw(Kw::Select)?;
        self.hints()?;
        if self.is(0, Kw::Transform) && self.is_script() {
            self.lost = true;
            return self.fail();
        }
        if matches!(self.kw(0), Some(Kw::Distinct | Kw::All))
            && self.goes_on(1)
            && !self.is_sign(1, Sign::Open)
        {
            select.distinct = self.is(0, Kw::Distinct);
            self.at += 1;
        } else if self.is(0, Kw::Distinct) && self.is_sign(1, Sign::Open) {
            select.distinct = true;
            self.at += 1;
        }
        select.items = self.list(Self::item)?;
        self.expected(0);
        if !from_first && self.is(0, Kw::From) {
            self.clause_from(&mut select)?;
        }
        while self.is(0, Kw::Lateral) {
            select.laterals.push(self.lateral_view()?);
        }
        if self.eat_kw(Kw::Where) {
            select.filter = Some(self.expression()?);
        }
        if self.is(0, Kw::Group) {
            select.group = Some(self.group_by()?);
        }
        if self.eat_kw(Kw::Having) {
            select.having = Some(self.expression()?);
        }
        if self.is(0, Kw::Window) && self.starts_clause(0) {
            select.windows = self.named_windows()?;
        }
        self.expected(0);
        select.range = self.since(start);
        Ok(select)
    }

    /// `transform (..) using`
    fn is_script(&self) -> bool {
        if !self.is_sign(1, Sign::Open) {
            return false;
        }
        let (mut ahead, mut depth) = (1, 0usize);
        loop {
            match self.tok(ahead) {
                Tok::Sign(Sign::Open) => depth += 1,
                Tok::Sign(Sign::Close) => depth -= 1,
                Tok::End => return false,
                _ => {}
            }
            ahead += 1;
            if depth == 0 {
                return matches!(self.kw(ahead), Some(Kw::Using | Kw::Row | Kw::RecordWriter));
            }
        }
    }

    fn hints(&mut self) -> Res<()> {
        while self.peek() == Tok::HintStart {
            self.at += 1;
            if !self.is_name(0) {
                return self.fail();
            }
            while self.peek() != Tok::HintEnd {
                if self.peek() == Tok::End {
                    return self.fail();
                }
                self.at += 1;
            }
            self.at += 1;
        }
        Ok(())
    }

    /// An expression, maybe with an alias.
    pub(super) fn item(&mut self) -> Res<SelectItem> {
        let start = self.here();
        let expr = self.expression()?;
        let mut item = SelectItem {
            range: expr.range,
            expr,
            alias: None,
            aliases: Vec::new(),
        };
        // without a name after it, `as` is the name
        let explicit =
            self.is(0, Kw::As) && (self.is_name(1) || self.is_sign(1, Sign::Open)) && !self.as_is_name(1);
        if explicit {
            self.at += 1;
        }
        if self.is_sign(0, Sign::Open) {
            item.aliases = self.names()?;
        } else if explicit || self.is_alias() {
            item.alias = Some(self.whole_name()?);
        } else {
            self.expected(0);
        }
        item.range = self.since(start);
        Ok(item)
    }

    /// `order by`, `sort by`, `limit` and the like.
    fn organization(&mut self, query: &mut Query) -> Res<()> {
        if self.by(Kw::Order)? {
            query.order = self.list(Self::sort_item)?;
        }
        if self.by(Kw::Cluster)? {
            query.cluster = self.list(Self::expression)?;
        }
        if self.by(Kw::Distribute)? {
            query.distribute = self.list(Self::expression)?;
        }
        if self.by(Kw::Sort)? {
            query.sort = self.list(Self::sort_item)?;
        }
        if self.is(0, Kw::Window) {
            query.windows = self.named_windows()?;
        }
        if self.eat_kw(Kw::Limit) && !(self.is(0, Kw::All) && self.ends_limit()) {
            query.limit = Some(self.expression()?);
        }
        if self.eat_kw(Kw::Offset) {
            query.offset = Some(self.expression()?);
        }
        self.expected(0);
        Ok(())
    }

    /// After `limit all`.
    fn ends_limit(&mut self) -> bool {
        let ends = matches!(self.tok(1), Tok::End | Tok::Sign(Sign::Close | Sign::Semicolon))
            || self.kw(1).is_some();
        if ends {
            self.at += 1;
        }
        ends
    }

    /// `order by` and its like.
    fn by(&mut self, kw: Kw) -> Res<bool> {
        if !self.eat_kw(kw) {
            return Ok(false);
        }
        self.expect_kw(Kw::By)?;
        Ok(true)
    }

    pub(super) fn sort_item(&mut self) -> Res<SortItem> {
        let expr: Expr = self.expression()?;
        let descending = self.is(0, Kw::Desc);
        if descending || self.is(0, Kw::Asc) {
            self.at += 1;
        }
        let mut nulls_first = None;
        if self.eat_kw(Kw::Nulls) {
            nulls_first = Some(self.is(0, Kw::First));
            if !self.eat_kw(Kw::First) {
                self.expect_kw(Kw::Last)?;
            }
        }
        self.expected(0);
        Ok(SortItem {
            expr,
            descending,
            nulls_first,
        })
    }

    /// The names given to a relation and its columns, if any.
    pub(super) fn table_alias(&mut self) -> Res<TableAlias> {
        let explicit = self.is(0, Kw::As) && self.is_name(1) && !self.as_is_relation(1);
        if self.is(0, Kw::As) {
            self.expected(1);
        }
        if explicit {
            self.at += 1;
            if self.kw(0).is_some_and(Kw::ends_relation) {
                return self.fail();
            }
        } else if !self.is_table_alias() {
            self.expected(0);
            return Ok(TableAlias::default());
        }
        let name = self.name()?;
        let columns = if self.is_sign(0, Sign::Open) {
            self.names()?
        } else {
            Vec::new()
        };
        self.expected(0);
        Ok(TableAlias {
            name: Some(name),
            columns,
        })
    }
}
