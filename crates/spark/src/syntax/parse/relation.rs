//! What is read: tables, queries, joins, lateral views, pivots.

use glueline_base::TextRange;

use super::{Parser, Res};
use crate::syntax::SyntaxError;
use crate::syntax::ast::{
    Arg, Criteria, Expr, ExprKind, Join, JoinKind, LateralView, NumberKind, PivotKind, Relation,
    RelationKind, Select, Unpivot,
};
use crate::syntax::keyword::Kw;
use crate::syntax::lex::{Sign, Tok};

impl Parser<'_> {
    /// `from a, b lateral view .. pivot ..`
    pub(super) fn clause_from(&mut self, select: &mut Select) -> Res<()> {
        self.expect_kw(Kw::From)?;
        self.past_from = true;
        let from = self.list(Self::relation)?;
        for relation in from.iter().skip(1) {
            self.judge_lateral(relation);
        }
        select.from = from;
        while self.is(0, Kw::Lateral) {
            select.laterals.push(self.lateral_view()?);
        }
        if self.is(0, Kw::Pivot) && self.starts_clause(0) {
            select.pivots.push(self.pivot()?);
        }
        if self.is(0, Kw::Unpivot) && self.starts_clause(0) {
            select.pivots.push(self.unpivot()?);
        }
        self.expected(0);
        Ok(())
    }

    fn relation(&mut self) -> Res<Relation> {
        self.nested(Self::relation_inside)
    }

    fn lateral(&mut self) -> bool {
        let lateral = self.is(0, Kw::Lateral)
            && (self.is_sign(1, Sign::Open) || self.is_name(1))
            && !self.is(1, Kw::View);
        if lateral {
            self.at += 1;
        }
        lateral
    }

    fn relation_inside(&mut self) -> Res<Relation> {
        let start = self.here();
        let lateral = self.lateral();
        let mut relation = self.primary_relation(lateral)?;
        let mut chain = 0;
        loop {
            let kind = match self.kw(0) {
                Some(Kw::Pivot) if self.starts_clause(0) => {
                    let pivot = self.pivot()?;
                    let input = Box::new(relation);
                    RelationKind::Pivot { input, pivot }
                }
                Some(Kw::Unpivot) if self.starts_clause(0) => {
                    let pivot = self.unpivot()?;
                    let input = Box::new(relation);
                    RelationKind::Pivot { input, pivot }
                }
                Some(
                    Kw::Join
                    | Kw::Inner
                    | Kw::Cross
                    | Kw::Left
                    | Kw::Right
                    | Kw::Full
                    | Kw::Semi
                    | Kw::Anti
                    | Kw::Natural,
                ) => RelationKind::Join(Box::new(self.join(relation)?)),
                _ => {
                    self.expected(0);
                    return Ok(relation);
                }
            };
            relation = Relation {
                kind,
                lateral: false,
                range: self.since(start),
            };
            chain += 1;
            if chain > 100 {
                self.lost = true;
                return self.fail();
            }
        }
    }

    fn join(&mut self, left: Relation) -> Res<Join> {
        let natural = self.eat_kw(Kw::Natural);
        let kind = match self.kw(0) {
            Some(Kw::Inner) => JoinKind::Inner,
            Some(Kw::Cross) => JoinKind::Cross,
            Some(Kw::Left) => JoinKind::Left,
            Some(Kw::Right) => JoinKind::Right,
            Some(Kw::Full) => JoinKind::Full,
            Some(Kw::Semi) => JoinKind::Semi,
            Some(Kw::Anti) => JoinKind::Anti,
            Some(Kw::Join) => JoinKind::Inner,
            _ => return self.fail(),
        };
        let mut kind = kind;
        if !self.is(0, Kw::Join) {
            self.at += 1;
        }
        match (kind, self.kw(0)) {
            (JoinKind::Left, Some(Kw::Semi)) => {
                kind = JoinKind::Semi;
                self.at += 1;
            }
            (JoinKind::Left, Some(Kw::Anti)) => {
                kind = JoinKind::Anti;
                self.at += 1;
            }
            (JoinKind::Left | JoinKind::Right | JoinKind::Full, Some(Kw::Outer)) => self.at += 1,
            _ => {}
        }
        self.expect_kw(Kw::Join)?;
        let lateral = self.lateral();
        let right = self.primary_relation(lateral)?;
        self.judge_lateral(&right);
        let criteria = if natural {
            Criteria::None
        } else if self.eat_kw(Kw::On) {
            Criteria::On(self.expression()?)
        } else if self.eat_kw(Kw::Using) {
            Criteria::Using(self.names()?)
        } else {
            Criteria::None
        };
        self.expected(0);
        Ok(Join {
            left,
            right,
            kind,
            natural,
            criteria,
        })
    }

    fn primary_relation(&mut self, lateral: bool) -> Res<Relation> {
        let start = self.here();
        let kind = match self.peek() {
            Tok::Sign(Sign::Open) => self.relation_in_parentheses()?,
            Tok::Kw(Kw::Values) if self.starts_expression(1) => {
                let values = self.attempt(|parser| {
                    parser.at += 1;
                    parser.values()
                });
                match values {
                    Some(values) => RelationKind::Values(values),
                    None => self.table()?,
                }
            }
            _ => self.table()?,
        };
        Ok(Relation {
            kind,
            lateral,
            range: self.since(start),
        })
    }

    /// What stands after `lateral` must be a query or a function, unless it is the first relation of all.
    fn judge_lateral(&mut self, relation: &Relation) {
        if relation.lateral
            && !matches!(
                relation.kind,
                RelationKind::Query { .. } | RelationKind::Function { .. }
            )
        {
            self.faults.push(SyntaxError {
                class: "INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC",
                message:
                    "Invalid SQL syntax: LATERAL can only be used with subquery and table-valued functions."
                        .to_owned(),
                range: relation.range,
            });
        }
    }

    fn relation_in_parentheses(&mut self) -> Res<RelationKind> {
        self.at += 1;
        if self.starts_query()
            && let Some(query) = self.attempt(|parser| {
                let query = parser.query()?;
                parser.expect(Sign::Close)?;
                Ok(query)
            })
        {
            self.sample()?;
            let alias = self.table_alias()?;
            let query = Box::new(query);
            return Ok(RelationKind::Query { query, alias });
        }
        let relation = Box::new(self.relation()?);
        self.expect(Sign::Close)?;
        self.sample()?;
        let alias = self.table_alias()?;
        Ok(RelationKind::Nested { relation, alias })
    }

    /// A table or a function.
    fn table(&mut self) -> Res<RelationKind> {
        if self.is(0, Kw::Identifier) && self.is_sign(1, Sign::Open) {
            self.at += 2;
            self.expression()?;
            self.expect(Sign::Close)?;
            self.sample()?;
            self.table_alias()?;
            return Ok(RelationKind::Hole);
        }
        let name = self.path()?;
        if self.eat(Sign::Open) {
            let args = if self.is_sign(0, Sign::Close) {
                Vec::new()
            } else {
                self.list(Self::table_argument)?
            };
            self.expect(Sign::Close)?;
            if name.len() > 1 {
                self.faults.push(SyntaxError {
                    class: "INVALID_SQL_SYNTAX.INVALID_TABLE_VALUED_FUNC_NAME",
                    message: "Invalid SQL syntax: Table valued function cannot specify database name."
                        .to_owned(),
                    range: crate::syntax::range_of_path(&name),
                });
            }
            let alias = self.table_alias()?;
            return Ok(RelationKind::Function { name, args, alias });
        }
        let temporal = self.temporal()?;
        self.sample()?;
        let alias = self.table_alias()?;
        Ok(RelationKind::Table {
            name,
            temporal,
            alias,
        })
    }

    /// `table(t)`, or any argument.
    fn table_argument(&mut self) -> Res<Arg> {
        let start = self.here();
        if !self.is(0, Kw::Table) || !(self.is_sign(1, Sign::Open) || self.is_name(1)) {
            return self.argument();
        }
        self.at += 1;
        if self.is_name(0) {
            self.path()?;
        } else {
            self.at += 1;
            if self.starts_query() {
                self.query()?;
            } else {
                self.path()?;
            }
            self.expect(Sign::Close)?;
        }
        let value = self.make(ExprKind::Hole, start);
        Ok(Arg { name: None, value })
    }

    /// `for version as of 1`, `timestamp as of '..'`
    fn temporal(&mut self) -> Res<bool> {
        let ahead = usize::from(self.is(0, Kw::For));
        let version = match self.kw(ahead) {
            Some(Kw::Version | Kw::SystemVersion) => true,
            Some(Kw::Timestamp | Kw::SystemTime) => false,
            _ => return Ok(false),
        };
        if !self.is(ahead + 1, Kw::As) || !self.is(ahead + 2, Kw::Of) {
            return Ok(false);
        }
        self.at += ahead + 3;
        if !version {
            self.value()?;
        } else if matches!(self.peek(), Tok::String | Tok::Number(_)) {
            self.at += 1;
        } else {
            return self.fail();
        }
        Ok(true)
    }

    /// `tablesample (10 percent) repeatable (1)`
    fn sample(&mut self) -> Res<()> {
        if !self.is(0, Kw::Tablesample) || !self.is_sign(1, Sign::Open) {
            return Ok(());
        }
        let start = self.here();
        self.at += 2;
        let of = self.here();
        let bucket = self.is(0, Kw::Bucket) && matches!(self.tok(1), Tok::Number(_));
        if bucket {
            self.at += 2;
            self.expect_kw(Kw::Out)?;
            self.expect_kw(Kw::Of)?;
            self.literal()?;
            if self.eat_kw(Kw::On) {
                self.expression()?;
                self.faults.push(SyntaxError {
                    class: "_LEGACY_ERROR_TEMP_0015",
                    message: "TABLESAMPLE(BUCKET x OUT OF y ON colname) is not supported.".to_owned(),
                    range: self.since(of),
                });
            }
        } else if !self.is_sign(0, Sign::Close) && !self.percentage(start) {
            self.expression()?;
            if !self.eat_kw(Kw::Rows) {
                self.expected(0);
                // bytes, which Spark reads and refuses
                let refused = SyntaxError {
                    class: "_LEGACY_ERROR_TEMP_0015",
                    message: "TABLESAMPLE(byteLengthLiteral) is not supported.".to_owned(),
                    range: self.since(of),
                };
                if self.is_sign(0, Sign::Close) {
                    self.faults.push(refused);
                }
            }
        }
        self.expect(Sign::Close)?;
        if self.is(0, Kw::Repeatable) && self.is_sign(1, Sign::Open) {
            self.at += 2;
            self.literal()?;
            self.expect(Sign::Close)?;
        }
        Ok(())
    }

    /// `10 percent`: a number as it stands, up to a hundred.
    fn percentage(&mut self, start: TextRange) -> bool {
        let minus = usize::from(self.is_sign(0, Sign::Minus));
        let plain = matches!(
            self.tok(minus),
            Tok::Number(NumberKind::Integer | NumberKind::Decimal)
        );
        if !plain || !self.is(minus + 1, Kw::Percent) {
            return false;
        }
        let percent: f64 = self.word_at(minus).parse().unwrap_or(0.0);
        self.at += minus + 2;
        if percent > 100.0 || (minus == 1 && percent > 0.0) {
            self.faults.push(SyntaxError {
                class: "_LEGACY_ERROR_TEMP_0064",
                message: format!(
                    "Sampling fraction ({}) must be on interval [0, 1].",
                    percent / 100.0
                ),
                range: start,
            });
        }
        true
    }

    /// `lateral view outer explode(a) t as x, y`
    pub(super) fn lateral_view(&mut self) -> Res<LateralView> {
        let start = self.here();
        self.at += 1;
        self.expect_kw(Kw::View)?;
        let outer = self.is(0, Kw::Outer) && self.is_name(1);
        if outer {
            self.at += 1;
        }
        let mut name = vec![self.name()?];
        while self.eat(Sign::Dot) {
            name.push(self.name()?);
        }
        self.expect(Sign::Open)?;
        let args: Vec<Expr> = if self.is_sign(0, Sign::Close) {
            Vec::new()
        } else {
            self.list(Self::expression)?
        };
        self.expect(Sign::Close)?;
        let table = self.name()?;
        let explicit = self.eat_kw(Kw::As);
        let columns = if explicit || (self.is_name(0) && self.is_lateral_column()) {
            self.list(Self::name)?
        } else {
            Vec::new()
        };
        self.expected(0);
        Ok(LateralView {
            outer,
            name,
            args,
            table,
            columns,
            range: self.since(start),
        })
    }

    /// Whether the next name is a column of the lateral view, written without `as`.
    fn is_lateral_column(&self) -> bool {
        self.is_table_alias()
            || (self.kw(0).is_some_and(Kw::ends_relation)
                && matches!(self.tok(1), Tok::End | Tok::Sign(Sign::Comma | Sign::Close)))
    }

    /// `pivot (sum(a) for b in (1, 2))`
    fn pivot(&mut self) -> Res<PivotKind> {
        let start = self.here();
        self.at += 2;
        let aggregates = self.list(Self::item)?;
        self.expect_kw(Kw::For)?;
        let columns = if self.is_sign(0, Sign::Open) {
            self.names()?
        } else {
            vec![self.whole_name()?]
        };
        self.expect_kw(Kw::In)?;
        self.expect(Sign::Open)?;
        let values = self.list(Self::item)?;
        self.expect(Sign::Close)?;
        self.expect(Sign::Close)?;
        Ok(PivotKind::Pivot {
            aggregates,
            columns,
            values,
            range: self.since(start),
        })
    }

    /// `unpivot (value for name in (a, b as 'x'))`
    fn unpivot(&mut self) -> Res<PivotKind> {
        let start = self.here();
        self.at += 1;
        let mut include_nulls = false;
        if matches!(self.kw(0), Some(Kw::Include | Kw::Exclude)) {
            include_nulls = self.is(0, Kw::Include);
            self.at += 1;
            self.expect_kw(Kw::Nulls)?;
        }
        self.expect(Sign::Open)?;
        let several = self.is_sign(0, Sign::Open);
        let values = if several {
            self.at += 1;
            let names = self.list(Self::name)?;
            self.expect(Sign::Close)?;
            names
        } else {
            vec![self.name()?]
        };
        self.expect_kw(Kw::For)?;
        let name = self.name()?;
        self.expect_kw(Kw::In)?;
        self.expect(Sign::Open)?;
        let columns = self.list(|parser| {
            let paths = if several {
                parser.expect(Sign::Open)?;
                let paths = parser.list(Self::path)?;
                parser.expect(Sign::Close)?;
                paths
            } else {
                vec![parser.path()?]
            };
            let explicit = parser.is(0, Kw::As) && parser.is_name(1);
            if explicit {
                parser.at += 1;
            }
            let alias = if explicit || parser.is_name(0) {
                Some(parser.whole_name()?)
            } else {
                None
            };
            Ok((paths, alias))
        })?;
        self.expect(Sign::Close)?;
        self.expect(Sign::Close)?;
        let explicit = self.eat_kw(Kw::As);
        let alias = if explicit || self.is_table_alias() {
            Some(self.whole_name()?)
        } else {
            None
        };
        Ok(PivotKind::Unpivot(Box::new(Unpivot {
            include_nulls,
            values,
            name,
            columns,
            alias,
            range: self.since(start),
        })))
    }
}
