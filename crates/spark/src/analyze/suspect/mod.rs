//! What Spark accepts though hardly anybody means it.
//!
//! The walk that gives a query its meaning looks at each expression, relation and set operation once it is understood. A false alarm is
//! as bad as a miss: of what is not known for certain nothing is suspected.

mod chain;
mod comma;
mod constant;
mod day;
mod function;
mod join;
mod link;
mod null;
mod part;
mod pattern;
mod quote;
mod union;
mod written;

use glueline_base::TextRange;

use super::Analyzer;
use super::expr::Around;
use super::value::Value;
use crate::syntax::ast::{Binary, Expr, ExprKind};

pub(super) use link::Links;
pub(super) use null::gives_null;

/// Something that a query says and nobody means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspicion {
    /// What it is.
    pub what: Suspect,
    /// What is to blame.
    pub range: TextRange,
    /// Another place that matters.
    pub related: Option<TextRange>,
    /// What makes it what was meant: ranges with the text for them. Empty where that is not plain.
    pub edits: Vec<(TextRange, Box<str>)>,
}

/// What a suspicion is about. Texts are as the query writes them, names without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspect {
    /// `a` and on the next line `b`: a column of the relations read has become the alias of another.
    CommaBeforeColumn {
        /// The expression.
        expr: Box<str>,
        /// The column that is an alias.
        alias: Box<str>,
    },
    /// `in ('a' 'b')`: Spark makes one text of texts between which nothing stands.
    CommaBetweenTexts {
        /// The text that comes of it.
        text: Box<str>,
    },
    /// `'it''s'`: Spark reads two texts, and no quote.
    DoubledQuote {
        /// The text that comes of it.
        text: Box<str>,
    },
    /// `"name"`, where a column has that name: Spark reads a text.
    ColumnInQuotes {
        /// The column.
        column: Box<str>,
    },
    /// `a = null`
    ComparedWithNull {
        /// The operator.
        operator: &'static str,
    },
    /// `case a when null then ..`
    CaseOfNull,
    /// `a in (1, null)`
    NullInList,
    /// `a not in (1, null)`
    NotInNull,
    /// `a not in (select b ..)`, where `b` is null for some rows.
    NotInNullable {
        /// The column of the query.
        column: Box<str>,
    },
    /// `from a, b`, `a join b`: nothing links the relation with any other.
    Unlinked {
        /// The relation as written.
        relation: Box<str>,
        /// A join without a condition; else a comma.
        join: bool,
        /// Whether the query has conditions at all; without any it may be meant.
        filtered: bool,
    },
    /// `a join b on a.x = a.y`: the condition names one side alone.
    OneSided {
        /// The relation that is joined, as written.
        relation: Box<str>,
        /// Whether the condition names columns of that relation, and none of what stands before.
        names_it: bool,
    },
    /// `a left join b .. where b.x = 1`: only rows with a partner are left.
    OuterJoinUndone {
        /// The relation whose columns are null without a partner.
        relation: Box<str>,
    },
    /// `select a, b .. union all select b, a ..`: columns go by position.
    Swapped {
        /// The name of the column in the first query.
        first: Box<str>,
        /// What the second query has in its place.
        second: Box<str>,
        /// `union`, `except` or `intersect`.
        operator: &'static str,
    },
    /// `cast('abc' as int)`: a constant that its type cannot hold.
    CastToNull {
        /// The constant.
        constant: Box<str>,
        /// The type, as Spark writes it.
        ty: Box<str>,
    },
    /// `cast(300 as tinyint)`: what does not fit is cut off.
    CastWraps {
        /// The constant.
        constant: Box<str>,
        /// The type, as Spark writes it.
        ty: Box<str>,
    },
    /// `number = 'abc'`: the text becomes null where it is compared.
    NeverCompares {
        /// The text.
        constant: Box<str>,
        /// The type it is cast to, as Spark writes it.
        ty: Box<str>,
    },
    /// `placed_at <= '2024-01-31'`: of that day the first instant alone.
    DayCutOff {
        /// The timestamp.
        column: Box<str>,
        /// The day as written.
        day: Box<str>,
        /// The day after it.
        next: Box<str>,
    },
    /// `select distinct (a), b`: rows are told apart by all of their columns.
    DistinctOfAll {
        /// What stands in parentheses.
        expr: Box<str>,
    },
    /// `a / 0`
    DivisionByZero,
    /// `between 10 and 1`
    EmptyRange,
    /// `a = 1 and a = 2`
    NeverBoth {
        /// What is compared.
        expr: Box<str>,
    },
    /// `a <> 1 or a <> 2`
    AlwaysEither {
        /// What is compared.
        expr: Box<str>,
    },
    /// `a = a`
    ComparedWithItself {
        /// What is compared.
        expr: Box<str>,
    },
    /// `count(a > 1)`, `count(case when a then 1 else 0 end)`: rows are counted whatever the condition gives.
    CountsAll {
        /// A `case` whose results are never null; else a condition.
        case: bool,
    },
    /// `last_value(a) over (order by b)`: the window ends at the row itself.
    LastOfCurrent {
        /// The function.
        function: Box<str>,
    },
    /// `date_format(a, 'yyyy-mm-dd')`: a letter of a pattern that means something else than it looks.
    PatternLetter {
        /// The pattern.
        pattern: Box<str>,
        /// The letters.
        letters: Box<str>,
        /// What they mean.
        means: &'static str,
        /// What was meant, and its letters.
        meant: (&'static str, Box<str>),
    },
}

impl Analyzer<'_> {
    /// Looks at an expression that has been understood.
    pub(super) fn look_at(&mut self, expr: &Expr, value: &Value, around: Around<'_>) {
        match &expr.kind {
            ExprKind::Binary { op, left, right } => {
                self.look_at_binary(*op, [left, right], expr, value, around);
            }
            ExprKind::Between {
                expr: subject,
                low,
                high,
                ..
            } => {
                self.quoted(subject, around);
                self.reversed(low, high, expr.range);
                self.never_in_range([subject, low, high], value);
                self.between_days([subject, low, high], value);
            }
            ExprKind::InList {
                expr: subject,
                list,
                negated,
            } => {
                self.quoted(subject, around);
                self.null_in_list(subject, list, *negated, expr.range);
                self.texts_in_list(list);
            }
            ExprKind::Like { expr: subject, .. }
            | ExprKind::LikeMany { expr: subject, .. }
            | ExprKind::Is { expr: subject, .. } => self.quoted(subject, around),
            ExprKind::Cast {
                expr: subject, to, ..
            } => {
                self.quoted(subject, around);
                self.cast_of_constant(subject, &to.text, expr.range);
            }
            ExprKind::Case {
                operand: Some(operand),
                whens,
                ..
            } => {
                self.quoted(operand, around);
                self.case_of_null(operand, whens);
            }
            ExprKind::Call(call) => self.look_at_call(call, expr.range, around),
            ExprKind::Literal(literal) => self.doubled_quote(literal, expr.range),
            _ => {}
        }
    }

    fn look_at_binary(
        &mut self,
        op: Binary,
        sides: [&Expr; 2],
        whole: &Expr,
        value: &Value,
        around: Around<'_>,
    ) {
        match op {
            op if link::compares(op) => {
                self.compared_with_null(op, sides, whole.range);
                self.quoted_comparison(sides, value, around);
                self.compared_with_itself(sides, value, whole.range);
                self.never_compares(sides, value);
                self.up_to_day(op, sides, value);
            }
            Binary::NullSafeEqual => self.quoted_comparison(sides, value, around),
            Binary::Add | Binary::Subtract | Binary::Multiply => {
                sides.into_iter().for_each(|side| self.quoted(side, around));
            }
            Binary::Divide | Binary::Remainder | Binary::IntegralDivide => {
                sides.into_iter().for_each(|side| self.quoted(side, around));
                self.division(sides[1], whole.range);
            }
            Binary::And | Binary::Or => self.contradiction(op, whole, value),
            _ => {}
        }
    }

    fn suspect(&mut self, what: Suspect, range: TextRange) {
        self.suspect_with(what, range, None, Vec::new());
    }

    fn suspect_with(
        &mut self,
        what: Suspect,
        range: TextRange,
        related: Option<TextRange>,
        edits: Vec<(TextRange, Box<str>)>,
    ) {
        self.suspicions.push(Suspicion {
            what,
            range,
            related,
            edits,
        });
    }
}

/// In the order of the text; what was understood twice is told once, and of two that have one cause the plainer.
pub(super) fn in_order(mut suspicions: Vec<Suspicion>) -> Vec<Suspicion> {
    if suspicions.len() > 1 {
        let plain: Vec<TextRange> = suspicions
            .iter()
            .filter(|suspicion| {
                matches!(
                    suspicion.what,
                    Suspect::ColumnInQuotes { .. } | Suspect::ComparedWithItself { .. }
                )
            })
            .map(|suspicion| suspicion.range)
            .collect();
        suspicions.retain(|suspicion| match suspicion.what {
            Suspect::NeverCompares { .. } | Suspect::CastToNull { .. } | Suspect::OneSided { .. } => {
                !plain.iter().any(|range| suspicion.range.contains_range(*range))
            }
            _ => true,
        });
    }
    suspicions.sort_by_key(|suspicion| (suspicion.range.start(), suspicion.range.end()));
    let mut told: Vec<Suspicion> = Vec::with_capacity(suspicions.len());
    for suspicion in suspicions {
        let same = told
            .iter()
            .rev()
            .take_while(|other| other.range == suspicion.range)
            .any(|other| other.what == suspicion.what);
        if !same {
            told.push(suspicion);
        }
    }
    told
}
